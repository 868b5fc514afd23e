"""What must hold for every question anybody can ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.authority.engine import STRICTNESS, decide
from mainstay.authority.facts import (
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
from mainstay.authority.law import acts, credential_kinds, licenses, states, substances, training_topics
from mainstay.foundation.decisions import Outcome

DAYS = st.dates(date(2020, 1, 1), date(2029, 12, 31))
ASSISTANTS = [code for code in credential_kinds() if code not in licenses()]
CREDENTIALS = st.lists(
    st.builds(Credential, st.sampled_from(ASSISTANTS), st.none() | DAYS, st.booleans()), max_size=4
).map(tuple)
TRAINING = st.dictionaries(st.sampled_from(sorted(training_topics())), st.decimals(0, 1000, places=1), max_size=6)
QUESTIONS = st.builds(
    Question,
    state=st.sampled_from(sorted(states())),
    act=st.sampled_from(sorted(acts())),
    on=DAYS,
    credentials=CREDENTIALS,
    competency=st.builds(Competency, st.sampled_from(Competence), st.none() | DAYS, st.sampled_from(["", "adults"])),
    training=TRAINING.map(lambda found: tuple((k, Decimal(v)) for k, v in found.items())),
    delegator=st.sampled_from(["", *licenses()]),
    supervision=st.sampled_from(Supervision),
    medicare_direct=st.sampled_from([None, True, False]),
    order=st.sampled_from(Order),
    standing_order=st.builds(
        StandingOrder, st.none() | st.booleans(), st.none() | DAYS, st.none() | DAYS, st.none() | DAYS,
        st.none() | st.booleans(),
    ),
    patient_state=st.sampled_from(["", *states()]),
    patient_age=st.none() | st.integers(0, 120),
    is_patient_stable=st.none() | st.booleans(),
    substances=st.lists(st.sampled_from(sorted(substances())), max_size=2, unique=True).map(tuple),
    setting=st.sampled_from(["", "office", "primary_care", "hospital", "hospital_owned_clinic"]),
    performer_age=st.none() | st.integers(16, 70),
    unstated=st.sampled_from(Unstated),
)  # fmt: skip


def strictness(question: Question) -> int:
    return STRICTNESS[decide(question).outcome]


@settings(max_examples=600, deadline=None)
@given(QUESTIONS)
def test_every_question_has_a_whole_answer(question):
    decision = decide(question)
    assert decision.reason.endswith(".")
    assert decision.citation
    assert bool(decision.who_could) == (not decision)
    assert bool(decision.conditions) == (decision.outcome is Outcome.ALLOW_WITH_CONDITIONS)
    assert len(set(decision.conditions)) == len(decision.conditions)


@settings(max_examples=400, deadline=None)
@given(QUESTIONS)
def test_no_assistant_ever_gets_one_of_the_six_acts_without_a_policy(question):
    for act in acts().values():
        if act.hard_stop:
            assert not decide(replace(question, act=act.code))


@settings(max_examples=400, deadline=None)
@given(QUESTIONS, st.sampled_from(list(Supervision)[1:]))
def test_closer_supervision_never_makes_the_answer_stricter(question, closer):
    stated = replace(question, supervision=max(question.supervision, Supervision.GENERAL))
    assert strictness(replace(stated, supervision=max(closer, stated.supervision))) <= strictness(stated)


@settings(max_examples=400, deadline=None)
@given(QUESTIONS)
def test_an_order_for_the_patient_is_never_worse_than_another_or_none(question):
    assert strictness(replace(question, order=Order.SIGNED)) <= strictness(question)


@settings(max_examples=400, deadline=None)
@given(QUESTIONS, st.sampled_from(ASSISTANTS))
def test_one_more_current_credential_is_never_worse(question, code):
    more = (*question.credentials, Credential(code, date(2030, 1, 1), True))
    assert strictness(replace(question, credentials=more)) <= strictness(question)


@settings(max_examples=300, deadline=None)
@given(QUESTIONS)
def test_the_patients_state_never_makes_the_answer_milder(question):
    assert strictness(question) >= strictness(replace(question, patient_state=""))


@settings(max_examples=400, deadline=None)
@given(QUESTIONS, st.booleans())
def test_medicare_direct_supervision_changes_no_outcome(question, met):
    assert strictness(replace(question, medicare_direct=met)) == strictness(question)


@settings(max_examples=400, deadline=None)
@given(QUESTIONS, st.sampled_from([PolicyEffect.FORBID, PolicyEffect.NARROW]), st.sampled_from(Supervision))
def test_a_policy_without_a_signature_never_makes_the_answer_milder(question, effect, least):
    policy = Policy(question.act, effect, date(2019, 1, 1), least_supervision=least, reason="because")
    assert strictness(replace(question, policies=(policy,))) >= strictness(question)
