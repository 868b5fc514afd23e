"""How a message to a partner goes from queued to answered."""

from __future__ import annotations

from enum import StrEnum

from mainstay.foundation.lifecycle import Lifecycle, Step

SEND = "interop.send"
MEND = "interop.mend_messages"


class OutboundState(StrEnum):
    """Where a message stands. `sent` means on the wire, with the answer still out."""

    QUEUED = "queued"
    SENT = "sent"
    ACCEPTED = "accepted"
    WARNED = "warned"
    ANSWERED = "answered"
    REJECTED = "rejected"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


S = OutboundState
outbound_lifecycle = Lifecycle(
    name="message to a partner",
    states=OutboundState,
    initial=S.QUEUED,
    final=frozenset({S.ACCEPTED, S.WARNED, S.ANSWERED, S.REPLACED, S.WITHDRAWN}),
    steps=(
        Step("send", (S.QUEUED,), S.SENT, SEND),
        Step("wait_again", (S.SENT,), S.QUEUED, SEND),
        Step("accept", (S.SENT,), S.ACCEPTED, SEND),
        Step("accept_with_warnings", (S.SENT,), S.WARNED, SEND),
        Step("answer", (S.SENT,), S.ANSWERED, SEND),
        Step("reject", (S.SENT,), S.REJECTED, SEND),
        Step("replace", (S.REJECTED,), S.REPLACED, MEND),
        Step("withdraw", (S.QUEUED, S.REJECTED), S.WITHDRAWN, MEND),
    ),
)
