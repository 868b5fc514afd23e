"""Numbers on a command line, refused in words before anything is started with them."""

from __future__ import annotations

import argparse

MOST = 999


def port(word: str) -> int:
    """A port to listen on, 1 to 65535. Raises `ArgumentTypeError`."""
    number = _plain_number(word)
    if not 0 < number < 65536:
        raise argparse.ArgumentTypeError(f"{word!r} is not a port; choose a number from 1 to 65535")
    return number


def count(word: str) -> int:
    """How many of something, 1 to 999. Raises `ArgumentTypeError`."""
    number = _plain_number(word)
    if not 0 < number <= MOST:
        raise argparse.ArgumentTypeError(f"{word!r} is not a number from 1 to {MOST}")
    return number


def _plain_number(word: str) -> int:
    return int(word) if word.isascii() and word.isdigit() and len(word) < 9 else 0
