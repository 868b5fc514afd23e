"""A wrong entry put right: judged as at giving, with both stocks following, and never a wait of two for each other."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.foundation.errors import InvalidInput, NeedsConfirmation, StopFound
from mainstay.foundation.findings import Confirmations, Finding, Severity
from mainstay.foundation.models import OutboxEvent
from mainstay.foundation.testing import A_MOMENT
from mainstay.immunizations import actions
from mainstay.immunizations.actions import DoseChanges
from mainstay.immunizations.models import GivenDose, VaccineDose
from mainstay.immunizations.queries import statements_on_record
from mainstay.immunizations.rules.rechecking import put_on_record
from mainstay.immunizations.tests.giving import (
    TODAY,
    chosen,
    given,
    here_today,
    identified,
    on_the_shelf,
    ready_to_give,
    screened,
)
from mainstay.inventory.models import Draw, Stock, Waste

pytestmark = pytest.mark.django_db
TDAP = "DTaP/Tdap/Td"
TODDLER = date(2025, 9, 1)


def left(stock: Stock) -> int:
    return Stock.objects.get(pk=stock.pk).on_hand


def put_right(clinic, record, *, by=None, told=None, **changes):
    return actions.amend_dose(
        actor=clinic.acting(by),
        given=record,
        changes=DoseChanges(**changes),
        reason="Read the wrong box",
        confirmed=Confirmations(told or {}),
    )


def test_a_wrong_lot_is_put_right_and_both_stocks_follow(clinic):
    right = on_the_shelf(clinic, "Boostrix", number="RIGHT1")
    wrong = on_the_shelf(clinic, "Boostrix", number="WRONG1")
    dose = given(clinic, here_today(clinic), TDAP, wrong)
    record = GivenDose.objects.get(dose=dose)
    with pytest.raises(InvalidInput):
        actions.amend_dose(actor=clinic.acting(), given=record, changes=DoseChanges(site="RD"), reason=" ")
    with pytest.raises(InvalidInput):
        put_right(clinic, record, site="LD")
    put_right(clinic, record, lot=right.lot, site="RD")
    record.refresh_from_db()
    assert (record.lot_number, record.site, record.dose.lot_number) == ("RIGHT1", "RD", "RIGHT1")
    assert (record.preparation.lot, record.preparation.site) == (right.lot, "RD")
    assert (left(right), left(wrong)) == (9, 10)
    assert {(one.what, one.before) for one in record.amendments.all()} >= {("site", "LD")}
    assert OutboxEvent.objects.filter(kind="DoseAmended").exists()
    assert Draw.objects.filter(used_for=dose.public_id, returned_at=None).get().lot == right.lot


def test_a_volume_put_right_says_partial_and_why_and_full_again_says_neither(clinic):
    record = GivenDose.objects.get(dose=given(clinic, here_today(clinic), TDAP, on_the_shelf(clinic, "Boostrix")))
    full = record.full_volume
    for volume, status, because in ((full / 2, "partial", "put right afterwards"), (full, "completed", "")):
        put_right(clinic, record, volume=volume)
        record.refresh_from_db()
        assert (record.volume, record.dose.status, record.partial_because) == (volume, status, because)
    for none in (Decimal(0), full + 1):
        with pytest.raises(InvalidInput, match="Between 0 and"):
            put_right(clinic, record, volume=none)


def test_nonsense_is_refused_and_another_lot_brings_its_expiry(clinic):
    record = GivenDose.objects.get(dose=given(clinic, here_today(clinic), TDAP, on_the_shelf(clinic, "Boostrix")))
    for wrong in ({"route": "by ear"}, {"site": "nose"}, {"site": "RD", "statement_how": "by pigeon"}):
        with pytest.raises(InvalidInput):
            put_right(clinic, record, **wrong)
    other = on_the_shelf(clinic, "Boostrix", number="LATER1", expires_on=date(2027, 9, 9))
    put_right(clinic, record, lot=other.lot)
    record.refresh_from_db()
    assert (record.expires_on, record.ndc) == (date(2027, 9, 9), other.lot.item.ndc)


def test_a_dose_is_not_given_tomorrow_and_its_day_is_the_clinics(clinic):
    record = GivenDose.objects.get(dose=given(clinic, here_today(clinic), TDAP, on_the_shelf(clinic, "Boostrix")))
    with pytest.raises(InvalidInput, match="in the future"):
        put_right(clinic, record, given_at=A_MOMENT + timedelta(minutes=1))
    late = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)
    put_right(clinic, record, given_at=late)
    record.refresh_from_db()
    assert record.given_on == record.dose.given_on == date(2026, 11, 19)


def test_whoever_reckons_from_the_history_hears_of_every_correction(clinic):
    record = GivenDose.objects.get(dose=given(clinic, here_today(clinic), TDAP, on_the_shelf(clinic, "Boostrix")))

    def told() -> int:
        return OutboxEvent.objects.filter(kind="VaccineHistoryChanged").count()

    before = told()
    put_right(clinic, record, site="RD")
    assert told() == before + 1
    actions.withdraw_dose(actor=clinic.acting(), given=record, reason="Wrong chart")
    assert told() == before + 2


def test_the_right_lot_must_be_of_the_right_fund(clinic):
    private = on_the_shelf(clinic, "M-M-R II", number="PRIV1")
    vfc = on_the_shelf(clinic, "M-M-R II", number="VFC1", funding="vfc")
    record = GivenDose.objects.get(dose=given(clinic, here_today(clinic, TODDLER), "MMR", private))
    for somebody in (clinic.maria, clinic.doctor):
        with pytest.raises(StopFound, match="not VFC-eligible"):
            put_right(clinic, record, by=somebody, lot=vfc.lot)
    assert (left(private), left(vfc)) == (9, 10) and not record.amendments.exists()
    assert GivenDose.objects.get().lot == private.lot and VaccineDose.objects.get().lot_number == "PRIV1"


def test_a_product_for_another_age_is_put_on_record_by_a_clinician_with_the_reason(clinic):
    tdap = on_the_shelf(clinic, "Boostrix")
    dtap = on_the_shelf(clinic, "Infanrix")
    record = GivenDose.objects.get(dose=given(clinic, here_today(clinic), TDAP, tdap))
    with pytest.raises(StopFound, match="a clinician puts it on record"):
        put_right(clinic, record, lot=dtap.lot)
    with pytest.raises(NeedsConfirmation) as asked:
        put_right(clinic, record, by=clinic.doctor, lot=dtap.lot)
    codes = [one.code for one in asked.value.findings]
    assert "product_too_old" in codes and left(dtap) == 10
    told = dict.fromkeys(codes, "The box says Infanrix: told the patient, no harm expected")
    put_right(clinic, record, by=clinic.doctor, lot=dtap.lot, told=told)
    assert VaccineDose.objects.get().cvx == "20" and (left(dtap), left(tdap)) == (9, 10)
    kept = GivenDose.objects.get().preparation.confirmations.get(code="product_too_old")
    assert kept.reason.startswith("The box says Infanrix") and kept.by == clinic.doctor


def test_another_day_is_judged_by_the_interval_to_the_dose_before(clinic):
    visit = here_today(clinic, date(2021, 9, 1))
    VaccineDose.objects.create(patient=visit.patient, cvx="03", given_on=TODAY - timedelta(days=29))
    record = GivenDose.objects.get(dose=given(clinic, visit, "MMR", on_the_shelf(clinic, "M-M-R II")))
    put_right(clinic, record, given_at=A_MOMENT - timedelta(hours=1))
    with pytest.raises(StopFound, match="too soon"):
        put_right(clinic, record, given_at=A_MOMENT - timedelta(days=8))
    assert GivenDose.objects.get().given_on == TODAY


def test_a_day_after_the_lot_had_expired_is_refused_whatever_befell_it_since(clinic):
    stock = on_the_shelf(clinic, "Boostrix", expires_on=TODAY)
    record = GivenDose.objects.get(dose=given(clinic, here_today(clinic), TDAP, stock))
    tomorrow = A_MOMENT + timedelta(days=1)
    with pytest.raises(StopFound, match="expired"):
        actions.amend_dose(
            actor=clinic.acting(now=tomorrow + timedelta(hours=1)),
            given=record,
            changes=DoseChanges(given_at=tomorrow),
            reason="It was this morning",
        )


def test_a_place_that_cannot_be_is_not_put_on_record(clinic):
    record = GivenDose.objects.get(dose=given(clinic, here_today(clinic), TDAP, on_the_shelf(clinic, "Boostrix")))
    with pytest.raises(StopFound, match="is given"):
        put_right(clinic, record, route="nasal")
    with pytest.raises(InvalidInput):
        put_right(clinic, record, site="NOWHERE")


def test_a_stop_becomes_a_reason_for_a_clinician_and_says_who_may_for_an_assistant():
    found = [Finding(Severity.STOP, "a", "lot", "Too old."), Finding(Severity.CONFIRM, "b", "lot", "Grace.")]
    assert [one.severity for one in put_on_record(found, by_clinician=True)] == [Severity.CONFIRM] * 2
    stopped, asked = put_on_record(found, by_clinician=False)
    assert stopped.severity is Severity.STOP and "a clinician" in stopped.message and asked == found[1]


def test_a_dose_entered_in_error_whose_vial_is_gone_is_wasted_not_returned(clinic):
    stock = on_the_shelf(clinic, "Boostrix")
    record = GivenDose.objects.get(dose=given(clinic, here_today(clinic), TDAP, stock))
    actions.withdraw_dose(
        actor=clinic.acting(),
        given=record,
        reason="Never went in",
        wasted_because="drawn_not_given",
        witness=clinic.nurse,
    )
    assert left(stock) == 9 and Waste.objects.count() == 1
    assert OutboxEvent.objects.filter(kind="DoseWithdrawn").exists()


ORDER = (
    "visits_visit", "immunizations_vaccination", "immunizations_vaccinepreparation", "immunizations_vaccineconcern",
    "immunizations_vaccinedose", "immunizations_givendose", "inventory_stock", "inventory_draw", "orders_order",
    "immunizations_vaccinewatch",
)  # fmt: skip


def tables_locked(act) -> list[str]:
    """The tables whose rows an act locks, in the order it first does so."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        act()
    statements = [one["sql"] for one in asked if re.search(r"FOR (NO KEY )?UPDATE", one["sql"])]
    tables = [re.search(r'FROM "(\w+)"', sql).group(1) for sql in statements]
    return [one for one in dict.fromkeys(tables) if one in ORDER]


