"""The parts of the day's screens."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from mainstay.foundation.components.board import board_row
from mainstay.foundation.components.day import (
    LONGEST_DAY,
    Block,
    BoardRow,
    Choice,
    Lane,
    NextAction,
    RoomTile,
    Signal,
    grid,
    place,
    place_class,
    side_by_side,
    whole_hours,
)
from mainstay.foundation.components.showcase_board import board_rows
from mainstay.foundation.components.showcase_day import day_context
from mainstay.foundation.decisions import no

OPENS = datetime(2027, 3, 2, 8, 0, tzinfo=UTC)
NASTY = "<script>x</script>"


def at(minutes: int) -> datetime:
    return OPENS + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(0, 20, (1, 4)), (90, 120, (19, 6)), (-30, 10, (1, 2)), (60, 60, (13, 1)), (3, 4, (2, 1))],
)
def test_a_stretch_of_time_has_its_place_on_the_grid(start, end, expected):
    assert place(at(start), at(end), OPENS) == expected


@given(st.integers(-600, 2000), st.integers(0, 2000))
def test_every_place_has_a_class_to_stand_on(start, minutes):
    first, span = place(at(start), at(start + minutes), OPENS)
    assert 1 <= first <= LONGEST_DAY
    assert 1 <= span <= LONGEST_DAY
    assert first + span - 1 <= LONGEST_DAY


def test_the_sheet_of_places_holds_every_line():
    css = (Path(__file__).parents[1] / "static/mainstay/css/positions.css").read_text()
    for n in range(1, LONGEST_DAY + 1):
        assert all(f".{name}{{--" in css for prefix in "ts" for name in place_class(prefix, n).split())
    assert f".lines-{LONGEST_DAY}{{" in css


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(1, 20)), max_size=25).map(sorted))
def test_bookings_at_one_time_stand_side_by_side(stretches):
    placed = side_by_side(stretches)
    assert len(placed) == len(stretches)
    for i, (a, span) in enumerate(stretches):
        lane, lanes = placed[i]
        assert 1 <= lane <= lanes
        for j, (b, _) in enumerate(stretches[i + 1 :], i + 1):
            if a <= b < a + span:
                assert placed[j][0] != lane
                assert placed[j][1] == lanes


def test_a_day_is_widened_to_whole_hours():
    assert whole_hours(at(-30), at(555)) == (at(-60), at(600))
    assert whole_hours(at(0), at(540)) == (at(0), at(540))
    assert grid("Today", (), OPENS, at(530), at(0)).lines == 108


def test_the_line_of_now_is_drawn_only_while_the_clinic_is_open():
    lanes = [Lane("Dr. Okoye", "", (Block(1, 4, "R. Delgado"),))]
    assert grid("Today", lanes, OPENS, at(540), at(60)).now_at == 13
    assert grid("Today", lanes, OPENS, at(540), at(-5)).now_at == 0
    assert grid("Today", lanes, OPENS, at(540), at(600)).now_at == 0


def row(**more: object) -> BoardRow:
    standard = {
        "key": "v1", "time": OPENS, "patient": "Rosa Delgado", "url": "/v/1/", "hue": 4, "reason": "BP check",
        "provider": "Dr. Okoye", "stage": "Arrived", "stage_kind": "waiting", "stage_step": 2, "stage_of": 6,
        "since": OPENS, "warn": 10, "late": 20,
    }  # fmt: skip
    return BoardRow(**{**standard, **more})


def drawn(one: BoardRow) -> str:
    request = RequestFactory().get("/")
    return board_row(one, at(25), request)


def test_a_board_row_says_everything_without_its_colors():
    html = drawn(row(signals=(Signal("stop", "BP 186/112"),), next=NextAction("Room patient", "/r/")))
    assert "25 min" in html and "over 20 minutes" in html and 'data-state="late"' in html
    assert 'aria-label="Stop"' in html and "BP 186/112" in html
    assert html.count("idempotency_key") == 1 and 'method="post"' in html


def test_rows_that_look_alike_carry_keys_and_tokens_of_their_own():
    one = row(next=NextAction("Room patient", "/r/"), reason="the <b>same</b> {0} %s")
    first, again = drawn(one), drawn(one)
    keys = [re.search(r'idempotency_key" value="([^"]+)"', html)[1] for html in (first, again)]
    tokens = [re.search(r'csrfmiddlewaretoken" value="(\w{64})"', html)[1] for html in (first, again)]
    assert keys[0] != keys[1] and tokens[0] != tokens[1]
    assert "&lt;b&gt;same&lt;/b&gt; {0} %s" in first
    assert re.sub("|".join(keys + tokens), "", first) == re.sub("|".join(keys + tokens), "", again)


def test_a_row_drawn_before_still_counts_its_minutes():
    assert "25 min" in board_row(row(), at(25), None)
    assert "26 min" in board_row(row(), at(26), None)


def test_a_refused_next_step_is_no_form_to_send():
    html = drawn(row(next=NextAction("Give", "/g/", decision=no("Not signed off.", who_could=("Lee Tran",)))))
    assert "disabled" in html and "Lee Tran" in html


def test_a_board_row_escapes_what_people_typed():
    rooms = (Choice(NASTY, NASTY, True),)
    html = drawn(
        row(patient=NASTY, reason=NASTY, who=NASTY, rooms=rooms, room_url="/m/", signals=(Signal("told", NASTY),))
    )
    assert "<script" not in html


def test_a_closed_visit_has_stopped_its_clock():
    assert "<time class=" not in drawn(row(stage="Closed", stage_kind="done"))


@pytest.mark.parametrize("state", ["ready", "occupied", "dirty", "cleaning", "stocked", "closed"])
def test_every_state_of_a_room_has_a_word_and_a_shape(state):
    room = RoomTile("Room 1", state, OPENS)
    html = render_to_string("foundation/components/room_tile.html", {"room": room, "now": at(5)})
    words = re.sub(r"<[^>]+>", "", html.split("tile-state")[1].split("</p>")[0])
    assert len(words) > 3 and "<svg" in html


def test_the_style_page_shows_all_of_it():
    template = engines["django"].get_template("foundation/style_day.html")
    html = template.render({**day_context(), "minutes": [OPENS] * 4, "now": at(9)}, RequestFactory().get("/"))
    for part in (
        "board",
        "tile",
        "lane-track",
        "schedule-track",
        "vital",
        "beside",
        "question",
        "step",
        "call",
        "queue",
    ):
        assert f'"{part}' in html or f" {part}" in html


def test_forty_rows_are_light_enough():
    rows = board_rows(OPENS) * 5
    html = render_to_string("foundation/components/board.html", {"rows": rows, "caption": "x", "now": at(5)})
    assert len(html) < 40 * 3500
