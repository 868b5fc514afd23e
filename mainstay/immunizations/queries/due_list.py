"""The practice's list of who is due: filtered, paged, and as reminders."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import DateTimeField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery

from mainstay.immunizations.models import DueVaccine
from mainstay.immunizations.queries.schedules import governing_schedule
from mainstay.immunizations.rules.due import Pressing, how_pressing
from mainstay.immunizations.words import group_label
from mainstay.people.models import CommunicationChoice, ContactPoint, Patient
from mainstay.people.queries import NumberToCall, numbers_to_call
from mainstay.scheduling.models import Appointment

ROWS = 50
BY_NAME = ("family_name", "given_name", "pk")
AT_ONCE = 2_000
"""How many patients of the reminder list are read together: a practice may have a hundred thousand."""
AGES = {
    "baby": ("Under 2 years", 0, 2),
    "child": ("2 to 10 years", 2, 11),
    "teen": ("11 to 17 years", 11, 18),
    "adult": ("18 to 49 years", 18, 50),
    "older": ("50 years and older", 50, 200),
}
STATES = {
    "due": "Due or overdue",
    "overdue": "Overdue",
    "overdue_3m": "Overdue for 3 months",
    "overdue_1y": "Overdue for a year",
    "soon": "Coming within 90 days",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; empty means everything."""

    group: str = ""
    state: str = "due"
    age: str = ""
    provider: int | None = None
    site: int | None = None


@dataclass(frozen=True, slots=True)
class DueItem:
    """One vaccine on a patient's line."""

    label: str
    pressing: Pressing
    since: date
    is_shared_decision: bool


@dataclass(frozen=True, slots=True)
class DueLine:
    """One patient of the list: what is due, when they come next, and the number to call, if one is known."""

    patient: Patient
    items: tuple[DueItem, ...]
    comes_at: Any
    number: NumberToCall | None = None

    @property
    def wants_no_reminder(self) -> bool:
        """Whether they said that they do not want to hear from us."""
        choice = getattr(self.patient, "communication", None)
        return choice is not None and (choice.reminders == "none" or choice.opted_out_at is not None)


def groups_to_choose() -> list[tuple[str, str]]:
    """The vaccine groups by name and label, for the filter."""
    return sorted(((row.name, group_label(row.name)) for row in governing_schedule().groups), key=lambda row: row[1])


def due_lines(wanted: Wanted, *, on: date, page: str | int | None) -> tuple[Page[Patient], list[DueLine]]:
    """One page of the list. Four statements, however many are due."""
    due = patients_due(wanted, on=on).select_related("communication")
    found = Paginator(with_next_visit(due, on), ROWS).get_page(page)
    lines = _lines(list(found.object_list), wanted, on)
    numbers = numbers_to_call(line.patient.pk for line in lines)
    return found, [replace(line, number=numbers.get(line.patient.pk)) for line in lines]


def patients_due(wanted: Wanted, *, on: date) -> QuerySet[Patient]:
    """The patients somebody is looking for, by name; confidential charts are left out."""
    rows = DueVaccine.objects.filter(of_state(wanted.state, on), patient=OuterRef("pk"))
    if wanted.group:
        rows = rows.filter(group=wanted.group)
    patients = Patient.objects.filter(Exists(rows), is_confidential=False)
    if wanted.age in AGES:
        _, youngest, oldest = AGES[wanted.age]
        patients = patients.filter(birth_date__lte=years_before(on, youngest), birth_date__gt=years_before(on, oldest))
    if wanted.provider:
        patients = patients.filter(usual_provider_id=wanted.provider)
    if wanted.site:
        patients = patients.filter(home_site_id=wanted.site)
    return patients.order_by(*BY_NAME)


def of_state(state: str, on: date) -> Q:
    """The rows of the list that are as late as somebody asked for."""
    match state:
        case "overdue":
            return Q(past_due__lt=on)
        case "overdue_3m":
            return Q(past_due__lt=on - timedelta(days=91))
        case "overdue_1y":
            return Q(past_due__lt=on - timedelta(days=365))
        case "soon":
            return Q(recommended__gt=on)
        case _:
            return Q(recommended__lte=on)


