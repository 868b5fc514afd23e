"""Codes of giving as people read them: `{{ one.site|site_words }}` after `{% load vaccine_words %}`."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils.translation import gettext_lazy as _

from mainstay.foundation.components.timing import spell_date, spell_moment
from mainstay.immunizations.models import DoseAmendment, StatementGiven
from mainstay.immunizations.queries.papers import maker_name
from mainstay.immunizations.rules.funding import eligibilities, fundings
from mainstay.immunizations.rules.placing import routes, sites
from mainstay.immunizations.rules.vis import statement_named
from mainstay.immunizations.vaccine_names import name_of_vaccine
from mainstay.terminology.queries import CodeSystem, display_of

register = template.Library()


@register.filter
def site_words(code: str) -> str:
    """Where a vaccine goes in: `LD` is the left deltoid."""
    return sites()[code].name.en if code in sites() else code


@register.filter
def route_words(code: str) -> str:
    """The route: `im` is intramuscular."""
    return routes()[code].name.en if code in routes() else code


@register.filter
def amount(volume: Decimal | None) -> str:
    """A volume without idle zeros: `0.5`."""
    return f"{volume.normalize():f}" if volume is not None else ""


@register.filter
def eligibility_words(code: str) -> str:
    """Who pays, with the code a registry is told."""
    return f"{eligibilities()[code].name} ({code})" if code in eligibilities() else code


@register.filter
def fund_words(code: str) -> str:
    """Whose stock it was."""
    return fundings()[code].name if code in fundings() else code


@register.filter
def vaccine_words(cvx: str) -> str:
    """What a CVX code means, with the code."""
    return f"{display_of(CodeSystem.CVX, cvx) or name_of_vaccine(cvx)} (CVX {cvx})"


@register.filter
def day_words(day: str) -> str:
    """A day written in digits, as a schedule carries it, in words."""
    return spell_date(date.fromisoformat(day))


@register.filter
def vaccine_name(cvx: str) -> str:
    """The short name of a vaccine, without looking it up in the database."""
    return name_of_vaccine(cvx)


@register.filter
def maker_words(mvx: str) -> str:
    """Who makes it, the code where nobody knows."""
    return maker_name(mvx)


@register.filter
def statement_words(row: StatementGiven) -> str:
    """A statement handed over: which, its edition, when, in which language and how."""
    language = {"en": _("in English"), "es": _("in Spanish")}.get(row.language, _("in another language"))
    how = {"paper": _("on paper"), "screen": _("on a screen"), "link": _("as a link")}.get(row.how, row.how)
    known = statement_named(row.code, row.edition)
    return _("{name}, edition of {edition}, handed over {day} {language}, {how}").format(
        name=known.name.en if known else row.code,
        edition=spell_date(row.edition),
        day=spell_date(row.given_on),
        language=language,
        how=how,
    )


@register.filter
def amendment_words(row: DoseAmendment) -> str:
    """What was put right: what it said, and what it says."""
    before, after = (_amended(row.what, value) for value in (row.before, row.after))
    return _("{what}: it said {before}, it says {after}.").format(
        what=_AMENDED.get(row.what, row.what), before=before, after=after
    )


_AMENDED = {
    "site": _("Where"),
    "route": _("Route"),
    "volume": _("Amount"),
    "given at": _("When"),
    "lot": _("Lot"),
    "status": _("Record"),
    "statement": _("Statement"),
}
_SAID = {"site": site_words, "route": route_words, "volume": lambda value: f"{amount(Decimal(value))} mL"}
_STATUS = {"completed": _("given"), "partial": _("partly given"), "entered-in-error": _("entered in error")}


def _amended(what: str, value: str) -> str:
    if what == "given at":
        return spell_moment(datetime.fromisoformat(value))
    return str(_STATUS.get(value, value)) if what == "status" else str(_SAID.get(what, str)(value))


@register.filter
def watch_words(state: str) -> str:
    """How a watch stands or ended."""
    return str(
        {
            "watching": _("Being watched"),
            "reacting": _("Reacting: the provider is fetched"),
            "well": _("Well when the time was over"),
            "left_early": _("Left before the time was over"),
            "handed_over": _("Handed over"),
        }.get(state, state)
    )


@register.filter
def taken_words(how: str) -> str:
    """How a vial was taken."""
    return str({"scanned": _("scanned"), "picked": _("picked from the list"), "typed": _("typed")}.get(how, how))


@register.filter
def recovered_words(state: str) -> str:
    """Whether somebody has recovered."""
    return str({"yes": _("yes"), "no": _("not yet"), "unknown": _("not known")}.get(state, state))
