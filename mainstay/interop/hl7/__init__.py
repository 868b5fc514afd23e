"""HL7 version 2: reading and writing messages and files of them. Plain Python over plain text, no Django."""

from mainstay.interop.hl7.delimiters import NULL, STANDARD, Delimiters, escape, unescape
from mainstay.interop.hl7.faults import CODE_WORDS, Code, Fault, Malformed
from mainstay.interop.hl7.files import FileRead, Reading, read_file
from mainstay.interop.hl7.judging import remarks_on
from mainstay.interop.hl7.message import Message, Segment
from mainstay.interop.hl7.parsing import parse_message
from mainstay.interop.hl7.values import day_of, day_written, is_time, moment_of, moment_written, number_of
from mainstay.interop.hl7.writing import new_message, segment, write_message, write_text

__all__ = [
    "CODE_WORDS",
    "NULL",
    "STANDARD",
    "Code",
    "Delimiters",
    "Fault",
    "FileRead",
    "Malformed",
    "Message",
    "Reading",
    "Segment",
    "day_of",
    "day_written",
    "escape",
    "is_time",
    "moment_of",
    "moment_written",
    "new_message",
    "number_of",
    "parse_message",
    "read_file",
    "remarks_on",
    "segment",
    "unescape",
    "write_message",
    "write_text",
]
