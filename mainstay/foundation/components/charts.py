"""Charts as SVG drawn on the server: a trend with its band, growth on its curves, controls around their mean.

Every chart carries its numbers as a table too. Points outside their limits change shape, not only color.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Point:
    """One measurement. `x` on the chart's scale, `when` and `shown` as people read them; `kind` "", confirm or stop."""

    x: Number
    y: Number
    when: str
    shown: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """Measurements joined by a line."""

    label: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """A reference line: a percentile, a mean, a control limit. `kind`: "", main or limit."""

    label: str
    points: tuple[tuple[Number, Number], ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything one chart shows. `x_ticks` are (value, label); `band` is the expected range of y."""

    title: str
    unit: str
    series: tuple[Series, ...]
    x_ticks: tuple[tuple[Number, str], ...] = ()
    band: tuple[Number, Number] | None = None
    curves: tuple[Curve, ...] = ()
    width: int = 420
    height: int = 200


@dataclass(frozen=True, slots=True)
class _Scale:
    """From the numbers of a chart to places in its drawing."""

    low_x: float
    high_x: float
    low_y: float
    high_y: float
    left: float
    right: float
    top: float
    bottom: float

    def x(self, value: Number) -> float:
        return round(self.left + (float(value) - self.low_x) / (self.high_x - self.low_x) * (self.right - self.left), 1)

    def y(self, value: Number) -> float:
        share = (float(value) - self.low_y) / (self.high_y - self.low_y)
        return round(self.bottom - share * (self.bottom - self.top), 1)

    def path(self, points: Iterable[tuple[Number, Number]]) -> str:
        return " ".join(f"{'M' if n == 0 else 'L'}{self.x(x)} {self.y(y)}" for n, (x, y) in enumerate(points))


def ticks(low: Number, high: Number, about: int = 5) -> tuple[float, ...]:
    """Round numbers that enclose `low` to `high`, about `about` of them, a step of 1, 2 or 5 times a power of ten."""
    low_, high_ = float(low), float(high)
    if high_ <= low_:
        low_, high_ = low_ - 1, high_ + 1
    rough = (high_ - low_) / max(1, about)
    power = 10.0 ** floor(log10(rough))
    step = next(s * power for s in (1, 2, 5, 10) if s * power >= rough)
    first, last = floor(low_ / step + 1e-9), ceil(high_ / step - 1e-9)
    return tuple(round(n * step, 10) for n in range(first, last + 1))


def chart(drawn: Chart) -> SafeString:
    """The chart as a figure: an SVG named for screen readers, and its numbers as a table. Nothing without points."""
    points = [p for s in drawn.series for p in s.points]
    if not points:
        return SafeString("")
    scale, y_ticks = _scale_of(drawn, points)
    return SafeString(
        render_to_string(
            "foundation/components/chart.html",
            {
                "chart": drawn,
                "drawing": SafeString("".join(_layers(drawn, scale, y_ticks))),
                "summary": "; ".join(f"{s.label}: {s.points[-1].shown}, {s.points[-1].when}" for s in drawn.series),
            },
        )
    )


def _scale_of(drawn: Chart, points: Sequence[Point]) -> tuple[_Scale, tuple[float, ...]]:
    lines = [xy for c in drawn.curves for xy in c.points]
    xs = [float(x) for x in (*(p.x for p in points), *(x for x, _ in lines), *(x for x, _ in drawn.x_ticks))]
    ys = [float(y) for y in (*(p.y for p in points), *(y for _, y in lines), *(drawn.band or ()))]
    y_ticks = ticks(min(ys), max(ys))
    low_x, high_x = min(xs), max(xs)
    if low_x == high_x:
        low_x, high_x = low_x - 1, high_x + 1
    words = [c.label for c in drawn.curves] + [_spoken(drawn, s) for s in drawn.series if s.points]
    right = drawn.width - 14 - 7 * max(map(len, words))
    return _Scale(low_x, high_x, y_ticks[0], y_ticks[-1], 44, right, 12, drawn.height - 24), y_ticks


def _layers(drawn: Chart, scale: _Scale, y_ticks: Sequence[float]) -> Iterable[SafeString]:
    if drawn.band:
        low, high = drawn.band
        yield format_html(
            '<rect class="chart-band" x="{}" y="{}" width="{}" height="{}"/>',
            scale.left, scale.y(high), scale.right - scale.left, round(scale.y(low) - scale.y(high), 1),
        )  # fmt: skip
    yield format_html_join(
        "",
        '<path class="chart-grid" d="M{1} {0}H{2}"/><text x="{3}" y="{0}" dy="4" text-anchor="end">{4}</text>',
        ((scale.y(t), scale.left, scale.right, scale.left - 8, f"{t:g}") for t in y_ticks),
    )
    yield format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle">{}</text>',
        ((scale.x(x), drawn.height - 4, label) for x, label in drawn.x_ticks),
    )
    for curve in drawn.curves:
        end = curve.points[-1]
        yield format_html(
            '<path class="chart-curve{}" d="{}"/><text x="{}" y="{}" dy="4">{}</text>',
            f" chart-curve-{curve.kind}" if curve.kind else "",
            scale.path(curve.points), scale.x(end[0]) + 4, scale.y(end[1]), curve.label,
        )  # fmt: skip
    for number, series in enumerate(drawn.series):
        if series.points:
            yield from _line(series, scale, _spoken(drawn, series), is_second=number > 0)


def _spoken(drawn: Chart, series: Series) -> str:
    """What stands at the end of a line: its last value, with its name when there are several."""
    last = series.points[-1].shown
    return f"{series.label} {last}" if len(drawn.series) > 1 else last


def _line(series: Series, scale: _Scale, text: str, *, is_second: bool) -> Iterable[SafeString]:
    path = scale.path((p.x, p.y) for p in series.points)
    yield format_html('<path class="chart-line{}" d="{}"/>', " chart-second" if is_second else "", path)
    for point in series.points:
        x, y = scale.x(point.x), scale.y(point.y)
        yield format_html(
            '<path class="chart-dot{}" d="{}"><title>{}: {}</title></path>',
            f" chart-{point.kind}" if point.kind else "", _shape(point.kind, x, y), point.when, point.shown,
        )  # fmt: skip
    last = series.points[-1]
    place = (scale.x(last.x) + 8, scale.y(last.y))
    yield format_html('<text class="chart-value" x="{}" y="{}" dy="4">{}</text>', *place, text)


def _shape(kind: str, x: float, y: float) -> str:
    """A dot, a triangle (confirm) or an octagon (stop) around a place."""
    if kind == "confirm":
        return f"M{x} {y - 6}l6 11h-12z"
    if kind == "stop":
        return f"M{x - 2.5} {y - 6}h5l3.5 3.5v5l-3.5 3.5h-5l-3.5 -3.5v-5z"
    return f"M{x - 3.5} {y}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z"
