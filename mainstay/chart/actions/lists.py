"""Problems, allergies, medicines and histories: added, changed, reviewed, never deleted."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from mainstay.chart.errors import AlreadyOnTheList, NotNoneKnown
from mainstay.chart.events import ChartListChanged
from mainstay.chart.models import (
    Allergy,
    FamilyHistory,
    ListName,
    ListReview,
    Medication,
    MedicationReport,
    MedicationStatus,
    Problem,
    ProblemStatus,
    SocialHistory,
    SurgicalHistory,
    Taking,
    VerificationStatus,
)
from mainstay.chart.permissions import CONFIRM, RECORD
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.moves import locked
from mainstay.foundation.outbox import publish
from mainstay.people.models import Patient


@dataclass(frozen=True, slots=True)
class Said:
    """Where something in the chart comes from: who told it, at which visit, with what remark."""

    told_by: str = "patient"
    visit_ref: UUID | None = None
    note: str = ""


BY_THE_PATIENT = Said()


@dataclass(frozen=True, slots=True)
class ProblemFacts:
    """A problem: what it is called, its ICD-10-CM code if known, since when."""

    text: str
    code: str = ""
    onset: date | None = None
    resolved_on: date | None = None
    status: str = ProblemStatus.ACTIVE


@dataclass(frozen=True, slots=True)
class AllergyFacts:
    """An allergy: substance, what happens, how badly (mild, moderate, severe or not known)."""

    substance: str
    reaction: str = ""
    severity: str = ""
    category: str = "medication"
    is_intolerance: bool = False
    substance_code: str = ""
    onset: date | None = None


@dataclass(frozen=True, slots=True)
class MedicationFacts:
    """A medicine: name and how it is taken."""

    name: str
    dose: str = ""
    route: str = ""
    frequency: str = ""
    reason: str = ""
    prescriber: str = ""
    is_over_the_counter: bool = False
    code: str = ""
    started_on: date | None = None
    ended_on: date | None = None
    status: str = MedicationStatus.ACTIVE


def _source(actor: Actor, patient: Patient, said: Said) -> dict[str, object]:
    return {
        "patient": patient,
        "recorded_by_id": actor.staff_id,
        "recorded_at": actor.now,
        "told_by": said.told_by,
        "visit_ref": said.visit_ref,
        "note": said.note[:300],
    }


def _tell(patient_id: int, list_name: ListName) -> None:
    publish(ChartListChanged(patient_id=patient_id, list_name=list_name))


def _needs(text: str, sentence: str, field: str) -> None:
    if not text.strip():
        raise InvalidInput(sentence, field=field)


@transaction.atomic
def add_problem(*, actor: Actor, patient: Patient, facts: ProblemFacts, said: Said = BY_THE_PATIENT) -> Problem:
    """Put a problem on the list: unconfirmed until somebody licensed confirms it."""
    actor.may(RECORD).or_raise()
    _needs(facts.text, "Say what the problem is.", "text")
    same = Problem.objects.filter(patient=patient, status=ProblemStatus.ACTIVE)
    same = same.exclude(verification=VerificationStatus.ENTERED_IN_ERROR)
    is_same = same.filter(code=facts.code) if facts.code else same.filter(text__iexact=facts.text.strip())
    if facts.status == ProblemStatus.ACTIVE and is_same.exists():
        raise AlreadyOnTheList(field="text")
    confirmed = VerificationStatus.CONFIRMED if actor.may(CONFIRM) else VerificationStatus.UNCONFIRMED
    _tell(patient.pk, ListName.PROBLEMS)
    return Problem.objects.create(**asdict(facts), **_source(actor, patient, said), verification=confirmed)


@transaction.atomic
def confirm_problem(*, actor: Actor, problem: Problem) -> Problem:
    """Confirm a problem somebody else wrote down."""
    actor.may(CONFIRM).or_raise()
    fresh = locked(Problem.objects.all(), pk=problem.pk)
    fresh.verification = VerificationStatus.CONFIRMED
    fresh.save()
    _tell(fresh.patient_id, ListName.PROBLEMS)
    return fresh


@transaction.atomic
def resolve_problem(*, actor: Actor, problem: Problem, on: date) -> Problem:
    """Say that a problem is over."""
    actor.may(CONFIRM).or_raise()
    fresh = locked(Problem.objects.all(), pk=problem.pk)
    fresh.status, fresh.resolved_on = ProblemStatus.RESOLVED, on
    fresh.save()
    _tell(fresh.patient_id, ListName.PROBLEMS)
    return fresh


@transaction.atomic
def add_allergy(*, actor: Actor, patient: Patient, facts: AllergyFacts, said: Said = BY_THE_PATIENT) -> Allergy:
    """Put an allergy on the list. Raises `AlreadyOnTheList`."""
    actor.may(RECORD).or_raise()
    _needs(facts.substance, "Say what it is an allergy to.", "substance")
    same = Allergy.objects.filter(patient=patient, substance__iexact=facts.substance.strip(), ended_on=None)
    if same.exclude(verification__in=["refuted", "entered-in-error"]).exists():
        raise AlreadyOnTheList(field="substance")
    _tell(patient.pk, ListName.ALLERGIES)
    return Allergy.objects.create(**asdict(facts), **_source(actor, patient, said))


@transaction.atomic
def strike_allergy(*, actor: Actor, allergy: Allergy, reason: str, verification: str = "entered-in-error") -> Allergy:
    """Take an allergy off the list, with the reason: refuted by a test, or entered in error."""
    actor.may(CONFIRM if verification == VerificationStatus.REFUTED else RECORD).or_raise()
    _needs(reason, "Say why it comes off the list.", "reason")
    fresh = locked(Allergy.objects.all(), pk=allergy.pk)
    fresh.verification, fresh.note, fresh.ended_on = VerificationStatus(verification), reason.strip()[:300], actor.today
    fresh.save()
    _tell(fresh.patient_id, ListName.ALLERGIES)
    return fresh


@transaction.atomic
def add_medication(
    *, actor: Actor, patient: Patient, facts: MedicationFacts, said: Said = BY_THE_PATIENT
) -> Medication:
    """Put a medicine on the list, as the patient or a record tells it; this orders nothing."""
    actor.may(RECORD).or_raise()
    _needs(facts.name, "Name the medicine.", "name")
    same = Medication.objects.filter(patient=patient, name__iexact=facts.name.strip(), status=MedicationStatus.ACTIVE)
    if facts.status == MedicationStatus.ACTIVE and same.filter(dose__iexact=facts.dose.strip()).exists():
        raise AlreadyOnTheList(field="name")
    _tell(patient.pk, ListName.MEDICATIONS)
    return Medication.objects.create(**asdict(facts), **_source(actor, patient, said))


@transaction.atomic
def stop_medication(*, actor: Actor, medication: Medication, on: date, reason: str) -> Medication:
    """Say that a medicine on the list has ended."""
    actor.may(CONFIRM).or_raise()
    fresh = locked(Medication.objects.all(), pk=medication.pk)
    fresh.status, fresh.ended_on, fresh.note = MedicationStatus.STOPPED, on, reason[:300]
    fresh.save()
    _tell(fresh.patient_id, ListName.MEDICATIONS)
    return fresh


@transaction.atomic
def report_medication(
    *,
    actor: Actor,
    medication: Medication,
    taking: Taking,
    words: str = "",
    last_taken: str = "",
    said: Said = BY_THE_PATIENT,
) -> MedicationReport:
    """Write down what the patient says about one medicine; our list stays as it is for the provider to decide."""
    actor.may(RECORD).or_raise()
    if taking == Taking.DIFFERENTLY:
        _needs(words, "Write how it is taken, in the patient's words.", "words")
    return MedicationReport.objects.create(
        medication=medication,
        taking=taking,
        words=words.strip()[:240],
        last_taken=last_taken[:80],
        **_source(actor, medication.patient, said),
    )


@transaction.atomic
def review_list(*, actor: Actor, patient: Patient, list_name: ListName, said: Said = BY_THE_PATIENT) -> ListReview:
    """Say that a whole list was gone through with the patient."""
    actor.may(RECORD).or_raise()
    return ListReview.objects.create(list_name=list_name, none_known=False, **_source(actor, patient, said))


@transaction.atomic
def record_none_known(
    *, actor: Actor, patient: Patient, list_name: ListName, said: Said = BY_THE_PATIENT
) -> ListReview:
    """Say that a list was gone through and there is nothing; nothing else ever says "none known".

    Raises `NotNoneKnown` when the list has entries.
    """
    actor.may(RECORD).or_raise()
    if has_entries(patient, list_name):
        raise NotNoneKnown(field=str(list_name))
    return ListReview.objects.create(list_name=list_name, none_known=True, **_source(actor, patient, said))


def has_entries(patient: Patient, list_name: ListName) -> bool:
    """Whether a list of the chart holds anything that counts."""
    error = ["refuted", "entered-in-error"]
    rows = {
        ListName.ALLERGIES: Allergy.objects.filter(ended_on=None).exclude(verification__in=error),
        ListName.MEDICATIONS: Medication.objects.filter(status=MedicationStatus.ACTIVE),
        ListName.PROBLEMS: Problem.objects.filter(status=ProblemStatus.ACTIVE).exclude(verification__in=error),
        ListName.FAMILY: FamilyHistory.objects.filter(is_withdrawn=False),
        ListName.SOCIAL: SocialHistory.objects.filter(is_withdrawn=False),
        ListName.SURGICAL: SurgicalHistory.objects.filter(is_withdrawn=False),
    }[ListName(list_name)]
    return bool(rows.filter(patient=patient).exists())


@transaction.atomic
def add_family_history(
    *, actor: Actor, patient: Patient, relation: str, condition: str, age_at_onset: int | None = None,
    said: Said = BY_THE_PATIENT,
) -> FamilyHistory:  # fmt: skip
    """Write down a condition of a relative."""
    actor.may(RECORD).or_raise()
    _needs(condition, "Say which condition.", "condition")
    source = _source(actor, patient, said)
    return FamilyHistory.objects.create(relation=relation, condition=condition, age_at_onset=age_at_onset, **source)


@transaction.atomic
def add_surgery(
    *, actor: Actor, patient: Patient, procedure: str, performed_text: str = "", performed_on: date | None = None,
    code: str = "", place: str = "", said: Said = BY_THE_PATIENT,
) -> SurgicalHistory:  # fmt: skip
    """Write down an operation or procedure somebody had."""
    actor.may(RECORD).or_raise()
    _needs(procedure, "Say which operation.", "procedure")
    _tell(patient.pk, ListName.SURGICAL)
    return SurgicalHistory.objects.create(
        procedure=procedure[:240],
        performed_text=performed_text[:60],
        performed_on=performed_on,
        code=code[:20],
        place=place[:160],
        **_source(actor, patient, said),
    )


@transaction.atomic
def add_social_fact(
    *, actor: Actor, patient: Patient, topic: str, answer: str, loinc: str = "", answer_code: str = "",
    said: Said = BY_THE_PATIENT,
) -> SocialHistory:  # fmt: skip
    """Write down a fact of somebody's life; an earlier answer to the same question is withdrawn."""
    actor.may(RECORD).or_raise()
    _needs(answer, "Write the answer.", "answer")
    SocialHistory.objects.filter(patient=patient, topic=topic, is_withdrawn=False).update(is_withdrawn=True)
    _tell(patient.pk, ListName.SOCIAL)
    return SocialHistory.objects.create(
        topic=topic, answer=answer[:240], loinc=loinc, answer_code=answer_code, **_source(actor, patient, said)
    )
