"""A registry on loopback: takes VXU^V04, answers QBP^Q11 with history, candidates and a forecast of its own.

Its mood says how it behaves: `up`, `down` (drops every connection), `slow SECONDS`, `warn` (accepts with a warning),
`refuse` (AE to everything) or `busy` (an internal error that passes).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from mainstay.interop.hl7 import (
    Code,
    Fault,
    Malformed,
    Message,
    Segment,
    day_written,
    new_message,
    parse_message,
    read_file,
    segment,
    write_message,
)
from mainstay.interop.hl7.acknowledging import Ack, acknowledge, header_of
from mainstay.interop.hl7.values import moment_written
from mainstay.interop.hl7.writing import Value
from mainstay.interop.registries.answers import vaccine_of
from mainstay.interop.simulators.records import KnownPatient, Records, crude_forecast

MOODS = ("up", "down", "slow", "warn", "refuse", "busy")
KEPT = "messages.hl7"
MOOD_FILE = "mood"


class SimulatedRegistry:
    """Answers messages; with a folder it remembers what it accepted and reads its mood from there."""

    def __init__(self, now: Callable[[], datetime], *, folder: Path | None = None, zone: str = "America/New_York"):
        self._now, self._folder, self._zone = now, folder, ZoneInfo(zone)
        self._mood = "up"
        self._lock = threading.Lock()
        self._control = count(1)
        self.records = Records()
        self.heard: list[Message] = []
        """Every message that could be read, in the order it came."""
        if folder is not None and (folder / KEPT).is_file():
            for message in read_file((folder / KEPT).read_bytes()).parsed():
                self.records.take(message)

    @property
    def mood(self) -> str:
        """How it behaves now."""
        if self._folder is not None and (self._folder / MOOD_FILE).is_file():
            return (self._folder / MOOD_FILE).read_text(encoding="utf-8").strip() or "up"
        return self._mood

    def behave(self, mood: str) -> None:
        """From now on: one of `MOODS`, `slow` with its seconds. Raises `ValueError` for another."""
        if mood.split()[0] not in MOODS:
            raise ValueError(f"a registry cannot be {mood!r}; it can be {', '.join(MOODS)}")
        self._mood = mood
        if self._folder is not None:
            (self._folder / MOOD_FILE).write_text(mood + "\n", encoding="utf-8")

    def answer(self, octets: bytes, peer: str) -> bytes | None:
        """The answer to one message; None for silence."""
        mood = self.mood
        if mood == "down":
            return None
        if mood.startswith("slow"):
            time.sleep(float(mood.split()[1]))
        with self._lock:
            return write_message(self._answer(octets, mood))

    def _answer(self, octets: bytes, mood: str) -> Message:
        try:
            message = parse_message(octets)
        except Malformed as trouble:
            return self._ack(header_of(octets), Ack.REJECTED, [trouble.fault])
        self.heard.append(message)
        if mood == "busy":
            return self._ack(message.header, Ack.ERROR, [_fault("MSH", 0, Code.INTERNAL, "Try again later.")])
        if mood == "refuse":
            return self._ack(message.header, Ack.ERROR, [_fault("PID", 5, Code.MISSING, "Patient name is required.")])
        if message.kind == "QBP^Q11":
            return self._response(message)
        if message.kind != "VXU^V04":
            fault = _fault("MSH", 9, Code.MESSAGE_TYPE, f"{message.kind} is not taken here.")
            return self._ack(message.header, Ack.REJECTED, [fault])
        return self._take(message, octets, mood)

    def _take(self, message: Message, octets: bytes, mood: str) -> Message:
        key = (message.text("MSH-4"), message.control_id)
        if known := self.records.control_ids.get(key):
            return parse_message(known)
        if errors := list(_errors(message)):
            return self._ack(message.header, Ack.ERROR, errors)
        warnings = list(_warnings(message))
        if mood == "warn":
            warnings.append(_fault("RXR", 2, Code.TABLE, "The body site is not known here and was not kept."))
        self.records.take(message)
        answer = self._ack(message.header, Ack.ERROR if warnings else Ack.ACCEPTED, warnings, severity="W")
        self.records.control_ids[key] = write_message(answer)
        if self._folder is not None:
            with (self._folder / KEPT).open("ab") as kept:
                kept.write(octets.rstrip(b"\r\n") + b"\r")
        return answer

    def _ack(self, header: Segment, code: Ack, faults: list[Fault] | None = None, *, severity: str = "E") -> Message:
        faults = faults or []
        answer = acknowledge(
            header, code, control_id=f"SIM{next(self._control)}", now=self._now(), zone=self._zone, faults=faults
        )
        if severity == "E":
            return answer
        softened = [
            Segment(one.name, [*one.raw[:3], severity, *one.raw[4:]], one.marks) if one.name == "ERR" else one
            for one in answer.segments
        ]
        return Message(tuple(softened), answer.codec)

    def _response(self, query: Message) -> Message:
        qpd = query.first("QPD")
        tag = query.text("QPD-2")
        if qpd is None or not tag or not qpd.text(4) or not qpd.text(6):
            at = 2 if not tag else 4 if qpd is None or not qpd.text(4) else 6
            fault = _fault("QPD", at, Code.MISSING, "Required for a search.")
            return self._rsp(query, "Z33", "AE", Ack.ERROR, [fault], [])
        found, is_certain = self.records.matching(qpd)
        limit = int(query.text("RCP-2.1")) if query.text("RCP-2.1").isdecimal() else 10
        if not found:
            return self._rsp(query, "Z33", "NF", Ack.ACCEPTED, [], [])
        if len(found) > limit:
            return self._rsp(query, "Z33", "TM", Ack.ACCEPTED, [], [])
        if not is_certain:
            pids = [_pid(one, number) for number, one in enumerate(found, start=1)]
            return self._rsp(query, "Z31", "OK", Ack.ACCEPTED, [], pids)
        wants_forecast = query.text("QPD-1") == "Z44"
        body = [_pid(found[0], 1), *self._history(found[0])]
        body += self._forecast(found[0]) if wants_forecast else []
        return self._rsp(query, "Z42" if wants_forecast else "Z32", "OK", Ack.ACCEPTED, [], body)

    def _rsp(
        self, query: Message, profile: str, status: str, code: Ack, faults: list[Fault], body: list[Segment]
    ) -> Message:
        ack = self._ack(query.header, code, faults)
        head = {number: ack.header.text(number) for number in (3, 4, 5, 6, 7, 10, 11, 12)}
        fields: dict[int, Value] = {**head, 9: ("RSP", "K11", "RSP_K11"), 21: (profile, "CDCPHINVS")}
        qpd = [one for one in query.segments if one.name == "QPD"]
        name: Value = tuple(qpd[0].text(1, part) for part in (1, 2, 3)) if qpd else ""
        qak = segment("QAK", {1: query.text("QPD-2"), 2: status, 3: name})
        return new_message([segment("MSH", fields), *ack.segments[1:], qak, *qpd, *body])

    def _history(self, patient: KnownPatient) -> Iterator[Segment]:
        for dose in patient.doses:
            yield segment("ORC", {1: "RE", 3: dose.key, 17: dose.key[1]})
            yield dose.rxa
            if dose.rxr is not None:
                yield dose.rxr

    def _forecast(self, patient: KnownPatient) -> Iterator[Segment]:
        now = self._now()
        today = now.astimezone(self._zone).date()
        due = list(crude_forecast(patient, today=today))
        if not due:
            return
        yield segment("ORC", {1: "RE", 3: ("9999", "SIMREG")})
        nothing = ("998", "No vaccine administered", "CVX")
        written = moment_written(now, self._zone)
        yield segment("RXA", {1: "0", 2: "1", 3: written, 5: nothing, 6: "999", 20: "NA"})
        number = 0
        for group, (rule, dose_number, day) in enumerate(due, start=1):
            status = ("LA13423-1", "Overdue") if day < today else ("LA13422-3", "On schedule")
            facts: list[tuple[str, Value, Value]] = [
                ("CE", ("30956-7", "Vaccine type", "LN"), (rule.cvx, rule.words, "CVX")),
                ("CE", ("59779-9", "Immunization schedule used", "LN"), ("VXC16", "ACIP", "CDCPHINVS")),
                ("DT", ("30980-7", "Date vaccine due", "LN"), day_written(day)),
                ("NM", ("30973-2", "Dose number in series", "LN"), str(dose_number)),
                ("CE", ("59783-1", "Status in immunization series", "LN"), (*status, "LN")),
            ]
            for kind, question, value in facts:
                number += 1
                yield segment("OBX", {1: str(number), 2: kind, 3: question, 4: str(group), 5: value, 11: "F"})


def _pid(patient: KnownPatient, number: int) -> Segment:
    known: list[tuple[str, ...]] = [(patient.number, "", "", "SIMREG", "SR")]
    known += [
        (value, "", "", authority, "MR")
        for value, authority in sorted(patient.identifiers - {(patient.number, "SIMREG")})
    ]
    raw = [*patient.pid.raw, *[""] * 3]
    made = segment("PID", {1: str(number), 3: list(known)}, patient.pid.marks)
    return Segment("PID", [*made.raw[:3], *raw[3:]], patient.pid.marks)


def _fault(name: str, field: int, code: Code, words: str) -> Fault:
    return Fault(name, 1, field, code, words)


def _errors(message: Message) -> Iterator[Fault]:
    pid = message.first("PID")
    if pid is None or not pid.text(5) or not pid.text(7):
        yield _fault("PID", 7 if pid and pid.text(5) else 5, Code.MISSING, "Name and date of birth are required.")
    if message.first("RXA") is None:
        yield _fault("RXA", 0, Code.SEQUENCE, "There is no vaccination in it.")
    for number, rxa in enumerate(message.every("RXA"), start=1):
        if not vaccine_of(rxa)[0]:
            yield Fault("RXA", number, 5, Code.TABLE, "The vaccine code is not recognized.")


def _warnings(message: Message) -> Iterator[Fault]:
    """A new dose without its eligibility is kept, and complained of."""
    for group in message.groups("ORC"):
        rxa = next((one for one in group if one.name == "RXA"), None)
        is_new = rxa is not None and rxa.text(9) == "00" and rxa.text(20) == "CP"
        if is_new and not any(one.text(3) == "64994-7" for one in group if one.name == "OBX"):
            yield _fault("OBX", 5, Code.MISSING, "The eligibility for public vaccine is missing.")
