"""What kinds of order there are, how long they wait and last: from `tables/kinds.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

from mainstay.foundation.tables import read_toml


@dataclass(frozen=True, slots=True)
class OrderKind:
    """One kind of order: the act that carries it out, its code systems, and how many days it lasts once signed.

    `acts_by_route` are routes that are an act of their own; empty where the route makes no difference.
    `settled_by` is the page that carries it out with every check, the words of whoever did, or nothing yet.
    """

    code: str
    label: str
    act: str
    systems: tuple[str, ...]
    valid_days: int
    acts_by_route: Mapping[str, str]
    settled_by: Literal["page", "words", "nothing"]

    def act_for(self, route: str) -> str:
        """The act of whoever carries it out by a route."""
        return self.acts_by_route.get(route, self.act)


@dataclass(frozen=True, slots=True)
class OrderPriority:
    """How long an order may wait for its signature: minutes while the patient is here, the clock of a band if not."""

    code: str
    label: str
    minutes: int
    band: str


@dataclass(frozen=True, slots=True)
class StandingTerms:
    """What a standing order needs: review this many months apart, told this many days before; who is an assistant."""

    review_months: int
    notice_days: int
    assistant_roles: frozenset[str]


@cache
def kinds() -> Mapping[str, OrderKind]:
    """Every kind of order by code."""
    rows = read_toml("mainstay.orders", "kinds.toml")["kind"]
    return MappingProxyType(
        {
            code: OrderKind(
                code,
                row["label"],
                row["act"],
                tuple(row["systems"]),
                row["valid_days"],
                MappingProxyType(row.get("acts_by_route", {})),
                row["settled_by"],
            )
            for code, row in rows.items()
        }
    )


@cache
def kinds_written() -> Mapping[str, OrderKind]:
    """The kinds somebody can prepare here: those that can also be carried out here."""
    return MappingProxyType({code: kind for code, kind in kinds().items() if kind.settled_by != "nothing"})


@cache
def priorities() -> Mapping[str, OrderPriority]:
    """Every priority by code, the most urgent first."""
    rows = read_toml("mainstay.orders", "kinds.toml")["priority"]
    return MappingProxyType(
        {code: OrderPriority(code, row["label"], row["minutes"], row["band"]) for code, row in rows.items()}
    )


@cache
def standing_terms() -> StandingTerms:
    """What a standing order needs to hold."""
    table = read_toml("mainstay.orders", "kinds.toml")
    return StandingTerms(table["review_months"], table["review_notice_days"], frozenset(table["assistant_roles"]))


@cache
def vaccine_groups() -> tuple[str, ...]:
    """The vaccine groups an order may name, the usual ones first."""
    return tuple(read_toml("mainstay.orders", "kinds.toml")["vaccines"]["groups"])


@cache
def routes() -> tuple[str, ...]:
    """The routes a vaccine is given by, as people write them."""
    return tuple(read_toml("mainstay.orders", "kinds.toml")["vaccines"]["routes"])
