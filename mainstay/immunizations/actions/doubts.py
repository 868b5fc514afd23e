"""What speaks against a vaccine goes to a clinician, who decides in words."""

from __future__ import annotations

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput, NotPermitted
from mainstay.foundation.moves import begin, take_step
from mainstay.immunizations.actions.locks import locked_concern, locked_preparation
from mainstay.immunizations.lifecycle import (
    ConcernState,
    PreparationState,
    concern_lifecycle,
    preparation_lifecycle,
)
from mainstay.immunizations.models import VaccineConcern, VaccinePreparation
from mainstay.immunizations.permissions import DECIDE, GIVE
from mainstay.immunizations.queries.giving import concerns_about
from mainstay.immunizations.rules.concerns import Concern, ConcernKind
from mainstay.immunizations.rules.vaccines import Product
from mainstay.visits import actions as visit_actions
from mainstay.visits.models import SignalKind
from mainstay.work import actions as work_actions


def raise_doubts(actor: Actor, preparation: VaccinePreparation, product: Product | None = None) -> list[VaccineConcern]:
    """Hold a locked preparation for whatever speaks against it now, and say what no longer does.

    With `product` for that very vial, without it for what every vaccine of the group shares. Tells the clinician.
    """
    concerns = concerns_about(preparation, product, on=actor.today)
    found = {_key(one): one for one in concerns if one.kind is not ConcernKind.NOTE}
    known = {row.code: row for row in preparation.concerns.exclude(state=ConcernState.GONE)}
    for code, row in known.items():
        if row.state == ConcernState.OPEN and code not in found and product is None:
            take_step(row, concern_lifecycle, "drop", actor=actor, reason="it no longer speaks against it")
            row.save()
    for code, concern in found.items():
        if code not in known:
            _write(actor, preparation, concern)
    open_ones = list(preparation.concerns.filter(state=ConcernState.OPEN))
    if open_ones and preparation.state != PreparationState.HELD:
        take_step(preparation, preparation_lifecycle, "hold", actor=actor, reason=open_ones[0].message[:300])
        preparation.save()
    elif not open_ones and preparation.state == PreparationState.HELD and not _is_upheld(preparation):
        take_step(preparation, preparation_lifecycle, "settle", actor=actor)
        preparation.save()
    _tell_clinician(actor, preparation)
    return open_ones


def let_doubts_go(actor: Actor, preparation: VaccinePreparation) -> None:
    """Drop what is still asked about a locked preparation that is left out: whoever prepares it again is asked anew."""
    for row in preparation.concerns.filter(state=ConcernState.OPEN):
        take_step(row, concern_lifecycle, "drop", actor=actor, reason="it is left out; asked anew with an order")
        row.save()
    _tell_clinician(actor, preparation)


def _write(actor: Actor, preparation: VaccinePreparation, concern: Concern) -> None:
    row = VaccineConcern.objects.create(
        preparation=preparation,
        code=_key(concern),
        kind=concern.kind,
        message=concern.sentence[:300],
        raised_at=actor.now,
    )
    begin(row, concern_lifecycle, actor=actor)


def _key(concern: Concern) -> str:
    """What tells one doubt about a vaccine from another: a stop is another doubt than a question of the same kind."""
    return f"{concern.code[:54]}{'.stop' if concern.kind is ConcernKind.CONTRAINDICATION else ''}"


def _is_upheld(preparation: VaccinePreparation) -> bool:
    return preparation.concerns.filter(state=ConcernState.UPHELD).exists()


@transaction.atomic
def ask_clinician(*, actor: Actor, preparation: VaccinePreparation, words: str) -> VaccineConcern:
    """Hold a vaccine for a doubt of one's own, in words."""
    actor.may(GIVE).or_raise()
    if not words.strip():
        raise InvalidInput("Write what makes you doubt.", field="words")
    fresh = locked_preparation(preparation)
    if fresh.state != PreparationState.HELD:
        take_step(fresh, preparation_lifecycle, "hold", actor=actor, reason=words.strip()[:300])
        fresh.save()
    code = f"asked.{fresh.concerns.count() + 1}"
    _write(actor, fresh, Concern(code, ConcernKind.PRECAUTION, words.strip()[:280].rstrip(".")))
    _tell_clinician(actor, fresh)
    return fresh.concerns.get(code=code)


