"""The due-and-overdue list of the whole practice."""

from __future__ import annotations

import os
import signal
import threading
import time
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from mainstay.chart import actions as chart
from mainstay.chart.actions import ProblemFacts
from mainstay.foundation.errors import NotPermitted
from mainstay.foundation.testing import A_MOMENT, an_actor, tell_everyone
from mainstay.immunizations import actions
from mainstay.immunizations.actions import DoseElsewhere
from mainstay.immunizations.models import DueRun, DueRunPart, DueVaccine, RunState
from mainstay.immunizations.queries import run_in_hand
from mainstay.people.models import Patient
from mainstay.rooming.actions import build_huddle
from mainstay.terminology.models import Concept
from mainstay.visits import actions as visits
from mainstay.visits.models import Signal
from mainstay.visits.tests.factories import a_patient, a_visit

pytestmark = pytest.mark.django_db

ACTOR = an_actor()
TODAY = A_MOMENT.date()


def some_patients(how_many: int) -> list[Patient]:
    return [a_patient(str(300000 + n), birth_date=date(1950 + n % 70, 1 + n % 12, 5)) for n in range(how_many)]


def groups_of(patient: Patient) -> set[str]:
    return set(DueVaccine.objects.filter(patient=patient).values_list("group", flat=True))


def a_whole_run(size: int = 4) -> DueRun:
    run = actions.start_due_run(actor=ACTOR)
    while run.state == RunState.RUNNING:
        run = actions.reckon_stretch(actor=ACTOR, run=run, size=size)
    return run


def test_a_run_reckons_everybody_once() -> None:
    patients = some_patients(10)
    run = a_whole_run()
    assert (run.state, run.total, run.done) == (RunState.FINISHED, 10, 10)
    parts = list(DueRunPart.objects.order_by("pk").values_list("first", "last", "patients"))
    assert [count for _, _, count in parts] == [4, 4, 2]
    assert parts[0][0] == patients[0].pk
    assert all(earlier[1] < later[0] for earlier, later in zip(parts, parts[1:], strict=False))
    assert all(groups_of(patient) for patient in patients)


def test_the_dead_and_the_merged_are_left_out() -> None:
    kept, dead = some_patients(2)
    Patient.objects.filter(pk=dead.pk).update(deceased_on=TODAY)
    assert a_whole_run().done == 1
    assert groups_of(dead) == set()
    assert groups_of(kept)


def test_a_stopped_run_goes_on_where_it_was() -> None:
    some_patients(6)
    run = actions.reckon_stretch(actor=ACTOR, run=actions.start_due_run(actor=ACTOR), size=4)
    actions.stop_due_run(actor=ACTOR, run=run)
    assert actions.reckon_stretch(actor=ACTOR, run=run).done == 4
    again = actions.start_due_run(actor=ACTOR)
    assert (again.pk, again.done) == (run.pk, 4)
    assert actions.reckon_stretch(actor=ACTOR, run=again).done == 6


def test_a_run_of_yesterday_that_never_ended_gives_way_to_a_new_one() -> None:
    some_patients(1)
    old = actions.start_due_run(actor=ACTOR.at(A_MOMENT - timedelta(days=1)))
    new = actions.start_due_run(actor=ACTOR)
    old.refresh_from_db()
    assert old.state == RunState.STOPPED
    assert new.pk != old.pk
    assert run_in_hand() == new


def test_two_runs_at_once_cannot_be_written() -> None:
    actions.start_due_run(actor=ACTOR)
    with pytest.raises(IntegrityError), transaction.atomic():
        DueRun.objects.create(as_of=TODAY, total=0)


def test_a_second_run_writes_nothing_when_nothing_changed(django_assert_num_queries: Any) -> None:
    some_patients(5)
    a_whole_run()
    before = list(DueVaccine.objects.order_by("pk").values_list("pk", "reckoned_on"))
    run = actions.start_due_run(actor=ACTOR)
    with django_assert_num_queries(16):
        actions.reckon_stretch(actor=ACTOR, run=run)
    assert before == list(DueVaccine.objects.order_by("pk").values_list("pk", "reckoned_on"))


def test_a_stretch_takes_as_many_statements_for_many_as_for_few(django_assert_num_queries: Any) -> None:
    some_patients(24)
    run = actions.start_due_run(actor=ACTOR)
    with django_assert_num_queries(17):
        actions.reckon_stretch(actor=ACTOR, run=run, size=2)
    with django_assert_num_queries(17):
        actions.reckon_stretch(actor=ACTOR, run=run, size=22)


