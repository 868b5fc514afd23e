"""Every page about who works here, for everybody who may and may not open it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from mainstay.foundation.testing import A_MOMENT, tell_everyone
from mainstay.work.models import WorkItem
from mainstay.workforce import actions
from mainstay.workforce.models import CompetencySignOff, Credential, Presence, Shift, Staff, StaffSession, TrainingFact
from mainstay.workforce.permissions import (
    MANAGE_STAFF,
    PLAN_SHIFTS,
    SEE_SIGN_INS,
    SEE_STAFF,
    SIGN_OFF,
    VERIFY_CREDENTIALS,
)
from mainstay.workforce.roles import permissions_of, roles
from mainstay.workforce.tests.factories import PASSWORD, a_person, a_site, acting_as, held_by, key

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)


@pytest.fixture
def bea():
    return a_person("bea", "clinical_ma", licence="")


@pytest.fixture
def boss(client):
    staff = a_person("boss", "manager")
    client.force_login(staff)
    return staff


def things():
    """One of everything the addresses below name, and what must not change when somebody is refused."""
    bea = Staff.objects.get(username="bea")
    credential = held_by(bea)
    training = TrainingFact.objects.create(staff=bea, topic="x", amount=1, completed_on=date(2026, 1, 1))
    shift = actions.plan_shift(
        actor=acting_as(a_person("planner", "manager")), staff=bea, site=a_site(), starts=A_MOMENT,
        ends=A_MOMENT + timedelta(hours=8),
    )  # fmt: skip
    stay = actions.open_session(
        staff=bea, how="password", origin=actions.Origin(), workstation=None, site=None, now=A_MOMENT
    )
    place, _ = actions.register_workstation(
        actor=acting_as(Staff.objects.get(username="planner")), site=a_site(), name="Room 9", idle_minutes=5
    )
    return {"staff": bea, "credential": credential, "training": training, "shift": shift, "stay": stay, "place": place}


ADDRESSES = [
    # method, url name, what it names, permission
    ("get", "staff", "", SEE_STAFF),
    ("get", "person", "staff", SEE_STAFF),
    ("get", "shifts", "", SEE_STAFF),
    ("get", "add-staff", "", MANAGE_STAFF),
    ("post", "add-staff", "", MANAGE_STAFF),
    ("get", "edit-staff", "staff", MANAGE_STAFF),
    ("post", "edit-staff", "staff", MANAGE_STAFF),
    ("get", "end-staff", "staff", MANAGE_STAFF),
    ("post", "end-staff", "staff", MANAGE_STAFF),
    ("post", "bring-back-staff", "staff", MANAGE_STAFF),
    ("post", "unlock-staff", "staff", MANAGE_STAFF),
    ("post", "new-password", "staff", MANAGE_STAFF),
    ("get", "reset-factors", "staff", MANAGE_STAFF),
    ("post", "reset-factors", "staff", MANAGE_STAFF),
    ("post", "end-sessions", "staff", SEE_SIGN_INS),
    ("get", "record-credential", "staff", VERIFY_CREDENTIALS),
    ("post", "record-credential", "staff", VERIFY_CREDENTIALS),
    ("get", "verify-credential", "credential", VERIFY_CREDENTIALS),
    ("post", "verify-credential", "credential", VERIFY_CREDENTIALS),
    ("get", "revoke-credential", "credential", VERIFY_CREDENTIALS),
    ("post", "revoke-credential", "credential", VERIFY_CREDENTIALS),
    ("get", "sign-off", "staff", SIGN_OFF),
    ("post", "sign-off", "staff", SIGN_OFF),
    ("get", "record-training", "staff", SIGN_OFF),
    ("post", "record-training", "staff", SIGN_OFF),
    ("post", "withdraw-training", "training", SIGN_OFF),
    ("post", "plan-shift", "", PLAN_SHIFTS),
    ("post", "copy-week", "", PLAN_SHIFTS),
    ("post", "cancel-shift", "shift", PLAN_SHIFTS),
    ("get", "sign-ins", "", SEE_SIGN_INS),
    ("post", "end-session", "stay", SEE_SIGN_INS),
    ("get", "workstations", "", MANAGE_STAFF),
    ("post", "register-workstation", "", MANAGE_STAFF),
    ("post", "retire-workstation", "place", MANAGE_STAFF),
]
TYPED = {
    "username": "new", "given_name": "New", "family_name": "Person", "roles": ["trainee"], "home_site": "1",
    "left_on": "today", "reason": "why", "code": "BLS", "how": "website", "act": "vital_signs", "rung": "observed",
    "times": "1", "checklist_version": "1", "topic": "x", "amount": "1", "completed_on": "today", "staff": "1",
    "day": "today", "starts": "8", "ends": "12", "name": "Room 8", "site": "1", "idle_minutes": "5", "week": "",
}  # fmt: skip


def address_of(name, what, all_of_it):
    if not what:
        return reverse(name)
    thing = all_of_it[what]
    if what == "training":
        return reverse(name, args=[all_of_it["staff"].public_id, thing.pk])
    return reverse(name, args=[thing.public_id])


def everything_kept():
    tables = (Staff, Credential, CompetencySignOff, TrainingFact, Shift, StaffSession, Presence)
    return [list(t.objects.order_by("pk").values()) for t in tables]


@pytest.mark.parametrize("role", sorted(roles()))
def test_each_role_opens_what_its_permissions_say_and_a_refusal_changes_nothing(client, bea, role):
    found = things()
    somebody = a_person("somebody", role)
    client.force_login(somebody)
    for method, name, what, permission in ADDRESSES:
        if permission in permissions_of((role,)):
            if method == "get":
                assert client.get(address_of(name, what, found)).status_code == 200, name
            continue
        before = everything_kept()
        answer = getattr(client, method)(address_of(name, what, found), {**TYPED, **key()})
        assert answer.status_code == 403, (role, name)
        assert everything_kept() == before, (role, name)


def test_every_address_of_this_domain_is_in_the_table_or_is_ones_own():
    from mainstay.workforce.urls import urlpatterns

    own = {p.name for p in urlpatterns if str(p.pattern).startswith(("me/", "sign-", "lock/", "switch/", "site/"))}
    assert {p.name for p in urlpatterns} - own == {name for _, name, _, _ in ADDRESSES}


def test_strangers_are_sent_to_sign_in(client, bea):
    found = things()
    for method, name, what, _ in ADDRESSES:
        assert getattr(client, method)(address_of(name, what, found)).status_code == 302, name


def test_a_manager_adds_somebody_who_then_chooses_a_password(client, boss):
    site = str(a_site().pk)
    typed = {
        **TYPED,
        "username": "Hana.Lee",
        "roles": ["clinical_ma"],
        "home_site": site,
        "sites": [site],
        "licence": "",
    }
    shown = client.post("/staff/add/", {**typed, **key()})
    given = shown.context["password"]
    assert shown.status_code == 200 and given in shown.content.decode()
    client.post("/sign-out/")
    assert client.post("/sign-in/", {"username": "hana.lee", "password": given})["Location"] == "/me/password/"


def test_a_name_that_is_taken_is_said_beside_the_field(client, boss, bea):
    answer = client.post("/staff/add/", {**TYPED, "username": "BEA", "home_site": str(a_site().pk), **key()})
    assert answer.status_code == 422 and b"signs in with this name already" in answer.content


def test_nobody_changes_their_own_roles(client, boss):
    typed = {**TYPED, "roles": ["manager", "provider"], "home_site": str(a_site().pk)}
    assert client.post(f"/staff/{boss.public_id}/edit/", {**typed, **key()}).status_code == 403
    assert Staff.objects.get(pk=boss.pk).roles == ["manager"]


def test_only_an_administrator_names_a_medical_director(client, boss, bea):
    typed = {**TYPED, "roles": ["medical_director"], "home_site": str(a_site().pk)}
    assert client.post(f"/staff/{bea.public_id}/edit/", {**typed, **key()}).status_code == 403


def test_a_credential_is_recorded_then_verified_by_somebody_else(client, boss, bea):
    typed = {"code": "CMA_AAMA", "number": "77", "issued_on": "1/5/2024", "expires_on": "1/31/2029"}
    answer = client.post(f"/staff/{bea.public_id}/credentials/add/", {**typed, **key()})
    made = Credential.objects.get()
    assert answer["Location"] == f"/credentials/{made.public_id}/verify/"
    assert made.issuer == "American Association of Medical Assistants" and made.verified_at is None
    assert client.post(answer["Location"], {"how": "aama-ntl.org", **key()}).status_code == 303
    made.refresh_from_db()
    assert (made.verified_by, made.verified_how) == (boss, "aama-ntl.org")
    assert made.verified_at == A_MOMENT


def test_nobody_verifies_their_own_credential(client, boss):
    mine = held_by(boss)
    answer = client.post(f"/credentials/{mine.public_id}/verify/", {"how": "I know it", **key()})
    assert answer.status_code == 422 and Credential.objects.get().verified_at is None


def test_a_skipped_rung_asks_for_a_reason_which_is_kept(client, boss, bea):
    page = f"/staff/{bea.public_id}/sign-off/"
    typed = {"act": "venipuncture", "rung": "independent", "times": "1", "checklist_version": "V3"}
    asked = client.post(page, {**typed, **key()})
    assert asked.status_code == 422 and b"reason:rung-skipped" in asked.content
    assert client.post(page, {**typed, "reason:rung-skipped": "Ten years elsewhere", **key()}).status_code == 303
    made = CompetencySignOff.objects.get()
    assert (made.reason, made.assessed_by) == ("Ten years elsewhere", boss)
    assert made.expires_on == A_MOMENT.date() + timedelta(days=365)


def test_the_ladder_is_climbed_rung_by_rung_without_a_reason(boss, bea):
    for rung, times in (("observed", 1), ("assisted", 1), ("supervised", 6), ("supervised", 4), ("independent", 1)):
        actions.sign_off_competency(
            actor=acting_as(boss), staff=bea, assessor=boss,
            assessment=actions.Assessment("venipuncture", rung, "V3", times),
        )  # fmt: skip
    assert bea.sign_offs.count() == 5


def test_nobody_signs_themselves_off(client, boss):
    typed = {"act": "venipuncture", "rung": "observed", "times": "1", "checklist_version": "V3"}
    assert client.post(f"/staff/{boss.public_id}/sign-off/", {**typed, **key()}).status_code == 422
    assert not CompetencySignOff.objects.exists()


def test_nobody_works_two_shifts_at_once(client, boss, bea):
    typed = {"staff": str(bea.pk), "day": "11/23/2026", "starts": "8", "ends": "4p"}
    assert client.post("/shifts/plan/", {**typed, **key()}).status_code == 303
    again = client.post("/shifts/plan/", {**typed, "starts": "3p", "ends": "9p", **key()})
    assert again.status_code == 422 and b"already works at that time" in again.content
    shift = Shift.objects.get()
    assert shift.during.lower.isoformat() == "2026-11-23T13:00:00+00:00"
    assert b"8:00 am" in client.get("/shifts/?week=2026-11-25").content


def test_a_week_is_copied_by_the_clock_over_the_change_to_winter_time(boss, bea):
    site = a_site()
    from datetime import time

    from mainstay.workforce.rules import shift_span

    starts, ends = shift_span(site.zone, date(2026, 10, 29), time(8), time(16))
    actions.plan_shift(actor=acting_as(boss), staff=bea, site=site, starts=starts, ends=ends)
    copy = {"actor": acting_as(boss), "site": site, "monday": date(2026, 10, 26)}
    assert actions.copy_week(**copy) == (1, 0)
    assert actions.copy_week(**copy) == (0, 1)
    later = Shift.objects.order_by("-during").first().during.lower
    assert later.astimezone(site.zone).time() == time(8) and later - starts == timedelta(days=7, hours=1)


def test_a_shift_over_midnight_ends_the_next_day():
    from datetime import time

    from mainstay.workforce.rules import shift_span

    starts, ends = shift_span(a_site().zone, date(2026, 11, 23), time(22), time(6))
    assert ends - starts == timedelta(hours=8)


def test_a_credential_that_ends_is_on_the_list_once_for_each_distance(boss, bea, django_capture_on_commit_callbacks):
    today = A_MOMENT.date()
    credential = held_by(bea, expires_on=today + timedelta(days=200))
    told = []
    for left in (200, 181, 180, 179, 91, 90, 60, 30, 29, 8, 7, 1, 0):
        actor = acting_as(boss, now=A_MOMENT + timedelta(days=200 - left))
        told += [left] * actions.remind_of_credentials(actor=actor)
        assert actions.remind_of_credentials(actor=actor) == 0
    assert told == [180, 90, 60, 30, 7]
    tell_everyone()
    item = WorkItem.objects.get(state="open")
    assert item.owner == bea and "CMA (AAMA)" in item.title and item.band == "R2"
    actions.verify_credential(
        actor=acting_as(boss), credential=credential, verifier=boss, how="website", expires_on=today + timedelta(900)
    )
    tell_everyone()
    assert not WorkItem.objects.filter(state="open").exists()


def test_presence_ends_half_an_hour_after_the_shift(boss, bea):
    actor = acting_as(boss)
    ends = A_MOMENT + timedelta(hours=8)
    actions.plan_shift(actor=actor, staff=bea, site=a_site(), starts=A_MOMENT, ends=ends)
    actions.clock_in(actor=acting_as(bea), site=a_site())
    assert actions.end_stale_presences(actor=actor.at(ends + timedelta(minutes=29))) == 0
    assert actions.end_stale_presences(actor=actor.at(ends + timedelta(minutes=30))) == 1
    assert Presence.objects.get().until == ends


def test_the_first_administrator_is_made_once():
    site = a_site()
    from mainstay.foundation.errors import IllegalMove, InvalidInput
    from mainstay.foundation.testing import an_actor

    person = actions.NewStaff(username="Ada", given_name="Ada", family_name="Reyes", shown_name="", roles=("manager",))
    asked = {"actor": an_actor(), "person": person, "sites": [site]}
    with pytest.raises(InvalidInput):
        actions.create_first_administrator(**asked, password="short")
    made = actions.create_first_administrator(**asked, password=PASSWORD)
    assert made.roles == ["administrator", "manager"] and made.username == "ada"
    assert made.home_site == site and list(made.sites.all()) == [site]
    with pytest.raises(IllegalMove):
        actions.create_first_administrator(**asked, password=PASSWORD)


def test_the_roles_table_names_only_permissions_that_exist():
    from mainstay.foundation.permissions import declared_permissions

    known = {p.code for p in declared_permissions()}
    assert {p for role in roles().values() for p in role.permissions if p.startswith("workforce.")} <= known


def test_a_second_factor_goes_only_with_the_password_and_wrong_ones_lock(client, monkeypatch):
    from django.contrib.auth.hashers import make_password

    from mainstay.workforce.models import SecondFactor, SignInRecord

    bea = a_person("bea", "clinical_ma", password=make_password(PASSWORD))
    factor = SecondFactor.objects.create(staff=bea, kind="totp", name="Phone")
    client.force_login(bea)
    at = reverse("remove-factor", args=[factor.public_id])
    assert client.post(at, {}).status_code >= 400
    for _ in range(4):
        assert client.post(at, {"password": "wrong"}).status_code >= 400
    assert SignInRecord.objects.filter(username="bea", is_success=False).count() == 5
    assert client.post(at, {"password": PASSWORD}).status_code == 403
    factor.refresh_from_db()
    assert factor.removed_at is None
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT + timedelta(hours=1))
    assert client.post(at, {"password": PASSWORD}).status_code == 303
    factor.refresh_from_db()
    assert factor.removed_at is not None
