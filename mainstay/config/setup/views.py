"""The pages of the first-run set-up: open to whoever has the code, gone once there is a practice."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mainstay.config.setup import actions, code, forms, queries
from mainstay.config.setup.queries import STEPS
from mainstay.foundation.errors import NotFound
from mainstay.foundation.pages import attempt, page, public_page, redirect_to
from mainstay.practice.forms import PracticeForm

KEY = "set_up"
REFUSALS = {
    actions.CodeTry.WRONG: gettext_lazy("This is not the code. Look at the line where Mainstay was started."),
    actions.CodeTry.TOO_MANY: gettext_lazy("Too many wrong codes. Wait 15 minutes, then try again."),
}


def set_up_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of the set-up: not found once a practice exists, and only after the code was typed."""

    @functools.wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not queries.is_needed():
            raise NotFound("This practice is set up already.")
        if request.session.get(KEY) != code.proof():
            return redirect_to(request, "set-up")
        return view(request, *args, **kwargs)

    return public_page(gate)


@public_page
def begin(request: HttpRequest) -> HttpResponse:
    """Ask for the code, then go on where the set-up was left."""
    if not queries.is_needed():
        raise NotFound("This practice is set up already.")
    form = forms.CodeForm(request.POST or None)
    if form.is_valid():
        tried = actions.try_code(actor=queries.setter_up(), typed=form.cleaned_data["code"])
        if tried is actions.CodeTry.RIGHT:
            request.session[KEY] = code.proof()
        else:
            form.add_error("code", REFUSALS[tried])
    if request.session.get(KEY) == code.proof():
        gaps = queries.check_everything().gaps
        return redirect_to(request, f"/set-up/{gaps[0].step if gaps else 'check'}/")
    return page(request, "setup/code.html", form=form)


def _step(request: HttpRequest, name: str, shown: dict[str, Any], refused: bool = False) -> HttpResponse:
    names = [key for key, _label in STEPS]
    number = names.index(name)
    steps = [(key, label, key in done) for done in [queries.steps_done()] for key, label in STEPS]
    full = {"steps": steps, "step": name, "back": names[number - 1] if number else "", "page_errors": refused, **shown}
    return page(request, f"setup/{name}.html", full, status=422 if refused else 200)


def _next(request: HttpRequest, name: str) -> HttpResponse:
    names = [key for key, _label in STEPS]
    return redirect_to(request, f"/set-up/{names[names.index(name) + 1]}/")


def _one_form(request: HttpRequest, name: str, make: Callable[[Any], BaseForm]) -> HttpResponse:
    form = make(request.POST if request.method == "POST" else queries.saved(name))
    if request.method == "POST" and form.is_valid():
        actions.save_step(actor=queries.setter_up(), step=name, typed=request.POST)
        return _next(request, name)
    return _step(request, name, {"form": form}, refused=request.method == "POST")


@set_up_page
def practice(request: HttpRequest) -> HttpResponse:
    """Name, law, vaccine stock."""
    return _one_form(request, "practice", PracticeForm)


@set_up_page
def visits(request: HttpRequest) -> HttpResponse:
    """The kinds of visit to begin with."""
    return _one_form(request, "visits", forms.VisitsForm)


@set_up_page
def administrator(request: HttpRequest) -> HttpResponse:
    """Who looks after Mainstay here."""
    return _one_form(request, "administrator", forms.AdministratorForm)


@set_up_page
def sites(request: HttpRequest) -> HttpResponse:
    """The sites entered so far; with none, the form of the first."""
    numbers = queries.site_numbers()
    if not numbers:
        return redirect_to(request, "set-up-site", 1)
    known = [(n, queries.site_form(n)) for n in numbers]
    return _step(request, "sites", {"sites": known, "further": queries.next_site_number()})


@set_up_page
def site(request: HttpRequest, number: int) -> HttpResponse:
    """One site."""
    if not 1 <= number <= queries.MOST_SITES:
        raise NotFound()
    form = queries.site_form(number, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.save_step(actor=queries.setter_up(), step=f"site:{number}", typed=request.POST)
        return redirect_to(request, "set-up-sites")
    shown = {"form": form, "site_number": number, "one_site": True}
    return _step(request, "sites", shown, refused=request.method == "POST")


@require_POST
@set_up_page
def drop_site(request: HttpRequest, number: int) -> HttpResponse:
    """Take out a site that was entered."""
    actions.drop_site(actor=queries.setter_up(), number=number)
    return redirect_to(request, "set-up-sites")


@set_up_page
def hours(request: HttpRequest) -> HttpResponse:
    """When each site is open."""
    typed = request.POST if request.method == "POST" else None
    each = queries.forms_of_sites(typed)
    if typed is not None and all([one.hours.is_valid() for one in each]):
        actions.save_step(actor=queries.setter_up(), step="hours", typed=request.POST)
        return _next(request, "hours")
    holidays = forms.HolidaysForm(typed or queries.saved("hours"))
    shown = {"sites": each, "holidays": holidays, "refused": [one.hours for one in each]}
    return _step(request, "hours", shown, refused=typed is not None)


@set_up_page
def rooms(request: HttpRequest) -> HttpResponse:
    """The rooms of each site."""
    typed: MultiValueDict[str, str] | None = request.POST if request.method == "POST" else None
    each = queries.forms_of_sites(typed)
    if typed is not None and all([one.rooms.is_valid() for one in each]):
        actions.save_step(actor=queries.setter_up(), step="rooms", typed=typed)
        return _next(request, "rooms")
    shown = {"sites": each, "refused": [one.rooms for one in each]}
    return _step(request, "rooms", shown, refused=typed is not None)


@set_up_page
def check(request: HttpRequest) -> HttpResponse:
    """Everything once more; with a password, the practice opens."""
    found = queries.check_everything()
    form = forms.PasswordForm(request.POST or None, person=found.person)
    if found.plan and form.is_valid():
        typed = {"plan": found.plan, "password": form.cleaned_data["password"]}
        if attempt(form, actions.open_practice, actor=queries.setter_up(), **typed):
            request.session.pop(KEY, None)
            messages.success(request, _("The practice is open. Sign in, and set up your second factor."))
            return redirect_to(request, "sign-in")
    shown = {"found": found, "plan": found.plan, "form": form}
    return _step(request, "check", shown, refused=request.method == "POST")
