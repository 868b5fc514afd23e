"""After the shot: the watch on the board, the provider fetched when something is wrong, and what VAERS hears."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from mainstay.foundation import dates
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput, NotFound
from mainstay.foundation.findings import Finding, Severity
from mainstay.foundation.moves import begin, locked, take_step
from mainstay.foundation.outbox import publish
from mainstay.immunizations.events import VaccineReactionDescribed, VaccineReactionNoticed
from mainstay.immunizations.lifecycle import WatchState, watch_lifecycle
from mainstay.immunizations.models import Vaccination, VaccineReaction, VaccineWatch
from mainstay.immunizations.permissions import DECIDE, GIVE
from mainstay.immunizations.queries.giving import answers_of, facts_for_giving, given_doses_of
from mainstay.immunizations.rules.vaccines import products_of
from mainstay.immunizations.rules.watching import (
    how_to_watch,
    is_urgent,
    looks_like_anaphylaxis,
    must_report,
    reportables,
    signs,
)
from mainstay.rooming import actions as rooming_actions
from mainstay.visits import actions as visit_actions
from mainstay.visits.models import SignalKind, Visit
from mainstay.work import actions as work_actions

RUNNING = (WatchState.WATCHING, WatchState.REACTING)
RECOVERED = ("yes", "no", "unknown")


def start_watch(actor: Actor, vaccination: Vaccination) -> VaccineWatch:
    """Begin the watch after a dose, or make the one that runs last long enough; it shows on the board."""
    facts = facts_for_giving(vaccination.patient, on=actor.today)
    wanted = how_to_watch(facts, answers_of(vaccination))
    until = actor.now + timedelta(minutes=wanted.minutes)
    watch = VaccineWatch.objects.select_for_update().filter(vaccination=vaccination, state__in=RUNNING).first()
    if watch is None:
        watch = VaccineWatch.objects.create(
            vaccination=vaccination, started_at=actor.now, until=until, why=wanted.why[:120], is_lying=wanted.is_lying
        )
        begin(watch, watch_lifecycle, actor=actor)
    else:
        watch.until, watch.is_lying = max(watch.until, until), watch.is_lying or wanted.is_lying
        watch.save()
    lying = ", lying down" if watch.is_lying else ""
    visit_actions.raise_signal(
        actor=actor,
        visit=vaccination.visit,
        kind=SignalKind.OBSERVATION_TIMER,
        text=f"Watch until {dates.spell_time(watch.until.astimezone(actor.zone).time())}{lying}",
        severity="told",
        until=watch.until,
        source_ref=_key(watch),
    )
    return watch


@transaction.atomic
def end_watch(*, actor: Actor, watch: VaccineWatch, outcome: str, words: str = "") -> VaccineWatch:
    """End the watch: `well` once the time is over, `left_early` or `handed_over` in words.

    Raises `InvalidInput` for "well" before the time is over or beside an urgent reaction nobody wrote as recovered,
    and for an unusual end without words.
    """
    actor.may(GIVE).or_raise()
    steps = {"well": "end_well", "left_early": "leave_early", "handed_over": "hand_over"}
    if outcome not in steps:
        raise InvalidInput("Say how the watch ends.", field="outcome")
    if outcome != "well" and not words.strip():
        raise InvalidInput("Say what happened, and who was told.", field="words")
    fresh = locked(VaccineWatch.objects.select_related("vaccination__visit__site"), pk=watch.pk)
    if outcome == "well" and actor.now < fresh.until:
        left = -(-(fresh.until - actor.now).total_seconds() // 60)
        raise InvalidInput(f"{left:.0f} minutes are left. Who goes now, leaves early.", field="outcome")
    if outcome == "well" and fresh.reactions.filter(is_urgent=True).exclude(recovered="yes").exists():
        raise InvalidInput("A reaction is open: write first what was done and that they recovered.", field="outcome")
    take_step(fresh, watch_lifecycle, steps[outcome], actor=actor, reason=words.strip()[:300])
    fresh.ended_at, fresh.ended_by_id, fresh.outcome = actor.now, actor.staff_id, words.strip()[:300]
    fresh.save()
    visit = fresh.vaccination.visit
    visit_actions.clear_signal(actor=actor, visit=visit, kind=SignalKind.OBSERVATION_TIMER, source_ref=_key(fresh))
    if outcome == "left_early":
        _call_back(actor, fresh, visit, words)
    return fresh


def _call_back(actor: Actor, watch: VaccineWatch, visit: Visit, words: str) -> None:
    work_actions.owe(
        actor=actor,
        kind="left_early",
        title="Left before the watch after a vaccine was over: call",
        detail=words.strip(),
        band="R3",
        patient=watch.vaccination.patient,
        site=visit.site,
        pool="clinical",
        subject_kind="visit",
        subject_ref=visit.public_id,
        once_key=f"watch-left:{watch.pk}",
    )


@transaction.atomic
def notice_reaction(*, actor: Actor, watch: VaccineWatch, seen: Sequence[str], words: str = "") -> VaccineReaction:
    """Write down what is seen after a vaccine and, unless it is harmless, fetch the provider now.

    Opens a loop (told whom, when, what they said) and stays on the board until the loop is closed.
    """
    actor.may(GIVE).or_raise()
    known = [code for code in dict.fromkeys(seen) if code in signs()]
    if not known:
        raise InvalidInput("Choose what you see.", field="seen")
    if known == ["other"] and not words.strip():
        raise InvalidInput("Say what you see.", field="words")
    rows = VaccineWatch.objects.select_related("vaccination__visit__site", "vaccination__visit__provider")
    fresh = locked(rows, pk=watch.pk)
    if fresh.state == WatchState.WATCHING:
        take_step(fresh, watch_lifecycle, "react", actor=actor, reason=", ".join(known)[:300])
        fresh.save()
    else:
        watch_lifecycle.check("end_well", WatchState(fresh.state))
    minute = _minute(actor, fresh)
    reaction = VaccineReaction.objects.create(
        watch=fresh,
        noticed_at=actor.now,
        minute=minute,
        signs=known,
        words=words.strip()[:300],
        is_urgent=is_urgent(known),
        looks_like_anaphylaxis=looks_like_anaphylaxis(known),
        noticed_by_id=actor.staff_id,
    )
    if reaction.is_urgent:
        _fetch_provider(actor, fresh.vaccination.visit, reaction, known)
    publish(VaccineReactionNoticed(reaction_id=reaction.pk))
    return reaction


def _minute(actor: Actor, watch: VaccineWatch) -> int:
    """Whole minutes since the last vaccine of the visit."""
    given = given_doses_of(watch.vaccination)
    since = max((one.given_at for one in given), default=watch.started_at)
    return max(0, int((actor.now - since).total_seconds() // 60))


def _fetch_provider(actor: Actor, visit: Visit, reaction: VaccineReaction, codes: Sequence[str]) -> None:
    names = ", ".join(signs()[code].name.lower() for code in codes)
    what = "Possible anaphylaxis" if reaction.looks_like_anaphylaxis else "Reaction"
    minutes = "1 minute" if reaction.minute == 1 else f"{reaction.minute} minutes"
    message = f"{what} {minutes} after a vaccine: {names}"
    code = f"now.vaccine_reaction_{reaction.pk}"
    alert = Finding(Severity.ALERT, code, "", message[:240])
    loops = rooming_actions.open_loops(actor=actor, visit=visit, alerts=[alert], now_codes=[code])
    if loops:
        reaction.loop_ref = loops[0].public_id
        reaction.save()


@transaction.atomic
def record_treatment(
    *, actor: Actor, reaction: VaccineReaction, done: str, recovered: str, event: str = ""
) -> VaccineReaction:
    """Write down what was done about a reaction and how it went; a clinician may name the event.

    An event that must be reported (42 USC 300aa-25) becomes work: the VAERS report.
    """
    actor.may(GIVE).or_raise()
    if not done.strip():
        raise InvalidInput("Write what was done, by whom, when.", field="done")
    if recovered not in RECOVERED:
        raise InvalidInput("Say whether the patient has recovered.", field="recovered")
    if event:
        actor.may(DECIDE).or_raise()
        if event not in {row.event for row in reportables()}:
            raise InvalidInput("Choose the event from the list.", field="event")
    rows = VaccineReaction.objects.select_related("watch__vaccination__visit__site", "watch__vaccination__patient")
    fresh = locked(rows, pk=reaction.pk)
    fresh.done, fresh.recovered, fresh.event = done.strip()[:400], recovered, event or fresh.event
    fresh.is_reportable = _is_reportable(actor, fresh)
    fresh.save()
    if fresh.is_reportable and fresh.reported_at is None:
        _owe_report(actor, fresh)
    publish(VaccineReactionDescribed(reaction_id=fresh.pk))
    return fresh


def _is_reportable(actor: Actor, reaction: VaccineReaction) -> bool:
    vaccination = reaction.watch.vaccination
    onset = reaction.noticed_at.astimezone(actor.zone).date()
    families = {
        family
        for one in given_doses_of(vaccination)
        for product in products_of(one.dose.cvx, one.dose.mvx)
        for family in product.families
    }
    event = reaction.event or ("syncope" if "faint" in reaction.signs else "")
    event = event or ("anaphylaxis" if reaction.looks_like_anaphylaxis else "")
    return bool(event) and must_report(event, families, given=vaccination.visit.day, onset=onset)


def _owe_report(actor: Actor, reaction: VaccineReaction) -> None:
    vaccination = reaction.watch.vaccination
    work_actions.owe(
        actor=actor,
        kind="vaers_report",
        title="Report to VAERS: reaction after a vaccine",
        band="R4",
        patient=vaccination.patient,
        site=vaccination.visit.site,
        pool="clinical",
        owner=vaccination.visit.provider,
        subject_kind="visit",
        subject_ref=vaccination.visit.public_id,
        url=f"/visits/{vaccination.visit.public_id}/vaccines/",
        once_key=f"vaers:{reaction.pk}",
    )


@transaction.atomic
def record_vaers_report(*, actor: Actor, reaction: VaccineReaction, number: str) -> VaccineReaction:
    """Write down that a reaction was reported to VAERS, under which number; the work is done."""
    actor.may(GIVE).or_raise()
    if not number.strip():
        raise InvalidInput("Type the number VAERS gave.", field="number")
    fresh = locked(VaccineReaction.objects.all(), pk=reaction.pk)
    if fresh.reported_at is not None:
        raise NotFound(f"It was reported already: {fresh.report_number}.")
    fresh.reported_at, fresh.reported_by_id, fresh.report_number = actor.now, actor.staff_id, number.strip()[:30]
    fresh.save()
    work_actions.finish_cause(actor=actor, once_key=f"vaers:{fresh.pk}", outcome=f"VAERS {fresh.report_number}")
    return fresh


def _key(watch: VaccineWatch) -> str:
    return f"vaccine-watch:{watch.pk}"
