"""Registering patients, and changing who they are."""

from __future__ import annotations

from django.db import connection, transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.findings import NOTHING_CONFIRMED, Confirmations
from mainstay.foundation.outbox import publish
from mainstay.people.demographics import demographics_of, search_columns
from mainstay.people.errors import NumberTaken
from mainstay.people.events import DemographicsChanged, PatientRegistered
from mainstay.people.models import NameKind, Patient, PatientIdentifier, PatientName
from mainstay.people.permissions import REGISTER
from mainstay.people.queries.colors import color_for
from mainstay.people.queries.duplicates import describe, likely_duplicates
from mainstay.people.rules import Demographics, duplicate_finding, judge_change, judge_demographics


@transaction.atomic
def register_patient(
    *,
    actor: Actor,
    demographics: Demographics,
    phone: str = "",
    mrn: str = "",
    confirmed: Confirmations = NOTHING_CONFIRMED,
) -> Patient:
    """Make somebody known here; `phone` (as typed) only helps to find a likely duplicate.

    Without `mrn` the next number is given. Raises `NeedsConfirmation` when somebody alike is known already.
    """
    actor.may(REGISTER).or_raise()
    found = judge_demographics(demographics, today=actor.today)
    alike = [one for one in likely_duplicates(actor, demographics, phone=phone) if one.is_match]
    if alike:
        found.append(duplicate_finding(describe(one.patient) for one in alike[:3]))
    confirmed.answer(found)
    if mrn and Patient.objects.filter(mrn=mrn).exists():
        raise NumberTaken(field="mrn")
    patient = Patient(mrn=mrn or _next_mrn(), registered_at=actor.now, home_site_id=actor.site_id)
    _write(patient, demographics)
    patient.search_text, patient.sound_keys = search_columns(patient, ())
    patient.hue = color_for(patient)
    patient.save()
    publish(PatientRegistered(patient_id=patient.pk))
    return patient


@transaction.atomic
def change_demographics(
    *, actor: Actor, patient: Patient, demographics: Demographics, confirmed: Confirmations = NOTHING_CONFIRMED
) -> Patient:
    """Change who somebody is said to be. A legal name that goes is kept as a former name, and still finds them."""
    actor.may(REGISTER).or_raise()
    patient = Patient.objects.select_for_update().get(pk=patient.pk)
    old = demographics_of(patient)
    if not (changed := demographics.changed_from(old)):
        return patient
    found = judge_demographics(demographics, today=actor.today) + judge_change(old, demographics)
    confirmed.answer(found)
    if {"given_name", "family_name"} & set(changed):
        PatientName.objects.create(
            patient=patient,
            kind=NameKind.FORMER,
            given_name=old.given_name,
            family_name=old.family_name,
            until=actor.today,
        )
    _write(patient, demographics)
    patient.search_text, patient.sound_keys = search_columns(patient, _other_names(patient))
    patient.hue = color_for(patient)
    patient.save()
    publish(DemographicsChanged(patient_id=patient.pk))
    return patient


@transaction.atomic
def add_name(*, actor: Actor, patient: Patient, kind: str, given_name: str = "", family_name: str = "") -> PatientName:
    """Remember another name somebody goes or went by, so that it finds them."""
    actor.may(REGISTER).or_raise()
    patient = Patient.objects.select_for_update().get(pk=patient.pk)
    name = PatientName.objects.create(patient=patient, kind=kind, given_name=given_name, family_name=family_name)
    refresh_search(patient)
    return name


@transaction.atomic
def withdraw_name(*, actor: Actor, name: PatientName) -> PatientName:
    """Take back a name that was never this person's."""
    actor.may(REGISTER).or_raise()
    patient = Patient.objects.select_for_update().get(pk=name.patient_id)
    name = PatientName.objects.select_for_update().get(pk=name.pk)
    name.is_withdrawn = True
    name.save(update_fields=["is_withdrawn"])
    refresh_search(patient)
    return name


@transaction.atomic
def add_identifier(*, actor: Actor, patient: Patient, system: str, value: str) -> PatientIdentifier:
    """Remember what another system calls this person; the same identifier again changes nothing."""
    actor.may(REGISTER).or_raise()
    identifier, _ = PatientIdentifier.objects.get_or_create(system=system, value=value, defaults={"patient": patient})
    return identifier


def refresh_search(patient: Patient) -> None:
    """Write the columns a patient is found by anew; the caller holds the patient's lock."""
    text, keys = search_columns(patient, _other_names(patient))
    Patient.objects.filter(pk=patient.pk).update(search_text=text, sound_keys=keys)


def _other_names(patient: Patient) -> list[PatientName]:
    return list(PatientName.objects.filter(patient=patient, is_withdrawn=False))


def _write(patient: Patient, demographics: Demographics) -> None:
    for field in Demographics.__dataclass_fields__:
        value = getattr(demographics, field)
        setattr(patient, field, list(value) if field == "race" else value)


def _next_mrn() -> str:
    """The next number nobody has; numbers brought from elsewhere may lie in the way."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT n, EXISTS (SELECT FROM people_patient WHERE mrn = n::text) FROM nextval('people_mrn') n"
            )
            number, is_taken = cursor.fetchone()
            if not is_taken:
                return str(number)
