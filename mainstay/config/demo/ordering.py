"""The demo's standing orders for the usual vaccines, and orders that wait for a signature today."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from mainstay.config.demo.live import acting, cast_of
from mainstay.foundation import clock
from mainstay.foundation.actor import Actor
from mainstay.orders import actions
from mainstay.orders.actions import StandingProductText, StandingText
from mainstay.orders.models import Order, StandingOrder
from mainstay.orders.queries import Content, Criterion, Effect
from mainstay.practice.models import Site
from mainstay.visits.lifecycle import IN_A_ROOM
from mainstay.visits.models import Visit
from mainstay.workforce.models import Staff

EMERGENCY = (
    "Stop and call the provider now. Anaphylaxis (hives with trouble breathing, swelling, collapse): epinephrine "
    "1 mg/mL into the outer thigh as on the anaphylaxis card, call 911, lay the patient down, stay with them."
)
RECORD = "Product, maker, lot, expiry, dose, route, site, statement edition and day given, who gave it, on this order."
ASKED = (
    Criterion(Effect.EXCLUDE, "Sick today", question="sick_today"),
    Criterion(Effect.EXCLUDE, "Allergy to a part of the vaccine", question="allergy"),
    Criterion(Effect.EXCLUDE, "Serious reaction after a vaccine before", question="reaction_before"),
)
NOT_LIVE = (
    Criterion(Effect.EXCLUDE, "Weak immunity", question="weak_immunity"),
    Criterion(Effect.EXCLUDE, "Pregnant, or may be soon", sex="female", question="pregnant"),
)
LEAST = ("6w", "")
VACCINES = (
    # title, groups, let in, age band, live, products: name, cvx, ages, mL, route, needle
    ("Influenza, injectable", ("Influenza",), "Everybody from 6 months, each season", ("6m", ""), (),
     (("Influenza trivalent, preservative free", "140", "6m", "", "0.5", "IM", '25G, 1 inch (infant thigh 1 inch)'),)),
    ("Tetanus, diphtheria, pertussis", ("DTaP/Tdap/Td",), "From 6 weeks, when the schedule says due", LEAST, (),
     (("DTaP", "20", "6w", "7y", "0.5", "IM", "25G, 1 inch"), ("Tdap", "115", "7y", "", "0.5", "IM", "25G, 1 inch"))),
    ("Hepatitis B", ("HepB",), "From birth, when the schedule says due", ("0d", ""), (),
     (("Hepatitis B, pediatric", "08", "0d", "20y", "0.5", "IM", "25G, 5/8 to 1 inch"),
      ("Hepatitis B, adult", "43", "20y", "", "1.0", "IM", "25G, 1 inch"))),
    ("Measles, mumps, rubella", ("MMR",), "From 12 months, when the schedule says due", ("12m", ""), NOT_LIVE,
     (("MMR", "03", "12m", "", "0.5", "SC", "25G, 5/8 inch"),)),
    ("Varicella", ("Varicella",), "From 12 months, when the schedule says due", ("12m", ""), NOT_LIVE,
     (("Varicella", "21", "12m", "", "0.5", "SC", "25G, 5/8 inch"),)),
    ("Polio, inactivated", ("Polio",), "From 6 weeks, when the schedule says due", LEAST, (),
     (("IPV", "10", "6w", "", "0.5", "IM", "25G, 1 inch"),)),
    ("Human papillomavirus", ("HPV",), "9 through 45 years, when the schedule says due", ("9y", "46y"), (),
     (("HPV9", "165", "9y", "46y", "0.5", "IM", "25G, 1 inch"),)),
    ("Pneumococcal", ("Pneumococcal",), "From 6 weeks, when the schedule says due", LEAST, (),
     (("PCV20", "216", "6w", "", "0.5", "IM", "25G, 1 inch"),)),
    ("Zoster, recombinant", ("Zoster",), "From 50 years", ("50y", ""), (),
     (("Zoster, recombinant", "187", "50y", "", "0.5", "IM", "25G, 1 inch"),)),
)  # fmt: skip
WAITING = (
    ("Influenza", "Asked for it at check-in; none this season", "soon"),
    ("DTaP/Tdap/Td", "Cut a hand yesterday; last tetanus vaccine not known", "soon"),
    ("HepB", "Starts work at a hospital; no series on file", "routine"),
)
STREP = Content(
    kind="point_of_care",
    system="words",
    code="",
    name="Rapid strep A",
    reason="Sore throat for two days",
    priority="soon",
)
SIGNED_AGO = timedelta(days=120)
GROWN_UP = timedelta(days=19 * 366)
ENDING = "Zoster, recombinant"
"""The one that is due for review soon, so that the page shows one."""


def sign_standing_orders(system: Actor, people: dict[str, Staff]) -> None:
    """The usual vaccines, signed four months ago by the demo's physician, for both sites."""
    doctor = people["patel"]
    site = doctor.home_site or Site()
    morning = datetime.combine((system.now - SIGNED_AGO).date(), time(10, 5), tzinfo=site.zone)
    then = acting(doctor, site, morning.astimezone(UTC))
    for title, groups, words, (least_age, younger_than), live, products in VACCINES:
        through = system.today + timedelta(days=18 if title == ENDING else 200)
        text = StandingText(
            title=title,
            acts=("vaccine",),
            roles=("clinical_ma", "lead_ma", "nurse"),
            vaccine_groups=groups,
            criteria=(Criterion(Effect.INCLUDE, words, least_age, younger_than), *ASKED, *live),
            products=tuple(_product(*one) for one in products),
            starts_on=then.today,
            expires_on=through,
            indication="The schedule of the practice says that a dose is due today.",
            vis="The current edition of each vaccine given, in the patient's language.",
            documentation=RECORD,
            emergency=EMERGENCY,
        )
        draft = actions.write_standing_order(actor=then, text=text)
        actions.sign_standing_order(actor=then, standing_order=draft)


def _product(name: str, cvx: str, least: str, below: str, dose: str, route: str, needle: str) -> StandingProductText:
    where = "Deltoid; outer thigh in infants" if route == "IM" else "Back of the upper arm; thigh in infants"
    return StandingProductText(name, cvx, least, below, Decimal(dose), "mL", route, where, needle)


def pend_today(site: Site) -> None:
    """Three orders of grown-ups in a room now wait for a signature: the demo physician's, where there is one."""
    if not StandingOrder.objects.exists() or Order.objects.filter(site=site, state="pended").exists():
        return
    who = cast_of(site).assistants[0]
    now = clock.now()
    asked = Staff.objects.filter(home_site=site, username="patel").first()
    here = Visit.objects.filter(
        site=site, stage__in=IN_A_ROOM, provider__isnull=False, patient__birth_date__lt=now.date() - GROWN_UP
    ).select_related("patient")
    for visit in here.order_by("-roomed_at")[:1]:
        actor = acting(who, site, now - timedelta(minutes=6))
        actions.pend_order(actor=actor, patient=visit.patient, content=STREP, visit=visit, for_provider=asked)
    for visit, (group, reason, priority) in zip(here.order_by("roomed_at")[: len(WAITING)], WAITING, strict=False):
        content = Content(
            kind="vaccine",
            system="vaccine_group",
            code=group,
            vaccine_group=group,
            name=f"{group} vaccine",
            reason=reason,
            dose=Decimal("0.5"),
            dose_unit="mL",
            route="IM",
            priority=priority,
        )
        actor = acting(who, site, now - timedelta(minutes=4))
        actions.pend_order(actor=actor, patient=visit.patient, content=content, visit=visit, for_provider=asked)
