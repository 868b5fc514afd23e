"""Taking in what partners send: stored first, read second, answered last."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.db import OperationalError, transaction

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor
from mainstay.foundation.moves import locked
from mainstay.interop.hl7 import Code, Fault, Malformed, Message, Segment, parse_message, write_message
from mainstay.interop.hl7.acknowledging import Ack, ack_code_for, acknowledge, header_of
from mainstay.interop.models import InboundMessage, InboundOutcome
from mainstay.interop.permissions import RECEIVE
from mainstay.interop.queries.matching import patient_meant
from mainstay.interop.queries.registry import plan_for
from mainstay.interop.registries.answers import told_in_update
from mainstay.people.models import Patient
from mainstay.work import actions as work

PLAIN_HEADER = (
    (10, "The control id is missing."),
    (11, "The processing id is missing."),
    (12, "The version is missing."),
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a message: the patient it is about, or the fault that keeps it from being used."""

    patient: Patient | None = None
    fault: Fault | None = None


TAKEN_BEFORE = Taken(
    fault=Fault("MSH", 1, 10, Code.DUPLICATE_KEY, "This control id was used before, for another content.")
)


def take_message(*, actor: Actor, octets: bytes, peer: str = "") -> bytes | None:
    """Keep a message, do what it says once, and give the answer; None where the database is in trouble.

    The bytes are committed before anything is read. The same bytes under the same control id get the same answer and
    have no second effect. No answer means that the sender sends again.
    """
    actor.may(RECEIVE).or_raise()
    try:
        message = store_message(actor=actor, octets=octets, peer=peer)
        return bytes(settle_message(actor=actor, message=message).answer)
    except OperationalError:
        return None


@transaction.atomic
def store_message(*, actor: Actor, octets: bytes, peer: str = "") -> InboundMessage:
    """Commit the bytes of a message; those that were here before are found again."""
    header = _header(octets)
    sender = "^".join((header.text(3), header.text(4)))[:160].replace("\0", "")
    made, _ = InboundMessage.objects.get_or_create(
        sender=sender,
        control_id=header.text(10)[:199].replace("\0", ""),
        sha256=hashlib.sha256(octets).hexdigest(),
        repair_of=None,
        defaults={
            "kind": "^".join(part for part in (header.text(9), header.text(9, 2)) if part)[:20].replace("\0", ""),
            "body": octets,
            "peer": peer[:60],
            "received_at": actor.now,
        },
    )
    return made


@transaction.atomic
def settle_message(*, actor: Actor, message: InboundMessage) -> InboundOutcome:
    """Do what a stored message says, once, and write down the answer."""
    fresh, is_taken = _locked_with_its_namesakes(message)
    there = fresh.outcomes.filter(is_dismissed=False).first()
    if there is not None:
        return there
    taken = TAKEN_BEFORE if is_taken else _take(actor, fresh)
    header = _header(bytes(fresh.body))
    code = ack_code_for(taken.fault) if taken.fault else Ack.ACCEPTED
    answer = acknowledge(
        header,
        code,
        control_id=f"A{fresh.pk}",
        now=actor.now,
        zone=actor.zone,
        faults=[taken.fault] if taken.fault else [],
    )
    outcome = InboundOutcome.objects.create(
        message=fresh,
        code=code.value,
        answer=write_message(answer),
        place=taken.fault.place[:40] if taken.fault else "",
        words=taken.fault.words[:300].replace("\0", "") if taken.fault else "",
        patient=taken.patient,
        at=actor.now,
        by_id=actor.staff_id,
    )
    if taken.fault:
        _owe_look(actor, fresh, taken.fault)
    return outcome


