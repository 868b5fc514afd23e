"""Moments and days as people read them, in the site's zone, and minutes that tick."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mainstay.foundation import clock, dates
from mainstay.foundation.components.marks import attributes


def local(moment: datetime) -> datetime:
    """A moment in the zone the page is shown in (the site's, activated by middleware)."""
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def spell_date(day: date | datetime | None) -> str:
    """`Tue 5 Mar 2027`: a day no two readers read differently; nothing for None."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = local(day).date()
    return date_format(day, "D j M Y")


def spell_time(moment: datetime | time | None) -> str:
    """`9:14 am` at the site, or of a clock on the wall as it is; nothing for None."""
    if isinstance(moment, time):
        return dates.spell_time(moment)
    return dates.spell_time(local(moment).time()) if moment else ""


def spell_moment(moment: datetime | None) -> str:
    """`Tue 5 Mar 2027, 9:14 am`."""
    return f"{spell_date(moment)}, {spell_time(moment)}" if moment else ""


def spell_birth_date(born: date | None) -> str:
    """`03/05/1984`, as it is read aloud at the desk; nothing for None."""
    return dates.spell_birth_date(born) if born else ""


def spell_age(born: date | None, on: date | None = None) -> str:
    """An age as clinicians say it, today at the site unless `on` says otherwise."""
    if born is None:
        return _("age unknown")
    return dates.spell_age(born, on or timezone.localdate(clock.now()))


def timer(since: datetime, warn: int = 0, late: int = 0, now: datetime | None = None, label: str = "") -> SafeString:
    """Whole minutes since a moment, ticking in the browser.

    Past `warn` minutes it takes a triangle, past `late` an octagon; both say so to screen readers. 0 means no limit.
    Nothing is said of a moment still to come: who is expected at three is not waiting since three.
    """
    minutes = int(_passed(since, now or clock.now()).total_seconds() // 60)
    state, spoken = "", ""
    if late and minutes >= late:
        state, spoken = "late", _(", over %(limit)d minutes") % {"limit": late}
    elif warn and minutes >= warn:
        state, spoken = "warn", _(", past %(limit)d minutes") % {"limit": warn}
    return format_html(
        '<time class="timer" datetime="{}" data-since{}>'
        '<span class="timer-text">{}</span><span class="aside-voice">{}{}</span></time>',
        since.isoformat(),
        attributes({"data_warn": warn or None, "data_late": late or None, "data_state": state or None}),
        _spell_minutes(minutes),
        label,
        spoken,
    )


def countdown(until: datetime, now: datetime | None = None, done: str = "") -> SafeString:
    """Minutes and seconds left until a moment (an observation after a vaccine), ticking; then the words in `done`."""
    left = int(_passed(now or clock.now(), until).total_seconds())
    over = done or _("time is up")
    text = over if left <= 0 else f"{left // 60}:{left % 60:02d}"
    return format_html(
        '<time class="timer" datetime="{}" data-until data-done="{}"{}><span class="timer-text">{}</span></time>',
        until.isoformat(),
        over,
        attributes({"data_state": "due" if left <= 0 else None}),
        text,
    )


def _passed(since: datetime, until: datetime) -> timedelta:
    """What a stopwatch shows: Python subtracts two times of one zone by the wall, an hour wrong over a clock change."""
    return until.astimezone(UTC) - since.astimezone(UTC)


def _spell_minutes(minutes: int) -> str:
    if minutes < -1:
        return ""
    minutes = max(0, minutes)
    if minutes < 100:
        return _("%(n)d min") % {"n": minutes}
    if minutes < 60 * 48:
        return _("%(h)d h %(m)02d") % {"h": minutes // 60, "m": minutes % 60}
    return _("%(n)d days") % {"n": minutes // (60 * 24)}
