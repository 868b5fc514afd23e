"""What others must hear about the chart."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ChartListChanged:
    """An entry of a chart's list was added, confirmed, resolved or struck: problem, allergy, medicine or history."""

    patient_id: int
    list_name: str
