"""Valid orders and standing orders for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from mainstay.foundation.actor import Actor
from mainstay.foundation.testing import an_actor
from mainstay.orders import actions
from mainstay.orders.actions import Seen, StandingProductText, StandingText
from mainstay.orders.models import Order, StandingOrder
from mainstay.orders.rules import Content
from mainstay.orders.rules_standing import Criterion, Effect
from mainstay.orders.seals import order_seal
from mainstay.people.models import Patient
from mainstay.visits.models import Visit
from mainstay.visits.tests.factories import a_patient, a_person, acting_as
from mainstay.workforce.models import Staff

FLU = Content(
    kind="vaccine",
    system="cvx",
    code="150",
    vaccine_group="Influenza",
    name="Influenza, injectable, quadrivalent",
    reason="Due this season",
    dose=Decimal("0.5"),
    dose_unit="mL",
    route="IM",
)


def a_doctor(username: str = "patel", licence: str = "MD") -> Staff:
    """A provider with a license orders are signed by."""
    return a_person(username, "provider", licence=licence)


def a_pended_order(
    *, by: Actor | None = None, patient: Patient | None = None, visit: Visit | None = None, **more: object
) -> Order:
    """An order that waits for its signature."""
    actor = by or acting_as(a_person("pender", "clinical_ma"))
    whose = visit.patient if visit else patient or a_patient()
    content = replace(FLU, **more)  # type: ignore[arg-type]  # facts by name
    return actions.pend_order(actor=actor, patient=whose, content=content, visit=visit)


def seen(*orders: Order) -> list[Seen]:
    """Orders as they were shown just now."""
    return [Seen(order.public_id, order_seal(order)) for order in orders]


def a_signed_order(*, doctor: Staff | None = None, **more: object) -> Order:
    """An order that may be carried out."""
    order = a_pended_order(**more)  # type: ignore[arg-type]  # facts by name
    batch = actions.sign_orders(actor=acting_as(doctor or a_doctor()), seen=seen(order))
    return batch.signed[0]


FLU_STANDING = StandingText(
    title="Influenza vaccine, injectable",
    acts=("vaccine",),
    roles=("clinical_ma", "lead_ma", "nurse"),
    emergency="Stop, call the provider, epinephrine as on the anaphylaxis card, call 911.",
    starts_on=date(2026, 8, 1),
    expires_on=date(2027, 6, 30),
    vaccine_groups=("Influenza",),
    criteria=(
        Criterion(Effect.INCLUDE, "Everybody from 6 months", least_age="6m"),
        Criterion(Effect.EXCLUDE, "Severe allergic reaction to an earlier dose", question="severe_reaction"),
        Criterion(Effect.EXCLUDE, "Guillain-Barré syndrome within 6 weeks of a dose", condition="107"),
    ),
    products=(
        StandingProductText("Influenza, 0.5 mL", cvx="150", least_age="6m", dose=Decimal("0.5"), dose_unit="mL",
                            route="IM", body_site="deltoid; thigh under 3 years", needle="25G 1 inch"),
    ),
    vis="Inactivated influenza",
    documentation="Date, product, lot, site, route, VIS date, name and title.",
)  # fmt: skip


def a_standing_order(*, doctor: Staff | None = None, text: StandingText = FLU_STANDING) -> StandingOrder:
    """A standing order that is signed."""
    order = actions.write_standing_order(actor=an_actor(), text=text)
    return actions.sign_standing_order(actor=acting_as(doctor or a_doctor()), standing_order=order)
