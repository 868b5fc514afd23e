"""One line of a list made real, by the action a person would use; a line that is here already changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from mainstay.config.importing.reading import Line
from mainstay.foundation.actor import Actor
from mainstay.foundation.clock import is_on_the_wall
from mainstay.foundation.dates import read_birth_date, read_date, read_time, spell_birth_date, spell_date, spell_time
from mainstay.foundation.errors import InvalidInput, NeedsConfirmation
from mainstay.foundation.findings import Confirmations
from mainstay.people import actions as people
from mainstay.people.models import Patient, Sex
from mainstay.practice import actions as practice
from mainstay.practice.models import Room, RoomKind, Site, VisitType
from mainstay.practice.queries import OTHER_AGE, playbook_titles
from mainstay.scheduling import actions as scheduling
from mainstay.scheduling.models import Appointment
from mainstay.scheduling.queries import why_closed_to
from mainstay.visits.playbooks import playbooks
from mainstay.workforce import actions as workforce
from mainstay.workforce.models import Staff

SEXES = {"f": Sex.FEMALE, "female": Sex.FEMALE, "w": Sex.FEMALE, "m": Sex.MALE, "male": Sex.MALE,
         "o": Sex.OTHER, "other": Sex.OTHER, "x": Sex.OTHER, "": Sex.UNKNOWN, "u": Sex.UNKNOWN,
         "unknown": Sex.UNKNOWN}  # fmt: skip
NO = {"no", "n", "false", "0"}


@dataclass(frozen=True, slots=True)
class Withheld:
    """A line that was not made real and is somebody's work instead: what became of it, in words."""

    text: str


@dataclass(frozen=True, slots=True)
class Made:
    """What a line stands for, in words and by public id; not new when it was here before."""

    label: str
    ref: UUID
    is_new: bool = True


def make_staff(actor: Actor, line: Line) -> Made:
    """Somebody who works here, known by the name they sign in with; a password is given out afterwards."""
    said = line.values
    known = Staff.objects.filter(username__iexact=said["username"]).first()
    if known is not None:
        if (said["given_name"].lower(), said["family_name"].lower()) != (
            known.given_name.lower(),
            known.family_name.lower(),
        ):
            raise InvalidInput(f"{known.shown_name} signs in by that name already.", field="username")
        return Made(f"{known.shown_name} ({known.username})", known.public_id, is_new=False)
    person = workforce.NewStaff(
        username=said["username"],
        given_name=said["given_name"],
        family_name=said["family_name"],
        shown_name=f"{said['given_name']} {said['family_name']}"[:80],
        roles=tuple(re.sub(r"\W+", "_", role.strip().lower()) for role in re.split(r"[;|,/]", said["roles"]) if role),
        title=said["title"],
        licence=said["license"],
        email=said["email"],
        npi=said["npi"],
    )
    staff = workforce.hire(actor=actor, person=person, home_site=_site(actor, said["site"]))
    return Made(f"{staff.shown_name} ({staff.username})", staff.public_id)


def make_room(actor: Actor, line: Line) -> Made:
    """A room, known by its site and name."""
    said = line.values
    site = _site(actor, said["site"])
    known = Room.objects.filter(site=site, name__iexact=said["name"], is_in_use=True).first()
    if known is not None:
        return Made(f"{known.name}, {site.name}", known.public_id, is_new=False)
    kind = said["kind"].lower() or "exam"
    if kind not in list(RoomKind):
        raise InvalidInput(f"There is no kind of room {said['kind']!r}: use {', '.join(RoomKind)}.", field="kind")
    room = practice.add_room(actor=actor, site=site, name=said["name"], kind=RoomKind(kind), pod=said["pod"])
    return Made(f"{room.name}, {site.name}", room.public_id)


