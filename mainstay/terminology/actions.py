"""Loading code tables. Everything else about codes only reads."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from mainstay.foundation.actor import Actor
from mainstay.foundation.patience import unhurried
from mainstay.terminology.codes import CodeSystem
from mainstay.terminology.editions import (
    Edition,
    SynonymRow,
    shipped_edition,
    shipped_fingerprint,
    shipped_synonyms,
    synonyms_fingerprint,
)
from mainstay.terminology.models import CodeTable
from mainstay.terminology.permissions import LOAD_CODES
from mainstay.terminology.wording import SAME_WORDS, everyday, formal_words, plain, singular, telling_words

SYNONYMS = "synonyms"
"""The name under which our table of everyday names is kept among the code tables."""

_ONE_LOADER = 7_203_114
"""The advisory lock that lets only one process load tables at a time."""

_ONE_DAY = timedelta(days=1)
_EVERYDAY_WEIGHT = 20
_LONGEST_WORD = 60

_NEW_ROWS = """
CREATE TEMPORARY TABLE incoming_concept (code text, display text, terms text, status text, is_billable boolean,
    valid_from date, standing smallint) ON COMMIT DROP
"""
_TAKE_ROWS = """
INSERT INTO terminology_concept AS kept
    (system, code, display, terms, status, is_billable, valid_from, standing, search)
SELECT %(system)s, code, display, terms, status, is_billable, coalesce(valid_from, %(begun)s::date), standing,
    strip(to_tsvector('english', display || ' ' || terms))
FROM incoming_concept
ON CONFLICT (system, code) DO UPDATE SET display = excluded.display, terms = excluded.terms,
    status = excluded.status, is_billable = excluded.is_billable, standing = excluded.standing,
    search = excluded.search, valid_to = NULL
WHERE (kept.display, kept.terms, kept.status, kept.is_billable, kept.standing, kept.valid_to)
    IS DISTINCT FROM
    (excluded.display, excluded.terms, excluded.status, excluded.is_billable, excluded.standing, NULL::date)
"""
_END_ROWS = """
UPDATE terminology_concept AS kept SET valid_to = greatest(%(ends)s::date, kept.valid_from)
WHERE kept.system = %(system)s AND kept.valid_to IS NULL
    AND NOT EXISTS (SELECT FROM incoming_concept WHERE incoming_concept.code = kept.code)
"""
_NEW_SYNONYMS = """
CREATE TEMPORARY TABLE incoming_synonym (term text, language text, words text[], code text, place smallint)
    ON COMMIT DROP
