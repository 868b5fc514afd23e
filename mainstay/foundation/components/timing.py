"""Moments and days as people read them, in the site's zone, and minutes that tick."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mainstay.foundation import clock
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


def spell_time(moment: datetime | None) -> str:
    """`9:14 am` at the site; nothing for None."""
    if moment is None:
        return ""
    here = local(moment)
    return f"{here.hour % 12 or 12}:{here.minute:02d} {'am' if here.hour < 12 else 'pm'}"


def spell_moment(moment: datetime | None) -> str:
    """`Tue 5 Mar 2027, 9:14 am`."""
    return f"{spell_date(moment)}, {spell_time(moment)}" if moment else ""


def spell_age(born: date | None, on: date | None = None) -> str:
    """An age as clinics say it: days to 2 weeks, weeks to 2 months, months to 2 years, then years."""
    if born is None:
        return _("age unknown")
    on = on or timezone.localdate(clock.now())
    days = (on - born).days
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    if days < 0:
        return _("not yet born")
    if days < 14:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if months < 2:
        return ngettext("%(n)d week", "%(n)d weeks", days // 7) % {"n": days // 7}
    if months < 24:
        return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}
    return _("%(n)d y") % {"n": months // 12}


def timer(since: datetime, warn: int = 0, late: int = 0, now: datetime | None = None, label: str = "") -> SafeString:
    """Whole minutes since a moment, ticking in the browser.

    Past `warn` minutes it takes a triangle, past `late` an octagon; both say so to screen readers. 0 means no limit.
    """
    minutes = max(0, int(((now or clock.now()) - since).total_seconds() // 60))
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
    left = int((until - (now or clock.now())).total_seconds())
    over = done or _("time is up")
    text = over if left <= 0 else f"{left // 60}:{left % 60:02d}"
    return format_html(
        '<time class="timer" datetime="{}" data-until data-done="{}"{}><span class="timer-text">{}</span></time>',
        until.isoformat(),
        over,
        attributes({"data_state": "due" if left <= 0 else None}),
        text,
    )


def _spell_minutes(minutes: int) -> str:
    if minutes < 100:
        return _("%(n)d min") % {"n": minutes}
    if minutes < 60 * 48:
        return _("%(h)d h %(m)02d") % {"h": minutes // 60, "m": minutes % 60}
    return _("%(n)d days") % {"n": minutes // (60 * 24)}
