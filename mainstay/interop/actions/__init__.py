"""Bringing in what others sent, telling registries, asking them, listening, and mending what was refused."""

from mainstay.interop.actions.asking import ask_registry, bring_in_answer, bring_in_received, choose_candidate
from mainstay.interop.actions.listening import (
    answer_too_large,
    answering,
    settle_message,
    store_message,
    take_message,
)
from mainstay.interop.actions.mending import put_aside, read_repaired, resend_repaired, send_now, withdraw_message
from mainstay.interop.actions.partners import RegistryFacts, set_up_registry
from mainstay.interop.actions.receiving import receive_sheet
from mainstay.interop.actions.reporting import report_dose, report_refusal
from mainstay.interop.actions.runs import finish_run, start_run
from mainstay.interop.actions.sending import send_waiting
from mainstay.interop.actions.slips import Received, Slip
from mainstay.interop.actions.telling import (
    tell_of_amended_dose,
    tell_of_given_dose,
    tell_of_history,
    tell_of_reaction,
    tell_of_refusal,
    tell_of_withdrawn_dose,
)

__all__ = [
    "Received",
    "RegistryFacts",
    "Slip",
    "answer_too_large",
    "answering",
    "ask_registry",
    "bring_in_answer",
    "bring_in_received",
    "choose_candidate",
    "finish_run",
    "put_aside",
    "read_repaired",
    "receive_sheet",
    "report_dose",
    "report_refusal",
    "resend_repaired",
    "send_now",
    "send_waiting",
    "set_up_registry",
    "settle_message",
    "start_run",
    "store_message",
    "take_message",
    "tell_of_amended_dose",
    "tell_of_given_dose",
    "tell_of_history",
    "tell_of_reaction",
    "tell_of_refusal",
    "tell_of_withdrawn_dose",
    "withdraw_message",
]
