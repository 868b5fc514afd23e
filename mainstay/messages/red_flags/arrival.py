"""The screen at the door: who must not sit in the waiting room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from mainstay.foundation.findings import Finding, Severity
from mainstay.foundation.tables import read_toml
from mainstay.messages.red_flags.model import PACKAGE, Words

YES_OR_DOUBT = frozenset({"yes", "unsure"})


class Place(StrEnum):
    """Where somebody who arrives waits."""

    WAITING_ROOM = "waiting_room"
    APART = "apart"
    ROOM_NOW = "room_now"


class Precautions(StrEnum):
    """What protects the others, least first."""

    STANDARD = "standard"
    CONTACT = "contact"
    DROPLET = "droplet"
    AIRBORNE = "airborne"


@dataclass(frozen=True, slots=True)
class ArrivalQuestion:
    """One question asked at the door."""

    code: str
    ask: Words


@dataclass(frozen=True, slots=True)
class ArrivalRule:
    """What a set of answers at the door demands."""

    code: str
    all_of: frozenset[str]
    any_of: frozenset[str]
    place: Place
    precautions: Precautions
    close_room_minutes: int
    do: str

    def applies(self, yes: frozenset[str]) -> bool:
        """Whether these yes answers bring the rule into force."""
        return self.all_of <= yes and (not self.any_of or bool(self.any_of & yes))


@dataclass(frozen=True, slots=True)
class ArrivalDecision:
    """Where to go, what to wear, what to do, and how long the room stays closed afterwards."""

    place: Place
    precautions: Precautions
    do: tuple[str, ...]
    close_room_minutes: int
    findings: tuple[Finding, ...]
    unasked: tuple[str, ...]


@cache
def arrival_questions() -> tuple[ArrivalQuestion, ...]:
    """The questions asked at the door (`tables/arrival.toml`)."""
    rows = read_toml(PACKAGE, "arrival.toml")["question"]
    return tuple(ArrivalQuestion(r["code"], Words(r["en"], r["es"])) for r in rows)


@cache
def arrival_rules() -> tuple[ArrivalRule, ...]:
    """The rules of the door, most careful first (`tables/arrival.toml`)."""
    return tuple(
        ArrivalRule(
            code=r["code"],
            all_of=frozenset(r.get("all", ())),
            any_of=frozenset(r.get("any", ())),
            place=Place(r["place"]),
            precautions=Precautions(r["precautions"]),
            close_room_minutes=r["close_room_minutes"],
            do=r["do"],
        )
        for r in read_toml(PACKAGE, "arrival.toml")["rule"]
    )


def arrival_screen(answers: Mapping[str, str]) -> ArrivalDecision:
    """Where somebody waits after the answers given at the door (`yes`, `no`, `unsure` by question code).

    Fever with rash goes straight to a closed room. Not being sure counts as yes.
    Raises `KeyError` for a question that does not exist.
    """
    known = [question.code for question in arrival_questions()]
    if strange := set(answers) - set(known):
        raise KeyError(sorted(strange)[0])
    yes = frozenset(code for code, answer in answers.items() if answer in YES_OR_DOUBT)
    rules = [rule for rule in arrival_rules() if rule.applies(yes)]
    places, wears = list(Place), list(Precautions)
    place = max((rule.place for rule in rules), key=places.index, default=Place.WAITING_ROOM)
    wear = max((rule.precautions for rule in rules), key=wears.index, default=Precautions.STANDARD)
    return ArrivalDecision(
        place=place,
        precautions=wear,
        do=tuple(dict.fromkeys(rule.do for rule in rules if rule.place is place)),
        close_room_minutes=max((rule.close_room_minutes for rule in rules), default=0),
        findings=tuple(
            Finding(Severity.ALERT, f"arrival:{rule.code}", "arrival_screen", rule.do)
            for rule in rules
            if rule.place is Place.ROOM_NOW
        ),
        unasked=tuple(code for code in known if not answers.get(code)),
    )
