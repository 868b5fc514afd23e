"""Small marks inside a line: icons, chips, badges, stages, the four meanings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from mainstay.foundation.components.sprite import ICONS

MEANINGS = {
    "stop": pgettext_lazy("meaning", "Stop"),
    "confirm": pgettext_lazy("meaning", "Check"),
    "told": pgettext_lazy("meaning", "Note"),
    "fine": pgettext_lazy("meaning", "Fine"),
}
"""The four meanings and the word shown beside their shape."""

SAME_AS = {"alert": "told", "error": "stop", "warning": "confirm", "info": "told", "success": "fine", "debug": "told"}
"""Severities and Django message levels, as one of the four meanings."""

HUES = 12
"""How many patient colors there are."""


def meaning_of(kind: object) -> str:
    """One of stop, confirm, told, fine for a severity, a message level or a meaning; raises `KeyError` otherwise."""
    name = str(kind).lower()
    name = SAME_AS.get(name, name)
    MEANINGS[name]
    return name


def attributes(given: Mapping[str, object]) -> SafeString:
    """HTML attributes with a leading blank: `hx_post` becomes `hx-post`, True a bare name, None and False nothing."""
    drawn = ""
    for name, value in given.items():
        if value is not None and value is not False:
            attribute = name.rstrip("_").replace("_", "-")
            drawn += f" {attribute}" if value is True else f' {attribute}="{conditional_escape(str(value))}"'
    return SafeString(drawn)


@lru_cache(maxsize=1024)
def icon(name: str, label: str = "") -> SafeString:
    """One icon of the sprite, silent to screen readers unless it has a label. Unknown names draw a plain circle."""
    symbol = name if name in ICONS else "circle"
    if label:
        return format_html(
            '<svg class="icon icon-{0}" role="img" aria-label="{2}"><use href="{1}#{0}"></use></svg>',
            symbol, static("mainstay/icons.svg"), label,
        )  # fmt: skip
    return format_html(
        '<svg class="icon icon-{0}" aria-hidden="true" focusable="false"><use href="{1}#{0}"></use></svg>',
        symbol,
        static("mainstay/icons.svg"),
    )


def mark(kind: object) -> SafeString:
    """The shape of one meaning, named for screen readers."""
    meaning = meaning_of(kind)
    return format_html('<span class="mark mark-{}">{}</span>', meaning, icon(meaning, str(MEANINGS[meaning])))


def chip(text: object, kind: str = "plain", icon_name: str = "", title: str = "") -> SafeString:
    """A short fact beside others: `plain`, `need`, or one of the four meanings, which bring their own shape."""
    name = kind if kind in ("plain", "need") else meaning_of(kind)
    shape = icon(icon_name or name, "" if icon_name else str(MEANINGS[name])) if name in MEANINGS else ""
    if not shape and icon_name:
        shape = icon(icon_name)
    return format_html(
        '<span class="chip chip-{}"{}>{}<span>{}</span></span>',
        name,
        attributes({"title": title}) if title else "",
        shape,
        text,
    )


def badge(count: int | None, label: str = "", kind: str = "plain") -> SafeString:
    """How many wait; nothing at all when none do."""
    if not count:
        return SafeString("")
    spoken = label or _("waiting")
    return format_html(
        '<span class="badge badge-{}">{}<span class="aside-voice"> {}</span></span>', kind, count, spoken
    )


def stage(word: object, step: int = 0, of: int = 0, kind: str = "open") -> SafeString:
    """Where a visit stands: a word, and small dots for how far along. Kinds: open, active, waiting, done, off."""
    return format_html(
        '<span class="stage stage-{}"><span class="stage-word">{}</span>{}</span>', kind, word, _dots(step, of)
    )


@lru_cache(maxsize=256)
def _dots(step: int, of: int) -> SafeString:
    if not of:
        return SafeString("")
    dots = format_html_join("", '<i class="{}"></i>', (("on" if n < step else "",) for n in range(of)))
    return format_html('<span class="stage-dots" aria-hidden="true">{}</span>', dots)


def initials(name: str) -> str:
    """Up to two letters for a name: first and last word."""
    words = [w for w in name.replace(",", " ").split() if w[0].isalpha()]
    return "".join(w[0].upper() for w in (words[:1] + words[1:][-1:]))
