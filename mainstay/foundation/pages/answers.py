"""What a page answers: a page, a form that says what is wrong, a redirect, or a refusal in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from mainstay.foundation.components.forms import answered_in, confirmations_from
from mainstay.foundation.constraint_names import meaning_of
from mainstay.foundation.errors import ClinicError, FindingsRaised, NotPermitted
from mainstay.foundation.findings import Confirmations, Finding


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    form: BaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a page or fragment; a sent form with errors answers 422."""
    if form is not None and form.is_bound and form.errors and status == 200:
        status = 422
    full = {**(context or {}), **({"form": form} if form is not None else {})}
    if request.method == "POST":
        for one in full.values():
            if isinstance(one, BaseForm) and one.is_bound and one.errors:
                findings_of(request, one)
    return render(request, template, full, status=status)


def attempt(form: BaseForm, action: Callable[..., Any], **arguments: Any) -> Any:
    """Run an action for a valid form; a refusal becomes the form's own error and undoes the action.

    Findings are kept on `form.findings` for the "save anyway" block, those that have their reason last: it is kept
    while another is asked for. `NotPermitted` is raised on.
    """
    try:
        with transaction.atomic():
            return action(**arguments)
    except NotPermitted:
        raise
    except FindingsRaised as error:
        form.findings = (*error.findings, *error.answered)  # type: ignore[attr-defined]  # carried to the template
        for finding in error.findings:
            _add(form, finding.field, finding.message)
    except ClinicError as error:
        _add(form, error.field, error.message)
    except IntegrityError as error:
        if (known := meaning_of(error)) is None:
            raise
        _add(form, known.field, known.message)
    return None


def _add(form: BaseForm, field: str, message: str) -> None:
    form.add_error(field if field in form.fields else None, message)


def confirmations_in(request: HttpRequest) -> Confirmations:
    """The reasons typed beside findings: fields named `reason:<finding code>`."""
    return confirmations_from(request.POST)


def findings_of(request: HttpRequest, form: BaseForm) -> tuple[Finding, ...]:
    """What a refused form asks a reason for.

    Where no action was tried, because the form itself is wrong: what has its reason already, so that it is not asked
    for again. A page asks for them by itself; a view, only where it needs them before.
    """
    if not hasattr(form, "findings"):
        form.findings = answered_in(request.POST)  # type: ignore[attr-defined]  # carried to the template
    found: tuple[Finding, ...] = form.findings  # type: ignore[attr-defined]  # carried to the template
    return found


def redirect_to(request: HttpRequest, to: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """Send the browser on after a write: 303 for a form, `HX-Redirect` for htmx."""
    url = resolve_url(to, *args, **kwargs)
    if getattr(request, "htmx", False):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = url
        return response
    answer = HttpResponseRedirect(url)
    answer.status_code = 303
    return answer


def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Ask for a sign-in, coming back to the same place (a form: to its page); htmx gets a whole-page redirect."""
    back = request.get_full_path() if request.method == "GET" else request.POST.get("draft_url", "")
    if getattr(request, "htmx", False):
        back = request.htmx.current_url_abs_path or ""  # type: ignore[attr-defined]  # set by django-htmx
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = ""
    url = resolve_url("sign-in") + (f"?next={quote(back, safe='/')}" if back else "")
    if getattr(request, "htmx", False):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = url
        return response
    return HttpResponseRedirect(url)


def refusal(request: HttpRequest, error: ClinicError) -> HttpResponse:
    """Say a refusal as a page, or as a fragment to htmx."""
    template = "foundation/refusal.html"
    if getattr(request, "htmx", False):
        template += "#fragment"
    told = {"error": error, "decision": getattr(error, "decision", None)}
    return render(request, template, told, status=error.status)
