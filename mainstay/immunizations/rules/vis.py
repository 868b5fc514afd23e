"""Vaccine information statements: which go with a vaccine, and which edition is current on a day (42 USC 300aa-26)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from mainstay.foundation.findings import Finding, Severity
from mainstay.foundation.tables import read_csv
from mainstay.immunizations.rules.vaccines import PACKAGE, Product, Words

MULTI = "multi"
"""The one statement that may stand for several of a child's first vaccines."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One edition of one statement: `until` is when the next one took its place; `covers` is what it speaks of."""

    code: str
    name: Words
    gdti: str
    edition: date
    until: date | None
    covers: tuple[str, ...]

    def is_current(self, on: date) -> bool:
        """Whether it was the one to hand out on a day."""
        return self.edition <= on and (self.until is None or on < self.until)


@cache
def statements() -> tuple[Statement, ...]:
    """Every edition we know, by code and date."""
    return tuple(
        Statement(
            row["code"],
            Words(row["name_en"], row["name_es"]),
            row["gdti"],
            date.fromisoformat(row["edition"]),
            date.fromisoformat(row["until"]) if row["until"] else None,
            tuple(row["covers"].split()),
        )
        for row in read_csv(PACKAGE, "giving/vis.csv")
    )


def statement_named(code: str, edition: date) -> Statement | None:
    """One edition of one statement, None where the table does not have it."""
    return next((one for one in statements() if (one.code, one.edition) == (code, edition)), None)


def current_statement(code: str, on: date) -> Statement | None:
    """The edition of a statement to hand out on a day; the newest one when two would do."""
    found = [one for one in statements() if one.code == code and one.is_current(on)]
    return max(found, key=lambda one: one.edition, default=None)


def statements_for(product: Product, on: date) -> tuple[Statement, ...]:
    """The current statements that go with a vaccine, one for each thing it protects against."""
    return tuple(one for code in product.vis if (one := current_statement(code, on)) is not None)


def speaks_of(code: str, edition: date, product: Product) -> bool:
    """Whether a statement handed over is one of a vaccine's: another vaccine may be on record since."""
    known = statement_named(code, edition)
    return bool(set(known.covers if known else (code,)) & set(product.vis))


def statements_missing(product: Product, handed: Iterable[tuple[str, date]], on: date) -> tuple[Statement, ...]:
    """The current statements of a vaccine that none of those handed over stands for. `handed`: code and edition."""
    covered: set[str] = set()
    for code, edition in handed:
        known = statement_named(code, edition)
        covered.update(known.covers if known else (code,))
    return tuple(
        one for code in product.vis if code not in covered and (one := current_statement(code, on)) is not None
    )


def may_use_multi(wanted: Iterable[str], on: date) -> bool:
    """Whether the statement for a child's first vaccines may stand for these: two or more, all of them in it."""
    names = frozenset(wanted)
    multi = current_statement(MULTI, on)
    return multi is not None and len(names) >= 2 and names <= set(multi.covers)


def judge_statements(product: Product, given: Iterable[tuple[str, date]], on: date) -> list[Finding]:
    """A stop for every statement that is missing or not the current edition. `given` pairs code and edition."""
    handed = list(given)
    covered: set[str] = set()
    found = []
    for code, edition in handed:
        current = current_statement(code, on)
        if current is None or edition != current.edition:
            wanted = f"; the current one is of {current.edition:%m/%d/%Y}" if current else ""
            words = f"The statement of {edition:%m/%d/%Y} is not the current edition{wanted}."
            found.append(Finding(Severity.STOP, "vis_not_current", "statements", words))
            continue
        covered.update(current.covers)
    missing = [code for code in product.vis if code not in covered]
    if missing:
        names = ", ".join(one.name.en for code in missing if (one := current_statement(code, on)))
        words = f"Not given yet: the information statement for {names or ', '.join(missing)}."
        found.append(Finding(Severity.STOP, "vis_missing", "statements", words))
    return found
