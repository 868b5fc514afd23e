"""Where a vaccine goes in: dose, route, site and needle by age, sex and weight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

from mainstay.foundation.findings import Finding, Severity
from mainstay.foundation.tables import read_toml
from mainstay.immunizations.rules.ages import AgeWindow, day_of_age
from mainstay.immunizations.rules.vaccines import PACKAGE, Product, Words

POUNDS_PER_KG = Decimal("2.2046226")
EIGHTHS = {5: "5/8", 8: "1", 10: "1 1/4", 12: "1 1/2"}


@dataclass(frozen=True, slots=True)
class Site:
    """A place on the body, by its HL7 code (RD, LT …); `limb` is where spacing counts, `part` what it is."""

    code: str
    name: Words
    limb: str
    part: str


@dataclass(frozen=True, slots=True)
class Route:
    """A way in, with its NCI code."""

    code: str
    name: Words
    nci: str


@dataclass(frozen=True, slots=True)
class NeedleRow:
    """One row of the table, for an age, sex and weight: parts of the body, each with lengths in eighths of an inch."""

    ages: AgeWindow
    sex: str
    from_lb: Decimal | None
    until_lb: Decimal | None
    sites: Mapping[str, tuple[int, ...]]
    gauge: str
    hint: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What fits a patient: the parts in order of choice, needle lengths for each, gauge, and what is assumed."""

    sites: Mapping[str, tuple[int, ...]]
    gauge: str
    hint: str
    assumes: str = ""

    @property
    def words(self) -> str:
        """In one line: `deltoid 5/8 or 1 inch, 22-25 gauge`."""
        parts = [
            f"{part.replace('_', ' ')} {' or '.join(EIGHTHS[n] for n in lengths)} inch"
            for part, lengths in self.sites.items()
        ]
        return f"{'; '.join(parts)}, {self.gauge} gauge"


@dataclass(frozen=True, slots=True)
class Placement:
    """What was chosen: volume in mL, route, site, and the needle's length in eighths of an inch (0: none)."""

    volume: Decimal
    route: str
    site: str
    needle: int = 0


@cache
def _table() -> Mapping[str, Any]:
    return read_toml(PACKAGE, "giving/needles.toml")


@cache
def sites() -> Mapping[str, Site]:
    """Every site by its code."""
    rows = _table()["site"]
    return MappingProxyType({c: Site(c, Words(**r["name"]), r["limb"], r["part"]) for c, r in rows.items()})


@cache
def routes() -> Mapping[str, Route]:
    """Every route by our code (im, sc, po, nasal)."""
    return MappingProxyType({c: Route(c, Words(**r["name"]), r["code"]) for c, r in _table()["route"].items()})


@cache
def needle_rows(route: str) -> tuple[NeedleRow, ...]:
    """The needle table of a route; empty for those that need none."""
    return tuple(
        NeedleRow(
            AgeWindow(row["from"], row.get("until", "")),
            row.get("sex", ""),
            Decimal(row["from_lb"]) if "from_lb" in row else None,
            Decimal(row["until_lb"]) if "until_lb" in row else None,
            MappingProxyType({part: tuple(lengths) for part, lengths in row["sites"].items()}),
            row["gauge"],
            row.get("hint", ""),
        )
        for row in _table().get(route, ())
    )


def needle_advice(
    route: str, *, born: date, on: date, sex: str = "", weight_kg: Decimal | None = None
) -> Advice | None:
    """Site and needle for somebody; None for a route without needle.

    An adult of unknown weight or sex gets every length that would fit one: the assumption is said.
    """
    rows = [row for row in needle_rows(route) if row.ages.holds(born, on)]
    if not rows:
        return None
    if len(rows) == 1:
        return Advice(rows[0].sites, rows[0].gauge, rows[0].hint)
    pounds = weight_kg * POUNDS_PER_KG if weight_kg is not None else None
    fitting = [row for row in rows if _fits(row, sex, pounds)]
    if len(fitting) == 1:
        return Advice(fitting[0].sites, fitting[0].gauge, fitting[0].hint)
    among = fitting or rows
    lengths = sorted({n for row in among for all_ in row.sites.values() for n in all_})
    missing = "weigh the patient" if weight_kg is None else "the table asks for male or female"
    return Advice(
        {"deltoid": tuple(lengths)}, among[0].gauge, "", f"Needle length depends on weight and sex: {missing}."
    )


def _fits(row: NeedleRow, sex: str, pounds: Decimal | None) -> bool:
    if row.sex and sex in ("female", "male") and row.sex != sex:
        return False
    if pounds is None:
        return True
    return (row.from_lb is None or pounds >= row.from_lb) and (row.until_lb is None or pounds < row.until_lb)


