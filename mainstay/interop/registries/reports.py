"""What a registry is told: a person and one dose, in the registry's codes. Plain values; nothing here knows a database.

Codes: CVX and MVX (CDC), HL7 tables 0001, 0063, 0162, 0163, NIP001 and NIP002, CDC's PHIN value sets for eligibility
and funding (HL7 2.5.1 implementation guide for immunization messaging, release 1.5, appendix A).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Action(StrEnum):
    """RXA-21: a new dose, a change to one that was sent, one that never happened."""

    ADD = "A"
    UPDATE = "U"
    DELETE = "D"


class Completion(StrEnum):
    """RXA-20."""

    COMPLETE = "CP"
    REFUSED = "RE"
    NOT_GIVEN = "NA"
    PARTIAL = "PA"


NEW = "00"
"""RXA-9 of a dose given here; 01 to 08 are historical, by where they were told."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A code with its words and its system."""

    code: str
    words: str
    system: str

    @property
    def parts(self) -> tuple[str, str, str]:
        """As the first three components of a CE."""
        return self.code, self.words, self.system


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number somebody has with somebody: MR ours, SR the registry's, MA Medicaid."""

    value: str
    authority: str
    kind: str = "MR"


@dataclass(frozen=True, slots=True)
class Place:
    """A postal address."""

    street: str = ""
    street2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """As an XAD; nothing at all where nothing is known."""
        known = (self.street, self.street2, self.city, self.state, self.postal_code)
        return (*known, "USA", "H") if any(known) else ()


@dataclass(frozen=True, slots=True)
class Kin:
    """Somebody responsible for a minor. `relationship` is of HL7 table 0063."""

    family: str
    given: str
    relationship: Coded
    phone: str = ""
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class PersonReport:
    """A patient. `sex` is F, M or U; `phones` are ten digits; race and ethnicity are CDC's codes."""

    identifiers: tuple[Identifier, ...]
    family: str
    given: str
    birth_date: date
    middle: str = ""
    suffix: str = ""
    sex: str = "U"
    mother_maiden: str = ""
    races: tuple[Coded, ...] = ()
    ethnicity: Coded | None = None
    place: Place = Place()
    phones: tuple[str, ...] = ()
    email: str = ""
    birth_order: int | None = None
    died_on: date | None = None
    kin: tuple[Kin, ...] = ()
    publicity: str = "02"
    protection: str = "N"
    protection_since: date | None = None


@dataclass(frozen=True, slots=True)
class Clinician:
    """A person on our side: who gave, ordered or entered."""

    number: str
    family: str
    given: str
    npi: str = ""
    credential: str = ""


@dataclass(frozen=True, slots=True)
class Leaflet:
    """A vaccine information statement: for which vaccine (CVX), its edition, the day it was handed over.

    `document` is the number printed on it, which says vaccine and edition at once.
    """

    vaccine: Coded
    edition: date | None
    given_on: date | None
    document: Coded | None = None


@dataclass(frozen=True, slots=True)
class Observed:
    """What is known of a person that decides about vaccines: a contraindication, or evidence of immunity."""

    question: Coded
    answer: Coded


@dataclass(frozen=True, slots=True)
class DoseReport:
    """One dose given, refused or told, as the registry is to know it.

    `number` stays the same for every message about this dose. `amount` None means unknown (999). Where nothing was
    given `observed` is what there is to tell: CVX 998, or the vaccine it speaks against.
    """

    number: str
    action: Action
    vaccine: Coded
    given: date | datetime
    completion: Completion = Completion.COMPLETE
    source: str = NEW
    ndc: str = ""
    amount: Decimal | None = None
    unit: str = "mL"
    lot: str = ""
    expires_on: date | None = None
    maker: Coded | None = None
    route: Coded | None = None
    site: Coded | None = None
    eligibility: Coded | None = None
    funding: Coded | None = None
    leaflets: tuple[Leaflet, ...] = ()
    refusal: Coded | None = None
    given_by: Clinician | None = None
    ordered_by: Clinician | None = None
    entered_by: Clinician | None = None
    entered_at: datetime | None = None
    facility: str = ""
    reactions: tuple[Coded, ...] = ()
    observed: tuple[Observed, ...] = ()

    @property
    def was_given(self) -> bool:
        """Whether anything of it went into the patient."""
        return self.completion in (Completion.COMPLETE, Completion.PARTIAL)

    @property
    def is_new(self) -> bool:
        """Whether it was given here, so that lot, site, eligibility and the rest are ours to tell."""
        return self.was_given and self.source == NEW


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes to whom: applications and facilities as the registry assigned them, T for test or P for production."""

    sender: str
    facility: str
    registry: str
    registry_facility: str
    authority: str
    processing: str = "P"
    organization: str = ""
