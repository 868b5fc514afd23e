"""How a page is asked for, refused, repeated and answered."""

from mainstay.foundation.pages.answers import attempt, confirmations_in, findings_of, page, redirect_to
from mainstay.foundation.pages.gates import public_page, staff_page
from mainstay.foundation.pages.requests import StaffRequest

__all__ = [
    "StaffRequest",
    "attempt",
    "confirmations_in",
    "findings_of",
    "page",
    "public_page",
    "redirect_to",
    "staff_page",
]
