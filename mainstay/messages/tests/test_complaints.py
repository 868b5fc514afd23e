from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.foundation.findings import Severity
from mainstay.messages.red_flags import (
    Facts,
    before_booking,
    complaint_band,
    read_complaint,
    script,
    signs,
    signs_in,
)
from mainstay.work.lifecycle import Band

HERE = Path(__file__).parent
BABY, ADULT, OLD, PREGNANT = Facts(age_days=60), Facts(age_days=14_000), Facts(age_days=30_000), Facts(is_pregnant=True)


def lines(name: str) -> list[str]:
    text = (HERE / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


PHRASINGS = [tuple(line.split(" | ", 1)) for line in lines("phrasings.txt")]
ORDINARY = lines("ordinary.txt")


def worst(text: str, facts: Facts = ADULT) -> Band | None:
    found = signs_in(text, facts)
    return found[0].band if found else None


# Recall and precision


def test_the_list_of_phrasings_is_long_and_in_two_languages():
    assert len(PHRASINGS) >= 600
    spanish = [text for _, text in PHRASINGS if re.search(r"[ñáéíóú]|\b(me|mi|de|el|la|no puede|tengo)\b", text)]
    assert len(spanish) >= 120


@pytest.mark.parametrize(("expected", "text"), PHRASINGS, ids=[text for _, text in PHRASINGS])
def test_what_must_not_wait_is_seen(expected, text):
    found = signs_in(text)
    assert found, "nothing seen"
    assert found[0].band.rank <= Band(expected).rank


def test_everyday_requests_raise_no_alarm():
    alarmed = {text: [sign.code for sign in signs_in(text)] for text in ORDINARY if signs_in(text)}
    assert len(ORDINARY) >= 200
    assert alarmed == {}


def test_nine_in_ten_are_still_seen_with_a_typing_error_in_a_long_word():
    choose = random.Random(20261121)
    seen = total = 0
    for expected, text in PHRASINGS:
        for word in re.finditer(r"[^\W\d_']{6,}", text):
            letters, at = word[0], choose.randrange(1, len(word[0]) - 2)
            typed = choose.choice(
                [
                    letters[:at] + letters[at + 1] + letters[at] + letters[at + 2 :],
                    letters[:at] + letters[at + 1 :],
                    letters[:at] + letters[at] + letters[at:],
                    letters[:at] + choose.choice("aeioust") + letters[at + 1 :],
                ]
            )
            found = signs_in(text[: word.start()] + typed + text[word.end() :])
            total += 1
            seen += bool(found) and found[0].band.rank <= Band(expected).rank
    assert total > 500
    assert seen / total >= 0.95


@pytest.mark.parametrize(("_", "text"), PHRASINGS[::7])
def test_case_accents_and_greetings_change_nothing(_, text):
    before = worst(text)
    assert worst(text.upper()) == before
    assert worst(f"Hello Dr. Rao. {text}. Thank you!") is not None


# No, and doubt


@pytest.mark.parametrize(
    "text",
    [
        "no chest pain", "I don't have chest pain", "I dont have any chest pain", "not having chest pain",
        "denies chest pain, sob, palpitations", "no chest pain, shortness of breath or fainting",
        "never had chest pain",
        "without chest pain", "chest pain: no", "no tengo dolor de pecho", "sin dolor de pecho", "niega dolor de pecho",
        "no me duele el pecho", "he is not suicidal", "not short of breath", "no seizures", "has not passed out",
        "does not have trouble breathing", "no bleeding",
    ],
)  # fmt: skip
def test_what_is_denied_is_not_flagged(text):
    assert signs_in(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "not sure if this is chest pain", "I don't think it's chest pain but my chest hurts", "don't know, chest pain?",
        "no fever but chest pain", "No, I have chest pain", "no. chest pain.", "no energy, chest pain",
        "can't sleep, chest pain", "chest pain not going away", "never had chest pain like this",
        "no sé si es dolor de pecho",
        "no puedo dormir, me duele el pecho", "chest pain no relief", "not feeling well chest pain",
        "isn't only heartburn, it is chest pain", "no longer have chest pain", "not better chest pain",
        "sin fiebre pero con dolor de pecho", "chest pain, no fever",
    ],
)  # fmt: skip
def test_doubt_and_other_noes_do_not_hide_chest_pain(text):
    assert worst(text) in (Band.R0, Band.R1)


