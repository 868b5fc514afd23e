"""Setting up and changing the practice."""

import uuid
from datetime import date, time, timedelta

import pytest

from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.practice import actions, queries
from mainstay.practice.models import Closure, OpeningHours, Practice, Room, Site, TableOverride, VisitType
from mainstay.visits.models import RoomUse
from mainstay.visits.tests.factories import a_person, a_site

pytestmark = pytest.mark.django_db
FACTS = actions.SiteFacts(name="Eastside", short_name="East", state="OH", zone_name="America/New_York")


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)


@pytest.fixture
def admin(client, clock):
    client.force_login(a_person("ada", "administrator"))
    return client


def key():
    return {"idempotency_key": str(uuid.uuid4())}


def test_a_site_is_shut_and_opened_again_but_never_the_last_one():
    one, two = a_site(), actions.add_site(actor=an_actor(), facts=FACTS)
    actions.shut_site(actor=an_actor(), site=one)
    with pytest.raises(IllegalMove):
        actions.shut_site(actor=an_actor(), site=two)
    actions.reopen_site(actor=an_actor(), site=one)
    one.refresh_from_db()
    assert one.is_open


def test_two_sites_cannot_have_one_name():
    site = actions.add_site(actor=an_actor(), facts=FACTS)
    other = a_site("Westside")
    with pytest.raises(InvalidInput):
        actions.change_site(actor=an_actor(), site=other, facts=FACTS)
    assert actions.change_site(actor=an_actor(), site=site, facts=FACTS).name == "Eastside"


def test_a_room_out_of_use_comes_back_under_its_name_with_its_state_kept():
    site = a_site()
    room = actions.add_room(actor=an_actor(), site=site, name="Exam 1")
    assert RoomUse.objects.get(room=room).state == "ready"
    with pytest.raises(InvalidInput):
        actions.add_room(actor=an_actor(), site=site, name="exam 1")
    actions.retire_room(actor=an_actor(), room=room)
    assert actions.add_room(actor=an_actor(), site=site, name="exam 1").pk == room.pk


def test_hours_set_anew_keep_the_old_ones_as_past():
    site = a_site()
    actions.set_hours(actor=an_actor(), site=site, weekly={0: (time(8), time(17))})
    actions.set_hours(actor=an_actor(), site=site, weekly={0: (time(9), time(17)), 1: (time(9), time(12))})
    assert [d.opens for d in queries.hours_of(site)][:3] == [time(9), time(9), None]
    assert OpeningHours.objects.filter(site=site, is_current=False).count() == 1


def test_a_day_is_closed_once_however_often_it_is_asked():
    day = an_actor().today + timedelta(days=5)
    assert actions.close_day(actor=an_actor(), day=day, name="Inventory").pk == (
        actions.close_day(actor=an_actor(), day=day, name="Inventory").pk
    )
    with pytest.raises(InvalidInput):
        actions.close_day(actor=an_actor(), day=date(2020, 1, 1), name="Past")


def test_federal_holidays_are_proposed_until_they_are_set():
    days = queries.holidays_to_propose(an_actor())
    assert (date(2026, 11, 26), "Thanksgiving Day") in days
    actions.close_day(actor=an_actor(), day=date(2026, 11, 26), name="Thanksgiving")
    assert date(2026, 11, 26) not in dict(queries.holidays_to_propose(an_actor()))


def test_an_override_needs_a_reason_and_a_reviewer_and_ends_the_one_before():
    wish = {"table": "vital_limits", "row": "adult.heart_rate", "column": "tell_from", "value": "105"}
    wish |= {"effective": date(2026, 12, 1)}
    with pytest.raises(InvalidInput):
        actions.override_table(actor=an_actor(), override=actions.Override(**wish, reason="", reviewed_by="Dr. B"))
    full = actions.Override(**wish, reason="Fewer rooms", reviewed_by="Dr. B")
    first = actions.override_table(actor=an_actor(), override=full)
    second = actions.override_table(actor=an_actor(), override=full)
    first.refresh_from_db()
    assert first.withdrawn_on == date(2026, 12, 1) and second.withdrawn_on is None


