"""Messages that were refused: an edited copy beside the original, sent or read again; or put aside with a reason."""

from __future__ import annotations

import hashlib

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.moves import locked, take_step
from mainstay.interop.actions.listening import settle_message
from mainstay.interop.actions.reporting import new_control_id, queue_message, wake_sender
from mainstay.interop.hl7 import Malformed, Message, Segment, parse_message
from mainstay.interop.lifecycle import OutboundState, outbound_lifecycle
from mainstay.interop.models import InboundMessage, InboundOutcome, OutboundMessage, Purpose
from mainstay.interop.permissions import MEND
from mainstay.work import actions as work


@transaction.atomic
def resend_repaired(*, actor: Actor, message: OutboundMessage, text: str, reason: str) -> OutboundMessage:
    """Send an edited copy of a refused message; the original stays beside it and says by what it was replaced.

    The copy is another message, so it gets a control id of its own. Raises `InvalidInput` naming segment and field for
    what cannot be read, and `IllegalMove` for a message that was not refused.
    """
    actor.may(MEND).or_raise()
    if not reason.strip():
        raise InvalidInput("Say what you changed and why.", field="reason")
    fresh = locked(OutboundMessage.objects.all(), pk=message.pk)
    edited = _edited(text)
    if edited.kind != fresh.kind:
        raise InvalidInput(f"It has to stay a {fresh.kind}.", field="text")
    take_step(fresh, outbound_lifecycle, "replace", actor=actor, reason=reason.strip()[:300])
    fresh.save(update_fields=["state"])
    raw = [*edited.header.raw]
    raw[9] = new_control_id()
    header = Segment("MSH", raw, edited.header.marks, edited.header.end)
    return queue_message(
        actor=actor,
        connection=fresh.connection,
        message=Message((header, *edited.segments[1:]), edited.codec, edited.mark),
        purpose=Purpose(fresh.purpose),
        patient=fresh.patient,
        dose_ref=fresh.dose_ref,
        action=fresh.action,
        what=fresh.what,
        repair_of=fresh,
    )


@transaction.atomic
def withdraw_message(*, actor: Actor, message: OutboundMessage, reason: str) -> OutboundMessage:
    """Let a message that waits or was refused not be sent any more."""
    actor.may(MEND).or_raise()
    if not reason.strip():
        raise InvalidInput("Say why it is not to be sent.", field="reason")
    fresh = locked(OutboundMessage.objects.all(), pk=message.pk)
    take_step(fresh, outbound_lifecycle, "withdraw", actor=actor, reason=reason.strip()[:300])
    fresh.save(update_fields=["state"])
    once_key = f"registry-answer-{fresh.dose_ref or fresh.control_id}"
    work.finish_cause(actor=actor, once_key=once_key, outcome=f"Not to be sent: {reason.strip()}")
    return fresh


@transaction.atomic
def send_now(*, actor: Actor, message: OutboundMessage) -> OutboundMessage:
    """Let a waiting message go out at the next occasion instead of its turn."""
    actor.may(MEND).or_raise()
    fresh = locked(OutboundMessage.objects.all(), pk=message.pk)
    if fresh.state != OutboundState.QUEUED:
        raise IllegalMove("It does not wait any more.")
    fresh.next_try_at = actor.now
    fresh.save(update_fields=["next_try_at"])
    wake_sender()
    return fresh


@transaction.atomic
def read_repaired(*, actor: Actor, message: InboundMessage, text: str) -> InboundOutcome:
    """Read an edited copy of a message that was refused; the original stays, and its sender is not asked again.

    Raises `InvalidInput` naming segment and field for what cannot be read, and `IllegalMove` for one mended already.
    """
    actor.may(MEND).or_raise()
    fresh = locked(InboundMessage.objects.all(), pk=message.pk)
    if fresh.repairs.exists() or fresh.outcomes.filter(code="AA").exists():
        raise IllegalMove("This message needs no repair any more.")
    edited = _edited(text)
    octets = _wire(text).encode()
    copy = InboundMessage.objects.create(
        sender=fresh.sender,
        control_id=fresh.control_id,
        kind=edited.kind[:20],
        body=octets,
        sha256=hashlib.sha256(octets).hexdigest(),
        peer=fresh.peer,
        received_at=actor.now,
        repair_of=fresh,
        repaired_by_id=actor.staff_id,
    )
    outcome = settle_message(actor=actor, message=copy)
    work.finish_cause(actor=actor, once_key=f"dead-letter-{fresh.public_id}", outcome="Repaired.")
    return outcome


@transaction.atomic
def put_aside(*, actor: Actor, message: InboundMessage, reason: str) -> InboundOutcome:
    """Put a refused message aside: it is kept, and nobody is asked about it any more."""
    actor.may(MEND).or_raise()
    if not reason.strip():
        raise InvalidInput("Say why it can be put aside.", field="reason")
    fresh = locked(InboundMessage.objects.all(), pk=message.pk)
    refused = fresh.outcomes.first()
    if fresh.outcomes.filter(code="AA").exists() or fresh.outcomes.filter(is_dismissed=True).exists():
        raise IllegalMove("This message is not among the dead letters.")
    work.finish_cause(actor=actor, once_key=f"dead-letter-{fresh.public_id}", outcome=reason.strip())
    return InboundOutcome.objects.create(
        message=fresh,
        code=refused.code if refused else "AE",
        answer=refused.answer if refused else b"",
        place=refused.place if refused else "",
        words=reason.strip()[:300],
        at=actor.now,
        by_id=actor.staff_id,
        is_dismissed=True,
    )


def _edited(text: str) -> Message:
    try:
        return parse_message(_wire(text).encode())
    except Malformed as trouble:
        raise InvalidInput(trouble.message, field="text") from None


def _wire(text: str) -> str:
    """Lines of a text box as segments."""
    return "".join(line + "\r" for line in text.replace("\r\n", "\n").split("\n") if line.strip())