def test_only_those_who_may_start_a_run() -> None:
    with pytest.raises(NotPermitted):
        actions.start_due_run(actor=an_actor(permissions=("people.find",)))


def test_a_dose_from_elsewhere_takes_its_group_off_the_list() -> None:
    Concept.objects.get_or_create(system="cvx", code="187", defaults={"display": "zoster", "is_billable": True})
    patient = a_patient(birth_date=date(1960, 1, 1))
    actions.refresh_due(actor=ACTOR, patient=patient)
    assert "Zoster" in groups_of(patient)
    doses = [DoseElsewhere("187", TODAY - timedelta(days=400)), DoseElsewhere("187", TODAY - timedelta(days=300))]
    actions.record_doses_elsewhere(actor=ACTOR, patient=patient, doses=doses)
    tell_everyone()
    assert "Zoster" not in groups_of(patient)


def test_a_new_problem_puts_its_vaccines_on_the_list() -> None:
    patient = a_patient()
    actions.refresh_due(actor=ACTOR, patient=patient)
    assert "Meningococcal" not in groups_of(patient)
    chart.add_problem(actor=ACTOR, patient=patient, facts=ProblemFacts("Spleen removed", "Z90.81"))
    tell_everyone()
    assert "Meningococcal" in groups_of(patient)


def test_somebody_who_came_has_the_due_vaccines_on_the_board() -> None:
    visit = a_visit(patient=a_patient(birth_date=date(1960, 1, 1)))
    visits.mark_arrived(actor=ACTOR, visit=visit)
    tell_everyone()
    signal_on = Signal.objects.get(visit=visit, kind="vaccine_due", cleared_at=None)
    assert signal_on.text == "Vaccines: DTaP/Tdap/Td, Hepatitis B and 5 more"


def test_the_huddle_sheet_names_the_due_vaccines() -> None:
    visit = a_visit(patient=a_patient(birth_date=date(1960, 1, 1)), starts=A_MOMENT + timedelta(days=1))
    build_huddle(actor=ACTOR, site=visit.site, day=visit.day)
    visit.refresh_from_db()
    line = next(line for line in visit.plan.text.splitlines() if line.startswith("Vaccines: "))
    assert "Shingles (zoster)" in line
    build_huddle(actor=ACTOR, site=visit.site, day=visit.day)
    visit.plan.refresh_from_db()
    assert visit.plan.text.count("Vaccines: ") == 1


@pytest.mark.django_db(transaction=True)
def test_a_run_killed_in_the_middle_goes_on_and_nobody_is_missed_or_done_twice() -> None:
    some_patients(30)
    run = actions.start_due_run(actor=ACTOR)
    connections.close_all()
    child = os.fork()
    if child == 0:  # pragma: no cover - the child is killed
        try:
            while True:
                actions.reckon_stretch(actor=ACTOR, run=run, size=2)
        finally:
            os._exit(1)
    give_up = time.monotonic() + 60
    while DueRunPart.objects.count() < 3 and time.monotonic() < give_up:
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    run.refresh_from_db()
    assert run.state == RunState.RUNNING
    assert 0 < run.done < 30
    while run.state == RunState.RUNNING:
        run = actions.reckon_stretch(actor=ACTOR, run=run, size=2)
    parts = list(DueRunPart.objects.order_by("first"))
    assert sum(part.patients for part in parts) == run.done == 30
    assert all(earlier.last < later.first for earlier, later in zip(parts, parts[1:], strict=False))
    assert DueVaccine.objects.values("patient").distinct().count() == 30


@pytest.mark.django_db(transaction=True)
def test_reckoning_what_is_due_keeps_nobody_from_writing_about_the_patient() -> None:
    """A worker that reckons, then writes about the visit, met a desk that held the visit: both waited for ever."""
    patient = a_patient()
    reckoned, written = threading.Event(), threading.Event()

    def reckon() -> None:
        try:
            with transaction.atomic():
                actions.refresh_due(actor=ACTOR, patient=patient)
                reckoned.set()
                written.wait(600)
        finally:
            connections.close_all()

    worker = threading.Thread(target=reckon)
    worker.start()
    try:
        assert reckoned.wait(600)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            visit = a_visit(patient=patient)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert visit.patient_id == patient.pk
    finally:
        written.set()
        worker.join()
