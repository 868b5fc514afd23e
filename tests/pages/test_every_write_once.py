"""Every write of the program, sent five times in parallel: one effect and one answer.

The examples are `tests/situations`. Each is made twice: sent once alone, and sent five times at the same moment with
one key. What the five changed must be what the one changed, table by table, and all five must get the same answer.
"""

from __future__ import annotations

import re
import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from mainstay.config.documents import pages
from mainstay.foundation.testing import A_MOMENT
from tests.situations.clinic import Clinic
from tests.situations.effects import rows
from tests.situations.every import EVERY, WITHOUT_EXAMPLE
from tests.situations.table import Situation, Write, made_ready

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 5
REFUSED = {"passkey-keep": "a passkey needs a browser to make it (workforce tests); its refusal is tried"}
"""Examples that are refused, and why."""
READS = {
    "find-slot": "finds times; a red flag in the reason is stopped once (scheduling tests)",
    "likely-duplicates": "looks while somebody types",
    "call-find": "looks whom a call is about; a POST keeps what is typed out of addresses",
    "rooming-judge": "judges while somebody types",
    "passkey-offer": "asks for a challenge, kept in the session",
    "switch-site": "changes the session, not the clinic",
    "hand-over-forms": "locks the screen; whoever comes later is asked to sign in",
    "sign-out": "ends the session; whoever comes later is asked to sign in",
}
"""POSTs that write nothing of the clinic."""
EACH_ANEW = {
    "my-pin": "sets the same PIN again",
    "my-recovery-codes": "each asking makes ten new codes and voids those before",
    "new-password": "each asking makes a new password and voids the one before",
    "remove-factor": "asks for the password each time and counts wrong ones, so no answer is kept; removes once",
    "draft-save": "keeps what is typed last; the newest wins",
    "keep-form": "keeps what is answered last; the newest wins",
    "tablet-keep": "keeps what is answered last; the newest wins",
    "tablet-later": "puts a form off in the session",
}
"""Writes that may be repeated on purpose (`repeatable=True`), and what a repetition does."""
AGAIN_WRITTEN = {
    "my-pin": {"workforce_staffevent"},
    "my-recovery-codes": {"workforce_recoverycode", "workforce_recoverycodeevent"},
    "new-password": {"workforce_staffevent", "workforce_signinrecord"},
    "remove-factor": {"workforce_secondfactorevent", "workforce_signinrecord"},
    "draft-save": {"foundation_draftevent"},
    "keep-form": {"forms_formresponseevent", "foundation_accessrecord"},
    "tablet-keep": {"forms_formresponseevent", "foundation_accessrecord"},
}
"""Where each repetition of those is written down once more; everything else is done once."""
ONE_AT_MOST = {
    "my-password": "the second finds the old password gone, or itself signed out",
    "my-second-factor": "the answer shows recovery codes once, so it is not kept",
    "add-staff": "the answer shows a password once, so it is not kept; the second is told that the name is taken",
    "bring-back-staff": "the answer shows a password once; the second is told that the account is open",
    "register-workstation": "the answer sets the computer's secret, so it is not kept; the second is told of the name",
    "tablet": "a screen in a patient's hands has no key; the second finds the form signed and goes on",
}
"""Writes without a kept answer, because it is a secret or nobody is signed in: only the first has an effect."""

IN_PLACE = {
    "work-seen": "SELECT count(*) FROM work_alarm WHERE seen_at IS NOT NULL",
    "stop-due-run": "SELECT count(*) FROM immunizations_duerun WHERE state = 'stopped'",
}
"""Writes that add no row anywhere, to tables without a history: what is counted of them instead."""


@pytest.fixture
def clinic(monkeypatch) -> Clinic:
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    return Clinic()


def at_once(write: Write, key: str) -> list:
    """The same write from five threads at the same moment, each on a connection of its own."""
    together = threading.Barrier(TIMES)

    def start(_number: int):
        together.wait(600)
        try:
            return write.send(key)
        finally:
            connection.close()

    with ThreadPoolExecutor(TIMES) as threads:
        return list(threads.map(start, range(TIMES)))


