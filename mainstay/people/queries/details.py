"""What is on file about one person: names, ways to reach them, proxies, needs, earlier versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from mainstay.foundation.actor import Actor
from mainstay.foundation.compiled import compiled, the_first
from mainstay.foundation.dates import spell_birth_date
from mainstay.foundation.decisions import Decision
from mainstay.foundation.errors import NotFound
from mainstay.foundation.findings import Finding
from mainstay.foundation.history import staff_of
from mainstay.foundation.phones import spell_phone
from mainstay.people.demographics import demographics_of
from mainstay.people.languages import language_name
from mainstay.people.models import (
    Address,
    Channel,
    CommunicationChoice,
    ContactPoint,
    Need,
    Patient,
    PatientAlert,
    PatientIdentifier,
    PatientMerge,
    PatientName,
    RelatedPerson,
)
from mainstay.people.rules import Demographics, authority_ends, authority_holds, judge_merge


@dataclass(frozen=True, slots=True)
class Proxy:
    """Somebody around a patient, and whether they may decide today."""

    person: RelatedPerson
    decision: Decision
    ends: date | None

    @property
    def may_decide(self) -> bool:
        """Whether the authority holds today."""
        return bool(self.decision)

    @property
    def last_day(self) -> date | None:
        """The last day the authority holds, if it has an end."""
        return self.ends - timedelta(days=1) if self.ends else None

    @property
    def phone(self) -> str:
        """The phone as people read it."""
        return spell_phone(self.person.phone)


@dataclass(frozen=True, slots=True)
class PatientDetails:
    """Everything the demographics page shows."""

    patient: Patient
    names: Sequence[PatientName]
    contact_points: Sequence[ContactPoint]
    addresses: Sequence[Address]
    related: Sequence[Proxy]
    needs: Sequence[Need]
    alerts: Sequence[PatientAlert]
    communication: CommunicationChoice | None
    identifiers: Sequence[PatientIdentifier]

    @property
    def language(self) -> str:
        """The language as a word."""
        return language_name(self.patient.language)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of who somebody is: when, by whom, and each field's old and new value."""

    at: datetime
    who: str
    fields: tuple[tuple[str, Any, Any], ...]


def patient_details(actor: Actor, patient: Patient) -> PatientDetails:
    """Everything on file about one person that the demographics page shows."""
    return PatientDetails(
        patient=patient,
        names=list(patient.names.filter(is_withdrawn=False).order_by("pk")),
        contact_points=ways_to_reach(patient),
        addresses=list(patient.addresses.filter(is_withdrawn=False).order_by("pk")),
        related=proxies_of(patient, day=actor.today),
        needs=needs_of(patient),
        alerts=alerts_of(patient),
        communication=communication_of(patient),
        identifiers=list(patient.identifiers.order_by("system")),
    )


def ways_to_reach(patient: Patient) -> list[ContactPoint]:
    """Numbers and addresses in use, the preferred ones first, confidential ones before the rest."""
    return list(patient.contact_points.filter(is_withdrawn=False).order_by("-is_confidential", "rank", "pk"))


def address_of(patient: Patient) -> Address | None:
    """Where somebody gets mail: the confidential address if there is one."""
    return patient.addresses.filter(is_withdrawn=False).order_by("-is_confidential", "pk").first()


def needs_of(patient: Patient) -> list[Need]:
    """What somebody needs now."""
    return _needs(patient.pk)


@compiled
def _needs(patient_id: int) -> QuerySet[Need]:
    return Need.objects.filter(patient_id=patient_id, ended_at=None).order_by("pk")


def alerts_of(patient: Patient) -> list[PatientAlert]:
    """What everybody who opens this chart is told."""
    return _alerts(patient.pk)


@compiled
def _alerts(patient_id: int) -> QuerySet[PatientAlert]:
    return PatientAlert.objects.filter(patient_id=patient_id, ended_at=None).order_by("pk")


def first_phone(patient: Patient) -> str:
    """The number to call, the confidential one if there is one, as people read it; empty if none is known."""
    point = the_first(_phones(patient.pk))
    return spell_phone(point.value) if point else ""


@compiled
def _phones(patient_id: int) -> QuerySet[ContactPoint]:
    rows = ContactPoint.objects.filter(patient_id=patient_id, channel=Channel.PHONE, is_withdrawn=False)
    return rows.order_by("-is_confidential", "rank")[:1]


def proxies_of(patient: Patient, *, day: date) -> list[Proxy]:
    """The people around a patient; those who may decide on `day` first."""
    found = [_proxy(patient, person, day) for person in _related(patient.pk)]
    return sorted(found, key=lambda proxy: not proxy.may_decide)


@compiled
def _related(patient_id: int) -> QuerySet[RelatedPerson]:
    return RelatedPerson.objects.filter(patient_id=patient_id, is_withdrawn=False).order_by("pk")


