"""What somebody gets at an address nobody can read, or that only takes forms, and which page lies behind it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

SIGN_IN = "/sign-in/"
CLOSED = (403, 404)
"""Refusals that hold for a page as much as for what is sent to it."""


class AddressMiddleware:
    """Refuses addresses no record can have, and gives a page to whoever opens an address that only takes forms.

    A NUL character is in no name and no number, and PostgreSQL takes none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 400 to a NUL, and put a sentence into an empty 405."""
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("A NUL in an address.")
        answer = self.get_response(request)
        if answer.status_code == 405 and not answer.streaming and not answer.content:
            answer.content = render_to_string("405.html", {"request": request}).encode()
            answer["Content-Type"] = "text/html; charset=utf-8"
            answer["Cache-Control"] = "no-store"
        return answer


def page_behind(request: HttpRequest, status: int = 0) -> str:
    """The page of ours to go back to from a refusal of `status`; empty where only the start page is left.

    It is the page a browser says it came from. A page that was itself the answer to a form stands at an address that
    only takes forms: then it is the page above it. Without a word of the browser, a form's own page or the one above.
    """
    parts = urlsplit(request.headers.get("Referer", ""))
    before = parts.path + (f"?{parts.query}" if parts.query else "")
    is_ours = parts.netloc == request.get_host() and url_has_allowed_host_and_scheme(before, allowed_hosts=None)
    if is_ours and parts.path not in (request.path, SIGN_IN):
        return before if is_page(parts.path) else page_above(request, parts.path)
    if not is_page(request.path):
        return page_above(request, request.path)
    if request.method == "POST":
        return page_above(request, request.path) if status in CLOSED else request.path
    return ""


def page_above(request: HttpRequest, path: str) -> str:
    """The nearest page above an address that whoever asks may open; empty where that is the start page."""
    actor = getattr(request, "actor", None)
    while path := path.rstrip("/").rpartition("/")[0]:
        view = view_at(f"{path}/")
        permission = getattr(view, "permission", None)
        is_open = permission is None or (actor is not None and bool(actor.may(permission)))
        if view is not None and answers_reading(view) and is_open:
            return f"{path}/"
    return ""


def is_page(path: str) -> bool:
    """Whether there is something to look at: the address is one of ours, and takes more than forms."""
    view = view_at(path)
    return view is not None and answers_reading(view)


def view_at(path: str) -> Callable[..., Any] | None:
    """What answers at a path, or None."""
    try:
        return resolve(path).func
    except Resolver404:
        return None


def answers_reading(view: Callable[..., Any]) -> bool:
    """Whether a view takes GET. `require_POST` and its like keep what they let through in nothing but their closure."""
    layer: Any = view
    while layer is not None:
        methods = inspect.getclosurevars(layer).nonlocals.get("request_method_list")
        if methods is not None:
            return "GET" in methods
        layer = getattr(layer, "__wrapped__", None)
    return True
