"""Bringing in what others sent."""

from mainstay.interop.actions.receiving import receive_sheet
from mainstay.interop.actions.runs import finish_run, start_run
from mainstay.interop.actions.slips import Received, Slip

__all__ = ["Received", "Slip", "finish_run", "receive_sheet", "start_run"]
