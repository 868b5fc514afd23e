"""The practice's list of who is due: filtered, paged, as reminders and as letters."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import DateTimeField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery

from mainstay.foundation.tables import read_toml
from mainstay.immunizations.models import DueVaccine
from mainstay.immunizations.queries.schedules import governing_schedule
from mainstay.immunizations.rules.due import Pressing, how_pressing
from mainstay.immunizations.words import group_for_families, group_label
from mainstay.people.models import Address, CommunicationChoice, ContactPoint, Patient
from mainstay.people.queries import spell_phone
from mainstay.practice.models import Practice, Site
from mainstay.scheduling.models import Appointment

ROWS = 50
MOST_LETTERS = 500
ADULT_YEARS = 18
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
    """One patient of the list: what is due, and when they come next."""

    patient: Patient
    items: tuple[DueItem, ...]
    comes_at: Any


def groups_to_choose() -> list[tuple[str, str]]:
    """The vaccine groups by name and label, for the filter."""
    return sorted(((row.name, group_label(row.name)) for row in governing_schedule().groups), key=lambda row: row[1])


def due_lines(wanted: Wanted, *, on: date, page: str | int | None) -> tuple[Page[Patient], list[DueLine]]:
    """One page of the list. Four statements, whoever many are due."""
    found = Paginator(_with_next_visit(patients_due(wanted, on=on), on), ROWS).get_page(page)
    return found, _lines(list(found.object_list), wanted, on)


def patients_due(wanted: Wanted, *, on: date) -> QuerySet[Patient]:
    """The patients somebody is looking for, by name; confidential charts are left out."""
    rows = DueVaccine.objects.filter(_of_state(wanted.state, on), patient=OuterRef("pk"))
    if wanted.group:
        rows = rows.filter(group=wanted.group)
    patients = Patient.objects.filter(Exists(rows), is_confidential=False)
    if wanted.age in AGES:
        _, youngest, oldest = AGES[wanted.age]
        patients = patients.filter(
            birth_date__lte=_years_before(on, youngest), birth_date__gt=_years_before(on, oldest)
        )
    if wanted.provider:
        patients = patients.filter(usual_provider_id=wanted.provider)
    if wanted.site:
        patients = patients.filter(home_site_id=wanted.site)
    return patients.order_by("family_name", "given_name", "pk")


def _of_state(state: str, on: date) -> Q:
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


def _years_before(on: date, years: int) -> date:
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return on.replace(year=on.year - years, day=28)


def _with_next_visit(patients: QuerySet[Patient], on: date) -> QuerySet[Patient]:
    starts = Func(F("during"), function="lower", output_field=DateTimeField())
    morning = datetime.combine(on, time.min, tzinfo=UTC)
    ahead = Appointment.objects.filter(patient=OuterRef("pk"), state="booked", during__startswith__gte=morning)
    return patients.annotate(comes_at=Subquery(ahead.annotate(starts=starts).order_by("starts").values("starts")[:1]))


def _lines(patients: Sequence[Patient], wanted: Wanted, on: date) -> list[DueLine]:
    rows: dict[int, list[DueVaccine]] = defaultdict(list)
    due = DueVaccine.objects.filter(_of_state(wanted.state, on), patient__in=patients)
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
    """The list as CSV: who, how to reach them, what is due; only those who allow contact. Five statements."""
    patients = list(_with_next_visit(may_be_reminded(patients_due(wanted, on=on)), on).select_related("communication"))
    phones, emails = _reach(patients, "phone"), _reach(patients, "email")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["MRN", "Name", "Born", "Language", "By", "Phone", "E-mail", "Due", "Next visit"])
    for line in _lines(patients, wanted, on):
        one = line.patient
        choice = getattr(one, "communication", None)
        writer.writerow(
            _harmless(cell)
            for cell in (
                one.mrn,
                one.called_name,
                f"{one.birth_date:%m/%d/%Y}",
                one.language,
                choice.reminders if choice else "",
                spell_phone(phones[one.pk]) if one.pk in phones else "",
                emails.get(one.pk, ""),
                "; ".join(item.label for item in line.items),
                f"{line.comes_at:%m/%d/%Y}" if line.comes_at else "",
            )
        )
    return out.getvalue()


def _harmless(cell: str) -> str:
    """A cell a spreadsheet will not take for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _reach(patients: Iterable[Patient], channel: str) -> dict[int, str]:
    rows = ContactPoint.objects.filter(
        patient__in=list(patients), channel=channel, is_withdrawn=False, is_confidential=False
    )
    return dict(rows.order_by("-rank", "-pk").values_list("patient_id", "value"))


def letters_words(wanted: Wanted, *, on: date) -> dict[str, Any]:
    """The words of the reminder letters, each in its patient's language; at most `MOST_LETTERS`. Five statements.

    Only those who allow contact, have an address, and have no visit ahead.
    """
    patients = _with_next_visit(may_be_reminded(patients_due(wanted, on=on)), on).select_related("home_site")
    waiting = list(patients.filter(comes_at=None)[:MOST_LETTERS])
    rows = Address.objects.filter(patient__in=waiting, is_withdrawn=False, is_confidential=False).order_by("-pk")
    addresses = {row.patient_id: row for row in rows}
    practice = Practice.objects.values_list("name", flat=True).first() or ""
    site = Site.objects.filter(is_open=True).order_by("pk").first()
    due: dict[int, list[DueVaccine]] = defaultdict(list)
    for row in DueVaccine.objects.filter(_of_state(wanted.state, on), patient__in=waiting).order_by("group"):
        due[row.patient_id].append(row)
    letters = [
        _letter(patient, addresses[patient.pk], due[patient.pk], patient.home_site or site, on)
        for patient in waiting
        if patient.pk in addresses
    ]
    say = read_toml("mainstay.immunizations", "record_words.toml")["en"]
    return {"title": say["letter_title"], "lang": "en", "practice": practice, "letters": letters}


def _letter(
    patient: Patient, address: Address, due: Sequence[DueVaccine], site: Site | None, on: date
) -> dict[str, Any]:
    language = "es" if patient.language.startswith("es") else "en"
    say = read_toml("mainstay.immunizations", "record_words.toml")[language]
    is_child = patient.birth_date > _years_before(on, ADULT_YEARS)
    phone = spell_phone(site.phone) if site and site.phone else say["phone_none"]
    place = f"{address.city}, {address.state} {address.postal_code}"
    names = [
        group_for_families(row.group, language) + (f" ({say['ask']})" if row.is_shared_decision else "") for row in due
    ]
    return {
        "lang": language,
        "sender": [line for line in (site.street, f"{site.city}, {site.state} {site.postal_code}") if line.strip(" ,")]
        if site
        else [],
        "address": [line for line in (patient.legal_name, address.street, address.street2, place) if line],
        "date": f"{on:%m/%d/%Y}",
        "title": say["letter_title"],
        "dear": (say["dear_parent"] if is_child else say["dear"]).format(name=patient.called_name),
        "due": say["letter_due"],
        "vaccines": names,
        "talk": say["letter_talk"] if any(row.is_shared_decision for row in due) else "",
        "call": say["letter_call"].format(phone=phone),
        "end": say["letter_end"],
        "no": say["letter_no"],
    }
