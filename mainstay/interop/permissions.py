"""Who may bring in and see what others sent."""

from mainstay.foundation.permissions import permission

SEE_RECEIVED = permission("interop.see_received", "See what other systems sent, word for word")
RECEIVE = permission("interop.receive", "Bring in records from other systems")
