"""Policies: written, signed, withdrawn, and what the database itself refuses."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from mainstay.authority import actions, queries
from mainstay.authority.errors import AlreadyWithdrawn, EndsBeforeItStarts, NoStatute
from mainstay.authority.facts import Order, Patient, PolicyEffect, Supervision
from mainstay.authority.models import ClinicPolicy
from mainstay.authority.tests.factories import a_site, acting_as, holds, signed_off, somebody
from mainstay.foundation.errors import InvalidInput, NotPermitted
from mainstay.foundation.models import OutboxEvent

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def clinic():
    site = a_site(state="MD")
    director = somebody("Dana Okafor", site, "medical_director", licence="MD")
    manager = somebody("Mo Lane", site, "manager")
    ana = somebody("Ana Ruiz", site, "clinical_ma")
    holds(ana, "CMA_AAMA", verifier=director)
    for act in ("inj_im", "iv_start"):
        signed_off(ana, act, by=director)
    return {"site": site, "director": director, "manager": manager, "ana": ana}


def may(staff, act):
    facts = {"order": Order.SIGNED, "delegator": "MD", "patient": Patient(is_stable=True)}
    return queries.may_do_act(acting_as(staff), act, **facts)


def test_a_manager_narrows_at_once_and_withdraws(clinic):
    assert may(clinic["ana"], "inj_im")
    policy = actions.write_policy(
        actor=acting_as(clinic["manager"]), act="inj_im", effect=PolicyEffect.FORBID, reason="Recall of needles",
        effective=TODAY,
    )  # fmt: skip
    assert "Recall of needles" in may(clinic["ana"], "inj_im").reason
    actions.withdraw_policy(actor=acting_as(clinic["manager"]), policy=policy, reason="New needles are here")
    assert may(clinic["ana"], "inj_im")
    with pytest.raises(AlreadyWithdrawn):
        actions.withdraw_policy(actor=acting_as(clinic["manager"]), policy=policy, reason="again")
    assert list(OutboxEvent.objects.values_list("kind", flat=True)) == ["PolicyWritten", "PolicyWithdrawn"]


def test_only_the_medical_director_opens_and_only_with_a_statute(clinic):
    assert not may(clinic["ana"], "iv_start")
    opening = {"act": "iv_start", "reason": "Infusion days", "effective": TODAY}
    with pytest.raises(NotPermitted):
        actions.sign_policy(actor=acting_as(clinic["manager"]), statute="COMAR 10.32.12.04", **opening)
    with pytest.raises(NoStatute):
        actions.sign_policy(actor=acting_as(clinic["director"]), statute="  ", **opening)
    assert not ClinicPolicy.objects.exists()
    actions.sign_policy(actor=acting_as(clinic["director"]), statute="COMAR 10.32.12.04", **opening)
    decision = may(clinic["ana"], "iv_start")
    assert decision
    assert any("Dana Okafor" in c for c in decision.conditions)


def test_a_policy_of_another_site_or_another_day_does_not_speak(clinic):
    director = acting_as(clinic["director"])
    opening = {"actor": director, "act": "iv_start", "reason": "Infusion days", "statute": "COMAR 10.32.12.04"}
    actions.sign_policy(effective=TODAY, site=a_site("Westside", "MD"), **opening)
    actions.sign_policy(effective=date(2026, 11, 21), **opening)
    actions.sign_policy(effective=date(2026, 1, 1), expires=date(2026, 11, 19), **opening)
    assert not may(clinic["ana"], "iv_start")
    actions.sign_policy(effective=date(2026, 1, 1), expires=TODAY, **opening)
    assert may(clinic["ana"], "iv_start")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"act": "surgery"}, InvalidInput),
        ({"reason": " "}, InvalidInput),
        ({"effect": PolicyEffect.LOOSEN}, InvalidInput),
        ({"effect": PolicyEffect.NARROW}, InvalidInput),
        ({"credentials": ("NOBODY",)}, InvalidInput),
        ({"expires": date(2026, 11, 19)}, EndsBeforeItStarts),
    ],
)
def test_a_policy_that_says_nothing_or_nonsense_is_not_written(clinic, change, error):
    policy = {"act": "inj_im", "effect": PolicyEffect.FORBID, "reason": "Because", "effective": TODAY} | change
    with pytest.raises(error):
        actions.write_policy(actor=acting_as(clinic["manager"]), **policy)
    assert not ClinicPolicy.objects.exists()


def test_an_assistant_writes_no_policy(clinic):
    with pytest.raises(NotPermitted):
        actions.write_policy(
            actor=acting_as(clinic["ana"]), act="inj_im", effect=PolicyEffect.NARROW, reason="Because",
            effective=TODAY, supervision=Supervision.DIRECT_VISUAL,
        )  # fmt: skip
    assert not ClinicPolicy.objects.exists()


@pytest.mark.parametrize("flaw", [{"statute": ""}, {"signed_by": None}, {"signed_at": None}])
def test_the_database_refuses_a_loosening_row_without_statute_or_signature(clinic, flaw):
    row = {
        "act": "iv_start", "effect": PolicyEffect.LOOSEN, "reason": "x", "effective": TODAY, "statute": "COMAR 10",
        "written_by": clinic["director"], "signed_by": clinic["director"], "signed_at": acting_as(clinic["ana"]).now,
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        ClinicPolicy.objects.create(**row | flaw)
