"""Files of several loggers, clean and dirty."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.foundation.errors import InvalidInput
from mainstay.inventory.loggers import read_logger_file

EASTERN = ZoneInfo("America/New_York")


def found(text: str | bytes, **more):
    read = read_logger_file(text, zone=EASTERN, **more)
    return [(f"{r.at.astimezone(EASTERN):%m-%d %H:%M}", str(r.celsius)) for r in read.readings]


TWO = [("11-16 08:00", "4.80"), ("11-16 08:30", "5.10")]
SHAPES = {
    "plain, ISO, °C in the heading": "timestamp,temperature (°C)\n2026-11-16 08:00,4.8\n2026-11-16 08:30,5.1\n",
    "date and time apart, twelve hours, °F": (
        "Date,Time,Temp(°F)\n11/16/2026,8:00:00 AM,40.64\n11/16/2026,8:30:00 AM,41.18\n"
    ),
    "lines above the table name serial and scale": (
        "Logger report\nSerial Number: 1804-22917\nTemperature Unit: C\n\n"
        "Index,Date/Time,Reading\n1,11/16/2026 08:00,4.8\n2,11/16/2026 08:30,5.1\n"
    ),
    "semicolons and decimal commas": "Time;Temp °C;Humidity %\n16.11.2026 08:00;4,8;30\n16.11.2026 08:30;5,1;31\n",
    "tabs, a second probe, both scales": (
        "No.\tDate/Time\tTemp °F\tTemp °C\tAlarm\n1\t16-Nov-2026 08:00:00\t40.6\t4.8\tOK\n"
        "2\t16-Nov-2026 08:30:00\t41.2\t5.1\tOK\n"
    ),
    "no heading, the scale in each cell": "2026-11-16T08:00:00,4.8 °C\n2026-11-16T08:30:00,5.1 °C\n",
    "with an offset": "time,temp_c\n2026-11-16T13:00:00Z,4.8\n2026-11-16T08:30:00-05:00,5.1\n",
    "limits beside the temperature": (
        "Date Time,High Limit °C,Low Limit °C,Temperature °C\nNov 16 2026 8:00,8,2,4.8\nNov 16 2026 8:30,8,2,5.1\n"
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_reads_the_same(shape):
    assert found(SHAPES[shape]) == TWO


def test_other_encodings_read_the_same():
    text = SHAPES["plain, ISO, °C in the heading"]
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        assert found(text.encode(encoding)) == TWO


def test_the_serial_number_is_found():
    file = read_logger_file(SHAPES["lines above the table name serial and scale"], zone=EASTERN)
    assert file.serial == "1804-22917"


def test_a_file_that_does_not_say_its_scale_is_refused_until_somebody_says_it():
    text = "time,temp\n2026-11-16 08:00,41\n"
    with pytest.raises(InvalidInput, match="°C or °F") as refused:
        found(text)
    assert refused.value.field == "scale"
    assert found(text, scale="F") == [("11-16 08:00", "5.00")]


def test_dirty_lines_are_named_and_the_rest_is_kept():
    file = read_logger_file(
        "time,temp °C\n2026-11-16 08:30,5.1\n\n2026-11-16 08:00,4.8\nERR,\n2026-11-16 09:00,---\n2026-02-30 09:00,5\n"
        "2026-11-16 25:00,5\n2026-11-16 09:30,warm\n2026-11-16 08:00,4.8\n2026-11-16 08:00,6\n2026-11-16\n"
        "2031-01-01 08:00,5\n2026-11-16 10:00,999\n",
        zone=EASTERN,
        now=datetime(2026, 11, 17, tzinfo=UTC),
    )
    assert [str(r.celsius) for r in file.readings] == ["4.80", "5.10"]
    assert [(p.line, p.why) for p in file.problems] == [
        (5, "The logger has no temperature for this time."),
        (6, "The logger has no temperature for this time."),
        (7, "“2026-02-30 09:00” is not a date and time."),
        (8, "“25:00” is not a time of day."),
        (9, "“warm” is not a temperature."),
        (11, "This time stands there twice with different temperatures; the first counts."),
        (12, "This line is cut short."),
        (13, "It lies in the future: the logger's clock is wrong."),
        (14, "“999” is not a temperature a storage unit can have."),
    ]


def test_dates_with_a_day_above_twelve_in_front_are_day_first_throughout():
    text = "time,temp °C\n01/11/2026 08:00,5\n16/11/2026 08:00,5\n"
    assert found(text) == [("11-01 08:00", "5.00"), ("11-16 08:00", "5.00")]


def test_the_hour_that_comes_twice_is_read_twice():
    lines = ["2026-11-01 00:30", "2026-11-01 01:00", "2026-11-01 01:30", "2026-11-01 01:00", "2026-11-01 01:30"]
    text = "time,temp °C\n" + "".join(f"{line},5.{n}\n" for n, line in enumerate([*lines, "2026-11-01 02:00"]))
    moments = [r.at for r in read_logger_file(text, zone=EASTERN).readings]
    assert len(set(moments)) == 6
    assert moments == sorted(moments)
    assert (moments[-1] - moments[0]).total_seconds() == 2.5 * 3600


@pytest.mark.parametrize("text", ["", "hello", "a,b\nc,d\n", "time,temp °C\n"])
def test_what_is_no_logger_file_is_refused(text):
    with pytest.raises(InvalidInput):
        found(text)


@given(st.text(max_size=400))
def test_no_text_breaks_it(text):
    with suppress(InvalidInput):
        read_logger_file("time,temp °C\n" + text, zone=EASTERN)


@given(st.decimals(min_value=-90, max_value=60, places=1))
def test_both_scales_read_to_the_same_warmth(celsius):
    fahrenheit = celsius * 9 / 5 + 32
    one = read_logger_file(f"time,temp °C\n2026-11-16 08:00,{celsius}\n", zone=EASTERN).readings[0]
    other = read_logger_file(f"time,temp °F\n2026-11-16 08:00,{fahrenheit}\n", zone=EASTERN).readings[0]
    assert abs(one.celsius - other.celsius) <= Decimal("0.01")
