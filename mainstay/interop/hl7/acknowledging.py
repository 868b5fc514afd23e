"""Acknowledgments: what we answer to a message, and what an answer to ours means (HL7 2.5.1, 2.9 and 2.14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from mainstay.interop.hl7.faults import CODE_WORDS, Code, Fault
from mainstay.interop.hl7.message import Message, Segment
from mainstay.interop.hl7.parsing import VERSION
from mainstay.interop.hl7.values import moment_written
from mainstay.interop.hl7.writing import Value, new_message, segment

_SAME = {"CA": "AA", "CE": "AE", "CR": "AR"}
_PASSING = {"206", "207"}
"""Codes of a receiver in trouble, not of a message that is wrong: record locked, internal error."""


class Ack(StrEnum):
    """MSA-1."""

    ACCEPTED = "AA"
    ERROR = "AE"
    REJECTED = "AR"


@dataclass(frozen=True, slots=True)
class Complaint:
    """One ERR segment of an answer: where, how bad (E, W or I), the receiver's code and words."""

    place: str
    severity: str
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an acknowledgment says. `AE` with nothing worse than warnings is an acceptance (IZ guide 1.5, 5.2)."""

    code: str
    answers: str
    complaints: tuple[Complaint, ...] = ()

    @property
    def is_accepted(self) -> bool:
        """Whether the receiver keeps what was sent."""
        if self.code == Ack.ACCEPTED:
            return True
        told = {one.severity for one in self.complaints}
        return self.code == Ack.ERROR and bool(told) and told <= {"W", "I"}

    @property
    def has_warnings(self) -> bool:
        """Whether something was kept only in part, or is doubtful."""
        return any(one.severity == "W" for one in self.complaints) or (
            self.is_accepted and any(one.severity == "E" for one in self.complaints)
        )

    @property
    def may_pass(self) -> bool:
        """Whether the receiver itself is in trouble, so that the same message may be taken later."""
        errors = [one for one in self.complaints if one.severity not in ("W", "I")]
        return not self.is_accepted and bool(errors) and all(one.code in _PASSING for one in errors)


def verdict_of(answer: Message) -> Verdict | None:
    """What an answer says about our message; None if it is no acknowledgment at all."""
    msa = answer.first("MSA")
    if msa is None:
        return None
    code = msa.text(1).upper()
    complaints = [_complaint(err) for err in answer.every("ERR")]
    if msa.text(3) and not complaints:
        complaints.append(Complaint("", "I" if code in ("AA", "CA") else "E", "", msa.text(3)))
    return Verdict(_SAME.get(code, code), msa.text(2), tuple(complaints))


def _complaint(err: Segment) -> Complaint:
    place, first = err.text(2), err.text(2, 3)
    if first:
        place = f"{place}-{first}"
    elif err.text(2, 2) and not place.startswith("MSH"):
        place = f"{place}-{err.text(2, 2)}"
    severity = err.text(4) or "E"
    words = err.text(8) or err.text(7) or err.text(3, 2) or err.text(5, 2) or err.text(1)
    return Complaint(place, severity.upper(), err.text(3), words)


def acknowledge(
    header: Segment, code: Ack, *, control_id: str, now: datetime, zone: ZoneInfo, faults: Sequence[Fault] = ()
) -> Message:
    """The answer to a message with this MSH; each fault becomes an ERR segment. `control_id` is the answer's own."""
    event = header.text(9, 2)
    fields: dict[int, Value] = {
        3: _whole(header, 5),
        4: _whole(header, 6),
        5: _whole(header, 3),
        6: _whole(header, 4),
        7: moment_written(now, zone),
        9: ("ACK", event, "ACK") if event else "ACK",
        10: control_id,
        11: header.text(11) if header.text(11) in ("P", "T", "D") else "P",
        12: header.text(12) if VERSION.fullmatch(header.text(12)) else "2.5.1",
    }
    answered = header.text(10)
    errors = [segment("ERR", _err(fault)) for fault in faults]
    return new_message([segment("MSH", fields), segment("MSA", {1: code.value, 2: answered}), *errors])


def _err(fault: Fault) -> dict[int, Value]:
    place = (
        fault.segment,
        str(fault.number),
        str(fault.field) if fault.field else "",
        "1" if fault.field else "",
        str(fault.component) if fault.component else "",
    )
    return {2: place, 3: (fault.code.value, CODE_WORDS[fault.code], "HL70357"), 4: "E", 8: fault.words}


def _whole(header: Segment, number: int) -> tuple[str, ...]:
    return tuple(header.text(number, part) for part in (1, 2, 3))


def header_of(octets: bytes) -> Segment:
    """The MSH of bytes of which nothing else may be readable, as far as it goes: enough to answer its sender."""
    text = octets.removeprefix(b"\xef\xbb\xbf").lstrip()[:2000].decode("ascii", "replace")
    line = text.splitlines()[0] if text[:3] == "MSH" and len(text) > 8 else "MSH|^~\\&|"
    separator, component = line[3], line[4]
    fields = [*line.split(separator)[2:12], *[""] * 10][:10]
    parts = [tuple(field.split(component)) for field in fields]
    return segment("MSH", dict(enumerate(parts, start=3)))


def ack_code_for(fault: Fault) -> Ack:
    """AR for what is wrong with the message as a message, AE for what is wrong inside it."""
    about_message = fault.segment == "MSH" or fault.code in (Code.MESSAGE_TYPE, Code.EVENT, Code.VERSION)
    return Ack.REJECTED if about_message else Ack.ERROR
