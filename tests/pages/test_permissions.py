"""Every page × every caller: let in exactly as the role says, and a refusal changes nothing.

Addresses are walked as the program has them, so that a page added tomorrow is in the table tomorrow.
"""

from __future__ import annotations

import logging
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import Resolver404, resolve

from mainstay.config.documents import pages
from mainstay.foundation.testing import A_MOMENT
from mainstay.visits.tests.factories import a_patient, a_person, a_room, a_visit
from mainstay.workforce.roles import roles
from tests.situations.clinic import Clinic
from tests.situations.every import EVERY
from tests.situations.table import Write, made_ready

pytestmark = pytest.mark.django_db

PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
STRANGER = "nobody signed in"
ALSO_NEEDS = {"patient-received": "people.find", "patient-received-one": "people.find"}
"""Pages behind a second door: they are about one patient, whose chart has to be opened."""
OWN_TABLES = {"django_session", "foundation_answer"}
"""Written for every request of somebody signed in, whatever it asks: not a change of the clinic."""
LOOKS = {"foundation_accessrecord", "foundation_accessseal"}
"""Written when a chart is looked at, by somebody who may look and may not write."""


@dataclass(frozen=True)
class Page:
    """One address with arguments that could be right."""

    route: str
    name: str
    view: object
    url: str

    @property
    def is_public(self) -> bool:
        return getattr(self.view, "is_public", False)

    @property
    def permission(self) -> str | None:
        return getattr(self.view, "permission", None)

    def is_open_to(self, permissions: frozenset[str]) -> bool:
        return {self.permission, ALSO_NEEDS.get(self.name)} - {None} <= permissions


@pytest.fixture
def table(monkeypatch) -> list[Page]:
    """Every page, addressed at a patient, a visit and a room that exist."""
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    patient, other = a_patient(), a_patient("100002", given_name="Al")
    visit, room = a_visit(patient=patient, provider=a_person("doc", "provider")), a_room()
    there = {"patients": patient, "rooms": room, "visits": visit, "rooming": visit, "provider": visit}
    named = {"patient_id": patient, "other_id": other, "visit_id": visit, "room_id": room}

    def argument(route: str, kind: str, name: str) -> str:
        record = named.get(name) or (there.get(route.split("/")[1]) if name == "public_id" else None)
        plain = {"int": "1", "slug": "vitals", "str": "x", "path": "x"}
        return str(record.public_id) if record else plain.get(kind, str(uuid.uuid4()))

    def url(route: str) -> str:
        return PARAMETER.sub(lambda found: argument(route, found["kind"] or "str", found["name"]), route)

    return [Page(route, name, view, url(route)) for route, name, view in pages()]


def written() -> dict[str, int]:
    """Rows inserted, changed and deleted in this transaction so far, by table, undone ones too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return {name: count for name, count in cursor.fetchall() if name not in OWN_TABLES}


@contextmanager
def undone() -> Iterator[None]:
    """Everything written in here is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_every_address_is_gated_has_a_name_of_its_own_and_resolves(table):
    assert len(table) > 60
    assert [page.route for page in table if not getattr(page.view, "is_gated", False)] == []
    assert [name for name, count in Counter(page.name for page in table).items() if count > 1] == []
    for page in table:
        try:
            resolve(page.url)
        except Resolver404:
            pytest.fail(f"{page.route} was not filled in: {page.url}")


EVERYBODY_HAS = {"workforce.see_staff"}


def test_every_permission_a_page_asks_for_is_carried_by_a_role_and_not_by_all(table):
    asked = {page.permission for page in table if page.permission}
    held = {code: [role.label for role in roles().values() if code in role.permissions] for code in asked}
    assert [code for code, carriers in held.items() if not carriers] == []
    assert {code for code, carriers in held.items() if len(carriers) == len(roles())} <= EVERYBODY_HAS


@pytest.fixture
def quiet():
    """A refusal is expected a thousand times here; the log need not say so."""
    logger = logging.getLogger("django.request")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(before)


def is_refused(answer) -> bool:
    return answer.status_code == 403


def sends_to_sign_in(answer) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("role", [*roles(), STRANGER])
def test_each_caller_is_let_in_exactly_where_the_role_says(client, table, quiet, role):
    """Looking, and for those let in a POST without a key, which gets no further than the gate."""
    may = roles()[role].permissions if role != STRANGER else frozenset()
    if role != STRANGER:
        client.force_login(a_person("caller", role))
    gated = [page for page in table if not page.is_public and page.name != "sign-out"]
    open_to = [page for page in gated if role != STRANGER and page.is_open_to(may)]
    before = written()
    wrong: list[tuple[object, ...]] = []
    for page in gated:
        if page not in open_to:
            answer = client.get(page.url)
            if not (sends_to_sign_in(answer) if role == STRANGER else is_refused(answer)) and answer.status_code != 405:
                wrong.append((page.route, "GET", answer.status_code))
    assert written() == before, "a page that refused wrote something"
    for page in open_to:
        for answer in (client.get(page.url), client.post(page.url, {"reason": "x", "text": "x"})):
            if answer.status_code >= 500 or is_refused(answer):
                wrong.append((page.route, answer.request["REQUEST_METHOD"], answer.status_code))
    assert wrong == []


def callers(clinic: Clinic) -> dict[str, Client]:
    """Somebody of each role, signed in, and somebody who is not."""
    found = {role: Client(raise_request_exception=False) for role in [*roles(), STRANGER]}
    for role, client in found.items():
        if role != STRANGER:
            client.force_login(clinic.person(role))
    return found


def least_let_in(page: Page) -> str:
    """The role with the fewest permissions among those the page lets in."""
    let_in = [role for role in roles().values() if page.is_open_to(role.permissions)]
    return min(let_in, key=lambda role: len(role.permissions)).code


def what_is_wrong(write: Write, page: Page, everybody: dict[str, Client]) -> list[object]:
    """Send a good write by everybody who may not, and by who may least; who was not refused without a trace."""
    may = {role for role in everybody if role != STRANGER and page.is_open_to(roles()[role].permissions)}
    with undone():
        before = written()
        answers = {role: write.send(by=everybody[role]).status_code for role in everybody if role not in may}
        wrong: list[object] = [(role, status) for role, status in answers.items() if status not in (302, 403)]
        if changed := {name for name, count in written().items() if count != before.get(name, 0)}:
            wrong.append(("changed by one of them", changed))
    with undone():
        before = written()
        status = write.send(by=everybody[least_let_in(page)]).status_code
        changed = {name for name, count in written().items() if count != before.get(name, 0)} - LOOKS
        if status >= 500 or (status == 403 and changed):
            wrong.append((least_let_in(page), status, changed))
    return wrong


@pytest.mark.parametrize("domain", sorted({one.domain for one in EVERY}))
def test_a_good_write_of_somebody_who_may_not_changes_nothing(monkeypatch, quiet, domain):
    """Every example of `tests/situations` × every role without the page's permission, and nobody signed in.

    The role with the fewest permissions among those let in sends it too: where it is the action that refuses, that
    leaves no trace either.
    """
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    views = {name: Page(route, name, view, "") for route, name, view in pages()}
    clinic = Clinic()
    everybody, wrong = callers(clinic), {}
    for situation in EVERY:
        page = views[situation.address]
        if situation.domain == domain and not page.is_public:
            with undone():
                if found := what_is_wrong(made_ready(situation, clinic), page, everybody):
                    wrong[situation.name] = found
    assert wrong == {}


def test_a_write_of_somebody_refused_is_noticed_by_the_count():
    before = written()
    a_patient()
    assert written() != before
