"""What other systems tell is taken into the chart by the same rules."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from mainstay.chart import actions
from mainstay.chart.models import Observation, Problem
from mainstay.foundation.errors import NotPermitted, StopFound
from mainstay.foundation.testing import an_actor
from mainstay.people.models import Patient

WEIGHT = actions.ReceivedObservation(
    key="weight",
    effective_at=datetime(2020, 5, 1, 12, tzinfo=UTC),
    loinc="29463-7",
    value=Decimal("71.25"),
    unit="kg",
    typed="71.25",
    typed_unit="kg",
)


@pytest.fixture
def patient(db) -> Patient:
    return Patient.objects.create(mrn="R1", given_name="Ana", family_name="Ruiz", birth_date=date(1990, 1, 2))


def test_values_keep_their_own_time_and_unit(patient):
    [row] = actions.receive_observations(actor=an_actor(), patient=patient, received=[WEIGHT])
    kept = Observation.objects.get(pk=row.pk)
    assert (kept.value, kept.unit, kept.typed) == (Decimal("71.25"), "kg", "71.25")
    assert kept.effective_at == WEIGHT.effective_at
    assert kept.source == "received"


@pytest.mark.parametrize(
    "wrong",
    [
        replace(WEIGHT, value=Decimal(4000)),
        replace(WEIGHT, effective_at=datetime(1980, 1, 1, tzinfo=UTC)),
        replace(WEIGHT, effective_at=datetime(2027, 1, 1, tzinfo=UTC)),
    ],
)
def test_what_cannot_be_true_is_not_filed_and_nothing_with_it(patient, wrong):
    with pytest.raises(StopFound):
        actions.receive_observations(actor=an_actor(), patient=patient, received=[WEIGHT, wrong])
    assert not Observation.objects.exists()


def test_a_weight_in_pounds_is_not_judged_as_kilograms():
    pounds = replace(WEIGHT, value=Decimal(410), unit="[lb_av]")
    assert actions.judge_received_observation(pounds, born=date(1990, 1, 2), today=date(2026, 1, 1)) == []


def test_lists_are_told_by_the_sender_and_long_texts_are_cut(patient):
    told = actions.ReceivedProblem(text="x" * 500, code="I10")
    [problem] = actions.receive_problems(actor=an_actor(), patient=patient, received=[told])
    assert problem.told_by == "received"
    assert len(Problem.objects.get().text) == 240
    assert Problem.objects.get().text.endswith("…")
    actions.receive_allergies(
        actor=an_actor(), patient=patient, received=[actions.ReceivedAllergy(substance="Peanut", category="food")]
    )
    actions.receive_medications(
        actor=an_actor(), patient=patient, received=[actions.ReceivedMedication(name="Metformin 500 MG", code="860975")]
    )
    actions.receive_surgeries(
        actor=an_actor(), patient=patient, received=[actions.ReceivedSurgery(procedure="Appendectomy")]
    )
    assert [getattr(patient, name).count() for name in ("allergys", "medications", "surgicalhistorys")] == [1, 1, 1]


def test_a_document_is_filed_with_its_bytes(patient):
    told = actions.ReceivedDocument("report", "Chest X-ray", date(2024, 1, 1), "application/pdf", b"%PDF-1.4")
    [document] = actions.receive_documents(actor=an_actor(), patient=patient, received=[told])
    assert bytes(document.content.content) == b"%PDF-1.4"
    assert document.size == 8


def test_only_who_may_record_takes_anything_in(patient):
    nobody = an_actor(permissions=("people.find",))
    for act, told in (
        (actions.receive_observations, WEIGHT),
        (actions.receive_problems, actions.ReceivedProblem(text="x")),
    ):
        with pytest.raises(NotPermitted):
            act(actor=nobody, patient=patient, received=[told])
    assert not Observation.objects.exists()
    assert not Problem.objects.exists()
