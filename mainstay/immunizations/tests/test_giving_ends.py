"""How giving ends: partial, refused, wasted, several at once, watched, reacted to."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from mainstay.foundation.errors import (
    InvalidInput,
    NeedsConfirmation,
    NotPermitted,
)
from mainstay.foundation.models import OutboxEvent
from mainstay.foundation.testing import A_MOMENT
from mainstay.immunizations import actions
from mainstay.immunizations.models import (
    GivenDose,
    VaccineDose,
    VaccineRefusal,
    VaccineWatch,
)
from mainstay.immunizations.rules.placing import Placement
from mainstay.immunizations.tests.giving import (
    HALF,
    TDAP,
    TODDLER,
    a_signed_order,
    chosen,
    given,
    here_today,
    identified,
    left,
    nothing_given,
    on_the_shelf,
    placed,
    ready_to_give,
    screened,
)
from mainstay.inventory.models import Waste
from mainstay.orders.models import Order
from mainstay.rooming.models import AbnormalLoop
from mainstay.visits.models import Signal
from mainstay.work.models import WorkItem

pytestmark = pytest.mark.django_db


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


def test_nobody_is_sent_home_well_beside_a_reaction_that_is_still_open(clinic):
    given(clinic, here_today(clinic), TDAP, on_the_shelf(clinic, "Boostrix"))
    watch, later = VaccineWatch.objects.get(), clinic.acting(now=A_MOMENT + timedelta(minutes=40))
    reaction = actions.notice_reaction(actor=later, watch=watch, seen=["hives", "breathing"])
    with pytest.raises(InvalidInput, match="A reaction is open"):
        actions.end_watch(actor=later, watch=watch, outcome="well")
    actions.record_treatment(actor=later, reaction=reaction, done="Epinephrine 0.3 mg at 9:41", recovered="yes")
    assert actions.end_watch(actor=later, watch=watch, outcome="well").ended_at
