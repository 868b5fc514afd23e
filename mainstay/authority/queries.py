"""What the engine needs to know, gathered from the practice, and its answers for pages and other domains' actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from mainstay.authority.delegating import Held, held_by, may_delegate, may_sign_orders
from mainstay.authority.engine import decide
from mainstay.authority.explorer import Answer
from mainstay.authority.facts import (
    NO_COMPETENCY_STATED,
    NO_STANDING_ORDER_FACTS,
    Colleague,
    Competence,
    Competency,
    Credential,
    Order,
    Patient,
    Policy,
    PolicyEffect,
    Question,
    StandingOrder,
    Supervision,
    Unstated,
)
from mainstay.authority.law import acts, credential_group, credential_kinds, licenses, rule_on, states
from mainstay.authority.models import ClinicPolicy
from mainstay.authority.words import PRESENCE, day
from mainstay.foundation.actor import Actor
from mainstay.foundation.decisions import YES, Decision, Outcome
from mainstay.foundation.errors import InvalidInput, NotFound
from mainstay.practice.models import Site
from mainstay.workforce.models import CompetencySignOff, LadderRung, Presence, Staff, TrainingFact
from mainstay.workforce.models import Credential as HeldCredential

__all__ = [
    "ANY_PATIENT", "Answer", "Credential", "Held", "Here", "Order", "Patient", "Person", "StandingOrder", "Supervision",
    "all_policies", "answers_by_outcome", "answers_for", "credential_facts", "held_by", "may_delegate", "may_do_act",
    "may_sign_orders", "person_facts",
    "policies_in_force", "policies_shown", "policy_named", "question_for", "shown", "who_is_here",
]  # fmt: skip

ANY_PATIENT = Patient()
HEADINGS = {
    Outcome.ALLOW: "You may",
    Outcome.ALLOW_WITH_CONDITIONS: "You may, if what is listed holds",
    Outcome.ASK: "Ask first",
    Outcome.REFUSE: "Not you, not today",
}


@dataclass(frozen=True, slots=True)
class Person:
    """What counts about one member of staff: what they hold, what they were trained in, what was signed off."""

    staff_id: int
    name: str
    credentials: tuple[Credential, ...]
    training: tuple[tuple[str, Decimal], ...]
    sign_offs: Mapping[str, CompetencySignOff]
    birth_date: date | None = None

    def competency_for(self, act: str, supervision: Supervision) -> Competency:
        """The newest word on an act. Whoever is still at the supervised rung is signed off only while watched."""
        latest = self.sign_offs.get(act)
        if latest is None:
            return NO_COMPETENCY_STATED
        watched = latest.rung == LadderRung.SUPERVISED and supervision is Supervision.DIRECT_VISUAL
        state = Competence.SIGNED if latest.rung == LadderRung.INDEPENDENT or watched else Competence.NONE
        return Competency(state, latest.expires_on, latest.restriction)

    def is_a(self, codes: Iterable[str], on: date) -> bool:
        """Whether the person holds one of these credentials on a day."""
        return any(c.code in codes and c.is_current(on) for c in self.credentials)


@dataclass(frozen=True, slots=True)
class Here:
    """One site at one moment: whose law, which setting, which policies, who is on site. Read once for a request."""

    state: str
    setting: str
    policies: tuple[Policy, ...]
    people: Mapping[int, Person]
    present: frozenset[int]

    @property
    def state_name(self) -> str:
        """The state whose law holds, by name."""
        return states()[self.state].name

    def supervision_of(self, staff_id: int, on: date) -> Supervision:
        """How closely somebody is supervised, from who else in the building may delegate by this state's law."""
        law = states()[self.state]
        counts = law.delegators or credential_group("provider")
        if law.regime.code in ("licensed_on_site", "nurse_available"):
            counts = (*counts, "RN", "LPN")
        others = (p for key, p in self.people.items() if key != staff_id and key in self.present)
        return Supervision.ON_SITE if any(p.is_a(counts, on) for p in others) else Supervision.GENERAL

    def colleagues_of(self, staff_id: int, act: str, supervision: Supervision) -> tuple[Colleague, ...]:
        """Everybody else on site, as the engine asks about them."""
        return tuple(
            Colleague(p.name, p.credentials, p.competency_for(act, supervision), p.training)
            for key, p in self.people.items()
            if key != staff_id and key in self.present
        )


def who_is_here(actor: Actor) -> Here:
    """The actor's site now, in six queries; pass the result to `may_do_act` to ask about several acts of one request.

    Raises `InvalidInput` when the actor is at no site.
    """
    site = Site.objects.filter(pk=actor.site_id or 0).first()
    if site is None:
        raise InvalidInput("Choose a site first: what may be done depends on where.")
    staff = _staff_with_facts(actor)
    return Here(
        state=site.state,
        setting=site.setting,
        policies=tuple(_policy(row, site) for row in policies_in_force(on=actor.today, site=site)),
        people={one.pk: _person(one, site) for one in staff},
        present=frozenset(one.pk for one in staff if one.is_present),  # type: ignore[attr-defined]  # from the query
    )


