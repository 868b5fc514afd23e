"""The page of giving, as somebody opens it, and what it costs."""

from __future__ import annotations

import io
import re
import uuid
from datetime import date, timedelta

import pytest
from pypdf import PdfReader

from mainstay.foundation.testing import A_MOMENT
from mainstay.immunizations.models import GivenDose, VaccineDose, VaccinePreparation, VaccineReaction, VaccineWatch
from mainstay.immunizations.queries.giving import questions_asked, vaccination_of
from mainstay.immunizations.tests.giving import a_clinic, given, here_today, on_the_shelf
from mainstay.inventory.models import Stock
from mainstay.visits.tests.factories import a_person

pytestmark = pytest.mark.django_db
TDAP = "DTaP/Tdap/Td"


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)


@pytest.fixture
def clinic(clock):
    return a_clinic()


@pytest.fixture
def desk(client, clinic):
    client.force_login(clinic.maria)
    return client


def key() -> dict[str, str]:
    return {"idempotency_key": str(uuid.uuid4())}


def test_a_vaccine_goes_from_the_first_step_to_the_last_on_one_page(desk, clinic):
    stock = on_the_shelf(clinic, "Boostrix", number="TD77")
    visit = here_today(clinic)
    page = f"/visits/{visit.public_id}/vaccines/"
    assert "Who is in front of you?" in desk.get(page).content.decode()
    wrong = desk.post(f"{page}identify/", {"identifiers": ["name"], **key()})
    assert wrong.status_code == 422 and "two identifiers" in wrong.content.decode()
    assert desk.post(f"{page}identify/", {"identifiers": ["name", "birth_date"], **key()}).status_code == 303
    shown = desk.get(page).content.decode()
    assert f"Prepare {TDAP}" in shown and "Standing order “Routine vaccines”" in shown
    assert desk.post(f"{page}choose/", {"group": TDAP, **key()}).status_code == 303
    asked = questions_asked(clinic.acting(), vaccination_of(visit)).words
    half = desk.post(f"{page}questions/", {"told_by": "patient", "allergy": "no", **key()})
    assert half.status_code == 422 and "Not answered" in half.content.decode()
    answers = dict.fromkeys(asked, "no")
    assert desk.post(f"{page}questions/", {"told_by": "patient", **answers, **key()}).status_code == 303
    assert desk.post(f"{page}pays/", {"eligibility": "V01", **key()}).status_code == 303
    one = VaccinePreparation.objects.get()
    card = f"{page}{one.public_id}/"
    unknown = desk.post(f"{card}vial/", {"scan": "NOLOT", **key()})
    assert unknown.status_code == 422
    assert desk.post(f"{card}vial/", {"scan": "TD77", **key()}).status_code == 303
    placing = {"volume": "0.5", "route": "im", "site": "LD", "needle": "8"}
    nowhere = desk.post(f"{card}place/", {**placing, "site": "", **key()})
    assert nowhere.status_code == 422 and "Error:" in nowhere.content.decode()
    assert desk.post(f"{card}place/", {**placing, **key()}).status_code == 303
    assert "Tdap" in desk.get(page).content.decode()
    informed = desk.post(f"{card}statements/", {"language": "en", "how": "paper", **key()})
    assert informed.status_code == 303
    assert desk.post(f"{card}given/", key()).status_code == 303
    dose = VaccineDose.objects.get()
    assert dose.lot_number == "TD77" and Stock.objects.get(pk=stock.pk).on_hand == 9
    after = desk.get(page).content.decode()
    assert "Watching" in after and "Given today" in after
    record = desk.get(f"/doses/{dose.public_id}/").content.decode()
    assert "TD77" in record and "12 Main St" in record and "Maria Test" in record


