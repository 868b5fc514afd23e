"""Standing orders: when they hold, for whom, by whom, and that what was signed stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from mainstay.authority.queries import Order as OnOrder
from mainstay.authority.queries import may_do_act
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput, NotPermitted
from mainstay.foundation.testing import A_MOMENT, an_actor, tell_everyone
from mainstay.orders import actions
from mainstay.orders.models import StandingOrder
from mainstay.orders.queries import Criterion, Effect, PatientFacts, StandingMatch, standing_orders_for
from mainstay.orders.tests.factories import FLU_STANDING, a_doctor, a_standing_order
from mainstay.visits.tests.factories import a_person, a_site, acting_as
from mainstay.work.models import WorkItem
from mainstay.workforce.models import Credential

pytestmark = pytest.mark.django_db
GROWN_UP = PatientFacts(date(1980, 2, 3), "female", answers={"severe_reaction": "no"})


def matched(actor: Actor, patient: PatientFacts = GROWN_UP, **more: Any) -> list[StandingMatch]:
    """What is found for influenza."""
    return standing_orders_for(actor, act="vaccine", patient=patient, vaccine_group="Influenza", **more)


def codes(match: StandingMatch) -> set[str]:
    """Why it does not hold."""
    return {finding.code for finding in match.findings}


@pytest.fixture
def maria() -> Actor:
    """A clinical medical assistant."""
    return acting_as(a_person("maria", "clinical_ma"))


def test_a_signed_standing_order_holds_for_whom_it_covers(maria: Actor) -> None:
    order = a_standing_order()
    [match] = matched(maria)
    assert (match.order, match.holds, match.delegator) == (order, True, "MD")
    assert [p.cvx for p in match.products] == ["150"]
    assert match.facts.names_assistants
    assert standing_orders_for(maria, act="vaccine", patient=GROWN_UP, vaccine_group="MMR") == []
    assert standing_orders_for(maria, act="venipuncture", patient=GROWN_UP) == []
    by_code = standing_orders_for(maria, act="vaccine", patient=GROWN_UP, vaccine_group="MMR", cvx="150")
    assert by_code == []


def test_a_standing_order_may_name_its_vaccines_by_code(maria: Actor) -> None:
    a_standing_order(text=replace(FLU_STANDING, vaccine_groups=(), cvx=("150", "158")))
    assert standing_orders_for(maria, act="vaccine", patient=GROWN_UP, vaccine_group="Influenza", cvx="158")
    assert not matched(maria)


def test_an_unsigned_standing_order_is_not_found_at_all(maria: Actor) -> None:
    actions.write_standing_order(actor=an_actor(), text=FLU_STANDING)
    assert matched(maria) == []


@pytest.mark.parametrize(
    ("on", "why"),
    [
        (date(2026, 7, 31), {"not-yet"}),
        (date(2026, 8, 1), set()),
        (date(2027, 6, 30), set()),
        (date(2027, 7, 1), {"expired"}),
        (date(2027, 11, 21), {"expired", "not-reviewed"}),
    ],
)
def test_it_holds_from_its_first_day_through_its_last(maria: Actor, on: date, why: set[str]) -> None:
    a_standing_order()
    assert codes(matched(maria, on=on)[0]) == why


def test_a_review_lets_it_hold_on_and_is_written_down(maria: Actor) -> None:
    doctor = a_doctor()
    order = a_standing_order(doctor=doctor)
    later = acting_as(doctor, now=A_MOMENT + timedelta(days=200))
    with pytest.raises(InvalidInput, match="twelve months"):
        actions.renew_standing_order(actor=later, standing_order=order, expires_on=later.today + timedelta(days=367))
    end = later.today + timedelta(days=365)
    actions.renew_standing_order(actor=later, standing_order=order, expires_on=end, words="No change")
    assert matched(maria, on=end)[0].holds
    assert codes(matched(maria, on=end + timedelta(days=1))[0]) == {"expired"}
    assert codes(matched(maria, on=end + timedelta(days=2))[0]) == {"expired", "not-reviewed"}
    order.refresh_from_db()
    assert order.signed_through == FLU_STANDING.expires_on
    assert order.reviews.get().words == "No change"


def test_ages_conditions_and_answers_keep_patients_out(maria: Actor) -> None:
    a_standing_order()
    baby = PatientFacts(A_MOMENT.date() - timedelta(days=100), answers={"severe_reaction": "no"})
    assert codes(matched(maria, baby)[0]) == {"not-included"}
    assert matched(maria, baby)[0].products == ()
    for answer, why in (("yes", {"excluded"}), ("unsure", {"excluded"}), ("no", set()), ("", {"unanswered"})):
        match = matched(maria, replace(GROWN_UP, answers={"severe_reaction": answer}))[0]
        assert codes(match) == why
        assert match.could_hold is (why <= {"unanswered"})
    assert codes(matched(maria, replace(GROWN_UP, conditions=frozenset({"107"})))[0]) == {"excluded"}


def test_it_covers_roles_and_any_one_of_its_credentials(maria: Actor) -> None:
    doctor = a_doctor()
    a_standing_order(doctor=doctor, text=replace(FLU_STANDING, credentials=("CMA_AAMA", "RMA_AMT")))
    desk = acting_as(a_person("desk", "administrative_ma"))
    assert codes(matched(desk)[0]) == {"role-not-covered", "credential-not-covered"}
    assert codes(matched(maria)[0]) == {"credential-not-covered"}
    held = Credential.objects.create(
        staff_id=maria.staff_id, code="RMA_AMT", issuer="AMT", expires_on=A_MOMENT.date(), verified_at=A_MOMENT,
        verified_by=doctor,
    )  # fmt: skip
    assert matched(maria)[0].holds
    held.revoked_on = A_MOMENT.date()
    held.save()
    assert codes(matched(maria)[0]) == {"credential-not-covered"}


def test_it_holds_only_at_its_sites(maria: Actor) -> None:
    southside = a_site("Southside")
    a_standing_order(text=replace(FLU_STANDING, sites=(southside,)))
    assert matched(maria) == []
    assert matched(maria, site=southside)[0].holds


def test_only_a_license_that_may_delegate_there_signs_it() -> None:
    draft = actions.write_standing_order(actor=an_actor(), text=FLU_STANDING)
    nurse = replace(acting_as(a_person("nora", "nurse", licence="RN")), permissions=frozenset({"orders.sign_standing"}))
    with pytest.raises(NotPermitted, match="signed by a provider"):
        actions.sign_standing_order(actor=nurse, standing_order=draft)
    denver = a_site("Denver", state="CO")
    there = actions.write_standing_order(actor=an_actor(), text=replace(FLU_STANDING, sites=(denver,)))
    with pytest.raises(NotPermitted, match="Colorado"):
        actions.sign_standing_order(actor=acting_as(a_doctor("noor", "NP")), standing_order=there)
    with pytest.raises(NotPermitted):
        actions.sign_standing_order(actor=acting_as(a_person("maria", "clinical_ma")), standing_order=there)
    assert actions.sign_standing_order(actor=acting_as(a_doctor()), standing_order=there).signed_license == "MD"


def test_a_new_version_holds_once_it_is_signed_and_replaces_the_old_one(maria: Actor) -> None:
    doctor = a_doctor()
    old = a_standing_order(doctor=doctor)
    text = replace(FLU_STANDING, title="Influenza vaccine, any injectable")
    new = actions.write_standing_order(actor=an_actor(), text=text, replaces=old)
    assert (new.version, new.family) == (2, old.family)
    with pytest.raises(IllegalMove, match="written already"):
        actions.write_standing_order(actor=an_actor(), text=text, replaces=old)
    assert [m.order for m in matched(maria)] == [old]
    actions.sign_standing_order(actor=acting_as(doctor), standing_order=new)
    assert [m.order for m in matched(maria)] == [new]
    old.refresh_from_db()
    assert old.state == "superseded"


def test_a_withdrawn_one_is_gone_at_once(maria: Actor) -> None:
    doctor = a_doctor()
    order = a_standing_order(doctor=doctor)
    with pytest.raises(InvalidInput):
        actions.withdraw_standing_order(actor=acting_as(doctor), standing_order=order, reason="")
    actions.withdraw_standing_order(actor=acting_as(doctor), standing_order=order, reason="Product recalled")
    assert matched(maria) == []


def test_what_was_signed_stays_even_against_raw_sql() -> None:
    order = a_standing_order()
    changes = (
        ("UPDATE orders_standingorder SET title = 'Other' WHERE id = %s", order.pk),
        ("UPDATE orders_standingorder SET signed_through = '2030-01-01' WHERE id = %s", order.pk),
        ("UPDATE orders_standingorder SET roles = '{biller}' WHERE id = %s", order.pk),
        ("UPDATE orders_standingcriterion SET words = 'x' WHERE standing_order_id = %s", order.pk),
        ("DELETE FROM orders_standingcriterion WHERE standing_order_id = %s", order.pk),
        ("UPDATE orders_standingproduct SET dose = 5 WHERE standing_order_id = %s", order.pk),
        ("INSERT INTO orders_standingsite (standing_order_id, site_id) SELECT %s, id FROM practice_site", order.pk),
        ("DELETE FROM orders_standingorder WHERE id = %s", order.pk),
    )
    for sql, key in changes:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [key])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_standingorder SET expires_on = '2027-01-31' WHERE id = %s", [order.pk])
    assert StandingOrder.objects.get(pk=order.pk).expires_on == date(2027, 1, 31)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"acts": ()}, "acts"),
        ({"vaccine_groups": ()}, "vaccine_groups"),
        ({"roles": ()}, "roles"),
        ({"emergency": ""}, "emergency"),
        ({"criteria": ()}, "criteria"),
        ({"expires_on": date(2026, 7, 1)}, "expires_on"),
        ({"expires_on": date(2028, 1, 1)}, "expires_on"),
        ({"criteria": (Criterion(Effect.INCLUDE, "x", least_age="six"),)}, ""),
    ],
)
def test_a_standing_order_that_lacks_a_part_is_not_written(change: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as error:
        actions.write_standing_order(actor=an_actor(), text=replace(FLU_STANDING, **change))  # type: ignore[arg-type]  # facts by name
    assert error.value.field == field


def test_a_month_before_it_ends_its_review_is_owed_once_and_settled_by_the_review() -> None:
    doctor = a_doctor()
    order = a_standing_order(doctor=doctor)
    early, near = date(2027, 5, 30), date(2027, 6, 1)

    def on(day: date) -> Actor:
        return an_actor(now=A_MOMENT + (day - A_MOMENT.date()))

    assert actions.tell_standing_orders_expiring(actor=on(early)) == 0
    for day in (near, near + timedelta(days=1)):
        assert actions.tell_standing_orders_expiring(actor=on(day)) == 1
        tell_everyone()
    item = WorkItem.objects.get(kind="review_standing_order")
    assert (item.owner, item.state) == (doctor, "open")
    assert "30 Jun 2027" in item.title
    later = acting_as(doctor, now=on(near).now)
    actions.renew_standing_order(actor=later, standing_order=order, expires_on=later.today + timedelta(days=300))
    item.refresh_from_db()
    assert item.state == "done"


def test_the_authority_reads_the_facts_of_a_match(maria: Actor) -> None:
    a_standing_order()
    match = matched(maria)[0]
    ours = may_do_act(maria, "vaccine", order=OnOrder.STANDING, standing_order=match.facts, delegator=match.delegator)
    assert "New York" in ours.reason
    florida = acting_as(a_person("luis", "clinical_ma", home_site=a_site("Tampa", state="FL")))
    stale = replace(match.facts, reviewed=date(2024, 1, 1))
    decision = may_do_act(florida, "vaccine", order=OnOrder.STANDING, standing_order=stale, delegator="MD")
    assert not decision


def test_the_number_of_queries_does_not_grow_with_the_number_of_standing_orders(maria: Actor) -> None:
    doctor = a_doctor()
    a_standing_order(doctor=doctor)
    with CaptureQueriesContext(connection) as one:
        matched(maria)
    for n in range(4):
        a_standing_order(doctor=doctor, text=replace(FLU_STANDING, title=f"Influenza {n}"))
    with CaptureQueriesContext(connection) as five:
        assert len(matched(maria)) == 5
    assert len(one) == len(five) == 7
