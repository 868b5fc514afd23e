"""Concepts by their code, and the tables loaded."""

from __future__ import annotations

from collections.abc import Iterable

from mainstay.terminology.codes import CodeSystem
from mainstay.terminology.errors import CodeUnknown
from mainstay.terminology.models import CodeTable, Concept, Synonym


def concept(system: CodeSystem, code: str) -> Concept:
    """The concept of that exact code, current or not; raises `CodeUnknown`."""
    found = Concept.objects.defer("search").filter(system=system, code=code).first()
    if found is None:
        raise CodeUnknown(f"There is no {system.upper()} code {code!r} in the tables loaded here.")
    return found


def concepts_by_code(system: CodeSystem, codes: Iterable[str]) -> dict[str, Concept]:
    """The concepts of many codes at once; unknown codes are absent."""
    found = Concept.objects.defer("search").filter(system=system, code__in=set(codes))
    return {one.code: one for one in found}


def display_of(system: CodeSystem, code: str) -> str:
    """The official wording of a code, or the empty string if it is unknown here."""
    return Concept.objects.filter(system=system, code=code).values_list("display", flat=True).first() or ""


def everyday_names(code: str, *, language: str = "en") -> list[str]:
    """What people call an ICD-10-CM diagnosis in one language, the closest names first."""
    named = Synonym.objects.filter(concept__system=CodeSystem.ICD10CM, concept__code=code, language=language)
    return list(named.order_by("place", "id").values_list("term", flat=True))


def code_tables() -> list[CodeTable]:
    """The tables loaded, with edition and day, by system."""
    return list(CodeTable.objects.order_by("system"))
