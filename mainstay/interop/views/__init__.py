"""Pages about what others sent, the registry of a patient, and the messages to and from partners."""

from mainstay.interop.views.messages import (
    inbound_message,
    messages,
    outbound_message,
    put_inbound_aside,
    repair_inbound,
    repair_outbound,
    send_outbound_now,
    withdraw_outbound,
)
from mainstay.interop.views.partners import registries, registry_settings
from mainstay.interop.views.received import received, received_one
from mainstay.interop.views.registry import (
    ask_about_patient,
    bring_in,
    bring_in_sent,
    choose_person,
    patient_registry,
)

__all__ = [
    "ask_about_patient",
    "bring_in",
    "bring_in_sent",
    "choose_person",
    "inbound_message",
    "messages",
    "outbound_message",
    "patient_registry",
    "put_inbound_aside",
    "received",
    "received_one",
    "registries",
    "registry_settings",
    "repair_inbound",
    "repair_outbound",
    "send_outbound_now",
    "withdraw_outbound",
]
