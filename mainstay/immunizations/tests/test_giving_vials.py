"""The vial and where it goes: every wrong one refused when it is taken, placed or checked."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from mainstay.chart.models import Allergy
from mainstay.foundation.errors import (
    InvalidInput,
    NeedsConfirmation,
    NotPermitted,
    StopFound,
)
from mainstay.foundation.findings import Confirmations
from mainstay.foundation.testing import A_MOMENT
from mainstay.immunizations import actions
from mainstay.immunizations.errors import StepSkipped
from mainstay.immunizations.models import (
    VaccinePreparation,
)
from mainstay.immunizations.rules.placing import Placement
from mainstay.immunizations.tests.giving import (
    HALF,
    SYSTEM,
    TDAP,
    TODAY,
    TODDLER,
    a_clinic_elsewhere,
    a_placement,
    a_signed_order,
    chosen,
    here_today,
    identified,
    in_the_building,
    left,
    nothing_given,
    on_the_shelf,
    placed,
    ready_to_give,
    screened,
)
from mainstay.inventory.actions import know_package
from mainstay.inventory.models import Recall
from mainstay.visits.tests.factories import a_person
from mainstay.workforce.models import TrainingFact

pytestmark = pytest.mark.django_db

RECALLED = {"issued_by": "Maker", "what_to_do": "Send it back.", "recalled_at": A_MOMENT}


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
    assert not chosen(california, vaccination, "HepB", by=california.nurse).needs_check


def test_nobody_checks_what_they_placed_nor_without_a_license_whatever_the_role_says(clinic):
    stock = on_the_shelf(clinic, "Boostrix")
    vaccination = identified(clinic, here_today(clinic))
    preparation = chosen(clinic, vaccination, TDAP)
    screened(clinic, vaccination)
    preparation.refresh_from_db()
    nurse = clinic.acting(clinic.nurse)
    taken = actions.take_vial(actor=nurse, preparation=preparation, lot=stock.lot, how="picked")
    done = actions.place_dose(actor=nurse, preparation=taken, placement=a_placement(taken))
    with pytest.raises(NotPermitted, match="not the one who prepared"):
        actions.check_dose(actor=nurse, preparation=done)
    unlicensed = in_the_building(a_person("ned", "nurse", home_site=clinic.site))
    with pytest.raises(NotPermitted, match="licensed person"):
        actions.check_dose(actor=clinic.acting(unlicensed), preparation=done)
    done.refresh_from_db()
    assert (done.state, done.checked_by) == ("placed", None)
    assert actions.check_dose(actor=clinic.acting(clinic.doctor), preparation=done).checked_by == clinic.doctor


def test_a_vial_whose_label_says_another_expiry_than_the_record_is_not_taken(clinic):
    stock = on_the_shelf(clinic, "Boostrix", number="U1234AA", expires_on=date(2027, 12, 31))
    know_package(actor=SYSTEM, item=stock.lot.item, gtin="00349281421501")
    vaccination = identified(clinic, here_today(clinic))
    preparation = chosen(clinic, vaccination, TDAP)
    screened(clinic, vaccination)
    preparation.refresh_from_db()
    with pytest.raises(StopFound, match="The label says"):
        actions.scan_vial(
            actor=clinic.acting(), preparation=preparation, scan="(01)00349281421501(17)271130(10)U1234AA"
        )
    assert VaccinePreparation.objects.get().state == "chosen"
    right = "(01)00349281421501(17)271231(10)U1234AA"
    taken = actions.scan_vial(actor=clinic.acting(), preparation=preparation, scan=right)
    assert (taken.lot, taken.taken_how) == (stock.lot, "scanned")


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
