"""Kinds of visit for an age: offered by age, booked for another with a reason."""

import re
import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import transaction

from mainstay.foundation.errors import NeedsConfirmation, StopFound
from mainstay.foundation.findings import Confirmations
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.scheduling import actions
from mainstay.scheduling.actions import Slot
from mainstay.scheduling.actions.waiting import Wanted
from mainstay.scheduling.models import Appointment, SlotOffer, WaitListEntry
from mainstay.scheduling.tests.factories import a_patient, a_provider, a_site, a_visit_type, a_week, local

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
DESK = an_actor(permissions=("scheduling.book", "scheduling.see"))
LEAD = replace(DESK, permissions=DESK.permissions | {"scheduling.book_other_age"})
BECAUSE = "No pediatrician this month"
SAID = Confirmations({"other-age": BECAUSE})


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)


def physical():
    return a_visit_type("physical", 40, name="Adult physical", youngest="18y")


@pytest.fixture
def child():
    return a_patient("7", birth_date=date(2019, 5, 1))


@pytest.fixture
def doctor():
    doc = a_provider()
    a_week(doc)
    return doc


@pytest.fixture
def book(child, doctor):
    def at(actor, day=MONDAY, patient=child, **more):
        slot = Slot(site=a_site(), provider=doctor, starts=local(day, 9), minutes=40)
        return actions.book_appointment(actor=actor, patient=patient, visit_type=physical(), slot=slot, **more)

    return at


def test_an_adult_physical_for_a_child_is_booked_only_with_a_reason_that_is_kept(book):
    with pytest.raises(NeedsConfirmation, match="is for age 18 years and over; the patient is 7 years old then"):
        book(LEAD)
    with pytest.raises(NeedsConfirmation):
        book(LEAD, confirmed=Confirmations({"other-age": "  "}))
    assert not Appointment.objects.exists()
    assert book(LEAD, confirmed=SAID).other_age_reason == BECAUSE


def test_who_may_not_decide_about_ages_is_told_who_may_even_with_a_reason(book):
    with pytest.raises(StopFound, match=r"Lead medical assistant .*can book it with a reason"):
        book(DESK, confirmed=SAID)
    assert not Appointment.objects.exists()


def test_the_day_of_the_visit_decides_and_an_adult_is_not_asked(book):
    nearly = a_patient("17", birth_date=MONDAY.replace(year=2008) + timedelta(days=1))
    with pytest.raises(NeedsConfirmation):
        book(LEAD, patient=nearly)
    assert book(DESK, MONDAY + timedelta(days=1), patient=nearly, confirmed=SAID).other_age_reason == ""


def test_a_visit_that_was_allowed_once_is_moved_by_anybody(book, doctor):
    first = book(LEAD, confirmed=SAID)
    later = Slot(site=a_site(), provider=doctor, starts=local(MONDAY, 14), minutes=40)
    moved = actions.move_appointment(actor=DESK, appointment=first, slot=later, reason="asked")
    assert moved.other_age_reason == BECAUSE


def test_a_series_asks_once_and_books_nothing_without_the_reason(child, doctor):
    slot = Slot(site=a_site(), provider=doctor, starts=local(MONDAY, 9), minutes=40)
    wish = {"patient": child, "visit_type": physical(), "first": slot, "every_weeks": 1, "times": 3}
    with pytest.raises(NeedsConfirmation), transaction.atomic():
        actions.book_series(actor=LEAD, **wish)
    assert not Appointment.objects.exists()
    made = actions.book_series(actor=LEAD, **wish, confirmed=SAID).booked
    assert [one.other_age_reason for one in made] == [BECAUSE] * 3


def waits(actor, patient, **more):
    wanted = Wanted(note="Camp form")
    return actions.join_wait_list(actor=actor, patient=patient, visit_type=physical(), wanted=wanted, **more)


def test_the_wait_list_asks_when_somebody_joins_and_not_again_when_they_accept(child, doctor, clock):
    with pytest.raises(NeedsConfirmation):
        waits(LEAD, child)
    with pytest.raises(StopFound):
        waits(DESK, child, confirmed=SAID)
    entry = waits(LEAD, child, confirmed=SAID)
    accepted = actions.accept_offer(actor=DESK, offer=offered(entry, doctor))
    assert accepted.other_age_reason == BECAUSE


