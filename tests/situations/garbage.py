"""What may come instead of what is asked for: values, bodies, files, addresses and keys."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_from_bytes

from hypothesis import strategies as st

SOMEBODY_ELSE = "00000000-0000-4000-8000-000000000000"
VALUES = (
    "", " ", "\x00", "a\x00b", "\x1b[31m\x07", "\u202eabc\u202c", "\u200b", "²", "٣", "½", "𝟙𝟚", "😀", "ﬁ", "\r\n",
    "-1", "0", "1.5", "1e309", "NaN", "inf", "9" * 11, "99999999999999999999", "9" * 400, "-99999999999", "0x10",
    "1_000", "2/31/2026", "31 Feb", "0000-00-00", "13/45/99", "9/9/99999", "+99999y", "+9999999999d", "1/1/1850",
    "12/31/2199", "2026-W53-9", "0001-01-01", "9999-12-31", "25:99", "12:60p", "24:00",
    "not-a-uuid", SOMEBODY_ELSE, SOMEBODY_ELSE.replace("-", ""), "{" + SOMEBODY_ELSE + "}",
    "' OR 1=1 --", '"><script>alert(1)</script>', "{{ 7*7 }}{% x %}", "%s%n%00", "../../etc/passwd", "//evil.example/",
    "true", "[]", "null", "{}", "on", "yes", "x" * 161, "é" * 5000, "x" * 40000, "99999999999.1.1.0.0", "1.2.3.4.5",
)  # fmt: skip
HARD = ("a\x00b", "²", "9" * 11, "9" * 400, "12/31/2199", "x" * 161, "99999999999.1.1.0.0", "[]", SOMEBODY_ELSE)
"""Those that break things once everything beside them is as it should be."""
RAW = (b"\xff\xfe", b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xc3", b"%", b"%zz")
"""Bytes that are no UTF-8: lone halves of pairs, cut characters, broken escapes."""
FILES = (
    ("empty.pdf", b""), ("letter.pdf", b"MZ\x90\x00 not a letter"), ("x.png", b"\x89PNG\r\n\x1a\n"),
    ("\u202egpj.exe", b"MZ"), ("list.csv", b"\xff\xfe\x00S\x00i"), ("list.csv", b'"never closed\nSite,Room'),
    ("list.csv", b"\x00\x00\x00"), ("a" * 300 + ".csv", b"Site,Room,Type\n" + b"," * 5000 + b"\n"),
    ("../x", b"%PDF-1.7"), ("list.csv", b"Site,Room,Type\r\n" + "Northside,\u202e\x00,exam\n".encode() * 50),
)  # fmt: skip
KEYS = ("", "x", "\x00", "1", SOMEBODY_ELSE[:-1], "9" * 100, "é")

value = st.one_of(st.sampled_from(VALUES), st.text(max_size=30), st.integers(-(2**70), 2**70).map(str))
raw = st.sampled_from(RAW)
key = st.one_of(st.just(""), st.sampled_from(KEYS)).flatmap(lambda bad: st.sampled_from([None, None, None, bad]))


@dataclass(frozen=True)
class Garbage:
    """A body: values by name (several, or none), how it is encoded, the key (None: a good one), and by htmx or not."""

    fields: Mapping[str, Sequence[str | bytes | tuple[str, bytes]]]
    encoding: str
    key: str | None
    is_htmx: bool

    def body(self) -> tuple[bytes, str]:
        """The bytes of the body and their content type."""
        good = str(uuid.uuid4())
        fields = {**self.fields, "idempotency_key": [good if self.key is None else self.key]}
        if self.encoding == "json":
            return b'{"a": [1, 2', "application/json"
        if self.encoding == "cut":
            whole, kind = multipart(fields)
            return whole[: len(whole) * 2 // 3], kind
        if self.encoding == "no boundary":
            return multipart(fields)[0], "multipart/form-data"
        if self.encoding == "multipart" or any(isinstance(v, tuple) for vs in fields.values() for v in vs):
            return multipart(fields)
        pairs = [(name, v) for name, values in fields.items() for v in values]
        sent = "&".join(f"{quoted(name)}={quoted(v)}" for name, v in pairs)
        return sent.encode(), "application/x-www-form-urlencoded"


def quoted(text: str | bytes | tuple[str, bytes]) -> str:
    """Escaped as a browser escapes it; bytes as they are."""
    if isinstance(text, tuple):
        text = text[1]
    return quote_from_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"), safe="")


def multipart(fields: Mapping[str, Sequence[Any]]) -> tuple[bytes, str]:
    """The same as a form with files is sent."""
    parts = []
    for name, values in fields.items():
        for one in values:
            file, content = one if isinstance(one, tuple) else ("", one)
            head = f'Content-Disposition: form-data; name="{name}"' + (f'; filename="{file}"' if file else "")
            content = content if isinstance(content, bytes) else str(content).encode("utf-8", "surrogatepass")
            parts.append(b"--BoUnDaRy\r\n" + head.encode("utf-8", "replace") + b"\r\n\r\n" + content + b"\r\n")
    return b"".join(parts) + b"--BoUnDaRy--\r\n", "multipart/form-data; boundary=BoUnDaRy"


@st.composite
def garbage(draw: st.DrawFn, good: Mapping[str, Any], names: Sequence[str], files: Sequence[str]) -> Garbage:
    """The good body with some of it spoiled: mostly one field, sometimes all; left out, repeated, of another kind."""
    fields: dict[str, Sequence[Any]] = {n: v if isinstance(v, list | tuple) else [v] for n, v in good.items()}
    fields = {n: [v if isinstance(v, str | bytes | tuple) else str(v) for v in vs] for n, vs in fields.items()}
    spoiled = draw(st.one_of(
        st.lists(st.sampled_from(names), min_size=1, max_size=1),
        st.lists(st.sampled_from(names), min_size=1, max_size=4),
        st.just(list(names)),
    )) if names else []  # fmt: skip
    for name in spoiled:
        how = draw(st.sampled_from(["one", "one", "one", "one", "raw", "many", "none", "empty"]))
        if name in files:
            fields[name] = [draw(st.sampled_from(FILES))] if how != "none" else []
        elif how == "raw":
            fields[name] = [draw(raw)]
        elif how == "many":
            fields[name] = draw(st.lists(value, min_size=2, max_size=3)) + list(fields.get(name, []))
        else:
            fields[name] = {"one": lambda: [draw(value)], "none": list, "empty": lambda: [""]}[how]()
    encoding = draw(st.sampled_from(["form"] * 8 + ["multipart"] * 3 + ["cut", "no boundary", "json"]))
    return Garbage(fields, encoding, draw(key), draw(st.booleans()))


def everywhere(good: Mapping[str, Any], names: Sequence[str], files: Sequence[str], bad: str) -> Garbage:
    """One bad value in every field at once: each field reads its own before any says no."""
    fields = {n: ([FILES[len(bad) % len(FILES)]] if n in files else [bad]) for n in names}
    return Garbage(fields, "form", None, is_htmx=False)


def in_one_field(good: Mapping[str, Any], name: str, bad: str) -> Garbage:
    """One bad value in one field, everything else as it should be."""
    fields = {n: [str(o) for o in v] if isinstance(v, list | tuple) else [str(v)] for n, v in good.items()}
    return Garbage({**fields, name: [bad]}, "form", None, is_htmx=False)
