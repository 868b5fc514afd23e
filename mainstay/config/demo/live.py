"""The day playing itself: every visit and room takes its next step when its time has come, by the usual actions."""

from __future__ import annotations

import heapq
import time as clockwork
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from mainstay.chart.queries import Entry
from mainstay.config.demo import papers
from mainstay.foundation import clock
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import ClinicError
from mainstay.foundation.findings import NOTHING_CONFIRMED
from mainstay.practice.models import Site
from mainstay.rooming import actions as rooming
from mainstay.rooming.models import AbnormalLoop
from mainstay.visits import actions as visits
from mainstay.visits.actions.checking_in import ArrivalScreen, DeskCheck
from mainstay.visits.lifecycle import RoomState, Stage
from mainstay.visits.models import LooseEndKind, RoomUse, Visit
from mainstay.visits.queries import free_rooms
from mainstay.workforce.middleware import actor_from
from mainstay.workforce.models import Staff

WAITS = {
    Stage.ARRIVED: (2, 4),
    Stage.CHECKED_IN: (2, 9),
    Stage.ROOMING: (6, 11),
    Stage.READY: (4, 12),
    Stage.WITH_PROVIDER: (10, 19),
    Stage.AFTER_PROVIDER: (2, 6),
    Stage.CHECKING_OUT: (3, 7),
}
MISSED_SHARE = 0.05
NO_ROOM = timedelta(minutes=2)
PLANS = (
    "Keep taking your medicines as you do now. Check your blood pressure at home twice a week and write it down.",
    "Rest, drink plenty of water, and come back if you are not better in three days.",
    "Walk for half an hour on most days. We will check your blood again at the next visit.",
)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who does what at one site."""

    site: Site
    desk: Staff
    assistants: tuple[Staff, ...]


def cast_of(site: Site) -> Cast:
    """The people of one site."""
    here = list(Staff.objects.filter(home_site=site, is_active=True).order_by("pk"))
    desk = next(s for s in here if "administrative_ma" in s.roles)
    assistants = tuple(s for s in here if "clinical_ma" in s.roles)
    return Cast(site, desk, assistants)


def acting(staff: Staff, site: Site, moment: datetime) -> Actor:
    """One of the cast at one moment."""
    return actor_from(staff, site_id=site.pk, zone=site.zone, session="demo").at(moment)


def due_of(visit: Visit) -> datetime | None:
    """When a visit takes its next step; the same answer however often it is asked."""
    dice = _dice(visit)
    stage = Stage(visit.stage)
    if stage is Stage.EXPECTED:
        if dice.random() < MISSED_SHARE:
            return visit.expected_at + timedelta(minutes=21)
        return visit.expected_at + timedelta(minutes=dice.randint(-9, 5))
    if stage not in WAITS:
        return None
    low, high = WAITS[stage]
    return visit.stage_since + timedelta(seconds=dice.randint(low * 60, high * 60))


def _dice(visit: Visit) -> Random:
    return Random(f"{visit.public_id}{visit.stage}")


def take_next_step(cast: Cast, visit: Visit, moment: datetime) -> bool:
    """Let one visit take its next step; False when it has to wait for a room."""
    dice = _dice(visit)
    desk, assistant = acting(cast.desk, cast.site, moment), acting(dice.choice(cast.assistants), cast.site, moment)
    match Stage(visit.stage):
        case Stage.EXPECTED if dice.random() < MISSED_SHARE:
            visits.mark_no_show(actor=desk, visit=visit)
        case Stage.EXPECTED:
            visits.mark_arrived(actor=desk, visit=visit)
        case Stage.ARRIVED:
            papers.sign_papers(desk, dice, visit)
            check = DeskCheck(identifiers=["name", "birth_date"], demographics_confirmed=True, card_seen=True)
            screen = ArrivalScreen({"fever": "no", "rash": "no", "cough": "yes" if dice.random() < 0.1 else "no"})
            visits.check_in_patient(actor=desk, visit=visit, check=check, screen=screen)
        case Stage.CHECKED_IN:
            room = next((one for one in free_rooms(visit.site_id) if one.kind == "exam"), None)
            if room is None:
                return False
            visits.room_patient(actor=assistant, visit=visit, room=room)
        case Stage.ROOMING:
            _room(assistant, dice, visit)
        case Stage.READY:
            _start(cast, visit, moment)
        case Stage.WITH_PROVIDER:
            _see(cast, dice, visit, moment)
        case Stage.AFTER_PROVIDER:
            visits.begin_check_out(actor=desk, visit=visit)
        case Stage.CHECKING_OUT:
            for end in visit.loose_ends.filter(settled_at=None):
                visits.settle_loose_end(actor=desk, end=end, how="handed_on")
            papers.hand_out_leaflet(desk, visit)
            visits.close_visit(actor=desk, visit=visit)
    return True


def _room(actor: Actor, dice: Random, visit: Visit) -> None:
    rooming.identify_patient(actor=actor, visit=visit, identifiers=["name", "birth_date"])
    words = visit.reason or visit.visit_type.name
    rooming.record_reason(actor=actor, visit=visit, reason=rooming.Reason(words=words, onset="a few days"))
    if (visit.day - visit.patient.birth_date).days >= 18 * 365:
        entries = _adult_vitals(dice)
        rooming.record_panel(actor=actor, visit=visit, code="vitals", entries=entries, confirmed=NOTHING_CONFIRMED)
    for loop in AbnormalLoop.objects.filter(visit=visit, state="open"):
        told = visit.provider or actor_staff(actor)
        rooming.tell_provider(actor=actor, loop=loop, to=told, how="in_person")
    if visit.provider:
        rooming.hand_off_to_provider(actor=actor, visit=visit, to=visit.provider, situation=words)
    else:
        visits.mark_ready(actor=actor, visit=visit)


def actor_staff(actor: Actor) -> Staff:
    """The staff row behind an actor."""
    return Staff.objects.get(pk=actor.staff_id)


def _adult_vitals(dice: Random) -> dict[str, Entry]:
    systolic = dice.choice((112, 118, 122, 126, 128, 134, 138, 144, 152, 164))
    return {
        "blood_pressure": Entry(
            text=f"{systolic}/{int(systolic * 0.6) + dice.randint(0, 6)}",
            technique={"side": "left", "cuff": "adult", "position": "sitting", "method": "device"},
        ),
        "heart_rate": Entry(text=str(dice.randint(62, 94))),
        "respiratory_rate": Entry(text=str(dice.choice((13, 14, 15, 17, 18)))),
        "temperature": Entry(text=f"{dice.choice((97.9, 98.1, 98.4, 98.6, 98.9))}", technique={"body_site": "oral"}),
        "oxygen_saturation": Entry(text=str(dice.randint(96, 99))),
    }


def _start(cast: Cast, visit: Visit, moment: datetime) -> None:
    who = visit.provider or cast.assistants[0]
    actor = acting(who, cast.site, moment)
    intake = getattr(visit, "intake", None)
    if intake is not None and intake.handoff is not None and intake.handoff.acknowledged_at is None:
        rooming.acknowledge(actor=actor, handoff=intake.handoff, read_back=intake.handoff.situation[:80])
    if visit.provider:
        visits.start_provider(actor=actor, visit=visit)
    else:
        visits.take_patient_back(actor=actor, visit=visit, reason="Done by the medical assistant")
        visits.begin_check_out(actor=acting(cast.desk, cast.site, moment), visit=visit)


def _see(cast: Cast, dice: Random, visit: Visit, moment: datetime) -> None:
    if visit.provider is None:
        return
    doctor = acting(visit.provider, cast.site, moment)
    for loop in AbnormalLoop.objects.filter(visit=visit, state="told"):
        answered = rooming.answer_loop(actor=doctor, loop=loop, answer="Seen. I will repeat it myself.")
        rooming.close_loop(actor=doctor, loop=answered, reason="Repeated by the provider")
    if dice.random() < 0.5:
        text = dice.choice(("Follow-up in 3 months", "Follow-up in 2 weeks", "Follow-up in 6 months"))
        visits.add_loose_end(actor=doctor, visit=visit, kind=LooseEndKind.FOLLOW_UP, text=text)
    note = rooming.write_note(
        actor=doctor, visit=visit, text="Seen and examined. Plan discussed.", plan_for_patient=dice.choice(PLANS)
    )
    if dice.random() < 0.85:
        rooming.sign_note(actor=doctor, note=note)
    visits.finish_provider(actor=doctor, visit=visit)


def due_of_room(use: RoomUse) -> datetime | None:
    """When a room is cleaned further."""
    waits = {RoomState.DIRTY: 3, RoomState.CLEANING: 4}
    if use.state not in waits:
        return None
    due = use.since + timedelta(minutes=waits[RoomState(use.state)])
    return max(due, use.closed_until) if use.closed_until else due


def clean_further(cast: Cast, use: RoomUse, moment: datetime) -> None:
    """Start or finish cleaning one room."""
    step = "start_cleaning" if use.state == RoomState.DIRTY else "finish_cleaning"
    visits.clean_room(actor=acting(cast.assistants[-1], cast.site, moment), room=use.room, step=step)


def what_is_due(site: Site, day: object) -> Iterator[tuple[datetime, str, int]]:
    """Everything at a site that will take a step, with when."""
    rows = Visit.objects.filter(site=site, day=day).exclude(stage__in=["closed", "cancelled", "no_show", "left"])
    for visit in rows:
        if due := due_of(visit):
            yield due, "visit", visit.pk
    for use in RoomUse.objects.filter(room__site=site).exclude(state__in=["ready", "occupied", "out_of_service"]):
        if due := due_of_room(use):
            yield due, "room", use.pk


def play_until(site: Site, until: datetime) -> int:
    """Play a site's day up to a moment, in the order of time; returns how many steps were taken."""
    cast = cast_of(site)
    day = until.astimezone(site.zone).date()
    queue = list(what_is_due(site, day))
    heapq.heapify(queue)
    steps = 0
    while queue and queue[0][0] <= until:
        due, kind, pk = heapq.heappop(queue)
        if kind == "room":
            use = RoomUse.objects.select_related("room").get(pk=pk)
            if due_of_room(use):
                clean_further(cast, use, due)
                steps += 1
            use.refresh_from_db()
            if again := due_of_room(use):
                heapq.heappush(queue, (again, "room", pk))
            continue
        visit = Visit.objects.select_related("patient", "visit_type", "provider", "site", "room").get(pk=pk)
        room_before = visit.room_id
        if not take_next_step(cast, visit, due):
            heapq.heappush(queue, (due + NO_ROOM, "visit", pk))
            continue
        steps += 1
        visit.refresh_from_db()
        if again := due_of(visit):
            heapq.heappush(queue, (max(again, due), "visit", pk))
        if room_before and (use_now := RoomUse.objects.filter(room_id=room_before).first()) and due_of_room(use_now):
            heapq.heappush(queue, (due_of_room(use_now) or due, "room", use_now.pk))
    return steps


def play_live() -> None:
    """Play the day as it goes, a look every three seconds, until stopped. A step somebody took by hand is respected."""
    while True:
        for site in Site.objects.filter(is_open=True):
            try:
                play_until(site, clock.now())
            except ClinicError:
                continue
        clockwork.sleep(3)
