"""What people look up about codes."""

from mainstay.terminology.codes import CodeSystem, icd10cm_from_typing, loinc_is_valid
from mainstay.terminology.queries.concepts import code_tables, concept, concepts_by_code, display_of, everyday_names
from mainstay.terminology.queries.problems import ConceptHit, Match, search_problems

__all__ = [
    "CodeSystem",
    "ConceptHit",
    "Match",
    "code_tables",
    "concept",
    "concepts_by_code",
    "display_of",
    "everyday_names",
    "icd10cm_from_typing",
    "loinc_is_valid",
    "search_problems",
]
