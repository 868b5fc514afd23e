"""What forms say, in both languages and every version."""

from __future__ import annotations

import pytest

from mainstay.forms.leaflets import reading_grade
from mainstay.forms.rules import consent_elements, form_kinds, release_elements
from mainstay.forms.texts import PartKind, _phrases, relation_in, text_of, texts_of

CODES = sorted(form_kinds())
TEXTS = [(code, version) for code in CODES for version in texts_of(code)]
HARDEST_GRADE = 9


@pytest.mark.parametrize("code", CODES)
def test_every_version_a_form_ever_had_has_its_text(code):
    assert set(texts_of(code)) == {version.isoformat() for version in form_kinds()[code].versions}


@pytest.mark.parametrize(("code", "version"), TEXTS)
def test_a_text_asks_each_question_once_and_says_everything_in_both_languages(code, version):
    text = text_of(code, version)
    keys = [part.key for part in text.questions]
    assert len(keys) == len(set(keys)) and all(keys)
    assert text.parts and text.source
    for part in text.parts:
        assert part.words.en and part.words.es and part.words.en != part.words.es
        assert (part.kind in (PartKind.CHOICE, PartKind.MANY, PartKind.YES_NO)) == bool(part.options)
        codes = [code for code, _ in part.options]
        assert len(codes) == len(set(codes))
        if part.only_if:
            asked = {p.key: p for p in text.questions}[part.only_if[0]]
            assert part.only_if[1] in {code for code, _ in asked.options}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("code", "version"), TEXTS)
def test_a_form_can_be_read_by_somebody_with_nine_years_of_school(code, version, language):
    words = [getattr(part.words, language).rstrip(".?") + "." for part in text_of(code, version).parts]
    assert reading_grade(" ".join(words), language) <= HARDEST_GRADE


def test_consents_to_procedures_cover_every_element():
    for code, kind in form_kinds().items():
        if kind.needs_explainer:
            for text in texts_of(code).values():
                assert {part.covers for part in text.parts} - {""} == set(consent_elements())


def test_a_release_covers_what_the_law_asks():
    for text in texts_of("records_release").values():
        assert {part.covers for part in text.parts} - {""} == set(release_elements())


def test_the_words_around_a_form_are_the_same_in_both_languages():
    english, spanish = _phrases()["en"], _phrases()["es"]
    assert list(english) == list(spanish)
    assert all(spanish.values())


def test_a_relation_is_said_in_the_papers_language_and_an_unknown_one_as_it_was_written():
    assert relation_in("es-MX", "Parent") == "madre o padre" and relation_in("en", "parent") == "parent"
    assert relation_in("es", "neighbor of my aunt") == "neighbor of my aunt"
