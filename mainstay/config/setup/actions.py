"""Saving the steps of the set-up, and opening the practice in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection, transaction
from django.utils.datastructures import MultiValueDict

from mainstay.config.setup import code
from mainstay.config.setup.queries import MOST_SITES, Plan, SitePlan
from mainstay.foundation.actor import Actor
from mainstay.foundation.drafts import draft_for, drop_draft, keep_draft
from mainstay.foundation.errors import IllegalMove
from mainstay.practice import actions as practice
from mainstay.practice.models import Practice, Site
from mainstay.practice.queries import federal_holidays
from mainstay.workforce import actions as workforce
from mainstay.workforce.models import Staff

NOT_KEPT = {"csrfmiddlewaretoken", "idempotency_key"}
LOCK = 7_042_003
WRONG_CODES = 10
"""Wrong set-up codes, by whomever, after which nobody tries again for a while."""
CODE_WINDOW = timedelta(minutes=15)


class CodeTry(StrEnum):
    """What came of typing the set-up code."""

    RIGHT = "right"
    WRONG = "wrong"
    TOO_MANY = "too_many"


def save_step(*, actor: Actor, step: str, typed: MultiValueDict[str, str]) -> None:
    """Keep what was typed in a step, to go on from after a break or a restart."""
    keep_draft(actor, f"setup:{step}", {name: typed.getlist(name) for name in typed if name not in NOT_KEPT})


def drop_site(*, actor: Actor, number: int) -> None:
    """Forget a site that was entered and is not to be."""
    drop_draft(actor, f"setup:site:{number}")


@transaction.atomic
def try_code(*, actor: Actor, typed: str) -> CodeTry:
    """Compare what was typed with the set-up code; after ten wrong ones in 15 minutes even the right one waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    kept = draft_for(actor, "setup:wrong-codes")
    before = (datetime.fromisoformat(moment) for moment in (kept.typed["at"] if kept else []))
    recent = [moment for moment in before if actor.now - moment < CODE_WINDOW]
    if len(recent) >= WRONG_CODES:
        return CodeTry.TOO_MANY
    if code.is_right(typed):
        return CodeTry.RIGHT
    keep_draft(actor, "setup:wrong-codes", {"at": [moment.isoformat() for moment in (*recent, actor.now)]})
    return CodeTry.WRONG


@transaction.atomic
def open_practice(*, actor: Actor, plan: Plan, password: str) -> Staff:
    """Make everything the set-up asked for, or nothing; returns the first administrator. Raises `IllegalMove`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if Practice.objects.exists():
        raise IllegalMove("The practice is set up already. Sign in instead.")
    system = replace(actor, staff_id=None)
    practice.set_up_practice(
        actor=system,
        name=plan.name,
        governing_state=plan.governing_state,
        vaccine_programs=plan.vaccine_programs,
        npi=plan.npi,
    )
    sites = [_open_site(system, site) for site in plan.sites]
    if plan.closes_on_holidays:
        for day, name in federal_holidays(system.today):
            practice.close_day(actor=system, day=day, name=name)
    for facts in plan.visit_types:
        practice.offer_visit_type(actor=system, facts=facts)
    staff = workforce.create_first_administrator(
        actor=system, person=plan.administrator, password=password, sites=sites
    )
    drop_draft(actor, "setup:wrong-codes")
    for step in ("practice", "hours", "rooms", "visits", "administrator", *_site_steps()):
        drop_draft(actor, f"setup:{step}")
    return staff


def _open_site(actor: Actor, plan: SitePlan) -> Site:
    site = practice.add_site(actor=actor, facts=plan.facts)
    practice.set_hours(actor=actor, site=site, weekly=plan.weekly)
    for name, kind, pod in plan.rooms:
        practice.add_room(actor=actor, site=site, name=name, kind=kind, pod=pod)
    return site


def _site_steps() -> list[str]:
    return [f"site:{number}" for number in range(1, MOST_SITES + 1)]
