"""What people look up while giving vaccines: what is due, what was asked, what speaks against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from mainstay.chart.models import Medication, MedicationStatus, Observation, ObservationStatus, Problem
from mainstay.chart.queries import current_allergies
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import NotFound
from mainstay.foundation.findings import Finding, Severity
from mainstay.immunizations.forecast import (
    Forecast,
    GroupForecast,
    SeriesStatus,
    explain_group,
    recommended_vaccines,
    short_reasons,
    suitable_vaccines,
)
from mainstay.immunizations.lifecycle import VaccinationState
from mainstay.immunizations.models import (
    GivenDose,
    ScreeningAnswer,
    Vaccination,
    VaccineConcern,
    VaccineDose,
    VaccinePreparation,
    VaccineReaction,
    VaccineWatch,
)
from mainstay.immunizations.queries.due import forecast_for, needs_discussion
from mainstay.immunizations.rules.concerns import (
    Concern,
    EarlierDose,
    GivingFacts,
    KnownAllergy,
    KnownMedicine,
    KnownProblem,
)
from mainstay.immunizations.rules.contraindications import concerns_of_chart
from mainstay.immunizations.rules.screening import (
    Answer,
    Said,
    concerns_of_answers,
    questions_for,
)
from mainstay.immunizations.rules.vaccines import Product, products_for_group, products_of
from mainstay.people.models import Patient
from mainstay.visits.lifecycle import IN_THE_CLINIC
from mainstay.visits.models import Visit

RECENT_WEIGHT = {18: timedelta(days=365), 2: timedelta(days=90), 0: timedelta(days=30)}
PREGNANT_PREFIXES = ("Z33", "Z34", "Z3A", "O0", "O1", "O2", "O3", "O4")
ENDED_WITHIN = timedelta(days=200)
NOT_REAL = ("refuted", "entered-in-error")


@dataclass(frozen=True, slots=True)
class DueGroup:
    """What the schedule asks of one vaccine group: `is_due` today, since when late, in words, and with what.

    `needs_talk` is shared clinical decision-making: somebody who prescribes decides with the patient.
    """

    group: str
    status: str
    number: int
    earliest: date | None
    recommended: date | None
    past_due: date | None
    is_due: bool
    is_late: bool
    why: str
    explanation: tuple[str, ...]
    cvx: tuple[str, ...]
    recommended_cvx: tuple[str, ...]
    needs_talk: bool = False


def due_groups(patient: Patient, *, on: date, forecast: Forecast | None = None) -> list[DueGroup]:
    """Every vaccine group the schedule has a word on, those due today first, the late ones in front."""
    found = forecast or forecast_for(patient, on)
    lines = [_due(one, found, on) for one in found.groups]
    return sorted(lines, key=lambda one: (not one.is_due, not one.is_late, one.group))


def due_group(patient: Patient, group: str, *, on: date) -> DueGroup:
    """One vaccine group; what the schedule says nothing of is not due. Raises `NotFound` for a group nobody gives."""
    for one in due_groups(patient, on=on):
        if one.group == group:
            return one
    if not products_for_group(group):
        raise NotFound(f"There is no vaccine group {group!r}.")
    words = "the schedule asks nothing of this patient."
    return DueGroup(group, "Not Recommended", 0, None, None, None, False, False, words, (), (), ())


def _due(one: GroupForecast, forecast: Forecast, on: date) -> DueGroup:
    is_open = one.status is SeriesStatus.NOT_COMPLETE
    is_due = is_open and 0 < one.earliest <= on.toordinal()
    told = explain_group(one, forecast.patient)
    return DueGroup(
        group=one.group.name,
        status=str(one.status),
        number=one.number,
        earliest=_day(one.earliest),
        recommended=_day(one.recommended),
        past_due=_day(one.past_due),
        is_due=is_due,
        is_late=is_due and 0 < one.past_due <= on.toordinal(),
        why="; ".join(short_reasons(one, forecast.patient)) + ".",
        explanation=(*told.series, *told.doses, *told.dates),
        cvx=tuple(dict.fromkeys(c for item in one.contained for c in suitable_vaccines(item, forecast.patient))),
        recommended_cvx=tuple(
            dict.fromkeys(c for item in one.contained for c in recommended_vaccines(item, forecast.patient))
        ),
        needs_talk=needs_discussion(one),
    )


def _day(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if ordinal else None


def facts_for_giving(patient: Patient, *, on: date) -> GivingFacts:
    """What the chart knows that may speak against a vaccine. Five queries."""
    problems = tuple(
        KnownProblem(code, text, status == "active")
        for code, text, status in Problem.objects.filter(patient=patient)
        .exclude(verification__in=NOT_REAL)
        .values_list("code", "text", "status")
    )
    return GivingFacts(
        born=patient.birth_date,
        on=on,
        sex=patient.sex,
        weight_kg=weight_of(patient, on=on),
        problems=problems,
        medicines=_medicines(patient, on),
        allergies=tuple(
            KnownAllergy(one.substance, one.reaction, one.severity)
            for one in current_allergies(patient)
            if not one.is_intolerance
        ),
        doses=tuple(
            EarlierDose(cvx, given)
            for cvx, given in VaccineDose.objects.filter(
                patient=patient, status__in=["completed", "partial"]
            ).values_list("cvx", "given_on")
        ),
        is_pregnant=any(one.is_active and one.code.replace(".", "").startswith(PREGNANT_PREFIXES) for one in problems),
    )


def _medicines(patient: Patient, on: date) -> tuple[KnownMedicine, ...]:
    rows = Medication.objects.filter(patient=patient).exclude(status=MedicationStatus.ENTERED_IN_ERROR)
    active = (MedicationStatus.ACTIVE, MedicationStatus.ON_HOLD)
    return tuple(
        KnownMedicine(
            row.name,
            " ".join(part for part in (row.dose, row.route, row.frequency) if part),
            row.started_on,
            row.ended_on,
            row.status in active and (row.ended_on is None or row.ended_on >= on),
        )
        for row in rows
        if row.ended_on is None or row.ended_on >= on - ENDED_WITHIN
    )


def weight_of(patient: Patient, *, on: date) -> Decimal | None:
    """The last weight in kg, if it is recent enough for the age: a month under 2 years, 3 under 18, else a year."""
    years = (
        on.year - patient.birth_date.year - ((on.month, on.day) < (patient.birth_date.month, patient.birth_date.day))
    )
    since = on - next(span for age, span in RECENT_WEIGHT.items() if years >= age)
    rows = Observation.objects.filter(patient=patient, key="weight", value__isnull=False, effective_at__date__gte=since)
    rows = rows.exclude(status=ObservationStatus.ENTERED_IN_ERROR).order_by("-effective_at", "-pk")
    return rows.values_list("value", flat=True).first()


def vaccination_of(visit: Visit) -> Vaccination | None:
    """The vaccines of a visit, once somebody was identified for them."""
    return Vaccination.objects.select_related("patient", "visit__site").filter(visit=visit).first()


def visit_of_today(patient: Patient, actor: Actor) -> Visit | None:
    """The visit a patient has come for today, the one at the actor's site first."""
    rows = Visit.objects.filter(patient=patient, day=actor.today, stage__in=IN_THE_CLINIC).order_by("-arrived_at")
    return next(iter(sorted(rows, key=lambda one: one.site_id != actor.site_id)), None)