def question_for(
    actor: Actor,
    act: str,
    *,
    here: Here | None = None,
    patient: Patient = ANY_PATIENT,
    order: Order = Order.NOT_STATED,
    standing_order: StandingOrder = NO_STANDING_ORDER_FACTS,
    delegator: str = "",
    supervision: Supervision | None = None,
    medicare_direct: bool | None = None,
    substances: tuple[str, ...] = (),
) -> Question:
    """The question whether the actor may do an act, with everything the practice knows filled in.

    `supervision` is worked out from who is on site unless the caller knows better (the provider is in the room).
    `delegator` is the license of whoever signed the order.
    """
    here = here or who_is_here(actor)
    person = here.people.get(actor.staff_id or 0)
    presence = here.supervision_of(actor.staff_id or 0, actor.today) if supervision is None else supervision
    return Question(
        state=here.state,
        act=act,
        on=actor.today,
        credentials=person.credentials if person else (),
        competency=person.competency_for(act, presence) if person else NO_COMPETENCY_STATED,
        training=person.training if person else (),
        delegator=delegator,
        supervision=presence,
        medicare_direct=medicare_direct,
        order=order,
        standing_order=standing_order,
        patient_state=patient.state if patient.state in states() else "",
        patient_age=patient.age,
        is_patient_stable=patient.is_stable,
        substances=substances,
        setting=here.setting,
        performer_age=_age(person.birth_date, actor.today) if person and person.birth_date else None,
        unstated=Unstated.REFUSE,
        policies=here.policies,
        colleagues=here.colleagues_of(actor.staff_id or 0, act, presence),
    )


def may_do_act(
    actor: Actor,
    act: str,
    *,
    here: Here | None = None,
    patient: Patient = ANY_PATIENT,
    order: Order = Order.NOT_STATED,
    standing_order: StandingOrder = NO_STANDING_ORDER_FACTS,
    delegator: str = "",
    supervision: Supervision | None = None,
    medicare_direct: bool | None = None,
    substances: tuple[str, ...] = (),
) -> Decision:
    """Whether the actor may do an act here and now, and if not, who on site could.

    The system itself (an import) may: the act was somebody else's. Raises `InvalidInput` for an unknown act.
    """
    if actor.staff_id is None:
        return YES
    return decide(
        question_for(
            actor,
            act,
            here=here,
            patient=patient,
            order=order,
            standing_order=standing_order,
            delegator=delegator,
            supervision=supervision,
            medicare_direct=medicare_direct,
            substances=substances,
        )
    )


def answers_for(actor: Actor, here: Here) -> list[Answer]:
    """For every act, whether the actor may do it today, with orders left open, and the rule behind it."""
    return [
        Answer(act, rule_on(here.state, code, actor.today), may_do_act(actor, code, here=here))
        for code, act in acts().items()
    ]


def answers_by_outcome(answers: Iterable[Answer]) -> list[tuple[str, str, list[Answer]]]:
    """Answers in the four groups people look for, empty ones left out: (outcome, heading, answers)."""
    found = list(answers)
    groups = [
        (outcome, heading, [a for a in found if a.decision.outcome == outcome]) for outcome, heading in HEADINGS.items()
    ]
    return [(str(outcome), heading, members) for outcome, heading, members in groups if members]


def credential_facts(person: Person | None, on: date) -> list[tuple[str, str, str]]:
    """What somebody holds, in words: (name, until when, one of fine, confirm, stop)."""
    known, found = credential_kinds(), []
    for held in person.credentials if person else ():
        name = known[held.code].name if held.code in known else held.code
        until = f"through {day(held.expires)}" if held.expires else "no end on file"
        meaning = "fine" if held.is_verified else "confirm"
        if not held.is_current(on):
            until, meaning = f"expired on {day(held.expires or on)}", "stop"
        elif held.expires and held.expires - on <= timedelta(days=90):
            meaning = "confirm"
        found.append((name, until if held.is_verified else f"{until}, not verified", meaning))
    return found


def policies_in_force(*, on: date, site: Site | None = None) -> QuerySet[ClinicPolicy]:
    """Policies in force on a day, of one site or (None) of any."""
    found = ClinicPolicy.objects.filter(effective__lte=on, withdrawn_at__isnull=True)
    found = found.filter(Q(expires__isnull=True) | Q(expires__gte=on)).select_related("site", "signed_by", "written_by")
    return found if site is None else found.filter(Q(site__isnull=True) | Q(site=site))


