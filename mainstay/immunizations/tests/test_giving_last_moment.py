"""Between the statement and the needle something changes: the dose is asked about once more, and not given."""

from __future__ import annotations

from datetime import date, timedelta

import pgtrigger
import pytest

from mainstay.foundation.errors import NeedsConfirmation, NotPermitted, StopFound
from mainstay.foundation.findings import Confirmations
from mainstay.foundation.testing import A_MOMENT
from mainstay.immunizations import actions
from mainstay.immunizations.actions.watching import start_watch
from mainstay.immunizations.models import StatementGiven, VaccineConcern, VaccineDose, VaccinePreparation
from mainstay.immunizations.queries.page import giving_page_of
from mainstay.immunizations.rules.placing import Placement
from mainstay.immunizations.rules.watching import Watch
from mainstay.immunizations.tests.giving import (
    HALF,
    SYSTEM,
    TDAP,
    TODAY,
    a_clinic,
    a_signed_order,
    chosen,
    here_today,
    identified,
    nothing_given,
    on_the_shelf,
    ready_to_give,
    screened,
)
from mainstay.inventory.models import Draw
from mainstay.orders.actions import (
    StandingText,
    cancel_order,
    sign_standing_order,
    withdraw_standing_order,
    write_standing_order,
)
from mainstay.orders.rules_standing import Criterion, Effect
from mainstay.workforce.models import CompetencySignOff

pytestmark = pytest.mark.django_db


def in_the_hand(clinic, *, with_order: bool = False) -> VaccinePreparation:
    """Tdap with everything done but the act itself, on an order or on the standing order."""
    stock = on_the_shelf(clinic, "Boostrix")
    visit = here_today(clinic)
    if with_order:
        a_signed_order(clinic, visit.patient, TDAP)
    vaccination = identified(clinic, visit)
    preparation = chosen(clinic, vaccination, TDAP)
    assert preparation.basis == ("signed" if with_order else "standing")
    screened(clinic, vaccination)
    preparation.refresh_from_db()
    return ready_to_give(clinic, preparation, stock)


def test_an_order_cancelled_meanwhile_gives_nothing(clinic):
    ready = in_the_hand(clinic, with_order=True)
    cancel_order(actor=clinic.acting(clinic.doctor), order=ready.order, reason="Had it at work")
    with pytest.raises(NotPermitted, match="not open any more"):
        actions.give_dose(actor=clinic.acting(), preparation=ready)
    assert nothing_given()


def test_a_standing_order_withdrawn_meanwhile_gives_nothing(clinic):
    ready = in_the_hand(clinic)
    withdraw_standing_order(
        actor=clinic.acting(clinic.doctor), standing_order=clinic.standing, reason="The recommendation changed"
    )
    with pytest.raises(NotPermitted, match="withdrawn or replaced"):
        actions.give_dose(actor=clinic.acting(), preparation=ready)
    assert nothing_given()


def test_a_standing_order_for_others_opens_no_way():
    clinic = a_clinic(with_standing_order="")
    text = StandingText(
        title="Children's vaccines", acts=("vaccine",), roles=("clinical_ma",), emergency="Call 911.",
        starts_on=date(2026, 8, 1), expires_on=date(2027, 7, 31), vaccine_groups=(TDAP,),
        criteria=(Criterion(Effect.INCLUDE, "children under 19", least_age="0d", younger_than="19y"),),
    )  # fmt: skip
    order = write_standing_order(actor=SYSTEM, text=text)
    sign_standing_order(actor=clinic.acting(clinic.doctor), standing_order=order)
    vaccination = identified(clinic, here_today(clinic))
    with pytest.raises(NotPermitted, match="children under 19"):
        chosen(clinic, vaccination, TDAP)


def test_what_a_standing_order_keeps_out_is_not_given_on_it_though_a_clinician_cleared_the_doubt(clinic):
    stock = on_the_shelf(clinic, "Boostrix")
    vaccination = identified(clinic, here_today(clinic))
    preparation = chosen(clinic, vaccination, TDAP)
    screened(clinic, vaccination, reaction_before="yes")
    for doubt in VaccineConcern.objects.filter(preparation=preparation, state="open"):
        actions.clear_concern(actor=clinic.acting(clinic.nurse), concern=doubt, words="A sore arm, no more")
    preparation.refresh_from_db()
    ready = ready_to_give(clinic, preparation, stock)
    with pytest.raises(NotPermitted, match="Not under the standing order"):
        actions.give_dose(actor=clinic.acting(), preparation=ready)
    assert nothing_given()