def test_a_reason_is_asked_for_what_is_unusual_and_kept(desk, clinic):
    on_the_shelf(clinic, "Boostrix", number="TD77")
    visit = here_today(clinic, date(2012, 4, 4))
    page, one = begun(desk, clinic, visit)
    assert desk.post(f"{page}{one.public_id}/vial/", {"scan": "TD77", **key()}).status_code == 303
    placing = {"volume": "0.5", "route": "im", "site": "LD", "needle": "12"}
    asked = desk.post(f"{page}{one.public_id}/place/", {**placing, **key()})
    assert asked.status_code == 422 and "reason:unusual_needle" in asked.content.decode()
    told = {"reason:unusual_needle": "Large arm", **placing, **key()}
    assert desk.post(f"{page}{one.public_id}/place/", told).status_code == 303
    assert one.confirmations.get().reason == "Large arm"


def begun(desk, clinic, visit, group: str = TDAP):
    """The page and the one vaccine on it, ready for its vial."""
    page = f"/visits/{visit.public_id}/vaccines/"
    desk.post(f"{page}identify/", {"identifiers": ["name", "birth_date"], **key()})
    desk.post(f"{page}choose/", {"group": group, **key()})
    asked = questions_asked(clinic.acting(), vaccination_of(visit)).words
    desk.post(f"{page}questions/", {"told_by": "parent", **dict.fromkeys(asked, "no"), **key()})
    desk.post(f"{page}pays/", {"eligibility": "V01", **key()})
    return page, VaccinePreparation.objects.get()


def test_the_page_asks_the_same_few_statements_however_many_vaccines_are_on_it(desk, clinic, django_assert_num_queries):
    visit = here_today(clinic, date(2025, 9, 1))
    stocks = [on_the_shelf(clinic, name) for name in ("M-M-R II", "Varivax", "Havrix pediatric")]
    page, _ = begun(desk, clinic, visit, "MMR")
    with django_assert_num_queries(55):
        assert desk.get(page).status_code == 200
    for group in ("Varicella", "HepA"):
        desk.post(f"{page}choose/", {"group": group, **key()})
    with django_assert_num_queries(55):
        assert desk.get(page).status_code == 200
    for one, stock in zip(VaccinePreparation.objects.order_by("pk"), stocks, strict=True):
        taken = desk.post(f"{page}{one.public_id}/vial/", {"lot": str(stock.lot.public_id), **key()})
        assert taken.status_code == 303
    with django_assert_num_queries(57):
        assert desk.get(page).status_code == 200


def test_the_same_form_sent_twice_has_one_effect(desk, clinic):
    visit = here_today(clinic)
    page, once = f"/visits/{visit.public_id}/vaccines/", key()
    desk.post(f"{page}identify/", {"identifiers": ["name", "birth_date"], **key()})
    first = desk.post(f"{page}choose/", {"group": TDAP, **once})
    again = desk.post(f"{page}choose/", {"group": TDAP, **once})
    assert first.status_code == again.status_code == 303 and again["Idempotency-Replayed"] == "true"
    assert VaccinePreparation.objects.count() == 1


def test_in_new_york_the_page_says_why_not_and_who_could(client, clock):
    clinic = a_clinic("NY")
    client.force_login(clinic.maria)
    visit = here_today(clinic)
    page = f"/visits/{visit.public_id}/vaccines/"
    shown = client.get(page).content.decode()
    assert "You may not give vaccines here today" in shown and "Nora" in shown
    client.post(f"{page}identify/", {"identifiers": ["name", "birth_date"], **key()})
    assert client.post(f"{page}choose/", {"group": TDAP, **key()}).status_code == 403
    assert not VaccinePreparation.objects.exists()


def test_from_the_chart_one_comes_to_todays_visit_or_is_told_to_check_in(desk, clinic):
    visit = here_today(clinic)
    came = desk.get(f"/patients/{visit.patient.public_id}/vaccines/give/")
    assert came.status_code == 303 and str(visit.public_id) in came["Location"]
    away = here_today(clinic, mrn="700009")
    type(away).objects.filter(pk=away.pk).update(stage="closed")
    assert "Not here today" in desk.get(f"/patients/{away.patient.public_id}/vaccines/give/").content.decode()


