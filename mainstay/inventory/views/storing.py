"""Storage units: how cold they are, the log, the loggers' files, and excursions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.clock import site_day
from mainstay.foundation.dates import read_date
from mainstay.foundation.errors import ClinicError
from mainstay.foundation.pages import StaffRequest, attempt, confirmations_in, page, redirect_to, staff_page
from mainstay.inventory import actions, queries
from mainstay.inventory.drawing import temperature_svg, temperatures_in_words
from mainstay.inventory.forms import DailyForm, ExcursionForm, FileForm, NoteForm, VerdictForm, WhyForm
from mainstay.inventory.models import Excursion, Hold, Sensor, StorageUnit
from mainstay.inventory.permissions import COUNT, DECIDE, LOG_TEMPERATURE, ORDER, SEE
from mainstay.inventory.rules import slot_of
from mainstay.inventory.rules.temperatures import LimitsOverTime

DAYS = 7


@require_GET
@staff_page(SEE)
def unit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One unit: a week of temperatures with their band, the twice-daily log with its blanks, what is inside."""
    return _unit(request, queries.unit_named(public_id))


def _unit(request: StaffRequest, shown: StorageUnit, **given: Any) -> HttpResponse:
    actor, last = request.actor, _last_day(request)
    first = last - timedelta(days=DAYS - 1)
    limits = shown.limits_over_time(on=actor.today)
    now = next((u for u in queries.units_at(site_id=shown.site_id, on=actor.now) if u.unit.pk == shown.pk), None)
    context = {
        **_week(shown, first, last, limits),
        "unit": shown,
        "state": now,
        "limits": limits.now,
        "before": limits.before,
        "since": limits.since,
        "log": queries.log_of(shown, first=first),
        "slot": slot_of(actor.now, shown.site.zone)[1],
        "excursions": queries.excursions_of(shown),
        "inside": sorted(queries.stock_in(shown, on=actor.now), key=lambda one: not one.label),
        "may_log": actor.may(LOG_TEMPERATURE),
        "may_count": actor.may(COUNT),
        "may_order": actor.may(ORDER),
        "daily": given.get("daily") or DailyForm(initial={"initials": _initials(actor.name)}),
        "upload": given.get("upload") or FileForm(prefix="file", sensors=_loggers(shown)),
        "warm": given.get("warm") or ExcursionForm(prefix="warm"),
        "loaded": given.get("loaded"),
        "today": actor.today,
    }
    return page(
        request, "inventory/unit.html", context, form=next((f for f in given.values() if isinstance(f, Form)), None)
    )


def _week(shown: StorageUnit, first: date, last: date, limits: LimitsOverTime) -> dict[str, Any]:
    readings = queries.readings_of(shown, first=first)
    zone = shown.site.zone
    begin, end = site_day(first, zone)[0], site_day(last, zone)[1]
    drawn = temperature_svg(readings, limits, begin=begin, end=end, zone=zone) if readings else ""
    return {
        "svg": mark_safe(drawn),
        "words": temperatures_in_words(readings, limits, zone=zone),
        "first": first,
        "last": last,
        "earlier": last - timedelta(days=DAYS),
        "later": last + timedelta(days=DAYS),
    }


def _last_day(request: StaffRequest) -> date:
    """The last day of the week that is shown; today for anything that cannot be read."""
    try:
        asked = read_date(request.GET.get("until", ""), today=request.actor.today, prefer="past")
    except ClinicError:
        return request.actor.today
    return min(asked, request.actor.today)


def _loggers(shown: StorageUnit) -> list[Sensor]:
    return [sensor for sensor in shown.sensors.all() if sensor.is_in_use]


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.replace(",", " ").split() if word[0].isalpha()).upper()[:3]


