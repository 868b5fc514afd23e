"""What was received, what partners were told, and what they said."""

from mainstay.interop.queries.received import (
    KindCount,
    ReceivedResource,
    ReceivedRow,
    encounters_elsewhere,
    kinds_received,
    received_of_patient,
    received_resource,
)
from mainstay.interop.queries.registry import (
    RegistryView,
    answer_to,
    inbound_named,
    outbound_named,
    readable,
    registry_view,
)
from mainstay.interop.queries.traffic import dead_rows, outbound_rows, registries_by_site, traffic_counts

__all__ = [
    "KindCount",
    "ReceivedResource",
    "ReceivedRow",
    "RegistryView",
    "answer_to",
    "dead_rows",
    "encounters_elsewhere",
    "inbound_named",
    "kinds_received",
    "outbound_named",
    "outbound_rows",
    "readable",
    "received_of_patient",
    "received_resource",
    "registries_by_site",
    "registry_view",
    "traffic_counts",
]
