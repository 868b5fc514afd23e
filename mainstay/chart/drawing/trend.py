"""A vital sign over time, with the bands it is judged by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from mainstay.chart.drawing.svg import (
    ACCENT,
    INK,
    SOFT,
    SURFACE,
    Plot,
    drawing,
    element,
    line,
    polyline,
    round_ticks,
    short_number,
    spread_apart,
    text,
    tooltip,
)

WIDTH, HEIGHT = 440, 230
MARGIN_LEFT, MARGIN_TOP, MARGIN_RIGHT, MARGIN_BOTTOM = 44, 34, 86, 30
TICKS_ACROSS = 4
PATTERNS = {"tell": (0.07, "1 4"), "now": (0.14, "6 3")}


class Shape(StrEnum):
    """How the points of a series look, so that series differ without color."""

    DOT = "dot"
    SQUARE = "square"
    TRIANGLE = "triangle"


@dataclass(frozen=True, slots=True)
class Series:
    """One line: points of (when, value) in any order; times in the site's zone."""

    label: str
    points: tuple[tuple[datetime, float], ...]
    shape: Shape = Shape.DOT


@dataclass(frozen=True, slots=True)
class Zone:
    """A band of values: `tell` or `now`, open at one end when that is `None`.

    `lies_below` says that usual values lie above it; its edge is drawn on that side.
    """

    level: str
    label: str
    low: float | None = None
    high: float | None = None
    lies_below: bool = False


def trend_svg(
    series: Sequence[Series], *, title: str, unit: str, zones: Sequence[Zone] = (), name: str = "trend"
) -> str:
    """The trend as one SVG element, readable aloud and in black and white. `name` must be unique on the page.

    Two series of the same times (systolic and diastolic) are joined by bars.
    """
    series = [Series(one.label, tuple(sorted(one.points)), one.shape) for one in series if one.points]
    if not series:
        return _nothing(title, name)
    plot = _plot(series, zones)
    return drawing(
        text(title, MARGIN_LEFT, 18, font_size=13, font_weight=600),
        text(unit, WIDTH - 8, 18, text_anchor="end", fill=SOFT),
        *_zones(plot, zones),
        plot.rows(round_ticks(plot.low_y, plot.high_y, 5)),
        *_days(plot, series[0].points[0][0].tzinfo),
        plot.frame(),
        *_bars(plot, series),
        *(mark for one in series for mark in _one_series(plot, one, unit)),
        *_names(plot, series),
        width=WIDTH,
        height=HEIGHT,
        name=name,
        title=title,
        description=trend_in_words(series, unit),
        css_class="chart chart-trend",
    )


def trend_in_words(series: Sequence[Series], unit: str) -> str:
    """What the trend shows, for those who hear it: the latest, the range, the direction."""
    said = []
    for one in series:
        values = [value for _, value in one.points]
        when, latest = one.points[-1]
        words = f"{one.label}: latest {short_number(latest)} {unit} on {_day(when.date())}"
        if len(values) > 1:
            change = latest - values[0]
            direction = f"{'up' if change > 0 else 'down'} {short_number(abs(change))}" if change else "unchanged"
            words += f", {direction} since {_day(one.points[0][0].date())}"
            words += f", lowest {short_number(min(values))}, highest {short_number(max(values))}, {len(values)} values"
        said.append(words)
    return ". ".join(said) + "."


def sparkline_svg(
    values: Sequence[float], *, label: str, name: str = "spark", width: int = 96, height: int = 24
) -> str:
    """A trend the size of a word, without axes; the last value is a dot."""
    if not values:
        return ""
    low, high = min(values), max(values)
    room = (high - low) * 0.1 or 1
    plot = Plot(3, 3, width - 4, height - 3, 0, max(1, len(values) - 1), low - room, high + room)
    placed = plot.place((float(place), value) for place, value in enumerate(values))
    said = f"{label}: {', '.join(short_number(value) for value in values)}"
    return drawing(
        polyline(placed, stroke=SOFT, stroke_width=1.25, stroke_linejoin="round"),
        element("circle", cx=placed[-1][0], cy=placed[-1][1], r=2.5, fill=ACCENT),
        width=width,
        height=height,
        name=name,
        title=label,
        description=said,
        css_class="chart chart-spark",
    )


