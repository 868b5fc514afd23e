"""The connections to vaccine registries, site by site."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.interop import actions, queries
from mainstay.interop.forms import RegistryForm
from mainstay.interop.permissions import SET_UP_PARTNERS
from mainstay.practice.queries import site_known_as


@require_GET
@staff_page(SET_UP_PARTNERS)
def registries(request: StaffRequest) -> HttpResponse:
    """Every site with the registry it reports to."""
    return page(request, "interop/registries.html", {"rows": queries.registries_by_site()})


@staff_page(SET_UP_PARTNERS)
def registry_settings(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """How one site reaches its registry."""
    site = site_known_as(request.actor, public_id)
    form = RegistryForm.of(getattr(site, "registry", None), request.POST or None)
    if form.is_valid() and attempt(form, actions.set_up_registry, actor=request.actor, site=site, facts=form.facts()):
        return redirect_to(request, "registries")
    return page(request, "interop/registry_settings.html", {"site": site}, form=form)
