"""Who points to whom: references inside a sheet, and to what came earlier from the same sender."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qs

from mainstay.interop.actions.slips import Slip, addresses_of, body_of
from mainstay.interop.fhir.parts import Resource, part, parts, references, text
from mainstay.interop.fhir.shape import kinds, patient_reference
from mainstay.interop.models import ExternalResource
from mainstay.people.models import Patient
from mainstay.people.queries import patient_by_identifier


class Addresses:
    """The address book of one sheet: what stands in it, and what its sender sent before."""

    def __init__(self, source: str, slips: Iterable[Slip]) -> None:
        self.source = source
        self._here: dict[str, Slip] = {}
        for slip in slips:
            for address in addresses_of(slip):
                self._here.setdefault(address, slip)
        self._earlier: dict[str, ExternalResource | None] = {}

    def slip(self, reference: str) -> Slip | None:
        """The resource of this sheet that a reference means."""
        return self._here.get(reference) or self._here.get(_relative(reference))

    def resolve(self, reference: str) -> Resource:
        """The resource a reference means, from this sheet or from earlier ones; empty if there is none."""
        if (slip := self.slip(reference)) is not None:
            return body_of(slip)
        earlier = self._sent_earlier(reference)
        return earlier.body if earlier is not None else {}

    def dangling(self, slip: Slip) -> str:
        """The first reference of a resource that can only mean something sent with it, and means nothing."""
        contained = {text(one, "id") for one in parts(slip.body, "contained")}
        for reference in references(slip.body):
            if reference.startswith("#"):
                if reference != "#" and reference[1:] not in contained:
                    return reference
            elif reference.startswith("urn:") and not (self.slip(reference) or self._sent_earlier(reference)):
                return reference
        return ""

    def patient_of(self, slip: Slip) -> tuple[Patient | None, str]:
        """The patient a resource is about, or None with the reason; "dangling" if its patient may still come."""
        reference = patient_reference(slip.body)
        if not reference:
            kind = kinds().get(slip.kind)
            identifier = part(slip.body, kind.patient, "identifier") if kind and kind.patient else {}
            found = patient_by_identifier(text(identifier, "system"), text(identifier, "value"))
            return found, "" if found else "it is not about a patient"
        if reference.startswith("#"):
            return None, "its patient is only described inside it"
        if reference.startswith(CONDITIONAL):
            found = _meant_by(reference)
            return found, "" if found else DANGLING
        if (here := self.slip(reference)) is not None:
            if here.kind != "Patient":
                return None, f"it is about a {here.kind}, not a patient"
            return here.patient, "" if here.patient else "its patient could not be registered"
        relative = _relative(reference)
        if not (relative.startswith("Patient/") or reference.startswith("urn:")):
            named = relative.partition("/")[0]
            about = f"a {named}" if named in kinds() else reference[:60]
            return None, f"it is about {about}, not a patient"
        earlier = self._sent_earlier(reference)
        if earlier is None:
            return None, DANGLING
        return earlier.patient, "" if earlier.patient else "its patient could not be registered"

    def _sent_earlier(self, reference: str) -> ExternalResource | None:
        if reference not in self._earlier:
            kind, _, identity = _relative(reference).rpartition("/")
            sent = ExternalResource.objects.filter(source=self.source, foreign_id=identity.removeprefix("urn:uuid:"))
            if kind:
                sent = sent.filter(kind=kind)
            else:
                sent = sent.filter(kind__in=list(kinds()))
            self._earlier[reference] = sent.select_related("patient").order_by("-version").first()
        return self._earlier[reference]


DANGLING = "dangling"
CONDITIONAL = "Patient?"
"""A reference that searches (FHIR R4, conditional references): the one patient its parameters find."""


def _meant_by(reference: str) -> Patient | None:
    """The patient a conditional reference names by an identifier; other searches name nobody here."""
    asked = parse_qs(reference.removeprefix(CONDITIONAL))
    system, bar, value = (asked.get("identifier") or [""])[0].rpartition("|")
    return patient_by_identifier(system, value) if bar and len(asked) == 1 and len(asked["identifier"]) == 1 else None


def _relative(reference: str) -> str:
    """`Type/id` of an absolute or versioned reference; other references stay as they are."""
    if reference.startswith(("urn:", "#")):
        return reference
    pieces = reference.partition("/_history/")[0].rstrip("/").split("/")
    return "/".join(pieces[-2:])
