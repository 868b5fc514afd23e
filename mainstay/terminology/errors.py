"""What can go wrong with codes."""

from __future__ import annotations

from mainstay.foundation.errors import InvalidInput, NotFound


class CodeUnknown(NotFound):
    """There is no such code in the tables loaded here."""

    code = "code-unknown"


class CodeFileUnreadable(InvalidInput):
    """This file is not a code table that can be read here."""

    code = "code-file-unreadable"
