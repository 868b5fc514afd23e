"""Pending, signing, declining, carrying out: who may, in which order, and what everybody sees of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from mainstay.foundation.errors import IllegalMove, InvalidInput, NotPermitted, StopFound
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.orders import actions
from mainstay.orders.errors import NoLongerValid, SignedContent
from mainstay.orders.models import Order
from mainstay.orders.queries import declined_orders_of, may_carry_out, orders_to_sign, signed_orders_for
from mainstay.orders.tests.factories import FLU, a_doctor, a_pended_order, a_signed_order, seen
from mainstay.visits.models import Signal
from mainstay.visits.tests.factories import a_patient, a_person, a_site, a_visit, acting_as
from mainstay.work.models import WorkItem
from mainstay.workforce.models import CompetencySignOff, Credential, Presence, Staff, TrainingFact

pytestmark = pytest.mark.django_db


def test_a_medical_assistant_pends_and_a_provider_signs() -> None:
    doctor, order = a_doctor(), a_pended_order()
    assert order.state == "pended"
    batch = actions.sign_orders(actor=acting_as(doctor), seen=seen(order))
    assert [o.pk for o in batch.signed] == [order.pk]
    assert not batch.refused
    order.refresh_from_db()
    assert (order.state, order.signed_by, order.signed_license) == ("signed", doctor, "MD")
    assert order.expires_on == (A_MOMENT + timedelta(days=30)).date()
    assert [s.name for s in order.steps.order_by("pk")] == ["begin", "sign"]


def test_a_medical_assistant_never_signs_whatever_the_role_says() -> None:
    assistant, order = a_person("maria", "clinical_ma"), a_pended_order()
    with pytest.raises(NotPermitted):
        actions.sign_orders(actor=acting_as(assistant), seen=seen(order))
    given_the_role = replace(acting_as(assistant), permissions=frozenset({"orders.sign"}))
    with pytest.raises(NotPermitted, match="current license"):
        actions.sign_orders(actor=given_the_role, seen=seen(order))
    with pytest.raises(NotPermitted):
        actions.decline_order(actor=given_the_role, order=order, words="No")


def test_a_license_that_ended_signs_nothing() -> None:
    doctor = a_doctor()
    Credential.objects.create(staff=doctor, code="MD", issuer="NY", expires_on=A_MOMENT.date() - timedelta(days=1))
    with pytest.raises(NotPermitted):
        actions.sign_orders(actor=acting_as(doctor), seen=seen(a_pended_order()))


def test_entering_an_order_on_instruction_takes_an_accepted_credential() -> None:
    texas = a_site("Austin", state="TX")
    doctor, assistant = a_doctor(), a_person("maria", "clinical_ma", home_site=texas)
    with pytest.raises(NotPermitted, match="only be prepared"):
        actions.pend_order(actor=acting_as(assistant), patient=a_patient(), content=FLU, instructed_by=doctor)
    Credential.objects.create(
        staff=assistant, code="CMA_AAMA", issuer="AAMA", expires_on=A_MOMENT.date(), verified_at=A_MOMENT,
        verified_by=doctor,
    )  # fmt: skip
    order = actions.pend_order(
        actor=acting_as(assistant), patient=a_patient("100002"), content=FLU, instructed_by=doctor
    )
    assert (order.state, order.for_provider) == ("pended", doctor)


def test_one_refusal_of_a_batch_does_not_lose_the_others() -> None:
    doctor = a_doctor()
    maria = acting_as(a_person("maria", "clinical_ma"))
    first, second, third = (a_pended_order(by=maria, patient=a_patient(f"20000{n}")) for n in range(3))
    shown = seen(first, second, third)
    actions.change_order(actor=maria, order=second, content=replace(FLU, dose=Decimal("0.25")))
    third.patient.deceased_on = A_MOMENT.date()
    third.patient.save()
    batch = actions.sign_orders(actor=acting_as(doctor), seen=shown)
    assert [o.pk for o in batch.signed] == [first.pk]
    reasons = {r.order_ref: r.reason for r in batch.refused}
    assert "changed after it was shown" in reasons[second.public_id]
    assert "deceased" in reasons[third.public_id]
    assert Order.objects.get(pk=second.pk).state == "pended"


def test_signing_twice_says_so_and_keeps_the_first_signature() -> None:
    first, second, order = a_doctor(), a_doctor("okafor"), a_pended_order()
    shown = seen(order)
    assert actions.sign_orders(actor=acting_as(first), seen=shown).signed
    again = actions.sign_orders(actor=acting_as(second), seen=shown)
    assert not again.signed
    assert "already signed" in again.refused[0].reason
    order.refresh_from_db()
    assert order.signed_by == first


def test_a_signed_order_is_never_changed_not_even_by_raw_sql() -> None:
    order = a_signed_order()
    with pytest.raises(SignedContent):
        actions.change_order(actor=an_actor(), order=order, content=replace(FLU, dose=Decimal("1")))
    for change in ("dose = 1", "reason = 'other'", "signed_license = 'DO'", "content_sha256 = 'x'", "code = '88'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE orders_order SET {change} WHERE id = %s", [order.pk])


def test_a_signed_order_is_amended_by_a_new_one_that_cancels_it_once_signed() -> None:
    doctor = a_doctor()
    order = a_signed_order(doctor=doctor)
    newer = actions.amend_order(
        actor=acting_as(a_person("maria", "clinical_ma")), order=order, content=replace(FLU, dose=Decimal("0.25"))
    )
    order.refresh_from_db()
    assert (order.state, newer.replaces) == ("signed", order)
    assert actions.sign_orders(actor=acting_as(doctor), seen=seen(newer)).signed
    order.refresh_from_db()
    assert order.state == "cancelled"
    assert [o.pk for o in signed_orders_for(order.patient, on=A_MOMENT.date())] == [newer.pk]


def test_a_declined_order_comes_back_to_whoever_prepared_it_with_the_words() -> None:
    doctor, maria = a_doctor(), a_person("maria", "clinical_ma")
    order = a_pended_order(by=acting_as(maria))
    with pytest.raises(InvalidInput):
        actions.decline_order(actor=acting_as(doctor), order=order, words="  ")
    actions.decline_order(actor=acting_as(doctor), order=order, words="Had it at the pharmacy in September.")
    assert [o.declined_because for o in declined_orders_of(acting_as(maria))] == [
        "Had it at the pharmacy in September."
    ]
    item = WorkItem.objects.get(kind="order_declined")
    assert (item.owner, item.detail, item.state) == (maria, "Had it at the pharmacy in September.", "open")
    actions.acknowledge_decline(actor=acting_as(maria), order=order)
    assert declined_orders_of(acting_as(maria)) == []
    item.refresh_from_db()
    assert item.state == "done"


def test_the_board_says_how_many_orders_of_a_visit_wait() -> None:
    doctor = a_doctor()
    visit = a_visit(provider=doctor)
    maria = acting_as(a_person("maria", "clinical_ma"))
    order = a_pended_order(by=maria, visit=visit)
    signal = Signal.objects.get(visit=visit, kind="order_waiting", cleared_at=None)
    assert signal.text == "Orders: 1 to sign"
    assert order.for_provider == doctor
    actions.sign_orders(actor=acting_as(doctor), seen=seen(order))
    signal.refresh_from_db()
    assert signal.text == "Orders: 1 to carry out"
    actions.complete_order(actor=acting_as(doctor), order=order, used_ref=uuid4())
    signal.refresh_from_db()
    assert signal.cleared_at is not None


def test_an_order_that_waits_too_long_becomes_work_once_and_is_settled_by_the_signature() -> None:
    doctor = a_doctor()
    visit = a_visit(provider=doctor)
    order = a_pended_order(by=acting_as(a_person("maria", "clinical_ma")), visit=visit, priority="soon")
    assert actions.owe_signatures(actor=an_actor(now=A_MOMENT + timedelta(minutes=29))) == 0
    late = an_actor(now=A_MOMENT + timedelta(minutes=31))
    assert actions.owe_signatures(actor=late) == 1
    actions.owe_signatures(actor=late)
    item = WorkItem.objects.get(kind="order_waiting")
    assert (item.owner, item.state) == (doctor, "open")
    actions.sign_orders(actor=acting_as(doctor), seen=seen(order))
    item.refresh_from_db()
    assert item.state == "done"


def test_an_order_without_a_reason_or_with_a_dose_without_unit_is_not_prepared() -> None:
    for wrong in ({"reason": " "}, {"dose_unit": ""}, {"dose": Decimal("0")}, {"kind": "spell"}, {"system": "loinc"}):
        with pytest.raises(StopFound):
            a_pended_order(by=an_actor(), patient=a_patient(f"9{abs(hash(str(wrong))) % 10000}"), **wrong)


def test_a_new_york_assistant_may_not_carry_out_a_vaccine_order_and_hears_who_could() -> None:
    order = a_signed_order()
    maria = a_signed_off_assistant("maria")
    decision = may_carry_out(acting_as(maria), order)
    assert not decision
    assert "New York" in decision.reason
    assert decision.who_could
    with pytest.raises(NotPermitted, match="New York"):
        actions.complete_order(actor=acting_as(maria), order=order, used_ref=uuid4())
    with pytest.raises(NotPermitted):
        actions.start_order(actor=acting_as(maria), order=order)


def test_a_connecticut_assistant_without_the_hours_is_refused_and_with_them_completes() -> None:
    site = a_site("Hartford", state="CT")
    doctor = a_person("patel", "provider", licence="MD", home_site=site)
    maria = a_signed_off_assistant("maria", home_site=site)
    order = a_pended_order(by=acting_as(maria))
    actions.sign_orders(actor=acting_as(doctor), seen=seen(order))
    with pytest.raises(NotPermitted, match="Connecticut asks for"):
        actions.complete_order(actor=acting_as(maria), order=order, used_ref=uuid4())
    trained = {"accredited_program": 1, "vaccine_class_hours": 24, "vaccine_clinic_hours": 7}
    for topic, amount in trained.items():
        TrainingFact.objects.create(
            staff=maria, topic=topic, amount=amount, completed_on=A_MOMENT.date(), recorded_by=doctor
        )
    with pytest.raises(NotPermitted, match="24 hours of vaccine class and 8 hours in clinic"):
        actions.complete_order(actor=acting_as(maria), order=order, used_ref=uuid4())
    TrainingFact.objects.create(
        staff=maria, topic="vaccine_clinic_hours", amount=1, completed_on=A_MOMENT.date(), recorded_by=doctor
    )
    Presence.objects.create(staff=doctor, site=site, since=A_MOMENT)
    actions.complete_order(actor=acting_as(maria), order=order, used_ref=uuid4())
    order.refresh_from_db()
    assert order.state == "done"


def a_signed_off_assistant(username: str, **more: object) -> Staff:
    """An assistant who holds a credential and is signed off for vaccines."""
    assessor = a_person(f"assessor-{username}", "nurse")
    staff = a_person(username, "clinical_ma", **more)
    Credential.objects.create(
        staff=staff, code="CMA_AAMA", issuer="AAMA", expires_on=A_MOMENT.date() + timedelta(days=400),
        verified_at=A_MOMENT, verified_by=assessor,
    )  # fmt: skip
    CompetencySignOff.objects.create(
        staff=staff, act="vaccine", rung="independent", assessed_by=assessor, assessed_on=A_MOMENT.date()
    )
    return staff


def test_an_order_is_not_carried_out_twice_nor_unsigned_nor_after_its_last_day() -> None:
    doctor = a_doctor()
    order = a_pended_order()
    with pytest.raises(IllegalMove):
        actions.complete_order(actor=acting_as(doctor), order=order, used_ref=uuid4())
    actions.sign_orders(actor=acting_as(doctor), seen=seen(order))
    late = acting_as(doctor, now=A_MOMENT + timedelta(days=31))
    with pytest.raises(NoLongerValid):
        actions.complete_order(actor=late, order=order, used_ref=uuid4())
    actions.complete_order(actor=acting_as(doctor), order=order, used_ref=uuid4())
    with pytest.raises(IllegalMove, match="already done"):
        actions.complete_order(actor=acting_as(doctor), order=order, used_ref=uuid4())
    actions.reopen_order(actor=acting_as(doctor), order=order, reason="Wrong patient")
    assert signed_orders_for(order.patient, on=A_MOMENT.date())


def test_a_refused_order_is_closed_without_asking_whether_the_act_may_be_done() -> None:
    order = a_signed_order()
    maria = acting_as(a_person("maria", "clinical_ma"))
    actions.close_refused_order(actor=maria, order=order, used_ref=uuid4(), reason="Does not want it")
    order.refresh_from_db()
    assert order.state == "cancelled"


def test_orders_run_out_unsigned_after_two_weeks_and_signed_after_their_last_day() -> None:
    doctor = a_doctor()
    maria = acting_as(a_person("maria", "clinical_ma"))
    waiting, signed = (a_pended_order(by=maria, patient=a_patient(f"30000{n}")) for n in range(2))
    actions.sign_orders(actor=acting_as(doctor), seen=seen(signed))
    assert actions.expire_orders(actor=an_actor(now=A_MOMENT + timedelta(days=13))) == 0
    assert actions.expire_orders(actor=an_actor(now=A_MOMENT + timedelta(days=40))) == 2
    assert {Order.objects.get(pk=o.pk).state for o in (waiting, signed)} == {"expired"}


def test_a_signed_order_holds_through_its_last_day() -> None:
    order = a_signed_order()
    assert order.expires_on is not None
    last = A_MOMENT + (order.expires_on - A_MOMENT.date())
    assert actions.expire_orders(actor=an_actor(now=last)) == 0
    assert actions.expire_orders(actor=an_actor(now=last + timedelta(days=1))) == 1


def test_a_provider_sees_what_is_asked_of_them_and_of_anybody_at_their_site() -> None:
    patel, okafor = a_doctor(), a_doctor("okafor")
    maria = acting_as(a_person("maria", "clinical_ma"))
    mine = actions.pend_order(actor=maria, patient=a_patient("400001"), content=FLU, for_provider=patel)
    anybody = actions.pend_order(actor=maria, patient=a_patient("400002"), content=FLU)
    actions.pend_order(actor=maria, patient=a_patient("400003"), content=FLU, for_provider=okafor)
    assert {o.pk for o in orders_to_sign(acting_as(patel))} == {mine.pk, anybody.pk}


def test_signed_orders_are_found_by_code_or_by_group() -> None:
    order = a_signed_order()
    on = A_MOMENT.date()
    assert signed_orders_for(order.patient, codes=["150"], on=on) == [order]
    assert signed_orders_for(order.patient, codes=["88"], on=on) == []
    assert signed_orders_for(order.patient, codes=["88"], vaccine_groups=["Influenza"], on=on) == [order]
    assert signed_orders_for(order.patient, kind="laboratory", on=on) == []
    assert signed_orders_for(order.patient, on=on + timedelta(days=31)) == []
