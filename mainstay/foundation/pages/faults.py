"""What somebody gets when something broke: a page that needs no database, and keeps what was typed."""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from mainstay.foundation.errors import Busy, NotPermitted, TooMuch

SECRETS = frozenset({"password", "secret", "old", "new", "again", "pin", "code"})
"""Fields that are never written into a page."""
log = logging.getLogger(__name__)


def server_fault(request: HttpRequest) -> HttpResponse:
    """Answer for what was raised just now: 503 while the database is away, else 500 with a reference from the log.

    A form that was sent comes back in the page with a button to send it again: its key makes that harmless.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return _answer(request, "503.html", Busy(), status=503)
    reference = secrets.token_hex(4)
    log.error("reference %s", reference)
    return _answer(request, "500.html", None, status=500, reference=reference)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for a request that cannot be read: 413 for one that is too much to be read, else 400."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return _answer(request, "413.html", TooMuch(), status=413)
    return HttpResponse(render_to_string("400.html", {"request": request}), status=400)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer for a form whose token is not the browser's any more, as after a sign-in in another tab."""
    error = NotPermitted(_("This page was open too long, or somebody else signed in since. Nothing was saved."))
    name = getattr(getattr(request, "actor", None), "name", "")
    return _answer(request, "stale_form.html", error, status=403, message=error.message, name=name)


def _answer(request: HttpRequest, template: str, error: Any, *, status: int, **more: object) -> HttpResponse:
    about = {"request": request, "error": error, "csrf_token": get_token(request), **more}
    if error is not None and request.headers.get("HX-Request") == "true":
        return HttpResponse(render_to_string("foundation/refusal.html#fragment", {"error": error}), status=status)
    again = {"sent": sent, "again_url": request.get_full_path()} if (sent := kept_to_send_again(request)) else {}
    if request.method == "GET":
        again = {"retry_url": request.get_full_path()}
    answer = HttpResponse(render_to_string(template, {**about, **again}), status=status)
    answer["Cache-Control"] = "no-store"
    if status == 503:
        answer["Retry-After"] = "5"
    return answer


def kept_to_send_again(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form one of our own pages sent; nothing of another site's, of files, or of secrets."""
    if request.method != "POST" or request.headers.get("Origin") != f"{request.scheme}://{request.get_host()}":
        return []
    try:
        typed: Mapping[str, Any] = request.POST
        if request.FILES or SECRETS & set(typed):
            return []
        names = [name for name in typed if name != "csrfmiddlewaretoken"]
        return [(name, value) for name in names for value in request.POST.getlist(name)]
    except (OSError, SuspiciousOperation, MultiPartParserError):
        return []