def counted(address: str) -> Counter[str]:
    """The rows of each table, and what else a write is seen by."""
    found = rows()
    if question := IN_PLACE.get(address):
        with connection.cursor() as cursor:
            found["in place"] = cursor.execute(question).fetchone()[0]
    return found


def effect_of(address: str, act) -> tuple[object, dict[str, int]]:
    """What an act answers, and how many rows more each table has after it."""
    before = counted(address)
    answer = act()
    after = counted(address)
    return answer, {name: after[name] - before[name] for name in after if after[name] != before[name]}


def what_is_wrong(situation: Situation, clinic: Clinic) -> str:
    """Send an example once alone, another five times at once; what is not as it should be, in words, or nothing."""
    one, effect = effect_of(situation.address, made_ready(situation, clinic).send)
    write = made_ready(situation, clinic)
    answers, effect_of_five = effect_of(situation.address, lambda: at_once(write, str(uuid.uuid4())))
    statuses = sorted(a.status_code for a in answers)
    if statuses[-1] >= 500:
        return f"broke: {statuses}"
    if situation.address in REFUSED:
        return "" if {one.status_code, *statuses} == {422} else f"was not refused: {statuses}"
    if situation.address in READS:
        return "" if statuses[-1] < 400 else f"was refused: {statuses}"
    if one.status_code not in (200, 204, 303):
        return f"refused even alone ({one.status_code}): {in_words(one)}"
    if situation.address in EACH_ANEW:
        again = {*AGAIN_WRITTEN.get(situation.address, ()), "pghistory_context"}
        same = {n: c for n, c in effect_of_five.items() if n not in again} == {
            n: c for n, c in effect.items() if n not in again
        }
        done = any(s in (200, 204, 303) for s in statuses)
        return "" if done and same else f"{statuses}: {effect_of_five}, alone {effect}"
    if situation.address in ONE_AT_MOST:
        done = [s for s in statuses if s in (200, 204, 303)]
        return "" if done and effect_of_five == effect else f"{statuses}: {effect_of_five}, alone {effect}"
    if len({(a.status_code, a.get("Location", ""), a.content) for a in answers}) != 1:
        return f"different answers: {statuses}"
    if sum("Idempotency-Replayed" in a for a in answers) != TIMES - 1:
        return "it was not answered once"
    if not set(effect) - {"foundation_answer"}:
        return "it wrote nothing"
    return "" if effect_of_five == effect else f"five did {effect_of_five}, one does {effect}"


def in_words(answer) -> str:
    """The first complaint of a page."""
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode(errors="replace")))
    return text[max(text.find("error"), 0) :][:300]


@pytest.mark.parametrize("domain", sorted({one.domain for one in EVERY}))
def test_every_write_sent_five_times_at_once_has_one_effect_and_one_answer(clinic, domain):
    wrong = {one.name: what_is_wrong(one, clinic) for one in EVERY if one.domain == domain}
    assert {name: what for name, what in wrong.items() if what} == {}


def takes_posts(view: object) -> bool:
    """Whether a page answers to POST, by the decorator nearest to the address."""
    while view is not None:
        names = getattr(getattr(view, "__code__", None), "co_freevars", ())
        cells = dict(zip(names, getattr(view, "__closure__", None) or (), strict=True))
        if "request_method_list" in cells:
            return "POST" in cells["request_method_list"].cell_contents
        view = getattr(view, "__wrapped__", None)
    return True


def test_every_address_that_can_be_written_to_has_an_example():
    have = {one.address for one in EVERY}
    known = have | set(WITHOUT_EXAMPLE)
    asked = {name for _, name, view in pages() if takes_posts(view) and not name.startswith("set-up")}
    assert asked - known == set(), "no example in tests/situations, and no reason why not"
    assert known - {name for _, name, _ in pages()} == set(), "these addresses are gone"
