"""A child's growth on the WHO or CDC percentile lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
from mainstay.chart.growth import Line, Measure, Measurement, Sex, Standard, curves, score
from mainstay.chart.growth.scores import DAYS_PER_MONTH

WIDTH, HEIGHT = 720, 520
MARGIN_LEFT, MARGIN_TOP, MARGIN_RIGHT, MARGIN_BOTTOM = 52, 46, 92, 44
LABEL_STEP = 11
MONTH, YEAR = DAYS_PER_MONTH, DAYS_PER_MONTH * 12
SEX_WORDS = {Sex.MALE: "boys", Sex.FEMALE: "girls"}
NAMES = {
    Measure.WEIGHT: ("Weight for age", "kg"),
    Measure.LENGTH: ("Length for age", "cm"),
    Measure.HEIGHT: ("Height for age", "cm"),
    Measure.HEAD: ("Head circumference for age", "cm"),
    Measure.BMI: ("BMI for age", "kg/m²"),
    Measure.WEIGHT_FOR_LENGTH: ("Weight for length", "kg"),
}
CUSTOMARY = {"kg": ("lb", 2.20462), "cm": ("in", 1 / 2.54)}
SOURCES = {
    Standard.WHO: "WHO Child Growth Standards 2006",
    Standard.CDC: "CDC growth charts 2000",
}


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One measurement of the child: age in days (corrected when preterm), kg, cm or kg/m2, and the day in words.

    `length_cm` only on weight-for-length charts.
    """

    age_days: float
    value: float
    on: str = ""
    length_cm: float | None = None


def growth_chart_svg(
    standard: Standard,
    measure: Measure,
    sex: Sex,
    points: Sequence[ChartPoint],
    *,
    name: str = "growth",
    from_days: float | None = None,
    until_days: float | None = None,
) -> str:
    """The chart as one SVG element, readable aloud, in black and white, and at any size.

    WHO is drawn from birth to 24 months unless told otherwise, CDC over its whole range. Points outside the drawn
    ages are left out. `name` must be unique on the page.
    """
    lines = curves(standard, measure, sex)
    low, high = _span(standard, measure, lines, from_days, until_days)
    visible = [_between(one, low, high) for one in lines]
    shown = sorted(
        (one for one in points if low <= _across(measure, one) <= high), key=lambda one: _across(measure, one)
    )
    plot = _plot(visible, shown, low, high)
    extended = ", extended 2022" if standard is Standard.CDC and measure is Measure.BMI else ""
    title = f"{NAMES[measure][0]}, {SEX_WORDS[sex]}: {SOURCES[standard]}{extended}"
    return drawing(
        text(title, MARGIN_LEFT, 20, font_size=14, font_weight=600),
        *_axes(plot, measure, low, high),
        *(_percentile_line(plot, one) for one in visible),
        plot.frame(),
        *_percentile_labels(plot, visible),
        *_patient(plot, standard, measure, sex, shown),
        width=WIDTH,
        height=HEIGHT,
        name=name,
        title=title,
        description=growth_in_words(standard, measure, sex, shown),
        css_class="chart chart-growth",
    )


def growth_in_words(standard: Standard, measure: Measure, sex: Sex, points: Sequence[ChartPoint]) -> str:
    """What the chart shows, for those who hear it."""
    if not points:
        return "No measurements yet. Percentile lines only."
    unit = NAMES[measure][1]
    said = [
        f"{_age_in_words(one.age_days)}: {short_number(one.value)} {unit}"
        f"{_percentile_words(standard, measure, sex, one)}"
        for one in points
    ]
    count = f"{len(points)} measurement{'s' if len(points) > 1 else ''}"
    return f"{count}, oldest first. {'; '.join(said)}."


def _span(
    standard: Standard, measure: Measure, lines: Sequence[Line], from_days: float | None, until_days: float | None
) -> tuple[float, float]:
    first, last = lines[0].points[0][0], lines[0].points[-1][0]
    if measure is Measure.WEIGHT_FOR_LENGTH:
        return first, last
    usual_end = 24 * MONTH if standard is Standard.WHO else last
    usual_start = 24 * MONTH if standard is Standard.CDC and measure is Measure.WEIGHT else first
    low = max(first, usual_start if from_days is None else from_days)
    high = min(last, usual_end if until_days is None else until_days)
    return (low, high) if high > low else (first, last)


def _between(one: Line, low: float, high: float) -> Line:
    """The part of a line between two ages, with its ends interpolated."""
    kept = [(x, y) for x, y in one.points if low < x < high]
    return Line(one.percentile, ((low, _at(one, low)), *kept, (high, _at(one, high))))


def _at(one: Line, x: float) -> float:
    for (x1, y1), (x2, y2) in zip(one.points, one.points[1:], strict=False):
        if x1 <= x <= x2:
            return y1 + (y2 - y1) * (x - x1) / (x2 - x1)
    return one.points[-1][1] if x > one.points[-1][0] else one.points[0][1]


