"""A patient's charts are drawn from what was measured and still counts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.chart import queries
from mainstay.chart.growth import Measure, Standard
from mainstay.chart.models import Observation, ObservationStatus
from mainstay.people.models import Patient, Sex

ZONE = ZoneInfo("America/Denver")
BORN = date(2026, 1, 10)
D = Decimal


@pytest.fixture
def infant(db) -> Patient:
    return Patient.objects.create(mrn="G1", given_name="Noa", family_name="Lind", birth_date=BORN, sex=Sex.FEMALE)


def measured(patient: Patient, day: date, **sizes: str) -> None:
    at = datetime.combine(day, datetime.min.time(), tzinfo=ZONE) + timedelta(hours=22)
    for key, value in sizes.items():
        Observation.objects.create(patient=patient, key=key, value=D(value), effective_at=at)


def test_an_infant_is_drawn_on_who_with_every_measure_there_is(infant: Patient) -> None:
    measured(infant, BORN + timedelta(days=60), weight="5.1", length="57")
    measured(infant, BORN + timedelta(days=120), weight="6.4", length="62", head_circumference="40.5")
    drawn = queries.growth_charts(infant, on=date(2026, 6, 1), zone=ZONE)
    assert [one.measure for one in drawn] == [Measure.WEIGHT, Measure.LENGTH, Measure.WEIGHT_FOR_LENGTH, Measure.HEAD]
    assert {one.standard for one in drawn} == {Standard.WHO}
    assert drawn[0].words.startswith("2 measurements")
    assert "60 days: 5.1 kg" in drawn[0].words
    assert all(one.svg.startswith("<svg") for one in drawn)


def test_an_evening_measurement_belongs_to_the_sites_day(infant: Patient) -> None:
    measured(infant, BORN + timedelta(days=10), weight="3.4")
    (chart,) = queries.growth_charts(infant, on=date(2026, 6, 1), zone=ZONE)
    assert "10 days: 3.4 kg" in chart.words


def test_what_was_entered_in_error_is_not_drawn(infant: Patient) -> None:
    measured(infant, BORN + timedelta(days=60), weight="51")
    Observation.objects.update(status=ObservationStatus.ENTERED_IN_ERROR)
    assert queries.growth_charts(infant, on=date(2026, 6, 1), zone=ZONE) == []


def test_from_two_years_cdc_with_bmi_is_drawn(db) -> None:
    boy = Patient.objects.create(
        mrn="G2", given_name="Ben", family_name="Lind", birth_date=date(2018, 1, 10), sex=Sex.MALE
    )
    measured(boy, date(2018, 6, 10), weight="8", length="67")
    measured(boy, date(2025, 6, 10), weight="24", height="125")
    drawn = queries.growth_charts(boy, on=date(2026, 6, 1), zone=ZONE)
    assert [one.measure for one in drawn] == [Measure.WEIGHT, Measure.HEIGHT, Measure.BMI]
    assert "15.36 kg/m²" in drawn[2].words
    assert drawn[0].words.startswith("1 measurement,")


def test_without_a_sex_or_as_an_adult_no_growth_is_drawn(infant: Patient) -> None:
    measured(infant, BORN + timedelta(days=60), weight="5.1")
    assert queries.growth_charts(infant, on=date(2050, 1, 1), zone=ZONE) == []
    infant.sex = Sex.UNKNOWN
    assert queries.growth_charts(infant, on=date(2026, 6, 1), zone=ZONE) == []


def test_a_chart_costs_one_query(infant: Patient) -> None:
    measured(infant, BORN + timedelta(days=60), weight="5.1", length="57")
    with CaptureQueriesContext(connection) as growth:
        queries.growth_charts(infant, on=date(2026, 6, 1), zone=ZONE)
    with CaptureQueriesContext(connection) as trend:
        queries.trend_chart(infant, "weight", on=date(2026, 6, 1), zone=ZONE)
    assert (len(growth), len(trend)) == (1, 1)


def test_pressures_are_drawn_together_and_can_begin_later(infant: Patient) -> None:
    measured(infant, date(2026, 3, 1), systolic="80", diastolic="40")
    measured(infant, date(2026, 5, 1), systolic="84", diastolic="44")
    svg = queries.trend_chart(infant, "blood_pressure", on=date(2026, 6, 1), zone=ZONE)
    assert "Systolic: latest 84 mmHg on 1 May 2026, up 4 since 1 Mar 2026" in svg
    assert "Diastolic: latest 44" in svg
    later = queries.trend_chart(infant, "blood_pressure", on=date(2026, 6, 1), zone=ZONE, since=date(2026, 4, 1))
    assert "Systolic: latest 84 mmHg on 1 May 2026." in later


def test_a_key_no_panel_declares_is_an_error(infant: Patient) -> None:
    with pytest.raises(KeyError):
        queries.trend_chart(infant, "mood", on=date(2026, 6, 1), zone=ZONE)