def years_before(on: date, years: int) -> date:
    """The same day so many years ago; a leap day becomes the 28th."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return on.replace(year=on.year - years, day=28)


def appointments_ahead(on: date) -> QuerySet[Appointment]:
    """The booked appointments of the patient of an outer query, from a day on."""
    morning = datetime.combine(on, time.min, tzinfo=UTC)
    return Appointment.objects.filter(patient=OuterRef("pk"), state="booked", during__startswith__gte=morning)


def with_next_visit(patients: QuerySet[Patient], on: date) -> QuerySet[Patient]:
    """The patients with `comes_at`, when they come next."""
    starts = Func(F("during"), function="lower", output_field=DateTimeField())
    ahead = appointments_ahead(on).annotate(starts=starts).order_by("starts").values("starts")
    return patients.annotate(comes_at=Subquery(ahead[:1]))


def _lines(patients: Sequence[Patient], wanted: Wanted, on: date) -> list[DueLine]:
    rows: dict[int, list[DueVaccine]] = defaultdict(list)
    due = DueVaccine.objects.filter(of_state(wanted.state, on), patient__in=patients)
    for row in due.order_by("is_shared_decision", "past_due", "recommended", "group"):
        rows[row.patient_id].append(row)
    return [
        DueLine(patient, tuple(_item(row, on) for row in rows[patient.pk]), getattr(patient, "comes_at", None))
        for patient in patients
    ]


def _item(row: DueVaccine, on: date) -> DueItem:
    pressing = how_pressing(row.earliest, row.recommended, row.past_due, on=on)
    since = row.past_due if pressing is Pressing.OVERDUE and row.past_due else row.recommended
    return DueItem(group_label(row.group).split(" (")[0], pressing, since, row.is_shared_decision)


def may_be_reminded(patients: QuerySet[Patient]) -> QuerySet[Patient]:
    """Those of them who have not said that they do not want to hear from us."""
    refused = CommunicationChoice.objects.filter(Q(reminders="none") | Q(opted_out_at__isnull=False))
    return patients.exclude(Exists(refused.filter(patient=OuterRef("pk"))))


def reminder_list(wanted: Wanted, *, on: date) -> str:
    """The list as CSV: who, how to reach them, what is due; everybody on it who allows contact.

    A confidential number or address is in no file, and no other of its kind stands in its place.
    Five statements for every `AT_ONCE` of them.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        ["MRN", "Name", "Born", "Language", "By", "Phone", "Voicemail", "E-mail", "Due", "Next visit", "Note"]
    )
    keys = list(may_be_reminded(patients_due(wanted, on=on)).values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        writer.writerows(_reminders(keys[start : start + AT_ONCE], wanted, on))
    return out.getvalue()


def _reminders(keys: Sequence[int], wanted: Wanted, on: date) -> Iterator[list[str]]:
    ordered = Patient.objects.filter(pk__in=keys).order_by(*BY_NAME).select_related("communication")
    patients = list(with_next_visit(ordered, on))
    numbers, emails = numbers_to_call(keys), _emails(keys)
    for line in _lines(patients, wanted, on):
        one = line.patient
        choice, number = getattr(one, "communication", None), numbers.get(one.pk)
        secret = number is not None and number.is_the_only_one
        cells = (
            one.mrn,
            one.called_name,
            f"{one.birth_date:%m/%d/%Y}",
            one.language,
            choice.reminders if choice else "",
            number.shown if number and not secret else "",
            ("yes" if number.may_leave_voicemail else "no") if number and not secret else "",
            emails.get(one.pk, ""),
            "; ".join(item.label for item in line.items),
            f"{line.comes_at:%m/%d/%Y}" if line.comes_at else "",
            "Confidential number: call from the chart" if secret else "",
        )
        yield [_harmless(cell) for cell in cells]


def _harmless(cell: str) -> str:
    """A cell a spreadsheet will not take for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _emails(patient_ids: Collection[int]) -> dict[int, str]:
    rows = ContactPoint.objects.filter(patient_id__in=patient_ids, channel="email", is_withdrawn=False)
    secret = rows.filter(is_confidential=True).values("patient_id")
    found = rows.exclude(patient_id__in=secret).order_by("-rank", "-pk")
    return dict(found.values_list("patient_id", "value"))
