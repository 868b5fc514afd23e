"""Fill an empty database with the demo clinic, and give a filled one a new day."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.db import IntegrityError, transaction
from django.db.models import Q
from procrastinate.exceptions import AlreadyEnqueued

from mainstay.config.demo import patients
from mainstay.config.demo.cast import PASSWORD, SHOWN
from mainstay.config.demo.giving import give_today
from mainstay.config.demo.lists import fill_lists
from mainstay.config.demo.live import acting, play_until
from mainstay.config.demo.messaging import hear_from_patients
from mainstay.config.demo.ordering import pend_today, sign_standing_orders
from mainstay.config.demo.staffing import come_to_work, hire_everybody, open_practice, plan_templates, providers_of
from mainstay.config.demo.stocking import fill_refrigerators
from mainstay.config.demo.vaccines import vaccinated
from mainstay.coverage import actions as coverage
from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.foundation.constraint_names import meaning_of
from mainstay.immunizations.actions import start_due_run
from mainstay.immunizations.queries import last_finished_run, run_in_hand
from mainstay.immunizations.tasks import go_on
from mainstay.people.models import Patient
from mainstay.practice.models import Closure, Practice, Site, VisitType
from mainstay.practice.queries import hours_of
from mainstay.scheduling.actions import Slot, add_session, book_appointment, stop_for_red_flag
from mainstay.scheduling.errors import RedFlag, SlotTaken
from mainstay.visits.models import Visit
from mainstay.workforce.models import Presence, Staff

Tell = Callable[[str], None]
AT_ONCE = 260
ALL = 2000
GROW_BY = 20
HALF_A_DAY = timedelta(hours=4)
APART = timedelta(minutes=40)


def sign_ins() -> tuple[str, ...]:
    """Who can sign in, as told on the first line."""
    return (*SHOWN, f"password {PASSWORD}")


def how_many() -> int:
    """How many patients the demo clinic has in the end."""
    return int(os.environ.get("MAINSTAY_DEMO_PATIENTS", ALL))


def fill_if_empty(*, tell: Tell) -> None:
    """Make the demo clinic on an empty database; on a filled one only today's visits, if there are none."""
    system = the_system(now=clock.now(), zone=Site().zone)
    if not Practice.objects.exists():
        tell("Making the demo clinic: two sites, twenty-two people.")
        with transaction.atomic():
            sites = open_practice(system)
            people = hire_everybody(system, sites)
            plan_templates(system, people, sites)
            sign_standing_orders(system, people)
            fill_refrigerators(system, sites, people["lead"])
    enter_patients(system, min(AT_ONCE, how_many()), tell)
    if Patient.objects.count() < how_many():
        from mainstay.config.tasks import grow_demo

        with suppress(AlreadyEnqueued):
            grow_demo.defer()
    _reckon_vaccines(system)
    begin_today(tell)


def _reckon_vaccines(system: Actor) -> None:
    """Let the worker reckon what vaccines everybody is due for, once."""
    if run_in_hand() is None and last_finished_run() is None:
        start_due_run(actor=system)
        go_on()


def enter_patients(system: Actor, upto: int, tell: Tell = lambda text: None) -> None:
    """Register patients until there are so many, each with years of history."""
    started = Patient.objects.count()
    assistants = list(Staff.objects.filter(roles__contains=["clinical_ma"]).order_by("pk"))
    sites = list(Site.objects.order_by("pk"))
    for number in range(started, upto):
        dice = Random(f"mainstay-{number}")
        moment = system.at(system.now - timedelta(days=dice.randint(30, 2500)))
        one = patients.someone(dice, system.today, number)
        with transaction.atomic():
            patient = patients.enter(moment if one.demographics.birth_date < moment.today else system, dice, one)
            patients.remember(system, dice, patient, asked_by=_asked(system, one, assistants, sites, number))
            vaccinated(system, patient)
            _cover(system, dice, patient)
        if number % 100 == 99:
            tell(f"Registering patients: {number + 1} of {upto}.")


def _asked(system: Actor, one: patients.Someone, assistants: list[Staff], sites: list[Site], number: int) -> Actor:
    """Somebody of the cast, on a day of the past year on which this patient was here."""
    dice = Random(f"asked-{number}")
    days = min(dice.randint(1, 400), max(0, (system.today - one.demographics.birth_date).days))
    return acting(dice.choice(assistants), dice.choice(sites), system.now - timedelta(days=days))


def _cover(system: Actor, dice: Random, patient: Patient) -> None:
    old = (system.today - patient.birth_date).days > 65 * 365
    name, kind = ("Medicare", "medicare") if old else dice.choice(
        (("Buckeye Health Plan", "medicaid"), ("Ohio Mutual", "commercial"), ("Lakes Health", "commercial"), ("", ""))
    )  # fmt: skip
    if not name:
        return
    payer = coverage.know_payer(actor=system, name=name, kind=kind)
    facts = coverage.PolicyFacts(
        member_id=f"D{dice.randint(10**8, 10**9)}", copay=None if old else Decimal(dice.choice((0, 20, 25, 40)))
    )
    policy = coverage.record_policy(actor=system, patient=patient, payer=payer, facts=facts)
    if dice.random() < 0.8:
        result = "active" if dice.random() < 0.94 else "inactive"
        coverage.record_check(actor=system, policy=policy, result=result, how="portal")


