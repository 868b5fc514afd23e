"""A row of the board shows the gravest two signals; the rest are folded, but never a stop."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.foundation.components.day import Signal
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.visits.actions import mark_arrived, raise_signal
from mainstay.visits.boards import GRAVITY, WHILE_HERE, board_lines, in_two
from mainstay.visits.lifecycle import Stage
from mainstay.visits.models import SignalKind
from mainstay.visits.queries import board_rows
from mainstay.visits.tests.factories import a_patient, a_person, a_site, a_visit

signals = st.lists(st.sampled_from(GRAVITY).map(lambda kind: Signal(kind, kind)), max_size=8)


@given(signals)
def test_nothing_is_lost_no_stop_is_folded_and_the_gravest_come_first(on):
    shown, folded = in_two(on)
    assert sorted(map(repr, (*shown, *folded))) == sorted(map(repr, on))
    assert all(signal.kind != "stop" for signal in folded)
    ranks = [GRAVITY.index(signal.kind) for signal in (*shown, *folded)]
    assert ranks == sorted(ranks)
    assert len(shown) <= max(2, sum(signal.kind == "stop" for signal in on))


@pytest.mark.django_db
@pytest.mark.parametrize("stage", [Stage.CHECKING_OUT, Stage.CLOSED, Stage.LEFT])
def test_what_is_about_somebody_who_is_here_is_not_called_out_of_a_visit_that_is_over(stage):
    visit = a_visit()
    for kind in SignalKind:
        raise_signal(actor=an_actor(), visit=visit, kind=kind, text=kind)
    type(visit).objects.filter(pk=visit.pk).update(stage=stage)
    (line,) = board_lines(an_actor(), board_rows(an_actor(), a_site(), day=visit.day), [])
    on = {signal.text for signal in (*line.signals, *line.folded)} & set(SignalKind)
    assert on == (set(SignalKind) if stage is Stage.CHECKING_OUT else set(SignalKind) - WHILE_HERE)
    assert {SignalKind.SELF_HARM, SignalKind.ABNORMAL_VITAL, SignalKind.STOP_AND_FETCH, "order_waiting"} <= on


@pytest.mark.django_db
def test_a_stop_is_said_above_the_board_and_who_is_here_stands_first_on_the_wall(client, monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    client.force_login(a_person("ann", "clinical_ma"))
    a_visit(patient=a_patient("1", given_name="Early", family_name="Expected"))
    here = a_visit(
        patient=a_patient("2", given_name="Late", family_name="Booked"), starts=A_MOMENT + timedelta(hours=5)
    )
    mark_arrived(actor=an_actor(), visit=here)
    raise_signal(actor=an_actor(), visit=here, kind=SignalKind.STOP_AND_FETCH, text="Fetch now", severity="stop")
    shown = client.get("/board/").content.decode()
    assert shown.index("Fetch now") < shown.index("Early Expected") < shown.rindex("Fetch now")
    wall = client.get("/board/wall/").content.decode()
    assert wall.index(">LB<") < wall.index(">EE<")
    assert "visits is yours" in client.get("/board/?show=me").content.decode()
