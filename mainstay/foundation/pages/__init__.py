"""How a page is asked for, refused, repeated and answered."""

from mainstay.foundation.pages.answers import attempt, page, redirect_to
from mainstay.foundation.pages.gates import public_page, staff_page

__all__ = ["attempt", "page", "public_page", "redirect_to", "staff_page"]
