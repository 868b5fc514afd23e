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
from mainstay.inventory.rules import to_fahrenheit
from mainstay.inventory.rules.temperatures import LimitsOverTime, Range, spell_span

WIDTH, HEIGHT = 860, 280
MOST_POINTS = 400
GAP = timedelta(hours=3)
"""A longer silence of the logger breaks the line: nothing is drawn where nothing was read."""


def temperature_svg(
    readings: Sequence[tuple[datetime, Decimal]],
    limits: LimitsOverTime,
    *,
    begin: datetime,
    end: datetime,
    zone: ZoneInfo,
) -> str:
    """Temperatures over time with the allowed band; stretches outside it are marked by shape and said in words."""
    warmth = [float(celsius) for _, celsius in readings]
    periods = limits.between(begin, end)
    low, high = min(float(p.lowest) for *_, p in periods), max(float(p.highest) for *_, p in periods)
    margin = max((high - low) / 3, 1.0)
    plot = Plot(
        48, 16, WIDTH - 56, HEIGHT - 34, begin.timestamp(), end.timestamp(),
        min([low - margin, *(w - 0.5 for w in warmth)]), max([high + margin, *(w + 0.5 for w in warmth)]),
    )  # fmt: skip
    band = "".join(_band(plot, *period) for period in periods)
    edges = "".join(
        text(f"{short_number(float(value))} °C", plot.right + 5, plot.y(float(value)) + 4)
        for value in (periods[-1][2].lowest, periods[-1][2].highest)
    )
    days = _midnights(begin, end, zone)
    outside = [(at, celsius) for at, celsius in readings if not limits.at(at).holds(celsius)]
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


def _band(plot: Plot, since: datetime, until: datetime, limits: Range) -> str:
    """What was allowed over a stretch of time, with its edges."""
    left, right = plot.x(since.timestamp()), plot.x(until.timestamp())
    low, high = plot.y(float(limits.lowest)), plot.y(float(limits.highest))
    band = element(
        "rect", tooltip(limits.words), x=left, y=high, width=right - left, height=low - high, fill=ACCENT,
        fill_opacity=0.12,
    )  # fmt: skip
    return band + "".join(line(left, y, right, y, stroke=INK, stroke_dasharray="6 3") for y in (low, high))


def temperatures_in_words(
    readings: Sequence[tuple[datetime, Decimal]], limits: LimitsOverTime, *, zone: ZoneInfo
) -> str:
    """What the picture shows, for those who cannot see it."""
    if not readings:
        return "The logger has no readings for these days."
    warmth = [celsius for _, celsius in readings]
    held = list(dict.fromkeys(limits.at(at).words for at, _ in readings))
    allowed = f"are {held[0]}" if len(held) == 1 else f"were {', then '.join(held)}"
    outside = [at for at, celsius in readings if not limits.at(at).holds(celsius)]
    words = f"{len(readings)} readings {spell_span(min(warmth), max(warmth))}; allowed {allowed}."
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
