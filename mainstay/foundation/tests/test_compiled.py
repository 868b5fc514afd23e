"""A query that is compiled once answers as if it were built anew."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext

from mainstay.foundation.compiled import asking, compiled, form_of, the_first
from mainstay.foundation.models import Draft
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.practice.models import Room
from mainstay.visits.tests.factories import a_person, a_room, a_site

pytestmark = pytest.mark.django_db
built = []


@compiled
def rooms_named(site_id: int, beginning: str, *, in_use: bool) -> QuerySet[Room]:
    built.append(in_use)
    rows = Room.objects.filter(site_id=site_id, name__startswith=beginning).select_related("site")
    return rows.filter(is_in_use=True).order_by("name") if in_use else rows.order_by("name")


@compiled
def drafts_since(staff_id: int, moment: object) -> QuerySet[Draft, tuple[str, str]]:
    rows = Draft.objects.filter(Q(saved_at__gte=moment) | Q(parked_at__gte=moment), staff_id=staff_id)
    return rows.order_by("key").values_list("key", "label")


def test_it_answers_each_time_for_the_values_of_that_time():
    here, there = a_site("Riverside"), a_site("Harbor")
    rooms = [a_room("R1", here), a_room("R2", here), a_room("X", here), a_room("R3", there)]
    Room.objects.filter(pk=rooms[1].pk).update(is_in_use=False)
    assert rooms_named(here.pk, "R", in_use=True) == [rooms[0]]
    assert rooms_named(here.pk, "R", in_use=False) == rooms[:2]
    assert rooms_named(there.pk, "R", in_use=True) == [rooms[3]] and rooms_named(there.pk, "X", in_use=True) == []
    assert rooms_named(there.pk, "R", in_use=True)[0].site == there
    assert built.count(True) == built.count(False) == 1


def test_what_is_typed_stays_a_value():
    site = a_site()
    room = a_room("100% ' sure_", site)
    assert rooms_named(site.pk, "100% ' s", in_use=True) == [room]
    assert rooms_named(site.pk, "%", in_use=True) == rooms_named(site.pk, "1__%", in_use=True) == []


def test_the_database_is_asked_the_same_as_by_an_ordinary_query():
    site = a_site()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        rooms_named(site.pk, "R", in_use=True)
        list(
            Room.objects.filter(site_id=site.pk, name__startswith="R", is_in_use=True)
            .select_related("site")
            .order_by("name")
        )
    columns = [query["sql"].split(" WHERE ")[0] for query in asked]
    assert len(columns) == 2 and columns[0] == columns[1]


def test_rows_of_values_come_as_such():
    staff = a_person("desk", "administrative_ma")
    Draft.objects.create(staff_id=staff.pk, key="a", label="A", typed={}, saved_at=A_MOMENT)
    Draft.objects.create(staff_id=staff.pk, key="b", label="B", typed={}, saved_at=A_MOMENT - timedelta(days=1))
    assert drafts_since(staff.pk, A_MOMENT) == [("a", "A")]
    assert the_first(drafts_since(staff.pk, A_MOMENT + timedelta(hours=1))) is None


def test_nothing_is_no_value():
    with pytest.raises(TypeError, match="another form"):
        drafts_since(None, A_MOMENT)


@pytest.mark.django_db(transaction=True)
def test_threads_ask_side_by_side_on_their_own_connections():
    sites = [a_site(f"Site {n}") for n in range(4)]
    rooms = {site.pk: [a_room(f"R{n}", site) for n in range(3)] for site in sites}

    def ask(number: int) -> bool:
        try:
            site = sites[number % 4]
            return all(rooms_named(site.pk, "R", in_use=True) == rooms[site.pk] for _ in range(20))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(ask, range(8)))


def test_people_of_one_role_share_a_form_and_nothing_else():
    mia, noa = an_actor(staff_id=1, site_id=7), an_actor(staff_id=2, site_id=8)
    assert form_of(mia) == form_of(replace(noa, name="Noa", session="x", now=A_MOMENT + timedelta(days=1)))
    assert form_of(mia) != form_of(replace(mia, site_id=None)) != form_of(replace(mia, roles=frozenset({"nurse"})))
    assert (asking(form_of(mia), 1, 7).staff_id, asking(form_of(mia), 1, 7).site_id) == (1, 7)
    assert asking(form_of(replace(mia, site_id=None)), 1, 7).site_id is None


@compiled
def rooms_among(keys: list[int]) -> QuerySet[Room]:
    return Room.objects.filter(pk__any_of=keys).order_by("name")


def test_one_of_a_list_is_asked_for_with_one_statement_however_long_the_list():
    rooms = [a_room(name) for name in ("R1", "R2", "R3")]
    with CaptureQueriesContext(connection) as asked:
        assert rooms_among([rooms[2].pk, rooms[0].pk]) == [rooms[0], rooms[2]]
        assert rooms_among([]) == []
        assert list(Room.objects.filter(site__id__any_of=[rooms[0].site_id], pk__any_of=[rooms[1].pk])) == [rooms[1]]
    assert all("ANY" in one["sql"] for one in asked)
