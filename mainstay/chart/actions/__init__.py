"""What people do with the chart."""

from mainstay.chart.actions.received import (
    ReceivedAllergy,
    ReceivedDocument,
    ReceivedMedication,
    ReceivedObservation,
    ReceivedProblem,
    ReceivedSurgery,
)
from mainstay.chart.actions.receiving import (
    judge_received_observation,
    receive_allergies,
    receive_documents,
    receive_medications,
    receive_observations,
    receive_problems,
    receive_surgeries,
)

__all__ = [
    "ReceivedAllergy",
    "ReceivedDocument",
    "ReceivedMedication",
    "ReceivedObservation",
    "ReceivedProblem",
    "ReceivedSurgery",
    "judge_received_observation",
    "receive_allergies",
    "receive_documents",
    "receive_medications",
    "receive_observations",
    "receive_problems",
    "receive_surgeries",
]