@require_POST
@staff_page(LOG_TEMPERATURE)
def daily(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write down the reading of this half-day."""
    shown, form = queries.unit_named(public_id), DailyForm(request.POST)
    about = {"actor": request.actor, "unit": shown, "confirmed": confirmations_in(request)}
    if form.is_valid() and attempt(form, actions.log_daily_reading, **about, **form.cleaned_data):
        return redirect_to(request, "stock-unit", public_id)
    return _unit(request, shown, daily=form)


@require_POST
@staff_page(LOG_TEMPERATURE)
def upload(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take in a data logger's file, and say what came of it."""
    shown = queries.unit_named(public_id)
    form = FileForm(request.POST, request.FILES, prefix="file", sensors=_loggers(shown))
    if form.is_valid():
        typed = form.cleaned_data
        about = {"content": typed["file"].read(), "scale": typed["scale"] or None, "sensor": typed["sensor"]}
        about |= {"actor": request.actor, "unit": shown}
        if loaded := attempt(form, actions.load_readings, **about):
            return _unit(request, shown, loaded=loaded)
    return _unit(request, shown, upload=form)


@require_POST
@staff_page(LOG_TEMPERATURE)
def report(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A unit found out of range: DO NOT USE, at once."""
    shown, form = queries.unit_named(public_id), ExcursionForm(request.POST, prefix="warm")
    about = {"actor": request.actor, "unit": shown}
    if form.is_valid() and (found := attempt(form, actions.report_warm_unit, **about, **form.cleaned_data)):
        return redirect_to(request, "stock-excursion", found.public_id)
    return _unit(request, shown, warm=form)


@require_GET
@staff_page(SEE)
def excursion(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One excursion: how far and how long, each lot's verdict, the doses given meanwhile."""
    return _excursion(request, public_id)


def _excursion(request: StaffRequest, public_id: UUID, form: Form | None = None, at: int | None = None) -> HttpResponse:
    shown = queries.excursion_named(public_id)
    holds = [
        (hold, form if form and hold.pk == at else _verdict_form(request, shown, hold, is_sent=False))
        for hold in shown.holds.all()
    ]
    context = {
        "excursion": shown,
        "limits": shown.unit.limits_over_time(on=request.actor.today).at(shown.began_at),
        "holds": holds,
        "waiting": sum(1 for hold, _ in holds if hold.lifted_at is None),
        "given": queries.doses_given_meanwhile(shown),
        "steps": shown.steps.select_related("by").order_by("pk"),
        "dismiss": form if form and form.prefix == "dismiss" else WhyForm(prefix="dismiss"),
        "close": form if form and form.prefix == "close" else NoteForm(prefix="close"),
        "may_decide": request.actor.may(DECIDE),
    }
    return page(request, "inventory/excursion.html", context, form=form)


@require_POST
@staff_page(DECIDE)
def verdict(request: StaffRequest, public_id: UUID, hold: int) -> HttpResponse:
    """What the manufacturer said about one lot."""
    shown = queries.excursion_named(public_id)
    form = _verdict_form(request, shown, queries.hold_numbered(shown, hold), is_sent=True)
    if form.is_valid():
        typed = form.cleaned_data
        holds = queries.holds_numbered(shown, {hold, *typed.pop("also", ())})
        if attempt(form, actions.decide_holds, actor=request.actor, holds=holds, **typed):
            return redirect_to(request, "stock-excursion", public_id)
    return _excursion(request, public_id, form, hold)


def _verdict_form(request: StaffRequest, shown: Excursion, hold: Hold, *, is_sent: bool) -> VerdictForm:
    others = queries.holds_of_same_maker(shown, hold)
    return VerdictForm(request.POST if is_sent else None, prefix=f"hold-{hold.pk}", others=others)


@require_POST
@staff_page(DECIDE)
def dismiss(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """It was no excursion."""
    form = WhyForm(request.POST, prefix="dismiss")
    about = {"actor": request.actor, "excursion": queries.excursion_named(public_id)}
    if form.is_valid() and attempt(form, actions.dismiss_excursion, **about, **form.cleaned_data):
        return redirect_to(request, "stock-excursion", public_id)
    return _excursion(request, public_id, form)


@require_POST
@staff_page(DECIDE)
def close(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Close an excursion of a unit with nothing inside."""
    form = NoteForm(request.POST, prefix="close")
    about = {"actor": request.actor, "excursion": queries.excursion_named(public_id)}
    if form.is_valid() and attempt(form, actions.decide_excursion, **about, **form.cleaned_data):
        return redirect_to(request, "stock-excursion", public_id)
    return _excursion(request, public_id, form)