def test_an_administrator_changes_every_setting_by_page(admin):
    site = a_site()
    assert admin.get("/admin/").status_code == 200
    said = {"name": "Hill Clinic", "governing_state": "OH", "vaccine_programs": ["VFC", "private"]}
    assert admin.post("/settings/practice/", {**said, **key()}).status_code == 303
    assert Practice.objects.get().vaccine_programs == ["VFC", "private"]
    at = f"/settings/sites/{site.public_id}"
    assert admin.post(f"{at}/rooms/", {"room-name": "Exam 9", "room-kind": "exam", **key()}).status_code == 303
    room = Room.objects.get(name="Exam 9")
    assert admin.post(f"{at}/room/{room.pk}/end/", key()).status_code == 303
    hours = {"day_0_opens": "8", "day_0_closes": "5p"}
    assert admin.post(f"{at}/hours/", {**hours, **key()}).status_code == 303
    assert queries.hours_of(site)[0].closes == time(17)
    thing = {"equipment-name": "ECG cart", "equipment-kind": "ecg"}
    assert admin.post(f"{at}/equipment/", {**thing, **key()}).status_code == 303
    day = {"closure-day": "12/24/2026", "closure-name": "Christmas Eve"}
    assert admin.post(f"{at}/closures/", {**day, **key()}).status_code == 303
    assert admin.post("/settings/sites/holidays/", {"holidays-days": ["2026-12-25"], **key()}).status_code == 303
    assert Closure.objects.count() == 2
    facts = {"name": "Northside", "state": "OH", "zone_name": "America/New_York", "setting": "primary_care"}
    assert admin.post(f"{at}/change/", {**facts, **key()}).status_code == 303
    assert admin.post("/settings/sites/add/", {**facts, "name": "Southside", **key()}).status_code == 303
    assert Site.objects.get(name="Southside").short_name == "Southside"
    kind = {"name": "Acute visit", "minutes": "20", "playbook": "acute_visit", "room_kind": "exam"}
    assert admin.post("/settings/visit-types/add/", {**kind, **key()}).status_code == 303
    assert admin.post("/settings/visit-types/acute-visit/", {**kind, "minutes": "30", **key()}).status_code == 303
    assert VisitType.objects.get().minutes == 30
    assert admin.post("/settings/visit-types/acute-visit/withdraw/", key()).status_code == 303
    own = {"cell": "vital_limits|adult.heart_rate|tell_from", "value": "105", "effective": "12/1/2026", "reason": "x"}
    assert admin.post("/settings/overrides/", {**own, "reviewed_by": "Dr. B", **key()}).status_code == 303
    assert TableOverride.objects.count() == 1
    for page in ("practice/", "sites/", f"sites/{site.public_id}/", "visit-types/", "overrides/", "sites/add/"):
        assert admin.get(f"/settings/{page}").status_code == 200


def test_what_is_typed_wrong_is_said_beside_the_field(admin):
    site = a_site()
    at = f"/settings/sites/{site.public_id}"
    assert b"leave both empty" in admin.post(f"{at}/hours/", {"day_0_opens": "8", **key()}).content
    wrong = admin.post(f"{at}/rooms/", {"room-name": "", "room-kind": "exam", **key()})
    assert wrong.status_code == 422 and b"Error:" in wrong.content
    assert admin.post("/settings/practice/", {"name": "", **key()}).status_code == 422
    assert not Practice.objects.exists()


def test_a_medical_assistant_sees_no_settings_and_a_lead_changes_none(client, clock):
    client.force_login(a_person("maria", "clinical_ma"))
    assert client.get("/settings/practice/").status_code == 403
    client.force_login(a_person("lea", "lead_ma"))
    assert client.get("/settings/practice/").status_code == 200
    assert client.post("/settings/sites/add/", {"name": "X", **key()}).status_code == 403
    actor = an_actor(permissions=("practice.see_settings",))
    with pytest.raises(Exception, match="role does not include"):
        actions.set_up_practice(actor=actor, name="X", governing_state="OH")
