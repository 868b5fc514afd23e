"""The front desk: who is this, are they contagious, what is still due."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from mainstay.coverage.events import CoverageChanged
from mainstay.coverage.queries import coverage_in_brief
from mainstay.forms.events import FormSettled
from mainstay.forms.models import FormResponse
from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.messages.red_flags import ArrivalDecision, Place, Precautions, arrival_questions, arrival_screen
from mainstay.people.models import Patient
from mainstay.visits.actions.board import clear_signal, raise_signal
from mainstay.visits.actions.moving import mark_arrived, move
from mainstay.visits.actions.tasks import plan_tasks
from mainstay.visits.errors import NotIdentified
from mainstay.visits.lifecycle import IN_THE_CLINIC, Stage
from mainstay.visits.models import CheckIn, SignalKind, TaskState, Visit, VisitTask
from mainstay.visits.permissions import CHECK_IN, SEE_PATIENT
from mainstay.visits.playbooks import Traits
from mainstay.visits.queries.late import lateness_of
from mainstay.visits.queries.papers import papers_of_visit
from mainstay.visits.queries.traits import traits_of
from mainstay.visits.rules import late_decisions

IDENTIFIERS_NEEDED = 2
ROOM_NOW_TEXT = "Room directly, mask on, door shut"


@dataclass(frozen=True, slots=True)
class ArrivalScreen:
    """What an arriving patient says: yes, no or unsure by question of the arrival screen; what is left out was not
    asked. `travel` says where and when.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    travel: str = ""
    mask_given: bool = False


@dataclass(frozen=True, slots=True)
class DeskCheck:
    """What the desk verified. `identifiers` are the codes checked aloud: name, birth_date, address, phone, photo.

    `late_reason` says why somebody marked as a no-show came after all.
    """

    identifiers: Collection[str]
    photo_id_seen: bool = False
    demographics_confirmed: bool = False
    card_seen: bool = False
    copay_stated: Decimal | None = None
    accompanied_by: str = ""
    late_reason: str = ""


@transaction.atomic
def screen_arrival(*, actor: Actor, visit: Visit, screen: ArrivalScreen) -> ArrivalDecision:
    """Write down the arrival screen and say where the patient waits; who must not sit among others is called out.

    Raises `InvalidInput` for a question that does not exist.
    """
    if set(screen.answers) - {question.code for question in arrival_questions()}:
        raise InvalidInput("That is no question of the arrival screen.")
    decision = arrival_screen(screen.answers)
    CheckIn.objects.update_or_create(
        visit=visit,
        defaults={
            **{sign: _said(screen.answers, sign) for sign in ("fever", "rash", "cough")},
            "arrival_answers": [f"{question}:{answer}" for question, answer in sorted(screen.answers.items())],
            "travel": screen.travel[:160],
            "mask_given": screen.mask_given,
            "place": decision.place,
            "precautions": decision.precautions,
        },
    )
    _call_out(actor, visit, decision)
    return decision


def _said(answers: Mapping[str, str], sign: str) -> bool | None:
    return answers[sign] != "no" if answers.get(sign) else None


def _call_out(actor: Actor, visit: Visit, decision: ArrivalDecision) -> None:
    is_airborne = decision.precautions is Precautions.AIRBORNE
    if visit.is_airborne_risk != is_airborne:
        visit.is_airborne_risk = is_airborne
        visit.save(update_fields=["is_airborne_risk"])
    kinds = {Place.ROOM_NOW: SignalKind.AIRBORNE, Place.APART: SignalKind.SEATED_APART}
    for place, kind in kinds.items():
        if decision.place is not place:
            clear_signal(actor=actor, visit=visit, kind=kind)
    if decision.place is Place.ROOM_NOW:
        text = f"{ROOM_NOW_TEXT} ({decision.precautions})"
        raise_signal(actor=actor, visit=visit, kind=SignalKind.AIRBORNE, text=text, severity="stop")
    elif decision.place is Place.APART:
        text = f"Seat apart ({decision.precautions})"
        raise_signal(actor=actor, visit=visit, kind=SignalKind.SEATED_APART, text=text, severity="confirm")


