"""Charts as plain SVG: growth curves, trends and sparklines."""

from mainstay.chart.drawing.growth_chart import ChartPoint, growth_chart_svg, growth_in_words
from mainstay.chart.drawing.trend import Series, Shape, Zone, sparkline_svg, trend_in_words, trend_svg
from mainstay.chart.drawing.zones import zones_for

__all__ = [
    "ChartPoint",
    "Series",
    "Shape",
    "Zone",
    "growth_chart_svg",
    "growth_in_words",
    "sparkline_svg",
    "trend_in_words",
    "trend_svg",
    "zones_for",
]
