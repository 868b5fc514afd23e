"""The provider's note: written, signed, amended, and owed until it is signed."""

from __future__ import annotations

from django.db import transaction

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.foundation.errors import InvalidInput, Stale
from mainstay.foundation.moves import begin, locked, take_step
from mainstay.rooming.errors import NoteIsSigned
from mainstay.rooming.lifecycle import NOTE_OWED, NoteState, note_lifecycle
from mainstay.rooming.models import ProviderNote
from mainstay.rooming.permissions import SIGN_NOTE
from mainstay.visits import actions as visit_actions
from mainstay.visits.events import PatientLeft, VisitClosed
from mainstay.visits.lifecycle import visit_lifecycle
from mainstay.visits.models import Visit
from mainstay.visits.queries import who_saw
from mainstay.work import actions as work_actions
from mainstay.work.lifecycle import Closing
from mainstay.workforce.models import Staff


@transaction.atomic
def write_note(
    *, actor: Actor, visit: Visit, text: str, plan_for_patient: str = "", seen: str | None = None
) -> ProviderNote:
    """Write or go on writing one's own note on a visit; unsigned, it may change.

    `seen` is the text the page showed: anything else in the database is `Stale`. Begun after the visit is over, it is
    owed from the start.
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
        if visit.stage in visit_lifecycle.final:
            _owe_note(visit, note.author, "Begun and not signed.")
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
    work_actions.finish_cause(actor=actor, once_key=_cause(fresh.visit, fresh.author_id), outcome="Signed.")
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


def owe_notes(event: VisitClosed | PatientLeft) -> None:
    """The patient is gone and a note is not signed, or not begun: its provider owes it, with a clock.

    The medical assistant closes the visit without waiting for the signature; whoever saw the patient, and whoever
    began a note, has it on their list until they sign.
    """
    visit = Visit.objects.select_related("patient", "site").get(pk=event.visit_id)
    notes = list(ProviderNote.objects.filter(visit=visit).select_related("author"))
    for note in notes:
        if note.state == NoteState.DRAFT:
            _owe_note(visit, note.author, "Begun and not signed.")
    saw = who_saw(visit)
    if saw is not None and saw.pk not in {note.author_id for note in notes}:
        _owe_note(visit, saw, "Nothing is written yet.")


def _owe_note(visit: Visit, author: Staff, detail: str) -> None:
    work_actions.owe(
        actor=the_system(now=clock.now(), zone=visit.site.zone),
        kind=NOTE_OWED,
        title=f"Note to sign: {visit.visit_type.name}",
        detail=detail,
        patient=visit.patient,
        site=visit.site,
        band="R4",
        owner=author,
        closing=Closing.BY_CLINICIAN,
        subject_kind="visit",
        subject_ref=visit.public_id,
        url=f"/provider/{visit.public_id}/",
        once_key=_cause(visit, author.pk),
    )


def _cause(visit: Visit, author_id: int) -> str:
    return f"note:{visit.pk}:{author_id}"