def _locked_with_its_namesakes(message: InboundMessage) -> tuple[InboundMessage, bool]:
    """A message, locked with every other of its sender and control id, and whether one of those was answered before.

    All are committed before any is settled, so of several that come at once the first to be settled is the message.
    """
    if not message.control_id or message.repair_of_id is not None:
        return locked(InboundMessage.objects.all(), pk=message.pk), False
    same = InboundMessage.objects.filter(sender=message.sender, control_id=message.control_id, repair_of=None)
    rows = {row.pk: row for row in same.select_for_update(of=("self",)).order_by("pk")}
    others = [pk for pk in rows if pk != message.pk]
    return rows[message.pk], InboundOutcome.objects.filter(message__in=others).exists()


def _take(actor: Actor, stored: InboundMessage) -> Taken:
    try:
        message = parse_message(bytes(stored.body))
    except Malformed as trouble:
        return Taken(fault=trouble.fault)
    for number, words in PLAIN_HEADER:
        if not message.header.text(number):
            return Taken(fault=Fault("MSH", 1, number, Code.MISSING, words))
    reader = READERS.get(message.kind)
    if reader is None:
        words = f"{message.kind} is not taken here. It was kept."
        return Taken(fault=Fault("MSH", 1, 9, Code.MESSAGE_TYPE, words))
    return reader(actor, stored, message)


def _take_update(actor: Actor, stored: InboundMessage, message: Message) -> Taken:
    """Doses somebody tells us of: shown beside ours for a person to bring in, never written into a chart unseen."""
    pid = message.first("PID")
    if pid is None:
        return Taken(fault=Fault("PID", 1, 0, Code.SEQUENCE, "There is no patient in it."))
    patient = patient_meant(pid)
    if patient is None:
        return Taken(fault=Fault("PID", 1, 3, Code.UNKNOWN_KEY, "Nobody here has this number, nor this name and day."))
    told = told_in_update(message)
    if told.unread:
        return Taken(fault=Fault("RXA", 1, 5, Code.MISSING, told.unread[0]))
    plan = plan_for(patient, told, actor.today)
    if plan.new:
        work.owe(
            actor=actor,
            kind="registry_doses",
            title=f"{len(plan.new)} vaccine doses from elsewhere to look at",
            detail="They were sent to us and are not in the record. Compare, then bring them in.",
            band="R5",
            patient=patient,
            pool="clinical_support",
            url=f"/patients/{patient.public_id}/registry/",
            subject_kind="inbound_message",
            subject_ref=stored.public_id,
            once_key=f"registry-doses-{patient.public_id}",
        )
    return Taken(patient=patient)


Reader = Callable[[Actor, InboundMessage, Message], Taken]
READERS: dict[str, Reader] = {"VXU^V04": _take_update}
"""What is taken in, by type and event."""


def _owe_look(actor: Actor, message: InboundMessage, fault: Fault) -> None:
    work.owe(
        actor=actor,
        kind="dead_letter",
        title=f"A message from {message.sender.strip('^') or 'an unknown sender'} could not be used",
        detail=f"{fault.place}: see the dead letters.",
        band="R5",
        pool="lead",
        url=f"/registries/received/{message.public_id}/",
        subject_kind="inbound_message",
        subject_ref=message.public_id,
        once_key=f"dead-letter-{message.public_id}",
    )


def _header(octets: bytes) -> Segment:
    try:
        return parse_message(octets).header
    except Malformed:
        return header_of(octets)


def answer_too_large(actor: Actor) -> bytes:
    """The answer to a message larger than we take, of which nothing was kept."""
    fault = Fault("MSH", 1, 0, Code.INTERNAL, "The message is larger than this listener takes.")
    answer = acknowledge(
        header_of(b""), Ack.REJECTED, control_id="A0", now=actor.now, zone=actor.zone, faults=[replace(fault)]
    )
    return write_message(answer)


def answering(actor: Actor) -> Callable[[bytes, str], bytes | None]:
    """What a listener calls for each message, in whichever thread, with the time as it is then."""
    from django.db import connection

    def answer(octets: bytes, peer: str) -> bytes | None:
        try:
            return take_message(actor=replace(actor, now=clock.now()), octets=octets, peer=peer)
        finally:
            connection.close()

    return answer
