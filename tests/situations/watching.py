"""Which fields a page asks for: learned by watching it read what was sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

NOT_FIELDS = {"csrfmiddlewaretoken", "idempotency_key"}


def is_typed(values: MultiValueDict[str, Any]) -> bool:
    """Whether these values were sent in a form: every one of ours carries a key."""
    return dict.__contains__(values, "idempotency_key")


@contextmanager
def fields_asked_for() -> Iterator[set[str]]:
    """Collect the name of every field of a form read while this lasts."""
    with read_from(is_typed) as seen:
        yield seen


@contextmanager
def questions_asked_for() -> Iterator[set[str]]:
    """Collect what is read from the query part of addresses while this lasts."""
    with read_from(lambda values: not is_typed(values)) as seen:
        yield seen


@contextmanager
def read_from(is_meant: Callable[[MultiValueDict[str, Any]], bool]) -> Iterator[set[str]]:
    """Collect the names read from those values that are meant."""
    seen: set[str] = set()
    originals = {name: getattr(MultiValueDict, name) for name in ("__getitem__", "get", "getlist")}

    def watched(original: Any) -> Any:
        def read(self: MultiValueDict[str, Any], name: str, *args: Any, **kwargs: Any) -> Any:
            if is_meant(self) and isinstance(name, str) and name not in NOT_FIELDS and ":" not in name:
                seen.add(name)
            return original(self, name, *args, **kwargs)

        return read

    for name, original in originals.items():
        setattr(QueryDict, name, watched(original))
    try:
        yield seen
    finally:
        for name in originals:
            delattr(QueryDict, name)


class Typed(HTMLParser):
    """What a page holds in the controls somebody types into: values by name."""

    KINDS = {"text", "search", "email", "tel", "url", "number", ""}

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.values: dict[str, list[str]] = {}
        self._area: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "input" and (given.get("type") or "") in self.KINDS and "disabled" not in given:
            self.values.setdefault(name, []).append(given.get("value") or "")
        elif tag == "textarea":
            self._area = name
            self.values.setdefault(name, []).append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.values[self._area][-1] += data


def is_kept(typed: str, shown: list[str]) -> bool:
    """Whether a control holds what was typed, as a browser reads it: line ends, and the first of a text area."""
    wanted = typed.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    held = {one.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "") for one in shown}
    return wanted in held | {one.removeprefix("\n") for one in held}
