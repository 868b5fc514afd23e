"""What is due for a patient on a day, made from the chart: one patient, or many with as few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from mainstay.chart.models import (
    Allergy,
    Medication,
    MedicationStatus,
    Observation,
    ObservationStatus,
    Problem,
    SocialHistory,
    SurgicalHistory,
    VerificationStatus,
)
from mainstay.immunizations.forecast import (
    DoseGiven,
    Forecast,
    Gender,
    GroupForecast,
    Person,
    Schedule,
    forecast_person,
    needs_shared_decision,
)
from mainstay.immunizations.models import DiscussionOutcome, ImmunizationFact, VaccineDiscussion, VaccineDose
from mainstay.immunizations.queries.schedules import governing_schedule
from mainstay.immunizations.rules.fact_rules import Kind, fact_rules
from mainstay.immunizations.rules.facts import ChartFact, Reading, Recorded, read_chart
from mainstay.people.models import Patient, Sex

GIVEN = ("completed", "partial")
"""The statuses of a dose that went into the patient; a partial dose is sub-standard and must be repeated."""
SOURCES = {
    "patient": "told by the patient",
    "parent": "told by a parent or guardian",
    "provider": "told by a provider",
    "record": "seen in a record",
    "asked": "answered in screening",
}
"""Who said a fact that was recorded by hand."""
_GENDERS = {str(Sex.FEMALE): Gender.FEMALE, str(Sex.MALE): Gender.MALE}
_NOT_REAL = (VerificationStatus.REFUTED, VerificationStatus.ENTERED_IN_ERROR)
_LONGEST_AFTER_DAYS = 200


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A patient as the forecaster reads them, and what of the chart that rests on."""

    person: Person
    reading: Reading


def person_for_forecast(patient: Patient, on: date) -> Person:
    """The patient as the forecaster reads them on a day: doses given here and elsewhere, and coded observations.

    Doses entered in error, refused or not given do not count. A constant number of statements.
    """
    return known_person(patient, on).person


def known_person(patient: Patient, on: date) -> KnownPerson:
    """The patient as the forecaster reads them, with the words in the chart each observation rests on."""
    return known_people([patient], on, governing_schedule())[patient.pk]


def known_people(patients: Sequence[Patient], on: date, schedule: Schedule) -> dict[int, KnownPerson]:
    """Many patients as the forecaster reads them, by primary key; as many statements as for one."""
    keys = [patient.pk for patient in patients]
    doses = _doses_of(keys)
    facts = _chart_facts_of(keys, on)
    recorded = _recorded_of(keys)
    found = {}
    for patient in patients:
        race = [ChartFact(Kind.RACE, "race in the record", code) for code in patient.race]
        listed = [*facts.get(patient.pk, ()), *race]
        born = patient.birth_date
        reading = read_chart(listed, recorded.get(patient.pk, ()), schedule, born=born, on=on)
        person = Person(
            born=born,
            gender=_GENDERS.get(patient.sex, Gender.UNKNOWN),
            facts=reading.facts,
            doses=tuple(dose for dose in doses.get(patient.pk, ()) if dose.given >= born),
        )
        found[patient.pk] = KnownPerson(person, reading)
    return found


def forecast_for(patient: Patient, on: date) -> Forecast:
    """What is due for a patient on a day under the schedule the practice follows."""
    return known_with_forecast(patient, on)[1]


def known_with_forecast(patient: Patient, on: date) -> tuple[KnownPerson, Forecast]:
    """A patient as the forecaster reads them, and what is due for them; for whoever needs both."""
    schedule = governing_schedule()
    known = known_people([patient], on, schedule)[patient.pk]
    return known, forecast_person(known.person, schedule, on)


def forecasts_for(patients: Sequence[Patient], on: date) -> dict[int, Forecast]:
    """The forecasts of many patients by primary key, with as many statements as for one."""
    schedule = governing_schedule()
    known = known_people(patients, on, schedule)
    return {pk: forecast_person(item.person, schedule, on) for pk, item in known.items()}


def needs_discussion(group: GroupForecast) -> bool:
    """Whether a clinician must have talked it over with the patient before an MA may go on with this vaccine group."""
    return needs_shared_decision(group)


def discussion_of(patient: Patient, group: str) -> VaccineDiscussion | None:
    """The last time a clinician talked a vaccine group over with the patient; its outcome says whether to go on."""
    rows = VaccineDiscussion.objects.filter(patient=patient, group=group).select_related("clinician")
    return rows.order_by("-discussed_at", "-pk").first()


def discussions_of(patient: Patient) -> dict[str, VaccineDiscussion]:
    """The last talk about every vaccine group that was talked over. One statement."""
    rows = VaccineDiscussion.objects.filter(patient=patient).select_related("clinician")
    return {row.group: row for row in rows.order_by("group", "-discussed_at", "-pk").distinct("group")}


def waits_for_discussion(patient: Patient, group: GroupForecast) -> bool:
    """Whether an MA has to wait: the group is for shared decision, and no clinician noted that the patient wants it."""
    if not needs_discussion(group):
        return False
    talk = discussion_of(patient, group.group.name)
    return talk is None or talk.outcome != DiscussionOutcome.WANTED


