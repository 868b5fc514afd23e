"""Form fields as the design draws them: label, hint, control, and what is wrong right beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any
from uuid import uuid4

from django.forms import BaseForm, BaseFormSet, widgets
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mainstay.foundation.components.controls import DRAWN
from mainstay.foundation.components.marks import meaning_of
from mainstay.foundation.findings import Confirmations, Finding, Severity

REASON_PREFIX = "reason:"
"""A confirmation's form field is named `reason:<finding code>`."""

ASKED_PREFIX = "asked:"
"""What its finding said goes along as `asked:<finding code>`, to be said again where the form is refused meanwhile."""

IDEMPOTENCY_FIELD = "idempotency_key"

WIDTHS = ("", "tiny", "short", "medium", "full")


class ClinicRenderer(DjangoTemplates):
    """Renders `{{ form }}` and `{{ form.field.as_field_group }}` in our look; set it as `FORM_RENDERER`."""

    form_template_name = "foundation/components/form.html"
    field_template_name = "foundation/components/field_group.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """Draw the plain controls at once, the others from their templates."""
        if drawn := DRAWN.get(template_name):
            return drawn(context["widget"])
        return super().render(template_name, context, request)


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the error summary: what is wrong, and the id of the control to go to (may be empty)."""

    message: str
    target: str
    kind: str = "stop"


def kind_of(bound: BoundField) -> str:
    """How a field is drawn: hidden, check, choices, select, text, area, file or line."""
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    for kind, classes in (
        ("check", widgets.CheckboxInput),
        ("choices", widgets.RadioSelect | widgets.CheckboxSelectMultiple),
        ("select", widgets.Select),
        ("area", widgets.Textarea),
        ("file", widgets.FileInput),
    ):
        if isinstance(widget, classes):
            return kind
    return "group" if bound.use_fieldset else "line"


def target_of(bound: BoundField) -> str:
    """The id of the control that takes focus when somebody follows an error to this field."""
    return f"{bound.auto_id}_0" if bound.use_fieldset else bound.id_for_label


def field(bound: BoundField, unit: str = "", hint: str = "", width: str = "", label: str = "", finding: object = None,
          **attrs: object) -> SafeString:  # fmt: skip
    """One bound field: label, hint, control with its unit, error beside it, findings beneath.

    `width`: tiny (3 digits), short (a date), medium, full. Other keywords become attributes of the control
    (`hx_post`, `inputmode`, `autocomplete`). Raises `ValueError` for an unknown width or field.
    """
    if width not in WIDTHS:
        raise ValueError(f"width is one of {WIDTHS}, not {width!r}")
    if not isinstance(bound, BoundField):
        raise ValueError("the form has no such field")
    help_text = hint or bound.help_text
    described = [f"{bound.auto_id}_helptext"] if help_text else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    control: dict[str, Any] = {k.rstrip("_").replace("_", "-"): v for k, v in attrs.items()}
    if described and not bound.use_fieldset:
        control["aria-describedby"] = " ".join(described)
    if hint and not bound.help_text and not bound.use_fieldset:
        control.setdefault("aria-describedby", f"{bound.auto_id}_helptext")
    found = [finding] if isinstance(finding, Finding) else list(finding or ())  # type: ignore[call-overload]  # one finding or many
    return SafeString(
        render_to_string(
            "foundation/components/field.html",
            {
                "bound": bound,
                "kind": kind_of(bound),
                "control": bound.as_widget(attrs=control),
                "label": label or bound.label,
                "hint": help_text,
                "unit": unit,
                "width": width,
                "described": " ".join(described),
                "findings": found,
            },
        )
    )


def problems(*sources: object) -> tuple[Problem, ...]:
    """Everything wrong on a page, in page order, from forms, form sets, findings and plain sentences.

    A finding that a form says already is said once, and keeps its own kind.
    """
    found: list[Problem] = []
    for one in chain.from_iterable(_problems_of(s) for s in sources if s):
        at = next((n for n, said in enumerate(found) if _is_said(one, said)), None)
        if at is None:
            found.append(one)
        elif one.kind != "stop":
            found[at] = replace(found[at], kind=one.kind)
    return tuple(found)


def _is_said(one: Problem, said: Problem) -> bool:
    if one.target == said.target:
        return said.message.endswith(one.message)
    return one.message == said.message and "" in (one.target, said.target)


def _problems_of(source: object) -> Iterator[Problem]:
    if isinstance(source, BaseForm):
        if source.is_bound:
            yield from (Problem(str(m), "") for m in source.non_field_errors())
            for bound in source:
                yield from (Problem(_named(bound.label, m), target_of(bound)) for m in bound.errors)
    elif isinstance(source, BaseFormSet):
        if source.is_bound:
            yield from (Problem(str(m), "") for m in source.non_form_errors())
            for form in source.forms:
                yield from _problems_of(form)
    elif isinstance(source, Finding):
        if not source.is_answered:
            yield Problem(source.message, f"id_{source.field}" if source.field else "", meaning_of(source.severity))
    elif isinstance(source, str):
        yield Problem(source, "")
    elif isinstance(source, Iterable):
        for each in source:
            yield from _problems_of(each)


def _named(label: object, message: object) -> str:
    """`Phone: Give a number.`, and `New rash? Give an answer.`"""
    asked = str(label)
    return f"{asked} {message}" if asked.endswith(("?", ".")) else f"{asked}: {message}"


def title_prefix(context: Context) -> str:
    """`Error: ` when any form on the page was refused, or the view says `page_errors`; otherwise nothing."""
    wrong = bool(context.get("page_errors")) or any(
        _was_refused(value) for layer in context.dicts for value in layer.values()
    )
    return _("Error:") + " " if wrong else ""


def _was_refused(value: object) -> bool:
    if isinstance(value, BaseForm):
        return bool(value.is_bound and value._errors)
    return isinstance(value, BaseFormSet) and bool(value.is_bound and any(value.errors))


def once(context: Context) -> SafeString:
    """Hidden fields that make a POST safe to send twice: the CSRF token and a fresh idempotency key."""
    request = context.get("request")
    token = token_of(request) if request else context.get("csrf_token")
    csrf = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token) if token else ""
    return SafeString(f'{csrf}<input type="hidden" name="{IDEMPOTENCY_FIELD}" value="{uuid4()}">')


def token_of(request: HttpRequest) -> str:
    """The CSRF token, masked once for a page and not for each of the hundred forms of a board."""
    secret, token = request.META.get("MAINSTAY_CSRF", (None, ""))
    if not token or secret != request.META.get("CSRF_COOKIE"):
        token = get_token(request)
        request.META["MAINSTAY_CSRF"] = (request.META["CSRF_COOKIE"], token)
    return token


def confirmations_from(posted: Mapping[str, object]) -> Confirmations:
    """The reasons in a posted form: for each `reason:<code>`, the chosen reason and the free text, joined."""
    reasons = {}
    for name in posted:
        if name.startswith(REASON_PREFIX):
            values = posted.getlist(name) if hasattr(posted, "getlist") else [posted[name]]
            reasons[name.removeprefix(REASON_PREFIX)] = ": ".join(v.strip() for v in map(str, values) if v.strip())
    return Confirmations(reasons)


def answered_in(posted: Mapping[str, object]) -> tuple[Finding, ...]:
    """The findings a posted form was asked about before and gives a reason for: it is kept while the form is wrong."""
    reasons = confirmations_from(posted).reasons
    return tuple(
        Finding(Severity.CONFIRM, code, "", str(posted[ASKED_PREFIX + code]), is_answered=True)
        for code, reason in reasons.items()
        if reason and ASKED_PREFIX + code in posted
    )