def test_the_receipt_is_a_tagged_pdf_in_the_patients_language(desk, clinic):
    visit = here_today(clinic, language="es", given_name="Ana #1")
    given(clinic, visit, TDAP, on_the_shelf(clinic, "Boostrix"))
    for language, words in (("", "Vacunas puestas hoy"), ("?language=en", "Vaccines given today")):
        answer = desk.get(f"/visits/{visit.public_id}/vaccines/receipt.pdf{language}")
        reader = PdfReader(io.BytesIO(answer.content))
        text = "".join(page.extract_text() for page in reader.pages)
        assert answer["Content-Type"] == "application/pdf"
        assert words in text and "Ana #1" in text and "BOOPRIVATE1" in text and "01/31/2025" in text
        assert "/StructTreeRoot" in reader.trailer["/Root"]


def test_no_receipt_before_a_dose(desk, clinic):
    assert desk.get(f"/visits/{here_today(clinic).public_id}/vaccines/receipt.pdf").status_code == 404


def test_a_reaction_opens_the_card_and_ends_in_a_draft_for_vaers(desk, clinic):
    visit = here_today(clinic)
    given(clinic, visit, TDAP, on_the_shelf(clinic, "Boostrix"))
    page = f"/visits/{visit.public_id}/vaccines/"
    seen = desk.post(f"{page}watch/reaction/", {"seen": ["faint"], **key()})
    assert seen.status_code == 303 and seen["Location"].endswith("/watch/card/")
    card = desk.get(seen["Location"]).content.decode()
    assert "0.5 mg" in card and "Call 911." in card
    one = VaccineReaction.objects.get()
    treated = desk.post(f"{page}watch/{one.public_id}/treatment/", {"done": "Lay flat", "recovered": "yes", **key()})
    assert treated.status_code == 303
    draft = desk.get(f"{page}watch/{one.public_id}/vaers.pdf")
    text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(draft.content)).pages)
    assert "Boostrix" in text and "Lay flat" in text and "faint" in text
    reported = desk.post(f"{page}watch/{one.public_id}/report/", {"number": "E-1", **key()})
    assert reported.status_code == 303 and VaccineReaction.objects.get().report_number == "E-1"
    early = desk.post(f"{page}watch/end/", {"outcome": "well", **key()})
    assert early.status_code == 422 and "15 minutes are left" in early.content.decode()
    ended = desk.post(f"{page}watch/end/", {"outcome": "handed_over", "words": "Dr Patel stays with her", **key()})
    assert ended.status_code == 303 and VaccineWatch.objects.get().state == "handed_over"


def test_a_clinician_decides_on_the_page_and_an_assistant_cannot(desk, clinic, client):
    visit = here_today(clinic)
    page, one = begun(desk, clinic, visit)
    desk.post(f"{page}{one.public_id}/ask/", {"words": "She looks gray", **key()})
    concern = one.concerns.get()
    url = f"{page}doubts/{concern.public_id}/"
    assert desk.post(url, {"what": "clear", "words": "fine", **key()}).status_code == 403
    client.force_login(clinic.nurse)
    assert client.get(page).status_code == 200
    assert client.post(url, {"what": "clear", "words": "Seen, well", **key()}).status_code == 303
    one.refresh_from_db()
    assert one.state == "chosen"


def test_a_dose_is_put_right_and_withdrawn_from_its_own_page(desk, clinic):
    stock = on_the_shelf(clinic, "Boostrix")
    dose = given(clinic, here_today(clinic), TDAP, stock)
    url = f"/doses/{dose.public_id}/"
    assert desk.post(f"{url}amend/", {"site": "RD", "reason": "", **key()}).status_code == 422
    assert desk.post(f"{url}amend/", {"site": "RD", "reason": "It was the right arm", **key()}).status_code == 303
    assert GivenDose.objects.get().site == "RD" and "right arm" in desk.get(url).content.decode()
    wasted = {"reason": "Never given", "stock": "wasted", "wasted_because": "dropped", **key()}
    assert desk.post(f"{url}withdraw/", wasted).status_code == 422
    seen = {**wasted, "witness": str(clinic.nurse.public_id), **key()}
    assert desk.post(f"{url}withdraw/", seen).status_code == 303
    assert VaccineDose.objects.get().status == "entered-in-error" and Stock.objects.get(pk=stock.pk).on_hand == 9


