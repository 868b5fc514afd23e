"""The people around a patient: contacts, and proxies with their authority."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.findings import NOTHING_CONFIRMED, Confirmations
from mainstay.foundation.phones import read_phone
from mainstay.people.models import Patient, RelatedPerson
from mainstay.people.permissions import REGISTER
from mainstay.people.rules import judge_authority


@dataclass(frozen=True, slots=True)
class Relation:
    """Who somebody is to a patient. `authority_until` is the last day it holds; a parent's needs none."""

    name: str
    relationship: str
    phone: str = ""
    language: str = "en"
    is_emergency_contact: bool = False
    is_next_of_kin: bool = False
    may_be_told: bool = False
    authority: str = "none"
    authority_from: date | None = None
    authority_until: date | None = None
    authority_document: str = ""


@transaction.atomic
def add_related_person(
    *,
    actor: Actor,
    patient: Patient,
    relation: Relation,
    related_patient: Patient | None = None,
    confirmed: Confirmations = NOTHING_CONFIRMED,
) -> RelatedPerson:
    """Add a contact or proxy."""
    actor.may(REGISTER).or_raise()
    patient = Patient.objects.select_for_update().get(pk=patient.pk)
    person = RelatedPerson(patient=patient, related_patient=related_patient)
    return _write(actor, person, relation, confirmed)


@transaction.atomic
def change_related_person(
    *, actor: Actor, person: RelatedPerson, relation: Relation, confirmed: Confirmations = NOTHING_CONFIRMED
) -> RelatedPerson:
    """Change a contact or proxy; the database keeps what was said before."""
    actor.may(REGISTER).or_raise()
    person = RelatedPerson.objects.select_for_update(of=("self",)).select_related("patient").get(pk=person.pk)
    return _write(actor, person, relation, confirmed)


@transaction.atomic
def withdraw_related_person(*, actor: Actor, person: RelatedPerson) -> RelatedPerson:
    """End a contact or an authority at once."""
    actor.may(REGISTER).or_raise()
    person = RelatedPerson.objects.select_for_update().get(pk=person.pk)
    person.is_withdrawn = True
    person.save(update_fields=["is_withdrawn"])
    return person


def _write(actor: Actor, person: RelatedPerson, relation: Relation, confirmed: Confirmations) -> RelatedPerson:
    confirmed.answer(
        judge_authority(
            relation.authority,
            relation.authority_from,
            relation.authority_until,
            relation.authority_document,
            birth_date=person.patient.birth_date,
            today=actor.today,
        )
    )
    for field in fields(Relation):
        setattr(person, field.name, getattr(relation, field.name))
    person.phone = read_phone(relation.phone) if relation.phone.strip() else ""
    person.save()
    return person
