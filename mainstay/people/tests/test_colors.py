"""A patient's color: never a namesake's while one is left, the same until the name changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from mainstay.foundation.components.marks import HUES
from mainstay.foundation.testing import an_actor
from mainstay.people import actions
from mainstay.people.models import Patient
from mainstay.people.tests.factories import DIFFERENT, MARIA, a_patient

pytestmark = pytest.mark.django_db


def born(days: int, **names: str):
    return replace(MARIA, birth_date=date(1984, 3, 5) + timedelta(days=days), **names)


def test_twelve_namesakes_have_twelve_colors_and_the_thirteenth_shares_one():
    hues = [a_patient(born(400 * n)).hue for n in range(HUES)]
    assert sorted(hues) == list(range(HUES))
    assert a_patient(born(1)).hue in hues


@pytest.mark.parametrize(
    "names",
    [
        {"given_name": "MARIA", "family_name": "HERNÁNDEZ"},
        {"given_name": "Mariana"},
        {"given_name": "Ana", "chosen_name": "Maria"},
        {"given_name": "Maria Elena", "family_name": "Hernandez Ruiz"},
    ],
)
def test_names_that_begin_alike_are_namesakes(names):
    known = {a_patient(born(400 * n)).hue for n in range(HUES - 1)}
    assert a_patient(born(9_000, **names)).hue not in known


def test_a_family_is_told_apart_and_strangers_take_no_color_away():
    family = [
        a_patient(born(400 * n, given_name=name)) for n, name in enumerate(("Ann", "Bo", "Cy", "Di", "Ed", "Flo"))
    ]
    assert len({one.hue for one in family}) == len(family)
    stranger = a_patient(born(5, given_name="Zoe", family_name="Quist"))
    assert stranger.hue == stranger.public_id.int % HUES


def test_a_color_stays_until_a_name_makes_it_a_namesake_s():
    first = a_patient()
    second = a_patient(born(400, given_name="Zoe", family_name="Quist"))
    Patient.objects.filter(pk=second.pk).update(hue=first.hue)
    second = actions.change_demographics(
        actor=an_actor(), patient=second, demographics=born(400, given_name="Zoe", family_name="Quint")
    )
    assert second.hue == first.hue, "a stranger's color may be the same"
    second = actions.change_demographics(actor=an_actor(), patient=second, demographics=born(400), confirmed=DIFFERENT)
    assert second.hue != first.hue
    first.refresh_from_db()
    kept = first.hue
    first = actions.change_demographics(
        actor=an_actor(), patient=first, demographics=replace(MARIA, pronouns="she/her")
    )
    assert first.hue == kept


def test_there_are_no_other_colors():
    patient = a_patient()
    with pytest.raises(IntegrityError), transaction.atomic():
        Patient.objects.filter(pk=patient.pk).update(hue=HUES)


def test_patients_known_before_get_theirs_by_turns_and_no_version_is_written():
    for n in range(HUES):
        a_patient(born(400 * n, given_name="maria" if n % 2 else "Maria"))
    Patient.objects.update(hue=0)
    versions = Patient.pgh_event_model.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(import_module("mainstay.people.migrations.0003_a_color_of_their_own").BY_TURNS)
    assert sorted(Patient.objects.values_list("hue", flat=True)) == list(range(HUES))
    assert Patient.pgh_event_model.objects.count() == versions
