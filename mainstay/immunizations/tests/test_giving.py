"""Giving vaccines: the order of the steps, every wrong way refused with nothing changed, and what follows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from mainstay.chart.models import Allergy, Medication, Problem
from mainstay.foundation.errors import (
    IllegalMove,
    InvalidInput,
    NeedsConfirmation,
    NotPermitted,
    StopFound,
)
from mainstay.foundation.findings import Confirmations
from mainstay.foundation.models import OutboxEvent
from mainstay.foundation.testing import A_MOMENT
from mainstay.immunizations import actions
from mainstay.immunizations.actions import AnswerSaid
from mainstay.immunizations.errors import AlreadyOnItsWay, DoubtIsOpen, NotHereToday, NotIdentifiedYet, StepSkipped
from mainstay.immunizations.models import (
    GivenDose,
    VaccineDose,
    VaccinePreparation,
    VaccineRefusal,
    VaccineWatch,
)
from mainstay.immunizations.queries.giving import due_groups
from mainstay.immunizations.rules.placing import Placement
from mainstay.immunizations.tests.giving import (
    HALF,
    TODAY,
    a_clinic,
    a_placement,
    a_signed_order,
    chosen,
    given,
    here_today,
    identified,
    in_the_building,
    on_the_shelf,
    placed,
    ready_to_give,
    screened,
)
from mainstay.inventory.models import Draw, Recall, Stock, Waste
from mainstay.orders.models import Order
from mainstay.rooming.models import AbnormalLoop
from mainstay.visits.models import Signal
from mainstay.visits.tests.factories import a_person
from mainstay.work.models import WorkItem
from mainstay.workforce.models import TrainingFact

pytestmark = pytest.mark.django_db

TODDLER = date(2025, 9, 1)
RECALLED = {"issued_by": "Maker", "what_to_do": "Send it back.", "recalled_at": A_MOMENT}
TDAP = "DTaP/Tdap/Td"


@pytest.fixture
def clinic():
    return a_clinic()


def nothing_given() -> bool:
    return not (VaccineDose.objects.exists() or Draw.objects.exists() or VaccineWatch.objects.exists())


def left(stock: Stock) -> int:
    return Stock.objects.get(pk=stock.pk).on_hand


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


def a_clinic_elsewhere(state: str):
    """A second clinic, with other people."""
    from mainstay.workforce.models import Staff

    for staff in Staff.objects.all():
        staff.username = f"{staff.username}.old"
        staff.save()
    return a_clinic(state)


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


def test_an_allergy_to_a_part_of_this_very_vial_holds_it_when_it_is_scanned(clinic):
    stock = on_the_shelf(clinic, "Bexsero")
    visit = here_today(clinic, date(2010, 3, 3))
    Allergy.objects.create(patient=visit.patient, substance="Latex", reaction="hives")
    a_signed_order(clinic, visit.patient, "Meningococcal B")
    vaccination = identified(clinic, visit)
    preparation = chosen(clinic, vaccination, "Meningococcal B")
    screened(clinic, vaccination)
    preparation.refresh_from_db()
    assert preparation.state == "chosen"
    held = actions.take_vial(
        actor=clinic.acting(), preparation=preparation, lot=stock.lot, how="picked",
        confirmed=Confirmations({"not_recommended": "wanted"}),
    )  # fmt: skip
    assert held.state == "held" and "latex" in held.concerns.get().message


@pytest.mark.parametrize(
    ("name", "more", "code"),
    [
        ("Boostrix", {"expires_on": TODAY + timedelta(days=1)}, ""),
        ("M-M-R II", {}, "wrong_vaccine"),
        ("Infanrix", {}, "product_too_old"),
        ("Boostrix", {"funding": "vfc"}, "vfc_to_adult"),
        ("Boostrix", {"funding": "317"}, "wrong_funding"),
    ],
)
def test_a_vial_that_must_not_be_given_is_refused_when_it_is_taken(clinic, name, more, code):
    stock = on_the_shelf(clinic, name, **more)
    vaccination = identified(clinic, here_today(clinic))
    preparation = chosen(clinic, vaccination, TDAP)
    screened(clinic, vaccination)
    preparation.refresh_from_db()
    if not code:
        assert placed(clinic, preparation, stock).state == "placed"
        return
    with pytest.raises(StopFound) as refused:
        actions.take_vial(actor=clinic.acting(), preparation=preparation, lot=stock.lot, how="picked")
    assert code in {one.code for one in refused.value.findings}
    preparation.refresh_from_db()
    assert preparation.state == "chosen" and preparation.lot is None and nothing_given()


def test_an_expired_lot_is_stopped_whoever_scans_it(clinic):
    in_august = A_MOMENT - timedelta(days=90)
    old = on_the_shelf(clinic, "Boostrix", number="OLD1", expires_on=date(2026, 10, 31), now=in_august)
    vaccination = identified(clinic, here_today(clinic))
    preparation = chosen(clinic, vaccination, TDAP)
    screened(clinic, vaccination)
    preparation.refresh_from_db()
    with pytest.raises(StopFound, match="expired on 10/31/2026"):
        actions.scan_vial(actor=clinic.acting(), preparation=preparation, scan="OLD1")
    with pytest.raises(InvalidInput):
        actions.scan_vial(actor=clinic.acting(), preparation=preparation, scan="NOSUCHLOT")
    assert left(old) == 10 and nothing_given()


def test_a_recalled_lot_is_stopped(clinic):
    stock = on_the_shelf(clinic, "Boostrix", number="BAD1")
    vaccination = identified(clinic, here_today(clinic))
    preparation = chosen(clinic, vaccination, TDAP)
    screened(clinic, vaccination)
    preparation.refresh_from_db()
    ready = ready_to_give(clinic, preparation, stock)
    Recall.objects.create(item=stock.lot.item, lot_number="BAD1", reason="Potency.", **RECALLED)
    with pytest.raises(StopFound, match="recalled"):
        actions.give_dose(actor=clinic.acting(), preparation=ready)
    assert left(stock) == 10 and nothing_given()


def test_a_lot_that_expires_between_the_scan_and_the_needle_is_stopped(clinic):
    stock = on_the_shelf(clinic, "Boostrix", expires_on=TODAY)
    vaccination = identified(clinic, here_today(clinic))
    preparation = chosen(clinic, vaccination, TDAP)
    screened(clinic, vaccination)
    preparation.refresh_from_db()
    ready = ready_to_give(clinic, preparation, stock)
    late = clinic.acting(now=A_MOMENT + timedelta(hours=16))
    with pytest.raises(StopFound):
        actions.give_dose(actor=late, preparation=ready)
    assert nothing_given()


def test_a_vfc_dose_is_not_given_to_an_insured_child_and_the_scan_finds_the_private_one(clinic):
    vfc = on_the_shelf(clinic, "M-M-R II", number="SAME1", funding="vfc")
    visit = here_today(clinic, TODDLER)
    vaccination = identified(clinic, visit)
    preparation = chosen(clinic, vaccination, "MMR")
    screened(clinic, vaccination, eligibility="V01")
    preparation.refresh_from_db()
    with pytest.raises(StopFound, match="not VFC-eligible"):
        actions.scan_vial(actor=clinic.acting(), preparation=preparation, scan="SAME1")
    private = on_the_shelf(clinic, "M-M-R II", number="SAME1", funding="private")
    taken = actions.scan_vial(actor=clinic.acting(), preparation=preparation, scan="SAME1")
    assert taken.lot == private.lot and taken.taken_how == "typed"
    assert left(vfc) == left(private) == 10


def test_dose_route_site_and_needle_are_judged_and_unusual_ones_need_a_reason_that_is_kept(clinic):
    stock = on_the_shelf(clinic, "Boostrix")
    vaccination = identified(clinic, here_today(clinic))
    preparation = chosen(clinic, vaccination, TDAP)
    screened(clinic, vaccination)
    preparation.refresh_from_db()
    taken = actions.take_vial(actor=clinic.acting(), preparation=preparation, lot=stock.lot, how="picked")
    for wrong in (Placement(Decimal("5"), "im", "LD", 8), Placement(HALF, "sc", "LA", 5), Placement(HALF, "im", "", 8)):
        with pytest.raises(StopFound):
            actions.place_dose(actor=clinic.acting(), preparation=taken, placement=wrong)
    long = Placement(HALF, "im", "LD", 10)
    with pytest.raises(NeedsConfirmation):
        actions.place_dose(actor=clinic.acting(), preparation=taken, placement=long)
    reason = Confirmations({"unusual_needle": "No others in the drawer"})
    done = actions.place_dose(actor=clinic.acting(), preparation=taken, placement=long, confirmed=reason)
    assert done.confirmations.get().reason == "No others in the drawer"


def california_asks_for():
    counted = ("injection_hours", "im_injections", "sc_injections", "id_injections", "skin_tests")
    return [(topic, 10) for topic in counted]


def test_in_california_a_licensed_person_checks_before_the_dose(clinic):
    california = a_clinic_elsewhere("CA")
    for topic, amount in california_asks_for():
        TrainingFact.objects.create(staff=california.maria, topic=topic, amount=amount, completed_on=TODAY)
    stock = on_the_shelf(california, "Boostrix")
    vaccination = identified(california, here_today(california, mrn="800001"))
    preparation = chosen(california, vaccination, TDAP)
    screened(california, vaccination)
    preparation.refresh_from_db()
    assert preparation.needs_check
    done = placed(california, preparation, stock)
    with pytest.raises(StepSkipped):
        actions.hand_over_statements(actor=california.acting(), preparation=done, language="en", how="paper")
    with pytest.raises(NotPermitted):
        actions.check_dose(actor=california.acting(), preparation=done)
    checked = actions.check_dose(actor=california.acting(california.nurse), preparation=done)
    informed = actions.hand_over_statements(actor=california.acting(), preparation=checked, language="en", how="paper")
    actions.give_dose(actor=california.acting(), preparation=informed)
    assert VaccinePreparation.objects.get().checked_by == california.nurse


def test_the_database_itself_refuses_a_dose_nobody_checked(clinic):
    stock = on_the_shelf(clinic, "Boostrix")
    vaccination = identified(clinic, here_today(clinic))
    preparation = chosen(clinic, vaccination, TDAP)
    screened(clinic, vaccination)
    preparation.refresh_from_db()
    done = placed(clinic, preparation, stock)
    with pytest.raises(IntegrityError), transaction.atomic():
        VaccinePreparation.objects.filter(pk=done.pk).update(needs_check=True, state="informed")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO immunizations_preparationstep (name, source, target, at, reason, is_undo, preparation_id)"
            " VALUES ('give', 'chosen', 'given', now(), '', false, %s)",
            [done.pk],
        )


def test_a_partial_dose_says_why_does_not_count_and_leaves_the_order_open(clinic):
    stock = on_the_shelf(clinic, "RotaTeq")
    visit = here_today(clinic, date(2026, 9, 18))
    order = a_signed_order(clinic, visit.patient, "Rotavirus")
    vaccination = identified(clinic, visit)
    preparation = chosen(clinic, vaccination, "Rotavirus")
    screened(clinic, vaccination)
    preparation.refresh_from_db()
    ready = ready_to_give(clinic, preparation, stock)
    with pytest.raises(InvalidInput):
        actions.give_dose(actor=clinic.acting(), preparation=ready, volume_given=Decimal(1))
    with pytest.raises(InvalidInput):
        actions.give_dose(actor=clinic.acting(), preparation=ready, volume_given=Decimal(3), partial_because="x")
    dose = actions.give_dose(
        actor=clinic.acting(), preparation=ready, volume_given=Decimal(1), partial_because="Spat half of it out"
    )
    assert dose.status == "partial" and Order.objects.get(pk=order.pk).state == "signed"
    assert left(stock) == 9


def test_a_refusal_is_kept_with_who_why_and_a_signature(clinic):
    visit = here_today(clinic, TODDLER)
    order = a_signed_order(clinic, visit.patient, "MMR")
    vaccination = identified(clinic, visit)
    preparation = chosen(clinic, vaccination, "MMR")
    refuse = {"actor": clinic.acting(), "preparation": preparation, "by_name": "Ann Doe", "by_relation": "mother"}
    for wrong in ({"reason": "99"}, {"reason": "02"}, {"reason": "00", "signature": ""}):
        with pytest.raises(InvalidInput):
            actions.refuse_vaccine(**{"signature": "Ann Doe", **refuse, **wrong})
    actions.refuse_vaccine(**refuse, reason="00", signature="Ann Doe", words="Wants to wait")
    refusal = VaccineRefusal.objects.get()
    assert (refusal.cvx, refusal.reason, refusal.by_relation) == ("03", "00", "mother")
    assert Order.objects.get(pk=order.pk).state not in ("signed", "in_progress")
    assert nothing_given() and OutboxEvent.objects.filter(kind="VaccineRefused").exists()


def test_a_vial_drawn_up_and_refused_is_wasted_with_a_witness(clinic):
    stock = on_the_shelf(clinic, "Boostrix")
    vaccination = identified(clinic, here_today(clinic))
    preparation = chosen(clinic, vaccination, TDAP)
    screened(clinic, vaccination)
    preparation.refresh_from_db()
    ready = ready_to_give(clinic, preparation, stock)
    refuse = {
        "actor": clinic.acting(), "preparation": ready, "reason": "03", "by_name": "Jo Doe", "by_relation": "self",
        "signature": "Jo Doe", "wasted_because": "refused_after_draw",
    }  # fmt: skip
    with pytest.raises(InvalidInput):
        actions.refuse_vaccine(**refuse)
    actions.refuse_vaccine(**refuse, witness=clinic.nurse)
    assert left(stock) == 9 and Waste.objects.get().cause == "refused_after_draw"
    assert not VaccineDose.objects.exists()


def test_a_dropped_syringe_is_wasted_and_another_vial_is_taken(clinic):
    stock = on_the_shelf(clinic, "Boostrix")
    vaccination = identified(clinic, here_today(clinic))
    preparation = chosen(clinic, vaccination, TDAP)
    screened(clinic, vaccination)
    preparation.refresh_from_db()
    ready = ready_to_give(clinic, preparation, stock)
    actions.waste_vial(actor=clinic.acting(), preparation=ready, reason="dropped", witness=clinic.nurse)
    ready.refresh_from_db()
    assert ready.state == "chosen" and ready.lot is None and left(stock) == 9
    actions.give_dose(actor=clinic.acting(), preparation=ready_to_give(clinic, ready, stock))
    assert left(stock) == 8


def test_several_vaccines_of_one_visit_go_into_different_limbs_under_one_watch(clinic):
    visit = here_today(clinic, TODDLER)
    shelf = {
        g: on_the_shelf(clinic, n)
        for g, n in (("MMR", "M-M-R II"), ("Varicella", "Varivax"), ("HepA", "Havrix pediatric"))
    }
    vaccination = identified(clinic, visit)
    preparations = {group: chosen(clinic, vaccination, group) for group in shelf}
    screened(clinic, vaccination)
    for group, preparation in preparations.items():
        preparation.refresh_from_db()
        actions.give_dose(actor=clinic.acting(), preparation=ready_to_give(clinic, preparation, shelf[group]))
    placed_at = list(GivenDose.objects.order_by("pk").values_list("site", flat=True))
    assert len(set(placed_at)) == 3
    assert VaccineWatch.objects.count() == 1 and VaccineDose.objects.count() == 3


def test_a_second_vaccine_in_one_limb_needs_the_inch_between_them(clinic):
    visit = here_today(clinic, date(1970, 2, 3))
    shelf = [on_the_shelf(clinic, "Boostrix"), on_the_shelf(clinic, "Shingrix")]
    vaccination = identified(clinic, visit)
    first, second = chosen(clinic, vaccination, TDAP), chosen(clinic, vaccination, "Zoster")
    screened(clinic, vaccination)
    first.refresh_from_db()
    second.refresh_from_db()
    placed(clinic, first, shelf[0])
    taken = actions.take_vial(actor=clinic.acting(), preparation=second, lot=shelf[1].lot, how="picked")
    with pytest.raises(NeedsConfirmation, match="1 inch"):
        actions.place_dose(actor=clinic.acting(), preparation=taken, placement=Placement(HALF, "im", "LD", 8))


def test_the_watch_ends_well_only_when_its_time_is_over(clinic):
    stock = on_the_shelf(clinic, "Boostrix")
    given(clinic, here_today(clinic), TDAP, stock)
    watch = VaccineWatch.objects.get()
    early = clinic.acting(now=A_MOMENT + timedelta(minutes=12))
    with pytest.raises(InvalidInput, match="3 minutes are left"):
        actions.end_watch(actor=early, watch=watch, outcome="well")
    with pytest.raises(InvalidInput):
        actions.end_watch(actor=early, watch=watch, outcome="left_early")
    actions.end_watch(actor=clinic.acting(now=A_MOMENT + timedelta(minutes=15)), watch=watch, outcome="well")
    assert not Signal.objects.filter(kind="observation_timer", cleared_at=None).exists()


def test_who_leaves_early_is_called(clinic):
    given(clinic, here_today(clinic), TDAP, on_the_shelf(clinic, "Boostrix"))
    early = clinic.acting(now=A_MOMENT + timedelta(minutes=5))
    actions.end_watch(actor=early, watch=VaccineWatch.objects.get(), outcome="left_early", words="Had to catch a bus")
    assert WorkItem.objects.get(kind="left_early").detail == "Had to catch a bus"


def test_a_faint_at_minute_12_fetches_the_provider_and_becomes_a_vaers_report(clinic):
    given(clinic, here_today(clinic), TDAP, on_the_shelf(clinic, "Boostrix"))
    minute_12 = clinic.acting(now=A_MOMENT + timedelta(minutes=12))
    reaction = actions.notice_reaction(actor=minute_12, watch=VaccineWatch.objects.get(), seen=["faint"])
    assert (reaction.minute, reaction.is_urgent, reaction.looks_like_anaphylaxis) == (12, True, False)
    loop = AbnormalLoop.objects.get()
    assert loop.is_now and "12 minutes after a vaccine" in loop.message
    assert Signal.objects.get(kind="stop_and_fetch", cleared_at=None).severity == "stop"
    with pytest.raises(InvalidInput):
        actions.record_treatment(actor=minute_12, reaction=reaction, done="", recovered="yes")
    with pytest.raises(NotPermitted):
        actions.record_treatment(actor=minute_12, reaction=reaction, done="x", recovered="yes", event="syncope")
    actions.record_treatment(
        actor=minute_12, reaction=reaction, done="Laid flat, legs up, BP 104/62 at 9:14", recovered="yes"
    )
    assert WorkItem.objects.get(kind="vaers_report").state == "open"
    actions.record_vaers_report(actor=minute_12, reaction=reaction, number="2026-123")
    assert WorkItem.objects.get(kind="vaers_report").state == "done"


def test_who_pays_cannot_change_while_vials_are_in_the_hand(clinic):
    stock = on_the_shelf(clinic, "Boostrix")
    vaccination = identified(clinic, here_today(clinic))
    preparation = chosen(clinic, vaccination, TDAP)
    vaccination = screened(clinic, vaccination)
    preparation.refresh_from_db()
    taken = placed(clinic, preparation, stock)
    with pytest.raises(StepSkipped):
        actions.record_eligibility(actor=clinic.acting(), vaccination=vaccination, eligibility="V24")
    actions.put_vial_back(actor=clinic.acting(), preparation=taken, reason="who pays changed")
    actions.record_eligibility(actor=clinic.acting(), vaccination=vaccination, eligibility="V24")
    vaccination.refresh_from_db()
    assert (vaccination.state, vaccination.eligibility) == ("ready", "V24")


def test_a_placement_fits_whoever_is_in_the_chair(clinic):
    vaccination = identified(clinic, here_today(clinic))
    preparation = chosen(clinic, vaccination, TDAP)
    screened(clinic, vaccination)
    preparation.refresh_from_db()
    stock = on_the_shelf(clinic, "Boostrix")
    taken = actions.take_vial(actor=clinic.acting(), preparation=preparation, lot=stock.lot, how="picked")
    assert a_placement(taken).site == "LD"