def _plot(series: Sequence[Series], zones: Sequence[Zone]) -> Plot:
    times = [when.timestamp() for one in series for when, _ in one.points]
    values = [value for one in series for _, value in one.points]
    spread = max(values) - min(values)
    edges = [edge for zone in zones for edge in (zone.low, zone.high) if edge is not None]
    near = [edge for edge in edges if min(values) - spread - 15 <= edge <= max(values) + spread + 15]
    low, high = min(values + near), max(values + near)
    room = (high - low) * 0.08 or 1.0
    aside = (max(times) - min(times)) * 0.03 or 43_200.0
    return Plot(
        left=MARGIN_LEFT,
        top=MARGIN_TOP,
        right=WIDTH - MARGIN_RIGHT,
        bottom=HEIGHT - MARGIN_BOTTOM,
        low_x=min(times) - aside,
        high_x=max(times) + aside,
        low_y=low - room,
        high_y=high + room,
    )


def _zones(plot: Plot, zones: Sequence[Zone]) -> Iterator[str]:
    for zone in zones:
        low = plot.low_y if zone.low is None else max(zone.low, plot.low_y)
        high = plot.high_y if zone.high is None else min(zone.high, plot.high_y)
        if low >= high:
            continue
        opacity, dashes = PATTERNS[zone.level]
        top, bottom = plot.y(high), plot.y(low)
        yield element(
            "rect",
            tooltip(zone.label),
            x=plot.left,
            y=top,
            width=plot.right - plot.left,
            height=bottom - top,
            fill=INK,
            fill_opacity=opacity,
        )
        edge = top if zone.lies_below else bottom
        yield line(plot.left, edge, plot.right, edge, stroke=SOFT, stroke_dasharray=dashes)
        if bottom - top >= 12:
            yield text(zone.label, plot.left + 6, (top + bottom) / 2 + 3.5, font_size=10, fill=SOFT)


def _days(plot: Plot, zone: tzinfo | None) -> Iterator[str]:
    """Day labels under the plot, evenly spread, the year where it matters."""
    days = (plot.high_x - plot.low_x) / 86_400
    count = TICKS_ACROSS if days >= TICKS_ACROSS else 2
    for place in range(1, count):
        moment = plot.low_x + (plot.high_x - plot.low_x) * place / count
        when = datetime.fromtimestamp(moment, tz=zone)
        words = f"{when:%b %Y}" if days > 400 else f"{when.day} {when:%b}"
        if place == 1 and days <= 400:
            words += f" {when.year}"
        x = plot.x(moment)
        yield line(x, plot.bottom, x, plot.bottom + 4, stroke=SOFT)
        yield text(words, x, plot.bottom + 16, text_anchor="middle", fill=SOFT)


def _bars(plot: Plot, series: Sequence[Series]) -> Iterator[str]:
    if len(series) != 2:
        return
    lower = dict(series[1].points)
    for when, value in series[0].points:
        if when in lower:
            x = plot.x(when.timestamp())
            yield line(x, plot.y(value), x, plot.y(lower[when]), stroke=SOFT, stroke_width=1.5)


def _one_series(plot: Plot, one: Series, unit: str) -> Iterator[str]:
    placed = plot.place((when.timestamp(), value) for when, value in one.points)
    yield polyline(placed, stroke=ACCENT, stroke_width=1.5, stroke_linejoin="round")
    for (when, value), (x, y) in zip(one.points, placed, strict=True):
        tip = tooltip(f"{_day(when.date())}: {one.label} {short_number(value)} {unit}")
        yield _mark(one.shape, x, y, tip)


def _mark(shape: Shape, x: float, y: float, tip: str) -> str:
    look = {"fill": ACCENT, "stroke": SURFACE, "stroke_width": 1}
    if shape is Shape.SQUARE:
        return element("rect", tip, x=x - 3.5, y=y - 3.5, width=7, height=7, **look)
    if shape is Shape.TRIANGLE:
        return element(
            "polygon",
            tip,
            points=f"{x:.1f},{y - 4.5:.1f} {x + 4.5:.1f},{y + 3.5:.1f} {x - 4.5:.1f},{y + 3.5:.1f}",
            **look,
        )
    return element("circle", tip, cx=x, cy=y, r=3.75, **look)


def _names(plot: Plot, series: Sequence[Series]) -> Iterator[str]:
    ends = sorted(((plot.y(one.points[-1][1]), one) for one in series), key=lambda pair: -pair[0])
    places = spread_apart([place for place, _ in ends], 26)
    for (_, one), place in zip(ends, places, strict=True):
        yield text(short_number(one.points[-1][1]), plot.right + 8, place, font_weight=600, font_size=13)
        yield text(one.label, plot.right + 8, place + 12, font_size=10, fill=SOFT)


def _nothing(title: str, name: str) -> str:
    return drawing(
        text(title, MARGIN_LEFT, 18, font_size=13, font_weight=600),
        text("Nothing measured yet", WIDTH / 2, 60, text_anchor="middle", fill=SOFT),
        width=WIDTH,
        height=90,
        name=name,
        title=title,
        description="Nothing measured yet.",
        css_class="chart chart-trend",
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
