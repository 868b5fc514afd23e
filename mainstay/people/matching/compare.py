"""Field by field: at which level two records agree. `None` where one side says nothing."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import OSA

from mainstay.people.matching.names import CLOSE, EXACT, SIMILAR, are_nicknames, is_known_given, likeness
from mainstay.people.matching.persons import Features

_NAME_LEVELS = {EXACT: "exact", CLOSE: "close", SIMILAR: "similar"}


def given_level(a: Features, b: Features) -> str | None:
    """exact, nickname, close, part (one of several names, or middle used as first), initial, similar or different."""
    if not a.given or not b.given:
        return None
    best = _given_words(a.given_whole, b.given_whole)
    if best in ("exact", "nickname", "close"):
        return best
    for one in (a.given_whole, *a.aliases):
        for other in (b.given_whole, *b.aliases):
            if _given_words(one, other) in ("exact", "nickname"):
                return "nickname"
    if len(a.given) > 1 or len(b.given) > 1:
        if _given_words(a.given[0], b.given[0]) in ("exact", "nickname"):
            return "part"
        if any(len(w) > 2 for w in set(a.given) & set(b.given)):
            return "part"
    if _middle_is_given(a, b) or _middle_is_given(b, a):
        return "part"
    return best


def _middle_is_given(a: Features, b: Features) -> bool:
    return bool(a.middle) and len(a.middle[0]) > 1 and _given_words(a.middle[0], b.given[0]) in ("exact", "nickname")


@lru_cache(maxsize=500_000)
def _given_words(one: str, other: str) -> str:
    if one == other:
        return "exact"
    if len(one) == 1 or len(other) == 1:
        return "initial" if one[0] == other[0] else "different"
    if are_nicknames(one, other):
        return "nickname"
    alike = _NAME_LEVELS.get(likeness(one, other), "different")
    if alike == "close" and is_known_given(one) and is_known_given(other):
        return "similar"
    if (
        alike in ("different", "similar")
        and min(len(one), len(other)) >= 3
        and (one.startswith(other) or other.startswith(one))
    ):
        return "nickname" if min(len(one), len(other)) >= 4 else "close"
    return alike


def family_level(a: Features, b: Features) -> str | None:
    """exact, former, close, part (one side of a double name), similar or different."""
    if not a.family or not b.family:
        return None
    whole = likeness(a.family_whole, b.family_whole)
    if whole is EXACT:
        return "exact"
    if a.former or b.former:
        for one in (a.family_whole, *a.former):
            for other in (b.family_whole, *b.former):
                if likeness(one, other) >= CLOSE:
                    return "former"
    if whole is CLOSE:
        return "close"
    if (len(a.family) > 1 or len(b.family) > 1) and any(
        likeness(x, y) >= CLOSE for x in a.family_parts for y in b.family_parts if len(x) > 2 and len(y) > 2
    ):
        return "part"
    shorter, longer = sorted((a.family_whole, b.family_whole), key=len)
    if len(shorter) >= 4 and longer.startswith(shorter) and len(longer) - len(shorter) >= 4:
        return "part"
    return "similar" if whole is SIMILAR else "different"


def names_swapped(a: Features, b: Features) -> str | None:
    """Whether given and family name changed places: swapped, swapped_close (slips, nicknames, double names) or None."""
    if not (a.given and b.given and a.family and b.family) or a.given_whole == a.family_whole:
        return None
    if a.given_whole == b.family_whole and a.family_whole == b.given_whole:
        return "swapped"
    return "swapped_close" if _is_among(a.given, b.family) and _is_among(b.given, a.family) else None


def _is_among(given: tuple[str, ...], family: tuple[str, ...]) -> bool:
    """Whether a given name (or one of two) stands among family names, spelled alike or as a nickname."""
    if not {word[0] for word in given} & {word[0] for word in family}:
        return False
    ones, others = (*given, "".join(given)), (*family, "".join(family))
    return any(
        len(x) > 2 and len(y) > 2 and (x == y or likeness(x, y) >= CLOSE or are_nicknames(x, y))
        for x in ones
        for y in others
    )


def is_hopeless(a: Features, b: Features) -> bool:
    """Whether neither name, number nor birth date can carry a pair: not worth judging in full."""
    if birth_level(a.birth, b.birth) in ("exact", "swapped", "slip", None):
        return False
    if given_level(a, b) != "different" or a.mrns & b.mrns or ssn_level(a, b) in ("same", "slip", "last4"):
        return False
    return names_swapped(a, b) is None


def middle_level(a: Features, b: Features) -> str | None:
    """same, initial or different."""
    if not a.middle or not b.middle:
        return None
    one, other = "".join(a.middle), "".join(b.middle)
    if len(one) == 1 or len(other) == 1:
        return "initial" if one[0] == other[0] else "different"
    return "same" if one == other or likeness(one, other) >= CLOSE or are_nicknames(one, other) else "different"


def suffix_level(a: Features, b: Features) -> str | None:
    """same or different; a suffix on one side only says nothing."""
    if not a.suffix or not b.suffix:
        return None
    return "same" if a.suffix == b.suffix else "different"


@lru_cache(maxsize=500_000)
def birth_level(one: str, other: str) -> str | None:
    """exact, swapped (day and month), slip (one digit or two neighbors), two_parts, year or different."""
    if not one or not other:
        return None
    if one == other:
        return "exact"
    if len(one) != 8 or len(other) != 8:
        return "slip" if OSA.distance(one, other) == 1 else "different"
    years, months, days = one[:4] == other[:4], one[4:6] == other[4:6], one[6:] == other[6:]
    if years and one[4:6] == other[6:] and one[6:] == other[4:6]:
        return "swapped"
    if OSA.distance(one, other) == 1 or (months and days and one[2:4] == other[2:4]):
        return "slip"
    if years and one[4:] == other[5:7] + other[4] + other[7]:
        return "slip"
    if years + months + days == 2:
        return "two_parts"
    return "year" if years else "different"


def ssn_level(a: Features, b: Features) -> str | None:
    """same, slip, last4 (where one side is only that) or different."""
    if not a.ssn_last4 or not b.ssn_last4:
        return None
    if a.ssn and b.ssn:
        if a.ssn == b.ssn:
            return "same"
        return "slip" if OSA.distance(a.ssn, b.ssn) == 1 else "different"
    return "last4" if a.ssn_last4 == b.ssn_last4 else "different"


def phone_level(a: Features, b: Features) -> str | None:
    """same (any of several; seven digits suffice where one side has no area code), slip or different."""
    if not a.phones or not b.phones:
        return None
    if a.phones & b.phones:
        return "same"
    for one in a.phones:
        for other in b.phones:
            if len(one) != len(other) and one[-7:] == other[-7:]:
                return "same"
            if OSA.distance(one, other, score_cutoff=1) == 1:
                return "slip"
    return "different"


def address_level(a: Features, b: Features) -> str | None:
    """same, street (house and street, elsewhere unknown or different), area (postcode), town or different."""
    if a.street and b.street:
        alike = likeness(a.street, b.street) >= CLOSE
        house = a.house == b.house or not a.house or not b.house
        area = a.postcode == b.postcode if a.postcode and b.postcode else a.city == b.city
        if not area and a.postcode and b.postcode:
            area = OSA.distance(a.postcode, b.postcode) == 1 or (bool(a.city) and a.city == b.city)
        if alike and house:
            return "same" if area else "street"
        if area and alike and a.house and b.house and OSA.distance(a.house, b.house) == 1:
            return "street"
        if area and house and a.house and likeness(a.street, b.street) >= SIMILAR:
            return "street"
    if a.postcode and b.postcode:
        return "area" if a.postcode == b.postcode else "different"
    if a.city and b.city:
        return "town" if a.city == b.city else "different"
    return None


def locality_level(a: Features, b: Features) -> str | None:
    """same, where the second address line is a name (of a place, not an apartment) and agrees."""
    if not a.street2.isalpha() or not b.street2.isalpha() or len(a.street2) < 4:
        return None
    return "same" if likeness(a.street2, b.street2) >= CLOSE else None


def word_level(one: str, other: str) -> str | None:
    """same, close or different, for a single folded word."""
    if not one or not other:
        return None
    alike = likeness(one, other)
    return "same" if alike is EXACT else "close" if alike is CLOSE else "different"


def mother_given_level(one: str, other: str) -> str | None:
    """same or different, nicknames counting as the same."""
    if not one or not other:
        return None
    return "same" if likeness(one, other) >= CLOSE or are_nicknames(one, other) else "different"


def guardian_level(one: tuple[str, ...], other: tuple[str, ...]) -> str | None:
    """same where a given name is shared, else different (a child has more than one guardian)."""
    if not one or not other:
        return None
    return "same" if one[0] == other[0] or are_nicknames(one[0], other[0]) else "different"


def birth_order_level(a: Features, b: Features) -> str | None:
    """same or different, between children of multiple births."""
    if a.birth_order is None or b.birth_order is None:
        return None
    if a.birth_order == b.birth_order:
        return "same" if a.multiple_birth or a.birth_order > 1 else None
    return "different"
