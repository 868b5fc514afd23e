"""Who may take calls, write, relay and close messages."""

from mainstay.foundation.permissions import permission

TAKE_CALLS = permission("messages.take_calls", "Take calls and messages")
ANSWER_CLINICALLY = permission("messages.answer_clinically", "Give clinical answers and close symptom messages")
RELAY = permission("messages.relay", "Read a clinician's words to a patient")
