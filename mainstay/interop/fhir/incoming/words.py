"""What every from-function shares: code systems by address, what a resource points to, giving up politely."""

from __future__ import annotations

from collections.abc import Callable

from mainstay.interop.fhir.parts import Resource, parts, text, texts

ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
CVX = "http://hl7.org/fhir/sid/cvx"
LOINC = "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
UCUM = "http://unitsofmeasure.org"
SSN = "http://hl7.org/fhir/sid/us-ssn"

Resolve = Callable[[str], Resource]
"""The resource a literal reference points to, or an empty one."""


class NotModelled(Exception):
    """The resource is sound, but has no place in our tables; the message says why. It is kept whole."""


def nothing_else(_: str) -> Resource:
    """Resolve nothing: for a resource that stands alone."""
    return {}


def resolving(body: Resource, resolve: Resolve) -> Resolve:
    """Look among the resource's own contained resources first."""

    def look(reference: str) -> Resource:
        if reference.startswith("#"):
            return next((one for one in parts(body, "contained") if text(one, "id") == reference[1:]), {})
        return resolve(reference)

    return look


def name_of(reference: Resource, resolve: Resolve) -> str:
    """Who or what a reference names: its display, else the name of what it points to."""
    if said := text(reference, "display"):
        return said
    found = resolve(text(reference, "reference"))
    if isinstance(found.get("name"), str):
        return text(found, "name")
    return next((human_name(one) for one in parts(found, "name")), "")


def human_name(name: Resource) -> str:
    """A HumanName in reading order."""
    written = [*texts(name, "prefix"), *texts(name, "given"), text(name, "family"), *texts(name, "suffix")]
    return " ".join(one for one in written if one) or text(name, "text")
