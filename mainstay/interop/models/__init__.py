"""What interop remembers: what others sent, and the messages that went out and came in."""

from mainstay.interop.models.inbound import InboundMessage, InboundOutcome
from mainstay.interop.models.outbound import OutboundMessage, OutboundReply, OutboundStep, Purpose
from mainstay.interop.models.partners import Processing, RegistryConnection
from mainstay.interop.models.received import Disposition, EncounterElsewhere, ExternalResource, ImportRun

__all__ = [
    "Disposition",
    "EncounterElsewhere",
    "ExternalResource",
    "ImportRun",
    "InboundMessage",
    "InboundOutcome",
    "OutboundMessage",
    "OutboundReply",
    "OutboundStep",
    "Processing",
    "Purpose",
    "RegistryConnection",
]
