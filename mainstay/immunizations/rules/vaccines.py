"""The vaccines we give: products, families and what is in them, from `tables/giving/`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from mainstay.foundation.tables import read_csv, read_toml
from mainstay.immunizations.rules.ages import AgeWindow

PACKAGE = "mainstay.immunizations"


class Live(StrEnum):
    """How a live vaccine gets in; the empty value is for those that are not live."""

    NO = ""
    INJECTED = "injected"
    NASAL = "nasal"
    ORAL = "oral"


@dataclass(frozen=True, slots=True)
class Words:
    """One text in the languages patients read."""

    en: str
    es: str

    def in_language(self, language: str) -> str:
        """Spanish for Spanish, English for everybody else."""
        return self.es if language.startswith("es") else self.en


@dataclass(frozen=True, slots=True)
class Family:
    """Vaccines spoken of by one name; `groups` are the schedule's vaccine groups they answer."""

    code: str
    name: Words
    groups: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """One product of one maker: codes, what it protects against, ages, volumes in mL, routes, and its statements."""

    name: str
    cvx: str
    mvx: str
    cpt: tuple[str, ...]
    families: tuple[str, ...]
    live: Live
    components: tuple[str, ...]
    volumes: tuple[Decimal, ...]
    routes: tuple[str, ...]
    ages: AgeWindow
    from_kg: Decimal | None
    until_kg: Decimal | None
    vis: tuple[str, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        """The schedule's vaccine groups this product answers, in order, each once."""
        known = families()
        return tuple(dict.fromkeys(group for code in self.families for group in known[code].groups))

    @property
    def is_live(self) -> bool:
        """Whether it holds a living virus."""
        return self.live is not Live.NO

    def belongs_to(self, names: Iterable[str]) -> bool:
        """Whether a list of families, "live", "live_injected" or "all" speaks of it."""
        for name in names:
            if name == "all" or (name == "live" and self.is_live):
                return True
            if (name == "live_injected" and self.live is Live.INJECTED) or name in self.families:
                return True
        return False


@cache
def families() -> Mapping[str, Family]:
    """Every family by its code."""
    rows = read_toml(PACKAGE, "giving/families.toml")["family"]
    return MappingProxyType(
        {
            code: Family(code, Words(**row["name"]), tuple(row["groups"]), tuple(row["words"]))
            for code, row in rows.items()
        }
    )


@cache
def products() -> tuple[Product, ...]:
    """Every product, in the order of the table."""
    return tuple(_product(row) for row in read_csv(PACKAGE, "giving/products.csv"))


def _product(row: Mapping[str, str]) -> Product:
    return Product(
        name=row["name"],
        cvx=row["cvx"],
        mvx=row["mvx"],
        cpt=tuple(row["cpt"].split()),
        families=tuple(row["families"].split()),
        live=Live(row["live"]),
        components=tuple(row["components"].split()),
        volumes=tuple(Decimal(one) for one in row["ml"].split()),
        routes=tuple(row["routes"].split()),
        ages=AgeWindow(row["from"], row["until"]),
        from_kg=Decimal(row["from_kg"]) if row["from_kg"] else None,
        until_kg=Decimal(row["until_kg"]) if row["until_kg"] else None,
        vis=tuple(row["vis"].split()),
    )


def products_of(cvx: str, mvx: str = "") -> tuple[Product, ...]:
    """The products of a vaccine code, of one maker if that maker is known for it; empty for a code we never give."""
    found = tuple(one for one in products() if one.cvx == cvx)
    return tuple(one for one in found if one.mvx == mvx) or found


def products_for_group(group: str) -> tuple[Product, ...]:
    """The products that answer one of the schedule's vaccine groups."""
    return tuple(one for one in products() if group in one.groups)


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a vaccine somebody may be allergic to."""

    code: str
    name: str
    words: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Aside:
    """An allergy that is no reason against some vaccines, and the sentence that says so."""

    words: tuple[str, ...]
    families: tuple[str, ...]
    message: str


@cache
def components() -> Mapping[str, Component]:
    """Every component by its code."""
    rows = read_toml(PACKAGE, "giving/components.toml")["component"]
    return MappingProxyType(
        {code: Component(code, row["name"], tuple(row["words"]), row.get("note", "")) for code, row in rows.items()}
    )


@cache
def asides() -> tuple[Aside, ...]:
    """Allergies people ask about that hold nothing back."""
    rows = read_toml(PACKAGE, "giving/components.toml")["aside"]
    return tuple(Aside(tuple(r["words"]), tuple(r["families"]), r["message"]) for r in rows.values())


@cache
def severe_words() -> tuple[str, ...]:
    """Words that mark a reaction as severe."""
    return tuple(read_toml(PACKAGE, "giving/components.toml")["severe"]["words"])
