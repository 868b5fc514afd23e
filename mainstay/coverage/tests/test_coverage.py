"""Policies as their cards say, in the order they pay, with what was found out about them."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from mainstay.coverage import actions, queries
from mainstay.coverage.actions import Card, PolicyFacts
from mainstay.coverage.models import Policy
from mainstay.coverage.rules import CardFacts, judge_card, judge_order
from mainstay.foundation.errors import IllegalMove, InvalidInput, NeedsConfirmation, NotPermitted, StopFound
from mainstay.foundation.findings import Confirmations
from mainstay.foundation.testing import A_MOMENT
from mainstay.visits.tests.factories import a_patient, a_person, acting_as

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n"
FACTS = PolicyFacts(member_id="W123", plan_name="Gold", copay=Decimal("20"))
TODAY = A_MOMENT.date()


@pytest.fixture
def lee():
    return acting_as(a_person("lee", "administrative_ma"))


@pytest.fixture
def desk(client, monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    client.force_login(a_person("dee", "administrative_ma"))
    return client


def key():
    return {"idempotency_key": str(uuid.uuid4())}


def a_card(**more):
    plain = {
        "payer_kind": "commercial", "member_id": "W1", "relationship": "self", "subscriber_name": "",
        "effective": None, "ended": None,
    }  # fmt: skip
    return CardFacts(**{**plain, **more})


def codes(findings):
    return [finding.code for finding in findings]


def added(lee, patient, name="Lakes Health", kind="commercial", facts=FACTS, **more):
    payer = actions.know_payer(actor=lee, name=name, kind=kind)
    return actions.add_policy(actor=lee, patient=patient, payer=payer, facts=facts, **{"rank": 1, **more})


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({}, []),
        ({"effective": date(2026, 5, 1), "ended": date(2026, 4, 1)}, ["ends-first", "ended-already"]),
        ({"relationship": "child"}, ["no-subscriber"]),
        ({"relationship": "child", "subscriber_name": "Ana Doe"}, []),
        ({"member_id": ""}, ["no-member-id"]),
        ({"member_id": "", "payer_kind": "self_pay"}, []),
        ({"payer_kind": "medicare", "member_id": "1EG4-TE5-MK73"}, []),
        ({"payer_kind": "medicare", "member_id": "1eg4te5mk73"}, []),
        ({"payer_kind": "medicare", "member_id": "1SG4-TE5-MK73"}, ["medicare-id"]),
        ({"payer_kind": "medicare", "member_id": "123-45-6789A"}, ["medicare-id"]),
    ],
)
def test_a_card_is_read_twice_where_it_matters(facts, found):
    assert codes(judge_card(a_card(**facts), today=TODAY)) == found


def test_medicaid_pays_last():
    assert codes(judge_order(["medicaid", "commercial"])) == ["medicaid-last"]
    assert judge_order(["commercial", "medicaid"]) == judge_order(["medicaid"]) == ()


def test_a_policy_is_written_down_with_both_sides_of_its_card(lee):
    patient = a_patient()
    policy = added(lee, patient, card=Card(PNG + b"front", PNG + b"back"))
    assert (policy.card_front.kind, policy.card_front.title) == ("insurance", "Insurance card, front: Lakes Health")
    assert policy.card_back is not None and policy.card_seen_on == lee.today
    with pytest.raises(InvalidInput, match="photograph"):
        added(lee, patient, name="Other", rank=2, card=Card(b"plain words"))


def test_a_new_primary_policy_ends_the_one_before(lee):
    patient = a_patient()
    old = added(lee, patient)
    added(lee, patient, name="Ohio Mutual")
    old.refresh_from_db()
    assert old.ended == lee.today and old.end_reason == "Replaced by another policy"
    assert [p.payer.name for p in queries.policies_of(patient)] == ["Ohio Mutual", "Lakes Health"]


def test_what_cannot_be_is_stopped_and_what_is_unlikely_needs_a_reason(lee):
    patient = a_patient()
    with pytest.raises(StopFound):
        added(lee, patient, facts=PolicyFacts(member_id="W1", relationship="spouse"))
    with pytest.raises(NeedsConfirmation):
        added(lee, patient, facts=PolicyFacts())
    said = Confirmations({"no-member-id": "Card comes by mail"})
    assert added(lee, patient, facts=PolicyFacts(), confirmed=said).pk


def test_the_order_changes_all_at_once(lee):
    patient = a_patient()
    first = added(lee, patient)
    second = added(lee, patient, name="Buckeye", kind="medicaid", rank=2)
    with pytest.raises(NeedsConfirmation, match="last"):
        actions.make_primary(actor=lee, policy=second)
    actions.make_primary(actor=lee, policy=second, confirmed=Confirmations({"medicaid-last": "Payer said so"}))
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.rank, second.rank) == (2, 1)


def test_a_policy_ends_once_with_its_reason_and_not_before_it_began(lee):
    policy = added(lee, a_patient(), facts=PolicyFacts(member_id="W1", effective=date(2026, 3, 1)))
    for ended, reason in ((TODAY, " "), (date(2026, 2, 1), "New job")):
        with pytest.raises(InvalidInput):
            actions.end_policy(actor=lee, policy=policy, ended=ended, reason=reason)
    assert actions.end_policy(actor=lee, policy=policy, ended=TODAY, reason="New job").end_reason == "New job"
    with pytest.raises(IllegalMove):
        actions.end_policy(actor=lee, policy=policy, ended=TODAY, reason="New job")


def test_every_version_of_a_policy_is_kept_with_who_wrote_it(desk):
    patient = a_patient()
    page = f"/patients/{patient.public_id}/coverage/"
    said = {"payer": "Lakes Health", "kind": "commercial", "member_id": "W123", "relationship": "self", "rank": "1"}
    card = SimpleUploadedFile("card.png", PNG + b"front", "image/png")
    assert desk.get(page).status_code == desk.get(page + "add/").status_code == 200
    assert desk.post(page + "add/", {**said, "card_front": card, **key()}).status_code == 303
    policy = Policy.objects.get()
    one = f"{page}{policy.public_id}/"
    assert desk.post(one, {**said, "member_id": "W124", **key()}).status_code == 303
    shown = desk.get(one).content.decode()
    assert "W123 → W124" in shown and "Dee" in shown
    assert "Front" in desk.get(page).content.decode()
    assert desk.get(one + "card/front/").content == PNG + b"front"
    assert desk.get(one + "card/back/").status_code == 404
    assert desk.post(one + "check/", {"result": "active", "how": "portal", "copay": "25", **key()}).status_code == 303
    assert "Active when checked" in desk.get(page).content.decode()
    assert desk.post(one + "check/", {"result": "maybe", "how": "portal", **key()}).status_code == 422
    assert desk.post(one + "end/", {"ended": "", "reason": "x", **key()}).status_code == 422
    assert desk.post(one + "end/", {"ended": "tod", "reason": "New job", **key()}).status_code == 303
    assert "New job" in desk.get(page).content.decode()


def test_a_missing_member_number_is_saved_with_a_reason_only(desk):
    page = f"/patients/{a_patient().public_id}/coverage/"
    said = {"payer": "Lakes Health", "kind": "commercial", "relationship": "self", "rank": "1"}
    asked = desk.post(page + "add/", {**said, **key()})
    assert asked.status_code == 422 and "reason:no-member-id" in asked.content.decode()
    assert desk.post(page + "add/", {**said, "reason:no-member-id": "By mail", **key()}).status_code == 303


def test_the_second_policy_is_let_pay_first_or_withdrawn(desk, lee):
    patient = a_patient()
    added(lee, patient)
    second = added(lee, patient, name="Ohio Mutual", rank=2)
    one = f"/patients/{patient.public_id}/coverage/{second.public_id}/"
    assert desk.post(one + "first/", key()).status_code == 303
    assert desk.post(one + "withdraw/", {"reason": "", **key()}).status_code == 422
    assert desk.post(one + "withdraw/", {"reason": "Brother's card", **key()}).status_code == 303
    assert [p.payer.name for p in queries.policies_of(patient)] == ["Lakes Health"]
    assert desk.get(f"/patients/{patient.public_id}/coverage/{uuid.uuid4()}/").status_code == 404


def test_who_only_sees_coverage_changes_nothing(client, lee, monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    patient = a_patient()
    policy = added(lee, patient)
    client.force_login(a_person("maria", "clinical_ma"))
    page = f"/patients/{patient.public_id}/coverage/"
    assert client.get(page).status_code == 200
    for path in ("add/", f"{policy.public_id}/", f"{policy.public_id}/end/", f"{policy.public_id}/check/"):
        assert client.post(page + path, {"reason": "x", **key()}).status_code == 403
    maria = acting_as(a_person("mia", "clinical_ma"))
    with pytest.raises(NotPermitted):
        actions.end_policy(actor=maria, policy=policy, ended=TODAY, reason="x")
    policy.refresh_from_db()
    assert policy.ended is None and policy.checks.count() == 0


def test_the_page_needs_few_queries_however_many_policies(desk, lee, django_assert_max_num_queries):
    patient = a_patient()
    for rank, name in enumerate(("A", "B", "C"), start=1):
        actions.record_check(actor=lee, policy=added(lee, patient, name=name, rank=rank), result="active")
    desk.get(f"/patients/{patient.public_id}/coverage/")
    with django_assert_max_num_queries(26):
        desk.get(f"/patients/{patient.public_id}/coverage/")


@pytest.mark.django_db(transaction=True)
def test_five_desks_let_two_policies_pay_first_and_one_order_stands():
    lee, patient = acting_as(a_person("lee", "administrative_ma")), a_patient()
    both = [added(lee, patient), added(lee, patient, name="Ohio Mutual", rank=2)]

    def first(number):
        try:
            actions.make_primary(actor=lee, policy=both[number % 2])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as desks:
        list(desks.map(first, range(6)))
    assert sorted(Policy.objects.filter(ended=None).values_list("rank", flat=True)) == [1, 2]
