from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.foundation.findings import Severity
from mainstay.messages.red_flags import (
    NOTHING_KNOWN,
    Facts,
    Place,
    Precautions,
    arrival_questions,
    arrival_screen,
    band,
    questions_for,
    raised,
    script,
)
from mainstay.messages.red_flags.arrival import arrival_rules
from mainstay.messages.rules import auto_reply, before_closing, categories, pool_for
from mainstay.work.lifecycle import Band
from mainstay.work.rules import read_clock

TOPICS = {
    "chest", "stroke", "breathing", "allergy", "consciousness", "bleeding", "sepsis", "belly", "pregnancy", "infant",
    "mental", "poison", "diabetes", "blood_pressure", "eye", "limb", "environment", "violence", "procedure",
    "medicines",
}  # fmt: skip
QUESTIONS = [q for topic in script().topics.values() for q in topic.questions]
FACTS = st.builds(
    Facts,
    age_days=st.none() | st.integers(0, 40_000),
    sex=st.sampled_from(["female", "male", "unknown"]),
    is_pregnant=st.none() | st.booleans(),
    weeks_since_birth=st.none() | st.integers(0, 52),
    is_immunosuppressed=st.booleans(),
    days_since_operation=st.none() | st.integers(0, 90),
    hours_since_same_problem=st.none() | st.floats(0, 200),
    caller_is_worried=st.booleans(),
)
ANSWERS = st.dictionaries(
    st.sampled_from([q.code for q in QUESTIONS]), st.sampled_from(["yes", "no", "unsure"]), max_size=12
)
BABY, ADULT, OLD = Facts(age_days=60), Facts(age_days=14_000), Facts(age_days=30_000)


# The script


def test_every_topic_has_an_emergency_question_and_a_softer_one():
    assert set(script().topics) == TOPICS
    for topic in script().topics.values():
        bands = {q.band for q in topic.questions}
        assert bands & {Band.R0, Band.R1}, topic.code


def test_questions_are_questions_in_both_languages():
    codes = [q.code for q in QUESTIONS]
    assert len(codes) == len(set(codes))
    for question in QUESTIONS:
        assert question.ask.en.endswith("?")
        assert question.ask.es.startswith("¿") or "¿" in question.ask.es
        assert question.ask.es.endswith("?")


@pytest.mark.parametrize("say", script().says.values(), ids=lambda s: s.code)
def test_what_is_read_aloud_never_reassures_or_advises_a_drug(say):
    spoken = f"{say.aloud.en} {say.aloud.es}".lower()
    for word in (
        "probably",
        "nothing serious",
        "don't worry",
        "normal",
        "viral",
        "tylenol",
        "ibuprofen",
        "no se preocupe",
    ):
        assert word not in spoken
    assert say.aloud.en != say.aloud.es


def test_emergencies_call_for_emergency_help():
    for question in QUESTIONS:
        if question.band is Band.R0:
            assert "911" in question.say.do or "988" in question.say.do, question.code


def test_the_list_says_that_it_waits_for_a_directors_signature():
    assert script().reviewed_by == "unverified"
    assert script().source


# Bands


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.code)
@pytest.mark.parametrize("answer", ["yes", "unsure"])
def test_a_yes_or_a_doubt_gives_at_least_the_band_of_its_question(question, answer):
    decision = band({question.code: answer}, NOTHING_KNOWN)
    assert decision.band is question.band
    assert question.ask.en in decision.reasons[0]
    assert decision.say == (question.say,)


def test_only_no_is_still_a_call_for_today():
    decision = band({"chest_now": "no", "chest_spreads": "no"}, ADULT)
    assert decision.band is Band.R3
    assert decision.reasons == ()
    assert "chest_known_heart" in decision.unasked


@given(ANSWERS, FACTS)
def test_an_added_yes_never_lowers_a_band(answers, facts):
    before = band(answers, facts)
    for question in QUESTIONS[:10]:
        assert band(answers | {question.code: "yes"}, facts).band.rank <= before.band.rank


@given(ANSWERS, FACTS)
def test_facts_only_raise_and_never_to_911_by_themselves(answers, facts):
    plain = band(answers, NOTHING_KNOWN).band
    final = band(answers, facts)
    assert final.band.rank <= plain.rank
    assert final.band is not Band.R0 or plain is Band.R0
    assert bool(final.raised_by) == (final.band is not plain)


@pytest.mark.parametrize(
    "facts",
    [
        OLD, BABY, Facts(is_pregnant=True), Facts(weeks_since_birth=6), Facts(is_immunosuppressed=True),
        Facts(days_since_operation=30), Facts(hours_since_same_problem=72), Facts(caller_is_worried=True),
    ],
)  # fmt: skip
def test_those_who_stand_less_are_raised_one_band(facts):
    assert raised(Band.R3, facts)[0] is Band.R2


@pytest.mark.parametrize(
    "facts", [ADULT, Facts(weeks_since_birth=7), Facts(days_since_operation=31), Facts(hours_since_same_problem=73)]
)
def test_others_are_not(facts):
    assert raised(Band.R3, facts) == (Band.R3, ())