def sites_for(route: str, *, born: date, on: date) -> tuple[Site, ...]:
    """The sites to offer: of the parts the table names for the age, both sides; mouth and nose for those routes."""
    if route in ("po", "nasal"):
        return tuple(one for one in sites().values() if one.part == {"po": "mouth", "nasal": "nose"}[route])
    parts = {part for row in needle_rows(route) if row.ages.holds(born, on) for part in row.sites}
    return tuple(one for one in sites().values() if one.part in parts)


def judge_placement(
    product: Product,
    chosen: Placement,
    *,
    born: date,
    on: date,
    sex: str = "",
    weight_kg: Decimal | None = None,
    others: Iterable[str] = (),
) -> list[Finding]:
    """What is wrong with a dose, route, site and needle. `others` are the sites used at this visit already."""
    found = []
    if chosen.volume not in product.volumes:
        usual = " or ".join(str(one) for one in product.volumes)
        found.append(_stop("wrong_volume", "volume", f"{product.name} is given as {usual} mL, not {chosen.volume} mL."))
    if chosen.route not in product.routes:
        names = " or ".join(routes()[one].name.en.lower() for one in product.routes)
        return [*found, _stop("wrong_route", "route", f"{product.name} is given {names}.")]
    if chosen.site not in sites():
        return [*found, _stop("no_site", "site", "Choose where it goes in.")]
    return [*found, *_judge_site(product, chosen, born, on), *_judge_needle(chosen, born, on, sex, weight_kg),
            *_judge_spacing(chosen, others)]  # fmt: skip


def _judge_site(product: Product, chosen: Placement, born: date, on: date) -> list[Finding]:
    site = sites()[chosen.site]
    offered = sites_for(chosen.route, born=born, on=on)
    if site in offered:
        return []
    if site.part == "gluteus" and chosen.route == "im" and on >= day_of_age(born, "12 months"):
        return [_confirm("buttock", "site", "The buttock is not used for vaccines: the dose may not count.")]
    parts = " or ".join(dict.fromkeys(one.part.replace("_", " ") for one in offered))
    return [_stop("wrong_site", "site", f"At this age and by this route it goes into the {parts}.")]


def _judge_needle(chosen: Placement, born: date, on: date, sex: str, weight_kg: Decimal | None) -> list[Finding]:
    advice = needle_advice(chosen.route, born=born, on=on, sex=sex, weight_kg=weight_kg)
    if advice is None:
        return []
    lengths = advice.sites.get(sites()[chosen.site].part)
    if lengths is None:
        return []
    if chosen.needle not in EIGHTHS:
        return [_stop("no_needle", "needle", "Choose the needle.")]
    if chosen.needle in lengths:
        return []
    usual = " or ".join(EIGHTHS[n] for n in lengths)
    return [_confirm("unusual_needle", "needle", f"Usual here is {usual} inch, not {EIGHTHS[chosen.needle]} inch.")]


def _judge_spacing(chosen: Placement, others: Iterable[str]) -> list[Finding]:
    limb = sites()[chosen.site].limb
    if limb and any(sites()[other].limb == limb for other in others if other in sites()):
        return [_confirm("same_limb", "site", "Another vaccine went into this limb: at least 1 inch between them.")]
    return []


def site_to_use(route: str, *, born: date, on: date, others: Iterable[str] = ()) -> str:
    """The site to offer first: of the usual part, the limb used least at this visit, left before right."""
    offered = sites_for(route, born=born, on=on)
    if not offered:
        return ""
    used = [sites()[one].limb for one in others if one in sites()]
    usual = next(iter(needle_rows_of_age(route, born, on)), None)
    parts = list(usual.sites) if usual else [offered[0].part]
    ranked = [one for one in offered if not one.code.endswith(("VL", "LT", "RT")) or one.code.endswith("VL")]
    ranked = sorted(
        ranked or offered, key=lambda one: (used.count(one.limb), _rank(one.part, parts), one.code[0] != "L")
    )
    return ranked[0].code


def needle_rows_of_age(route: str, born: date, on: date) -> list[NeedleRow]:
    """The rows of the needle table for somebody's age."""
    return [row for row in needle_rows(route) if row.ages.holds(born, on)]


def _rank(part: str, parts: list[str]) -> int:
    return parts.index(part) if part in parts else len(parts)


def _stop(code: str, field: str, message: str) -> Finding:
    return Finding(Severity.STOP, code, field, message)


def _confirm(code: str, field: str, message: str) -> Finding:
    return Finding(Severity.CONFIRM, code, field, message)