def test_cannot_breathe_is_no_denial():
    assert worst("can't breathe") is Band.R0
    assert worst("no puede respirar") is Band.R0
    assert worst("cant breathe and chest hurts") is Band.R0


# Booking


@pytest.mark.parametrize("text", ["chest pain", "me duele el pecho", "Chest pain x3 days, first available please"])
@pytest.mark.parametrize("facts", [ADULT, OLD, BABY, Facts()])
def test_chest_pain_is_never_booked(text, facts):
    findings = before_booking(text, facts)
    assert findings
    assert {f.severity for f in findings} == {Severity.STOP}
    assert findings[0].code.startswith(("red-flag:R0", "red-flag:R1"))
    assert "Do not book" in findings[0].message


def test_a_yearly_physical_is_booked():
    assert before_booking("annual physical", ADULT) == ()


def test_a_message_is_kept_and_a_person_is_told():
    findings = read_complaint("my chest hurts", ADULT)
    assert {f.severity for f in findings} == {Severity.ALERT}
    assert "stay on until they speak" in findings[0].message.lower()


# The patient counts


def test_a_fever_is_urgent_in_a_young_baby_only():
    assert worst("fever of 101", BABY) is Band.R1
    assert worst("fever of 101", ADULT) is None
    assert worst("3 week old, fever 101", Facts()) is Band.R1
    assert worst("bebé de 3 semanas de nacido con 38.4", Facts()) is Band.R1


def test_a_headache_is_urgent_in_pregnancy():
    assert worst("bad headache", PREGNANT) is Band.R1
    assert worst("bad headache", ADULT) is None


def test_fever_is_urgent_with_weak_immunity():
    assert worst("fever since this morning", Facts(age_days=14_000, is_immunosuppressed=True)) is Band.R1


def test_an_old_or_repeat_caller_is_raised_and_told_why():
    decision = complaint_band("my calf is swollen", OLD)
    assert decision.band is Band.R1
    assert decision.raised_by == ("65 or older",)
    assert complaint_band("refill please", OLD) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("blood sugar 53", Band.R0), ("blood sugar 54", Band.R2), ("blood sugar 70", None),
        ("blood sugar 300", Band.R2),
        ("blood sugar 299", None), ("oxygen 90", Band.R0), ("oxygen 92", Band.R1), ("oxygen 93", None),
        ("bp 180/90", Band.R2), ("bp 179/119", None), ("bp 150/120", Band.R2), ("bp 120/80 on 3/5/2026", None),
        ("temp 104", Band.R2), ("temp 103.9", None), ("presión 185 sobre 95", Band.R2),
    ],
)  # fmt: skip
def test_numbers_beside_their_measure_are_read(text, expected):
    assert worst(text) is expected


def test_a_blood_pressure_of_160_over_110_is_urgent_in_pregnancy():
    assert worst("bp 160/95", PREGNANT) is Band.R1
    assert worst("bp 160/95", ADULT) is None


# The table


def test_every_sign_has_a_topic_to_read_next_and_a_code_of_its_own():
    codes = [sign.code for sign in signs()]
    assert len(codes) == len(set(codes))
    for sign in signs():
        assert sign.topic in script().topics
        assert sign.band.rank <= Band.R2.rank
        for phrase in sign.phrases:
            for part in phrase.parts:
                assert all(word.strip("*") for choice in part for word in choice), (sign.code, phrase)


def test_every_topic_can_be_reached_by_lay_words():
    assert {sign.topic for sign in signs()} >= set(script().topics) - {"medicines", "blood_pressure"}


# Anything may be typed


@given(st.text(max_size=400))
def test_any_text_can_be_read(text):
    assert isinstance(read_complaint(text), tuple)


@given(
    st.lists(
        st.sampled_from(
            ["no", "not", "chest", "pain", ",", ".", "can", "sin", "pecho", "180/90", "but", "104", "fever", "never"]
        ),
        max_size=60,
    )
)
def test_any_jumble_of_alarming_words_can_be_read(words):
    assert isinstance(read_complaint(" ".join(words), BABY), tuple)


def test_a_very_long_message_is_read_quickly_enough_to_answer():
    found = signs_in("please renew my medicine and call me back about the form " * 3000)
    assert found == ()