def all_policies() -> QuerySet[ClinicPolicy]:
    """Every policy ever written, the newest of each act first."""
    return ClinicPolicy.objects.select_related("site", "written_by", "signed_by", "withdrawn_by")


@dataclass(frozen=True, slots=True)
class ShownPolicy:
    """A policy as the page lists it; `standing` is one of: in force, from a later day, ended, withdrawn."""

    row: ClinicPolicy
    act: str
    sentence: str
    standing: str

    @property
    def is_open(self) -> bool:
        """Whether it speaks now or will."""
        return self.standing in ("in force", "not yet")


def shown(row: ClinicPolicy, on: date) -> ShownPolicy:
    """One policy in words, as it stands on a day."""
    if row.withdrawn_at is not None:
        standing = "withdrawn"
    elif row.effective > on:
        standing = "not yet"
    else:
        standing = "ended" if row.expires and row.expires < on else "in force"
    known = acts().get(row.act)
    return ShownPolicy(row, known.name if known else row.act, _policy_sentence(row), standing)


def policies_shown(on: date) -> list[ShownPolicy]:
    """Every policy in words, those that speak now or will first."""
    return sorted((shown(row, on) for row in all_policies()), key=lambda p: not p.is_open)


def policy_named(public_id: UUID) -> ClinicPolicy:
    """One policy by its public id; raises `NotFound`."""
    found = all_policies().filter(public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such policy.")
    return found


def person_facts(actor: Actor, here: Here) -> Person | None:
    """What the practice knows of the actor."""
    return here.people.get(actor.staff_id or 0)


def _staff_with_facts(actor: Actor) -> list[Staff]:
    here = Presence.objects.filter(staff=OuterRef("pk"), site_id=actor.site_id or 0, until__isnull=True)
    return list(
        Staff.objects.annotate(is_present=Exists(here))
        .filter(Q(is_present=True) | Q(pk=actor.staff_id or 0), is_active=True)
        .order_by("family_name", "given_name", "pk")
        .prefetch_related(
            "credentials",
            Prefetch("sign_offs", queryset=CompetencySignOff.objects.order_by("assessed_on", "pk")),
            Prefetch("training", queryset=TrainingFact.objects.filter(is_withdrawn=False)),
        )
    )


def _person(staff: Staff, site: Site) -> Person:
    training: dict[str, Decimal] = {}
    for fact in staff.training.all():
        training[fact.topic] = training.get(fact.topic, Decimal()) + fact.amount
    held = [_credential(row) for row in staff.credentials.all() if row.state in ("", site.state)]
    rows = {row.code for row in staff.credentials.all()}
    if staff.licence in licenses() and staff.licence not in rows:
        held.append(Credential(staff.licence))
    return Person(
        staff_id=staff.pk,
        name=staff.shown_name,
        credentials=tuple(held),
        training=tuple(training.items()),
        sign_offs={row.act: row for row in staff.sign_offs.all()},
        birth_date=staff.birth_date,
    )


def _credential(row: HeldCredential) -> Credential:
    """What is held, good through the day it expires; a revoked one was good until the day before."""
    ends = [row.expires_on] if row.expires_on else []
    if row.revoked_on:
        ends.append(row.revoked_on - timedelta(days=1))
    return Credential(row.code, min(ends, default=None), row.verified_at is not None)


def _policy(row: ClinicPolicy, site: Site) -> Policy:
    signer = row.signed_by
    return Policy(
        act=row.act,
        effect=PolicyEffect(row.effect),
        effective=row.effective,
        until=row.expires + timedelta(days=1) if row.expires else None,
        reason=row.reason,
        statute=row.statute,
        signed_by=signer.shown_name if signer else "",
        signed_on=row.signed_at.astimezone(site.zone).date() if row.signed_at else None,
        is_by_medical_director=row.effect == PolicyEffect.LOOSEN and signer is not None,
        least_supervision=Supervision[(row.supervision or "not_stated").upper()],
        credentials=tuple(row.credentials),
        least_patient_age=row.least_patient_age,
    )


def _policy_sentence(row: ClinicPolicy) -> str:
    if row.effect == PolicyEffect.FORBID:
        return "Closed to medical assistants."
    if row.effect == PolicyEffect.LOOSEN:
        return f"Opened, resting on {row.statute}: with an order, a sign-off and a supervisor on site."
    asked = [PRESENCE[Supervision[row.supervision.upper()]]] if row.supervision else []
    asked += [credential_kinds()[code].name for code in row.credentials if code in credential_kinds()]
    asked += [f"a patient of {row.least_patient_age} years or older"] if row.least_patient_age is not None else []
    return f"Takes {', '.join(asked)}."


def _age(birth_date: date, on: date) -> int:
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))
