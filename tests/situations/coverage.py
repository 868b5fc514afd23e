"""Writes about who pays."""

from mainstay.coverage import actions
from mainstay.coverage.models import Policy
from mainstay.people.models import Patient
from tests.situations.clinic import Clinic
from tests.situations.table import Paper, Sent, write

CARD = {
    "payer": "Lakes Health", "kind": "commercial", "plan_name": "Gold", "member_id": "W123", "group_number": "7",
    "relationship": "child", "subscriber_name": "Ana Doe", "subscriber_birth_date": "05/05/1970",
    "effective": "01/01/2026", "ended": "", "copay": "25.00",
}  # fmt: skip


def a_policy(clinic: Clinic, patient: Patient | None = None, name: str = "Lakes Health", rank: int = 1) -> Policy:
    payer = actions.know_payer(actor=clinic.actor, name=name)
    facts = actions.PolicyFacts(member_id="W1")
    return actions.add_policy(
        actor=clinic.actor, patient=patient or clinic.patient(), payer=payer, facts=facts, rank=rank
    )


def named(policy: Policy) -> dict[str, object]:
    return {"public_id": policy.patient.public_id, "policy_id": policy.public_id}


@write("add-policy")
def add(clinic: Clinic) -> Sent:
    actions.know_payer(actor=clinic.actor, name="Lakes Health")
    png = b"\x89PNG\r\n\x1a\n"
    sides = {"card_front": Paper("front.png", png + b"1"), "card_back": Paper("back.png", png + b"2")}
    return Sent({"public_id": clinic.patient().public_id}, {**CARD, "rank": "1", **sides})


@write("change-policy")
def change(clinic: Clinic) -> Sent:
    return Sent(named(a_policy(clinic)), CARD)


@write("check-policy")
def check(clinic: Clinic) -> Sent:
    return Sent(named(a_policy(clinic)), {"result": "active", "how": "portal", "copay": "25.00", "note": "Ref 55"})


@write("end-policy")
def end(clinic: Clinic) -> Sent:
    return Sent(named(a_policy(clinic)), {"ended": "11/01/2027", "reason": "New job"})


@write("withdraw-coverage")
def withdraw(clinic: Clinic) -> Sent:
    return Sent(named(a_policy(clinic)), {"reason": "It was her brother's"})


@write("policy-first")
def pay_first(clinic: Clinic) -> Sent:
    first = a_policy(clinic)
    return Sent(named(a_policy(clinic, first.patient, "Ohio Mutual", 2)))
