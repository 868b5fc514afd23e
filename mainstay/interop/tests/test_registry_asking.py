"""Asking a registry, choosing whom it means, bringing in what it has without doubling anything."""

from __future__ import annotations

from datetime import date

import pytest

from mainstay.foundation.errors import IllegalMove, NotFound, NotPermitted
from mainstay.foundation.testing import A_MOMENT, EASTERN, an_actor
from mainstay.immunizations.models import VaccineDose
from mainstay.interop import actions, queries
from mainstay.interop.hl7 import write_message
from mainstay.interop.registries.answers import Found
from mainstay.interop.registries.merging import Standing
from mainstay.interop.registries.reports import Action, Coded, DoseReport, Envelope, Identifier, PersonReport
from mainstay.interop.registries.writing import vaccination_update
from mainstay.interop.tests.registry_cases import (
    a_child,
    a_connection,
    a_dose_told,
    a_registry,
    later,
    send,
    vaccine_codes,
)

pytestmark = pytest.mark.django_db

ELSEWHERE = Envelope("OTHER", "OTHER", "SIM", "SIM", "OTHER-MRN", "T")


@pytest.fixture(autouse=True)
def codes():
    vaccine_codes()


@pytest.fixture
def registry():
    with a_registry() as (registry, port):
        registry.connection = a_connection(port)
        yield registry


def known(registry, *doses, given="Ana", number="77"):
    """Let another clinic have told the registry of doses: (cvx, day)."""
    person = PersonReport((Identifier(number, "OTHER-MRN"),), "Ruiz", given, date(2024, 2, 29))
    for n, (cvx, day) in enumerate(doses):
        dose = DoseReport(f"{number}-{n}", Action.ADD, Coded(cvx, f"Vaccine {cvx}", "CVX"), day, source="01", lot="XY1")
        message = vaccination_update(ELSEWHERE, person, dose, control_id=f"{number}-{n}", now=A_MOMENT, zone=EASTERN)
        registry.answer(write_message(message), "")


def ask(registry, patient, minute=0):
    query = actions.ask_registry(actor=an_actor(now=later(minute)), patient=patient)
    send(registry.connection, later(minute))
    query.refresh_from_db()
    return query


def standings(view):
    return [(one.told.cvx, one.standing) for one in view.plan.compared]


def test_a_history_is_shown_beside_ours_and_brought_in_once(registry):
    child = a_child()
    mine = a_dose_told(child, "03", date(2025, 3, 1), lot_number="AB9")
    a_dose_told(child, "21", date(2025, 3, 1))
    known(registry, ("03", date(2025, 3, 2)), ("45", date(2024, 3, 1)), ("20", date(2024, 5, 1)))
    query = ask(registry, child)
    view = queries.registry_view(an_actor(), child)
    assert standings(view) == [("45", Standing.NEW), ("20", Standing.NEW), ("03", Standing.SAME)]
    assert view.plan.compared[2].differences == (
        "The registry says 03/02/2025, we say 03/01/2025.",
        "The registry says lot XY1, we say AB9.",
    )
    assert [one.cvx for one in view.plan.only_here] == ["21"]
    keys = [one.key for one in view.plan.compared]
    made = actions.bring_in_answer(actor=an_actor(), patient=child, query=query, keys=keys)
    assert [(dose.cvx, dose.source, dose.lot_number) for dose in made] == [
        ("45", "registry", "XY1"),
        ("20", "registry", "XY1"),
    ]
    assert actions.bring_in_answer(actor=an_actor(), patient=child, query=query, keys=keys) == []
    mine.refresh_from_db()
    assert (mine.given_on, mine.lot_number) == (date(2025, 3, 1), "AB9")
    assert VaccineDose.objects.filter(patient=child).count() == 4
    ask(registry, child, 5)
    assert {standing for _, standing in standings(queries.registry_view(an_actor(), child))} == {Standing.SAME}
    assert child.identifiers.get().system == "iis:SIMREG"


def test_both_forecasts_stand_side_by_side_with_their_differences(registry):
    child = a_child()
    known(registry, ("20", date(2024, 5, 1)))
    ask(registry, child)
    view = queries.registry_view(an_actor(), child)
    pairs = {pair.group: pair for pair in view.forecasts}
    dtap = pairs["DTaP/Tdap/Td"]
    assert (dtap.theirs.dose_number, dtap.ours.dose_number) == ("2", 1)
    assert "The registry counts the next dose as number 2, we as 1." in dtap.differences
    assert dtap.differences[-1].startswith("Likely why: the registry has doses of this group")
    assert pairs["MMR"].theirs.due_on == date(2025, 2, 28)


def test_candidates_are_offered_and_only_a_person_chooses(registry):
    child = a_child(given_name="Anita")
    known(registry, ("03", date(2025, 3, 1)), given="Ana", number="77")
    known(registry, ("20", date(2024, 5, 1)), given="Eva", number="78")
    query = ask(registry, child)
    view = queries.registry_view(an_actor(), child)
    assert view.answer.found is Found.CANDIDATES
    assert view.plan is None
    assert [one.given for one in view.answer.candidates] == ["Ana", "Eva"]
    assert (view.ours.name, view.ours.birth_date, view.ours.sex_in_words) == (
        f"Anita {child.family_name}", child.birth_date, child.get_sex_display()
    )  # fmt: skip
    with pytest.raises(IllegalMove):
        actions.bring_in_answer(actor=an_actor(), patient=child, query=query, keys=["x"])
    with pytest.raises(NotFound):
        actions.choose_candidate(actor=an_actor(), patient=child, query=query, number="12345")
    number = view.answer.candidates[0].number()[0]
    actions.choose_candidate(actor=an_actor(now=later(1)), patient=child, query=query, number=number)
    send(registry.connection, later(1))
    view = queries.registry_view(an_actor(), child)
    assert standings(view) == [("03", Standing.NEW)]
    assert view.answer.person.given == "Ana"


def test_nobody_and_errors_are_said(registry):
    child = a_child()
    ask(registry, child)
    assert queries.registry_view(an_actor(), child).answer.found is Found.NOBODY
    registry.behave("refuse")
    assert ask(registry, child, 5).state == "rejected"
    assert queries.registry_view(an_actor(), child).answer.found is Found.ERROR


def test_a_question_that_is_out_is_not_asked_twice(registry):
    child = a_child()
    first = actions.ask_registry(actor=an_actor(), patient=child)
    assert actions.ask_registry(actor=an_actor(), patient=child) == first
    assert queries.registry_view(an_actor(), child).is_waiting


def test_who_may_not_ask_is_refused_and_without_a_registry_it_is_said():
    child = a_child()
    with pytest.raises(IllegalMove, match="No registry"):
        actions.ask_registry(actor=an_actor(), patient=child)
    with pytest.raises(NotPermitted):
        actions.ask_registry(actor=an_actor(permissions=("people.find",)), patient=child)


def test_refusals_the_registry_knows_are_not_brought_in_as_doses(registry):
    child = a_child()
    known(registry, ("03", date(2025, 3, 1)))
    view_before = ask(registry, child)
    other = a_child("100043", given_name="Eva")
    with pytest.raises(IllegalMove):
        actions.bring_in_answer(actor=an_actor(), patient=other, query=view_before, keys=["20250301-03-1"])
