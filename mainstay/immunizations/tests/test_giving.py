"""Giving vaccines: the order of the steps, every wrong way refused with nothing changed, and what follows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction

from mainstay.chart.models import Medication, Problem
from mainstay.foundation.errors import (
    IllegalMove,
    InvalidInput,
    NotPermitted,
    StopFound,
)
from mainstay.foundation.models import OutboxEvent
from mainstay.foundation.testing import A_MOMENT
from mainstay.immunizations import actions
from mainstay.immunizations.actions import AnswerSaid
from mainstay.immunizations.errors import AlreadyOnItsWay, DoubtIsOpen, NotHereToday, NotIdentifiedYet, StepSkipped
from mainstay.immunizations.models import (
    GivenDose,
    VaccineDose,
    VaccinePreparation,
    VaccineWatch,
)
from mainstay.immunizations.queries.giving import due_groups
from mainstay.immunizations.rules.placing import Placement
from mainstay.immunizations.tests.giving import (
    HALF,
    TDAP,
    TODAY,
    TODDLER,
    a_clinic,
    a_clinic_elsewhere,
    a_signed_order,
    chosen,
    given,
    here_today,
    identified,
    in_the_building,
    left,
    nothing_given,
    on_the_shelf,
    ready_to_give,
    screened,
)
from mainstay.inventory.models import Draw
from mainstay.orders.models import Order
from mainstay.visits.models import Signal
from mainstay.visits.tests.factories import a_person
from mainstay.work.models import WorkItem
from mainstay.workforce.models import TrainingFact

pytestmark = pytest.mark.django_db


def test_one_act_writes_the_chart_the_stock_the_watch_and_tells_the_others(clinic):
    stock = on_the_shelf(clinic, "Boostrix")
    visit = here_today(clinic)
    dose = given(clinic, visit, TDAP, stock)
    record = GivenDose.objects.get(dose=dose)
    assert (dose.cvx, dose.mvx, dose.lot_number, dose.source, dose.status) == (
        "115",
        "SKB",
        "BOOPRIVATE1",
        "here",
        "completed",
    )
    assert (record.giver_name, record.giver_title) == ("Maria Test", "CMA (AAMA)")
    assert record.clinic_address == "12 Main St, Springfield, TX 12345"
    assert (record.funding, record.eligibility, record.route, record.site) == ("private", "V01", "im", "LD")
    assert record.expires_on == date(2027, 8, 31) and "Routine vaccines" in record.ordered_by
    handed = record.preparation.statements.get()
    assert (handed.code, handed.edition, handed.given_on, handed.language) == ("tdap", date(2025, 1, 31), TODAY, "en")
    assert left(stock) == 9 and Draw.objects.get().used_for == dose.public_id
    watch = VaccineWatch.objects.get()
    assert watch.until == A_MOMENT + timedelta(minutes=15)
    assert Signal.objects.get(kind="observation_timer").text == "Watch until 9:15 am"
    assert OutboxEvent.objects.filter(kind="DoseGiven", payload={"dose_id": dose.pk}).exists()
    assert TDAP not in {one.group for one in due_groups(visit.patient, on=TODAY) if one.is_due}


def test_a_signed_order_is_done_by_the_dose_and_open_again_when_the_dose_is_withdrawn(clinic):
    visit = here_today(clinic)
    order = a_signed_order(clinic, visit.patient, "HepB")
    stock = on_the_shelf(clinic, "Engerix-B pediatric")
    Order.objects.get(pk=order.pk)
    young = here_today(clinic, date(2010, 5, 5), "700002")
    order = a_signed_order(clinic, young.patient, "HepB")
    dose = given(clinic, young, "HepB", stock)
    assert Order.objects.get(pk=order.pk).state == "done" and Order.objects.get(pk=order.pk).used_ref == dose.public_id
    record = GivenDose.objects.get(dose=dose)
    actions.withdraw_dose(actor=clinic.acting(), given=record, reason="Wrong chart")
    assert Order.objects.get(pk=order.pk).state == "signed"
    assert VaccineDose.objects.get(pk=dose.pk).status == "entered-in-error"
    assert left(stock) == 10
    with pytest.raises(IllegalMove):
        actions.withdraw_dose(actor=clinic.acting(), given=record, reason="Again")


def test_nothing_begins_before_two_identifiers_and_a_visit_of_today(clinic):
    visit = here_today(clinic)
    with pytest.raises(NotIdentifiedYet):
        actions.identify_for_vaccines(actor=clinic.acting(), visit=visit, identifiers=["name", "name"])
    tomorrow = clinic.acting(now=A_MOMENT + timedelta(days=1))
    with pytest.raises(NotHereToday):
        actions.identify_for_vaccines(actor=tomorrow, visit=visit, identifiers=["name", "birth_date"])
    first = identified(clinic, visit)
    assert identified(clinic, visit) == first


def test_only_who_may_give_begins(clinic):
    visit = here_today(clinic)
    desk = in_the_building(a_person("lee", "administrative_ma", home_site=clinic.site))
    with pytest.raises(NotPermitted):
        actions.identify_for_vaccines(actor=clinic.acting(desk), visit=visit, identifiers=["name", "birth_date"])


def test_the_steps_cannot_be_skipped(clinic):
    stock = on_the_shelf(clinic, "Boostrix")
    maria = clinic.acting()
    vaccination = identified(clinic, here_today(clinic))
    preparation = chosen(clinic, vaccination, TDAP)
    placement = Placement(HALF, "im", "LD", 8)
    with pytest.raises(StepSkipped):
        actions.record_eligibility(actor=maria, vaccination=vaccination, eligibility="V01")
    with pytest.raises(StepSkipped):
        actions.take_vial(actor=maria, preparation=preparation, lot=stock.lot, how="picked")
    screened(clinic, vaccination, eligibility="")
    with pytest.raises(StepSkipped):
        actions.take_vial(actor=maria, preparation=preparation, lot=stock.lot, how="picked")
    actions.record_eligibility(actor=maria, vaccination=vaccination, eligibility="V01")
    for early in (
        lambda: actions.place_dose(actor=maria, preparation=preparation, placement=placement),
        lambda: actions.hand_over_statements(actor=maria, preparation=preparation, language="en", how="paper"),
        lambda: actions.give_dose(actor=maria, preparation=preparation),
    ):
        with pytest.raises(IllegalMove):
            early()
    actions.take_vial(actor=maria, preparation=preparation, lot=stock.lot, how="picked")
    with pytest.raises(IllegalMove):
        actions.give_dose(actor=maria, preparation=preparation)
    assert nothing_given() and left(stock) == 10


def test_silence_is_not_a_no(clinic):
    vaccination = identified(clinic, here_today(clinic))
    with pytest.raises(StopFound) as refused:
        actions.record_screening(
            actor=clinic.acting(), vaccination=vaccination, answers={"allergy": AnswerSaid("no")}, told_by="patient"
        )
    assert "unanswered_sick_today" in {one.code for one in refused.value.findings}
    vaccination.refresh_from_db()
    assert vaccination.state == "identified" and not vaccination.answers.exists()


def test_in_new_york_an_assistant_is_refused_and_told_who_could(clinic):
    new_york = a_clinic_elsewhere("NY")
    vaccination = identified(new_york, here_today(new_york, mrn="800001"))
    with pytest.raises(NotPermitted) as refused:
        chosen(new_york, vaccination, TDAP)
    assert refused.value.decision.who_could and not VaccinePreparation.objects.exists()


def test_in_connecticut_the_24_and_8_hours_must_be_on_file(clinic):
    connecticut = a_clinic_elsewhere("CT")
    from mainstay.authority.tests.factories import holds

    holds(connecticut.maria, "CMA_AAMA", verifier=connecticut.nurse)
    connecticut.maria.licence = ""
    vaccination = identified(connecticut, here_today(connecticut, mrn="800001"))
    with pytest.raises(NotPermitted) as refused:
        chosen(connecticut, vaccination, TDAP)
    assert "Connecticut asks for" in str(refused.value)
    for topic, hours in (("vaccine_class_hours", 23), ("vaccine_clinic_hours", 8)):
        TrainingFact.objects.create(staff=connecticut.maria, topic=topic, amount=hours, completed_on=TODAY)
    with pytest.raises(NotPermitted):
        chosen(connecticut, vaccination, TDAP)


def test_without_an_order_or_a_standing_order_an_assistant_gives_nothing():
    clinic = a_clinic(with_standing_order="")
    vaccination = identified(clinic, here_today(clinic))
    with pytest.raises(NotPermitted) as refused:
        chosen(clinic, vaccination, TDAP)
    assert "a provider, by signing an order" in refused.value.decision.who_could
    assert chosen(clinic, vaccination, TDAP, by=clinic.doctor).basis == "own"


def test_a_standing_order_does_not_cover_what_is_not_due(clinic):
    visit = here_today(clinic, TODDLER)
    VaccineDose.objects.create(patient=visit.patient, cvx="03", given_on=TODAY - timedelta(days=14))
    vaccination = identified(clinic, visit)
    with pytest.raises(InvalidInput, match="not due"):
        chosen(clinic, vaccination, "MMR")


def test_the_same_vaccine_is_prepared_once(clinic):
    vaccination = identified(clinic, here_today(clinic))
    chosen(clinic, vaccination, TDAP)
    with pytest.raises(AlreadyOnItsWay):
        chosen(clinic, vaccination, TDAP)


def test_a_yes_stops_the_assistant_and_goes_to_a_clinician_who_decides_in_words(clinic):
    stock = on_the_shelf(clinic, "Boostrix")
    vaccination = identified(clinic, here_today(clinic))
    preparation = chosen(clinic, vaccination, TDAP)
    vaccination = screened(clinic, vaccination, sick_today=AnswerSaid("yes", "a cough since Monday"))
    preparation.refresh_from_db()
    concern = preparation.concerns.get()
    assert preparation.state == "held" and "a cough since Monday" in concern.message
    assert WorkItem.objects.get(kind="vaccine_doubt").state == "open"
    assert Signal.objects.get(kind="needs_help", cleared_at=None).text == f"Clinician decides: {TDAP}"
    with pytest.raises(DoubtIsOpen):
        actions.take_vial(actor=clinic.acting(), preparation=preparation, lot=stock.lot, how="picked")
    with pytest.raises(NotPermitted):
        actions.clear_concern(actor=clinic.acting(), concern=concern, words="it is only a cold")
    with pytest.raises(InvalidInput):
        actions.clear_concern(actor=clinic.acting(clinic.nurse), concern=concern, words=" ")
    actions.clear_concern(actor=clinic.acting(clinic.nurse), concern=concern, words="No fever, lungs clear: go ahead.")
    preparation.refresh_from_db()
    assert preparation.state == "chosen" and WorkItem.objects.get(kind="vaccine_doubt").state == "done"
    assert not Signal.objects.filter(kind="needs_help", cleared_at=None).exists()
    ready = ready_to_give(clinic, preparation, stock)
    actions.give_dose(actor=clinic.acting(), preparation=ready)


def test_a_clinician_who_says_not_today_puts_it_aside(clinic):
    vaccination = identified(clinic, here_today(clinic))
    preparation = chosen(clinic, vaccination, TDAP)
    screened(clinic, vaccination, sick_today="yes")
    actions.uphold_concern(
        actor=clinic.acting(clinic.doctor), concern=preparation.concerns.get(), words="Pneumonia: in two weeks."
    )
    preparation.refresh_from_db()
    assert (preparation.state, preparation.put_aside_because) == ("put_aside", "Pneumonia: in two weeks.")


def test_prednisone_rules_a_live_vaccine_out_and_nobody_lets_it_through(clinic):
    visit = here_today(clinic, TODDLER)
    Medication.objects.create(
        patient=visit.patient, name="Prednisolone", dose="20 mg", frequency="daily", started_on=date(2026, 10, 20)
    )
    vaccination = identified(clinic, visit)
    a_signed_order(clinic, visit.patient, "MMR")
    preparation = chosen(clinic, vaccination, "MMR")
    screened(clinic, vaccination)
    preparation.refresh_from_db()
    concern = preparation.concerns.get(code="chart.steroid_high.stop")
    assert preparation.state == "held" and concern.kind == "contraindication"
    with pytest.raises(NotPermitted):
        actions.clear_concern(actor=clinic.acting(clinic.doctor), concern=concern, words="I want it")
    assert not WorkItem.objects.filter(kind="vaccine_doubt").exists()


def test_what_turns_up_in_the_chart_meanwhile_stops_the_dose_at_the_last_moment(clinic):
    stock = on_the_shelf(clinic, "Boostrix")
    vaccination = identified(clinic, here_today(clinic))
    preparation = chosen(clinic, vaccination, TDAP)
    screened(clinic, vaccination)
    preparation.refresh_from_db()
    ready = ready_to_give(clinic, preparation, stock)
    Problem.objects.create(patient=vaccination.patient, code="G61.0", text="Guillain-Barré syndrome 2019")
    with pytest.raises(DoubtIsOpen), transaction.atomic():
        actions.give_dose(actor=clinic.acting(), preparation=ready)
    assert nothing_given() and left(stock) == 10