def answers_of(vaccination: Vaccination) -> dict[str, Said]:
    """What was answered before the vaccines of a visit, by question."""
    return said_in(vaccination.answers.all())


def said_in(rows: Iterable[ScreeningAnswer]) -> dict[str, Said]:
    """Answers as the rules read them, by question."""
    return {row.code: Said(Answer(row.answer), row.detail, row.product, row.on) for row in rows}


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of a visit by code, ours and those the standing orders in use add."""

    words: Mapping[str, str]

    def missing(self, answered: set[str]) -> list[Finding]:
        """A stop for every question without an answer."""
        return [
            Finding(Severity.STOP, f"unanswered_{code}", code, "Not answered.")
            for code in self.words
            if code not in answered
        ]


def questions_asked(
    actor: Actor, vaccination: Vaccination, *, preparations: Sequence[VaccinePreparation] | None = None
) -> Asked:
    """Every question to ask at a visit: by age and sex, and those of the standing orders vaccines were chosen on."""
    patient = vaccination.patient
    words = {one.code: one.words.en for one in questions_for(born=patient.birth_date, sex=patient.sex, on=actor.today)}
    if preparations is None:
        standing = vaccination.preparations.filter(standing_order__isnull=False).select_related("standing_order")
        preparations = list(standing.prefetch_related("standing_order__criteria"))
    for row in preparations:
        for criterion in row.standing_order.criteria.all() if row.standing_order else ():
            if criterion.question and criterion.effect == "exclude":
                words.setdefault(criterion.question, criterion.words)
    return Asked(words)


def concerns_about(
    preparation: VaccinePreparation,
    product: Product | None,
    *,
    on: date,
    facts: GivingFacts | None = None,
    answers: Mapping[str, Said] | None = None,
) -> list[Concern]:
    """What speaks about a vaccine now: the chart, and the answers once they were given.

    Without `product` only what every product of the group shares, so that a choice among them stays open.
    """
    vaccination = preparation.vaccination
    known = facts or facts_for_giving(vaccination.patient, on=on)
    said = (answers_of(vaccination) if answers is None else answers) if _is_screened(vaccination) else {}

    def about(one: Product) -> dict[str, Concern]:
        return {c.code: c for c in (*concerns_of_chart(known, one), *concerns_of_answers(said, one, on=on))}

    if product is not None:
        return list(about(product).values())
    each = [about(one) for one in likely_products(vaccination.patient, preparation.group, on=on)]
    if not each:
        return []
    shared = set(each[0]).intersection(*each[1:])
    return [concern for code, concern in each[0].items() if code in shared]


def _is_screened(vaccination: Vaccination) -> bool:
    return vaccination.state != VaccinationState.IDENTIFIED


def likely_products(patient: Patient, group: str, *, on: date) -> list[Product]:
    """The products that may be meant for a group: those the schedule finds suitable and of the patient's age."""
    suitable = due_group(patient, group, on=on).cvx
    offered = [one for code in suitable for one in products_of(code)] or list(products_for_group(group))
    return [one for one in offered if one.ages.holds(patient.birth_date, on)] or offered


