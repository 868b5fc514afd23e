"""The vaccine refrigerators of the demo clinic: what is in them, how cold they were, and one warm night."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from random import Random

from mainstay.foundation.actor import Actor
from mainstay.foundation.findings import Confirmations
from mainstay.inventory import actions
from mainstay.inventory.gs1 import check_digit
from mainstay.inventory.lifecycle import Funding
from mainstay.inventory.models import Excursion, Item, Stock, StorageUnit
from mainstay.practice.models import Site
from mainstay.workforce.models import Staff

DAYS = 7
EVERY = timedelta(minutes=30)
WARM_DAYS_AGO = 12


@dataclass(frozen=True, slots=True)
class Product:
    """A vaccine as it is bought. `ndc` has ten digits and is made up."""

    name: str
    cvx: str
    mvx: str
    funds: tuple[str, ...] = ("private", "vfc")
    storage: str = "refrigerator"
    kind: str = "vaccine"
    presentation: str = "prefilled_syringe"
    per_vial: int = 1
    hours: int | None = None


PRODUCTS = (
    Product("DTaP Infanrix", "20", "SKB"),
    Product("DTaP-HepB-IPV Pediarix", "110", "SKB"),
    Product("DTaP-IPV Kinrix", "130", "SKB"),
    Product("DTaP-IPV-Hib-HepB Vaxelis", "146", "MSP"),
    Product("Tdap Boostrix", "115", "SKB"),
    Product("Td Tenivac", "113", "PMC", ("private",)),
    Product("IPV Ipol", "10", "PMC", presentation="multi_dose_vial", per_vial=10, hours=672),
    Product("Hib ActHIB", "48", "PMC", presentation="single_dose_vial"),
    Product("HepB pediatric Engerix-B", "08", "SKB"),
    Product("HepB adult Heplisav-B", "189", "DVX", ("private", "317")),
    Product("HepA pediatric Havrix", "83", "SKB"),
    Product("HepA adult Havrix", "52", "SKB", ("private",)),
    Product("HPV9 Gardasil 9", "165", "MSD"),
    Product("MMR M-M-R II", "03", "MSD", storage="freezer", presentation="single_dose_vial"),
    Product("Varicella Varivax", "21", "MSD", storage="freezer", presentation="single_dose_vial"),
    Product("MMRV ProQuad", "94", "MSD", ("vfc",), storage="freezer", presentation="single_dose_vial"),
    Product("MenACWY MenQuadfi", "203", "PMC"),
    Product("MenB Bexsero", "163", "SKB"),
    Product("PCV20 Prevnar 20", "216", "PFR"),
    Product("PPSV23 Pneumovax 23", "33", "MSD", ("private",)),
    Product("Rotavirus RotaTeq", "116", "MSD", presentation="oral_applicator"),
    Product("Flu trivalent, preservative free", "140", "SKB"),
    Product("Flu, vial of ten", "141", "PMC", ("private",), "refrigerator", "vaccine", "multi_dose_vial", 10, 672),
    Product("COVID-19 Comirnaty 12+", "309", "PFR", ("private",)),
    Product("RSV Abrysvo", "305", "PFR", ("private",)),
    Product("RSV antibody Beyfortus 1 mL", "307", "PMC", kind="antibody"),
    Product("Zoster Shingrix", "187", "SKB", ("private",), presentation="single_dose_vial"),
)  # fmt: skip


def fill_refrigerators(system: Actor, sites: list[Site], witness: Staff) -> None:
    """Stock both sites: lots by fund, one expiring soon, one expired, levels, a week of temperatures, a warm night."""
    items = [_known(system, number, product) for number, product in enumerate(PRODUCTS)]
    for place, site in enumerate(sites):
        at_site = _at(system, site)
        units = {
            kind: actions.add_storage_unit(actor=at_site, site=site, name=name, kind=kind)
            for kind, name in (("refrigerator", "Vaccine refrigerator"), ("freezer", "Vaccine freezer"))
        }
        for number, (item, product) in enumerate(zip(items, PRODUCTS, strict=True)):
            _shelve(at_site, item, product, units[item.storage], number, place)
        if site == sites[0]:
            _warm_night(at_site, units["refrigerator"])
        for kind, unit in units.items():
            _read_week(at_site, unit, Decimal("4.6") if kind == "refrigerator" else Decimal("-19.5"))
    _trade(_at(system, sites[0]), sites[0], items, witness)


def _at(system: Actor, site: Site) -> Actor:
    return replace(system, site_id=site.pk, zone=site.zone)


def _known(system: Actor, number: int, product: Product) -> Item:
    item = actions.add_item(
        actor=system, name=product.name, kind=product.kind, cvx=product.cvx, mvx=product.mvx, storage=product.storage,
        presentation=product.presentation, doses_per_vial=product.per_vial, hours_after_opening=product.hours,
        vendor="CareDepot",
    )  # fmt: skip
    digits = f"003999{number:04d}101"
    actions.know_package(actor=system, item=item, gtin=digits + check_digit(digits))
    return item


def _shelve(actor: Actor, item: Item, product: Product, unit: StorageUnit, number: int, place: int) -> None:
    """One to three lots of each, received last month; of three items one more that expires soon or has expired."""
    before = actor.at(datetime.combine(actor.today - timedelta(days=40), time(10, 30), tzinfo=actor.zone))
    dice = Random(f"{product.cvx}-{place}")
    for order, fund in enumerate(product.funds):
        ends = actor.today + timedelta(days=dice.randint(120, 560))
        lot = f"{product.mvx[0]}{number:02d}{'PVF'[order]}{dice.randint(100, 999)}"
        doses = dice.randint(2, 5) * 10
        actions.receive_stock(
            actor=before, unit=unit, item=item, lot_number=lot, expires_on=ends, funding=fund, doses=doses
        )
    actions.set_par_level(actor=actor, site=unit.site, item=item, at_least=10, order_up_to=40)
    if number in (0, 4, 12):
        ends = actor.today + timedelta(days=-5 if number == 0 else 11 + place)
        actions.receive_stock(
            actor=before, unit=unit, item=item, lot_number=f"E{number:02d}{place}88", expires_on=ends,
            funding=Funding.PRIVATE, doses=6,
        )  # fmt: skip


def _trade(actor: Actor, site: Site, items: list[Item], witness: Staff) -> None:
    """An order on its way, one of which the rest is back-ordered, a syringe dropped, and a dose VFC stock lent."""
    earlier = actor.at(datetime.combine(actor.today - timedelta(days=4), time(14, 10), tzinfo=actor.zone))
    wanted = [actions.Wanted(items[n], 20, Funding.PRIVATE) for n in (5, 11, 23)]
    actions.order_stock(actor=earlier, site=site, vendor="CareDepot", number="PO-2214", wanted=wanted)
    _part_came(earlier, site, items)
    vfc = Stock.objects.select_related("lot").get(unit__site=site, lot__item=items[12], lot__funding=Funding.VFC)
    actions.borrow_doses(actor=earlier, stock=vfc, to_fund=Funding.PRIVATE, doses=1, cause="private_late")
    actions.waste_dose(actor=earlier, lot=vfc.lot, reason="dropped", witness=witness, note="Slipped off the tray.")


def _part_came(actor: Actor, site: Site, items: list[Item]) -> None:
    """Of an order of two things ten doses of one came; the rest is promised for next week."""
    wanted = [actions.Wanted(items[21], 30, Funding.PRIVATE), actions.Wanted(items[18], 10, Funding.PRIVATE)]
    order = actions.order_stock(actor=actor, site=site, vendor="CareDepot", number="PO-2209", wanted=wanted)
    unit = StorageUnit.objects.get(site=site, kind=items[21].storage)
    line = order.lines.select_related("item").order_by("pk")[0]
    actions.receive_stock(
        actor=actor, unit=unit, item=line.item, lot_number="S2214A", expires_on=actor.today + timedelta(days=200),
        funding=Funding.PRIVATE, doses=10, order_line=line,
    )  # fmt: skip
    promised = actor.today + timedelta(days=11)
    actions.back_order(actor=actor, order=order, expected_on=promised, words="CareDepot, on the phone: next truck.")


def _read_week(actor: Actor, unit: StorageUnit, usual: Decimal) -> None:
    """A logger's file of the last week, and the readings twice a day; Wednesday afternoon nobody read."""
    serial = f"DL-{unit.pk:04d}"
    actions.add_sensor(
        actor=actor, unit=unit, serial=serial, model_name="Buffered probe, 30 min",
        certificate_expires_on=actor.today + timedelta(days=300),
    )  # fmt: skip
    dice = Random(unit.name)
    begin = actor.now - timedelta(days=DAYS)
    lines = [f"Serial Number: {serial}", "Time,Temperature (°C)"]
    for n in range(int((actor.now - begin) / EVERY)):
        wave = Decimal(dice.randint(-6, 6)) / 10
        lines.append(f"{(begin + n * EVERY).isoformat(timespec='seconds')},{usual + wave}")
    actions.load_readings(actor=actor, unit=unit, content="\n".join(lines))
    for back in range(DAYS - 1, 0, -1):
        day = actor.today - timedelta(days=back)
        for hour in (8, 16):
            if day.weekday() > 4 or (day.weekday() == 2 and hour == 16):
                continue
            then = actor.at(datetime.combine(day, time(hour, 5), tzinfo=actor.zone))
            actions.log_daily_reading(
                actor=then, unit=unit, lowest=usual - Decimal("0.7"), highest=usual + Decimal("0.8"), present=usual,
                scale="C", initials="mr",
            )  # fmt: skip


def _warm_night(actor: Actor, unit: StorageUnit) -> None:
    """A power cut twelve days ago: out of range, every lot asked about, all may be used."""
    morning = datetime.combine(actor.today - timedelta(days=WARM_DAYS_AGO), time(8, 2), tzinfo=actor.zone)
    then = actor.at(morning)
    said = Confirmations({"out_of_range": "Power was out from 3 to 5. Door kept shut, labelled, manufacturers called."})
    actions.log_daily_reading(
        actor=then, unit=unit, lowest=Decimal("4.1"), highest=Decimal("9.6"), present=Decimal("6.8"), scale="C",
        initials="mr", confirmed=said,
    )  # fmt: skip
    found = Excursion.objects.get(unit=unit)
    later = actor.at(morning + timedelta(hours=5))
    for number, hold in enumerate(found.holds.order_by("pk"), 1):
        actions.decide_hold(
            actor=later, hold=hold, verdict="usable", said_by="Manufacturer's line", reference=f"T-{4400 + number}",
            note="Stable for 72 hours up to 15 °C.",
        )  # fmt: skip
