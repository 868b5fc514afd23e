"""What people look up about people."""

from mainstay.foundation.phones import read_phone, spell_phone
from mainstay.people.queries.access import broken_glass_to_review, glass_opening, looks_at, looks_during
from mainstay.people.queries.banner import banner_for, banner_part
from mainstay.people.queries.beside import MOST, Found, found_beside, search_part
from mainstay.people.queries.calling import NumberToCall, numbers_to_call
from mainstay.people.queries.details import (
    address_of,
    changes_of,
    communication_of,
    first_phone,
    looks_like_two,
    may_act_for,
    merge_numbered,
    merges_of,
    needs_of,
    patient_by_identifier,
    patient_details,
    proxies_of,
    related_person,
    row_of,
    side_by_side,
    ways_to_reach,
)
from mainstay.people.queries.duplicates import LikelyDuplicate, likely_duplicates, likely_duplicates_of
from mainstay.people.queries.finding import FoundPatient, patients_found
from mainstay.people.queries.opening import may_open, open_chart, patient_named

__all__ = [
    "MOST",
    "Found",
    "FoundPatient",
    "LikelyDuplicate",
    "NumberToCall",
    "address_of",
    "banner_for",
    "banner_part",
    "broken_glass_to_review",
    "changes_of",
    "communication_of",
    "first_phone",
    "found_beside",
    "glass_opening",
    "likely_duplicates",
    "likely_duplicates_of",
    "looks_at",
    "looks_during",
    "looks_like_two",
    "may_act_for",
    "may_open",
    "merge_numbered",
    "merges_of",
    "needs_of",
    "numbers_to_call",
    "open_chart",
    "patient_by_identifier",
    "patient_details",
    "patient_named",
    "patients_found",
    "proxies_of",
    "read_phone",
    "related_person",
    "row_of",
    "search_part",
    "side_by_side",
    "spell_phone",
    "ways_to_reach",
]