@transaction.atomic
def check_in_patient(
    *, actor: Actor, visit: Visit, check: DeskCheck, screen: ArrivalScreen, seen_version: int | None = None
) -> Visit:
    """Check a patient in with two identifiers and the arrival screen; plan what the playbook asks.

    Forms still to sign and coverage to look into are called out on the board; neither stops the visit. Raises
    `NotIdentified` with fewer than two identifiers, `Stale` when another desk was first.
    """
    if len(set(check.identifiers)) < IDENTIFIERS_NEEDED:
        raise NotIdentified(field="identifiers")
    if visit.stage == Stage.EXPECTED or visit.stage == Stage.NO_SHOW:
        visit = mark_arrived(actor=actor, visit=visit, seen_version=seen_version, late_reason=check.late_reason)
        seen_version = None
    fresh = move(visit, "check_in", actor=actor, seen_version=seen_version)
    fresh.save()
    screen_arrival(actor=actor, visit=fresh, screen=screen)
    CheckIn.objects.filter(visit=fresh).update(
        identifiers=sorted(set(check.identifiers)),
        photo_id_seen=check.photo_id_seen,
        demographics_confirmed=check.demographics_confirmed,
        card_seen=check.card_seen,
        copay_stated=check.copay_stated,
        accompanied_by=check.accompanied_by[:120],
        checked_in_by_id=actor.staff_id,
        checked_in_at=actor.now,
    )
    traits = traits_of(fresh.patient, on=fresh.day, reason=fresh.reason)
    plan_tasks(actor=actor, visit=fresh, traits=traits)
    _call_out_forms(actor, fresh, traits)
    _call_out_coverage(actor, fresh)
    return fresh


def _call_out_forms(actor: Actor, visit: Visit, traits: Traits) -> None:
    """Say on the board how many forms are still to sign; say nothing once none is."""
    left = [paper for paper in papers_of_visit(visit, traits) if paper.is_left and paper.is_required]
    if left:
        text = f"{len(left)} forms to sign" if len(left) > 1 else f"To sign: {left[0].title}"
        raise_signal(actor=actor, visit=visit, kind=SignalKind.FORM_MISSING, text=text, severity="confirm")
    else:
        clear_signal(actor=actor, visit=visit, kind=SignalKind.FORM_MISSING)


def _call_out_coverage(actor: Actor, visit: Visit) -> None:
    """Call out a policy that is known to be inactive or has ended; paying oneself is no problem."""
    brief = coverage_in_brief(visit.patient, on=visit.day)
    if brief.word in ("Inactive", "Ended"):
        text = f"Coverage: {brief.word.lower()}"
        raise_signal(actor=actor, visit=visit, kind=SignalKind.COVERAGE_PROBLEM, text=text, severity="confirm")
    else:
        clear_signal(actor=actor, visit=visit, kind=SignalKind.COVERAGE_PROBLEM)


@transaction.atomic
def ask_about_late(*, actor: Actor, visit: Visit) -> Visit:
    """Ask the provider whether somebody who came late is seen; it shows on the board until they are roomed."""
    actor.may(CHECK_IN).or_raise()
    late = lateness_of(visit, now=actor.now)
    if late is None:
        raise InvalidInput("This patient is not late.")
    text = f"Came {late.minutes} min late: seen now, or another time?"
    raise_signal(actor=actor, visit=visit, kind=SignalKind.CAME_LATE, text=text, severity="told")
    return visit


@transaction.atomic
def decide_late(*, actor: Actor, visit: Visit, decision: str) -> Visit:
    """The provider answers the desk about somebody who came late (`decision`: a code of `late_decisions`)."""
    actor.may(SEE_PATIENT).or_raise()
    if decision not in late_decisions():
        raise InvalidInput("Choose what becomes of them.", field="decision")
    asked = visit.signals.filter(kind=SignalKind.CAME_LATE, cleared_at=None).exists()
    if not asked:
        raise IllegalMove("Nobody asked about this patient being late.")
    text = f"Late, {actor.name} decided: {late_decisions()[decision]}"
    raise_signal(actor=actor, visit=visit, kind=SignalKind.CAME_LATE, text=text, severity="confirm")
    return visit


def follow_form(event: FormSettled) -> None:
    """A form was signed or refused: its step of the playbook is done, and the board counts anew."""
    response = FormResponse.objects.select_related("patient").get(pk=event.response_id)
    for visit in _here(response.patient):
        actor = the_system(now=clock.now(), zone=visit.site.zone)
        if response.status == "signed":
            VisitTask.objects.filter(visit=visit, form=response.form, state=TaskState.TO_DO).update(
                state=TaskState.DONE, done_by_id=response.assigned_by_id, done_at=response.signed_at
            )
        if visit.stage != Stage.ARRIVED:
            _call_out_forms(actor, visit, traits_of(visit.patient, on=visit.day, reason=visit.reason))


def follow_coverage(event: CoverageChanged) -> None:
    """A policy changed or was checked: what the board says about coverage follows."""
    for visit in _here(Patient(pk=event.patient_id)):
        if visit.stage != Stage.ARRIVED:
            _call_out_coverage(the_system(now=clock.now(), zone=visit.site.zone), visit)


def _here(patient: Patient) -> list[Visit]:
    rows = Visit.objects.filter(patient_id=patient.pk, stage__in=IN_THE_CLINIC)
    return list(rows.select_related("patient", "visit_type", "site"))
