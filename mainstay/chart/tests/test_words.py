"""Measurements as people read them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from mainstay.chart.models import Observation
from mainstay.chart.panels import panels
from mainstay.chart.panels.names import name_of, unit_in_words
from mainstay.chart.queries import in_words
from mainstay.people.models import Patient

AT = datetime(2026, 11, 20, 15, tzinfo=UTC)


def test_every_key_of_every_panel_has_a_name_no_machine_wrote():
    for one in panels().values():
        for item in one.items:
            for key in (item.key, *item.components):
                name = name_of(key)
                assert name[0].isupper() or name[0].isdigit() or name == "pH", key
                assert "_" not in name and name != key, key
            for code in filter(None, (item.unit, *item.typed_units)):
                assert "[" not in unit_in_words(code) and "{" not in unit_in_words(code), code


@pytest.mark.parametrize(("key", "name"), [("phq-9", "PHQ-9"), ("hemoglobin a1c", "Hemoglobin a1c"), ("bmi", "BMI")])
def test_totals_and_what_came_from_elsewhere_have_names_too(key, name):
    assert name_of(key) == name


@pytest.mark.django_db
def test_a_pressure_is_told_once_and_a_weight_as_it_was_typed():
    patient = Patient.objects.create(
        mrn="1", given_name="A", family_name="B", birth_date=date(1960, 1, 1), sex="female"
    )
    together = uuid4()
    common = {"patient": patient, "effective_at": AT, "set_id": together}
    rows = [
        Observation(key="systolic", value=Decimal("120.0000"), unit="mm[Hg]", side="left", **common),
        Observation(key="diastolic", value=Decimal("78"), unit="mm[Hg]", **common),
        Observation(key="weight", value=Decimal("89.8113"), unit="kg", typed="198", typed_unit="[lb_av]", **common),
        Observation(key="oxygen_saturation", value=Decimal(97), unit="%", on_oxygen=False, **common),
        Observation(key="respiratory_rate", value=Decimal(16), unit="/min", method="counted_60_s", **common),
        Observation(key="height", not_done_reason="Cannot stand", **common),
        Observation(key="phq-9", value=Decimal(7), unit="{score}", text="mild", **common),
    ]
    told = {one.key: one for one in in_words(Observation.objects.bulk_create(rows))}
    assert told["blood_pressure"].value == "120/78 mmHg" and "eft" in told["blood_pressure"].how
    assert "diastolic" not in told and len(told) == 6
    assert told["weight"].both == "198 lb (89.8 kg)"
    assert told["oxygen_saturation"].how == "room air"
    assert "60" in told["respiratory_rate"].how and "_" not in told["respiratory_rate"].how
    assert told["height"].is_not_done and told["height"].value == "Not done: Cannot stand"
    assert told["phq-9"].value == "7 · mild"
