"""The list of storage units and their data loggers, at every site."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.inventory import actions, queries
from mainstay.inventory.forms_keeping import SensorForm, UnitChangeForm, UnitForm
from mainstay.inventory.permissions import ORDER, SEE
from mainstay.practice.queries import open_sites


@require_GET
@staff_page(SEE)
def units(request: StaffRequest) -> HttpResponse:
    """Every storage unit and logger."""
    return _units(request)


def _units(request: StaffRequest, **more: Any) -> HttpResponse:
    actor = request.actor
    context = {"units": queries.every_unit(on=actor.today), "may_order": actor.may(ORDER), "today": actor.today}
    return page(request, "inventory/units.html", context, **more)


@staff_page(ORDER)
def add(request: StaffRequest) -> HttpResponse:
    """A new storage unit."""
    first = {"site": str(request.actor.site_id or "")}
    form = UnitForm(request.POST or None, sites=open_sites(), initial=first)
    if form.is_valid() and (made := attempt(form, actions.add_storage_unit, actor=request.actor, **form.arguments())):
        return redirect_to(request, "stock-sensor-add", made.public_id)
    return page(request, "inventory/unit_form.html", form=form)


@staff_page(ORDER)
def change(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A unit's name and its own limits."""
    shown = queries.unit_named(public_id)
    form = UnitChangeForm(request.POST or None, unit=shown)
    about = {"actor": request.actor, "unit": shown}
    if form.is_valid() and attempt(form, actions.change_storage_unit, **about, **form.arguments()):
        return redirect_to(request, "stock-units")
    context = {"unit": shown, "limits": shown.limits(on=request.actor.today)}
    return page(request, "inventory/unit_form.html", context, form=form)


@require_POST
@staff_page(ORDER)
def retire(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take a unit out of use."""
    form = Form(request.POST)
    if attempt(form, actions.retire_storage_unit, actor=request.actor, unit=queries.unit_named(public_id)):
        return redirect_to(request, "stock-units")
    return _units(request, form=form)


@require_POST
@staff_page(ORDER)
def use_again(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take a unit into use again."""
    actions.use_storage_unit_again(actor=request.actor, unit=queries.unit_named(public_id))
    return redirect_to(request, "stock-units")


@staff_page(ORDER)
def add_sensor(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A new logger in a unit."""
    shown = queries.unit_named(public_id)
    form = SensorForm(request.POST or None, units=queries.units_for(), initial={"unit": str(shown.pk)})
    if form.is_valid() and attempt(form, actions.add_sensor, actor=request.actor, **form.cleaned_data):
        return redirect_to(request, "stock-units")
    return page(request, "inventory/sensor_form.html", {"unit": shown}, form=form)


@staff_page(ORDER)
def change_sensor(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """What is known about a logger, put right."""
    shown = queries.sensor_named(public_id)
    form = SensorForm(request.POST or None, units=queries.units_for(), sensor=shown)
    about = {"actor": request.actor, "sensor": shown}
    if form.is_valid() and attempt(form, actions.change_sensor, **about, **form.cleaned_data):
        return redirect_to(request, "stock-units")
    return page(request, "inventory/sensor_form.html", {"unit": shown.unit, "sensor": shown}, form=form)


@require_POST
@staff_page(ORDER)
def retire_sensor(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take a logger out of use."""
    actions.retire_sensor(actor=request.actor, sensor=queries.sensor_named(public_id))
    return redirect_to(request, "stock-units")


@require_POST
@staff_page(ORDER)
def use_sensor_again(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take a logger into use again."""
    actions.use_sensor_again(actor=request.actor, sensor=queries.sensor_named(public_id))
    return redirect_to(request, "stock-units")
