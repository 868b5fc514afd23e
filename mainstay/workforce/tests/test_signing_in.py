"""Signing in as people do it: wrong passwords, second factors, PINs, locked screens, ended sessions."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from mainstay.foundation.sealing import SealBroken, seal, unseal
from mainstay.foundation.testing import A_MOMENT
from mainstay.workforce import actions
from mainstay.workforce.models import Presence, SecondFactor, SignInRecord, Staff, StaffSession
from mainstay.workforce.one_time_codes import code_at, new_secret, step_at
from mainstay.workforce.queries.sessions import session_of, workstation_known_by
from mainstay.workforce.tests.factories import PASSWORD, PIN, a_person, a_workstation, acting_as, key

pytestmark = pytest.mark.django_db


class Clock:
    now = A_MOMENT

    def passes(self, **span):
        self.now += timedelta(**span)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: clock.now)
    return clock


@pytest.fixture
def ann(clock):
    return a_person("ann", "clinical_ma")


def sign_in(client, username="ann", password=PASSWORD, to=""):
    return client.post(f"/sign-in/{to}", {"username": username, "password": password})


def with_app(staff, now=A_MOMENT - timedelta(minutes=5)):
    secret = new_secret()
    actions.add_authenticator(
        actor=acting_as(staff, now=now), staff=staff, secret=secret, code=code_at(secret, step_at(now))
    )
    return secret


def test_a_right_name_and_password_open_the_place_one_came_for(client, ann):
    answer = sign_in(client, to="?next=/staff/")
    assert answer.status_code == 303 and answer["Location"] == "/staff/"
    assert client.get("/staff/").status_code == 200
    assert SignInRecord.objects.get().is_success


def test_a_foreign_address_is_not_gone_on_to(client, ann):
    for place in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert sign_in(client, to=f"?next={place}")["Location"] == "/"


def test_a_wrong_password_and_an_unknown_name_look_the_same(client, ann):
    known, unknown = sign_in(client, password="wrong"), sign_in(client, "nobody", "wrong")
    words = [re.search(r"error-summary.*?</div>", a.content.decode(), re.S)[0] for a in (known, unknown)]
    assert known.status_code == unknown.status_code == 422 and words[0] == words[1]
    assert SignInRecord.objects.filter(is_success=False).count() == 2


def test_five_wrong_tries_lock_the_name_and_a_manager_unlocks_it(client, ann, clock):
    for _ in range(5):
        sign_in(client, password="wrong")
    refused = sign_in(client)
    assert refused.status_code == 422 and b"Too many tries" in refused.content
    manager = a_person("boss", "manager")
    actions.unlock_staff(actor=acting_as(manager), staff=ann)
    assert sign_in(client).status_code == 303


def test_the_lock_ends_by_itself_after_fifteen_minutes(client, ann, clock):
    for _ in range(5):
        sign_in(client, password="wrong")
    clock.passes(minutes=14)
    assert sign_in(client).status_code == 422
    clock.passes(minutes=16)
    assert sign_in(client).status_code == 303


def test_whoever_has_a_second_factor_is_asked_for_it(client, ann, clock):
    secret = with_app(ann)
    assert sign_in(client, to="?next=/staff/")["Location"] == "/sign-in/second/"
    assert client.get("/staff/").status_code == 302
    wrong = client.post("/sign-in/second/", {"code": "000000"})
    assert wrong.status_code == 422
    right = client.post("/sign-in/second/", {"code": code_at(secret, step_at(clock.now))})
    assert right.status_code == 303 and right["Location"] == "/staff/"


def test_a_code_of_the_app_does_not_work_twice(client, ann, clock):
    secret = with_app(ann)
    code = code_at(secret, step_at(clock.now))
    sign_in(client)
    assert client.post("/sign-in/second/", {"code": code}).status_code == 303
    other = Client()
    sign_in(other)
    assert other.post("/sign-in/second/", {"code": code}).status_code == 422


def test_a_right_password_does_not_forgive_wrong_codes(client, ann, clock):
    secret = with_app(ann)
    for _ in range(5):
        sign_in(client)
        client.post("/sign-in/second/", {"code": "000000"})
    assert sign_in(client).status_code == 422
    assert client.post("/sign-in/second/", {"code": code_at(secret, step_at(clock.now))}).status_code == 422


def test_the_second_step_waits_five_minutes(client, ann, clock):
    secret = with_app(ann)
    sign_in(client)
    clock.passes(minutes=6)
    late = client.post("/sign-in/second/", {"code": code_at(secret, step_at(clock.now))})
    assert late.status_code == 303 and late["Location"] == "/sign-in/"


def test_a_recovery_code_opens_once(client, ann, clock):
    with_app(ann)
    codes = actions.make_recovery_codes(actor=acting_as(ann), staff=ann)
    assert len(set(codes)) == 10
    sign_in(client)
    assert client.post("/sign-in/second/", {"code": codes[0].upper()}).status_code == 303
    other = Client()
    sign_in(other)
    assert other.post("/sign-in/second/", {"code": codes[0]}).status_code == 422
    actions.make_recovery_codes(actor=acting_as(ann), staff=ann)
    assert other.post("/sign-in/second/", {"code": codes[1]}).status_code == 422


def test_secrets_are_stored_sealed(ann):
    secret = with_app(ann)
    kept = SecondFactor.objects.get().sealed
    assert secret not in kept and unseal(kept, purpose="second factor") == secret
    with pytest.raises(SealBroken):
        unseal(kept, purpose="another")
    assert seal("a", purpose="p") != seal("a", purpose="p")


def test_a_manager_without_a_second_factor_sets_one_up_before_anything_else(client, clock):
    manager = a_person("boss", "manager")
    assert sign_in(client, "boss", to="?next=/staff/")["Location"] == "/me/second-factor/"
    assert client.get("/staff/")["Location"] == "/me/second-factor/"
    client.get("/me/second-factor/")
    secret = client.session["new_authenticator"]
    shown = client.post("/me/second-factor/", {"code": code_at(secret, step_at(clock.now))})
    assert shown.status_code == 200 and len(re.findall(r"<code>\w{5}-\w{5}</code>", shown.content.decode())) == 10
    assert client.get("/staff/").status_code == 200
    assert manager.second_factors.count() == 1


def test_a_given_out_password_is_changed_before_anything_else(client, ann, clock):
    manager = a_person("boss", "manager")
    given = actions.give_new_password(actor=acting_as(manager), staff=ann)
    assert sign_in(client, password=given)["Location"] == "/me/password/"
    assert client.get("/staff/")["Location"] == "/me/password/"
    short = client.post("/me/password/", {"old": given, "new": "short", "again": "short"})
    assert short.status_code == 422 and b"12" in short.content
    done = client.post("/me/password/", {"old": given, "new": PASSWORD, "again": PASSWORD})
    assert done.status_code == 303 and client.get("/staff/").status_code == 200


def test_changing_the_password_signs_out_everywhere_else(client, ann):
    other = Client()
    sign_in(client), sign_in(other)
    new = "another quiet lantern"
    assert client.post("/me/password/", {"old": PASSWORD, "new": new, "again": new}).status_code == 303
    assert client.get("/me/").status_code == 200
    assert other.get("/me/").status_code == 302


def test_a_session_ended_from_elsewhere_is_over(client, ann):
    other = Client()
    sign_in(client), sign_in(other)
    there = StaffSession.objects.order_by("-pk").first()
    assert client.post(f"/me/sessions/{there.public_id}/end/", key()).status_code == 303
    assert other.get("/staff/").status_code == 302
    assert client.get("/staff/").status_code == 200


def test_nobody_ends_the_session_of_a_colleague(client, ann):
    sign_in(client)
    bea = Client()
    a_person("bea", "clinical_ma")
    sign_in(bea, "bea")
    theirs = StaffSession.objects.get(staff__username="bea")
    assert client.post(f"/me/sessions/{theirs.public_id}/end/", key()).status_code == 403
    assert bea.get("/staff/").status_code == 200


def test_ending_an_account_ends_its_sessions(client, ann):
    sign_in(client)
    manager = a_person("boss", "manager")
    actions.end_staff(actor=acting_as(manager), staff=ann, left_on=A_MOMENT.date(), reason="moved away")
    assert client.get("/staff/").status_code == 302
    assert sign_in(client).status_code == 422


def test_a_session_lasts_a_day_of_work_and_no_longer(client, ann, clock):
    sign_in(client)
    for _ in range(24):
        clock.passes(minutes=29)
        assert client.get("/staff/").status_code == 200
    clock.passes(minutes=29)
    assert client.get("/staff/").status_code == 302


def test_a_screen_left_alone_asks_again_and_comes_back_to_its_place(client, ann, clock):
    sign_in(client)
    client.get("/lock/", headers={"Referer": "http://testserver/staff/?show=here"})
    assert client.get("/staff/").status_code == 302
    assert client.get(client.get("/staff/")["Location"])["Location"].startswith("/lock/")
    stay = StaffSession.objects.get()
    assert client.post("/lock/", {"who": str(stay.public_id), "secret": "wrong"}).status_code == 422
    back = client.post("/lock/", {"who": str(stay.public_id), "secret": PASSWORD})
    assert back.status_code == 303 and back["Location"] == "/staff/?show=here"
    assert client.get("/staff/").status_code == 200


def test_htmx_behind_a_lock_is_sent_to_sign_in_as_a_whole_page(client, ann, clock):
    sign_in(client)
    clock.passes(minutes=31)
    here = {"HX-Request": "true", "HX-Current-URL": "http://testserver/staff/"}
    answer = client.get("/staff/", headers=here)
    assert answer.status_code == 204 and answer["HX-Redirect"] == "/sign-in/?next=/staff/"
    locked = client.get("/sign-in/?next=/staff/")
    assert locked["Location"] == "/lock/?next=/staff/"


def test_a_draft_typed_before_the_lock_is_there_after_it(client, ann, clock):
    sign_in(client)
    typed = {"draft_key": "vitals:1", "draft_url": "/staff/", "pulse": "88"}
    assert client.post("/drafts/", typed).status_code == 204
    clock.passes(minutes=31)
    assert client.post("/drafts/", {**typed, "pulse": "90"}, headers={"HX-Request": "true"}).status_code == 204
    client.get("/lock/")
    stay = StaffSession.objects.get()
    client.post("/lock/", {"who": str(stay.public_id), "secret": PASSWORD})
    from mainstay.foundation.drafts import draft_for

    assert draft_for(acting_as(ann), "vitals:1").typed["pulse"] == ["88"]


def test_a_pin_brings_back_ones_own_place_on_a_registered_workstation(client, ann, clock):
    a_workstation(client)
    bea = a_person("bea", "clinical_ma")
    sign_in(client)
    client.get("/switch/", headers={"Referer": "http://testserver/staff/"})
    sign_in(client, "bea", to="?other=1")
    assert client.get("/me/").context["staff"] == bea
    shown = client.get("/switch/", headers={"Referer": "http://testserver/me/pin/"})
    mine = StaffSession.objects.get(staff=ann)
    assert shown.status_code == 200 and str(mine.public_id) in shown.content.decode()
    back = client.post("/switch/", {"who": str(mine.public_id), "secret": PIN})
    assert back.status_code == 303 and back["Location"] == "/staff/"
    assert client.get("/me/").context["staff"] == ann
    theirs = StaffSession.objects.get(staff=bea)
    client.get("/switch/")
    assert client.post("/switch/", {"who": str(theirs.public_id), "secret": PIN})["Location"] == "/me/pin/"


def test_a_wrong_pin_counts_towards_the_lock_and_a_right_one_does_not_forgive_passwords(client, ann, clock):
    a_workstation(client)
    sign_in(client)
    client.get("/switch/")
    mine = str(StaffSession.objects.get().public_id)
    for _ in range(4):
        sign_in(Client(), password="wrong")
    assert client.post("/switch/", {"who": mine, "secret": PIN}).status_code == 303
    sign_in(Client(), password="wrong")
    assert sign_in(Client()).status_code == 422


def test_a_pin_never_works_on_a_computer_that_is_not_registered(client, ann):
    sign_in(client)
    client.get("/switch/")
    mine = str(StaffSession.objects.get().public_id)
    refused = client.post("/switch/", {"who": mine, "secret": PIN})
    assert refused.status_code == 422 and b"PIN is not enough" in refused.content
    assert "your PIN" not in client.get("/switch/").content.decode()
    client.cookies["workstation"] = f"{ann.public_id}.guessed"
    assert client.post("/switch/", {"who": mine, "secret": PIN}).status_code == 422


def test_a_pin_never_works_where_one_has_not_signed_in_fully_today(client, ann, clock):
    a_workstation(client, "Room 1")
    sign_in(client)
    mine = str(StaffSession.objects.get().public_id)
    other = Client()
    a_workstation(other, "Room 2")
    a_person("bea", "clinical_ma")
    sign_in(other, "bea")
    assert other.post("/switch/", {"who": mine, "secret": PIN}).status_code == 422
    clock.passes(hours=12)
    client.get("/switch/")
    assert client.post("/switch/", {"who": mine, "secret": PIN}).status_code != 200
    assert client.get("/staff/").status_code == 302


def test_signing_out_takes_the_pin_away(client, ann):
    a_workstation(client)
    sign_in(client)
    mine = str(StaffSession.objects.get().public_id)
    client.post("/sign-out/")
    client.post("/switch/", {"who": mine, "secret": PIN})
    assert client.get("/staff/").status_code == 302


def test_the_password_of_somebody_with_a_second_factor_does_not_open_their_parked_place(client, ann, clock):
    a_workstation(client)
    secret = with_app(ann)
    sign_in(client)
    client.post("/sign-in/second/", {"code": code_at(secret, step_at(clock.now))})
    mine = str(StaffSession.objects.get().public_id)
    a_person("bea", "clinical_ma")
    client.get("/switch/")
    sign_in(client, "bea", to="?other=1")
    client.get("/switch/")
    refused = client.post("/switch/", {"who": mine, "secret": PASSWORD})
    assert refused.status_code == 422 and b"second factor" in refused.content


def test_a_retired_workstation_ends_its_sessions(client, ann):
    place = a_workstation(client)
    sign_in(client)
    manager = a_person("boss", "manager")
    cookie = client.cookies["workstation"].value
    assert workstation_known_by(cookie) == place
    assert workstation_known_by(f"{place.public_id}.guessed") is None
    actions.retire_workstation(actor=acting_as(manager), workstation=place)
    assert client.get("/staff/").status_code == 302
    assert workstation_known_by(cookie) is None


def test_a_session_is_found_only_for_the_one_whose_it_is(client, ann):
    sign_in(client)
    stay = StaffSession.objects.get(staff=ann)
    assert session_of(str(stay.public_id), ann.pk) == stay
    assert session_of(str(stay.public_id), a_person("eli", "clinical_ma").pk) is None


def test_working_at_a_workstation_is_being_on_site_and_signing_out_ends_it(client, ann):
    a_workstation(client)
    sign_in(client)
    assert Presence.objects.get(staff=ann).until is None
    client.post("/sign-out/")
    assert Presence.objects.get(staff=ann).until is not None


def test_signing_in_from_anywhere_else_is_not_being_on_site(client, ann):
    sign_in(client)
    assert not Presence.objects.exists()
    client.post("/me/clock-in/", key())
    client.post("/sign-out/")
    assert Presence.objects.get().until is None


@pytest.mark.parametrize("pin", ["123", "1111", "1234", "9876", "7890", "123456789", "12a4", "١٢٤٧"])
def test_a_pin_too_plain_is_refused(client, ann, pin):
    sign_in(client)
    assert client.post("/me/pin/", {"pin": pin, "again": pin}).status_code == 422
    assert client.post("/me/pin/", {"pin": "4711", "again": "4711"}).status_code == 303
    assert Staff.objects.get(pk=ann.pk).pin_hash != ann.pin_hash


def test_a_wrong_pin_is_called_a_wrong_pin_and_whoever_has_none_is_asked_for_the_password(client, ann, clock):
    a_workstation(client)
    sign_in(client)
    assert "PIN or password" in client.get("/lock/").content.decode()
    wrong = client.post("/lock/", {"who": StaffSession.objects.get().public_id, "secret": "1111"})
    assert wrong.status_code == 422 and "That PIN is not right." in wrong.content.decode()
    Staff.objects.update(pin_hash="")
    assert "PIN or password" not in client.get("/lock/").content.decode()
