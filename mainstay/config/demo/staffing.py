"""The demo clinic's building and people: made once, then here every day."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import holidays

from mainstay.config.demo.cast import ACTS_SIGNED_OFF, CAST, PASSWORD, PIN, ROOMS, SITES, TYPES, WEEK, Role
from mainstay.foundation.actor import Actor
from mainstay.practice import actions as practice
from mainstay.practice.models import Site
from mainstay.scheduling.actions.templates import Pattern, add_template
from mainstay.visits.actions import prepare_room
from mainstay.workforce import actions as workforce
from mainstay.workforce.models import LadderRung, Staff

ISSUERS = {
    "CMA_AAMA": "AAMA", "RMA_AMT": "AMT", "CCMA_NHA": "NHA", "CMAA_NHA": "NHA", "NCMA_NCCT": "NCCT", "RN": "Ohio BON",
    "MD": "State Medical Board of Ohio", "DO": "State Medical Board of Ohio", "NP": "Ohio BON",
    "PA": "State Medical Board of Ohio",
}  # fmt: skip


def open_practice(actor: Actor) -> list[Site]:
    """The practice with its sites, hours, holidays, rooms, equipment and kinds of visit."""
    practice.set_up_practice(
        actor=actor, name="Riverside Family Medicine", governing_state="OH", vaccine_programs=("VFC", "private")
    )
    sites = [practice.add_site(actor=actor, facts=facts) for facts in SITES]
    for site, rooms in zip(sites, ROOMS, strict=True):
        practice.set_hours(actor=actor, site=site, weekly=WEEK)
        for name, kind, pod in rooms:
            prepare_room(actor=actor, room=practice.add_room(actor=actor, site=site, name=name, kind=kind, pod=pod))
        practice.add_equipment(actor=actor, site=site, name="ECG cart", kind="ecg")
    for day, name in sorted(holidays.US(years=[actor.today.year, actor.today.year + 1]).items()):
        if day > actor.today:
            practice.close_day(actor=actor, day=day, name=name)
    for facts in TYPES:
        practice.offer_visit_type(actor=actor, facts=facts)
    return sites


def hire_everybody(actor: Actor, sites: list[Site]) -> dict[str, Staff]:
    """The cast, with verified credentials and signed-off competencies; one credential ended last week, on purpose."""
    people = {role.username: _hire(actor, role, sites) for role in CAST}
    nurse = people["nurse"]
    for role in CAST:
        staff = people[role.username]
        if role.credential:
            ends = actor.today + timedelta(days=-6 if role.username == "hana" else 400)
            held = workforce.record_credential(
                actor=actor, staff=staff, code=role.credential, issuer=ISSUERS[role.credential],
                number=f"D{staff.pk:06d}", expires_on=ends,
            )  # fmt: skip
            workforce.verify_credential(actor=actor, credential=held, verifier=people["admin"], how="Issuer's website")
        if "clinical_ma" in role.roles or "lead_ma" in role.roles:
            for act in ACTS_SIGNED_OFF:
                seen = workforce.Assessment(
                    act, LadderRung.INDEPENDENT, "2026-1", 10, expires_on=actor.today + timedelta(days=300)
                )
                workforce.sign_off_competency(actor=actor, staff=staff, assessor=nurse, assessment=seen)
    return people


def _hire(actor: Actor, role: Role, sites: list[Site]) -> Staff:
    person = workforce.NewStaff(
        role.username, role.given_name, role.family_name, role.shown_name, role.roles, role.title, role.licence
    )
    staff = workforce.hire(actor=actor, person=person, home_site=sites[role.site], password=PASSWORD)
    return workforce.set_pin(actor=_as(actor, staff), staff=staff, pin=PIN)


def _as(actor: Actor, staff: Staff) -> Actor:
    from dataclasses import replace

    return replace(actor, staff_id=staff.pk)


def come_to_work(actor: Actor, people: dict[str, Staff]) -> None:
    """Everybody is on site today, on a shift that covers the day."""
    for staff in people.values():
        if staff.home_site is None:
            continue
        zone = staff.home_site.zone
        start = datetime.combine(actor.today, time(0, 0), tzinfo=zone).astimezone(UTC)
        workforce.plan_shift(
            actor=actor,
            staff=staff,
            site=staff.home_site,
            starts=start,
            ends=start + timedelta(hours=23),
            duty="clinic",
        )
        workforce.mark_present(actor=actor, staff=staff, site=staff.home_site)


def providers_of(people: dict[str, Staff], site: Site) -> list[Staff]:
    """The providers of one site."""
    return [p for p in people.values() if "provider" in p.roles and p.home_site_id == site.pk]


def plan_templates(actor: Actor, people: dict[str, Staff], sites: list[Site]) -> None:
    """When each provider sees patients: weekdays, mornings and afternoons; and the assistants' own list."""
    for site in sites:
        for provider in (*providers_of(people, site), None):
            for weekday in range(5):
                for starts, ends in ((time(8), time(12)), (time(13), time(17))):
                    add_template(
                        actor=actor,
                        provider=provider,
                        site=site,
                        pattern=Pattern(weekday, starts, ends),
                        effective=actor.today,
                    )