def preparation_for(vaccination: Vaccination, public_id: UUID) -> VaccinePreparation:
    """One vaccine of a visit. Raises `NotFound`."""
    rows = vaccination.preparations.select_related("vaccination__visit__site", "vaccination__patient", "lot__item")
    if (found := rows.filter(public_id=public_id).first()) is None:
        raise NotFound("There is no such vaccine at this visit.")
    return found


def preparations_of(vaccination: Vaccination) -> Sequence[VaccinePreparation]:
    """Every vaccine of a visit with what its card shows, as chosen."""
    return list(
        vaccination.preparations.select_related(
            "lot__item", "order__signed_by", "standing_order__signed_by", "checked_by", "given__dose", "refusal"
        ).prefetch_related("concerns__decided_by", "confirmations", "statements", "standing_order__criteria")
    )


def concern_for(vaccination: Vaccination, public_id: UUID) -> VaccineConcern:
    """One doubt about a vaccine of a visit. Raises `NotFound`."""
    rows = VaccineConcern.objects.select_related("preparation").filter(preparation__vaccination=vaccination)
    if (found := rows.filter(public_id=public_id).first()) is None:
        raise NotFound("There is no such doubt.")
    return found


def watch_of(vaccination: Vaccination) -> VaccineWatch | None:
    """The latest watch of a visit, with the reactions noticed."""
    return vaccination.watches.prefetch_related("reactions").order_by("-pk").first()


def reaction_for(vaccination: Vaccination, public_id: UUID) -> VaccineReaction:
    """One reaction of a visit. Raises `NotFound`."""
    rows = VaccineReaction.objects.select_related("watch__vaccination__patient", "noticed_by")
    if (found := rows.filter(watch__vaccination=vaccination, public_id=public_id).first()) is None:
        raise NotFound("There is no such reaction.")
    return found


def given_dose_for(public_id: UUID) -> GivenDose:
    """A dose given here, by the public id of the dose. Raises `NotFound`."""
    rows = GivenDose.objects.select_related(
        "dose__patient", "preparation__vaccination__visit", "lot__item", "draw", "clinic", "given_by"
    )
    if (found := rows.filter(dose__public_id=public_id).first()) is None:
        raise NotFound("There is no such dose.")
    return found


def given_doses_of(vaccination: Vaccination) -> list[GivenDose]:
    """The doses given at a visit that stand, in the order given."""
    rows = GivenDose.objects.filter(preparation__vaccination=vaccination, dose__status__in=["completed", "partial"])
    return list(
        rows.select_related("dose", "preparation").prefetch_related("preparation__statements").order_by("given_at")
    )
