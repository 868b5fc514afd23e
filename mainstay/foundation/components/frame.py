"""What stands around every page: rail, top bar, patient banner, footer. Plain values, filled in above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One place in the rail. `key` also picks its default icon; `count` shows only when something waits."""

    key: str
    label: str
    url: str
    icon: str = ""
    count: int = 0
    current: bool = False
    foot: bool = False


PLACE_ICONS = {
    "board": "square-kanban",
    "schedule": "calendar-days",
    "patients": "users",
    "work": "list-checks",
    "messages": "messages-square",
    "orders": "flask-conical",
    "money": "circle-dollar-sign",
    "stock": "package",
    "insights": "chart-column",
    "admin": "settings",
}


@dataclass(frozen=True, slots=True)
class SiteChoice:
    """One site in the switcher."""

    id: int
    name: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in, as the top bar shows them: `credential` is the badge ("CMA (AAMA)")."""

    name: str
    credential: str = ""
    warning: str = ""
    """A sentence when the credential is expired or about to be."""


@dataclass(frozen=True, slots=True)
class Undo:
    """A move that can still be taken back: what was done, where to post, until when."""

    done: str
    url: str
    until: datetime


@dataclass(frozen=True, slots=True)
class ParkedDraft:
    """Something put aside: what it was, and where to go on."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class TypedBefore:
    """What was typed in a form of this page and not saved, by field; the page fills it in again."""

    key: str
    typed: Mapping[str, Sequence[str]]
    at: datetime


@dataclass(frozen=True, slots=True)
class ToldOfLate:
    """Something late this person was told of: drawn on top of every page until they say that they have seen it."""

    text: str
    whose: str
    due: datetime
    url: str
    seen_url: str
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """The context variable `frame` of `base.html`. Everything may be left out; what is missing is not drawn.

    After `idle_seconds` without a key or a touch in any tab the page goes to `lock_url`, with a minute's warning.

    Links in the top bar come from URL names and are drawn only when they exist: `search`, `switch-site`,
    `what-may-i-do`, `report-safety-event`, `switch-person`, `sign-out`, `draft-save`.
    """

    person: Person | None = None
    sites: tuple[SiteChoice, ...] = ()
    environment: str = ""
    last_backup: datetime | None = None
    backup_is_late: bool = False
    undo: Undo | None = None
    parked: tuple[ParkedDraft, ...] = ()
    typed_here: tuple[TypedBefore, ...] = ()
    typing_token: str = ""
    told: tuple[ToldOfLate, ...] = ()
    person_links: tuple[NavigationItem, ...] = ()
    idle_seconds: int = 0
    lock_url: str = ""

    @property
    def typed_before(self) -> list[dict[str, object]]:
        """What the page fills in again, as it is written into the page."""
        return [asdict(form) for form in self.typed_here]


@dataclass(frozen=True, slots=True)
class Allergies:
    """What we know of allergies. `state`: known, none, not_asked. Never a default "none"."""

    state: str
    known: tuple[str, ...] = ()
    confirmed_on: date | None = None
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert on the banner: meaning (stop, confirm, told, fine) and text."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class PatientBanner:
    """Who this chart is about. `hue` 0 to 11 is the patient's color (`people.queries.colors`)."""

    name: str
    url: str
    hue: int
    birth_date: date
    mrn: str
    allergies: Allergies
    legal_name: str = ""
    pronouns: str = ""
    photo_url: str = ""
    sex: str = ""
    needs: tuple[str, ...] = ()
    alerts: tuple[Alert, ...] = ()
    coverage: str = ""
    coverage_kind: str = "plain"
    balance: str = ""
    deceased_on: date | None = None
    phone: str = ""
    links: tuple[NavigationItem, ...] = field(default=())
