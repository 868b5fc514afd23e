"""Sending what waits: one message after the other, the same bytes under the same id until an answer is in."""

from __future__ import annotations

from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from mainstay.foundation.actor import Actor
from mainstay.foundation.moves import locked, take_step
from mainstay.foundation.sealing import SealBroken
from mainstay.interop.hl7 import Malformed, Message, parse_message
from mainstay.interop.hl7.acknowledging import Complaint, Verdict, verdict_of
from mainstay.interop.hl7.framing import Client, NoAnswer
from mainstay.interop.lifecycle import OutboundState, outbound_lifecycle
from mainstay.interop.models import OutboundMessage, OutboundReply, Purpose, RegistryConnection
from mainstay.interop.queries.wires import address_of_registry
from mainstay.interop.registries.answers import Found, answer_of
from mainstay.interop.registries.words import complaint_in_words
from mainstay.work import actions as work

LONGEST_WAIT = timedelta(minutes=15)
LOST_AFTER = timedelta(minutes=3)
SILENT_AFTER = timedelta(hours=1)
ANSWER_WITHIN = 20.0
AT_ONCE = 200
GIVE_UP_AFTER = 6
"""Answers that answer something else, after which a person looks."""


def send_waiting(*, actor: Actor, connection: RegistryConnection, timeout: float = ANSWER_WITHIN) -> int:
    """Send what is due to one registry, oldest first; returns how many were answered.

    Stops at the first silence: what waits goes out again, later and later, at most every fifteen minutes, and under
    the same control id. Nothing is held in a transaction while the registry is waited for.
    """
    _find_lost(actor, connection)
    _tell_of_silence(actor, connection)
    began, ticks = actor.now, monotonic()
    answered, claimed = 0, None
    try:
        claimed = _claim(actor, connection)
        if claimed is None:
            return 0
        with Client(address_of_registry(connection), timeout=timeout) as client:
            while claimed is not None:
                reply = client.ask(bytes(claimed.body))
                settle(actor=actor.at(began + timedelta(seconds=monotonic() - ticks)), message=claimed, reply=reply)
                answered += 1
                claimed = _claim(actor, connection) if answered < AT_ONCE else None
    except (NoAnswer, SealBroken, OSError) as trouble:
        is_file = isinstance(trouble, OSError)
        words = f"The certificates cannot be used ({type(trouble).__name__})." if is_file else str(trouble)
        if claimed is not None:
            _wait_again(actor, claimed, words)
    if answered:
        _is_there_again(actor, connection)
    return answered


def _due(connection: RegistryConnection, at: datetime) -> QuerySet[OutboundMessage]:
    """What may go now; a later message about a dose never overtakes an earlier one."""
    earlier = OutboundMessage.objects.filter(
        dose_ref=OuterRef("dose_ref"), pk__lt=OuterRef("pk"), state__in=[OutboundState.QUEUED, OutboundState.SENT]
    )
    waiting = OutboundMessage.objects.filter(connection=connection, state=OutboundState.QUEUED, next_try_at__lte=at)
    return waiting.filter(~Exists(earlier)).order_by("-purpose", "pk")


@transaction.atomic
def _claim(actor: Actor, connection: RegistryConnection) -> OutboundMessage | None:
    """Mark the next message as on its way, committed before a byte of it leaves."""
    message = _due(connection, actor.now).select_for_update(skip_locked=True, of=("self",)).first()
    if message is None:
        return None
    take_step(message, outbound_lifecycle, "send", actor=actor)
    message.attempts += 1
    message.sent_at = actor.now
    message.save(update_fields=["state", "attempts", "sent_at"])
    return message


@transaction.atomic
def _wait_again(actor: Actor, message: OutboundMessage, why: str) -> OutboundMessage:
    """No answer came: the message waits, longer each time."""
    fresh = locked(OutboundMessage.objects.all(), pk=message.pk)
    if fresh.state != OutboundState.SENT:
        return fresh
    take_step(fresh, outbound_lifecycle, "wait_again", actor=actor, reason=why[:300])
    pause = min(LONGEST_WAIT, timedelta(seconds=15 * 2 ** min(fresh.attempts - 1, 10)))
    fresh.next_try_at = actor.now + pause
    fresh.trouble = why[:300]
    fresh.save(update_fields=["state", "next_try_at", "trouble"])
    OutboundMessage.objects.filter(
        connection=fresh.connection, state=OutboundState.QUEUED, next_try_at__lt=fresh.next_try_at
    ).update(next_try_at=fresh.next_try_at)
    return fresh


