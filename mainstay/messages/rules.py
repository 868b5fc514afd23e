"""Categories of calls and messages: who owns them, how long they may wait, who may close them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from mainstay.foundation.findings import Finding, Severity
from mainstay.foundation.tables import read_toml
from mainstay.work.lifecycle import Band

PACKAGE = "mainstay.messages"


@dataclass(frozen=True, slots=True)
class Category:
    """What a message is about. Clocks are in the words of `work.rules.read_clock`.

    A banded category takes the clock of its band once there is one. `final_clock` bounds the whole matter,
    `legal_clock` is what law allows at most.
    """

    code: str
    title: str
    pool: str
    clock: str
    is_banded: bool
    needs_disposition: bool
    final_clock: str
    legal_clock: str


@cache
def categories() -> Mapping[str, Category]:
    """Every category by its code (`tables/categories.toml`)."""
    return {
        r["code"]: Category(
            code=r["code"],
            title=r["title"],
            pool=r["pool"],
            clock=r["clock"],
            is_banded=r.get("is_banded", False),
            needs_disposition=r.get("needs_disposition", False),
            final_clock=r.get("final_clock", ""),
            legal_clock=r.get("legal_clock", ""),
        )
        for r in read_toml(PACKAGE, "categories.toml")["category"]
    }


@cache
def auto_reply(language: str) -> str:
    """The fixed answer to a portal message, in a language (`en`, `es`)."""
    texts = read_toml(PACKAGE, "categories.toml")["auto_reply"]
    return str(texts["es" if language.lower().startswith("es") else "en"])


def pool_for(category: Category, band: Band | None) -> str:
    """Who owns a message: its pool, or a clinician as soon as it is banded R2 or more urgent."""
    return "clinician" if band is not None and band.rank <= Band.R2.rank else category.pool


def before_closing(category: Category, *, disposition_by_clinician: str) -> tuple[Finding, ...]:
    """What stands in the way of closing: a symptom message needs a clinician's disposition."""
    if category.needs_disposition and not disposition_by_clinician.strip():
        message = f"{category.title}: a clinician has to say what was decided before this is closed."
        return (Finding(Severity.STOP, "message-without-disposition", "disposition", message),)
    return ()
