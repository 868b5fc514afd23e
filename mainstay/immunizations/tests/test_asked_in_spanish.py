"""Whoever speaks Spanish is asked in Spanish, beside the English for who asks, and gets the statements in it."""

from __future__ import annotations

import pytest

from mainstay.foundation.testing import A_MOMENT
from mainstay.immunizations.rules.screening import questions
from mainstay.immunizations.tests.giving import a_clinic, chosen, here_today, identified, on_the_shelf, placed, screened

pytestmark = pytest.mark.django_db
TDAP = "DTaP/Tdap/Td"


@pytest.fixture
def clinic(client, monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    found = a_clinic()
    client.force_login(found.maria)
    return found


def shown_to(client, visit) -> str:
    return client.get(f"/visits/{visit.public_id}/vaccines/").content.decode()


@pytest.mark.parametrize(("language", "is_there"), [("es", True), ("es-MX", True), ("en", False), ("vi", False)])
def test_the_questions_stand_in_spanish_beside_english_for_who_speaks_it(client, clinic, language, is_there):
    visit = here_today(clinic, language=language)
    chosen(clinic, identified(clinic, visit), TDAP)
    page = shown_to(client, visit)
    sick = questions()["sick_today"].words
    assert sick.en in page and (f'<span lang="es">{sick.es}</span>' in page) is is_there
    assert ("No sé" in page) is is_there


def test_the_statement_is_offered_in_spanish(client, clinic):
    visit = here_today(clinic, language="es")
    vaccination = identified(clinic, visit)
    preparation = chosen(clinic, vaccination, TDAP)
    screened(clinic, vaccination)
    preparation.refresh_from_db()
    placed(clinic, preparation, on_the_shelf(clinic, "Boostrix"))
    page = shown_to(client, visit)
    assert '<option value="es" selected>' in page and '· <span lang="es">Tdap' in page


def test_every_question_of_the_table_is_in_both_languages():
    assert all(one.words.en.endswith("?") and one.words.es.endswith("?") for one in questions().values())
