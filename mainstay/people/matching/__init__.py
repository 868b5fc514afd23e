"""Patient matching by Fellegi and Sunter's method: how likely two records are one person, and why.

A pure library: no Django, no clock, no database.

- `Person`, `prepare`: what a record says, and the same made comparable.
- `score_pair`, `Matcher`: one pair judged; `MatchScore`, `Band`, `Reason`.
- `likely_pairs`, `likely_links`: a whole file against itself, two files against each other.
- `search_key`, `parse_query`: the patient search's side of the same normalization.
"""

from mainstay.people.matching.blocking import likely_links, likely_pairs
from mainstay.people.matching.judge import Band, Matcher, MatchScore, Reason, score_pair
from mainstay.people.matching.names import fold, nicknames_of
from mainstay.people.matching.persons import Features, Person, prepare
from mainstay.people.matching.search import (
    SearchQuery,
    fold_mrn,
    fuzzy_keys,
    name_fit,
    parse_query,
    prefix_key,
    search_key,
    spellings,
    word_keys,
)

__all__ = [
    "Band",
    "Features",
    "MatchScore",
    "Matcher",
    "Person",
    "Reason",
    "SearchQuery",
    "fold",
    "fold_mrn",
    "fuzzy_keys",
    "name_fit",
    "parse_query",
    "prefix_key",
    "search_key",
    "spellings",
    "word_keys",
    "likely_links",
    "likely_pairs",
    "nicknames_of",
    "prepare",
    "score_pair",
]
