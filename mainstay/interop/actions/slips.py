"""One slip for each resource on its way: where it stood, what it is, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mainstay.interop.fhir import exact, shape
from mainstay.interop.fhir.parts import Resource, text
from mainstay.interop.fhir.reading import Sent, Sheet
from mainstay.interop.models import Disposition, ExternalResource
from mainstay.people.models import Patient


@dataclass(slots=True)
class Slip:
    """One resource of a sheet. `is_waiting` marks one whose patient may still come in a later file."""

    sent: Sent
    kind: str
    foreign_id: str = ""
    sha256: str = ""
    disposition: Disposition | None = None
    reason: str = ""
    patient: Patient | None = None
    mapped_table: str = ""
    mapped_id: int | None = None
    known: ExternalResource | None = None
    is_unchanged: bool = False
    is_storable: bool = True
    is_waiting: bool = False

    @property
    def body(self) -> Any:
        """The resource itself."""
        return self.sent.body

    @property
    def is_open(self) -> bool:
        """Whether nothing has been decided about it yet."""
        return self.disposition is None

    @property
    def label(self) -> str:
        """What a person needs to find it: where it stood, type and id."""
        name = f"{self.kind}/{text(self.body, 'id')}".rstrip("/")
        return f"{self.sent.place}: {name}" if self.sent.place else name

    def refuse(self, reason: str) -> None:
        """It cannot be taken in, for this reason."""
        self.disposition, self.reason = Disposition.REFUSED, reason

    def keep(self, reason: str) -> None:
        """It stays as it is, for this reason."""
        self.disposition, self.reason = Disposition.KEPT, reason

    def map_to(self, table: str, row_id: int) -> None:
        """A row of ours was made from it."""
        self.disposition, self.reason = Disposition.MAPPED, ""
        self.mapped_table, self.mapped_id = table, row_id


@dataclass(slots=True)
class Received:
    """What became of a sheet."""

    slips: list[Slip] = field(default_factory=list)

    def refusals(self) -> Iterator[tuple[str, str]]:
        """(resource, reason) of everything refused."""
        for slip in self.slips:
            if slip.disposition is Disposition.REFUSED:
                yield slip.label, slip.reason

    def waiting(self) -> list[Sent]:
        """What may be taken in once the files after this one are read."""
        return [slip.sent for slip in self.slips if slip.is_waiting]


def slips_of(sheet: Sheet) -> list[Slip]:
    """A slip for each resource, with its shape checked."""
    return [_slip(sent) for sent in sheet.resources]


def _slip(sent: Sent) -> Slip:
    slip = Slip(sent, shape.kind_of(sent.body))
    try:
        exact.fingerprint(sent.full_url)
        slip.sha256 = exact.fingerprint(sent.body)
    except (RecursionError, UnicodeEncodeError, ValueError):
        slip.is_storable = False
        slip.refuse("it holds characters or nesting that cannot be stored")
        return slip
    if reason := shape.problem_with(sent.body):
        slip.refuse(reason)
    identity = text(sent.body, "id")
    slip.foreign_id = (identity or sent.full_url.removeprefix("urn:uuid:") or slip.sha256)[:160]
    return slip


def addresses_of(slip: Slip) -> Iterator[str]:
    """Every way another resource of the same sheet may point to this one."""
    if slip.sent.full_url:
        yield slip.sent.full_url
    if identity := text(slip.body, "id"):
        yield f"{slip.kind}/{identity}"
        yield f"urn:uuid:{identity}"


def body_of(slip: Slip) -> Resource:
    """The resource, if it is an object."""
    return slip.body if isinstance(slip.body, dict) else {}
