"""Encounter and Immunization."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mainstay.immunizations.actions import DoseElsewhere
from mainstay.interop.fhir.incoming.words import CVX, NotModelled, Resolve, name_of, resolving
from mainstay.interop.fhir.parts import Resource, choice, code_in, day, moment, part, parts, text, words_of


@dataclass(frozen=True, slots=True)
class EncounterSent:
    """One visit or stay elsewhere; `kind` is the HL7 ActCode (AMB, EMER, IMP, VR…)."""

    kind: str
    status: str
    what: str
    reason: str
    started_at: datetime
    ended_at: datetime | None
    place: str
    clinician: str


def from_encounter(body: Resource, resolve: Resolve) -> EncounterSent:
    """A visit elsewhere that took place. Raises `NotModelled` for planned and cancelled ones and without a time."""
    status = text(body, "status")
    if status not in ("finished", "in-progress", "arrived", "triaged", "onleave"):
        raise NotModelled(f"its status is {status or 'missing'}")
    look = resolving(body, resolve)
    period = part(body, "period")
    started_at, ended_at = moment(period.get("start")), moment(period.get("end"))
    if started_at is None:
        raise NotModelled("it does not say when")
    locations = (name_of(part(one, "location"), look) for one in parts(body, "location"))
    people = (name_of(part(one, "individual"), look) for one in parts(body, "participant"))
    return EncounterSent(
        kind=text(part(body, "class"), "code")[:20],
        status=status,
        what=next(filter(None, (words_of(one) for one in parts(body, "type"))), ""),
        reason=", ".join(filter(None, (words_of(one) for one in parts(body, "reasonCode")))),
        started_at=started_at,
        ended_at=ended_at if ended_at is None or ended_at >= started_at else None,
        place=name_of(part(body, "serviceProvider"), look) or next(filter(None, locations), ""),
        clinician=next(filter(None, people), ""),
    )


def from_immunization(body: Resource, resolve: Resolve) -> DoseElsewhere:
    """A dose that was given. Raises `NotModelled` without CVX code or day, and for doses not given."""
    status = text(body, "status")
    if status != "completed":
        raise NotModelled("it was not given" if status == "not-done" else f"its status is {status or 'missing'}")
    if body.get("isSubpotent") is True:
        raise NotModelled("it is marked as not potent")
    cvx = code_in(part(body, "vaccineCode"), CVX)
    if not cvx:
        raise NotModelled("it has no CVX code")
    kind, when = choice(body, "occurrence")
    given_on = day(when) if kind == "DateTime" and isinstance(when, str) and len(when) >= len("2020-01-01") else None
    if given_on is None:
        raise NotModelled("it does not say on which day")
    return DoseElsewhere(
        cvx=cvx.zfill(2)[:4],
        given_on=given_on,
        product=words_of(part(body, "vaccineCode")),
        lot_number=text(body, "lotNumber"),
        mvx=code_in(part(resolving(body, resolve)(text(part(body, "manufacturer"), "reference")), "code"))[:6],
    )
