"""A row of the board shows the gravest two signals; the rest are folded, but never a stop."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mainstay.foundation.components.day import Signal
from mainstay.visits.boards import GRAVITY, in_two

signals = st.lists(st.sampled_from(GRAVITY).map(lambda kind: Signal(kind, kind)), max_size=8)


@given(signals)
def test_nothing_is_lost_no_stop_is_folded_and_the_gravest_come_first(on):
    shown, folded = in_two(on)
    assert sorted(map(repr, (*shown, *folded))) == sorted(map(repr, on))
    assert all(signal.kind != "stop" for signal in folded)
    ranks = [GRAVITY.index(signal.kind) for signal in (*shown, *folded)]
    assert ranks == sorted(ranks)
    assert len(shown) <= max(2, sum(signal.kind == "stop" for signal in on))