"""
_TAKE_SYNONYMS = """
INSERT INTO terminology_synonym (term, language, words, concept_id, place)
SELECT term, language, words, concept.id, place FROM incoming_synonym
JOIN terminology_concept AS concept USING (code) WHERE concept.system = 'icd10cm'
"""
_SETTLE_INDEXES = """
SELECT gin_clean_pending_list(name::regclass)
FROM unnest(ARRAY['concept_search_likely', 'concept_search_unlikely', 'synonym_words']) AS name
"""
"""Rows that were only queued for an index are read at every search until they are sorted in."""


@dataclass(frozen=True, slots=True)
class LoadedTable:
    """What loading one table did: its edition, its rows, and whether anything had to be loaded."""

    system: str
    edition: str
    row_count: int
    is_new: bool


@transaction.atomic
def load_code_tables(*, actor: Actor) -> tuple[LoadedTable, ...]:
    """Bring every shipped code table into the database; tables already there in this edition are skipped."""
    actor.may(LOAD_CODES).or_raise()
    _begin_loading()
    present = {table.system: table for table in CodeTable.objects.all()}
    loaded = []
    for system in CodeSystem:
        table = present.get(system)
        if table is not None and table.content_sha256 == shipped_fingerprint(system):
            loaded.append(LoadedTable(system.value, table.edition, table.row_count, is_new=False))
            continue
        edition = shipped_edition(system)
        if table is not None and table.edition > edition.edition:
            loaded.append(LoadedTable(system.value, table.edition, table.row_count, is_new=False))
            continue
        loaded.append(_take_edition(edition, actor))
    loaded.append(_load_synonyms(present.get(SYNONYMS), actor, is_due=any(t.is_new for t in loaded)))
    return tuple(loaded)


@transaction.atomic
def load_edition(*, actor: Actor, edition: Edition) -> LoadedTable:
    """Bring in another edition of one code system, such as the codes CMS publishes every October.

    Codes that the edition no longer has stay, with their last day; new ones begin on its first day.
    """
    actor.may(LOAD_CODES).or_raise()
    _begin_loading()
    present = {table.system: table for table in CodeTable.objects.all()}
    table = present.get(edition.system)
    if table is not None and table.content_sha256 == edition.sha256:
        return LoadedTable(edition.system.value, table.edition, table.row_count, is_new=False)
    loaded = _take_edition(edition, actor)
    if edition.system is CodeSystem.ICD10CM:
        _load_synonyms(present.get(SYNONYMS), actor, is_due=True)
    return loaded


def _begin_loading() -> None:
    """Wait until nobody else loads; what follows in this transaction may take its time."""
    with unhurried(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_LOADER])


def _take_edition(edition: Edition, actor: Actor) -> LoadedTable:
    first = not CodeTable.objects.filter(system=edition.system).exists()
    parameters = {
        "system": edition.system.value,
        "begun": None if first else edition.effective,
        "ends": edition.effective - _ONE_DAY,
    }
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS incoming_concept")
        cursor.execute(_NEW_ROWS)
        with cursor.copy("COPY incoming_concept FROM STDIN") as copy:
            for row in edition.rows:
                copy.write_row(
                    (row.code, row.display, row.terms, row.status, row.is_billable, row.valid_from, row.standing)
                )
        cursor.execute(_TAKE_ROWS, parameters)
        cursor.execute(_END_ROWS, parameters)
    _remember(edition.system.value, edition.edition, edition.sha256, len(edition.rows), actor)
    return LoadedTable(edition.system.value, edition.edition, len(edition.rows), is_new=True)


def _load_synonyms(table: CodeTable | None, actor: Actor, *, is_due: bool) -> LoadedTable:
    fingerprint = synonyms_fingerprint()
    if table is not None and table.content_sha256 == fingerprint and not is_due:
        return LoadedTable(SYNONYMS, table.edition, table.row_count, is_new=False)
    rows = shipped_synonyms()
    with connection.cursor() as cursor:
        cursor.execute(_NEW_SYNONYMS)
        with cursor.copy("COPY incoming_synonym FROM STDIN") as copy:
            for row in rows:
                words = sorted({everyday(word) for word in telling_words(row.term)})
                copy.write_row((row.term, row.language, words, row.code, row.place))
        cursor.execute("DELETE FROM terminology_synonym")
        cursor.execute(_TAKE_SYNONYMS)
        _load_words(cursor, rows)
        cursor.execute(_SETTLE_INDEXES)
        cursor.execute("ANALYZE terminology_concept, terminology_synonym, terminology_word")
    _remember(SYNONYMS, fingerprint[:12], fingerprint, len(rows), actor)
    return LoadedTable(SYNONYMS, fingerprint[:12], len(rows), is_new=True)


def _load_words(cursor: CursorWrapper, synonyms: tuple[SynonymRow, ...]) -> None:
    """Make the list of words that typing errors are put right against; everyday words weigh more than official ones."""
    uses: Counter[str] = Counter()
    cursor.execute("SELECT display, terms FROM terminology_concept WHERE system = 'icd10cm' AND standing < 60")
    for display, terms in cursor.fetchall():
        uses.update({singular(word) for word in plain(f"{display} {terms}").split()})
    for row in synonyms:
        uses.update(dict.fromkeys(telling_words(row.term), _EVERYDAY_WEIGHT))
    uses.update(dict.fromkeys([*formal_words(), *SAME_WORDS], _EVERYDAY_WEIGHT))
    cursor.execute("DELETE FROM terminology_word")
    with cursor.copy("COPY terminology_word (word, uses) FROM STDIN") as copy:
        for word, count in uses.items():
            if word.isalpha() and 2 <= len(word) <= _LONGEST_WORD:
                copy.write_row((word, count))


def _remember(system: str, edition: str, sha256: str, row_count: int, actor: Actor) -> None:
    CodeTable.objects.update_or_create(
        system=system,
        defaults={"edition": edition, "content_sha256": sha256, "row_count": row_count, "loaded_at": actor.now},
    )
