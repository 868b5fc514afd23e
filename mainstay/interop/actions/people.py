"""Patients sent by others: found again by their identifiers, or registered."""

from __future__ import annotations

from contextlib import suppress

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput, NeedsConfirmation
from mainstay.foundation.findings import Confirmations
from mainstay.interop.actions.slips import Slip
from mainstay.interop.fhir.incoming import NotModelled, PersonSent, from_patient
from mainstay.people.actions import (
    Demographics,
    Place,
    Reach,
    add_address,
    add_contact_point,
    add_identifier,
    add_name,
    register_patient,
)
from mainstay.people.models import NameKind, Patient
from mainstay.people.queries import patient_by_identifier

TWO_CHARTS = "its identifiers belong to {count} different charts: {numbers}"


def take_patient(*, actor: Actor, slip: Slip, source: str) -> None:
    """Find the chart of a patient sent to us, or register them, and remember what the sender calls them.

    A chart that is found is left as it is: what the sender says differently is kept for a person to compare.
    """
    try:
        person = from_patient(slip.body)
    except NotModelled as why:
        slip.keep(str(why))
        return
    keys = [*person.identifiers, (f"{source}/Patient"[:160], slip.foreign_id)]
    found = {chart.pk: chart for key in keys if (chart := patient_by_identifier(*key)) is not None}
    if len(found) > 1:
        numbers = ", ".join(sorted(chart.mrn for chart in found.values()))
        slip.refuse(TWO_CHARTS.format(count=len(found), numbers=numbers))
        return
    patient = next(iter(found.values()), None) or _register(person, actor=actor, source=source)
    for system, value in keys:
        add_identifier(actor=actor, patient=patient, system=system, value=value)
    slip.patient = patient
    slip.map_to(Patient._meta.db_table, patient.pk)


def _register(person: PersonSent, *, actor: Actor, source: str) -> Patient:
    demographics = Demographics(
        given_name=person.given_name,
        family_name=person.family_name,
        birth_date=person.birth_date,
        middle_name=person.middle_name,
        suffix=person.suffix,
        chosen_name=person.chosen_name,
        sex=person.sex,
        race=person.race,
        ethnicity=person.ethnicity,
        language=person.language,
        mother_maiden_name=person.mother_maiden_name,
        multiple_birth_order=person.multiple_birth_order,
        ssn_last4=person.ssn_last4,
        deceased_on=person.deceased_on,
    )
    try:
        patient = register_patient(actor=actor, demographics=demographics)
    except NeedsConfirmation as asked:
        reason = f"Received from {source}; to be compared by a person."
        reasons = Confirmations({finding.code: reason for finding in asked.findings})
        patient = register_patient(actor=actor, demographics=demographics, confirmed=reasons)
    _reach(patient, person, actor=actor)
    return patient


def _reach(patient: Patient, person: PersonSent, *, actor: Actor) -> None:
    """Contacts, addresses and a former name; numbers nobody could dial stay in the resource only."""
    reaches = [Reach(channel="phone", value=value, use=use) for use, value in person.phones]
    reaches += [Reach(channel="email", value=value) for value in person.emails]
    for reach in reaches:
        with suppress(InvalidInput):
            add_contact_point(actor=actor, patient=patient, reach=reach)
    for place in person.addresses:
        add_address(
            actor=actor,
            patient=patient,
            place=Place(
                street=place.street,
                street2=place.street2,
                city=place.city,
                state=place.state,
                postal_code=place.postal_code,
                use=place.use,
            ),
        )
    if person.former_family_name:
        add_name(actor=actor, patient=patient, kind=NameKind.MAIDEN, family_name=person.former_family_name)
