"""The National Provider Identifier: ten digits, the last of which checks the others."""

from __future__ import annotations

from mainstay.foundation.errors import InvalidInput

PREFIX = "80840"
"""What stands before every NPI when it is checked: health, United States (CMS, NPI check digit, 2004)."""


def read_npi(typed: str) -> str:
    """The NPI as typed, without spaces; nothing stays nothing. Raises `InvalidInput` when it cannot be one."""
    number = typed.replace(" ", "").replace("-", "")
    if not number:
        return ""
    if len(number) != 10 or not (number.isascii() and number.isdigit()):
        raise InvalidInput("An NPI has ten digits.", field="npi")
    if _luhn_sum(PREFIX + number) % 10:
        raise InvalidInput("This is no NPI: its last digit does not fit the others. Look for a slip.", field="npi")
    return number


def _luhn_sum(digits: str) -> int:
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(number - 9 if number > 9 else number for number in doubled)
