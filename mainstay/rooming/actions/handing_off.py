"""The hand-off to the provider, and the provider's note."""

from __future__ import annotations

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput, Stale
from mainstay.foundation.moves import begin, locked, take_step
from mainstay.rooming.actions.intake import opened_intake
from mainstay.rooming.errors import NobodyTold, NoteIsSigned
from mainstay.rooming.lifecycle import LoopState, NoteState, note_lifecycle
from mainstay.rooming.models import AbnormalLoop, Intake, ProviderNote
from mainstay.rooming.permissions import ROOM_PATIENT, SIGN_NOTE
from mainstay.visits import actions as visit_actions
from mainstay.visits.models import Visit
from mainstay.work import actions as work_actions
from mainstay.work.models import Handoff
from mainstay.workforce.models import Staff


@transaction.atomic
def hand_off_to_provider(
    *, actor: Actor, visit: Visit, to: Staff, situation: str, background: str = "", request: str = ""
) -> Intake:
    """Hand a roomed patient off to the provider, who must acknowledge; the board says ready.

    Raises `NobodyTold` while an urgent value has not been told to anybody.
    """
    actor.may(ROOM_PATIENT).or_raise()
    intake = opened_intake(visit)
    waiting = AbnormalLoop.objects.filter(visit=visit, state=LoopState.OPEN, is_now=True)
    if waiting.exists():
        raise NobodyTold("Tell the provider first: " + "; ".join(waiting.values_list("message", flat=True)))
    urgent = AbnormalLoop.objects.filter(visit=visit, is_now=True).exclude(state=LoopState.CLOSED).exists()
    intake.handoff = work_actions.hand_off(
        actor=actor,
        to=to,
        situation=situation,
        background=background,
        request=request,
        patient=visit.patient,
        visit_ref=visit.public_id,
        urgency="urgent" if urgent else "routine",
    )
    intake.version += 1
    intake.save()
    if visit.stage == "rooming":
        visit_actions.mark_ready(actor=actor, visit=visit)
    return intake


@transaction.atomic
def acknowledge(*, actor: Actor, handoff: Handoff, read_back: str = "") -> Handoff:
    """The provider has it."""
    return work_actions.acknowledge_handoff(actor=actor, handoff=handoff, read_back=read_back)


@transaction.atomic
def write_note(
    *, actor: Actor, visit: Visit, text: str, plan_for_patient: str = "", seen: str | None = None
) -> ProviderNote:
    """Write or go on writing one's own note on a visit; unsigned, it may change.

    `seen` is the text the page showed: anything else in the database is `Stale`.
    """
    actor.may(SIGN_NOTE).or_raise()
    note = (
        ProviderNote.objects.select_for_update(of=("self",))
        .filter(visit=visit, author_id=actor.staff_id, state=NoteState.DRAFT)
        .first()
    )
    if note is None:
        note = ProviderNote.objects.create(
            visit=visit, author_id=actor.staff_id, text=text, plan_for_patient=plan_for_patient
        )
        begin(note, note_lifecycle, actor=actor)
        return note
    if seen is not None and note.text != seen:
        raise Stale("This note has changed in another window. Look at it before you save.")
    note.text, note.plan_for_patient = text, plan_for_patient
    note.save()
    return note


@transaction.atomic
def sign_note(*, actor: Actor, note: ProviderNote) -> ProviderNote:
    """Sign one's own note. From now on it is amended, never changed."""
    fresh = locked(ProviderNote.objects.select_related("visit"), pk=note.pk)
    if fresh.author_id != actor.staff_id:
        raise InvalidInput("Only its author signs a note.")
    if fresh.state != NoteState.DRAFT:
        raise NoteIsSigned()
    if not fresh.text.strip():
        raise InvalidInput("The note is empty.", field="text")
    take_step(fresh, note_lifecycle, "sign", actor=actor)
    fresh.signed_at = actor.now
    fresh.save()
    if fresh.plan_for_patient.strip():
        visit_actions.tell_plan(actor=actor, visit=fresh.visit, plan=fresh.plan_for_patient)
    return fresh


@transaction.atomic
def amend_note(*, actor: Actor, note: ProviderNote, text: str, because: str) -> ProviderNote:
    """Put an amended note, signed, beside a signed one, with the reason."""
    if not because.strip():
        raise InvalidInput("Say why the note is amended.", field="because")
    old = locked(ProviderNote.objects.select_related("visit"), pk=note.pk)
    if old.author_id != actor.staff_id:
        raise InvalidInput("Only its author amends a note.")
    take_step(old, note_lifecycle, "amend", actor=actor, reason=because.strip()[:300])
    old.save()
    new = ProviderNote.objects.create(
        visit=old.visit,
        author_id=actor.staff_id,
        text=text,
        plan_for_patient=old.plan_for_patient,
        amends=old,
        amended_because=because.strip()[:200],
    )
    begin(new, note_lifecycle, actor=actor)
    return sign_note(actor=actor, note=new)
