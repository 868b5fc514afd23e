"""When people are seen: templates, time off, extra sessions, closures."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mainstay.foundation.dates import spell_time
from mainstay.foundation.ending import EndForm, asked_first
from mainstay.foundation.pages import StaffRequest, attempt, confirmations_in, page, redirect_to, staff_page
from mainstay.practice.queries import Opened, read_opened
from mainstay.scheduling import actions, queries
from mainstay.scheduling.forms import TemplateForm, TimeOffForm
from mainstay.scheduling.models import Template
from mainstay.scheduling.permissions import CHANGE_TEMPLATES, SEE


@staff_page(SEE)
def templates(request: StaffRequest) -> HttpResponse:
    """Who sees patients when; a new stretch of the week."""
    form = TemplateForm(request.POST or None, initial={"site": request.actor.site_id, "effective": request.actor.today})
    if form.is_valid() and (added := attempt(form, actions.add_template, actor=request.actor, **form.arguments())):
        return redirect_to(request, reverse("templates") + added.calls.address)
    return _shown(request, form, TimeOffForm(prefix="off", initial={"first_day": request.actor.today}))


@require_POST
@staff_page(CHANGE_TEMPLATES)
def time_off(request: StaffRequest) -> HttpResponse:
    """Take somebody off the schedule, or open an extra session."""
    form = TimeOffForm(request.POST, prefix="off")
    if form.is_valid() and (opened := attempt(form, _add_exception, request=request, typed=form)):
        return redirect_to(request, reverse("templates") + opened.address)
    asking = asked_first(form, what=request.POST.get("off-reason", ""))
    return _shown(request, TemplateForm(initial={"effective": request.actor.today}), form, ending=asking)


def _add_exception(request: StaffRequest, typed: TimeOffForm) -> Opened:
    about = {"actor": request.actor, **typed.arguments(request.actor)}
    if typed.cleaned_data["kind"] == "extra":
        return actions.add_session(**about)
    actions.take_time_off(**about, confirmed=confirmations_in(request))
    return Opened()


@require_POST
@staff_page(CHANGE_TEMPLATES)
def end(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Let a template end today."""
    template = queries.template_named(public_id)
    form = EndForm(request.POST, what=_in_words(template))
    about = {"actor": request.actor, "template": template, "last_day": request.actor.today}
    if attempt(form, actions.end_template, **about, confirmed=confirmations_in(request)):
        return redirect_to(request, "templates")
    today = {"effective": request.actor.today}
    return _shown(request, TemplateForm(initial=today), TimeOffForm(prefix="off"), ending=form)


def _in_words(template: Template) -> str:
    """A stretch of the week: Monday 8:00 am to 12:00 pm, Dr. Kim."""
    who = template.provider.shown_name if template.provider else _("Medical assistants")
    return f"{template.weekday_name} {spell_time(template.starts)} – {spell_time(template.ends)}, {who}"


@require_POST
@staff_page(CHANGE_TEMPLATES)
def withdraw(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take back a time off or an extra session."""
    exception = queries.exception_named(public_id)
    form = EndForm(request.POST, what=exception.reason)
    about = {"actor": request.actor, "exception": exception, "confirmed": confirmations_in(request)}
    if opened := attempt(form, actions.withdraw_exception, **about):
        return redirect_to(request, reverse("templates") + opened.address)
    today = {"effective": request.actor.today}
    return _shown(request, TemplateForm(initial=today), TimeOffForm(prefix="off"), ending=form)


def _shown(
    request: StaffRequest, form: TemplateForm, off: TimeOffForm, *, ending: EndForm | None = None
) -> HttpResponse:
    closed, proposed = queries.coming_closures(request.actor)
    providers = queries.providers()
    offered = queries.offered_visit_types()
    typical = next((kind for kind in offered if kind.is_with_provider), None)
    now, today = request.actor.now, request.actor.today
    access = queries.access_of(providers, typical, now=now, today=today) if typical is not None else []
    context = {
        "templates": queries.templates_in_words(request.actor, offered),
        "exceptions": queries.exceptions_ahead(request.actor),
        "closed": closed,
        "proposed": proposed,
        "access": access,
        "typical": typical,
        "off": off,
        "ending": ending,
        "opened": read_opened(request.GET),
        "may_change": request.actor.may(CHANGE_TEMPLATES),
        "form": form,
    }
    status = 422 if ending or (form.is_bound and form.errors) or (off.is_bound and off.errors) else 200
    return page(request, "scheduling/templates.html", context, status=status)
