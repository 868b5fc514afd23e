"""One patient's vaccines on a page: what is due and why, and every dose with what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from uuid import UUID

from mainstay.foundation.errors import NotFound
from mainstay.immunizations.forecast import (
    EvaluationStatus,
    Explanation,
    Forecast,
    GroupForecast,
    Header,
    Schedule,
    SeasonOver,
    SeriesStatus,
    disease_of,
    dose_results,
    explain_group,
    forecast_person,
    needs_shared_decision,
    season_over_for,
    suitable_vaccines,
    verdict_words,
)
from mainstay.immunizations.models import DiscussionOutcome, ImmunizationFact, VaccineDiscussion, VaccineDose
from mainstay.immunizations.queries.due import GIVEN, discussions_of, known_people
from mainstay.immunizations.queries.schedules import governing_schedule
from mainstay.immunizations.rules.due import DoseOnPaper, Pressing, how_pressing, likely_same
from mainstay.immunizations.vaccine_names import antigens_of, name_of_vaccine, vaccine_named
from mainstay.immunizations.words import group_for_families, group_label
from mainstay.people.models import Patient

SOURCE_WORDS = {
    "here": "given here",
    "historical": "given elsewhere",
    "registry": "from the registry",
    "typed": "typed from a record",
    "card": "from a card",
}
EVIDENCE = {
    "registry": "State registry",
    "card": "Vaccine card",
    "photo": "Photo of a card",
    "school": "School or camp form",
    "record": "Record of another practice",
    "pharmacy": "Pharmacy record",
    "told": "Told, nothing seen",
}
"""What was seen when a dose given elsewhere was written down."""


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A vaccine group of one patient: where it stands, when the next dose is due, whose advice it is and why."""

    name: str
    label: str
    protects_against: str
    status: SeriesStatus
    pressing: Pressing | None
    dose_number: int
    earliest: date | None
    recommended: date | None
    past_due: date | None
    header: Header
    why: Explanation
    vaccines: tuple[str, ...]
    is_shared_decision: bool
    discussion: VaccineDiscussion | None
    season_over: SeasonOver | None = None

    @property
    def waits_for_discussion(self) -> bool:
        """Whether an MA has to wait until a clinician has talked it over and the patient wants it."""
        wanted = self.discussion is not None and self.discussion.outcome == DiscussionOutcome.WANTED
        return self.is_shared_decision and not wanted


@dataclass(frozen=True, slots=True)
class DoseLine:
    """One dose as it is shown: the row, its vaccine, where it was given, what became of it by disease."""

    dose: VaccineDose
    name: str
    where: str
    verdicts: tuple[tuple[str, bool], ...]
    is_here: bool
    counts: bool


@dataclass(frozen=True, slots=True)
class FactLine:
    """One observation that holds, as it is called, and what of the chart it rests on."""

    code: str
    name: str
    because: str
    on: date | None
    is_by_hand: bool


@dataclass(frozen=True, slots=True)
class RecordedLine:
    """One observation somebody recorded by hand."""

    fact: ImmunizationFact
    name: str


@dataclass(frozen=True, slots=True)
class VaccinePage:
    """All of one patient's vaccines on a day."""

    sections: tuple[tuple[str, tuple[GroupLine, ...]], ...]
    doses: tuple[DoseLine, ...]
    withdrawn: tuple[VaccineDose, ...]
    observed: tuple[FactLine, ...]
    questions: tuple[str, ...]
    headers: tuple[Header, ...]


SECTIONS = (
    "Due now",
    "May be given now",
    "Coming soon",
    "Later",
    "Season over",
    "Speaks against",
    "Complete",
    "Not needed",
)
_BY_PRESSING = {
    Pressing.OVERDUE: "Due now",
    Pressing.DUE: "Due now",
    Pressing.MAY_BE_GIVEN: "May be given now",
    Pressing.SOON: "Coming soon",
    Pressing.LATER: "Later",
}
_BY_STATUS = {
    SeriesStatus.CONTRAINDICATED: "Speaks against",
    SeriesStatus.COMPLETE: "Complete",
    SeriesStatus.IMMUNE: "Complete",
}


