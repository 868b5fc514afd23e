"""The components, as template tags: `{% load ui %}`. Examples are in `docs/ui.md` and on the style page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django import template
from django.core.paginator import Page
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mainstay.foundation.components import board, day, forms, frame, marks, timing
from mainstay.foundation.decisions import Decision, Outcome
from mainstay.foundation.findings import Finding, Severity
from mainstay.foundation.pages.addresses import page_behind
from mainstay.foundation.phones import spell_phone

register = template.Library()

register.simple_tag(day.options)
register.simple_tag(day.place_class)
register.simple_tag(marks.icon)
register.simple_tag(marks.mark)
register.simple_tag(marks.badge)
register.simple_tag(marks.stage)
register.simple_tag(timing.timer)
register.simple_tag(timing.countdown)
register.simple_tag(forms.field)
register.simple_tag(forms.once, takes_context=True)
register.simple_tag(forms.title_prefix, takes_context=True)
register.filter(timing.spell_date)
register.filter(timing.spell_time)
register.filter(timing.spell_moment)
register.filter(timing.spell_birth_date)
register.filter(timing.spell_age)
register.filter(marks.initials)
register.filter(spell_phone)

BUTTON_KINDS = ("primary", "quiet", "danger", "plain")


@register.simple_tag(takes_context=True)
def board_row(context: Context, row: day.BoardRow, now: datetime | None = None) -> SafeString:
    """`{% board_row row now %}`: one visit on the board, its timers as of `now`."""
    return board.board_row(row, now, context.get("request"))


@register.simple_tag
def chip(text: object, kind: str = "plain", icon: str = "", title: str = "") -> SafeString:
    """`{% chip "Interpreter: Spanish" kind="need" icon="languages" %}`."""
    return marks.chip(text, kind, icon, title)


@register.simple_block_tag
def panel(content: str, title: str, hint: str = "", icon: str = "", level: int = 2, id: str = "") -> SafeString:
    """A part of a page under a hairline: `{% panel title="Vitals" %}…{% endpanel %}`."""
    return _titled("panel", content, title, hint, icon, level, id)


@register.simple_block_tag
def card(content: str, title: str, hint: str = "", icon: str = "", level: int = 2, id: str = "") -> SafeString:
    """Something that stands alone among others of its kind, on its own paper."""
    return _titled("card", content, title, hint, icon, level, id)


def _titled(kind: str, content: str, title: str, hint: str, icon: str, level: int, id: str) -> SafeString:
    return format_html(
        '<section class="{0}"{1}><header class="{0}-head"><h{2} class="{0}-title">{3}{4}</h{2}>{5}</header>'
        "{6}</section>",
        kind,
        marks.attributes({"id": id or None}),
        level,
        marks.icon(icon) if icon else "",
        title,
        format_html('<p class="{}-hint">{}</p>', kind, hint) if hint else "",
        content,
    )


@register.simple_tag
def button(text: str, kind: str = "quiet", icon: str = "", url: str | None = None, decision: Decision | None = None,
           type: str = "submit", **attrs: object) -> SafeString:  # fmt: skip
    """A button, or a link that looks like one (`url`). Kinds: primary, quiet, danger, plain.

    With a falsy `decision` it is disabled and says why and who could. Other keywords become attributes
    (`name`, `value`, `formaction`, `hx_post`). An empty `url` draws nothing: there are no dead links.
    Raises `ValueError` for an unknown kind.
    """
    if kind not in BUTTON_KINDS:
        raise ValueError(f"a button is one of {BUTTON_KINDS}, not {kind!r}")
    if url == "":
        return SafeString("")
    more = attrs.pop("class", "")
    look = f"button button-{kind} {more}".rstrip()
    inside = format_html("{}<span>{}</span>", marks.icon(icon) if icon else "", text)
    if decision is not None and not decision:
        return format_html(
            '<span class="refused"><button type="button" class="{}" disabled>{}</button>{}</span>',
            look,
            inside,
            refusal(decision),
        )
    if url:
        drawn = format_html('<a class="{}" href="{}"{}>{}</a>', look, url, marks.attributes(attrs), inside)
    else:
        drawn = format_html('<button type="{}" class="{}"{}>{}</button>', type, look, marks.attributes(attrs), inside)
    if decision is not None and decision.conditions:
        return format_html(
            '<span class="refused">{}<span class="refused-why">{}</span></span>', drawn, " ".join(decision.conditions)
        )
    return drawn


@register.simple_tag
def refusal(decision: Decision) -> SafeString:
    """Why not, who could, and by what rule: one small block of text."""
    who = _("Could: %(who)s.") % {"who": _together(decision.who_could)} if decision.who_could else ""
    ask = _("Ask first.") if decision.outcome is Outcome.ASK else ""
    cited = format_html(' <cite class="refused-cite">{}</cite>', decision.citation) if decision.citation else ""
    return format_html(
        '<span class="refused-why">{}{} {} {}{}</span>',
        marks.icon("lock"), ask + " " + decision.reason if ask else decision.reason, who, cited, _unsure(decision),
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def page_before(context: Context) -> str:
    """The page to go back to from a refusal, or nothing: `{% page_before as back_url %}` on pages of refusal."""
    request = context.get("request")
    return page_behind(request, getattr(context.get("error"), "status", 0)) if request is not None else ""


@register.filter
def together(names: Sequence[str]) -> str:
    """Names beside each other: `Ana Ruiz, Bo Lee`; with semicolons where a name has a comma of its own."""
    return _together(names)


def _together(names: Sequence[str]) -> str:
    return ("; " if any("," in name for name in names) else ", ").join(names)


def _unsure(decision: Decision) -> SafeString:
    if decision.confidence != "unverified":
        return SafeString("")
    return format_html(' <span class="refused-cite">{}</span>', _("This rule is not verified yet."))


@register.simple_tag
def finding(found: Finding | str, message: str = "") -> SafeString:
    """One finding with its shape and word: `{% finding f %}` or `{% finding "stop" "Wrong patient." %}`.

    What somebody must hear at once wears the octagon, though it is saved.
    """
    kind, text = (found.severity, found.message) if isinstance(found, Finding) else (found, message)
    now = isinstance(found, Finding) and found.is_now
    meaning = "stop" if now else marks.meaning_of(kind)
    return format_html(
        '<p class="finding finding-{0}">{1}<span><strong class="finding-word">{2}</strong> {3}</span></p>',
        meaning,
        marks.icon(meaning),
        _("Now") if now else marks.MEANINGS[meaning],
        text,
    )


@register.simple_tag
def findings(found: Iterable[Finding]) -> SafeString:
    """All findings, the hardest first; an empty list draws nothing."""
    order = {Severity.STOP: 0, Severity.CONFIRM: 1, Severity.ALERT: 2}
    return SafeString("".join(finding(f) for f in sorted(found, key=lambda f: order[f.severity])))


@register.simple_tag(takes_context=True)
def confirm_reason(context: Context, found: Finding, reasons: Iterable[str] = ()) -> SafeString:
    """A CONFIRM finding with the reasons people usually have, and room for their own words (`reason:<code>`).

    What was sent in them stands in them again; if nothing was, that is said.
    """
    name, usual = forms.REASON_PREFIX + found.code, list(reasons)
    request = context.get("request")
    sent = request.POST.getlist(name) if request else []
    own = [words for words in sent if words not in usual]
    told = {
        "found": found,
        "name": name,
        "asked": forms.ASKED_PREFIX + found.code,
        "reasons": usual,
        "sent": sent,
        "own": own[-1] if own else "",
        "is_missing": bool(sent) and not any(words.strip() for words in sent),
    }
    return SafeString(render_to_string("foundation/components/confirm_reason.html", told))


@register.simple_tag
def error_summary(*sources: object, title: str = "") -> SafeString:
    """What is wrong on this page, as links to the fields; nothing when all is well.

    `{% error_summary form findings %}`.
    """
    wrong = forms.problems(*sources)
    if not wrong:
        return SafeString("")
    return SafeString(render_to_string("foundation/components/error_summary.html", {"problems": wrong, "title": title}))


@register.simple_tag
def fields(form: object) -> SafeString:
    """Every field of a form, in order, hidden ones last."""
    return SafeString(render_to_string("foundation/components/form.html", {"form": form}))


@register.simple_block_tag
def table(content: str, caption: str, kind: str = "", shows_caption: str = "") -> SafeString:
    """A table that scrolls by itself when narrow: `{% table caption="Lots" kind="dense" %}<thead>…{% endtable %}`."""
    return format_html(
        '<div class="table-scroll" role="region" aria-label="{0}" tabindex="0"><table class="table {1}">'
        '<caption class="{2}">{0}</caption>{3}</table></div>',
        caption,
        f"table-{kind}" if kind else "",
        "" if shows_caption else "aside-voice",
        content,
    )


@register.simple_tag
def empty_state(title: str, why: str = "", action: str = "", url: str = "", icon: str = "inbox") -> SafeString:
    """What this is, why it is empty, and the one thing to do."""
    return format_html(
        '<div class="empty">{}<p class="empty-title">{}</p>{}{}</div>',
        marks.icon(icon),
        title,
        format_html('<p class="empty-why">{}</p>', why) if why else "",
        button(action, kind="quiet", url=url) if action and url else "",
    )


@register.simple_tag
def facts(pairs: Mapping[str, object] | Iterable[tuple[str, object]], kind: str = "") -> SafeString:
    """A list of names and values; an empty value shows as a dash that says "not recorded"."""
    rows = list(pairs.items() if isinstance(pairs, Mapping) else pairs)
    return SafeString(render_to_string("foundation/components/facts.html", {"rows": rows, "kind": kind}))


@register.simple_tag(takes_context=True)
def pager(context: Context, page: Page, parameter: str = "page") -> SafeString:
    """Earlier and later pages, keeping the other parameters of the address."""
    request = context.get("request")
    query = request.GET.copy() if request else None

    def address(number: int) -> str:
        if query is None:
            return f"?{parameter}={number}"
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    return SafeString(
        render_to_string(
            "foundation/components/pager.html",
            {
                "page": page,
                "earlier": address(page.previous_page_number()) if page.has_previous() else "",
                "later": address(page.next_page_number()) if page.has_next() else "",
            },
        )
    )


@register.simple_tag
def patient_banner(patient: object) -> SafeString:
    """The patient banner; `patient` has the attributes (or keys) of `frame.PatientBanner`."""
    if not patient:
        return SafeString("")
    return SafeString(render_to_string("foundation/components/patient_banner.html", {"patient": patient}))


@register.filter
def place_icon(item: frame.NavigationItem | Mapping[str, str]) -> str:
    """The icon of one place in the rail."""
    if isinstance(item, Mapping):
        return item.get("icon") or frame.PLACE_ICONS.get(item["key"], "circle")
    return item.icon or frame.PLACE_ICONS.get(item.key, "circle")


@register.filter
def meaning(level: object) -> str:
    """The meaning (stop, confirm, told, fine) of a Django message level or a severity."""
    return marks.meaning_of(level)


@register.filter
def in_words(key: object) -> str:
    """A key of the program as people read it: `after_provider` is `After provider`."""
    return str(key).replace("_", " ").replace("-", " ").capitalize()
