"""Who may bring in and see what others sent, ask registries, and mend messages."""

from mainstay.foundation.permissions import permission
from mainstay.interop.lifecycle import MEND as _MEND
from mainstay.interop.lifecycle import SEND as _SEND

SEE_RECEIVED = permission("interop.see_received", "See what other systems sent, word for word")
RECEIVE = permission("interop.receive", "Bring in records from other systems")
SEND = permission(_SEND, "Send messages to partners (the system itself)")
MEND = permission(_MEND, "See messages to and from partners, repair and resend them")
ASK_REGISTRY = permission("interop.ask_registry", "Ask the vaccine registry and bring in its history")
SET_UP_PARTNERS = permission("interop.set_up_partners", "Set up the connection to a vaccine registry")
