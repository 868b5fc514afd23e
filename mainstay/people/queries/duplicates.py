"""Who may be somebody we know already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Prefetch

from mainstay.foundation.actor import Actor
from mainstay.foundation.dates import spell_birth_date
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.phones import read_phone
from mainstay.people.demographics import demographics_of, person_from
from mainstay.people.matching import Band, Matcher, MatchScore, Person, Reason, fold, fuzzy_keys, prepare
from mainstay.people.models import Address, Channel, ContactPoint, Patient, PatientName
from mainstay.people.permissions import FIND
from mainstay.people.rules import Demographics

MOST = 200
"""Candidates of one kind compared at most."""


@dataclass(frozen=True, slots=True)
class LikelyDuplicate:
    """A patient on file who may be the same person, and how likely."""

    patient: Patient
    match: MatchScore

    @property
    def is_match(self) -> bool:
        """Whether it is most likely one person."""
        return self.match.band is Band.MATCH

    @property
    def reasons(self) -> list[str]:
        """What agrees, in words, the strongest first."""
        return [_in_words(reason) for reason in self.match.reasons if reason.bits > 0]


_FIELDS = {
    "given": "given name", "family": "family name", "names": "given and family name", "middle": "middle name",
    "birth": "birth date", "ssn": "SSN", "mrn": "MRN", "email": "e-mail", "locality": "second address line",
    "mother_maiden": "mother's maiden name", "mother_given": "mother's name", "birth_order": "birth order",
}  # fmt: skip
_LEVELS = {
    "exact": "same {}", "same": "same {}", "last4": "same last four of the {}", "nickname": "{} by a nickname",
    "close": "{} but for a slip", "slip": "{} but for a slip", "swapped": "{} turned round",
    "swapped_close": "{} turned round", "part": "part of the {}", "former": "former {}",
    "initial": "initial of the {}", "similar": "{} alike", "two_parts": "{} in part", "street": "same street",
    "area": "same ZIP",
}  # fmt: skip


def _in_words(reason: Reason) -> str:
    field = _FIELDS.get(reason.field, reason.field.replace("_", " "))
    return _LEVELS.get(reason.level, "{}").format(field)


def likely_duplicates(actor: Actor, demographics: Demographics, *, phone: str = "") -> list[LikelyDuplicate]:
    """Patients who may be the person being registered, most likely first."""
    actor.may(FIND).or_raise()
    numbers = _numbers(phone)
    return _judged(person_from(demographics, phones=numbers), _candidates(demographics, numbers), excluding=None)


def likely_duplicates_of(actor: Actor, patient: Patient) -> list[LikelyDuplicate]:
    """Other charts that may be this patient's, most likely first."""
    actor.may(FIND).or_raise()
    whole = _with_details(Patient.objects.filter(pk=patient.pk)).get()
    person = _person(whole)
    return _judged(person, _candidates(demographics_of(patient), person.phones), excluding=patient.pk)


def describe(patient: Patient) -> str:
    """A patient in a few words, for a warning: `Maria Hernandez, born 03/05/1984, MRN 100234`."""
    return f"{patient.called_name}, born {spell_birth_date(patient.birth_date)}, MRN {patient.mrn}"


def _judged(person: Person, candidates: Iterable[Patient], *, excluding: int | None) -> list[LikelyDuplicate]:
    matcher, one = Matcher(), prepare(person)
    found = []
    for patient in candidates:
        if patient.pk == excluding:
            continue
        match = matcher.judge(one, prepare(_person(patient)))
        if match.band is not Band.NO:
            found.append(LikelyDuplicate(patient, match))
    return sorted(found, key=lambda d: (-d.match.score, -d.match.bits))


def _candidates(demographics: Demographics, numbers: Iterable[str]) -> list[Patient]:
    """Those born that day (or day and month turned round), at that number, or of such names within eleven years."""
    born = demographics.birth_date
    births = {born}
    if born.day <= 12:
        births.add(born.replace(month=born.day, day=born.month))
    found = set(
        Patient.objects.filter(birth_date__in=births, merged_into=None, withdrawn_at=None).values_list("pk", flat=True)[
            :MOST
        ]
    )
    if numbers := list(numbers):
        found.update(_reached_at(numbers))
    given, family = (_keys(name) for name in (demographics.given_name, demographics.family_name))
    if given and family:
        years = (_first_day(born.year - 11), date(born.year + 11, 12, 31))
        named = Patient.objects.filter(
            sound_keys__overlap=given, merged_into=None, withdrawn_at=None, birth_date__range=years
        )
        found.update(named.filter(sound_keys__overlap=family).values_list("pk", flat=True)[:MOST])
    return list(_with_details(Patient.objects.filter(pk__in=found))) if found else []


def _reached_at(numbers: list[str]) -> Iterable[int]:
    points = ContactPoint.objects.filter(
        value__in=numbers, is_withdrawn=False, patient__merged_into=None, patient__withdrawn_at=None
    )
    return points.values_list("patient_id", flat=True)[:MOST]


def _first_day(year: int) -> date:
    return date(max(year, 1850), 1, 1)


def _keys(name: str) -> list[str]:
    return sorted({key for word in fold(name).split() for key in fuzzy_keys(word)})


def _with_details(patients):  # type: ignore[no-untyped-def]  # rows with more on them
    return patients.prefetch_related(
        Prefetch("contact_points", ContactPoint.objects.filter(is_withdrawn=False), to_attr="reached_by"),
        Prefetch("addresses", Address.objects.filter(is_withdrawn=False), to_attr="lives_at"),
        Prefetch("names", PatientName.objects.filter(is_withdrawn=False), to_attr="other_names"),
    )


def _person(patient: Patient) -> Person:
    homes: list[Address] = patient.lives_at  # type: ignore[attr-defined]  # laid beside by the query
    points: list[ContactPoint] = patient.reached_by  # type: ignore[attr-defined]  # laid beside by the query
    names: list[PatientName] = patient.other_names  # type: ignore[attr-defined]  # laid beside by the query
    home = homes[0] if homes else Address()
    person = person_from(
        demographics_of(patient),
        id=patient.mrn,
        phones=[p.value for p in points if p.channel == Channel.PHONE],
        emails=[p.value for p in points if p.channel == Channel.EMAIL],
        street=home.street,
        city=home.city,
        postcode=home.postal_code,
        former=[n.family_name for n in names if n.family_name],
        aliases=[n.given_name for n in names if n.given_name],
    )
    return replace(person, mrns=(patient.mrn,))


def _numbers(phone: str) -> list[str]:
    try:
        return [read_phone(phone)] if phone.strip() else []
    except InvalidInput:
        return []
