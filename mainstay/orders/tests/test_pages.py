"""The pages of orders and standing orders, as people open them."""

from __future__ import annotations

import io
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from mainstay.foundation.testing import A_MOMENT
from mainstay.orders import actions
from mainstay.orders.models import Order, StandingOrder
from mainstay.orders.seals import order_seal
from mainstay.orders.tests.factories import FLU_STANDING, a_doctor, a_pended_order, a_signed_order, a_standing_order
from mainstay.visits.tests.factories import a_patient, a_person, a_visit, acting_as
from mainstay.workforce.models import Staff

pytestmark = pytest.mark.django_db
ASKED = {"vaccine_group": "Influenza", "reason": "Due this season", "priority": "soon", "route": "IM"}


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)


@pytest.fixture
def doctor() -> Staff:
    """A provider."""
    return a_doctor()


@pytest.fixture
def maria() -> Staff:
    """A clinical medical assistant."""
    return a_person("maria", "clinical_ma")


def as_(staff: Staff) -> Client:
    """Somebody's browser."""
    client = Client()
    client.force_login(staff)
    return client


def key() -> dict[str, str]:
    """A key of one write."""
    return {"idempotency_key": str(uuid.uuid4())}


def ticked(*orders: Order) -> dict[str, Any]:
    """What the browser sends for orders that were ticked."""
    sent: dict[str, Any] = {"sign": [str(o.public_id) for o in orders], **key()}
    return sent | {f"seal-{o.public_id}": order_seal(o) for o in orders}


def test_an_assistant_prepares_an_order_while_rooming_and_the_provider_signs_it(doctor: Staff, maria: Staff) -> None:
    visit = a_visit(provider=doctor)
    page = f"/orders/visit/{visit.public_id}/"
    shown = as_(maria).get(page)
    assert shown.status_code == 200 and visit.patient.called_name in shown.content.decode()
    refused = as_(maria).post(page, {**ASKED, "reason": "", **key()})
    assert refused.status_code == 422
    done = as_(maria).post(page, {**ASKED, **key()})
    assert done.status_code == 303 and done["Location"] == f"/rooming/{visit.public_id}/"
    order = Order.objects.get()
    assert (order.system, order.code, order.visit_ref) == ("vaccine_group", "Influenza", visit.public_id)
    listed = as_(doctor).get("/orders/").content.decode()
    for words in ("Influenza vaccine", visit.patient.mrn, "02/03/1980", "Due this season", "Prepared by Maria"):
        assert words in listed
    assert as_(doctor).post("/orders/sign/", ticked(order)).status_code == 303
    order.refresh_from_db()
    assert order.state == "signed"
    assert "Signed by Patel" in as_(maria).get("/orders/").content.decode()


def test_signing_several_says_which_were_not_and_keeps_the_rest(doctor: Staff, maria: Staff) -> None:
    first, second = (a_pended_order(by=acting_as(maria), patient=a_patient(f"50000{n}")) for n in range(2))
    sent = ticked(first, second) | {f"seal-{second.public_id}": "something else"}
    answer = as_(doctor).post("/orders/sign/", sent)
    assert answer.status_code == 200
    assert "changed after it was shown" in answer.content.decode()
    assert {Order.objects.get(pk=o.pk).state for o in (first, second)} == {"signed", "pended"}


def test_orders_are_ticked_by_whoever_signs_them_and_not_by_the_page(doctor: Staff, maria: Staff) -> None:
    for n in range(2):
        a_pended_order(by=acting_as(maria), patient=a_patient(f"50000{n}"))
    shown = as_(doctor).get("/orders/").content.decode()
    assert shown.count('name="sign"') == 2 and " checked>" not in shown
    assert as_(doctor).get("/orders/?tick=all").content.decode().count(" checked>") == 2


def test_nothing_ticked_and_nonsense_ticked_sign_nothing(doctor: Staff) -> None:
    assert as_(doctor).post("/orders/sign/", key()).status_code == 303
    assert as_(doctor).post("/orders/sign/", {"sign": "nonsense", **key()}).status_code == 303


