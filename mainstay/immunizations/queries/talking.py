"""Vaccines of shared decision: whether the talk was had, and who here can have it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mainstay.authority.queries import Here, who_is_here
from mainstay.foundation.actor import Actor
from mainstay.foundation.decisions import YES, Decision
from mainstay.immunizations.models import VaccineDiscussion
from mainstay.immunizations.queries.due import discussions_of
from mainstay.immunizations.queries.giving import DueGroup
from mainstay.immunizations.queries.ways import is_of_group, licenses
from mainstay.immunizations.rules.talking import Talk, may_go_on
from mainstay.orders.models import Order
from mainstay.people.models import Patient


def talk_before(
    actor: Actor,
    patient: Patient,
    due: Iterable[DueGroup],
    *,
    groups: Sequence[str],
    order: Order | None = None,
    here: Here | None = None,
) -> Decision:
    """Whether these vaccine groups may be prepared or given without a further talk, by this person on this order.

    Whoever prescribes by their own license decides with the patient there and then. An order stands for the groups it
    names, not for others that are in the same vial.
    """
    asking = [one.group for one in due if one.needs_talk and one.group in groups]
    if not asking:
        return YES
    here = here or who_is_here(actor)
    own = here.people.get(actor.staff_id or 0)
    if own is not None and own.is_a(licenses("prescribers"), actor.today):
        return YES
    talks, clinicians = discussions_of(patient), who_can_talk(actor, here)
    for group in asking:
        ordered_at = order.signed_at if order is not None and is_of_group(order, group) else None
        decision = may_go_on(group, talk=_talk(actor, talks.get(group)), ordered_at=ordered_at, clinicians=clinicians)
        if not decision:
            return decision
    return YES


def who_can_talk(actor: Actor, here: Here) -> tuple[str, ...]:
    """The names of those in the building who prescribe."""
    return tuple(
        one.name
        for key, one in here.people.items()
        if key in here.present and one.is_a(licenses("prescribers"), actor.today)
    )


def _talk(actor: Actor, row: VaccineDiscussion | None) -> Talk | None:
    if row is None:
        return None
    return Talk(row.outcome, row.discussed_at.astimezone(actor.zone), row.clinician.shown_name)