def _plot(lines: Sequence[Line], points: Sequence[ChartPoint], low: float, high: float) -> Plot:
    values = [y for one in lines for _, y in one.points] + [one.value for one in points]
    room = (max(values) - min(values)) * 0.04
    return Plot(
        left=MARGIN_LEFT,
        top=MARGIN_TOP,
        right=WIDTH - MARGIN_RIGHT,
        bottom=HEIGHT - MARGIN_BOTTOM,
        low_x=low,
        high_x=high,
        low_y=max(0.0, min(values) - room),
        high_y=max(values) + room,
    )


def _axes(plot: Plot, measure: Measure, low: float, high: float) -> Iterator[str]:
    unit = NAMES[measure][1]
    yield plot.rows(round_ticks(plot.low_y, plot.high_y, 9))
    yield text(unit, plot.left - 6, plot.top - 8, text_anchor="end", fill=SOFT)
    if unit in CUSTOMARY:
        other, factor = CUSTOMARY[unit]
        yield text(other, WIDTH - 8, plot.top - 8, text_anchor="end", fill=SOFT)
        for tick in round_ticks(plot.low_y * factor, plot.high_y * factor, 9):
            y = plot.y(tick / factor)
            yield line(WIDTH - 40, y, WIDTH - 36, y, stroke=SOFT)
            yield text(short_number(tick), WIDTH - 8, y + 4, text_anchor="end", fill=SOFT)
    if measure is Measure.WEIGHT_FOR_LENGTH:
        yield plot.columns(round_ticks(low, high, 10))
        below = "Length, cm"
    elif high - low <= 5 * YEAR:
        months = [
            month for month in range(0, 61, 3 if high - low <= 3 * YEAR else 6) if low <= month * MONTH <= high + 1
        ]
        yield plot.columns([month * MONTH for month in months], lambda days: str(round(days / MONTH)))
        below = "Age, months"
    else:
        years = [year for year in range(0, 21, 2) if low - 1 <= year * YEAR <= high + 1]
        yield plot.columns([year * YEAR for year in years], lambda days: str(round(days / YEAR)))
        below = "Age, years"
    yield text(below, (plot.left + plot.right) / 2, HEIGHT - 10, text_anchor="middle", fill=SOFT)


def _percentile_line(plot: Plot, one: Line) -> str:
    """The median is solid and heavier, the outermost solid and thin, those between dashed: told apart without color."""
    if one.percentile == 50:
        style: dict[str, object] = {"stroke_width": 1.8}
    elif one.percentile in (5, 95):
        style = {"stroke_width": 1.2}
    elif one.percentile in (2, 98) or one.percentile > 98:
        style = {"stroke_width": 0.9, "stroke_dasharray": "1 2.5"}
    else:
        style = {"stroke_width": 0.9, "stroke_dasharray": "5 3"}
    return polyline(plot.place(one.points), stroke=SOFT, stroke_linejoin="round", **style)


def _percentile_labels(plot: Plot, lines: Sequence[Line]) -> Iterator[str]:
    ends = [plot.y(one.points[-1][1]) for one in lines]
    yield text("percentile", plot.right + 4, plot.top - 8, font_size=10, fill=SOFT)
    for one, wanted, place in zip(lines, ends, spread_apart(ends, LABEL_STEP), strict=True):
        weight = 600 if one.percentile == 50 else 400
        yield line(plot.right, wanted, plot.right + 6, place, stroke=SOFT, stroke_width=0.6)
        yield text(
            short_number(one.percentile), plot.right + 9, place + 3.5, font_size=10, font_weight=weight, fill=SOFT
        )


def _patient(plot: Plot, standard: Standard, measure: Measure, sex: Sex, points: Sequence[ChartPoint]) -> Iterator[str]:
    placed = [(plot.x(_across(measure, one)), plot.y(one.value)) for one in points]
    if len(placed) > 1:
        yield polyline(placed, stroke=ACCENT, stroke_width=2, stroke_linejoin="round")
    for one, (x, y) in zip(points, placed, strict=True):
        said = f"{one.on or _age_in_words(one.age_days)}: {short_number(one.value)} {NAMES[measure][1]}"
        tip = tooltip(f"{said}{_percentile_words(standard, measure, sex, one)}")
        yield element("circle", tip, cx=x, cy=y, r=4, fill=ACCENT, stroke=SURFACE, stroke_width=1.25)
    if placed:
        x, y = placed[-1]
        at_right = x > (plot.left + plot.right) * 0.75
        yield text(
            short_number(points[-1].value),
            x + (-8 if at_right else 8),
            y - 7,
            text_anchor="end" if at_right else "start",
            font_weight=600,
            fill=INK,
            stroke=SURFACE,
            stroke_width=3,
            paint_order="stroke",
        )


def _across(measure: Measure, point: ChartPoint) -> float:
    return (point.length_cm or 0.0) if measure is Measure.WEIGHT_FOR_LENGTH else point.age_days


def _percentile_words(standard: Standard, measure: Measure, sex: Sex, point: ChartPoint) -> str:
    asked = Measurement(measure, sex, point.age_days, point.value, point.length_cm)
    found = next((one for one in score(asked) if one.standard is standard), None)
    return f", percentile {found.percentile:.1f}, z {found.z:+.2f}" if found else ""


def _age_in_words(days: float) -> str:
    if days < 2 * MONTH:
        return f"{days:.0f} days"
    return f"{days / MONTH:.0f} months" if days < 2 * YEAR else f"{days / YEAR:.1f} years"
