"""MSH-18: which characters a message is written in (HL7 table 0211)."""

from __future__ import annotations

import re

CODECS = {
    "": "ascii",
    "ASCII": "ascii",
    "8859/1": "iso8859-1",
    "8859/2": "iso8859-2",
    "8859/3": "iso8859-3",
    "8859/4": "iso8859-4",
    "8859/5": "iso8859-5",
    "8859/6": "iso8859-6",
    "8859/7": "iso8859-7",
    "8859/8": "iso8859-8",
    "8859/9": "iso8859-9",
    "8859/15": "iso8859-15",
    "ISO IR6": "ascii",
    "UNICODE": "utf-8",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "UNICODE UTF-16": "utf-16",
    "UNICODE UTF-32": "utf-32",
    "GB 18030-2000": "gb18030",
    "KS X 1001": "euc_kr",
    "CNS 11643-1992": "big5",
    "BIG-5": "big5",
}
"""Codec by the value of MSH-18; some senders write `UTF-8` for `UNICODE UTF-8`."""

UTF8_MARK = b"\xef\xbb\xbf"
WIDE_MARKS = ((b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
"""Byte-order marks of the wide encodings; a message in one of them cannot be looked into before it is decoded."""

_CONTROLS_OF_LATIN_1 = re.compile(rb"[\x80-\x9f]")


def wide_codec(octets: bytes) -> str:
    """The codec of a file in UTF-16 or UTF-32, by its mark or its first letter; the empty string for all others."""
    for mark, codec in WIDE_MARKS:
        if octets.startswith(mark):
            return codec
    if octets[1:2] == b"\0" and octets[:1] in b"MFB":
        return "utf-16-le"
    if octets[:1] == b"\0" and octets[1:2] in (b"M", b"F", b"B"):
        return "utf-16-be"
    return ""


def readings(declared: str) -> tuple[str, ...]:
    """The codecs to try for what MSH-18 declares, in order; nothing for a name that table 0211 does not have.

    Without a declaration (or with ASCII) a byte beyond ASCII is the sender's fault, and forgiven: UTF-8, then Latin-1.
    Where Latin-1 would have control characters, Windows was meant: `looks_like_windows`.
    """
    codec = CODECS.get(declared.strip().upper())
    if codec is None:
        return ()
    return ("ascii", "utf-8", "iso8859-1") if codec == "ascii" else (codec,)


def looks_like_windows(octets: bytes) -> bool:
    """Whether bytes taken for Latin-1 hold what only Windows-1252 has there: curly quotes, dashes, the euro."""
    return _CONTROLS_OF_LATIN_1.search(octets) is not None
