"""What somebody gets at an address nobody can read, or that only takes forms."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


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
