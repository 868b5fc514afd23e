"""An empty database becomes a practice, step by step."""

import uuid

import pytest

from mainstay.config.setup import actions, code, queries
from mainstay.foundation.errors import IllegalMove
from mainstay.foundation.models import Draft
from mainstay.practice.models import Closure, OpeningHours, Practice, Room, Site, VisitType
from mainstay.workforce.models import Staff

pytestmark = pytest.mark.django_db
SECRET = "abcd-efgh-jkmn"
SITE = {
    "name": "Main Street", "state": "OH", "zone_name": "America/New_York", "setting": "primary_care",
    "street": "1 Main St", "postal_code": "43085",
}  # fmt: skip
PERSON = {"given_name": "Ada", "family_name": "Okoye", "username": "Ada", "email": ""}
WORDS = "copper-lantern-willow-9"


@pytest.fixture(autouse=True)
def printed(monkeypatch):
    monkeypatch.setenv(code.VARIABLE, SECRET)


@pytest.fixture
def inside(client):
    assert client.post("/set-up/", {"code": SECRET.upper()}).status_code == 303
    return client


def walk(client, **changed):
    practice = {"name": "Hill Clinic", "governing_state": "OH", "vaccine_programs": ["VFC"]}
    week = {f"s1-day_{d}_{e}": t for d in range(5) for e, t in (("opens", "8"), ("closes", "5p"))}
    closed = {f"s1-day_{d}_{e}": "" for d in (5, 6) for e in ("opens", "closes")}
    steps = {
        "practice": practice,
        "sites/1": SITE,
        "hours": {**week, **closed, "closes_on_holidays": "on"},
        "rooms": {"s1-rooms": "1\n2\nSuture, procedure, North"},
        "visits": {"playbooks": ["acute_visit", "nurse_visit"]},
        "administrator": PERSON,
    }
    for step, typed in steps.items():
        said = {**typed, **changed.get(step, {})}
        assert client.get(f"/set-up/{step}/").status_code == 200
        answer = client.post(f"/set-up/{step}/", said)
        assert answer.status_code == 303, (step, answer.content.decode()[:3000])


def test_nobody_sets_up_a_practice_without_the_code(client):
    assert client.get("/", follow=True).request["PATH_INFO"] == "/set-up/"
    assert client.post("/set-up/", {"code": "wrong-code"}).status_code == 422
    assert client.get("/set-up/practice/").status_code == 303
    assert client.post("/set-up/practice/", {"name": "X"}).status_code == 303
    assert not Draft.objects.exclude(key="setup:wrong-codes").exists()


def test_no_code_printed_means_nobody_gets_in(client, monkeypatch):
    monkeypatch.delenv(code.VARIABLE)
    assert client.post("/set-up/", {"code": " "}).status_code == 422
    assert client.post("/set-up/", {"code": "-"}).status_code == 422


def test_a_practice_is_opened_from_its_steps_and_the_set_up_is_gone_afterwards(inside):
    walk(inside)
    assert b"signs in as" in inside.get("/set-up/check/").content
    weak = inside.post("/set-up/check/", {"password": "short", "again": "short"})
    assert weak.status_code == 422 and not Practice.objects.exists()
    assert inside.post("/set-up/check/", {"password": WORDS, "again": "other"}).status_code == 422
    done = inside.post("/set-up/check/", {"password": WORDS, "again": WORDS})
    assert done.status_code == 303 and done["Location"] == "/sign-in/"
    practice, site, ada = Practice.objects.get(), Site.objects.get(), Staff.objects.get()
    assert (practice.governing_state, practice.vaccine_programs) == ("OH", ["VFC"])
    assert (ada.username, "administrator" in ada.roles, ada.home_site) == ("ada", True, site)
    assert ada.check_password(WORDS)
    assert OpeningHours.objects.count() == 5 and Closure.objects.count() >= 10
    assert list(Room.objects.values_list("name", "kind", "pod")) == [
        ("1", "exam", ""), ("2", "exam", ""), ("Suture", "procedure", "North"),
    ]  # fmt: skip
    assert not VisitType.objects.get(playbook="nurse_visit").is_with_provider
    assert not Draft.objects.exists()
    for page in ("", "practice/", "sites/1/", "check/"):
        assert inside.get(f"/set-up/{page}").status_code == 404
    assert inside.post("/set-up/", {"code": SECRET}).status_code == 404


