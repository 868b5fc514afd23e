"""One write, one effect, one answer: however often and however fast it is sent."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from mainstay.foundation import clock
from mainstay.foundation.drafts import drop_draft
from mainstay.foundation.errors import InvalidInput, Stale
from mainstay.foundation.models import Answer

KEPT_HEADERS = ("Location", "Content-Type", "HX-Redirect", "HX-Trigger", "HX-Location", "HX-Retarget", "HX-Reswap")


def answered_once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Run a write in one transaction with its key; the same key again gets the stored answer.

    A second request with the key waits for the first (unique index), then repeats its answer. An answer of
    400 or more undoes everything and frees the key, so that the person can put it right and send again.
    What was saved is no draft any more: the one named in `draft_key` goes in the same transaction.
    """

    @functools.wraps(view)
    def once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = _key(request)
        staff_id = request.actor.staff_id  # type: ignore[attr-defined]  # the gate let somebody signed in
        with transaction.atomic():
            if (answer_id := _new_answer(staff_id, key, request.path)) is None:
                return _again(Answer.objects.get(staff_id=staff_id, key=key), request)
            response = view(request, *args, **kwargs)
            if response.status_code >= 400:
                transaction.set_rollback(True)
                return response
            if draft := request.POST.get("draft_key"):
                drop_draft(request.actor, draft[:120])  # type: ignore[attr-defined]  # the gate let somebody signed in
            Answer.objects.filter(pk=answer_id).update(
                status=response.status_code,
                headers={h: response[h] for h in KEPT_HEADERS if h in response},
                body=response.content,
            )
        return response

    return once


def _new_answer(staff_id: int, key: UUID, path: str) -> int | None:
    """Take a place for the answer, in one statement; None if the key has been used, after waiting for its end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO foundation_answer (staff_id, key, path, answered_at, status, headers, body)"
            " VALUES (%s, %s, %s, %s, 0, '{}', '') ON CONFLICT (staff_id, key) DO NOTHING RETURNING id",
            [staff_id, key, path[:300], clock.now()],
        )
        taken = cursor.fetchone()
    return taken[0] if taken else None


def _key(request: HttpRequest) -> UUID:
    text = request.POST.get("idempotency_key") or request.headers.get("Idempotency-Key", "")
    try:
        return UUID(text)
    except ValueError:
        raise InvalidInput("This form has lost its key. Reload the page; what you typed is kept.") from None


def _again(row: Answer, request: HttpRequest) -> HttpResponse:
    if row.path != request.path:
        raise Stale("This form was already sent somewhere else. Reload the page.")
    response = HttpResponse(bytes(row.body), status=row.status)
    for header, value in row.headers.items():
        response[header] = value
    response["Idempotency-Replayed"] = "true"
    return response