def test_a_dose_had_elsewhere_that_comes_to_light_meanwhile_stops_the_second(clinic):
    ready = in_the_hand(clinic)
    patient = ready.vaccination.patient
    VaccineDose.objects.create(patient=patient, cvx="115", mvx="SKB", given_on=TODAY - timedelta(days=14))
    with pytest.raises(StopFound, match="standing order does not cover"):
        actions.give_dose(actor=clinic.acting(), preparation=ready)
    assert VaccineDose.objects.count() == 1 and not Draw.objects.exists()


@pytest.mark.parametrize("with_order", [True, False])
def test_who_is_not_signed_off_any_more_does_not_give(clinic, with_order):
    ready = in_the_hand(clinic, with_order=with_order)
    CompetencySignOff.objects.create(
        staff=clinic.maria, act="vaccine", rung="observed", assessed_by=clinic.nurse,
        assessed_on=TODAY, checklist_version="1",
    )  # fmt: skip
    with pytest.raises(NotPermitted, match="sign-off"):
        actions.give_dose(actor=clinic.acting(), preparation=ready)
    assert nothing_given()


def test_what_was_placed_into_the_same_limb_meanwhile_is_asked_about(clinic):
    visit = here_today(clinic, date(1970, 2, 3))
    shelf = [on_the_shelf(clinic, "Boostrix"), on_the_shelf(clinic, "Shingrix")]
    vaccination = identified(clinic, visit)
    first, second = chosen(clinic, vaccination, TDAP), chosen(clinic, vaccination, "Zoster")
    screened(clinic, vaccination)
    first.refresh_from_db()
    second.refresh_from_db()
    ready = ready_to_give(clinic, first, shelf[0])
    assert ready.site == "LD"
    taken = actions.take_vial(actor=clinic.acting(), preparation=second, lot=shelf[1].lot, how="picked")
    actions.place_dose(
        actor=clinic.acting(), preparation=taken, placement=Placement(HALF, "im", "LD", 8),
        confirmed=Confirmations({"same_limb": "The right arm is in plaster"}),
    )  # fmt: skip
    with pytest.raises(NeedsConfirmation, match="1 inch"):
        actions.give_dose(actor=clinic.acting(), preparation=ready)
    assert nothing_given()


def test_a_second_dose_never_shortens_the_watch_nor_lets_somebody_sit_up(clinic, monkeypatch):
    vaccination = identified(clinic, here_today(clinic))
    watches = iter([Watch(30, "a reaction after an earlier vaccine", True), Watch(15, "as after every vaccine", False)])
    monkeypatch.setattr("mainstay.immunizations.actions.watching.how_to_watch", lambda *_: next(watches))
    start_watch(clinic.acting(), vaccination)
    watch = start_watch(clinic.acting(now=A_MOMENT + timedelta(minutes=5)), vaccination)
    assert (watch.until, watch.is_lying) == (A_MOMENT + timedelta(minutes=30), True)


def test_a_statement_of_an_edition_that_is_over_stops_the_dose(clinic):
    ready = in_the_hand(clinic)
    handed = StatementGiven.objects.get(preparation=ready)
    with pgtrigger.ignore("immunizations.StatementGiven:append_only"):
        StatementGiven.objects.filter(pk=handed.pk).update(edition=handed.edition - timedelta(days=365))
    with pytest.raises(StopFound, match="not the current edition"):
        actions.give_dose(actor=clinic.acting(), preparation=ready)
    assert nothing_given()


def test_the_page_says_before_the_vial_that_the_standing_order_keeps_the_patient_out(clinic):
    on_the_shelf(clinic, "Boostrix")
    vaccination = identified(clinic, here_today(clinic))
    chosen(clinic, vaccination, TDAP)
    screened(clinic, vaccination, reaction_before="yes")
    [card] = giving_page_of(clinic.acting(), vaccination.visit).cards
    assert not card.way and "Not under the standing order" in card.way.reason
