"""Writing, signing, reviewing and withdrawing standing orders. What was signed is replaced by a new version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import uuid4

from django.db import transaction
from django.db.models import Max

from mainstay.authority.queries import held_by, may_delegate
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.moves import begin, locked, take_step
from mainstay.foundation.outbox import publish
from mainstay.orders.events import StandingOrderSigned, StandingOrderWithdrawn
from mainstay.orders.kinds import standing_terms
from mainstay.orders.lifecycle import StandingState, standing_lifecycle
from mainstay.orders.models import StandingCriterion, StandingOrder, StandingProduct, StandingReview, StandingSite
from mainstay.orders.permissions import SIGN_STANDING, WRITE_STANDING
from mainstay.orders.queries.standing import states_of
from mainstay.orders.rules_standing import Criterion, months_after, read_age
from mainstay.orders.seals import standing_seal
from mainstay.practice.models import Site


@dataclass(frozen=True, slots=True)
class StandingProductText:
    """One product a standing order lets be given: CVX, name, ages, dose with unit, route, body site, needle."""

    name: str
    cvx: str = ""
    least_age: str = ""
    younger_than: str = ""
    dose: Decimal | None = None
    dose_unit: str = ""
    route: str = ""
    body_site: str = ""
    needle: str = ""


@dataclass(frozen=True, slots=True)
class StandingText:
    """Everything a standing order says. No sites: every site. No credentials: any."""

    title: str
    acts: tuple[str, ...]
    roles: tuple[str, ...]
    emergency: str
    starts_on: date
    expires_on: date
    vaccine_groups: tuple[str, ...] = ()
    cvx: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()
    sites: tuple[Site, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    products: tuple[StandingProductText, ...] = ()
    indication: str = ""
    screening: str = ""
    vis: str = ""
    documentation: str = ""


@transaction.atomic
def write_standing_order(*, actor: Actor, text: StandingText, replaces: StandingOrder | None = None) -> StandingOrder:
    """Write a standing order, or the next version of one. It holds once it is signed; until then the old one does."""
    actor.may(WRITE_STANDING).or_raise()
    _check(text)
    family, version = uuid4(), 1
    if replaces is not None:
        locked(StandingOrder.objects.all(), pk=replaces.pk)
        versions = StandingOrder.objects.filter(family=replaces.family)
        if versions.filter(state=StandingState.DRAFT).exists():
            raise IllegalMove("A new version is written already. Sign or discard that one first.")
        family, version = replaces.family, versions.aggregate(last=Max("version"))["last"] + 1
    order = StandingOrder.objects.create(
        family=family,
        version=version,
        title=text.title.strip(),
        acts=list(text.acts),
        vaccine_groups=list(text.vaccine_groups),
        cvx=list(text.cvx),
        roles=list(text.roles),
        credentials=list(text.credentials),
        indication=text.indication.strip(),
        screening=text.screening,
        vis=text.vis.strip(),
        documentation=text.documentation.strip(),
        emergency=text.emergency.strip(),
        starts_on=text.starts_on,
        signed_through=text.expires_on,
        expires_on=text.expires_on,
        supersedes=replaces,
        written_by_id=actor.staff_id,
        created_at=actor.now,
    )
    _write_parts(order, text)
    begin(order, standing_lifecycle, actor=actor)
    return order


def _write_parts(order: StandingOrder, text: StandingText) -> None:
    StandingSite.objects.bulk_create(StandingSite(standing_order=order, site=site) for site in text.sites)
    StandingCriterion.objects.bulk_create(
        StandingCriterion(
            standing_order=order,
            position=position,
            effect=c.effect,
            words=c.words.strip(),
            least_age=c.least_age,
            younger_than=c.younger_than,
            sex=c.sex,
            condition=c.condition,
            question=c.question,
        )
        for position, c in enumerate(text.criteria)
    )
    StandingProduct.objects.bulk_create(
        StandingProduct(
            standing_order=order,
            position=position,
            cvx=p.cvx,
            name=p.name.strip(),
            least_age=p.least_age,
            younger_than=p.younger_than,
            dose=p.dose,
            dose_unit=p.dose_unit,
            route=p.route,
            body_site=p.body_site,
            needle=p.needle,
        )
        for position, p in enumerate(text.products)
    )


@transaction.atomic
def sign_standing_order(*, actor: Actor, standing_order: StandingOrder) -> StandingOrder:
    """Sign a standing order as somebody who may delegate where it holds; the version before it is superseded.

    Raises `NotPermitted` without such a license, and `IllegalMove` when it is signed already.
    """
    actor.may(SIGN_STANDING).or_raise()
    fresh = locked(StandingOrder.objects.all(), pk=standing_order.pk)
    held = held_by(actor)
    may_delegate(held, states_of(fresh)).or_raise()
    standing_lifecycle.check("sign", StandingState(fresh.state))
    if fresh.expires_on < actor.today:
        raise InvalidInput("It has ended before it is signed. Write a new version with a later end.")
    _supersede(actor, fresh)
    take_step(fresh, standing_lifecycle, "sign", actor=actor)
    fresh.signed_by_id, fresh.signed_at, fresh.signed_license = actor.staff_id, actor.now, held.license
    fresh.content_sha256, fresh.reviewed_on = standing_seal(fresh), actor.today
    fresh.save()
    publish(StandingOrderSigned(standing_order_id=fresh.pk))
    return fresh


def _supersede(actor: Actor, order: StandingOrder) -> None:
    for old in StandingOrder.objects.select_for_update().filter(family=order.family, state=StandingState.SIGNED):
        take_step(old, standing_lifecycle, "supersede", actor=actor, reason=f"Version {order.version} signed")
        old.save()


@transaction.atomic
def renew_standing_order(
    *, actor: Actor, standing_order: StandingOrder, expires_on: date, words: str = ""
) -> StandingOrder:
    """Review a signed standing order that stays as it is: it holds on, until the new end and the next review."""
    actor.may(SIGN_STANDING).or_raise()
    fresh = locked(StandingOrder.objects.all(), pk=standing_order.pk)
    held = held_by(actor)
    may_delegate(held, states_of(fresh)).or_raise()
    if fresh.state != StandingState.SIGNED:
        raise IllegalMove("Only a standing order that is signed and not replaced is reviewed.")
    if expires_on <= actor.today:
        raise InvalidInput("Choose an end that is still to come.", field="expires_on")
    if expires_on > months_after(actor.today, standing_terms().review_months):
        raise InvalidInput(
            "A standing order is reviewed within twelve months. Choose an earlier end.", field="expires_on"
        )
    StandingReview.objects.create(
        standing_order=fresh,
        reviewed_by_id=actor.staff_id,
        reviewed_at=actor.now,
        license=held.license,
        holds_through=expires_on,
        words=words.strip()[:300],
    )
    fresh.reviewed_on, fresh.expires_on = actor.today, expires_on
    fresh.save()
    publish(StandingOrderSigned(standing_order_id=fresh.pk))
    return fresh


@transaction.atomic
def withdraw_standing_order(*, actor: Actor, standing_order: StandingOrder, reason: str) -> StandingOrder:
    """Take a signed standing order out of force now, with the reason."""
    if not reason.strip():
        raise InvalidInput("Say why the standing order is withdrawn.", field="reason")
    fresh = locked(StandingOrder.objects.all(), pk=standing_order.pk)
    take_step(fresh, standing_lifecycle, "withdraw", actor=actor, reason=reason.strip()[:300])
    fresh.withdrawn_because = reason.strip()[:300]
    fresh.save()
    publish(StandingOrderWithdrawn(standing_order_id=fresh.pk))
    return fresh


@transaction.atomic
def discard_standing_order(*, actor: Actor, standing_order: StandingOrder) -> StandingOrder:
    """Throw away a standing order that was never signed; it stays readable."""
    fresh = locked(StandingOrder.objects.all(), pk=standing_order.pk)
    take_step(fresh, standing_lifecycle, "discard", actor=actor)
    fresh.save()
    return fresh


def _check(text: StandingText) -> None:
    if not text.title.strip():
        raise InvalidInput("Give the standing order a title.", field="title")
    if not text.acts:
        raise InvalidInput("Say which acts it covers.", field="acts")
    if "vaccine" in text.acts and not (text.vaccine_groups or text.cvx):
        raise InvalidInput("Say which vaccines it covers.", field="vaccine_groups")
    if not text.roles:
        raise InvalidInput("Say who may act on it.", field="roles")
    if not text.emergency.strip():
        raise InvalidInput("Say what to do in an emergency.", field="emergency")
    if not any(c.effect == "include" for c in text.criteria):
        raise InvalidInput("Say which patients it covers: at least one line that lets in.", field="criteria")
    if text.expires_on < text.starts_on:
        raise InvalidInput("It ends on or after the day it starts.", field="expires_on")
    if text.expires_on > months_after(text.starts_on, standing_terms().review_months):
        raise InvalidInput(
            "A standing order is reviewed within twelve months. Choose an earlier end.", field="expires_on"
        )
    ages = [age for c in text.criteria for age in (c.least_age, c.younger_than)]
    ages += [age for p in text.products for age in (p.least_age, p.younger_than)]
    for age in filter(None, ages):
        read_age(age)
