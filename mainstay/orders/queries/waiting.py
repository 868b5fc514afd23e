"""Orders that wait: for a signature, to be carried out, for the one who prepared them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from mainstay.authority.queries import (
    ANY_PATIENT,
    Here,
    held_by,
    may_do_act,
    may_sign_orders,
)
from mainstay.authority.queries import Order as OnOrder
from mainstay.authority.queries import Patient as PatientAsked
from mainstay.foundation.actor import Actor
from mainstay.foundation.decisions import Decision, no
from mainstay.foundation.errors import NotFound
from mainstay.orders.kinds import kinds
from mainstay.orders.lifecycle import TO_CARRY_OUT, OrderState
from mainstay.orders.models import Order
from mainstay.orders.permissions import CARRY_OUT, SEE, SIGN
from mainstay.people.models import Patient
from mainstay.practice.models import Site

SHOWN_WITH = ("patient", "site", "pended_by", "instructed_by", "for_provider", "signed_by", "replaces")


def _shown() -> QuerySet[Order]:
    return Order.objects.select_related(*SHOWN_WITH)


def may_carry_out(
    actor: Actor, order: Order, *, here: Here | None = None, patient: PatientAsked = ANY_PATIENT
) -> Decision:
    """Whether the actor may carry out a signed order here and now: role, then the authority over its act.

    Pass `here` (read once by `authority.queries.who_is_here`) to ask about several.
    """
    if not (decision := actor.may(CARRY_OUT)):
        return decision
    if order.signed_at is None:
        return no("The order is not signed yet.", who_could=("the provider it waits for",))
    return may_do_act(
        actor,
        kinds()[order.kind].act_for(order.route),
        here=here,
        patient=patient,
        order=OnOrder.SIGNED,
        delegator=order.signed_license,
    )


def may_sign(actor: Actor) -> Decision:
    """Whether the actor may sign orders: role, then a current license orders are signed by."""
    return actor.may(SIGN) and may_sign_orders(held_by(actor))


def order_named(actor: Actor, public_id: UUID) -> Order:
    """One order with what its page shows. Raises `NotPermitted` and `NotFound`."""
    actor.may(SEE).or_raise()
    found = _shown().filter(public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such order.")
    return found


def signed_orders_for(
    patient: Patient,
    *,
    kind: str = "vaccine",
    system: str = "",
    codes: Iterable[str] = (),
    vaccine_groups: Iterable[str] = (),
    on: date,
) -> list[Order]:
    """Signed orders of a patient that may still be carried out on a day, the oldest first.

    With `codes` and `vaccine_groups`, those for any of the codes (of `system`, if given) or any of the groups.
    """
    found = _shown().filter(patient=patient, kind=kind, state__in=TO_CARRY_OUT, expires_on__gte=on)
    codes, groups = list(codes), list(vaccine_groups)
    if codes or groups:
        by_code = Q(code__in=codes, system=system) if system else Q(code__in=codes)
        found = found.filter(by_code | Q(vaccine_group__in=groups) | Q(system="vaccine_group", code__in=groups))
    return list(found.order_by("signed_at", "pk"))


def orders_to_sign(actor: Actor) -> list[Order]:
    """What waits for this provider's signature: asked of them, or of anybody at their site; the longest wait first."""
    mine = Q(for_provider_id=actor.staff_id) | Q(for_provider__isnull=True, site_id=actor.site_id)
    return list(_shown().filter(mine, state=OrderState.PENDED).order_by("sign_by", "pk"))


def orders_waiting(site: Site) -> list[Order]:
    """Every order of a site that waits for a signature, the longest wait first."""
    return list(_shown().filter(site=site, state=OrderState.PENDED).order_by("sign_by", "pk"))


def orders_to_carry_out(site: Site) -> list[Order]:
    """Every order of a site that is signed and not done, the oldest signature first."""
    return list(_shown().filter(site=site, state__in=TO_CARRY_OUT).order_by("signed_at", "pk"))


def declined_orders_of(actor: Actor) -> list[Order]:
    """Orders the actor prepared that were declined and whose words they have not read yet."""
    return list(
        _shown()
        .filter(pended_by_id=actor.staff_id, state=OrderState.DECLINED, decline_seen_at=None)
        .order_by("-pended_at", "pk")
    )


def orders_of_visit(visit_ref: UUID) -> list[Order]:
    """Every order of one visit, as prepared."""
    return list(_shown().filter(visit_ref=visit_ref).order_by("pended_at", "pk"))


def orders_of_patient(patient: Patient) -> list[Order]:
    """A patient's orders, the newest first."""
    return list(_shown().filter(patient=patient).order_by("-pended_at", "-pk")[:100])


def orders_on(actor: Actor) -> QuerySet[Order]:
    """The orders that wait for this person: to sign for a provider, declined and unread for whoever prepared them."""
    rows = Order.objects.filter(pended_by_id=actor.staff_id, state=OrderState.DECLINED, decline_seen_at=None)
    if actor.may(SIGN):
        mine = Q(for_provider_id=actor.staff_id) | Q(for_provider__isnull=True, site_id=actor.site_id)
        rows = rows | Order.objects.filter(mine, state=OrderState.PENDED)
    return rows
