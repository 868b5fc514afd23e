"""The engine, gate by gate."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from mainstay.authority.engine import decide
from mainstay.authority.facts import (
    Colleague,
    Competence,
    Competency,
    Credential,
    Order,
    Policy,
    PolicyEffect,
    Question,
    StandingOrder,
    Supervision,
    Unstated,
)
from mainstay.authority.law import acts, states
from mainstay.foundation.decisions import Confidence, Outcome
from mainstay.foundation.errors import InvalidInput

TODAY = date(2026, 11, 21)
CMA = Credential("CMA_AAMA", date(2028, 1, 31))
SIGNED = Competency(Competence.SIGNED, date(2027, 5, 1))
TEXAS = Question(
    state="TX",
    act="inj_im",
    on=TODAY,
    credentials=(CMA,),
    competency=SIGNED,
    supervision=Supervision.ON_SITE,
    order=Order.SIGNED,
    delegator="MD",
    unstated=Unstated.REFUSE,
)
MEDICAL_DIRECTOR = Policy(
    act="iv_start",
    effect=PolicyEffect.LOOSEN,
    effective=date(2026, 1, 1),
    statute="COMAR 10.32.12.04",
    signed_by="Dr. Abiodun Okafor",
    signed_on=date(2025, 12, 20),
    is_by_medical_director=True,
)


def asked(question: Question = TEXAS, **change):
    return decide(replace(question, **change))


def test_an_injection_with_everything_in_place_is_allowed_with_conditions():
    decision = asked()
    assert decision.outcome is Outcome.ALLOW_WITH_CONDITIONS
    assert "157.001" in decision.citation
    assert decision.citation.endswith("(unverified)")


def test_a_vaccine_in_new_york_is_refused_whatever_the_certificate():
    decision = asked(state="NY", act="vaccine")
    assert decision.outcome is Outcome.REFUSE
    assert "6530(11)" in decision.citation
    assert decision.confidence is Confidence.HIGH
    assert "a registered nurse" in decision.who_could


def test_a_credential_is_good_through_its_last_day_and_refuses_from_midnight():
    last_day = (Credential("CMA_AAMA", TODAY),)
    yesterday = (Credential("CMA_AAMA", date(2026, 11, 20)),)
    assert asked(credentials=last_day)
    refused = asked(credentials=yesterday)
    assert refused.outcome is Outcome.REFUSE
    assert "expired on 20 Nov 2026" in refused.reason


def test_a_lapsed_credential_beside_a_current_one_does_no_harm():
    assert asked(credentials=(Credential("RMA_AMT", date(2024, 1, 1)), CMA))


def test_a_lapsed_credential_leaves_acts_that_need_none():
    assert asked(act="vital_signs", credentials=(Credential("CMA_AAMA", date(2020, 1, 1)),))


@pytest.mark.parametrize(
    "credentials",
    [(), (CMA,), (Credential("WA_MA_P"),), (Credential("WA_MA_C", date(2026, 11, 20)),)],
    ids=["none", "national only", "phlebotomist", "lapsed"],
)
def test_washington_wants_its_own_credential_for_an_injection(credentials):
    decision = asked(state="WA", credentials=credentials)
    assert decision.outcome is Outcome.REFUSE
    assert "Washington MA-Certified" in decision.reason + " ".join(decision.who_could)


def test_washington_asks_whether_a_registered_assistant_may_give_this_vaccine():
    assert asked(state="WA", act="vaccine", credentials=(Credential("WA_MA_R"),)).outcome is Outcome.ASK


def test_connecticut_counts_class_and_clinic_hours():
    question = replace(
        TEXAS, state="CT", act="vaccine", setting="office", training=(("accredited_program", Decimal(1)),)
    )
    assert "nothing on file" in decide(question).reason
    short = (
        ("accredited_program", Decimal(1)),
        ("vaccine_class_hours", Decimal(24)),
        ("vaccine_clinic_hours", Decimal("7.5")),
    )
    assert "falls short" in decide(replace(question, training=short)).reason
    enough = (
        ("accredited_program", Decimal(1)),
        ("vaccine_class_hours", Decimal(24)),
        ("vaccine_clinic_hours", Decimal(8)),
    )
    assert decide(replace(question, training=enough))
    assert not decide(replace(question, training=enough, setting="hospital"))
    assert not decide(replace(question, training=enough, credentials=(Credential("NRCMA_NAHP"),)))


def test_south_carolina_grace_ended_on_15_july_2026():
    uncertified = replace(TEXAS, state="SC", credentials=(), training=(("accredited_program", Decimal(1)),))
    assert decide(replace(uncertified, on=date(2026, 7, 14)))
    assert decide(replace(uncertified, on=date(2026, 7, 15))).outcome is Outcome.REFUSE


def test_illinois_asks_once_its_section_may_have_lapsed():
    assert asked(state="IL", on=date(2026, 12, 31))
    later = asked(state="IL", on=date(2027, 1, 1))
    assert later.outcome is Outcome.ASK
    assert "repeal" in later.citation


def test_an_unknown_sign_off_refuses_in_the_product_and_is_a_condition_on_the_command_line():
    refused = asked(competency=Competency())
    assert refused.outcome is Outcome.REFUSE
    listed = asked(competency=Competency(), unstated=Unstated.VERIFY)
    assert any("signed off" in c for c in listed.conditions)


def test_a_sign_off_that_ended_refuses():
    assert not asked(competency=Competency(Competence.SIGNED, date(2026, 11, 20)))
    assert asked(competency=Competency(Competence.SIGNED, TODAY))


@pytest.mark.parametrize(
    ("order", "outcome"),
    [
        (Order.SIGNED, Outcome.ALLOW_WITH_CONDITIONS),
        (Order.STANDING, Outcome.REFUSE),
        (Order.NONE, Outcome.REFUSE),
    ],
)
def test_an_injection_takes_an_order_for_this_patient(order, outcome):
    assert asked(order=order).outcome is outcome


@pytest.mark.parametrize(
    "facts",
    [
        StandingOrder(is_signed=False),
        StandingOrder(is_signed=True, names_assistants=False),
        StandingOrder(is_signed=True, names_assistants=True, reviewed=date(2025, 11, 20)),
        StandingOrder(is_signed=True, names_assistants=True, dated=date(2026, 12, 1)),
        StandingOrder(is_signed=True, names_assistants=True, dated=date(2026, 1, 1), expires=date(2026, 11, 20)),
    ],
    ids=["unsigned", "not for assistants", "review overdue", "not yet in force", "ended"],
)
def test_a_standing_order_that_is_not_good_refuses(facts):
    assert not asked(act="vaccine", order=Order.STANDING, standing_order=facts)


def test_a_standing_order_reviewed_a_year_ago_today_is_still_good():
    facts = StandingOrder(is_signed=True, names_assistants=True, reviewed=date(2025, 11, 21))
    assert asked(act="vaccine", order=Order.STANDING, standing_order=facts)


def test_a_standing_order_is_good_through_its_last_day():
    facts = StandingOrder(is_signed=True, names_assistants=True, reviewed=date(2026, 6, 1), expires=TODAY)
    assert asked(act="vaccine", order=Order.STANDING, standing_order=facts)
    assert not asked(act="vaccine", order=Order.STANDING, standing_order=facts, on=TODAY + timedelta(days=1))


def test_california_asks_the_assistant_to_be_18_and_takes_them_from_that_birthday():
    assert asked(state="CA", performer_age=18, unstated=Unstated.VERIFY)
    assert "18 or older" in asked(state="CA", performer_age=17, unstated=Unstated.VERIFY).reason


def test_medicare_direct_by_video_does_not_replace_a_supervisor_on_site():
    decision = asked(supervision=Supervision.TELEHEALTH_AV, medicare_direct=True)
    assert decision.outcome is Outcome.REFUSE
    assert "billing" in decision.reason


def test_a_state_that_leaves_supervision_to_the_agreement_asks():
    assert asked(state="CO", supervision=Supervision.GENERAL).outcome is Outcome.ASK
    assert asked(state="GA", supervision=Supervision.GENERAL)


def test_the_law_of_the_delegators_license_applies():
    assert not asked(state="FL", delegator="NP")
    assert asked(state="AZ", delegator="NP", training=(("accredited_program", Decimal(1)),))
    assert asked(delegator="RN").outcome is Outcome.ASK
    assert any("NP" in c for c in asked(delegator="NP").conditions)


def test_an_unstable_patient_is_refused_where_the_law_speaks_of_stable_ones():
    assert not asked(state="OH", is_patient_stable=False)
    assert asked(state="OH", is_patient_stable=True)


def test_substances_bring_their_own_rule():
    assert not asked(substances=("controlled",))
    assert not asked(substances=("chemotherapy",))
    assert asked(substances=("allergen",))
    assert not asked(state="NJ", substances=("allergen",), training=(("program_hours", Decimal(330)),))


def test_the_stricter_of_two_states_holds_and_both_are_cited():
    assert asked(act="vaccine", patient_state="NY").outcome is Outcome.REFUSE
    assert asked(state="NY", act="vaccine", patient_state="TX").outcome is Outcome.REFUSE
    both = asked(patient_state="MI")
    assert "157.001" in both.citation
    assert "333.16215" in both.citation


def test_six_acts_are_closed_to_assistants_in_every_state():
    closed = [a.code for a in acts().values() if a.hard_stop]
    assert set(closed) == {
        "iv_med", "ecg_interpret", "interpret_test", "diagnose", "assess", "treat_independently",
        "local_anaesthetic", "anesthesia",
    }  # fmt: skip
    for state in states():
        for act in closed:
            assert asked(state=state, act=act).outcome is Outcome.REFUSE


def test_only_a_medical_directors_signed_policy_naming_its_statute_opens_an_act():
    maryland = replace(TEXAS, state="MD", act="iv_start")
    assert not decide(maryland)
    opened = decide(replace(maryland, policies=(MEDICAL_DIRECTOR,)))
    assert opened.outcome is Outcome.ALLOW_WITH_CONDITIONS
    assert any("Okafor" in c and "COMAR" in c for c in opened.conditions)
    for flaw in ({"statute": " "}, {"signed_on": None}, {"is_by_medical_director": False}, {"signed_by": ""}):
        assert not decide(replace(maryland, policies=(replace(MEDICAL_DIRECTOR, **flaw),)))
    assert not decide(replace(maryland, policies=(replace(MEDICAL_DIRECTOR, until=TODAY),)))
    assert not decide(replace(maryland, policies=(MEDICAL_DIRECTOR,), order=Order.NONE))
    assert not decide(replace(maryland, policies=(MEDICAL_DIRECTOR,), competency=Competency()))
    assert not decide(replace(maryland, policies=(MEDICAL_DIRECTOR,), supervision=Supervision.GENERAL))


@pytest.mark.parametrize(
    "lacking", [{"order": Order.NONE}, {"competency": Competency()}, {"supervision": Supervision.GENERAL}]
)
def test_what_a_policy_opened_takes_an_order_a_sign_off_and_presence_though_the_state_asks_for_none(lacking):
    georgia = replace(TEXAS, state="GA", act="iv_start", policies=(replace(MEDICAL_DIRECTOR, statute="OCGA 43-34-44"),))
    assert decide(georgia)
    assert not decide(replace(georgia, **lacking))


def test_a_policy_against_a_law_that_was_read_asks_and_never_opens():
    policy = replace(MEDICAL_DIRECTOR, act="vaccine", statute="A5460-C")
    assert asked(state="NY", act="vaccine", policies=(policy,)).outcome is Outcome.ASK


def test_a_clinic_policy_narrows():
    forbid = Policy("inj_im", PolicyEffect.FORBID, date(2026, 1, 1), reason="Two wrong-site injections in May")
    assert "wrong-site" in asked(policies=(forbid,)).reason
    watched = Policy("inj_im", PolicyEffect.NARROW, date(2026, 1, 1), least_supervision=Supervision.DIRECT_VISUAL)
    assert not asked(policies=(watched,))
    assert asked(policies=(watched,), supervision=Supervision.DIRECT_VISUAL)
    adults = Policy("inj_im", PolicyEffect.NARROW, date(2026, 1, 1), least_patient_age=18)
    assert not asked(policies=(adults,), patient_age=17)
    assert asked(policies=(adults,), patient_age=18)
    assert asked(policies=(replace(adults, state="OK"),), patient_age=17)


def test_who_could_names_the_colleagues_who_could_now():
    colleagues = (
        Colleague("Ana Ruiz", (CMA,), SIGNED),
        Colleague("Lee Park", (Credential("CCMA_NHA", date(2026, 1, 1)),), SIGNED),
        Colleague("Rosa Diaz, RN", (Credential("RN", date(2027, 1, 1)),)),
    )
    refused = asked(credentials=(Credential("CMA_AAMA", date(2026, 11, 20)),), colleagues=colleagues)
    assert refused.who_could == ("Ana Ruiz", "Rosa Diaz, RN")


def test_license_holders_act_by_their_license():
    nurse = (Credential("RN", date(2027, 1, 1)),)
    assert asked(state="NY", act="vaccine", credentials=nurse).outcome is Outcome.ALLOW
    assert not asked(act="vaccine", credentials=nurse, order=Order.NONE)
    assert not asked(act="diagnose", credentials=nurse)
    assert asked(act="diagnose", credentials=(Credential("PA"),))
    assert not asked(act="vaccine", state="NY", credentials=(Credential("RN", date(2026, 11, 20)),))


def test_a_permit_opens_an_x_ray():
    assert not asked(act="xray_expose")
    assert asked(act="xray_expose", credentials=(CMA, Credential("LIMITED_XRAY", date(2027, 1, 1))))
    assert not asked(act="xray_expose", credentials=(CMA, Credential("LIMITED_XRAY", date(2026, 11, 20))))


def test_an_uncredentialed_assistant_prepares_orders_and_does_not_enter_them():
    assert asked(act="order_pend", credentials=())
    assert not asked(act="order_enter_on_instruction", credentials=())
    assert asked(act="order_enter_on_instruction")


def test_a_rule_not_checked_for_a_year_says_so():
    assert any("last checked on 21 Nov 2026" in c for c in asked(on=date(2027, 11, 25), competency=Competency(
        Competence.SIGNED, date(2028, 1, 1)
    )).conditions)  # fmt: skip


def test_unknown_words_are_told_with_the_choices():
    with pytest.raises(InvalidInput, match="postal code"):
        asked(state="ZZ")
    with pytest.raises(InvalidInput, match="no act"):
        asked(act="surgery")
