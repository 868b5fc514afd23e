"""Garbage in every field of every page: never a fault, nothing written on a refusal, nothing typed lost.

The examples of `tests/situations` are sent with some of it spoiled (`tests/situations/garbage.py`). What the fields are
is learned by watching the page read the good example. The tries are the same in every run; for more of them:
`MAINSTAY_FUZZ=500 pytest tests/pages/test_garbage.py`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings

from tests.situations.clinic import Clinic
from tests.situations.effects import marks, touched
from tests.situations.every import EVERY
from tests.situations.garbage import HARD, VALUES, Garbage, everywhere, garbage, in_one_field
from tests.situations.table import Paper, Situation, Write, made_ready
from tests.situations.watching import Typed, fields_asked_for, is_kept

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nine_in_the_morning", "quiet")]
TRIES = int(os.environ.get("MAINSTAY_FUZZ", "3"))
IS_LONG = TRIES > 50
steadily = settings(
    max_examples=TRIES, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
LOOKS = {"foundation_accessrecord", "foundation_accessseal"}
"""Written when a chart is looked at, which a refused form does too."""
TRIES_KEPT = {"workforce_signinrecord", "workforce_staff", "workforce_staffevent", "pghistory_context"}
"""Written when a password was wrong, on purpose."""


@contextmanager
def undone() -> Iterator[None]:
    """Everything written in here is taken back, so that every try finds the same situation."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def faults() -> Iterator[list[str]]:
    """What broke while a request was answered, in words."""
    found: list[str] = []

    def broke(**said: object) -> None:
        import traceback

        found.append("".join(traceback.format_exc().splitlines(keepends=True)[-12:]))

    got_request_exception.connect(broke)
    try:
        yield found
    finally:
        got_request_exception.disconnect(broke)


def browser_of(client: Client) -> Client:
    own = Client(raise_request_exception=False)
    own.cookies = client.cookies.copy()
    return own


def send(write: Write, bad: Garbage):
    body, kind = bad.body()
    more = {"HTTP_HX_REQUEST": "true"} if bad.is_htmx else {}
    return browser_of(write.client).generic("POST", write.url, body, content_type=kind, **more)


def text_typed(bad: Garbage) -> dict[str, str]:
    """The fields that were sent once, as text."""
    return {n: vs[0] for n, vs in bad.fields.items() if len(vs) == 1 and isinstance(vs[0], str)}


def lost(bad: Garbage, page: str) -> dict[str, tuple[str, list[str]]]:
    """What was typed into a field the page shows, and is not there any more."""
    shown = Typed(page).values
    typed = {n: v for n, v in text_typed(bad).items() if n in shown and v.strip()}
    return {n: (v[:40], shown[n][:3]) for n, v in typed.items() if not is_kept(v, shown[n])}


def what_is_wrong(situation: Situation, write: Write, bad: Garbage) -> str:
    """Send garbage; what the answer should not be, in words, or nothing. Whatever was written is taken back."""
    allowed = LOOKS | (TRIES_KEPT if situation.address in ("my-password", "remove-factor") else set())
    names, during = set(), {}
    with undone(), faults() as broken:
        before = touched()
        answer = send(write, bad)
        if broken or answer.status_code >= 500:
            return f"broke ({answer.status_code}): {broken}"
        if answer.status_code >= 400:
            names = {name for name, count in touched().items() if count != before.get(name, 0)} - allowed
            during = marks(names) if names else {}
    if names and (written := [name for name, mark in marks(names).items() if mark != during[name]]):
        return f"refused ({answer.status_code}), and yet written: {written}"
    page = answer.content.decode(errors="replace")
    if "Traceback (most recent" in page:
        return "shows a traceback"
    if answer.status_code == 422 and bad.encoding in ("form", "multipart") and (gone := lost(bad, page)):
        return f"typed and lost: {gone}"
    return ""


def ready(situation: Situation) -> tuple[Write, dict, list[str], list[str]]:
    """The example made ready, its good body, the names of its fields, and those that hold files."""
    write = made_ready(situation, Clinic())
    with undone(), fields_asked_for() as asked:
        assert write.send().status_code < 500
    good = {n: (v.name, v.content) if isinstance(v, Paper) else v for n, v in write.typed.items()}
    return write, good, sorted(asked | set(good)), [n for n, v in good.items() if isinstance(v, tuple)]


@pytest.mark.parametrize("situation", [pytest.param(one, id=one.name) for one in EVERY])
def test_garbage_in_a_form_breaks_nothing_writes_nothing_and_loses_nothing(situation: Situation):
    write, good, names, files = ready(situation)
    start = EVERY.index(situation)
    shown = VALUES if IS_LONG else [VALUES[(start * 7 + n * 11) % len(VALUES)] for n in range(4)]
    tries = [everywhere(good, names, files, bad) for bad in shown]
    if IS_LONG and not files:
        tries += [in_one_field(good, name, bad) for name in names for bad in HARD]
    found = {repr(bad)[:300]: wrong for bad in tries if (wrong := what_is_wrong(situation, write, bad))}
    assert not found, next(iter(found.items()))

    @steadily
    @given(garbage(good, names, files))
    def tried(bad: Garbage) -> None:
        assert not what_is_wrong(situation, write, bad)

    tried()