def test_who_grew_out_of_a_visit_while_waiting_is_booked_and_it_is_said_why(doctor, clock):
    adult = a_patient("30", birth_date=date(1996, 1, 1))
    entry = waits(DESK, adult)
    physical().__class__.objects.update(youngest="", oldest="21y")
    accepted = actions.accept_offer(actor=DESK, offer=offered(entry, doctor))
    assert accepted.other_age_reason == "On the wait list for it since Fri 20 Nov 2026."


def offered(entry, doctor):
    during = Slot(site=a_site(), provider=doctor, starts=local(MONDAY, 9), minutes=40).during()
    end = A_MOMENT + timedelta(hours=1)
    return SlotOffer.objects.create(entry=entry, provider=doctor, site=a_site(), during=during, runs_out_at=end)


def key():
    return {"idempotency_key": str(uuid.uuid4())}


def asked(patient, **more):
    who = {"patient": str(patient.public_id), "visit_type": physical().code, "reason": "camp form"}
    return {**who, "from_day": "11/23/2026", **more, **key()}


def test_the_page_asks_before_it_shows_times_and_carries_the_reason_to_the_booking(client, clock, child, doctor):
    client.force_login(a_provider("lena", "lead_ma"))
    stopped = client.post("/schedule/find/", asked(child)).content.decode()
    assert "7 years old then" in stopped and 'name="slot"' not in stopped and 'name="reason:other-age"' in stopped
    found = client.post("/schedule/find/", asked(child, **{"reason:other-age": BECAUSE})).content.decode()
    assert found.count(f'name="reason:other-age" value="{BECAUSE}"') == 2
    slot = re.search(r'name="slot" value="([^"]+)"', found)[1]
    unsaid = client.post("/schedule/book/", asked(child, slot=slot))
    assert unsaid.status_code == 422 and 'name="reason:other-age"' in unsaid.content.decode()
    made = client.post("/schedule/book/", asked(child, slot=slot, **{"reason:other-age": BECAUSE}))
    assert made.status_code == 303
    assert BECAUSE in client.get(made["Location"]).content.decode()


def kinds_in(content):
    select = re.search(r'<select name="visit_type".*?</select>', content, re.S)[0]
    fit, _, others = select.partition("<optgroup")
    return [re.findall(r'value="([a-z-]+)"', part) for part in (fit, others)]


@pytest.mark.parametrize(("role", "others"), [("lead_ma", ["physical"]), ("clinical_ma", [])])
@pytest.mark.parametrize(
    "address", ["/schedule/find/?patient={}", "/schedule/wait-list/join/{}/", "/patients/{}/walk-in/"]
)
def test_the_kinds_offered_follow_the_age(client, clock, child, role, others, address):
    a_visit_type("well-child", oldest="21y"), a_visit_type("acute"), physical()
    client.force_login(a_provider("maria", role))
    content = client.get(address.format(child.public_id)).content.decode()
    assert kinds_in(content) == [["acute", "well-child"], others]
    adult = client.get(address.format(a_patient("50").public_id)).content.decode()
    assert kinds_in(adult)[0] == ["acute", "physical"]


def test_a_recall_names_any_kind_for_it_lies_ahead(client, clock, child):
    physical(), a_visit_type("acute")
    client.force_login(a_provider("maria", "clinical_ma"))
    content = client.get(f"/schedule/recalls/add/{child.public_id}/").content.decode()
    assert kinds_in(content) == [["acute"], ["physical"]]


def test_who_may_not_decide_finds_no_time_and_reads_who_may(client, clock, child, doctor):
    client.force_login(a_provider("maria", "clinical_ma"))
    said = {"reason:other-age": BECAUSE}
    stopped = client.post("/schedule/find/", asked(child)).content.decode()
    assert "can book it with a reason" in stopped and 'name="slot"' not in stopped
    slot = f"{int(local(MONDAY, 9).timestamp() // 60)}.{doctor.pk}.{a_site().pk}.0.0"
    assert client.post("/schedule/book/", asked(child, slot=slot, **said)).status_code == 422
    assert not Appointment.objects.exists()


def test_joining_the_wait_list_by_page_asks_and_keeps_the_reason(client, clock, child):
    client.force_login(a_provider("lena", "lead_ma"))
    at, typed = f"/schedule/wait-list/join/{child.public_id}/", {"visit_type": physical().code, "note": "Camp form"}
    typed |= {"urgency": "R5"}
    refused = client.post(at, {**typed, **key()})
    assert refused.status_code == 422 and 'name="reason:other-age"' in refused.content.decode()
    assert client.post(at, {**typed, "reason:other-age": BECAUSE, **key()}).status_code == 303
    assert WaitListEntry.objects.get().other_age_reason == BECAUSE
