"""What people write for a vaccine, and the CVX code they mean: codes, products of now and then, plain names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from mainstay.foundation.tables import read_csv
from mainstay.immunizations.forecast import load_schedule


@dataclass(frozen=True, slots=True)
class VaccineNamed:
    """A vaccine somebody named: its CVX code, the maker's code when a product was named, and the name to keep."""

    cvx: str
    name: str
    mvx: str = ""


@cache
def vaccine_names() -> Sequence[VaccineNamed]:
    """Plain names first, then products, in the order of the table."""
    return tuple(
        VaccineNamed(row["cvx"], row["name"], row["mvx"])
        for row in read_csv("mainstay.immunizations", "vaccine_names.csv")
    )


@cache
def _by_name() -> dict[str, VaccineNamed]:
    found: dict[str, VaccineNamed] = {}
    for named in vaccine_names():
        found.setdefault(_folded(named.name), named)
    for cvx, vaccine in load_schedule().vaccines.items():
        found.setdefault(_folded(vaccine.name), VaccineNamed(cvx, vaccine.name))
    return found


def vaccine_named(words: str) -> VaccineNamed | None:
    """The vaccine somebody means by a CVX code, a product or a plain name; None when it is not clear.

    A beginning counts when only one code begins so: "gardas" could be two products and is not clear.
    """
    plain = _folded(words.removeprefix("CVX").removeprefix("cvx"))
    if plain.isdigit():
        vaccine = load_schedule().vaccines.get(plain.zfill(2))
        return VaccineNamed(plain.zfill(2), vaccine.name) if vaccine else None
    if exact := _by_name().get(plain):
        return exact
    begins = [named for name, named in _by_name().items() if plain and name.startswith(plain)]
    return begins[0] if len({named.cvx for named in begins}) == 1 else None


def name_of_vaccine(cvx: str) -> str:
    """The short name of a vaccine by its CVX code."""
    vaccine = load_schedule().vaccines.get(cvx)
    return vaccine.name if vaccine else f"CVX {cvx}"


def antigens_of(cvx: str) -> frozenset[str]:
    """The antigens of a vaccine as the schedule knows them."""
    vaccine = load_schedule().vaccines.get(cvx)
    return frozenset(name for name, _, _ in vaccine.antigens) if vaccine else frozenset()


def _folded(words: str) -> str:
    return " ".join(words.lower().replace("-", " ").replace("/", " ").split())
