"""The gates every page stands behind: signed in, permitted, sent once, and errors said in words."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict

from mainstay.foundation.constraint_names import meaning_of
from mainstay.foundation.errors import Busy, ClinicError, NotPermitted
from mainstay.foundation.pages.answers import refusal, sign_in_again
from mainstay.foundation.pages.held import hold_typing
from mainstay.foundation.pages.repeats import answered_once

View = Callable[..., HttpResponse]
TRY_AGAIN = {"40001", "40P01", "55P03", "57014"}  # serialization, deadlock, lock timeout, statement timeout


def staff_page(permission: str | None, *, repeatable: bool = False) -> Callable[[View], View]:
    """Let in only signed-in staff whose role holds `permission` (None: anybody signed in).

    A POST has one effect however often it is sent (it carries an idempotency key), unless `repeatable`.
    Errors become pages or fragments that say what to do; a deadlock is tried once more.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor = getattr(request, "actor", None)
            drop_nul(request)
            if actor is None:
                if request.method == "POST":
                    hold_typing(request)
                return sign_in_again(request)
            try:
                if permission is not None:
                    actor.may(permission).or_raise()
                if request.method == "POST" and not repeatable:
                    return _with_second_try(answered_once(view), request, *args, **kwargs)
                return _with_second_try(view, request, *args, **kwargs)
            except ClinicError as error:
                return refusal(request, error)

        gate.permission = permission  # type: ignore[attr-defined]  # what the pages' table reads off a view
        gate.is_gated = True  # type: ignore[attr-defined]  # what the pages' table reads off a view
        return gate

    return decorate


def public_page(view: View) -> View:
    """Let anybody in: signing in, the health check, the first-run set-up."""

    @functools.wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        drop_nul(request)
        try:
            return view(request, *args, **kwargs)
        except ClinicError as error:
            return refusal(request, error)

    gate.permission = None  # type: ignore[attr-defined]  # what the pages' table reads off a view
    gate.is_gated = True  # type: ignore[attr-defined]  # what the pages' table reads off a view
    gate.is_public = True  # type: ignore[attr-defined]  # what the pages' table reads off a view
    return gate


def drop_nul(request: HttpRequest) -> None:
    """Leave out of a POST the one character nobody types and PostgreSQL cannot hold."""
    if request.method != "POST" or not any("\0" in text for row in request.POST.lists() for text in (row[0], *row[1])):
        return
    typed = QueryDict(mutable=True)
    for name, values in request.POST.lists():
        typed.setlist(name.replace("\0", ""), [value.replace("\0", "") for value in values])
    request.POST = typed  # type: ignore[assignment]  # the stubs say immutable; Django takes any QueryDict


def _with_second_try(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    for attempt in (1, 2):
        try:
            return view(request, *args, **kwargs)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") not in TRY_AGAIN:
                raise
            if attempt == 2:
                raise Busy() from error
        except IntegrityError as error:
            if (known := meaning_of(error)) is None:
                raise
            raise known from error
    raise NotPermitted()
