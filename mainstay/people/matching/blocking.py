"""Which pairs of a file are worth judging: several keys per person, pairs that share one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mainstay.people.matching.compare import is_hopeless
from mainstay.people.matching.judge import Band, Matcher, MatchScore
from mainstay.people.matching.names import sound
from mainstay.people.matching.persons import Features

BLOCK_LIMIT = 60
"""A key shared by more people than this is split by a second key: it says too little alone."""


@dataclass(frozen=True, slots=True)
class LikelyPair:
    """Two records that may be one person."""

    a: Features
    b: Features
    match: MatchScore


def likely_pairs(people: Sequence[Features], *, least: Band = Band.POSSIBLE) -> Iterator[LikelyPair]:
    """Every pair of one file that is at least `least`; names are weighed by how common they are in it."""
    matcher = Matcher(people)
    for first, second in _candidates(people, split_at=None):
        yield from _judged(matcher, people[first], people[second], least)


def likely_links(
    left: Sequence[Features], right: Sequence[Features], *, least: Band = Band.POSSIBLE
) -> Iterator[LikelyPair]:
    """Every pair of one record from each of two files that is at least `least`."""
    everyone = [*left, *right]
    matcher = Matcher(everyone)
    for first, second in _candidates(everyone, split_at=len(left)):
        yield from _judged(matcher, everyone[first], everyone[second], least)


def _judged(matcher: Matcher, a: Features, b: Features, least: Band) -> Iterator[LikelyPair]:
    if least is not Band.NO and is_hopeless(a, b):
        return
    if (match := matcher.judge_if(a, b, least=least)) is not None:
        yield LikelyPair(a, b, match)


def _candidates(people: Sequence[Features], *, split_at: int | None) -> Iterator[tuple[int, int]]:
    blocks: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, person in enumerate(people):
        for key in keys_of(person):
            blocks[key].append(number)
    neighbors: defaultdict[int, set[int]] = defaultdict(set)
    for members in blocks.values():
        if len(members) > 1:
            for part in _parts(people, members):
                for place, first in enumerate(part):
                    if split_at is None:
                        neighbors[first].update(part[place + 1 :])
                    elif first < split_at:
                        neighbors[first].update(n for n in part if n >= split_at)
    for first in sorted(neighbors):
        for second in sorted(neighbors[first]):
            yield first, second


def _parts(people: Sequence[Features], members: list[int]) -> Iterable[list[int]]:
    """A block as it is, or split by given initial and sex-free birth year when it is too big to say much."""
    if len(members) <= BLOCK_LIMIT:
        return [members]
    finer: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for number in members:
        person = people[number]
        finer["birth", person.birth].append(number)
        finer["rest", person.given_whole[:3] + person.birth[:4]].append(number)
        if person.phones:
            finer["phone", min(person.phones)].append(number)
        finer["home", person.house + person.street].append(number)
    return [part for part in finer.values() if 1 < len(part) <= BLOCK_LIMIT * 10]


def keys_of(person: Features) -> set[tuple[str, ...]]:
    """The blocking keys of a person; each is made so that one or two wrong fields leave another key whole."""
    keys: set[tuple[str, ...]] = set()
    given, family = person.given_whole, person.family_whole
    first, last = sorted((sound(given) or given, sound(family) or family))
    if given and family:
        keys.add(("names", first, last))
        keys.add(("heads", *sorted((given[:3], family[:4])), person.postcode))
    if len(person.birth) == 8:
        year, pair = person.birth[:4], sorted((person.birth[4:6], person.birth[6:]))
        keys.add(("birth", year, *pair))
        for name in (given, family, *person.former):
            if name:
                keys.add(("name+year", sound(name)[:4] or name[:4], year))
                keys.add(("name+day", sound(name)[:4] or name[:4], *pair))
    keys.update(("phone", phone[-7:]) for phone in person.phones)
    keys.update(("email", email) for email in person.emails)
    keys.update(("mrn", mrn) for mrn in person.mrns)
    if person.ssn:
        keys.add(("ssn", person.ssn))
        keys.add(("ssn-head", person.ssn[:-3], given[:1]))
    if person.ssn_last4:
        keys.add(("last4", person.ssn_last4, person.birth[:4]))
        keys.add(("last4+name", person.ssn_last4, given[:2]))
    if person.house and person.street:
        keys.add(("home", person.house, person.street[:5], person.postcode))
        keys.add(("door", person.house, person.street[:4], given[:1]))
    elif person.street:
        keys.add(("street", person.street[:8], person.postcode))
    for part in person.family_parts if len(person.family_parts) > 1 else ():
        keys.add(("part+given", sound(part)[:4], given[:2]))
    if family and given:
        keys.add(("part+given", sound(family)[:4], given[:2]))
    return keys