def begin_today(tell: Tell = lambda text: None) -> None:
    """Give both sites a full day around this hour, and play it up to now."""
    now = clock.now()
    for site in Site.objects.filter(is_open=True).order_by("pk"):
        today = now.astimezone(site.zone).date()
        system = the_system(now=now, zone=site.zone)
        if Visit.objects.filter(site=site, day=today).exists():
            continue
        tell(f"A new day at {site.name}.")
        people = {s.username: s for s in Staff.objects.filter(is_active=True, home_site=site)}
        if not Presence.objects.filter(site=site, until=None, since__date=today).exists():
            come_to_work(system, people)
        book_around(system, site, providers_of(people, site), now)
        play_until(site, now)
        pend_today(site)
        give_today(site)
        hear_from_patients(site)
        fill_lists(system, site, providers_of(people, site))


def book_around(system: Actor, site: Site, providers: list[Staff], now: datetime) -> None:
    """Book today's visits around this hour, and some of the next ten days."""
    midnight = datetime.combine(system.today, time(), tzinfo=site.zone).astimezone(UTC)
    first = min(max(now - HALF_A_DAY, midnight + timedelta(minutes=10)), midnight + timedelta(hours=15, minutes=30))
    dice = Random(f"{site.pk}-{system.today}")
    _open_around(system, site, providers, first, min(first + 14 * APART, midnight + timedelta(days=1)))
    waiting = list(Patient.objects.filter(merged_into=None, deceased_on=None).order_by("pk"))
    dice.shuffle(waiting)
    earlier = system.at(now - timedelta(days=6))
    for number, provider in enumerate(providers):
        for n in range(12):
            starts = first + timedelta(minutes=7 * number) + n * APART
            if starts.astimezone(site.zone).date() == system.today and waiting:
                _book(earlier, dice, site, provider, starts, waiting.pop())
    for n in range(4):
        starts = first + timedelta(minutes=25 + n * 110)
        if starts.astimezone(site.zone).date() == system.today and waiting:
            _book(earlier, dice, site, None, starts, waiting.pop())
    for ahead in range(1, 11):
        day = system.today + timedelta(days=ahead)
        if day.weekday() > 4:
            continue
        for provider in providers:
            for hour in dice.sample(range(8, 12), 3) + dice.sample(range(13, 17), 2):
                starts = datetime.combine(day, time(hour, dice.choice((0, 20))), tzinfo=site.zone).astimezone(UTC)
                if waiting:
                    _book(earlier, dice, site, provider, starts, waiting.pop())


def _open_around(system: Actor, site: Site, providers: list[Staff], first: datetime, last: datetime) -> None:
    """Extra sessions around this hour, where the site is closed then: at night, on a Sunday, on a holiday."""
    here = hours_of(site)[system.today.weekday()]
    closed = Closure.objects.filter(Q(site=site) | Q(site=None), day=system.today, is_withdrawn=False).exists()
    parts = [(first, last)]
    if here.opens and here.closes and not closed:
        opens, closes = (datetime.combine(system.today, at, tzinfo=site.zone) for at in (here.opens, here.closes))
        parts = [(first, min(opens, last)), (max(closes, first), last)]
    for starts, ends in parts:
        for provider in (*providers, None) if starts < ends else ():
            add_session(
                actor=system, provider=provider, site=site, starts=starts, ends=ends, reason="The demo is open now"
            )


def _book(actor: Actor, dice: Random, site: Site, provider: Staff | None, starts: datetime, patient: Patient) -> None:
    age = (actor.today - patient.birth_date).days / 365.25
    if provider is None:
        code = dice.choice(("nurse", "bp-check", "injection"))
    elif age < 18:
        code = dice.choice(("well-child", "acute", "acute"))
    else:
        code = dice.choice(
            ("follow-up", "follow-up", "acute", "physical", "wellness" if age >= 65 else "follow-up", "wound")
        )
    kind = VisitType.objects.get(code=code)
    reason = dice.choice(patients.REASONS.get(code, (kind.name,)))
    slot = Slot(site=site, provider=provider, starts=starts, minutes=min(kind.minutes, 30))
    try:
        with transaction.atomic():
            book_appointment(actor=actor, patient=patient, visit_type=kind, slot=slot, reason=reason)
    except RedFlag:
        stop_for_red_flag(actor=actor, patient=patient, reason=reason, site=site)
    except SlotTaken:
        return
    except IntegrityError as error:
        if not isinstance(meaning_of(error), SlotTaken):
            raise
