"""The controls that stand on every page, drawn in Python: a template for each option of each list costs too much."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

Widget = Mapping[str, Any]


def line(widget: Widget) -> SafeString:
    """An `<input>`: text, date, e-mail, telephone, hidden, a box to tick."""
    return format_html(
        "<input{}>", _attributes(widget, type=widget["type"], name=widget["name"], value=widget["value"])
    )


def number(widget: Widget) -> SafeString:
    """A number as text with a number pad: a browser empties a number input that holds a slip of the key."""
    attributes = {k: v for k, v in widget["attrs"].items() if k not in ("min", "max", "step")}
    return line({**widget, "type": "text", "attrs": {"inputmode": "decimal", **attributes}})


def choice(widget: Widget) -> SafeString:
    """A `<select>` with its options, in their groups."""
    groups = [
        format_html('<optgroup label="{}">{}</optgroup>', name, _options(options)) if name else _options(options)
        for name, options, _ in widget["optgroups"]
    ]
    drawn = format_html_join("", "{}", ((group,) for group in groups))
    return format_html("<select{}>{}</select>", _attributes(widget, name=widget["name"]), drawn)


def choices(widget: Widget) -> SafeString:
    """Boxes or buttons to tick, each in its label, in their groups."""
    outer = {"attrs": {name: widget["attrs"].get(name) or None for name in ("id", "class")}}
    groups = [
        format_html("<div><label>{}</label>{}</div>", name, _ticks(options)) if name else _ticks(options)
        for name, options, _ in widget["optgroups"]
    ]
    return format_html("<div{}>{}</div>", _attributes(outer), format_html_join("", "{}", ((one,) for one in groups)))


def area(widget: Widget) -> SafeString:
    """A `<textarea>`; the line break after its start keeps a first empty line that was typed."""
    value = "" if widget["value"] is None else widget["value"]
    return format_html("<textarea{}>\n{}</textarea>", _attributes(widget, name=widget["name"]), value)


def _options(options: list[Widget]) -> SafeString:
    rows = ((_attributes(one, value=one["value"]), one["label"]) for one in options)
    return format_html_join("", "<option{}>{}</option>", rows)


def _ticks(options: list[Widget]) -> SafeString:
    rows = (
        (_attributes({"attrs": {"for": one["attrs"].get("id") or None}}), line(one), one["label"]) for one in options
    )
    return format_html_join("", "<div><label{}>{} {}</label></div>", rows)


def _attributes(widget: Widget, **first: Any) -> SafeString:
    """The attributes as HTML wants them: true stands alone, false and nothing are left out."""
    said = ((k, v) for k, v in chain(first.items(), widget["attrs"].items()) if v is not None and v is not False)
    return SafeString("".join(f" {k}" if v is True else f' {k}="{conditional_escape(str(v))}"' for k, v in said))


DRAWN: Mapping[str, Callable[[Widget], SafeString]] = {
    **{
        f"django/forms/widgets/{name}.html": line
        for name in ("input", "text", "date", "datetime", "time", "email", "tel", "hidden", "password", "checkbox")
    },
    "django/forms/widgets/number.html": number,
    "django/forms/widgets/select.html": choice,
    "django/forms/widgets/radio.html": choices,
    "django/forms/widgets/checkbox_select.html": choices,
    "django/forms/widgets/textarea.html": area,
}
"""Django's widget template → what draws it here."""
