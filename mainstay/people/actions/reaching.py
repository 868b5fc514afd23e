"""How somebody is reached, and how they want to be."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import time

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.phones import read_phone
from mainstay.people.models import Address, Channel, CommunicationChoice, ContactPoint, Patient
from mainstay.people.permissions import REGISTER

WAYS = frozenset({"phone", "text", "email", "portal", "mail", "none"})


@dataclass(frozen=True, slots=True)
class Reach:
    """A way to reach somebody, as typed: `channel` phone or email, and what it may be used for."""

    channel: str
    value: str
    use: str = "home"
    can_leave_voicemail: bool = False
    can_text: bool = False
    is_confidential: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody lives or gets mail; `state` is the two-letter code."""

    street: str
    city: str
    state: str
    postal_code: str
    street2: str = ""
    use: str = "home"
    is_confidential: bool = False


@dataclass(frozen=True, slots=True)
class Wishes:
    """How somebody wants to hear from us: ways are phone, text, email, portal, mail or none."""

    preferred: str
    reminders: str
    portal: bool = False
    text_consent: bool = False
    quiet_from: time | None = None
    quiet_until: time | None = None


@transaction.atomic
def add_contact_point(*, actor: Actor, patient: Patient, reach: Reach) -> ContactPoint:
    """Add a phone number or e-mail address; the same one again only changes what it may be used for.

    Raises `InvalidInput` for what cannot be dialed or written to.
    """
    actor.may(REGISTER).or_raise()
    patient = Patient.objects.select_for_update().get(pk=patient.pk)
    value = read_phone(reach.value) if reach.channel == Channel.PHONE else _read_email(reach.value)
    known = ContactPoint.objects.filter(patient=patient, channel=reach.channel, is_withdrawn=False)
    point = known.filter(value=value).first() or ContactPoint(
        patient=patient, channel=reach.channel, value=value, rank=known.count() + 1
    )
    point.use = reach.use
    point.can_leave_voicemail = reach.can_leave_voicemail
    point.can_text = reach.can_text
    point.is_confidential = reach.is_confidential
    point.save()
    return point


@transaction.atomic
def withdraw_contact_point(*, actor: Actor, point: ContactPoint) -> ContactPoint:
    """Stop using a number or address; it stays in the history."""
    actor.may(REGISTER).or_raise()
    point = ContactPoint.objects.select_for_update().get(pk=point.pk)
    point.is_withdrawn = True
    point.save(update_fields=["is_withdrawn"])
    return point


@transaction.atomic
def add_address(*, actor: Actor, patient: Patient, place: Place) -> Address:
    """Write down where somebody lives or gets mail; an earlier address of the same use is withdrawn."""
    actor.may(REGISTER).or_raise()
    patient = Patient.objects.select_for_update().get(pk=patient.pk)
    for earlier in Address.objects.select_for_update().filter(patient=patient, use=place.use, is_withdrawn=False):
        earlier.is_withdrawn = True
        earlier.save(update_fields=["is_withdrawn"])
    return Address.objects.create(patient=patient, **{**asdict(place), "state": place.state.upper()})


@transaction.atomic
def withdraw_address(*, actor: Actor, address: Address) -> Address:
    """Stop using an address; it stays in the history."""
    actor.may(REGISTER).or_raise()
    address = Address.objects.select_for_update().get(pk=address.pk)
    address.is_withdrawn = True
    address.save(update_fields=["is_withdrawn"])
    return address


@transaction.atomic
def choose_communication(*, actor: Actor, patient: Patient, wishes: Wishes) -> CommunicationChoice:
    """Write down how somebody wants to hear from us. Texting needs their consent (47 CFR 64.1200)."""
    actor.may(REGISTER).or_raise()
    patient = Patient.objects.select_for_update().get(pk=patient.pk)
    if not {wishes.preferred, wishes.reminders} <= WAYS:
        raise InvalidInput("Choose one of the ways shown.")
    if "text" in (wishes.preferred, wishes.reminders) and not wishes.text_consent:
        raise InvalidInput("Texting needs the patient's consent: ask, and tick it.", field="text_consent")
    choice = CommunicationChoice.objects.filter(patient=patient).first() or CommunicationChoice(patient=patient)
    choice.preferred, choice.reminders, choice.portal = wishes.preferred, wishes.reminders, wishes.portal
    if wishes.text_consent and not choice.text_consent_at:
        choice.text_consent_at, choice.opted_out_at = actor.now, None
    elif not wishes.text_consent and choice.text_consent_at:
        choice.text_consent_at, choice.opted_out_at = None, actor.now
    choice.quiet_from, choice.quiet_until = wishes.quiet_from, wishes.quiet_until
    choice.save()
    return choice


def _read_email(text: str) -> str:
    value = text.strip().lower()
    name, at, host = value.partition("@")
    if not (name and at and "." in host) or " " in value:
        raise InvalidInput("An e-mail address looks like name@example.org.", field="value")
    return value
