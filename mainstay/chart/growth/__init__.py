"""Growth of children: a library without Django. WHO 2006 standards, CDC 2000 reference, CDC 2022 extended BMI."""

from mainstay.chart.growth.curves import Line, curves
from mainstay.chart.growth.lms import percentile_of, z_at
from mainstay.chart.growth.reference import Sex, Standard
from mainstay.chart.growth.scores import GrowthScore, Measure, Measurement, score

__all__ = [
    "GrowthScore",
    "Line",
    "Measure",
    "Measurement",
    "Sex",
    "Standard",
    "curves",
    "percentile_of",
    "score",
    "z_at",
]
