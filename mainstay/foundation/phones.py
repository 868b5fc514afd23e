"""Telephone numbers: read as typed, kept in E.164, shown the American way."""

from __future__ import annotations

import re

from mainstay.foundation.errors import InvalidInput


def read_phone(text: str) -> str:
    """A number in E.164 (`+15125550134`) from `(512) 555-0134`, `512.555.0134` or `+44 20 7946 0000`.

    Raises `InvalidInput` for what cannot be dialed (North American plan: area and exchange start with 2 to 9).
    """
    typed = text.strip()
    digits = re.sub(r"\D", "", re.split(r"(?i)\s*(?:x|ext)\.?\s*\d", typed, maxsplit=1)[0])
    if typed.startswith("+") and not digits.startswith("1"):
        if 8 <= len(digits) <= 15:
            return "+" + digits
        raise InvalidInput(f"{typed} is not a whole phone number.")
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    if len(digits) == 7:
        raise InvalidInput("Type the area code too.")
    if len(digits) != 10:
        raise InvalidInput("A phone number has ten digits, for example (512) 555-0134.")
    if digits[0] in "01" or digits[3] in "01":
        raise InvalidInput(f"{spell_phone(digits)} cannot be dialed: area code and exchange start with 2 to 9.")
    return "+1" + digits


def spell_phone(number: str) -> str:
    """A number as people read it: `(512) 555-0134`; foreign numbers as they are."""
    digits = number.removeprefix("+1") if number.startswith("+1") else number
    if len(digits) == 10 and digits.isdigit():
        return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
    return number