def _doses_of(keys: Sequence[int]) -> Mapping[int, list[DoseGiven]]:
    rows = VaccineDose.objects.filter(patient_id__in=keys, status__in=GIVEN)
    found: dict[int, list[DoseGiven]] = defaultdict(list)
    for patient, given_on, cvx, mvx, status in rows.order_by("pk").values_list(
        "patient_id", "given_on", "cvx", "mvx", "status"
    ):
        found[patient].append(DoseGiven(given_on, cvx, mvx.upper(), is_substandard=status == "partial"))
    return found


def _recorded_of(keys: Sequence[int]) -> Mapping[int, list[Recorded]]:
    rows = ImmunizationFact.objects.filter(patient_id__in=keys, withdrawn_at=None).order_by("pk")
    found: dict[int, list[Recorded]] = defaultdict(list)
    for patient, code, holds, on, source, note in rows.values_list(
        "patient_id", "code", "holds", "on", "source", "note"
    ):
        found[patient].append(Recorded(code, holds, on, f"{SOURCES.get(source, source)}{': ' if note else ''}{note}"))
    return found


@cache
def _tests_read() -> frozenset[str]:
    return frozenset(code for rule in fact_rules() for code in rule.tests)


def _chart_facts_of(keys: Sequence[int], on: date) -> Mapping[int, list[ChartFact]]:
    """Everything in the charts that may matter; six statements, whoever many patients."""
    found: dict[int, list[ChartFact]] = defaultdict(list)
    for read in (_problems, _medicines, _allergies, _tests, _surgeries, _social):
        for patient, fact in read(keys, on):
            found[patient].append(fact)
    return found


_Read = Iterable[tuple[int, ChartFact]]


def _problems(keys: Sequence[int], on: date) -> _Read:
    rows: Iterable[Any] = (
        Problem.objects.filter(patient_id__in=keys)
        .exclude(code="")
        .exclude(verification__in=_NOT_REAL)
        .values_list("patient_id", "code", "text", "status", "verification", "onset", "resolved_on", "recorded_at")
    )
    for patient, code, text, status, verification, onset, resolved, recorded in rows:
        yield (
            patient,
            ChartFact(
                Kind.PROBLEM,
                text,
                code,
                on=onset,
                until=resolved,
                written=recorded.date(),
                is_active=status == "active",
                is_confirmed=verification == VerificationStatus.CONFIRMED,
            ),
        )


def _medicines(keys: Sequence[int], on: date) -> _Read:
    rows: Iterable[Any] = (
        Medication.objects.filter(patient_id__in=keys)
        .exclude(status=MedicationStatus.ENTERED_IN_ERROR)
        .exclude(ended_on__lt=on - timedelta(days=_LONGEST_AFTER_DAYS))
        .values_list("patient_id", "name", "dose", "route", "frequency", "status", "started_on", "ended_on", "code")
    )
    for patient, name, dose, route, frequency, status, started, ended, code in rows:
        yield (
            patient,
            ChartFact(
                Kind.MEDICINE,
                name,
                code,
                detail=" ".join(part for part in (dose, route, frequency) if part),
                on=started,
                until=ended,
                is_active=status in (MedicationStatus.ACTIVE, MedicationStatus.ON_HOLD)
                and (ended is None or ended >= on),
            ),
        )


def _allergies(keys: Sequence[int], on: date) -> _Read:
    rows: Iterable[Any] = (
        Allergy.objects.filter(patient_id__in=keys, ended_on=None, is_intolerance=False)
        .exclude(verification__in=_NOT_REAL)
        .values_list("patient_id", "substance", "substance_code", "reaction", "severity", "onset")
    )
    for patient, substance, code, reaction, severity, onset in rows:
        yield patient, ChartFact(Kind.ALLERGY, substance, code, detail=reaction, on=onset, severity=severity)


def _tests(keys: Sequence[int], on: date) -> _Read:
    """The last answer of each test that says something about immunity or the immune system."""
    rows: Iterable[Any] = (
        Observation.objects.filter(patient_id__in=keys, loinc__in=_tests_read(), effective_at__date__lte=on)
        .exclude(status=ObservationStatus.ENTERED_IN_ERROR)
        .order_by("patient_id", "loinc", "-effective_at", "-pk")
        .distinct("patient_id", "loinc")
        .values_list("patient_id", "loinc", "text", "typed", "value", "effective_at", "key")
    )
    for patient, loinc, text, typed, value, at, key in rows:
        number = float(value) if value is not None else None
        yield (
            patient,
            ChartFact(Kind.TEST, f"laboratory test {key or loinc}", loinc, text or typed, on=at.date(), number=number),
        )


def _surgeries(keys: Sequence[int], on: date) -> _Read:
    rows: Iterable[Any] = (
        SurgicalHistory.objects.filter(patient_id__in=keys, is_withdrawn=False)
        .exclude(code="")
        .values_list("patient_id", "procedure", "code", "performed_on")
    )
    for patient, procedure, code, performed in rows:
        yield patient, ChartFact(Kind.SURGERY, procedure, code, on=performed)


def _social(keys: Sequence[int], on: date) -> _Read:
    rows: Iterable[Any] = SocialHistory.objects.filter(patient_id__in=keys, is_withdrawn=False).values_list(
        "patient_id", "topic", "answer", "answer_code"
    )
    for patient, topic, answer, code in rows:
        yield patient, ChartFact(Kind.SOCIAL, answer, code, detail=topic)
