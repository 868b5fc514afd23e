"""Who works here, who is on site, what they hold, when they work."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from mainstay.foundation.actor import Actor
from mainstay.foundation.dates import spell_date
from mainstay.foundation.errors import NotFound
from mainstay.practice.models import Site
from mainstay.workforce.models import (
    CompetencySignOff,
    Credential,
    LadderRung,
    Presence,
    Shift,
    SignInRecord,
    Staff,
    TrainingFact,
)
from mainstay.workforce.queries.sessions import second_factor_wanted
from mainstay.workforce.roles import labels_of
from mainstay.workforce.rules import RUNG_WORDS, TRIES, WINDOW, moment_of
from mainstay.workforce.vocabulary import vocabulary

SOON = timedelta(days=90)


def staff_numbered(pk: int) -> Staff | None:
    """Somebody who works here, by number."""
    return Staff.objects.filter(pk=pk, is_active=True).first()


def staff_named(public_id: UUID) -> Staff:
    """Somebody who works or worked here, by public id. Raises `NotFound`."""
    found = Staff.objects.select_related("home_site", "supervisor").filter(public_id=public_id).first()
    if found is None:
        raise NotFound("Nobody like that works here.")
    return found


def oneself(actor: Actor) -> Staff:
    """The person who acts. Raises `NotFound` for the system."""
    found = Staff.objects.select_related("home_site", "supervisor").filter(pk=actor.staff_id or 0).first()
    if found is None:
        raise NotFound("Only people have a page of their own.")
    return found


def staff_who_work_here() -> QuerySet[Staff]:
    """Everybody with an open account, by family name."""
    return Staff.objects.filter(is_active=True).order_by("family_name", "given_name", "pk")


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One person of the staff list: roles in words, main credential with its standing, where they are now."""

    staff: Staff
    roles: str
    credential: str
    credential_kind: str
    standing: str
    where: str
    since: datetime | None


def staff_rows(actor: Actor, *, typed: str = "", show: str = "") -> list[StaffRow]:
    """The staff list; `show`: here (on site now), ended, or everybody open; `typed` is part of a name."""
    found = Staff.objects.filter(is_active=show != "ended")
    for word in typed.split()[:4]:
        found = found.filter(
            Q(given_name__icontains=word) | Q(family_name__icontains=word) | Q(shown_name__icontains=word)
        )
    if show == "here":
        found = found.filter(Exists(Presence.objects.filter(staff=OuterRef("pk"), until__isnull=True)))
    here = Prefetch("presences", Presence.objects.filter(until__isnull=True).select_related("site"), to_attr="now_at")
    held = Prefetch("credentials", Credential.objects.filter(revoked_on=None).order_by("pk"), to_attr="held")
    rows = found.select_related("home_site").prefetch_related(here, held).order_by("family_name", "given_name", "pk")
    return [_row(staff, actor.today) for staff in rows]


def _row(staff: Staff, today: date) -> StaffRow:
    main = next((c for c in staff.held if c.code != "BLS"), None)  # type: ignore[attr-defined]  # from the query
    at = staff.now_at[0] if staff.now_at else None  # type: ignore[attr-defined]  # laid beside by the query
    shown = credential_shown(main, today) if main else None
    return StaffRow(
        staff=staff,
        roles=", ".join(labels_of(staff.roles)),
        credential=shown.name if shown else staff.licence,
        credential_kind=shown.kind if shown else "plain",
        standing=shown.standing if shown else "",
        where=at.site.short_name if at else "",
        since=at.since if at else None,
    )


@dataclass(frozen=True, slots=True)
class ShownCredential:
    """A credential in words; `kind` is its meaning: fine, confirm (ends soon, or not verified) or stop (ended)."""

    row: Credential
    name: str
    kind: str
    standing: str


