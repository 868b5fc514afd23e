from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.foundation.findings import Severity
from mainstay.rooming.screenings import Tool, score, tool, tools
from mainstay.visits.playbooks import screening_intervals

ALL = sorted(tools())
SUMMED = [code for code in ALL if tool(code).is_summed]


def loinc_check_digit(code: str) -> bool:
    """The mod-10 check digit; the letters LA of an answer code weigh 5 or 8, by their distance from its end."""
    number, _, check = code.removeprefix("LA").partition("-")
    total = 0 if not code.startswith("LA") else (5 if len(number) % 2 == 0 else 8)
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return (10 - total % 10) % 10 == int(check)


def every_answer(found: Tool, value: int) -> dict[str, int]:
    return {item.code: min(value, max(a.value for a in item.answers)) for item in found.items}


@st.composite
def some_answers(draw, *, complete: bool):
    found = tool(draw(st.sampled_from(SUMMED)))
    answers = {}
    for item in found.items:
        choice = st.sampled_from([a.value for a in item.answers])
        value = draw(choice if complete else st.none() | choice)
        if value is not None:
            answers[item.code] = value
    return found, answers


# The tables


@pytest.mark.parametrize("code", ALL)
def test_a_tool_speaks_both_languages_and_names_its_source(code):
    found = tool(code)
    texts = [found.title, found.intro, *(item.text for item in found.items), *(band.name for band in found.bands)]
    texts += [answer.text for item in found.items for answer in item.answers]
    assert all(words.en and words.es for words in texts)
    assert found.intro.en != found.intro.es
    assert all(item.text.en != item.text.es for item in found.items)
    assert found.source
    assert found.attribution
    assert found.reviewed_by


@pytest.mark.parametrize("code", ALL)
def test_every_code_of_a_tool_is_unique_and_every_rule_points_somewhere(code):
    found = tool(code)
    items = [item.code for item in found.items]
    assert len(items) == len(set(items))
    for item in found.items:
        assert len({a.value for a in item.answers}) == len(item.answers)
        assert item.zero_when is None or item.zero_when[0] in items
    for rule in found.rules:
        assert not rule.item or rule.item in items
        assert not rule.follow_on or rule.follow_on in tools()
        assert rule.band in {"", *(band.name.en for band in found.bands)}
        assert rule.message.endswith(".")


@pytest.mark.parametrize("code", ALL)
def test_loinc_codes_pass_their_check_digit(code):
    found = tool(code)
    codes = {found.loinc_panel, found.loinc_total, *(item.loinc for item in found.items)} - {""}
    codes |= {a.loinc for item in found.items for a in item.answers if a.loinc}
    assert [c for c in codes if not loinc_check_digit(c)] == []


@pytest.mark.parametrize("code", SUMMED)
@pytest.mark.parametrize("sex", ["male", "female", "unknown"])
def test_bands_cover_every_total_once(code, sex):
    bands = sorted(tool(code).bands_for(sex), key=lambda b: b.low)
    assert bands[0].low == 0
    assert bands[-1].high == tool(code).highest
    assert all(after.low == before.high + 1 for before, after in zip(bands, bands[1:], strict=False))


def test_every_tool_a_playbook_may_ask_for_can_be_answered():
    asked = {interval.code for interval in screening_intervals() if not interval.is_reminder}
    assert asked == set(tools())


@pytest.mark.parametrize(
    ("code", "highest", "total_loinc"),
    [("phq-2", 6, "55758-7"), ("phq-9", 27, "44261-6"), ("gad-7", 21, "70274-6"), ("audit-c", 12, "75626-2")],
)
def test_the_tools_are_as_long_as_their_authors_made_them(code, highest, total_loinc):
    assert tool(code).highest == highest
    assert tool(code).loinc_total == total_loinc


# Scores


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "Minimal"), (4, "Minimal"), (5, "Mild"), (9, "Mild"), (10, "Moderate"), (14, "Moderate"),
        (15, "Moderately severe"), (19, "Moderately severe"), (20, "Severe"), (27, "Severe"),
    ],
)  # fmt: skip
def test_phq_9_bands_change_at_five_ten_fifteen_and_twenty(total, band):
    answers, left = {}, total
    for item in tool("phq-9").items:
        if item.is_scored:
            answers[item.code] = min(3, left)
            left -= answers[item.code]
    result = score(tool("phq-9"), answers | {"difficulty": 0})
    assert (result.total, result.band.en, result.is_complete) == (total, band, True)


def test_a_phq_2_of_three_goes_on_to_the_phq_9():
    assert score(tool("phq-2"), {"interest": 1, "mood": 1}).follow_on == ()
    assert score(tool("phq-2"), {"interest": 1, "mood": 2}).follow_on == ("phq-9",)
    assert score(tool("phq-2"), {"interest": 3}).follow_on == ("phq-9",)


