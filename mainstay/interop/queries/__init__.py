"""What was received."""

from mainstay.interop.queries.received import (
    KindCount,
    ReceivedResource,
    ReceivedRow,
    encounters_elsewhere,
    kinds_received,
    received_of_patient,
    received_resource,
)

__all__ = [
    "KindCount",
    "ReceivedResource",
    "ReceivedRow",
    "encounters_elsewhere",
    "kinds_received",
    "received_of_patient",
    "received_resource",
]
