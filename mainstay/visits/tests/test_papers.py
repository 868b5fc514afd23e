from __future__ import annotations

import re
from string import Formatter

import pytest

from mainstay.forms.leaflets import leaflet, leaflets, reading_grade
from mainstay.visits.playbooks import kind_for_patients, playbooks, summary_phrases

CODES = sorted({code for code, _ in leaflets()})
HIGHEST_GRADE = 6


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_the_summary_says_the_same_things_in_both_languages():
    english, spanish = summary_phrases("en"), summary_phrases("es-MX")
    assert list(english) == list(spanish)
    for key in english:
        assert blanks(english[key]) == blanks(spanish[key]), key
        assert english[key]
        assert spanish[key] != english[key], key


def test_a_language_we_lack_is_answered_in_english():
    assert summary_phrases("vi") == summary_phrases("en")
    assert leaflet("wound_care", "zh").language == "en"


def test_the_summary_names_no_meaning_of_a_value():
    for language in ("en", "es"):
        text = " ".join(summary_phrases(language).values()).lower()
        assert not re.search(r"\b(normal|abnormal|high|low|alta|baja|anormal)\b", text)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_leaflet_can_be_read_by_a_sixth_grader(code, language):
    paper = leaflet(code, language)
    assert reading_grade(paper.text, language) <= HIGHEST_GRADE
    assert len(paper.text.split()) <= 220


@pytest.mark.parametrize("code", CODES)
def test_a_leaflet_says_as_much_in_one_language_as_in_the_other(code):
    english, spanish = leaflet(code, "en"), leaflet(code, "es")
    for part in ("do", "call", "emergency"):
        assert len(getattr(english, part)) == len(getattr(spanish, part)), part
    assert english.version == spanish.version


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_leaflet_names_no_drug_and_no_dose(code, language):
    text = leaflet(code, language).text.lower()
    assert not re.search(r"\b(tylenol|acetaminophen|ibuprofen|aspirin|\d+ ?mg|acetaminof\w+|ibuprofeno)\b", text)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_summary_phrase_is_plain(language):
    text = ". ".join(phrase.rstrip(".") for phrase in summary_phrases(language).values()) + "."
    assert reading_grade(text, language) <= HIGHEST_GRADE


def test_every_leaflet_a_playbook_hands_out_exists_and_none_is_forgotten():
    named = {step.leaflet for book in playbooks().values() for step in book.steps if step.leaflet}
    assert named == set(CODES)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("The cat sat on the mat. The dog ran.", 0, 1),
        ("Please take one pill each day with food and water.", 0, 4),
        (
            "Pharmacological intervention necessitates individualized consideration of contraindications "
            "and comorbidities.",
            18,
            60,
        ),
    ],
)
def test_the_reading_grade_tells_easy_from_hard(text, low, high):
    assert low <= reading_grade(text, "en") <= high


def test_every_playbook_has_a_name_for_patients_who_read_spanish():
    assert {code for code in playbooks() if kind_for_patients(code, "-", language="es") == "-"} == set()
    assert kind_for_patients("wound_check", "Wound check", language="en") == "Wound check"
    assert kind_for_patients("our_own", "Camp physical", language="es-MX") == "Camp physical"