def test_refused_and_wasted_and_put_back_from_the_card(desk, clinic):
    stock = on_the_shelf(clinic, "Boostrix", number="TD77")
    visit = here_today(clinic)
    page, one = begun(desk, clinic, visit)
    card = f"{page}{one.public_id}/"
    lot = str(stock.lot.public_id)
    assert desk.post(f"{card}vial/", {"lot": lot, **key()}).status_code == 303
    assert desk.post(f"{card}aside/", {"what": "vial", "reason": "wrong tray", **key()}).status_code == 303
    desk.post(f"{card}vial/", {"lot": lot, **key()})
    lost = {"wasted_because": "dropped", "witness": str(clinic.nurse.public_id), **key()}
    assert desk.post(f"{card}wasted/", lost).status_code == 303
    assert Stock.objects.get(pk=stock.pk).on_hand == 9
    refused = {"refused_because": "03", "by_name": "Jo Doe", "by_relation": "self", "signature": "Jo Doe", **key()}
    assert desk.post(f"{card}refused/", refused).status_code == 303
    assert "Refused by Jo Doe" in desk.get(page).content.decode()


def test_who_may_not_give_does_not_open_the_page(client, clinic):
    client.force_login(a_person("lee", "administrative_ma", home_site=clinic.site))
    assert client.get(f"/visits/{here_today(clinic).public_id}/vaccines/").status_code == 403


def test_tomorrow_is_another_visit(desk, clinic, monkeypatch):
    visit = here_today(clinic)
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT + timedelta(days=1))
    desk.force_login(clinic.maria)
    late = desk.post(f"/visits/{visit.public_id}/vaccines/identify/", {"identifiers": ["name", "birth_date"], **key()})
    assert late.status_code == 422 and not VaccinePreparation.objects.exists()


def test_a_vfc_vial_for_an_insured_child_is_stopped_on_the_page_in_words(desk, clinic):
    on_the_shelf(clinic, "M-M-R II", number="VFC1", funding="vfc")
    page, one = begun(desk, clinic, here_today(clinic, date(2025, 9, 1)), "MMR")
    answer = desk.post(f"{page}{one.public_id}/vial/", {"scan": "VFC1", **key()})
    assert answer.status_code == 422
    assert "This is VFC stock, and the patient is not VFC-eligible" in answer.content.decode()


def test_lots_of_another_fund_say_so_and_cannot_be_picked_and_a_parent_speaks_for_a_child(desk, clinic):
    on_the_shelf(clinic, "M-M-R II", number="PRIV1")
    on_the_shelf(clinic, "M-M-R II", number="VFC1", funding="vfc")
    visit = here_today(clinic, date(2025, 9, 1))
    page = f"/visits/{visit.public_id}/vaccines/"
    desk.post(f"{page}identify/", {"identifiers": ["name", "birth_date"], **key()})
    desk.post(f"{page}choose/", {"group": "MMR", **key()})
    shown = desk.get(page).content.decode()
    assert '<option value="parent" selected>' in shown
    asked = questions_asked(clinic.acting(), vaccination_of(visit)).words
    desk.post(f"{page}questions/", {"told_by": "parent", **dict.fromkeys(asked, "no"), **key()})
    assert "317 program" not in desk.get(page).content.decode()
    desk.post(f"{page}pays/", {"eligibility": "V01", **key()})
    shown = desk.get(page).content.decode()
    assert "This is VFC stock, and the patient is not VFC-eligible today" in shown
    assert re.search(r"disabled>Take lot VFC1<", shown) and re.search(r"[^d]>Take lot PRIV1<", shown)