def make_visit_type(actor: Actor, line: Line) -> Made:
    """A kind of visit, known by its code."""
    said = line.values
    code = re.sub(r"[^a-z0-9]+", "-", (said["code"] or said["name"]).lower()).strip("-")[:40]
    known = VisitType.objects.filter(code=code, is_offered=True).first()
    if known is not None:
        return Made(f"{known.name} ({code})", known.public_id, is_new=False)
    if said["playbook"] not in playbook_titles():
        raise InvalidInput(f"There is no playbook {said['playbook']!r}.", field="playbook")
    youngest, oldest = _ages(said)
    facts = practice.VisitTypeFacts(
        code=code,
        name=said["name"],
        minutes=_minutes(said["minutes"]),
        playbook=said["playbook"],
        room_kind=said["room_kind"].lower() or RoomKind.EXAM,
        is_with_provider=said["with_provider"].lower() not in NO,
        youngest=youngest,
        oldest=oldest,
    )
    made = practice.offer_visit_type(actor=actor, facts=facts)
    return Made(f"{made.name} ({code})", made.public_id)


def _ages(said: Mapping[str, str]) -> tuple[str, str]:
    """The ages a line says, `any` for no limit; those of the playbook where it says nothing."""
    if said["youngest_age"] or said["oldest_age"]:
        return _limit(said["youngest_age"]), _limit(said["oldest_age"])
    usual = playbooks()[said["playbook"]].ages
    low, high = (usual.low, usual.high) if usual else (None, None)
    return low.spelled if low else "", high.spelled if high else ""


def _limit(age: str) -> str:
    return "" if age.lower() == "any" else age


def make_patient(actor: Actor, line: Line) -> Made:
    """A patient, known by the number, else by names and birth date; somebody alike needs a reason."""
    said = line.values
    born = read_birth_date(said["birth_date"], today=actor.today)
    if said["sex"].lower() not in SEXES:
        raise InvalidInput(f"{said['sex']!r} is no sex we know: female, male, other, unknown.", field="sex")
    names = {"given_name__iexact": said["given_name"], "family_name__iexact": said["family_name"], "birth_date": born}
    if said["mrn"]:
        known = Patient.objects.filter(mrn=said["mrn"]).first()
        if known is not None and (known.birth_date, known.family_name.lower()) != (born, said["family_name"].lower()):
            raise InvalidInput("This number belongs to somebody with another name or birth date.", field="mrn")
    else:
        known = Patient.objects.filter(**names, merged_into=None, withdrawn_at=None).first()
    if known is not None and known.withdrawn_at is not None:
        people.bring_back_chart(actor=actor, patient=known)
        return Made(f"{known.called_name}, MRN {known.mrn}", known.public_id)
    if known is not None:
        return Made(f"{known.called_name}, MRN {known.mrn}", known.public_id, is_new=False)
    who = people.Demographics(
        given_name=said["given_name"],
        family_name=said["family_name"],
        birth_date=born,
        middle_name=said["middle_name"],
        chosen_name=said["chosen_name"],
        sex=SEXES[said["sex"].lower()],
        language=said["language"].lower() or "en",
    )
    reasons = {"likely-duplicate": said["not_the_same_because"]} if said["not_the_same_because"] else {}
    try:
        patient = people.register_patient(
            actor=actor, demographics=who, phone=said["phone"], mrn=said["mrn"], confirmed=Confirmations(reasons)
        )
    except NeedsConfirmation as asked:
        raise InvalidInput(f"{asked.message.removesuffix('.')}, in the column not_the_same_because.") from asked
    _reach(actor, patient, said)
    number = f", MRN {patient.mrn}" if said["mrn"] else ""  # one given here is not the one a real run gives
    return Made(f"{patient.called_name}, born {spell_birth_date(born)}{number}", patient.public_id)


def _reach(actor: Actor, patient: Patient, said: Mapping[str, str]) -> None:
    for channel in ("phone", "email"):
        if said[channel]:
            people.add_contact_point(actor=actor, patient=patient, reach=people.Reach(channel, said[channel]))
    if said["street"] and said["city"]:
        place = people.Place(said["street"], said["city"], said["state"].upper()[:2], said["postal_code"])
        people.add_address(actor=actor, patient=patient, place=place)