def credential_shown(row: Credential, today: date) -> ShownCredential:
    """How one credential stands on a day."""
    word = vocabulary().credentials.get(row.code)
    called = word.name if word else row.code.replace("_", " ")
    name = f"{called[:1].upper()}{called[1:]}{f', {row.state}' if row.state else ''}"
    if row.revoked_on and row.revoked_on <= today:
        return ShownCredential(row, name, "stop", "No longer counts")
    if row.expires_on and row.expires_on < today:
        return ShownCredential(row, name, "stop", "Ended")
    if row.verified_at is None:
        return ShownCredential(row, name, "confirm", "Not verified")
    if row.expires_on and row.expires_on - today <= SOON:
        return ShownCredential(row, name, "confirm", f"Ends in {(row.expires_on - today).days} days")
    return ShownCredential(row, name, "fine", "Verified")


def credentials_of(staff: Staff, today: date) -> list[ShownCredential]:
    """What somebody holds or held, what counts first."""
    rows = Credential.objects.filter(staff=staff).select_related("verified_by").order_by("-pk")
    shown = [credential_shown(row, today) for row in rows]
    return sorted(shown, key=lambda s: s.kind == "stop")


def credential_named(public_id: UUID) -> Credential:
    """A credential by its id. Raises `NotFound`."""
    found = Credential.objects.select_related("staff").filter(public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such credential.")
    return found


@dataclass(frozen=True, slots=True)
class Ladder:
    """How far somebody has come with one act: the newest word, how it stands, and every word before it."""

    act: str
    name: str
    newest: CompetencySignOff
    kind: str
    standing: str
    steps: tuple[CompetencySignOff, ...]

    @property
    def told(self) -> str:
        """Every word so far, in a line."""
        return "; ".join(
            f"{RUNG_WORDS[step.rung]}, {step.times}×, {spell_date(step.assessed_on)}, {step.assessed_by}"
            for step in self.steps
        )


def ladders_of(staff: Staff, today: date) -> list[Ladder]:
    """Every act somebody was assessed in, by name."""
    names = vocabulary().acts
    by_act: dict[str, list[CompetencySignOff]] = {}
    for row in CompetencySignOff.objects.filter(staff=staff).select_related("assessed_by").order_by("pk"):
        by_act.setdefault(row.act, []).append(row)
    found = []
    for act, steps in by_act.items():
        newest = steps[-1]
        standing, kind = RUNG_WORDS[newest.rung], "fine" if newest.rung == LadderRung.INDEPENDENT else "confirm"
        if newest.rung == LadderRung.FAILED:
            kind = "stop"
        elif newest.expires_on and newest.expires_on < today:
            standing, kind = "Check again: it has ended", "stop"
        found.append(
            Ladder(act, names.get(act, act.replace("_", " ").capitalize()), newest, kind, standing, tuple(steps))
        )
    return sorted(found, key=lambda ladder: ladder.name)


def training_of(staff: Staff) -> list[tuple[TrainingFact, str]]:
    """Training on file, newest first, each with its topic in words."""
    words = vocabulary().topics
    rows = TrainingFact.objects.filter(staff=staff, is_withdrawn=False).select_related("recorded_by")
    return [(row, words.get(row.topic, row.topic)) for row in rows.order_by("-completed_on", "-pk")]


def training_numbered(staff: Staff, pk: int) -> TrainingFact:
    """One training fact of somebody. Raises `NotFound`."""
    found = TrainingFact.objects.filter(staff=staff, pk=pk, is_withdrawn=False).first()
    if found is None:
        raise NotFound("There is no such training on file.")
    return found


def presence_of(staff: Staff) -> Presence | None:
    """Where somebody is now."""
    return Presence.objects.select_related("site").filter(staff=staff, until__isnull=True).first()


def is_locked_out(staff: Staff, now: datetime) -> bool:
    """Whether five wrong tries lock somebody's name at the moment."""
    recent = SignInRecord.objects.filter(username=staff.username.lower(), at__gt=now - WINDOW).order_by("-pk")
    wrong = 0
    for is_success, how in recent.values_list("is_success", "how")[:50]:
        if is_success and how not in ("pin", "password_part"):
            break
        wrong += not is_success
    return wrong >= TRIES


def needed_next(staff: Staff, *, demands_second_factor: str) -> str:
    """The page somebody has to deal with before any other: a password to change, a second factor to set up; or none.

    `demands_second_factor`: "yes", or "no" where an installation only offers it.
    """
    if staff.must_change_password:
        return "my-password"
    if (
        demands_second_factor == "yes"
        and second_factor_wanted(staff)
        and not staff.second_factors.filter(removed_at__isnull=True).exists()
    ):
        return "my-second-factor"
    return ""


def shifts_in_week(site: Site, monday: date) -> tuple[tuple[date, ...], Mapping[int, Mapping[date, list[Shift]]]]:
    """The seven days, and for each person (by number) their shifts by the site's day they begin on."""
    days = tuple(monday + timedelta(days=n) for n in range(7))
    start = moment_of(site.zone, days[0], datetime.min.time())
    end = moment_of(site.zone, days[-1] + timedelta(days=1), datetime.min.time())
    found: dict[int, dict[date, list[Shift]]] = {}
    rows = Shift.objects.filter(
        site=site, is_cancelled=False, during__startswith__gte=start, during__startswith__lt=end
    ).order_by("during")
    for shift in rows:
        day = shift.during.lower.astimezone(site.zone).date()
        found.setdefault(shift.staff_id, {}).setdefault(day, []).append(shift)
    return days, found


def week_rows(site: Site, monday: date) -> tuple[tuple[date, ...], list[tuple[Staff, list[list[Shift]]]]]:
    """The week plan of a site: the days, and for each person who belongs there their shifts by day."""
    days, found = shifts_in_week(site, monday)
    people = staff_who_work_here().filter(Q(home_site=site) | Q(sites=site) | Q(pk__in=found)).distinct()
    return days, [(one, [found.get(one.pk, {}).get(day, []) for day in days]) for one in people]


def shifts_of(staff: Staff, now: datetime) -> Sequence[Shift]:
    """Somebody's next shifts."""
    rows = Shift.objects.filter(staff=staff, is_cancelled=False, during__endswith__gt=now)
    return list(rows.select_related("site").order_by("during")[:14])


def shift_named(public_id: UUID) -> Shift:
    """A shift by its id. Raises `NotFound`."""
    found = Shift.objects.select_related("staff", "site").filter(public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such shift.")
    return found


def site_here(actor: Actor) -> Site:
    """The site the actor works at. Raises `NotFound`."""
    found = Site.objects.filter(pk=actor.site_id or 0).first() or Site.objects.filter(is_open=True).first()
    if found is None:
        raise NotFound("This practice has no site yet.")
    return found


@dataclass(frozen=True, slots=True)
class EndingCredential:
    """A credential that ends: whose, its name, its last day."""

    public_id: UUID
    staff: Staff
    name: str
    expires_on: date


def credential_facts_for_work(credential_id: int) -> EndingCredential:
    """What work has to know of a credential that ends. Raises `NotFound`."""
    row = Credential.objects.select_related("staff__home_site").filter(pk=credential_id).first()
    if row is None or row.expires_on is None:
        raise NotFound("There is no such credential.")
    word = vocabulary().credentials.get(row.code)
    return EndingCredential(row.public_id, row.staff, word.name if word else row.code, row.expires_on)


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A check somebody did not pass: who, which act in words, by whom."""

    staff: Staff
    act: str
    act_name: str
    assessed_by: Staff
    restriction: str


def failed_check(sign_off_id: int) -> FailedCheck:
    """What work has to know of a failed check. Raises `NotFound`."""
    rows = CompetencySignOff.objects.select_related("staff__home_site", "staff__supervisor", "assessed_by")
    row = rows.filter(pk=sign_off_id).first()
    if row is None:
        raise NotFound("There is no such check.")
    name = vocabulary().acts.get(row.act, row.act.replace("_", " "))
    return FailedCheck(row.staff, row.act, name, row.assessed_by, row.restriction)


def people_in_roles(roles: Collection[str], *, site_id: int | None) -> QuerySet[Staff]:
    """Who works here in any of these roles at a site (everywhere, if none is given)."""
    rows = Staff.objects.filter(is_active=True, roles__overlap=list(roles))
    if site_id is not None:
        rows = rows.filter(Q(home_site_id=site_id) | Q(sites=site_id)).distinct()
    return rows.order_by("pk")