def vaccine_page(patient: Patient, on: date) -> VaccinePage:
    """Everything the page of one patient's vaccines shows. A constant number of statements."""
    schedule = governing_schedule()
    known = known_people([patient], on, schedule)[patient.pk]
    forecast = forecast_person(known.person, schedule, on)
    rows = list(VaccineDose.objects.filter(patient=patient).select_related("recorded_by").order_by("pk"))
    talks = discussions_of(patient)
    lines = [_group_line(group, forecast, talks, on) for group in forecast.groups]
    return VaccinePage(
        sections=tuple((title, found) for title in SECTIONS if (found := _in_section(lines, title))),
        doses=tuple(_dose_lines(rows, forecast)),
        withdrawn=tuple(row for row in rows if row.status == "entered-in-error"),
        observed=tuple(
            FactLine(item.code, name_of_fact_in(schedule, item.code), item.because, item.on, item.is_by_hand)
            for item in known.reading.observed
        ),
        questions=known.reading.questions,
        headers=tuple({(line.header.issuer, line.header.version): line.header for line in lines}.values()),
    )


def _in_section(lines: Iterable[GroupLine], title: str) -> tuple[GroupLine, ...]:
    found = [line for line in lines if _section_of(line) == title]
    return tuple(sorted(found, key=_order))


def _section_of(line: GroupLine) -> str:
    if line.pressing is not None:
        return _BY_PRESSING[line.pressing]
    if line.season_over is not None:
        return "Season over"
    return _BY_STATUS.get(line.status, "Not needed")


def _order(line: GroupLine) -> tuple[bool, bool, date, str]:
    return (
        line.is_shared_decision,
        line.pressing is not Pressing.OVERDUE,
        line.recommended or date.max,
        line.label,
    )


def _group_line(
    group: GroupForecast, forecast: Forecast, talks: Mapping[str, VaccineDiscussion], on: date
) -> GroupLine:
    earliest, recommended, past_due = (
        date.fromordinal(day) if day else None for day in (group.earliest, group.recommended, group.past_due)
    )
    is_open = group.status is SeriesStatus.NOT_COMPLETE and earliest is not None and recommended is not None
    codes = dict.fromkeys(cvx for item in group.contained for cvx in suitable_vaccines(item, forecast.patient))
    return GroupLine(
        name=group.group.name,
        label=group_label(group.group.name),
        protects_against=group_for_families(group.group.name),
        status=group.status,
        pressing=how_pressing(earliest, recommended, past_due, on=on) if is_open and earliest and recommended else None,
        dose_number=group.number,
        earliest=earliest,
        recommended=recommended,
        past_due=past_due,
        header=forecast.patient.schedule.header_of(group.group.name),
        why=explain_group(group, forecast.patient),
        vaccines=tuple(name_of_vaccine(cvx) for cvx in codes),
        is_shared_decision=needs_shared_decision(group),
        season_over=season_over_for(group, on),
        discussion=talks.get(group.group.name),
    )


def _dose_lines(rows: Sequence[VaccineDose], forecast: Forecast) -> list[DoseLine]:
    """Every dose that counts in the forecast with its verdicts, and those it does not know; the newest first."""
    given = [row for row in rows if row.status in GIVEN and row.given_on >= forecast.patient.person.born]
    given = [row for row in given if row.given_on.toordinal() <= forecast.patient.assessed]
    ordered = sorted(given, key=lambda row: (row.given_on, row.cvx, row.mvx.upper()))
    verdicts: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    for result in dose_results(forecast):
        is_valid = result.status is EvaluationStatus.VALID
        words = verdict_words(result.status, result.reason, result.limit)
        verdicts[result.record.position].append((f"{disease_of(result.antigen)}: {words}", is_valid))
    position = {row.pk: place for place, row in enumerate(ordered)}
    shown = [row for row in rows if row.status != "entered-in-error"]
    shown.sort(key=attrgetter("given_on", "pk"), reverse=True)
    return [_dose_line(row, tuple(verdicts.get(position.get(row.pk, -1), ()))) for row in shown]