def test_an_assistant_is_shown_no_way_to_sign_and_is_refused(maria: Staff) -> None:
    order = a_pended_order(by=acting_as(maria))
    assert "Sign what is ticked" not in as_(maria).get("/orders/").content.decode()
    assert as_(maria).post("/orders/sign/", ticked(order)).status_code == 403
    order.refresh_from_db()
    assert order.state == "pended"


def test_a_declined_order_comes_back_on_the_page_of_its_pender(doctor: Staff, maria: Staff) -> None:
    order = a_pended_order(by=acting_as(maria))
    at = f"/orders/{order.public_id}/decline/"
    assert as_(doctor).post(at, {"words": "", **key()}).status_code == 422
    assert as_(doctor).post(at, {"words": "Had it in September", **key()}).status_code == 303
    assert "Had it in September" in as_(maria).get("/orders/").content.decode()
    assert as_(maria).post(f"/orders/{order.public_id}/acknowledge/", key()).status_code == 303
    assert "Had it in September" not in as_(maria).get("/orders/").content.decode()


def test_one_order_shows_what_it_says_and_is_changed_replaced_and_ended(doctor: Staff, maria: Staff) -> None:
    order = a_pended_order(by=acting_as(maria))
    page = f"/orders/{order.public_id}/"
    assert as_(maria).get(page).status_code == 200
    changed = as_(maria).post(f"{page}change/", {**ASKED, "dose": "0.25", "dose_unit": "mL", **key()})
    assert changed.status_code == 303
    order.refresh_from_db()
    as_(doctor).post("/orders/sign/", ticked(order))
    order.refresh_from_db()
    assert (order.state, order.dose) == ("signed", order.dose.from_float(0.25))
    assert as_(maria).post(f"{page}change/", {**ASKED, **key()}).status_code == 303
    newer = Order.objects.get(replaces=order)
    assert as_(maria).post(f"{page}end/", {"reason": "Left", **key()}).status_code == 403
    assert as_(doctor).post(f"{page}end/", {"reason": "", **key()}).status_code == 422
    assert as_(doctor).post(f"{page}end/", {"reason": "Left", **key()}).status_code == 303
    assert as_(maria).post(f"/orders/{newer.public_id}/end/", {"reason": "Not needed", **key()}).status_code == 303
    assert as_(maria).get("/orders/00000000-0000-0000-0000-000000000000/").status_code == 404


def test_the_page_of_orders_needs_few_queries_however_many_orders(
    doctor: Staff, maria: Staff, django_assert_max_num_queries: Any
) -> None:
    def orders(numbers: range) -> None:
        for n in numbers:
            a_pended_order(by=acting_as(maria), patient=a_patient(f"60{n:04}"))
            order = a_pended_order(by=acting_as(maria), patient=a_patient(f"61{n:04}"))
            as_(doctor).post("/orders/sign/", ticked(order))

    orders(range(2))
    browser = as_(doctor)
    browser.get("/orders/")
    with django_assert_max_num_queries(24):
        browser.get("/orders/")
    orders(range(2, 8))
    with django_assert_max_num_queries(24):
        assert browser.get("/orders/").content.decode().count("Prepared by Maria") == 8