def may_act_for(patient: Patient, person: RelatedPerson, *, day: date) -> Decision:
    """Whether somebody may decide for a patient on a day, and if not, why."""
    return _proxy(patient, person, day).decision


def _proxy(patient: Patient, person: RelatedPerson, day: date) -> Proxy:
    decision = authority_holds(
        person.authority,
        person.authority_from,
        person.authority_until,
        birth_date=patient.birth_date,
        day=day,
        is_withdrawn=person.is_withdrawn,
    )
    ends = authority_ends(person.authority, person.authority_until, patient.birth_date)
    return Proxy(person, decision, ends if person.authority != "none" else None)


def patient_by_identifier(system: str, value: str) -> Patient | None:
    """The patient another system calls by this identifier, following a merge."""
    found = Patient.objects.filter(identifiers__system=system, identifiers__value=value).first()
    while found is not None and found.merged_into is not None:
        found = found.merged_into
    return found


def communication_of(patient: Patient) -> CommunicationChoice | None:
    """How somebody wants to hear from us, if they were asked."""
    return CommunicationChoice.objects.filter(patient=patient).first()


def related_person(patient: Patient, public_id: UUID) -> RelatedPerson:
    """One person around a patient; raises `NotFound`."""
    found = patient.related_people.filter(public_id=public_id, is_withdrawn=False).first()
    if found is None:
        raise NotFound("There is no such person around this patient.")
    return found


def row_of(patient: Patient, relation: str, pk: int) -> Any:
    """One row around a patient by the relation's name (`needs`, `contact_points`…); raises `NotFound`."""
    row = getattr(patient, relation).filter(pk=pk).first()
    if row is None:
        raise NotFound("This is not there any more.")
    return row


def merge_numbered(pk: int) -> PatientMerge:
    """One merge; raises `NotFound`."""
    merge = PatientMerge.objects.select_related("kept", "merged").filter(pk=pk).first()
    if merge is None:
        raise NotFound("There is no such merge.")
    return merge


@dataclass(frozen=True, slots=True)
class Compared:
    """One fact of two charts beside each other."""

    name: str
    one: str
    other: str

    @property
    def differs(self) -> bool:
        """Whether both say something, and not the same; two charts always have two numbers."""
        return bool(self.one) and bool(self.other) and self.one != self.other and self.name != "MRN"


def side_by_side(one: Patient, other: Patient) -> list[Compared]:
    """What two charts say of who their person is, fact by fact."""
    facts = zip(_facts_of(one), _facts_of(other), strict=True)
    return [Compared(name, mine, theirs) for (name, mine), (_, theirs) in facts]


def looks_like_two(kept: Patient, merged: Patient) -> list[Finding]:
    """What a merge of these two charts asks before it is made."""
    return judge_merge(demographics_of(kept), demographics_of(merged))


def _facts_of(patient: Patient) -> list[tuple[str, str]]:
    return [
        ("MRN", patient.mrn),
        ("Legal name", patient.legal_name),
        ("Chosen name", patient.chosen_name),
        ("Date of birth", spell_birth_date(patient.birth_date)),
        ("Sex", patient.get_sex_display()),
        ("Language", language_name(patient.language)),
        ("SSN, last four", patient.ssn_last4),
        ("Phone and e-mail", ", ".join(point.shown for point in ways_to_reach(patient))),
        ("Address", _home(patient)),
        ("Registered", f"{patient.registered_at:%m/%d/%Y}"),
    ]


def _home(patient: Patient) -> str:
    address = address_of(patient)
    return f"{address.street}, {address.city} {address.postal_code}" if address else ""


def merges_of(patient: Patient) -> list[PatientMerge]:
    """The merges this chart took part in, newest first."""
    mine = Q(kept=patient) | Q(merged=patient)
    return list(PatientMerge.objects.filter(mine).select_related("kept", "merged", "by").order_by("-at"))


def changes_of(patient: Patient) -> list[Change]:
    """Every change of who somebody is said to be, newest first, from the versions the database kept."""
    events = apps.get_model("people", "PatientEvent").objects.filter(pgh_obj_id=patient.pk).order_by("pgh_id")
    versions = list(events.select_related("pgh_context"))
    staff = {staff_of(version) for version in versions} - {None}
    names = dict(get_user_model().objects.filter(pk__in=staff).values_list("pk", "shown_name"))
    return [change for old, new in reversed(list(_steps(versions))) if (change := _change(old, new, names)).fields]


def _steps(versions: Sequence[Any]) -> Iterable[tuple[Any, Any]]:
    return zip(versions, versions[1:], strict=False)


def _change(old: Any, new: Any, names: Mapping[int, str]) -> Change:
    changed = tuple(
        (field.replace("_", " "), getattr(old, field), getattr(new, field))
        for field in Demographics.__dataclass_fields__
        if getattr(old, field) != getattr(new, field)
    )
    return Change(at=new.pgh_created_at, who=names.get(staff_of(new) or 0, "Mainstay"), fields=changed)
