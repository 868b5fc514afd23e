"""What people look up about codes."""

from mainstay.terminology.queries.concepts import code_tables, concept, concepts_by_code, display_of, everyday_names
from mainstay.terminology.queries.problems import ConceptHit, Match, search_problems

__all__ = [
    "ConceptHit",
    "Match",
    "code_tables",
    "concept",
    "concepts_by_code",
    "display_of",
    "everyday_names",
    "search_problems",
]