def test_a_standing_order_is_written_signed_reviewed_and_withdrawn_on_its_pages(doctor: Staff) -> None:
    lead = a_person("lena", "lead_ma")
    form = as_(lead).get("/orders/standing/write/")
    assert form.status_code == 200
    typed: dict[str, Any] = {
        "title": "Influenza", "vaccine_groups": ["Influenza"], "roles": ["clinical_ma", "nurse"],
        "starts_on": "11/01/2026", "expires_on": "06/30/2027", "emergency": "Call the provider, then 911.",
        "line-TOTAL_FORMS": "2", "line-INITIAL_FORMS": "0", "line-0-effect": "include",
        "line-0-words": "Everybody from 6 months", "line-0-least_age": "6m",
        "line-1-effect": "exclude", "line-1-words": "Sick today", "line-1-question": "sick_today",
        "product-TOTAL_FORMS": "1", "product-INITIAL_FORMS": "0", "product-0-name": "Fluzone",
        "product-0-cvx": "140", "product-0-dose": "0.5", "product-0-dose_unit": "mL", "product-0-route": "IM",
    }  # fmt: skip
    wrong = as_(lead).post("/orders/standing/write/", {**typed, "expires_on": "06/30/2029", **key()})
    assert wrong.status_code == 422 and "twelve months" in wrong.content.decode()
    assert as_(lead).post("/orders/standing/write/", {**typed, "line-0-least_age": "six", **key()}).status_code == 422
    done = as_(lead).post("/orders/standing/write/", {**typed, **key()})
    assert done.status_code == 303
    order = StandingOrder.objects.get()
    page = f"/orders/standing/{order.public_id}/"
    assert done["Location"] == page
    assert [c.words for c in order.criteria.all()] == ["Everybody from 6 months", "Sick today"]
    assert as_(lead).post(f"{page}sign/", key()).status_code == 403
    assert as_(doctor).post(f"{page}sign/", key()).status_code == 303
    assert "Holds through 06/30/2027" in as_(lead).get(page).content.decode()
    assert as_(doctor).post(f"{page}review/", {"expires_on": "11/20/2029", **key()}).status_code == 422
    assert as_(doctor).post(f"{page}review/", {"expires_on": "11/20/2027", **key()}).status_code == 303
    version = as_(lead).get(f"{page}version/")
    assert "Everybody from 6 months" in version.content.decode()
    assert as_(doctor).post(f"{page}withdraw/", {"reason": "", **key()}).status_code == 422
    assert as_(doctor).post(f"{page}withdraw/", {"reason": "Recalled", **key()}).status_code == 303
    assert "Recalled" in as_(lead).get(page).content.decode()


def test_a_draft_is_thrown_away_and_leaves_the_list(doctor: Staff) -> None:
    lead = a_person("lena", "lead_ma")
    draft = actions.write_standing_order(actor=acting_as(lead), text=FLU_STANDING)
    assert "Not signed" in as_(doctor).get("/orders/standing/").content.decode()
    assert as_(lead).post(f"/orders/standing/{draft.public_id}/discard/", key()).status_code == 303
    assert draft.title not in as_(doctor).get("/orders/standing/").content.decode()


@pytest.mark.parametrize("is_signed", [True, False])
def test_a_standing_order_prints_with_everything_it_says_and_a_line_to_sign_on(is_signed: bool, doctor: Staff) -> None:
    if is_signed:
        order = a_standing_order(doctor=doctor)
    else:
        order = actions.write_standing_order(actor=acting_as(a_person("lena", "lead_ma")), text=FLU_STANDING)
    pdf = as_(doctor).get(f"/orders/standing/{order.public_id}/paper/")
    assert pdf["Content-Type"] == "application/pdf"
    text = re.sub(r"\s+", " ", " ".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf.content)).pages))
    said = [
        "Influenza vaccine, injectable",
        "Everybody from 6 months",
        "CVX 150",
        "epinephrine",
        "Signature of the provider",
    ]
    for words in said:
        assert words in text
    assert ("Not signed." in text) is not is_signed
    assert ("Patel, MD" in text) is is_signed


def test_the_chart_and_the_rooming_page_lead_to_preparing_an_order(maria: Staff) -> None:
    visit = a_visit()
    chart = as_(maria).get(f"/patients/{visit.patient.public_id}/chart/")
    assert f"/orders/for/{visit.patient.public_id}/" in chart.content.decode()
    assert f"/orders/visit/{visit.public_id}/" in as_(maria).get(f"/rooming/{visit.public_id}/").content.decode()
    pended = as_(maria).post(f"/orders/for/{visit.patient.public_id}/", {**ASKED, **key()})
    assert pended.status_code == 303


def test_a_new_york_assistant_reads_on_the_order_why_somebody_else_carries_it_out(maria: Staff) -> None:
    order = a_signed_order()
    assert "New York" in as_(maria).get(f"/orders/{order.public_id}/").content.decode()
