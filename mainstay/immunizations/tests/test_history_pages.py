"""One patient's vaccines, as people open and write them."""

from __future__ import annotations

import io
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from mainstay.chart import actions as chart
from mainstay.chart.actions import AllergyFacts, MedicationFacts, ProblemFacts
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.immunizations.models import ImmunizationFact, VaccineDiscussion, VaccineDose
from mainstay.immunizations.queries import forecast_for, waits_for_discussion
from mainstay.immunizations.vaccine_names import vaccine_named, vaccine_names
from mainstay.people.models import Patient
from mainstay.terminology.models import Concept
from mainstay.visits.tests.factories import a_patient, a_person

pytestmark = pytest.mark.django_db

TODAY = A_MOMENT.date()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)


@pytest.fixture
def ma(client: Any, clock: None) -> Any:
    client.force_login(a_person("maria", "clinical_ma"))
    for code in ("03", "21", "110", "107", "115", "20"):
        Concept.objects.get_or_create(system="cvx", code=code, defaults={"display": code, "is_billable": True})
    return client


@pytest.fixture
def child() -> Patient:
    return a_patient(birth_date=date(2021, 10, 1), given_name="Ana", family_name="Ruiz", language="es")


def key() -> dict[str, str]:
    return {"idempotency_key": str(uuid.uuid4())}


def url(patient: Patient, rest: str = "") -> str:
    return f"/patients/{patient.public_id}/vaccines/{rest}"


def a_dose(patient: Patient, cvx: str, on: date, **more: Any) -> VaccineDose:
    return VaccineDose.objects.create(patient=patient, cvx=cvx, given_on=on, **more)


def rows(*typed: tuple[str, str], **more: str) -> dict[str, str]:
    found = {"evidence": "card", "evidence_note": "yellow card", **more, **key()}
    for number, (vaccine, on) in enumerate(typed, start=1):
        found |= {f"vaccine_{number}": vaccine, f"given_on_{number}": on}
    return found


def test_the_page_says_what_is_due_why_and_whose_advice_it_is(ma: Any, child: Patient) -> None:
    a_dose(child, "03", date(2022, 9, 20), source="here")
    shown = ma.get(url(child)).content.decode()
    assert "By the advice of CDC 4.64" in shown and "since Mon 10 Nov 2025" in shown
    assert "measles, mumps and rubella" in shown
    assert "The dose of 20 Sep 2022 (MMR) does not count: it was given too young, before 27 Sep 2022." in shown
    assert "Overdue since" in shown


def test_a_dose_says_for_each_disease_whether_it_counts(ma: Any, child: Patient) -> None:
    a_dose(child, "03", date(2022, 10, 3), source="here")
    a_dose(child, "21", date(2022, 10, 20))
    shown = ma.get(url(child)).content.decode()
    assert "measles, mumps, rubella: counts" in shown
    assert "chickenpox (varicella): does not count: it came too soon after another live vaccine" in shown
    assert "given elsewhere" in shown


def test_the_page_takes_as_many_statements_for_many_doses_as_for_few(
    ma: Any, child: Patient, django_assert_max_num_queries: Any
) -> None:
    for n in range(15):
        a_dose(child, "03", date(2022, 10, 3) + timedelta(days=40 * n), recorded_by=None)
    with django_assert_max_num_queries(34):
        ma.get(url(child))


def test_several_doses_are_written_down_at_once_by_product_code_and_name(ma: Any, child: Patient) -> None:
    typed = rows(("ProQuad", "3/5/2023"), ("110", "12/3/2021"), ("dtap", "2/3/22"))
    typed["vaccine_1"] = "MMR"
    answer = ma.post(url(child, "elsewhere/"), typed)
    assert answer.status_code == 303, answer.content.decode()[:2000]
    assert list(VaccineDose.objects.order_by("given_on").values_list("cvx", "given_on", "evidence", "source")) == [
        ("110", date(2021, 12, 3), "card", "typed"),
        ("107", date(2022, 2, 3), "card", "typed"),
        ("03", date(2023, 3, 5), "card", "typed"),
    ]


def test_a_dose_likely_on_record_already_is_asked_about_and_can_be_kept(ma: Any, child: Patient) -> None:
    a_dose(child, "03", date(2022, 10, 3))
    typed = rows(("MMR", "10/5/2022"))
    asked = ma.post(url(child, "elsewhere/"), typed)
    assert asked.status_code == 422
    assert "likely the dose on record already: MMR, 10/03/2022" in asked.content.decode()
    assert 'type="checkbox" name="different_doses"' in asked.content.decode()
    assert ma.post(url(child, "elsewhere/"), {**typed, "different_doses": "on", **key()}).status_code == 303
    assert VaccineDose.objects.count() == 2


def test_the_same_dose_twice_on_one_sheet_is_asked_about(ma: Any, child: Patient) -> None:
    asked = ma.post(url(child, "elsewhere/"), rows(("MMR", "10/3/2022"), ("03", "10/3/2022")))
    assert asked.status_code == 422
    assert not VaccineDose.objects.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ((("wonder shot", "10/3/2022"),), "is not clear"),
        ((("MMR", ""),), "When was it given"),
        ((("", "10/3/2022"),), "Which vaccine"),
        ((("MMR", "10/3/2019"),), "before birth or after today"),
        ((), "at least one dose"),
    ],
)
def test_what_cannot_be_a_dose_is_said_on_its_row(
    ma: Any, child: Patient, typed: tuple[tuple[str, str], ...], words: str
) -> None:
    refused = ma.post(url(child, "elsewhere/"), rows(*typed))
    assert refused.status_code == 422
    assert words in refused.content.decode()