def test_every_act_on_a_dose_locks_in_one_order(clinic):
    stocks = [on_the_shelf(clinic, "Boostrix", number=number) for number in ("AA1", "BB1")]
    visit = here_today(clinic)
    vaccination = identified(clinic, visit)
    preparation = chosen(clinic, vaccination, TDAP)
    screened(clinic, vaccination)
    preparation.refresh_from_db()
    ready = ready_to_give(clinic, preparation, stocks[0])
    maria = clinic.acting()
    acts = {
        "give": lambda: actions.give_dose(actor=maria, preparation=ready),
        "amend": lambda: put_right(clinic, GivenDose.objects.get(), lot=stocks[1].lot),
        "withdraw": lambda: actions.withdraw_dose(actor=maria, given=GivenDose.objects.get(), reason="Wrong chart"),
    }
    for name, act in acts.items():
        locked = tables_locked(act)
        assert locked[:2] == ["immunizations_vaccination", "immunizations_vaccinepreparation"], name
        assert "inventory_stock" in locked and locked == sorted(locked, key=ORDER.index), (name, locked)


def test_a_doubt_is_decided_behind_the_lock_of_its_vaccine(clinic):
    vaccination = identified(clinic, here_today(clinic))
    preparation = chosen(clinic, vaccination, TDAP)
    concern = actions.ask_clinician(actor=clinic.acting(), preparation=preparation, words="She looks gray")
    locked = tables_locked(
        lambda: actions.clear_concern(actor=clinic.acting(clinic.nurse), concern=concern, words="Seen, well")
    )
    assert locked == [
        "immunizations_vaccination", "immunizations_vaccinepreparation", "immunizations_vaccineconcern"
    ]  # fmt: skip


