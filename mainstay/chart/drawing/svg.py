"""The few SVG pieces charts are made of: elements as text, scales, axes.

Colors are the page's own custom properties with the text color behind them, so a chart follows light, dark and print;
nothing depends on color alone. No fonts or scripts are loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

INK = "var(--ink, currentColor)"
SOFT = "var(--ink-soft, currentColor)"
GRID = "var(--hairline, currentColor)"
ACCENT = "var(--accent, currentColor)"
SURFACE = "var(--surface, white)"


def element(name: str, *children: str, **attributes: object) -> str:
    """One element; underscores in attribute names become hyphens, `None` leaves an attribute out.

    Children are markup: text goes through `text` or `escape` first.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(children)
    return f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>"


def text(words: str, x: float, y: float, **attributes: object) -> str:
    """A line of text at a point, in the ink color unless told otherwise."""
    return element("text", escape(words), **({"x": x, "y": y, "fill": INK} | attributes))


def tooltip(words: str) -> str:
    """The name of the shape it is put into."""
    return element("title", escape(words))


def line(x1: float, y1: float, x2: float, y2: float, **attributes: object) -> str:
    """A straight line."""
    return element("line", **({"x1": x1, "y1": y1, "x2": x2, "y2": y2, "stroke": INK} | attributes))


def polyline(points: Iterable[tuple[float, float]], **attributes: object) -> str:
    """A line through points, not filled."""
    written = " ".join(f"{_plain(x)},{_plain(y)}" for x, y in points)
    return element("polyline", **({"points": written, "fill": "none", "stroke": INK} | attributes))


def drawing(
    *children: str, width: int, height: int, name: str, title: str, description: str, css_class: str = "chart"
) -> str:
    """The whole picture with its name and description for those who cannot see it; `name` makes its ids unique."""
    return element(
        "svg",
        element("title", escape(title), id=f"{name}-title"),
        element("desc", escape(description), id=f"{name}-desc"),
        *children,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        class_=css_class,
        font_family="var(--font, system-ui, sans-serif)",
        font_size=11,
    )


@dataclass(frozen=True, slots=True)
class Plot:
    """A rectangle of the picture and the values its edges stand for; y grows upward."""

    left: float
    top: float
    right: float
    bottom: float
    low_x: float
    high_x: float
    low_y: float
    high_y: float

    def x(self, value: float) -> float:
        """Where a value lies from left to right."""
        return self.left + (value - self.low_x) / (self.high_x - self.low_x) * (self.right - self.left)

    def y(self, value: float) -> float:
        """Where a value lies from top to bottom."""
        return self.bottom - (value - self.low_y) / (self.high_y - self.low_y) * (self.bottom - self.top)

    def place(self, points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
        """Points of values as points of the picture."""
        return [(self.x(x), self.y(y)) for x, y in points]

    def frame(self) -> str:
        """The border of the plot."""
        return element(
            "rect",
            x=self.left,
            y=self.top,
            width=self.right - self.left,
            height=self.bottom - self.top,
            fill="none",
            stroke=SOFT,
        )

    def rows(self, ticks: Sequence[float], label: Callable[[float], str] | None = None) -> str:
        """Horizontal grid lines with their values at the left."""
        words = label or short_number
        return "".join(
            line(self.left, self.y(tick), self.right, self.y(tick), stroke=GRID, stroke_width=0.75)
            + text(words(tick), self.left - 6, self.y(tick) + 4, text_anchor="end", fill=SOFT)
            for tick in ticks
        )

    def columns(self, ticks: Sequence[float], label: Callable[[float], str] | None = None) -> str:
        """Vertical grid lines with their values below."""
        words = label or short_number
        return "".join(
            line(self.x(tick), self.top, self.x(tick), self.bottom, stroke=GRID, stroke_width=0.75)
            + text(words(tick), self.x(tick), self.bottom + 15, text_anchor="middle", fill=SOFT)
            for tick in ticks
        )


def round_ticks(low: float, high: float, about: int = 6) -> list[float]:
    """Round values from low to high, about so many."""
    if high <= low:
        return [low]
    raw = (high - low) / max(1, about)
    size = 10 ** floor(log10(raw))
    step = next(size * nice for nice in (1, 2, 2.5, 5, 10) if size * nice >= raw)
    first = ceil(low / step - 1e-9)
    last = floor(high / step + 1e-9)
    return [round(place * step, 10) for place in range(first, last + 1)]


def short_number(value: float) -> str:
    """A number without needless decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def spread_apart(places: Sequence[float], least: float) -> list[float]:
    """Places of labels, in falling order, moved as little as needed to lie at least so far apart."""
    moved: list[float] = []
    for place in places:
        moved.append(min(place, moved[-1] - least) if moved else place)
    return moved


def _plain(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)