@transaction.atomic
def _find_lost(actor: Actor, connection: RegistryConnection) -> int:
    """Let messages wait again whose sender died before an answer was in; the registry knows them by their id."""
    lost = OutboundMessage.objects.select_for_update(skip_locked=True).filter(
        connection=connection, state=OutboundState.SENT, sent_at__lt=actor.now - LOST_AFTER
    )
    for message in lost:
        take_step(message, outbound_lifecycle, "wait_again", actor=actor, reason="The sending was interrupted.")
        message.next_try_at = actor.now
        message.save(update_fields=["state", "next_try_at"])
    return len(lost)


@transaction.atomic
def settle(*, actor: Actor, message: OutboundMessage, reply: bytes) -> OutboundMessage:
    """Keep an answer and move its message by it; an answer to something else is kept and moves nothing on."""
    fresh = locked(OutboundMessage.objects.select_related("connection", "patient"), pk=message.pk)
    answer, verdict = _read(reply)
    OutboundReply.objects.create(
        message=fresh, body=reply, code=verdict.code[:2] if verdict else "", received_at=actor.now
    )
    if fresh.state != OutboundState.SENT:
        return fresh
    if answer is None or verdict is None or (verdict.answers and verdict.answers != fresh.control_id):
        if fresh.replies.count() < GIVE_UP_AFTER:
            return _wait_again(actor, fresh, "What came back is no answer to this message.")
        verdict = Verdict("AR", fresh.control_id, (Complaint("", "E", "", "What comes back is no answer to this."),))
    if verdict.may_pass:
        return _wait_again(actor, fresh, _in_words(verdict) or "The registry is in trouble.")
    step = _step_for(fresh, answer, verdict)
    take_step(fresh, outbound_lifecycle, step, actor=actor, reason=_in_words(verdict)[:300])
    fresh.trouble = _in_words(verdict)[:300]
    fresh.save(update_fields=["state", "trouble"])
    if fresh.purpose == Purpose.REPORT:
        _tell_of_answer(actor, fresh, verdict)
    return fresh


def _read(reply: bytes) -> tuple[Message | None, Verdict | None]:
    try:
        answer = parse_message(reply)
    except Malformed:
        return None, None
    return answer, verdict_of(answer)


def _step_for(message: OutboundMessage, answer: Message | None, verdict: Verdict) -> str:
    if message.purpose == Purpose.QUERY:
        return "reject" if answer is None or answer_of(answer).found is Found.ERROR else "answer"
    if not verdict.is_accepted:
        return "reject"
    return "accept_with_warnings" if verdict.has_warnings else "accept"


def _in_words(verdict: Verdict) -> str:
    return " ".join(complaint_in_words(one) for one in verdict.complaints)


def _tell_of_answer(actor: Actor, message: OutboundMessage, verdict: Verdict) -> None:
    """A refusal, and a warning a person can do something about, become work in plain words."""
    once_key = f"registry-answer-{message.dose_ref or message.control_id}"
    if verdict.is_accepted and not verdict.has_warnings:
        work.finish_cause(actor=actor, once_key=once_key, outcome="The registry has it now.")
        return
    refused = not verdict.is_accepted
    work.owe(
        actor=actor,
        kind="registry_answer",
        title=f"The registry {'refused' if refused else 'warned about'} {message.what}",
        detail=_in_words(verdict) or "The registry did not say why.",
        band="R4" if refused else "R5",
        patient=message.patient,
        site=message.connection.site,
        pool="clinical_support" if message.patient else "lead",
        url=f"/patients/{message.patient.public_id}/registry/" if message.patient else "",
        subject_kind="outbound_message",
        subject_ref=message.public_id,
        once_key=once_key,
    )


@transaction.atomic
def _tell_of_silence(actor: Actor, connection: RegistryConnection) -> None:
    waiting = OutboundMessage.objects.filter(
        connection=connection, state=OutboundState.QUEUED, attempts__gt=0, replies__isnull=True
    )
    oldest = waiting.order_by("created_at").first()
    if oldest is None or actor.now - oldest.created_at < SILENT_AFTER:
        return
    work.owe(
        actor=actor,
        kind="registry_silent",
        title=f"{connection.name} has not answered for over an hour",
        detail="Nothing is lost: reports wait and go out by themselves. Ask the registry's help desk if it lasts.",
        band="R5",
        site=connection.site,
        pool="lead",
        url="/registries/messages/",
        once_key=f"registry-silent-{connection.pk}",
    )


@transaction.atomic
def _is_there_again(actor: Actor, connection: RegistryConnection) -> None:
    """The registry answers: what waits goes out at once, and the silence is no work any more."""
    OutboundMessage.objects.filter(
        connection=connection, state=OutboundState.QUEUED, replies__isnull=True, next_try_at__gt=actor.now
    ).update(next_try_at=actor.now)
    work.finish_cause(actor=actor, once_key=f"registry-silent-{connection.pk}", outcome="It answers again.")