def make_appointment(actor: Actor, line: Line) -> Made | Withheld:
    """A booking to come, known by patient and time. A red flag in its reason goes to the clinicians instead."""
    said = line.values
    patient = Patient.objects.filter(mrn=said["mrn"]).first()
    if patient is None:
        raise InvalidInput(f"Nobody has the number {said['mrn']}. Import the patients first.", field="mrn")
    asked = said["visit_type"]
    kinds = VisitType.objects.filter(is_offered=True)
    kind = kinds.filter(code__iexact=asked).first() or kinds.filter(name__iexact=asked).first()
    if kind is None:
        raise InvalidInput(f"There is no kind of visit {asked!r}.", field="visit_type")
    site = _site(actor, said["site"])
    there = replace(actor, zone=site.zone)
    day = read_date(said["date"], today=there.today)
    if not is_on_the_wall(day, at := read_time(said["time"]), site.zone):
        raise InvalidInput("The clocks skip that time on that day.", field="time")
    starts = datetime.combine(day, at, tzinfo=site.zone)
    if starts <= actor.now:
        raise InvalidInput("This appointment is past; only those to come are imported.", field="date")
    label = f"{patient.called_name}, {spell_date(day)} {spell_time(starts.time())}"
    booked = Appointment.objects.filter(patient=patient, during__startswith=starts, state="booked").first()
    if booked is not None:
        return Made(label, booked.public_id, is_new=False)
    slot = scheduling.Slot(
        site=site,
        provider=_provider(said["provider"]),
        starts=starts,
        minutes=_minutes(said["minutes"]) if said["minutes"] else kind.minutes,
    )
    if closed := why_closed_to(slot):
        raise InvalidInput(f"{closed} Move it, or add an extra session.", field="date")
    stopped = scheduling.stop_for_red_flag(
        actor=there, patient=patient, reason=said["reason"], site=site, asked_for=f"imported for {label}"
    )
    if stopped is not None:
        return Withheld(f"Not booked, on the clinicians' list: {stopped.title}")
    reason = said["reason"].strip() or f"{kind.name} (imported, no reason given)"
    reasons = {OTHER_AGE: said["other_age_because"]}
    try:
        made = scheduling.book_appointment(
            actor=there,
            patient=patient,
            visit_type=kind,
            slot=slot,
            reason=reason,
            how="import",
            confirmed=Confirmations(reasons),
        )
    except NeedsConfirmation as asked:
        raise InvalidInput(f"{asked.message} Say why in other_age_because.", field="other_age_because") from asked
    return Made(label, made.public_id)


def _site(actor: Actor, name: str) -> Site:
    """The site of that name or short name; without a name, the only one."""
    sites = list(Site.objects.filter(is_open=True))
    named = [s for s in sites if name.lower() in (s.name.lower(), s.short_name.lower())] if name else sites
    if len(named) == 1:
        return named[0]
    raise InvalidInput(f"There is no site {name!r}." if name else "Say at which site.", field="site")


def _provider(name: str) -> Staff | None:
    if not name:
        return None
    found = [
        s
        for s in Staff.objects.filter(is_active=True)
        if name.lower() in (s.username.lower(), s.shown_name.lower(), s.get_full_name().lower(), s.npi)
    ]
    if len(found) != 1:
        raise InvalidInput(f"There is no provider {name!r}.", field="provider")
    return found[0]


def _minutes(text: str) -> int:
    if not text.isdigit() or not 5 <= int(text) <= 240:
        raise InvalidInput(f"{text!r} is no length from 5 to 240 minutes.", field="minutes")
    return int(text)


MAKERS: Mapping[str, Callable[[Actor, Line], Made | Withheld]] = {
    "staff": make_staff,
    "rooms": make_room,
    "visit-types": make_visit_type,
    "patients": make_patient,
    "appointments": make_appointment,
}
