"""What is wrong with a message, so that its sender can find it: segment, which one of them, field, and a sentence.

Codes are those of HL7 table 0357 (HL7 2.5.1, 2.16.5.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mainstay.foundation.errors import InvalidInput


class Code(StrEnum):
    """Why, in the words of table 0357."""

    SEQUENCE = "100"
    MISSING = "101"
    TYPE = "102"
    TABLE = "103"
    MESSAGE_TYPE = "200"
    EVENT = "201"
    PROCESSING = "202"
    VERSION = "203"
    UNKNOWN_KEY = "204"
    DUPLICATE_KEY = "205"
    INTERNAL = "207"


CODE_WORDS = {
    Code.SEQUENCE: "Segment sequence error",
    Code.MISSING: "Required field missing",
    Code.TYPE: "Data type error",
    Code.TABLE: "Table value not found",
    Code.MESSAGE_TYPE: "Unsupported message type",
    Code.EVENT: "Unsupported event code",
    Code.PROCESSING: "Unsupported processing id",
    Code.VERSION: "Unsupported version id",
    Code.UNKNOWN_KEY: "Unknown key identifier",
    Code.DUPLICATE_KEY: "Duplicate key identifier",
    Code.INTERNAL: "Application internal error",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong. `number` counts segments of that name from 1; `field` and `component` may be 0 for none."""

    segment: str
    number: int
    field: int
    code: Code
    words: str
    component: int = 0

    @property
    def place(self) -> str:
        """Where, as people write it: `PID-5`, `OBX(3)-11`, `RXR`."""
        which = f"({self.number})" if self.number > 1 else ""
        part = f".{self.component}" if self.component else ""
        return f"{self.segment}{which}" + (f"-{self.field}{part}" if self.field else "")

    @property
    def line(self) -> str:
        """Where and what, in one line."""
        return f"{self.place}: {self.words}"


class Malformed(InvalidInput):
    """This is not a message that can be read."""

    code = "hl7-malformed"

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.line, field=fault.place)