def test_the_page_asks_for_the_reason_and_keeps_what_was_typed(client, clinic, monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    tdap = on_the_shelf(clinic, "Boostrix")
    on_the_shelf(clinic, "Infanrix", number="INF1")
    url = f"/doses/{given(clinic, here_today(clinic), TDAP, tdap).public_id}/"
    client.force_login(clinic.doctor)
    typed = {"scan": "INF1", "reason": "Read the wrong box"}
    asked = client.post(f"{url}amend/", {**typed, "idempotency_key": "00000000-0000-4000-8000-000000000001"})
    shown = asked.content.decode()
    assert asked.status_code == 422 and 'name="reason:product_too_old"' in shown and 'value="INF1"' in shown
    unknown = {"scan": "NOSUCH1", "reason": "?", "idempotency_key": "00000000-0000-4000-8000-000000000002"}
    answer = client.post(f"{url}amend/", unknown)
    assert answer.status_code == 422 and 'value="NOSUCH1"' in answer.content.decode()


def put_dtap_on_record(clinic, record, lot, *, told=None, **changes):
    usual = dict.fromkeys(("product_too_old", "not_due", "too_soon"), "Told the patient")
    return put_right(clinic, record, by=clinic.doctor, lot=lot, told={**usual, **(told or {})}, **changes)


def test_another_vaccine_on_record_asks_for_its_own_statement(clinic):
    tdap, dtap = on_the_shelf(clinic, "Boostrix"), on_the_shelf(clinic, "Infanrix")
    record = GivenDose.objects.get(dose=given(clinic, here_today(clinic), TDAP, tdap))
    with pytest.raises(NeedsConfirmation, match="information statement for DTaP was not handed over"):
        put_dtap_on_record(clinic, record, dtap.lot)
    put_dtap_on_record(clinic, record, dtap.lot, statement_how="paper", statement_language="es")
    rows = GivenDose.objects.get().preparation.statements.order_by("pk")
    assert [(row.code, row.language) for row in rows] == [("tdap", "en"), ("dtap", "es")]
    assert [row.code for row, _ in statements_on_record(GivenDose.objects.get())] == ["dtap"]


def test_why_a_statement_could_not_be_handed_over_any_more_is_kept(clinic):
    tdap, dtap = on_the_shelf(clinic, "Boostrix"), on_the_shelf(clinic, "Infanrix")
    record = GivenDose.objects.get(dose=given(clinic, here_today(clinic), TDAP, tdap))
    put_dtap_on_record(clinic, record, dtap.lot, told={"vis_missing": "The patient had left: sent by mail"})
    kept = GivenDose.objects.get().preparation
    assert kept.confirmations.get(code="vis_missing").reason == "The patient had left: sent by mail"
    assert [row.code for row in kept.statements.all()] == ["tdap"]


def test_another_lot_of_the_same_vaccine_asks_for_no_statement(clinic):
    right, wrong = on_the_shelf(clinic, "Boostrix", number="R1"), on_the_shelf(clinic, "Boostrix", number="W1")
    record = GivenDose.objects.get(dose=given(clinic, here_today(clinic), TDAP, wrong))
    put_right(clinic, record, lot=right.lot, statement_how="paper")
    assert GivenDose.objects.get().preparation.statements.count() == 1


def test_the_page_of_a_dose_speaks_in_words(client, clinic):
    record = GivenDose.objects.get(dose=given(clinic, here_today(clinic), TDAP, on_the_shelf(clinic, "Boostrix")))
    put_right(clinic, record, site="RD")
    client.force_login(clinic.maria)
    shown = client.get(f"/doses/{record.dose.public_id}/").content.decode()
    assert "Right deltoid" in shown and "0.5 mL" in shown and "Into the muscle" in shown and "in English" in shown
    assert "Where: it said Left deltoid, it says Right deltoid." in shown
    assert "Private insurance that covers the vaccine (V01)" in shown
