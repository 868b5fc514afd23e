"""Preparing an order for signature, changing it before it is signed, and replacing it afterwards."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta

from django.db import transaction

from mainstay.authority.queries import may_do_act
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.findings import NOTHING_CONFIRMED
from mainstay.foundation.moves import begin, locked, take_step
from mainstay.foundation.outbox import publish
from mainstay.orders.errors import SignedContent
from mainstay.orders.events import OrderPended, OrderSettled
from mainstay.orders.kinds import priorities
from mainstay.orders.lifecycle import TO_CARRY_OUT, OrderState, order_lifecycle
from mainstay.orders.models import Order
from mainstay.orders.permissions import PEND, SIGN
from mainstay.orders.rules import Content, judge_content
from mainstay.people.models import Patient
from mainstay.practice.models import Site
from mainstay.visits.models import Visit
from mainstay.work.lifecycle import Band
from mainstay.work.queries import due_for_band
from mainstay.workforce.models import Staff

COLUMNS = tuple(field.name for field in fields(Content))


@transaction.atomic
def pend_order(
    *,
    actor: Actor,
    patient: Patient,
    content: Content,
    visit: Visit | None = None,
    site: Site | None = None,
    for_provider: Staff | None = None,
    instructed_by: Staff | None = None,
    replaces: Order | None = None,
) -> Order:
    """Prepare an order; it takes effect once a provider signs it.

    `for_provider` is who is asked to sign (None: any provider here). `instructed_by` is the provider who spoke it: to
    enter an order on instruction takes a credential the authority accepts in this state. `replaces` is a signed order
    this one amends; that one is cancelled when this one is signed. Raises `NotPermitted`, `StopFound`.
    """
    actor.may(PEND).or_raise()
    may_do_act(actor, "order_pend" if instructed_by is None else "order_enter_on_instruction").or_raise()
    NOTHING_CONFIRMED.answer(judge_content(content))
    place = _place(actor, visit, site)
    if visit is not None and visit.patient_id != patient.pk:
        raise InvalidInput("The visit is another patient's.")
    if replaces is not None and (replaces.patient_id != patient.pk or replaces.state not in TO_CARRY_OUT):
        raise IllegalMove("Only a signed order of the same patient that is not done yet can be replaced.")
    order = Order.objects.create(
        patient=patient,
        site=place,
        visit_ref=visit.public_id if visit else None,
        pended_by_id=actor.staff_id,
        pended_at=actor.now,
        instructed_by=instructed_by,
        for_provider=for_provider or instructed_by or (visit.provider if visit else None),
        sign_by=_sign_by(content, place, visit, at=actor.now),
        replaces=replaces,
        created_at=actor.now,
        **_columns(content),
    )
    begin(order, order_lifecycle, actor=actor)
    publish(OrderPended(order_id=order.pk))
    return order


@transaction.atomic
def change_order(*, actor: Actor, order: Order, content: Content) -> Order:
    """Change an order that waits for its signature. Raises `SignedContent` once it is signed."""
    if not actor.may(SIGN):
        actor.may(PEND).or_raise()
    fresh = locked(Order.objects.select_related("site"), pk=order.pk)
    if fresh.signed_at is not None:
        raise SignedContent()
    if fresh.state != OrderState.PENDED:
        raise IllegalMove(f"This order is already {fresh.state.replace('_', ' ')}.")
    NOTHING_CONFIRMED.answer(judge_content(content))
    for name, value in _columns(content).items():
        setattr(fresh, name, value)
    fresh.save()
    return fresh


@transaction.atomic
def amend_order(*, actor: Actor, order: Order, content: Content) -> Order:
    """Prepare an order that replaces a signed one; the signed one stays as it is until this one is signed."""
    fresh = locked(Order.objects.select_related("patient", "site", "for_provider"), pk=order.pk)
    visit = Visit.objects.filter(public_id=fresh.visit_ref).first() if fresh.visit_ref else None
    return pend_order(
        actor=actor,
        patient=fresh.patient,
        content=content,
        visit=visit,
        site=fresh.site,
        for_provider=fresh.for_provider,
        replaces=fresh,
    )


@transaction.atomic
def take_back_order(*, actor: Actor, order: Order, reason: str) -> Order:
    """Take back an order that was prepared and not signed yet, with the reason."""
    if not reason.strip():
        raise InvalidInput("Say why the order is taken back.", field="reason")
    fresh = locked(Order.objects.all(), pk=order.pk)
    take_step(fresh, order_lifecycle, "take_back", actor=actor, reason=reason.strip()[:300])
    fresh.save()
    publish(OrderSettled(order_id=fresh.pk))
    return fresh


def _columns(content: Content) -> dict[str, object]:
    values = {name: getattr(content, name) for name in COLUMNS}
    return {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}


def _place(actor: Actor, visit: Visit | None, site: Site | None) -> Site:
    if visit is not None:
        return visit.site
    found = site or Site.objects.filter(pk=actor.site_id or 0).first()
    if found is None:
        raise InvalidInput("Choose a site first: an order belongs to one.")
    return found


def _sign_by(content: Content, site: Site, visit: Visit | None, *, at: datetime) -> datetime:
    priority = priorities()[content.priority]
    if visit is not None:
        return at + timedelta(minutes=priority.minutes)
    return due_for_band(Band(priority.band), site, at=at)