def test_any_thought_of_self_harm_is_told_now_even_when_nothing_else_is_answered():
    result = score(tool("phq-9"), {"self-harm": 1})
    assert result.now == ("phq-9-item-9",)
    assert [f.severity for f in result.findings] == [Severity.ALERT]
    assert "in person now" in result.findings[0].message
    assert not result.is_complete
    assert result.total is None


@given(st.integers(0, 3), st.lists(st.none() | st.integers(0, 3), min_size=8, max_size=8))
def test_item_nine_escalates_exactly_when_it_is_marked(nine, others):
    codes = [item.code for item in tool("phq-9").items if item.is_scored and item.code != "self-harm"]
    result = score(tool("phq-9"), {**dict(zip(codes, others, strict=True)), "self-harm": nine})
    assert ("phq-9-item-9" in result.now) == (nine > 0)


def test_somebody_who_never_drinks_is_not_asked_how_much():
    result = score(tool("audit-c"), {"often": 0})
    assert (result.total, result.is_complete, result.band.en) == (0, True, "Negative screen")


def test_never_drinking_and_drinking_six_at_a_time_has_to_be_asked_again():
    result = score(tool("audit-c"), {"often": 0, "amount": 0, "binge": 3})
    assert [(f.severity, f.field) for f in result.findings] == [(Severity.CONFIRM, "binge")]
    assert result.total == 0


@pytest.mark.parametrize(("sex", "positive"), [("male", False), ("female", True), ("unknown", True)])
def test_three_drinks_points_are_positive_except_for_men(sex, positive):
    result = score(tool("audit-c"), {"often": 1, "amount": 1, "binge": 1}, sex=sex)
    assert (result.band.en == "Positive screen") is positive
    assert bool(result.findings) is positive


def test_one_yes_about_falls_is_at_risk():
    assert score(tool("falls-3"), {"fallen": 0, "unsteady": 0, "worried": 0}).band.en == "Screened not at risk"
    result = score(tool("falls-3"), {"worried": 1})
    assert result.band.en == "Screened at risk"
    assert not result.is_complete


def test_tobacco_has_no_total_but_offers_the_quit_line():
    result = score(tool("tobacco"), {"smoking": 3, "vaping": 0, "other": 0})
    assert result.total is None
    assert result.is_complete
    assert "1-800-QUIT-NOW" in result.findings[0].message


def test_somebody_unsafe_at_home_is_not_left_alone():
    assert score(tool("social-needs"), {"safety": 1}).now == ("social-needs-unsafe",)


def test_an_answer_that_is_no_choice_stops():
    result = score(tool("phq-9"), {"mood": 7, "nonsense": 1, "sleep": "two"})
    assert {(f.code, f.field) for f in result.findings} == {
        ("screening-answer-unknown", "mood"),
        ("screening-answer-unknown", "sleep"),
        ("screening-question-unknown", "nonsense"),
    }
    assert not result.is_complete


def test_answers_typed_as_text_count_as_numbers():
    assert score(tool("phq-2"), {"interest": "2", "mood": "0"}).total == 2


@given(some_answers(complete=True))
def test_a_complete_total_is_the_sum_of_its_answers(drawn):
    found, answers = drawn
    result = score(found, answers, sex="female")
    skipped = {i.code for i in found.items if i.zero_when and answers[i.zero_when[0]] == i.zero_when[1]}
    expected = sum(answers[i.code] for i in found.items if i.is_scored and i.code not in skipped)
    assert result.total == result.least == result.most == expected
    assert result.band is not None


@given(some_answers(complete=False), st.data())
def test_what_is_missing_can_only_end_within_the_bounds_shown(drawn, data):
    found, answers = drawn
    partial = score(found, answers)
    rest = {
        item.code: data.draw(st.sampled_from([a.value for a in item.answers]))
        for item in found.items
        if item.code not in answers
    }
    whole = score(found, answers | rest)
    assert partial.least <= whole.total <= partial.most
    assert partial.band is None or partial.band == whole.band
    assert set(partial.now) <= set(whole.now)
    assert set(partial.follow_on) <= set(whole.follow_on)


@given(some_answers(complete=True), st.data())
def test_a_worse_answer_never_lowers_a_total(drawn, data):
    found, answers = drawn
    item = data.draw(st.sampled_from([i for i in found.items if i.is_scored]))
    worse = data.draw(st.sampled_from([a.value for a in item.answers if a.value >= answers[item.code]]))
    assert score(found, answers | {item.code: worse}).total >= score(found, answers).total
