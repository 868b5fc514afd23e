"""Standing orders: which hold here today, for this patient, for this person; and why the others do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from mainstay.authority.queries import Held, held_by, may_delegate
from mainstay.authority.queries import StandingOrder as StandingFacts
from mainstay.foundation.actor import Actor
from mainstay.foundation.decisions import Decision
from mainstay.foundation.errors import NotFound
from mainstay.foundation.findings import Finding
from mainstay.orders.kinds import standing_terms
from mainstay.orders.lifecycle import StandingState
from mainstay.orders.models import StandingOrder, StandingProduct
from mainstay.orders.permissions import SEE, SIGN_STANDING
from mainstay.orders.rules_standing import (
    Criterion,
    Effect,
    PatientFacts,
    fits,
    judge_patient,
    months_after,
    open_questions,
    why_it_does_not_hold,
    why_not_this_person,
)
from mainstay.practice.models import Site

ANY_ANSWER: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class StandingMatch:
    """One standing order as it bears on one patient today, for one member of staff.

    `findings` are every reason it does not hold (`unanswered`: a question is still to be asked); none: it holds.
    `products` are those for the patient's age. `facts` and `delegator` are what the authority asks
    (`may_do_act(…, order=Order.STANDING, standing_order=match.facts, delegator=match.delegator)`).
    """

    order: StandingOrder
    findings: tuple[Finding, ...]
    questions: tuple[Criterion, ...]
    open_questions: tuple[Criterion, ...]
    products: tuple[StandingProduct, ...]
    facts: StandingFacts

    @property
    def holds(self) -> bool:
        """Whether it may be acted on as things stand."""
        return not self.findings

    @property
    def could_hold(self) -> bool:
        """Whether only questions are open."""
        return all(f.code == "unanswered" for f in self.findings)

    @property
    def delegator(self) -> str:
        """The license it was signed by."""
        return self.order.signed_license


def standing_orders_for(
    actor: Actor,
    *,
    act: str,
    patient: PatientFacts,
    vaccine_group: str = "",
    cvx: str = "",
    site: Site | None = None,
    on: date | None = None,
    held: Held | None = None,
) -> list[StandingMatch]:
    """Signed standing orders for an act (and a vaccine group or CVX) at a site, judged; those that hold first.

    `site` is the actor's, `on` their day unless given. Four queries, whatever the number of standing orders; pass
    `held` (from `authority.queries.held_by`) when it was read already. Withdrawn and replaced ones are left out;
    expired and unreviewed ones come with their reason.
    """
    site_id, day = site.pk if site else actor.site_id, on or actor.today
    holds_here = Q(site_rows__isnull=True) | Q(site_rows__site_id=site_id)
    found = _whole().filter(holds_here, state=StandingState.SIGNED, acts__contains=[act])
    if vaccine_group or cvx:
        covered = Q(vaccine_groups__contains=[vaccine_group]) if vaccine_group else Q()
        found = found.filter(covered | Q(cvx__contains=[cvx]) if cvx else covered)
    mine = held or held_by(actor)
    matches = [_judged(order, actor, mine, patient, day) for order in found.distinct()]
    return sorted(matches, key=lambda m: (not m.holds, not m.could_hold, m.order.title, m.order.pk))


def _judged(order: StandingOrder, actor: Actor, held: Held, patient: PatientFacts, on: date) -> StandingMatch:
    terms = standing_terms()
    criteria = tuple(row.as_rule() for row in order.criteria.all())
    findings = (
        *why_it_does_not_hold(order.terms(review_months=terms.review_months), on=on),
        *why_not_this_person(
            actor.roles, held.credentials, covered_roles=order.roles, covered_credentials=order.credentials
        ),
        *judge_patient(criteria, patient, on=on),
    )
    return StandingMatch(
        order=order,
        findings=findings,
        questions=tuple(c for c in criteria if c.effect is Effect.EXCLUDE and c.question),
        open_questions=tuple(open_questions(criteria, patient, on=on)),
        products=tuple(p for p in order.products.all() if _is_for_age(p, patient, on)),
        facts=StandingFacts(
            is_signed=order.signed_at is not None,
            dated=order.starts_on,
            reviewed=order.reviewed_on,
            expires=order.expires_on,
            names_assistants=bool(set(order.roles) & terms.assistant_roles),
        ),
    )


def _is_for_age(product: StandingProduct, patient: PatientFacts, on: date) -> bool:
    band = Criterion(Effect.INCLUDE, "", least_age=product.least_age, younger_than=product.younger_than)
    return fits(band, patient, on=on)


def _whole() -> QuerySet[StandingOrder]:
    return StandingOrder.objects.select_related("signed_by", "written_by", "supersedes").prefetch_related(
        "criteria", "products", "site_rows__site"
    )


def standing_orders() -> list[StandingOrder]:
    """Every standing order that is a draft or signed, by title; older versions are left out."""
    return list(_whole().filter(state__in=[StandingState.DRAFT, StandingState.SIGNED]))


def standing_order_named(actor: Actor, public_id: UUID) -> StandingOrder:
    """One standing order with all its parts and reviews. Raises `NotPermitted` and `NotFound`."""
    actor.may(SEE).or_raise()
    found = _whole().prefetch_related("reviews__reviewed_by").filter(public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such standing order.")
    return found


def versions_of(order: StandingOrder) -> list[StandingOrder]:
    """Every version of a standing order, the newest first."""
    return list(StandingOrder.objects.filter(family=order.family).select_related("signed_by").order_by("-version"))


def may_sign_standing(actor: Actor, order: StandingOrder) -> Decision:
    """Whether the actor may sign, review or withdraw a standing order: role, then a license that delegates there."""
    return actor.may(SIGN_STANDING) and may_delegate(held_by(actor), states_of(order))


def states_of(order: StandingOrder) -> list[str]:
    """The states a standing order is for; with no site named, those of every site."""
    rows = [row.site.state for row in order.site_rows.select_related("site")]
    return rows or list(Site.objects.values_list("state", flat=True).distinct())


def a_year_from(day: date) -> date:
    """The last day a standing order reviewed on a day may hold through."""
    return months_after(day, standing_terms().review_months)
