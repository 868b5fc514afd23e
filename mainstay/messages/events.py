"""What happened on the phone and in messages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CallEnded:
    """A call was documented and closed."""

    call_id: int


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """Somebody outside wrote to us."""

    thread_id: int


@dataclass(frozen=True, slots=True)
class ThreadAnswered:
    """A clinician answered a conversation."""

    thread_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class AdviceRelayed:
    """A clinician's words were read to somebody."""

    relay_id: int