def _dose_line(row: VaccineDose, verdicts: tuple[tuple[str, bool], ...]) -> DoseLine:
    is_here = row.source == "here"
    seen = EVIDENCE.get(row.evidence, "")
    where = SOURCE_WORDS.get(row.source, "given elsewhere")
    return DoseLine(
        dose=row,
        name=row.product or name_of_vaccine(row.cvx),
        where=where
        if is_here or not seen
        else f"{where}; {seen.lower()}{': ' if row.evidence_note else ''}{row.evidence_note}",
        verdicts=_in_brief(verdicts),
        is_here=is_here,
        counts=any(is_valid for _, is_valid in verdicts),
    )


def _in_brief(verdicts: tuple[tuple[str, bool], ...]) -> tuple[tuple[str, bool], ...]:
    """Diseases about which the same is true share a line."""
    told: dict[tuple[str, bool], list[str]] = {}
    for words, is_valid in verdicts:
        disease, said = words.split(": ", 1)
        told.setdefault((said, is_valid), []).append(disease)
    return tuple((f"{', '.join(diseases)}: {said}", is_valid) for (said, is_valid), diseases in told.items())


def doses_on_paper(patient: Patient) -> list[DoseOnPaper]:
    """What tells the doses of a patient from new ones. One statement."""
    rows = VaccineDose.objects.filter(patient=patient, status__in=GIVEN)
    return [
        DoseOnPaper(
            antigens_of(row.cvx), row.given_on, f"{row.product or name_of_vaccine(row.cvx)}, {row.given_on:%m/%d/%Y}"
        )
        for row in rows
    ]


def likely_duplicate(known: Sequence[DoseOnPaper], cvx: str, given_on: date) -> str:
    """The dose on record that a new one likely is, in words; empty when there is none."""
    same = likely_same(DoseOnPaper(antigens_of(cvx), given_on), known)
    return same.label if same else ""


def dose_elsewhere_for(patient: Patient, public_id: UUID) -> VaccineDose:
    """One dose of a patient. Raises `NotFound`."""
    dose = VaccineDose.objects.filter(patient=patient, public_id=public_id).first()
    if dose is None:
        raise NotFound("There is no such dose in this chart.")
    return dose


def recorded_facts(patient: Patient) -> Sequence[RecordedLine]:
    """What somebody recorded by hand and still holds. Two statements."""
    rows = ImmunizationFact.objects.filter(patient=patient, withdrawn_at=None).select_related("recorded_by")
    schedule = governing_schedule()
    return [RecordedLine(row, name_of_fact_in(schedule, row.code)) for row in rows.order_by("code")]


def recorded_fact_for(patient: Patient, public_id: UUID) -> ImmunizationFact:
    """One fact recorded by hand. Raises `NotFound`."""
    fact = ImmunizationFact.objects.filter(patient=patient, public_id=public_id).first()
    if fact is None:
        raise NotFound("There is no such fact in this chart.")
    return fact


def facts_to_choose() -> list[tuple[str, str]]:
    """The observations of the schedule a person can record, by their terms."""
    rows = governing_schedule().observations.values()
    return sorted(((item.code, item.term.splitlines()[0][:120]) for item in rows), key=lambda row: row[1].lower())


def name_of_fact(code: str) -> str:
    """What an observation of the schedule is called."""
    return name_of_fact_in(governing_schedule(), code)


def name_of_fact_in(schedule: Schedule, code: str) -> str:
    """What an observation of this schedule is called, on one line."""
    known = schedule.observations.get(code)
    return known.term.splitlines()[0] if known else code


def _name_to_type(cvx: str) -> str:
    """The name of a vaccine where typing it means the same vaccine again, and its code where it would not."""
    named = vaccine_named(name_of_vaccine(cvx))
    return named.name if named is not None and named.cvx == cvx else cvx


def dose_as_typed(dose: VaccineDose) -> dict[str, object]:
    """A dose given elsewhere as it stands in the form that amends it."""
    return {
        "vaccine": dose.product or _name_to_type(dose.cvx),
        "given_on": dose.given_on,
        "lot_number": dose.lot_number,
        "evidence": dose.evidence,
        "evidence_note": dose.evidence_note,
    }