def test_a_wrong_dose_is_amended_with_a_reason_and_the_former_version_kept(ma: Any, child: Patient) -> None:
    dose = a_dose(child, "03", date(2022, 10, 3), evidence="card")
    where = url(child, f"elsewhere/{dose.public_id}/")
    said = {"vaccine": "MMR", "given_on": "10/13/2022", "evidence": "registry", "reason": "Misread the card"}
    assert ma.get(where).status_code == 200
    assert ma.post(where, {**said, "reason": "", **key()}).status_code == 422
    assert ma.post(where, {**said, **key()}).status_code == 303
    dose.refresh_from_db()
    assert (dose.given_on, dose.change_reason) == (date(2022, 10, 13), "Misread the card")
    versions = dose.events.order_by("pgh_id").values_list("given_on", flat=True)  # type: ignore[attr-defined]  # added by pghistory
    assert list(versions)[0] == date(2022, 10, 3)


def test_a_dose_that_was_never_given_is_withdrawn_with_a_reason(ma: Any, child: Patient) -> None:
    dose = a_dose(child, "03", date(2022, 10, 3))
    where = url(child, f"elsewhere/{dose.public_id}/withdraw/")
    assert ma.post(where, {"reason": "", **key()}).status_code == 422
    assert ma.post(where, {"reason": "It was the sister's", **key()}).status_code == 303
    dose.refresh_from_db()
    assert dose.status == "entered-in-error"
    assert "1 dose withdrawn" in ma.get(url(child)).content.decode()
    assert "It was the sister" in ma.get(url(child)).content.decode()


def test_a_dose_given_here_is_not_amended_on_this_page(ma: Any, child: Patient) -> None:
    dose = a_dose(child, "03", date(2022, 10, 3), source="here")
    refused = ma.post(url(child, f"elsewhere/{dose.public_id}/withdraw/"), {"reason": "wrong", **key()})
    assert refused.status_code == 422
    assert "given here" in refused.content.decode()


def test_what_the_chart_says_is_shown_and_can_be_denied(ma: Any) -> None:
    patient = a_patient()
    chart.add_problem(actor=an_actor(), patient=patient, facts=ProblemFacts("Spleen removed", "Z90.81"))
    shown = ma.get(url(patient)).content.decode()
    assert "Anatomical or functional asplenia" in shown and "Spleen removed" in shown
    said = {"code": "160", "holds": "no", "source": "provider", "note": "splenic tissue regrown", **key()}
    assert ma.post(url(patient, "facts/"), said).status_code == 303
    assert not [g for g in forecast_for(patient, TODAY).groups if g.group.name == "Meningococcal" and g.earliest]
    fact = ImmunizationFact.objects.get()
    where = url(patient, f"facts/{fact.public_id}/withdraw/")
    assert ma.get(where).status_code == 200
    assert ma.post(where, {"reason": "told wrong", **key()}).status_code == 303
    assert [g for g in forecast_for(patient, TODAY).groups if g.group.name == "Meningococcal" and g.earliest]


def test_what_must_be_asked_first_stands_on_top(ma: Any) -> None:
    patient = a_patient()
    chart.add_medication(actor=an_actor(), patient=patient, facts=MedicationFacts("Prednisone"))
    chart.add_allergy(actor=an_actor(), patient=patient, facts=AllergyFacts("Neomycin"))
    shown = ma.get(url(patient)).content.decode()
    assert "How much Prednisone a day" in shown
    assert "How bad was the reaction to Neomycin" in shown


def test_a_shared_decision_waits_for_the_talk_of_a_clinician(client: Any, clock: None) -> None:
    patient = a_patient(birth_date=date(2009, 5, 5))
    menb = next(g for g in forecast_for(patient, TODAY).groups if g.group.name == "Meningococcal B")
    assert waits_for_discussion(patient, menb)
    client.force_login(a_person("maria", "clinical_ma"))
    talk = {"group": "Meningococcal B", "outcome": "wanted", "note": "going to college"}
    assert client.post(url(patient, "talk/"), {**talk, **key()}).status_code == 403
    client.force_login(a_person("doc", "provider"))
    assert "Talk with the provider first" in client.get(url(patient)).content.decode()
    assert client.post(url(patient, "talk/"), {**talk, **key()}).status_code == 303
    assert client.post(url(patient, "talk/"), {**talk, "outcome": "maybe", **key()}).status_code == 422
    assert VaccineDiscussion.objects.get().clinician.username == "doc"
    assert not waits_for_discussion(patient, menb)
    assert "Talked over: wants it" in client.get(url(patient)).content.decode()


@pytest.mark.parametrize(("language", "words"), [("en", "Immunization record"), ("es", "Registro de vacunas")])
def test_the_record_is_printed_in_two_languages(ma: Any, child: Patient, language: str, words: str) -> None:
    a_dose(child, "03", date(2022, 10, 3), lot_number="K1234")
    a_dose(child, "03", date(2022, 10, 9))
    answer = ma.get(url(child, f"record.pdf?language={language}"))
    assert answer["Content-Type"] == "application/pdf"
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.content)).pages)
    assert words in text and "10/03/2022" in text and "10/09/2022 *" in text and "K1234" in text


def test_every_name_of_the_table_means_one_vaccine_the_schedule_knows() -> None:
    assert len(vaccine_names()) > 200
    for named in vaccine_names():
        if named.mvx == "":
            found = vaccine_named(named.name)
            assert found is not None and found.cvx == named.cvx


@pytest.mark.parametrize(
    ("typed", "cvx"),
    [("CVX 3", "03"), ("cvx03", "03"), ("mmr", "03"), ("Flu shot", "88"), ("Shingrix", "187"), ("hep-b", "45")],
)
def test_people_name_vaccines_in_their_own_way(typed: str, cvx: str) -> None:
    found = vaccine_named(typed)
    assert found is not None and found.cvx == cvx
