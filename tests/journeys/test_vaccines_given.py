"""Vaccines given, from the chair: each known error stopped with a sentence, and everything that follows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mainstay.chart.models import Medication, Problem
from mainstay.foundation import clock
from mainstay.foundation.testing import A_MOMENT
from mainstay.immunizations.models import (
    GivenDose,
    VaccineDose,
    VaccinePreparation,
    VaccineReaction,
    VaccineRefusal,
    VaccineWatch,
)
from mainstay.immunizations.tests.giving import a_clinic, a_signed_order, here_today, on_the_shelf
from mainstay.inventory.models import Stock, Waste
from mainstay.rooming.models import AbnormalLoop
from mainstay.work.models import WorkItem
from mainstay.workforce.models import TrainingFact
from tests.journeys.conftest import Somebody

TDAP = "DTaP/Tdap/Td"


@pytest.fixture
def clinic(now):
    return a_clinic()


def given_the_patient_is_identified(ma: Somebody, visit) -> None:
    ma.opens(f"/visits/{visit.public_id}/vaccines/").reads("Who is in front of you?")
    ma.ticks("Full name, said by the patient or parent").ticks("Date of birth").presses("This is the patient")


def and_prepares(ma: Somebody, *groups: str) -> None:
    for group in groups:
        ma.presses(f"Prepare {group}")


def and_everything_is_answered_no(ma: Somebody, **otherwise: str) -> None:
    questions = ma.page.locator("#questions fieldset.question")
    for number in range(questions.count()):
        questions.nth(number).get_by_label("No", exact=True).check()
    for code, answer in otherwise.items():
        ma.page.locator(f"#screening-{code}").get_by_label(answer, exact=True).check()
    ma.presses("Keep the answers")


def and_who_pays(ma: Somebody, code: str) -> None:
    ma.page.locator(f"#pays input[value={code}]").check()
    ma.presses("Keep who pays")


def card(ma: Somebody, group: str):
    one = VaccinePreparation.objects.filter(group=group).latest("pk")
    return f"#vaccine-{one.pk}"


def when_the_vial_is_scanned(ma: Somebody, group: str, lot: str) -> None:
    within = card(ma, group)
    ma.types("Scan the vial", lot, within=within).presses("Take this vial", within=within)


def when_the_scanner_reads(ma: Somebody, lot: str) -> None:
    """A scanner types wherever the focus is, and sends Enter."""
    ma.page.keyboard.type(lot)
    ma.page.keyboard.press("Enter")


def and_it_goes_into(ma: Somebody, group: str, place: str, *, needle: str = "") -> None:
    within = card(ma, group)
    ma.page.locator(within).get_by_label(place, exact=True).check()
    if needle:
        ma.page.locator(within).get_by_label("Needle").first.select_option(needle)
    ma.presses("This is where it goes", within=within)


def and_the_statement_is_handed_over_and_it_is_given(ma: Somebody, group: str) -> None:
    within = card(ma, group)
    ma.presses("Handed over", within=within)
    ma.presses("Given", within=within)


def test_newborn_to_kindergarten_catch_up(at_a_screen, clinic):
    shelf = {
        "MMR": on_the_shelf(clinic, "M-M-R II", number="MMR1", funding="vfc"),
        "Varicella": on_the_shelf(clinic, "Varivax", number="VAR1", funding="vfc"),
        TDAP: on_the_shelf(clinic, "Kinrix", number="KIN1", funding="vfc"),
    }
    born = date(2022, 3, 1)
    visit = here_today(clinic, born, given_name="Leo")
    for cvx, months in (("08", 0), ("110", 2), ("110", 4), ("110", 6), ("20", 15), ("03", 12), ("21", 12)):
        given_on = born + timedelta(days=round(months * 30.5) + 2)
        VaccineDose.objects.create(patient=visit.patient, cvx=cvx, given_on=given_on)
    ma = at_a_screen(clinic.maria)
    given_the_patient_is_identified(ma, visit)
    and_prepares(ma, *shelf)
    and_everything_is_answered_no(ma)
    and_who_pays(ma, "V02")
    thigh = "Left thigh, outer side (vastus lateralis)"
    places = {TDAP: "Left deltoid", "MMR": "Right upper arm, back", "Varicella": thigh}
    for group, place in places.items():
        when_the_vial_is_scanned(ma, group, shelf[group].lot.lot_number)
        and_it_goes_into(ma, group, place)
        and_the_statement_is_handed_over_and_it_is_given(ma, group)
    ma.reads("Given today").reads("Watching")
    assert {one.eligibility for one in GivenDose.objects.all()} == {"V02"}
    assert VaccineDose.objects.filter(source="here").count() == 3 and VaccineWatch.objects.count() == 1
    assert all(Stock.objects.get(pk=stock.pk).on_hand == 9 for stock in shelf.values())


def test_an_adult_with_splenectomy_gets_what_others_of_the_age_do_not(at_a_screen, clinic):
    on_the_shelf(clinic, "MenQuadfi", number="MEN1")
    visit = here_today(clinic, date(1980, 2, 3))
    Problem.objects.create(patient=visit.patient, code="Z90.81", text="Spleen removed 2024", verification="confirmed")
    ma = at_a_screen(clinic.maria)
    given_the_patient_is_identified(ma, visit)
    ma.reads("Prepare Meningococcal")
    and_prepares(ma, "Meningococcal")
    and_everything_is_answered_no(ma)
    and_who_pays(ma, "V01")
    when_the_vial_is_scanned(ma, "Meningococcal", "MEN1")
    and_it_goes_into(ma, "Meningococcal", "Left deltoid", needle="8")
    and_the_statement_is_handed_over_and_it_is_given(ma, "Meningococcal")
    assert VaccineDose.objects.get().cvx == "203"


def test_a_mother_refuses_and_signs(at_a_screen, clinic):
    visit = here_today(clinic, date(2025, 9, 1))
    ma = at_a_screen(clinic.maria)
    given_the_patient_is_identified(ma, visit)
    and_prepares(ma, "MMR")
    within = card(ma, "MMR")
    ma.page.locator(f"{within} > details > summary").click()
    ma.page.locator(within).get_by_label("In their words").fill("Wants to wait a year")
    ma.types("Who refused", "Ann Doe", within=within)
    ma.types("Relation to the patient", "mother", within=within)
    ma.types("Signed (their name, typed by them)", "Ann Doe", within=within).presses(
        "Refused and signed", within=within
    )
    ma.reads("Refused by Ann Doe (mother).")
    assert VaccineRefusal.objects.get().reason == "00" and not VaccineDose.objects.exists()


def test_an_expired_lot_is_stopped_and_the_next_one_is_taken(at_a_screen, clinic):
    on_the_shelf(clinic, "Boostrix", number="OLD1", expires_on=date(2026, 10, 31), now=A_MOMENT - timedelta(days=90))
    on_the_shelf(clinic, "Boostrix", number="NEW1")
    visit = here_today(clinic)
    ma = at_a_screen(clinic.maria)
    given_the_patient_is_identified(ma, visit)
    and_prepares(ma, TDAP)
    and_everything_is_answered_no(ma)
    and_who_pays(ma, "V01")
    ma.reads("Scan the vial", within=card(ma, TDAP))
    assert ma.page.get_by_role("button", name="Take lot OLD1").is_disabled()
    when_the_scanner_reads(ma, "OLD1")
    ma.reads("OLD1 expired on 10/31/2026. Do not use it.", within=".error-summary")
    assert ma.page.title().startswith("Error:") and not Waste.objects.exists()
    when_the_scanner_reads(ma, "NEW1")
    ma.reads("This is where it goes", within=card(ma, TDAP)).reads("NEW1", within=card(ma, TDAP))
    assert VaccinePreparation.objects.get().state == "taken"


def test_a_vfc_dose_is_not_for_an_insured_child(at_a_screen, clinic):
    stock = on_the_shelf(clinic, "M-M-R II", number="VFC1", funding="vfc")
    visit = here_today(clinic, date(2025, 9, 1))
    ma = at_a_screen(clinic.maria)
    given_the_patient_is_identified(ma, visit)
    and_prepares(ma, "MMR")
    and_everything_is_answered_no(ma)
    and_who_pays(ma, "V01")
    when_the_vial_is_scanned(ma, "MMR", "VFC1")
    ma.reads("This is VFC stock, and the patient is not VFC-eligible")
    assert Stock.objects.get(pk=stock.pk).on_hand == 10 and not VaccineDose.objects.exists()


def test_a_new_york_assistant_is_refused_with_who_could(at_a_screen, now):
    clinic = a_clinic("NY")
    visit = here_today(clinic)
    ma = at_a_screen(clinic.maria)
    ma.opens(f"/visits/{visit.public_id}/vaccines/").reads("You may not give vaccines here today")
    ma.reads("Could: Nora, Patel")


def test_a_connecticut_assistant_without_the_hours_is_refused(at_a_screen, now):
    clinic = a_clinic("CT")
    TrainingFact.objects.create(
        staff=clinic.maria, topic="vaccine_class_hours", amount=20, completed_on=date(2026, 5, 1)
    )
    visit = here_today(clinic)
    ma = at_a_screen(clinic.maria)
    ma.opens(f"/visits/{visit.public_id}/vaccines/").reads("You may not give vaccines here today")
    given_the_patient_is_identified(ma, visit)
    assert ma.page.get_by_role("button", name=f"Prepare {TDAP}").is_disabled()
    assert not VaccinePreparation.objects.exists()


def test_a_live_vaccine_and_prednisone(at_a_screen, clinic):
    visit = here_today(clinic, date(2025, 9, 1))
    Medication.objects.create(
        patient=visit.patient, name="Prednisolone", dose="20 mg", frequency="daily", started_on=date(2026, 10, 20)
    )
    a_signed_order(clinic, visit.patient, "MMR")
    ma = at_a_screen(clinic.maria)
    given_the_patient_is_identified(ma, visit)
    and_prepares(ma, "MMR")
    and_everything_is_answered_no(ma)
    ma.reads("live vaccines wait 28 days after the last dose", within=card(ma, "MMR"))
    assert VaccinePreparation.objects.get().state == "held"


def test_a_faint_at_minute_12(at_a_screen, clinic, monkeypatch):
    on_the_shelf(clinic, "Boostrix", number="TD1")
    visit = here_today(clinic)
    ma = at_a_screen(clinic.maria)
    given_the_patient_is_identified(ma, visit)
    and_prepares(ma, TDAP)
    and_everything_is_answered_no(ma, fainted="Yes")
    and_who_pays(ma, "V01")
    when_the_vial_is_scanned(ma, TDAP, "TD1")
    and_it_goes_into(ma, TDAP, "Left deltoid", needle="8")
    and_the_statement_is_handed_over_and_it_is_given(ma, TDAP)
    ma.reads("lying down")
    so_far = clock.now
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: so_far() + timedelta(minutes=12))
    ma.page.get_by_text("Something is wrong").click()
    ma.ticks("Faint or nearly").presses("Fetch the provider now")
    ma.reads("0.5 mg").reads("Call 911.")
    assert VaccineReaction.objects.get().minute == 12 and AbnormalLoop.objects.get().is_now
    doctor = at_a_screen(clinic.doctor)
    doctor.opens("/board/").reads("after a vaccine")
    ma.follows("Back to the vaccines")
    ma.types("What was done, by whom, when", "Laid flat, legs up, BP 104/62 at 9:14")
    ma.page.get_by_label("Recovered?").select_option("yes")
    ma.presses("Keep what was done")
    ma.reads("VAERS draft")
    assert WorkItem.objects.get(kind="vaers_report").state == "open"


def test_a_shared_decision_waits_for_the_talk_and_is_given_after_it(at_a_screen, clinic):
    on_the_shelf(clinic, "Bexsero", number="MB1")
    visit = here_today(clinic, date(2009, 5, 5))
    ma = at_a_screen(clinic.maria)
    given_the_patient_is_identified(ma, visit)
    ma.reads("Talk with the provider first").reads("can have the talk")
    assert ma.page.get_by_role("button", name="Prepare Meningococcal B").is_disabled()
    doctor = at_a_screen(clinic.doctor)
    doctor.opens(f"/visits/{visit.public_id}/vaccines/").follows("Talk Meningococcal B over and note what came of it")
    line = doctor.page.locator("li", has=doctor.page.get_by_text("Meningococcal B", exact=True)).last
    line.get_by_text("Talked over").first.click()
    line.get_by_label("What came of it").select_option("wanted")
    line.get_by_role("button", name="Document").click()
    doctor.reads("Talked over: wants it")
    ma.opens(f"/visits/{visit.public_id}/vaccines/").reads("Shared decision")
    and_prepares(ma, "Meningococcal B")
    and_everything_is_answered_no(ma)
    and_who_pays(ma, "V01")
    when_the_vial_is_scanned(ma, "Meningococcal B", "MB1")
    and_it_goes_into(ma, "Meningococcal B", "Left deltoid", needle="8")
    and_the_statement_is_handed_over_and_it_is_given(ma, "Meningococcal B")
    ma.reads("Given today")
    assert VaccineDose.objects.get().cvx == "163"