def test_one_body_counts_once_and_a_worried_caller_once_more():
    frail = Facts(age_days=30_000, is_immunosuppressed=True, days_since_operation=3)
    assert raised(Band.R4, frail)[0] is Band.R3
    worried = Facts(age_days=30_000, caller_is_worried=True, hours_since_same_problem=10)
    assert raised(Band.R4, worried)[0] is Band.R1


def test_a_band_raised_to_a_live_clinician_brings_the_sentence_of_one():
    decision = band({"limb_swollen": "yes"}, OLD)
    assert decision.band is Band.R1
    assert [say.code for say in decision.say] == ["warm_transfer"]


def test_questions_fit_the_patient_and_come_most_urgent_first():
    assert "infant_fever" in {q.code for q in questions_for("infant", BABY)}
    assert questions_for("infant", ADULT) == ()
    assert questions_for("pregnancy", Facts(sex="male")) == ()
    ranks = [q.band.rank for q in questions_for("bleeding", ADULT)]
    assert ranks == sorted(ranks)


def test_an_answer_that_is_none_and_a_question_that_is_none_are_refused():
    with pytest.raises(ValueError, match="not an answer"):
        band({"chest_now": "perhaps"}, ADULT)
    with pytest.raises(KeyError):
        band({"nonsense": "yes"}, ADULT)


# The door


def test_fever_with_rash_goes_straight_to_a_closed_room():
    decision = arrival_screen({"fever": "yes", "rash": "unsure"})
    assert decision.place is Place.ROOM_NOW
    assert decision.precautions is Precautions.AIRBORNE
    assert decision.close_room_minutes == 120
    assert decision.findings[0].severity is Severity.ALERT
    assert "Mask" in decision.do[0]


@pytest.mark.parametrize(
    ("answers", "place", "precautions"),
    [
        ({}, "waiting_room", "standard"),
        ({"cough": "yes"}, "apart", "droplet"),
        ({"fever": "yes"}, "apart", "droplet"),
        ({"rash": "yes"}, "apart", "contact"),
        ({"stomach": "yes"}, "apart", "contact"),
        ({"travel": "yes"}, "waiting_room", "standard"),
        ({"travel": "yes", "fever": "yes"}, "room_now", "droplet"),
        ({"long_cough": "yes"}, "room_now", "airborne"),
        ({"exposure": "yes"}, "apart", "droplet"),
        ({"exposure": "yes", "cough": "yes"}, "room_now", "airborne"),
    ],
)
def test_the_most_careful_rule_of_the_door_wins(answers, place, precautions):
    decision = arrival_screen(answers)
    assert (decision.place, decision.precautions) == (place, precautions)


def test_the_door_says_what_it_has_not_asked():
    codes = [q.code for q in arrival_questions()]
    assert arrival_screen({}).unasked == tuple(codes)
    assert arrival_screen(dict.fromkeys(codes, "no")).unasked == ()
    with pytest.raises(KeyError):
        arrival_screen({"nonsense": "yes"})
    for rule in arrival_rules():
        assert rule.all_of | rule.any_of <= set(codes)


@given(
    st.dictionaries(st.sampled_from([q.code for q in arrival_questions()]), st.sampled_from(["yes", "no", "unsure"]))
)
def test_another_yes_at_the_door_never_brings_anybody_closer_to_others(answers):
    places = list(Place)
    before = places.index(arrival_screen(answers).place)
    for question in arrival_questions():
        assert places.index(arrival_screen(answers | {question.code: "yes"}).place) >= before


# Categories


def test_every_category_has_an_owner_and_a_clock_that_can_be_read():
    assert {"SYM", "MED", "RFL", "RES", "APT", "REF", "FRM", "BIL", "REC", "CMP", "EXT", "ADM"} <= set(categories())
    for category in categories().values():
        assert category.pool
        for clock in (category.clock, category.final_clock, category.legal_clock):
            assert not clock or read_clock(clock)


def test_a_symptom_message_is_not_closed_without_a_clinician():
    symptom = categories()["SYM"]
    assert [f.severity for f in before_closing(symptom, disposition_by_clinician=" ")] == [Severity.STOP]
    assert before_closing(symptom, disposition_by_clinician="Seen today, Dr. Rao") == ()
    assert before_closing(categories()["APT"], disposition_by_clinician="") == ()


def test_an_urgent_message_of_any_category_goes_to_a_clinician():
    assert pool_for(categories()["APT"], None) == "front_desk"
    assert pool_for(categories()["APT"], Band.R1) == "clinician"
    assert pool_for(categories()["BIL"], Band.R4) == "billing"


def test_the_automatic_reply_names_911_and_988_in_both_languages():
    for language in ("en", "es"):
        assert "911" in auto_reply(language)
        assert "988" in auto_reply(language)
    assert auto_reply("es-MX") != auto_reply("en-US")