def test_kinds_of_visit_get_the_ages_of_their_playbooks(inside):
    walk(inside, visits={"playbooks": ["acute_visit", "adult_physical", "newborn_first"]})
    assert inside.post("/set-up/check/", {"password": WORDS, "again": WORDS}).status_code == 303
    ages = {kind.playbook: (kind.youngest, kind.oldest) for kind in VisitType.objects.all()}
    assert ages == {"acute_visit": ("", ""), "adult_physical": ("18y", ""), "newborn_first": ("", "27d")}


def test_the_set_up_goes_on_where_it_was_left(inside, client):
    inside.post("/set-up/practice/", {"name": "Hill Clinic", "governing_state": "OH"})
    assert inside.get("/set-up/")["Location"] == "/set-up/sites/"
    assert b"Hill Clinic" in inside.get("/set-up/practice/").content


def test_everything_is_checked_again_on_the_last_page(inside):
    walk(inside, hours={f"s1-day_{d}_{e}": "" for d in range(5) for e in ("opens", "closes")})
    shown = inside.get("/set-up/check/").content.decode()
    assert "Main Street is closed all week." in shown and "Open the practice" not in shown
    inside.post("/set-up/check/", {"password": WORDS, "again": WORDS})
    assert not Practice.objects.exists()


def test_sites_are_added_and_taken_out(inside):
    inside.post("/set-up/sites/1/", SITE)
    inside.post("/set-up/sites/2/", {**SITE, "name": "Main Street"})
    assert any("Two sites" in gap.message for gap in queries.check_everything().gaps)
    assert inside.get("/set-up/sites/").status_code == 200
    inside.post("/set-up/sites/2/drop/")
    assert queries.site_numbers() == [1]
    wrong = inside.post("/set-up/sites/2/", {**SITE, "postal_code": "123"})
    assert wrong.status_code == 422 and b"five digits" in wrong.content


def test_a_kind_of_room_that_does_not_exist_is_said(inside):
    inside.post("/set-up/sites/1/", SITE)
    assert b"no kind of room" in inside.post("/set-up/rooms/", {"s1-rooms": "1, cellar"}).content
    assert b"there twice" in inside.post("/set-up/rooms/", {"s1-rooms": "1\n1"}).content


def test_a_practice_is_opened_once_or_not_at_all(inside):
    walk(inside)
    plan = queries.check_everything().plan
    actions.open_practice(actor=queries.setter_up(), plan=plan, password=WORDS)
    with pytest.raises(IllegalMove):
        actions.open_practice(actor=queries.setter_up(), plan=plan, password=WORDS)
    assert Site.objects.count() == 1


def test_a_name_that_is_taken_undoes_all_of_it(inside):
    Staff.objects.create(username="ada", given_name="A", family_name="O", shown_name="A")
    walk(inside)
    refused = inside.post("/set-up/check/", {"password": WORDS, "again": WORDS, "k": str(uuid.uuid4())})
    assert refused.status_code == 422 and not Practice.objects.exists() and not Site.objects.exists()


def test_ten_wrong_codes_make_even_the_right_one_wait(client, monkeypatch):
    from datetime import timedelta

    from mainstay.foundation import clock
    from mainstay.foundation.testing import A_MOMENT

    monkeypatch.setattr(clock, "now", lambda: A_MOMENT)
    for _ in range(10):
        assert b"not the code" in client.post("/set-up/", {"code": "wrong-code"}).content
    locked = client.post("/set-up/", {"code": SECRET})
    assert locked.status_code == 422 and b"Too many wrong codes" in locked.content
    monkeypatch.setattr(clock, "now", lambda: A_MOMENT + timedelta(minutes=16))
    assert client.post("/set-up/", {"code": SECRET}).status_code == 303
