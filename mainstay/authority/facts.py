"""What the authority engine is asked, as plain frozen values: no database, no clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum


class Supervision(IntEnum):
    """How present the supervisor is; a greater value is a closer presence.

    Medicare's "direct supervision", which real-time video may satisfy, is another fact: `Question.medicare_direct`.
    """

    NOT_STATED = 0
    GENERAL = 1
    """Can be reached."""
    TELEHEALTH_AV = 2
    """On live audio and video."""
    ON_SITE = 3
    """In the same suite."""
    DIRECT_VISUAL = 4
    """Sees the act."""

    @property
    def code(self) -> str:
        """The word used in tables and on the command line, e.g. `on_site`."""
        return self.name.lower()


class Order(StrEnum):
    """What kind of instruction stands behind the act."""

    NOT_STATED = "not_stated"
    SIGNED = "signed"
    """An order for this patient, signed."""
    STANDING = "standing"
    """A standing order for a class of patients."""
    NONE = "none"


class Competence(StrEnum):
    """Where the sign-off for this act stands."""

    NOT_STATED = "not_stated"
    SIGNED = "signed"
    NONE = "none"


class Unstated(StrEnum):
    """What an unknown competency or training means (an unknown order or supervision is always a condition)."""

    VERIFY = "verify"
    """It becomes a condition to verify (the command line, the explorer)."""
    REFUSE = "refuse"
    """It refuses (the product: what nobody signed off is not signed off)."""


@dataclass(frozen=True, slots=True)
class Credential:
    """One credential or license held: a code of `tables/credentials.toml` and the last day it is good for."""

    code: str
    expires: date | None = None
    is_verified: bool = True

    def is_current(self, on: date) -> bool:
        """Whether it is good on a day; it lapses at the midnight after `expires`."""
        return self.expires is None or self.expires >= on


@dataclass(frozen=True, slots=True)
class Competency:
    """The sign-off for the act asked about; `restriction` is what the assessor excluded, in words."""

    state: Competence = Competence.NOT_STATED
    expires: date | None = None
    restriction: str = ""


@dataclass(frozen=True, slots=True)
class StandingOrder:
    """What is known of the standing order behind the act; None means nobody said."""

    is_signed: bool | None = None
    dated: date | None = None
    reviewed: date | None = None
    expires: date | None = None
    names_assistants: bool | None = None


class PolicyEffect(StrEnum):
    """What a clinic policy does to the tables."""

    FORBID = "forbid"
    NARROW = "narrow"
    """Adds requirements."""
    LOOSEN = "loosen"
    """Opens what the default refuses; needs a medical director's signature and a statute."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One clinic policy for one act, in force from `effective` until the day before `until`."""

    act: str
    effect: PolicyEffect
    effective: date
    until: date | None = None
    state: str = ""
    """Empty for every state of the practice."""
    reason: str = ""
    statute: str = ""
    signed_by: str = ""
    signed_on: date | None = None
    is_by_medical_director: bool = False
    least_supervision: Supervision = Supervision.NOT_STATED
    credentials: tuple[str, ...] = ()
    least_patient_age: int | None = None

    def speaks(self, act: str, state: str, on: date) -> bool:
        """Whether it is in force for an act in a state on a day."""
        return (
            self.act == act
            and (not self.state or self.state == state)
            and self.effective <= on
            and (self.until is None or on < self.until)
        )

    @property
    def may_loosen(self) -> bool:
        """Whether it is signed by the medical director, dated, and names its statute."""
        return bool(self.is_by_medical_director and self.signed_by and self.signed_on and self.statute.strip())


@dataclass(frozen=True, slots=True)
class Patient:
    """What is known of the patient; None and the empty string mean "not stated"."""

    state: str = ""
    age: int | None = None
    is_stable: bool | None = None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody else on site, to be asked for when the answer is no."""

    name: str
    credentials: tuple[Credential, ...] = ()
    competency: Competency = field(default_factory=Competency)
    training: tuple[tuple[str, Decimal], ...] = ()


NO_COMPETENCY_STATED = Competency()
NO_STANDING_ORDER_FACTS = StandingOrder()


@dataclass(frozen=True, slots=True)
class Question:
    """May this person do this act here, on this day, on this order, with this supervision?

    `state` is where the assistant is, `patient_state` where the patient is if elsewhere; the stricter answer holds.
    `training` pairs topics of `tables/rules.toml` (`vaccine_class_hours` …) with hours or counts.
    `substances` are codes of `tables/acts.toml` (`controlled`, `allergen` …). None always means "not stated".
    """

    state: str
    act: str
    on: date
    credentials: tuple[Credential, ...] = ()
    competency: Competency = NO_COMPETENCY_STATED
    training: tuple[tuple[str, Decimal], ...] = ()
    delegator: str = ""
    supervision: Supervision = Supervision.NOT_STATED
    medicare_direct: bool | None = None
    order: Order = Order.NOT_STATED
    standing_order: StandingOrder = NO_STANDING_ORDER_FACTS
    patient_state: str = ""
    patient_age: int | None = None
    is_patient_stable: bool | None = None
    substances: tuple[str, ...] = ()
    setting: str = ""
    performer_age: int | None = None
    unstated: Unstated = Unstated.VERIFY
    policies: tuple[Policy, ...] = ()
    colleagues: tuple[Colleague, ...] = ()
