"""What may I do, who may do what where, and the practice's own policies."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from mainstay.authority import actions, explorer, queries
from mainstay.authority.forms import ExplorerForm, NarrowingForm, OpeningForm, WithdrawalForm
from mainstay.authority.permissions import EXPLORE, SIGN_POLICY, WRITE_POLICY
from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page


@require_GET
@staff_page(None)
def what_may_i_do(request: StaffRequest) -> HttpResponse:
    """Every act for oneself, here, today: yes, with conditions, ask, no, each with its reason."""
    actor = request.actor
    here = queries.who_is_here(actor)
    person = queries.person_facts(actor, here)
    context = {
        "groups": queries.answers_by_outcome(queries.answers_for(actor, here)),
        "held": queries.credential_facts(person, actor.today),
        "here": here,
        "supervision": here.supervision_of(actor.staff_id or 0, actor.today),
        "may_explore": actor.may(EXPLORE),
    }
    return page(request, "authority/what_may_i_do.html", context)


@require_GET
@staff_page(EXPLORE)
def explore(request: StaffRequest) -> HttpResponse:
    """States down, acts across; with `state` and `act`, the whole answer of one cell."""
    actor = request.actor
    form = ExplorerForm(request.GET.dict(), today=actor.today)
    asked = form.circumstances()
    state, act = request.GET.get("state", ""), request.GET.get("act", "")
    answer = explorer.answer(state, act, asked) if state and act else None
    if request.htmx and answer:
        return page(request, "authority/explorer.html#answer", {"answer": answer})
    family, mark = request.GET.get("family", ""), request.GET.get("mark", "")
    context = {
        "columns": explorer.columns(family),
        "rows": explorer.grid(asked, family=family, marks=[mark] if mark else ()),
        "legend": explorer.LEGEND,
        "checked": explorer.checked_on(),
        "answer": answer,
        "kept": form.kept(),
    }
    return page(request, "authority/explorer.html", context, form=form, status=200)


@require_GET
@staff_page(EXPLORE)
def policies(request: StaffRequest) -> HttpResponse:
    """Every policy of the practice, those in force first."""
    actor = request.actor
    context = {
        "shown": queries.policies_shown(actor.today),
        "may_write": actor.may(WRITE_POLICY),
        "may_sign": actor.may(SIGN_POLICY),
    }
    return page(request, "authority/policies.html", context)


@staff_page(WRITE_POLICY)
def write_policy(request: StaffRequest) -> HttpResponse:
    """Write a policy narrower than the tables."""
    actor = request.actor
    form = NarrowingForm(request.POST or None)
    if form.is_valid():
        done = attempt(form, actions.write_policy, actor=actor, **form.policy())
        if done is not None:
            return redirect_to(request, "clinic-policies")
    return page(request, "authority/write_policy.html", form=form)


@staff_page(SIGN_POLICY)
def sign_policy(request: StaffRequest) -> HttpResponse:
    """Sign, as medical director, a policy that opens an act."""
    actor = request.actor
    form = OpeningForm(request.POST or None)
    if form.is_valid():
        done = attempt(form, actions.sign_policy, actor=actor, **form.cleaned_data)
        if done is not None:
            return redirect_to(request, "clinic-policies")
    return page(request, "authority/sign_policy.html", form=form)


@staff_page(WRITE_POLICY)
def withdraw_policy(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take a policy out of force, with a reason."""
    actor = request.actor
    policy = queries.policy_named(public_id)
    form = WithdrawalForm(request.POST or None)
    if form.is_valid():
        done = attempt(form, actions.withdraw_policy, actor=actor, policy=policy, **form.cleaned_data)
        if done is not None:
            return redirect_to(request, "clinic-policies")
    return page(request, "authority/withdraw_policy.html", {"policy": queries.shown(policy, actor.today)}, form=form)
