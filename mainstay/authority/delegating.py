"""Who may delegate: sign orders and standing orders that others carry out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mainstay.authority.law import credential_group, credential_kinds, states
from mainstay.authority.words import either
from mainstay.foundation.actor import Actor
from mainstay.foundation.decisions import YES, Decision, no
from mainstay.practice.models import Site
from mainstay.workforce.models import Staff


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody holds today: the license they sign by (empty: none), and every current, verified credential."""

    license: str
    credentials: frozenset[str]


def held_by(actor: Actor) -> Held:
    """What the actor holds on their day in the state of their site, in three queries; the system holds nothing."""
    staff = Staff.objects.filter(pk=actor.staff_id or 0, is_active=True).prefetch_related("credentials").first()
    if staff is None:
        return Held("", frozenset())
    rows = list(staff.credentials.all())
    here = Site.objects.filter(pk=actor.site_id or 0).values_list("state", flat=True).first() or ""
    current = {
        row.code
        for row in rows
        if row.state in ("", here)
        and (row.expires_on is None or row.expires_on >= actor.today)
        and (row.revoked_on is None or row.revoked_on > actor.today)
    }
    if staff.licence and staff.licence not in {row.code for row in rows}:
        current.add(staff.licence)
    signs_by = next((code for code in credential_group("provider") if code in current), "")
    verified = {row.code for row in rows if row.verified_at is not None}
    return Held(signs_by, frozenset(code for code in current if code in verified or code == staff.licence))


def may_sign_orders(held: Held) -> Decision:
    """Whether somebody holds a license orders are signed by. A medical assistant never does."""
    if held.license:
        return YES
    return no(
        "Orders are signed by a provider with a current license; you may prepare this one for signature.",
        citation="Clinic policy: pend, then a provider signs (CMS CPOE FAQ 2851)",
        who_could=("a provider",),
    )


def may_delegate(held: Held, in_states: Iterable[str]) -> Decision:
    """Whether the holder's license may delegate to medical assistants in each of some states."""
    decision = may_sign_orders(held)
    if not decision:
        return replace(decision, reason="A standing order is signed by a provider with a current license.")
    for code in sorted(set(in_states)):
        law = states()[code]
        if law.delegators and held.license not in law.delegators:
            kinds = credential_kinds()
            names = either(sorted(kinds[code].name for code in law.delegators))
            return no(
                f"{law.name} lets a {names} delegate to medical assistants, not a {kinds[held.license].name}.",
                citation=law.citation,
                who_could=(names,),
            )
    return YES
