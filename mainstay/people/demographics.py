"""A patient's row as plain values: demographics for rules, a person for matching, the columns for searching."""

from __future__ import annotations

from collections.abc import Iterable

from mainstay.people.matching import Person, prefix_key, search_key, word_keys
from mainstay.people.models import Patient, PatientName
from mainstay.people.rules import Demographics


def demographics_of(patient: Patient) -> Demographics:
    """What the row says of who somebody is."""
    values = {field: getattr(patient, field) for field in Demographics.__dataclass_fields__}
    return Demographics(**{**values, "race": tuple(patient.race)})


def search_columns(patient: Patient, others: Iterable[PatientName]) -> tuple[str, list[str]]:
    """(search_text, sound_keys): every word somebody is found by, and the keys of the one index that finds them."""
    spoken = [patient.given_name, patient.chosen_name, patient.family_name]
    spoken += [part for name in others for part in (name.given_name, name.family_name)]
    keys = {key for word in search_key(*spoken).split() for key in word_keys(word)}
    keys.update(
        prefix_key(word[:length]) for word in search_key(patient.middle_name).split() for length in (1, 3, len(word))
    )
    return search_key(*spoken, patient.middle_name), sorted(keys)


def person_from(
    demographics: Demographics,
    *,
    id: str = "",
    phones: Iterable[str] = (),
    emails: Iterable[str] = (),
    street: str = "",
    city: str = "",
    postcode: str = "",
    former: Iterable[str] = (),
    aliases: Iterable[str] = (),
    mrn: str = "",
) -> Person:
    """Somebody as the matching library sees them."""
    return Person(
        id=id,
        given=demographics.given_name,
        middle=demographics.middle_name,
        family=demographics.family_name,
        suffix=demographics.suffix,
        aliases=tuple(filter(None, (demographics.chosen_name, *aliases))),
        former=tuple(former),
        birth_date=demographics.birth_date,
        sex=demographics.sex if demographics.sex in ("female", "male") else "",
        phones=tuple(phones),
        emails=tuple(emails),
        street=street,
        city=city,
        postcode=postcode,
        ssn=demographics.ssn_last4,
        mrns=(mrn,) if mrn else (),
        mother_maiden=demographics.mother_maiden_name,
        multiple_birth=demographics.multiple_birth_order is not None or None,
        birth_order=demographics.multiple_birth_order,
    )
