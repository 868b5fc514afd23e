"""A week of temperatures with the band they must stay in, as plain SVG."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from mainstay.chart.drawing.svg import (
    ACCENT,
    INK,
    SOFT,
    Plot,
    drawing,
    element,
    line,
    polyline,
    round_ticks,
    short_number,
    text,
    tooltip,
)
from mainstay.inventory.rules import Range, to_fahrenheit

WIDTH, HEIGHT = 860, 280
MOST_POINTS = 400
GAP = timedelta(hours=3)
"""A longer silence of the logger breaks the line: nothing is drawn where nothing was read."""


def temperature_svg(
    readings: Sequence[tuple[datetime, Decimal]], limits: Range, *, begin: datetime, end: datetime, zone: ZoneInfo
) -> str:
    """Temperatures over time with the allowed band; stretches outside it are marked by shape and said in words."""
    warmth = [float(celsius) for _, celsius in readings]
    low, high = float(limits.lowest), float(limits.highest)
    margin = max((high - low) / 3, 1.0)
    plot = Plot(
        48, 16, WIDTH - 56, HEIGHT - 34, begin.timestamp(), end.timestamp(),
        min([low - margin, *(w - 0.5 for w in warmth)]), max([high + margin, *(w + 0.5 for w in warmth)]),
    )  # fmt: skip
    band = element(
        "rect", tooltip(limits.words), x=plot.left, y=plot.y(high), width=plot.right - plot.left,
        height=plot.y(low) - plot.y(high), fill=ACCENT, fill_opacity=0.12,
    )  # fmt: skip
    edges = "".join(
        line(plot.left, plot.y(value), plot.right, plot.y(value), stroke=INK, stroke_dasharray="6 3")
        + text(f"{short_number(value)} °C", plot.right + 5, plot.y(value) + 4)
        for value in (low, high)
    )
    days = _midnights(begin, end, zone)
    outside = [(at, celsius) for at, celsius in readings if not limits.holds(celsius)]
    worst = max(outside, key=lambda r: abs(float(r[1]) - (low + high) / 2), default=None)
    return drawing(
        band,
        plot.rows(round_ticks(plot.low_y, plot.high_y)),
        plot.columns([d.timestamp() for d in days], lambda s: f"{datetime.fromtimestamp(s, zone):%a %-d %b}"),
        edges,
        *(polyline(plot.place(run), stroke=ACCENT, stroke_width=1.75) for run in _runs(readings)),
        _mark(plot, *worst, zone) if worst else "",
        plot.frame(),
        width=WIDTH, height=HEIGHT, name="temperatures", title="Temperatures",
        description=temperatures_in_words(readings, limits, zone=zone),
    )  # fmt: skip


def temperatures_in_words(readings: Sequence[tuple[datetime, Decimal]], limits: Range, *, zone: ZoneInfo) -> str:
    """What the picture shows, for those who cannot see it."""
    if not readings:
        return "The logger has no readings for these days."
    warmth = [celsius for _, celsius in readings]
    outside = [at for at, celsius in readings if not limits.holds(celsius)]
    words = f"{len(readings)} readings between {min(warmth)} and {max(warmth)} °C; allowed are {limits.words}."
    if not outside:
        return f"{words} All are within."
    since = outside[0].astimezone(zone)
    return f"{words} {len(outside)} are outside, the first on {since:%a %-d %b at %-I:%M} {since:%p}.".replace(
        " AM.", " am."
    ).replace(" PM.", " pm.")


def _midnights(begin: datetime, end: datetime, zone: ZoneInfo) -> list[datetime]:
    first = begin.astimezone(zone).date()
    count = (end.astimezone(zone).date() - first).days
    days = [first + timedelta(days=n) for n in range(count)]
    return [datetime(d.year, d.month, d.day, tzinfo=zone) for d in days]


def _runs(readings: Sequence[tuple[datetime, Decimal]]) -> list[list[tuple[float, float]]]:
    """Unbroken lines, thinned to what a screen can show; of each group lowest and highest stay."""
    size = max(1, 2 * len(readings) // MOST_POINTS)
    kept: list[tuple[datetime, Decimal]] = []
    for place in range(0, len(readings), size):
        group = readings[place : place + size]
        kept += sorted({min(group, key=lambda r: r[1]), max(group, key=lambda r: r[1])})
    runs: list[list[tuple[float, float]]] = []
    last: datetime | None = None
    for at, celsius in kept:
        if last is None or at - last > GAP:
            runs.append([])
        runs[-1].append((at.timestamp(), float(celsius)))
        last = at
    return runs


def _mark(plot: Plot, at: datetime, celsius: Decimal, zone: ZoneInfo) -> str:
    x, y = plot.x(at.timestamp()), plot.y(float(celsius))
    label = f"{short_number(float(celsius))} °C ({to_fahrenheit(celsius)} °F)"
    corners = f"{x:.1f},{y - 6:.1f} {x - 6:.1f},{y + 5:.1f} {x + 6:.1f},{y + 5:.1f}"
    triangle = element("polygon", tooltip(f"{label}, {at.astimezone(zone):%a %H:%M}"), points=corners, fill=INK)
    side, anchor = (-10, "end") if x > plot.right - 130 else (10, "start")
    foot = line(x, y + 6, x, plot.bottom, stroke=SOFT, stroke_dasharray="2 3")
    return triangle + text(label, x + side, y + 4, text_anchor=anchor) + foot