@transaction.atomic
def clear_concern(*, actor: Actor, concern: VaccineConcern, words: str) -> VaccineConcern:
    """A clinician lets a vaccine go ahead in spite of a precaution, saying why; never of a contraindication."""
    actor.may(DECIDE).or_raise()
    if not words.strip():
        raise InvalidInput("Say why it may go ahead: the words stay with the dose.", field="words")
    fresh = locked_concern(concern)
    if fresh.kind == ConcernKind.CONTRAINDICATION:
        raise NotPermitted(
            "A contraindication is not let through here. If the chart is wrong, put the chart right; it is asked again."
        )
    _decide(actor, fresh, "clear", words)
    preparation = fresh.preparation
    left = preparation.concerns.filter(state__in=[ConcernState.OPEN, ConcernState.UPHELD])
    if preparation.state == PreparationState.HELD and not left.exists():
        take_step(preparation, preparation_lifecycle, "release", actor=actor, reason=words.strip()[:300])
        preparation.save()
    _tell_clinician(actor, preparation)
    return fresh


@transaction.atomic
def uphold_concern(*, actor: Actor, concern: VaccineConcern, words: str) -> VaccineConcern:
    """A clinician decides that a vaccine is not given today; it is put aside with these words."""
    actor.may(DECIDE).or_raise()
    if not words.strip():
        raise InvalidInput("Say why not, and when it may be asked again.", field="words")
    fresh = locked_concern(concern)
    _decide(actor, fresh, "uphold", words)
    preparation = fresh.preparation
    preparation.put_aside_because = words.strip()[:240]
    take_step(preparation, preparation_lifecycle, "put_aside", actor=actor, reason=words.strip()[:300])
    preparation.save()
    _tell_clinician(actor, preparation)
    return fresh


def _decide(actor: Actor, concern: VaccineConcern, step: str, words: str) -> None:
    take_step(concern, concern_lifecycle, step, actor=actor, reason=words.strip()[:300])
    concern.decided_by_id, concern.decided_at, concern.words = actor.staff_id, actor.now, words.strip()[:300]
    concern.save()


def _tell_clinician(actor: Actor, preparation: VaccinePreparation) -> None:
    """One item of work and one signal for each visit, as long as a clinician has something to decide."""
    vaccination = preparation.vaccination
    visit, key = vaccination.visit, f"vaccine-doubt:{preparation.vaccination_id}"
    waiting = list(
        VaccineConcern.objects.filter(
            preparation__vaccination=vaccination, state=ConcernState.OPEN, kind=ConcernKind.PRECAUTION
        ).select_related("preparation")
    )
    if not waiting:
        visit_actions.clear_signal(actor=actor, visit=visit, kind=SignalKind.NEEDS_HELP, source_ref=key)
        work_actions.finish_cause(actor=actor, once_key=key, outcome="decided")
        return
    groups = ", ".join(dict.fromkeys(row.preparation.group for row in waiting))
    visit_actions.raise_signal(
        actor=actor,
        visit=visit,
        kind=SignalKind.NEEDS_HELP,
        text=f"Clinician decides: {groups}",
        severity="confirm",
        source_ref=key,
    )
    work_actions.owe(
        actor=actor,
        kind="vaccine_doubt",
        title=f"Vaccine held, decide: {groups}"[:160],
        detail="\n".join(row.message for row in waiting),
        band="R2",
        patient=vaccination.patient,
        site=visit.site,
        pool="clinical",
        owner=visit.provider,
        subject_kind="visit",
        subject_ref=visit.public_id,
        url=f"/visits/{visit.public_id}/vaccines/",
        once_key=key,
    )
