"""From our rows to what a registry is told: a patient, a dose, a refusal, a connection."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from mainstay.foundation.actor import Actor
from mainstay.foundation.tables import read_csv
from mainstay.immunizations.models import GivenDose, ImmunizationFact, VaccineDose, VaccineReaction, VaccineRefusal
from mainstay.immunizations.queries import statements_on_record
from mainstay.interop.models import RegistryConnection
from mainstay.interop.registries.reports import (
    Action,
    Clinician,
    Coded,
    Completion,
    DoseReport,
    Envelope,
    Identifier,
    Kin,
    Leaflet,
    Observed,
    PersonReport,
    Place,
)
from mainstay.interop.registries.rules import ADULT_YEARS
from mainstay.people.models import Channel, Patient, ProxyAuthority, RelatedPerson
from mainstay.people.queries import address_of, ways_to_reach
from mainstay.practice.models import Practice, Site
from mainstay.terminology.queries import CodeSystem, display_of
from mainstay.workforce.models import Staff

REGISTRY_NUMBER = "iis:"
"""Before the authority of a registry's own number among a patient's identifiers."""


def connection_for(site: Site | None) -> RegistryConnection | None:
    """The connection a site reports through: its own, else the only one there is."""
    active = RegistryConnection.objects.filter(is_active=True).select_related("site").order_by("pk")
    own = active.filter(site=site).first() if site else None
    return own or active.first()


def envelope_of(connection: RegistryConnection) -> Envelope:
    """Who writes to whom, as the connection says."""
    practice = Practice.objects.first()
    return Envelope(
        sender=connection.sender,
        facility=connection.facility,
        registry=connection.registry,
        registry_facility=connection.registry_facility,
        authority=connection.authority,
        processing=connection.processing,
        organization=practice.name if practice else "",
    )


def person_report(patient: Patient, connection: RegistryConnection, *, today: date) -> PersonReport:
    """A patient as the registry is to know them; contacts kept confidential stay here."""
    numbers = [Identifier(patient.mrn, connection.authority)]
    for one in patient.identifiers.filter(system__startswith=REGISTRY_NUMBER):
        numbers.append(Identifier(one.value, one.system.removeprefix(REGISTRY_NUMBER), "SR"))
    ways = [way for way in ways_to_reach(patient) if not way.is_confidential]
    home = address_of(patient)
    is_minor = today.year - patient.birth_date.year < ADULT_YEARS
    races = [found for race in patient.race if (found := code_for("race", race))]
    place = Place()
    if home is not None and not home.is_confidential:
        place = Place(home.street, home.street2, home.city, home.state, home.postal_code)
    return PersonReport(
        identifiers=tuple(numbers),
        family=patient.family_name,
        given=patient.given_name,
        middle=patient.middle_name,
        suffix=patient.suffix,
        birth_date=patient.birth_date,
        sex=found.code if (found := code_for("sex", patient.sex)) else "U",
        mother_maiden=patient.mother_maiden_name,
        races=tuple(races),
        ethnicity=code_for("ethnicity", patient.ethnicity),
        place=place,
        phones=tuple(way.value for way in ways if way.channel == Channel.PHONE)[:2],
        email=next((way.value for way in ways if way.channel == Channel.EMAIL), ""),
        birth_order=patient.multiple_birth_order,
        died_on=patient.deceased_on,
        kin=tuple(_kin(one) for one in _responsible(patient)) if is_minor else (),
    )


def _responsible(patient: Patient) -> list[RelatedPerson]:
    people = patient.related_people.filter(is_withdrawn=False).order_by("pk")
    near = people.filter(authority__in=[ProxyAuthority.PARENT, ProxyAuthority.GUARDIAN, ProxyAuthority.FOSTER])
    return list(near[:2]) or list(people.filter(is_next_of_kin=True)[:1])


def _kin(one: RelatedPerson) -> Kin:
    given, _, family = one.name.rpartition(" ")
    relationship = code_for("kin", one.relationship.lower()) or code_for("kin", one.authority)
    other = Coded("OTH", "Other", "HL70063")
    return Kin(family=family, given=given or family, relationship=relationship or other, phone=one.phone)


def dose_report(dose: VaccineDose, connection: RegistryConnection, action: Action) -> DoseReport:
    """One dose as the registry is to know it, with the record of its giving where it was given here."""
    given: GivenDose | None = getattr(dose, "given", None)
    source = code_for("source", dose.source)
    return DoseReport(
        number=str(dose.public_id),
        action=action,
        vaccine=_vaccine(dose.cvx, dose.product),
        given=given.given_at if given else dose.given_on,
        completion=Completion.PARTIAL if dose.status == "partial" else Completion.COMPLETE,
        source="00" if given else source.code if source else "01",
        lot=dose.lot_number,
        maker=_maker(dose.mvx),
        entered_by=_clinician(dose.recorded_by),
        entered_at=dose.recorded_at,
        facility=connection.facility if given else "",
        **(_of_given(given) if given else {}),
    )


def _of_given(given: GivenDose) -> dict[str, Any]:
    """The parts only a dose given here has."""
    return {
        "ndc": given.ndc,
        "amount": given.volume,
        "expires_on": given.expires_on,
        "route": code_for("route", given.route),
        "site": code_for("site", given.site.lower()),
        "eligibility": code_for("eligibility", given.eligibility),
        "funding": code_for("funding", given.funding),
        "leaflets": tuple(_leaflets(given)),
        "given_by": _clinician(given.given_by),
        "ordered_by": _orderer(given),
        "reactions": reactions_to(given),
    }


def reactions_to(given: GivenDose) -> tuple[Coded, ...]:
    """What was seen after a dose, as far as the guide has a code for it (OBX 31044-1); a faint has none.

    What a clinician named goes by that name; of what was only seen, what needs no diagnosis.
    """
    rows = VaccineReaction.objects.filter(
        watch__vaccination=given.preparation.vaccination_id, noticed_at__gte=given.given_at
    )
    named = [code for signs, event in rows.order_by("pk").values_list("signs", "event") for code in (event, *signs)]
    return tuple(dict.fromkeys(found for code in named if (found := code_for("reaction", code))))


def _leaflets(given: GivenDose) -> list[Leaflet]:
    vaccine = _vaccine(given.dose.cvx, "")
    return [
        Leaflet(vaccine, row.edition, row.given_on, document=_document(row.gdti, row.edition, known.name.en))
        if known and row.gdti
        else Leaflet(vaccine, row.edition, row.given_on)
        for row, known in statements_on_record(given)
    ]


def _document(gdti: str, edition: date, name: str) -> Coded:
    """The number printed on a statement: GS1 253 and its edition as 11 (CDC's table cdcgs1vis)."""
    return Coded(f"253{gdti}11{edition:%y%m%d}", f"{name} VIS", "cdcgs1vis")


def _orderer(given: GivenDose) -> Clinician | None:
    preparation = given.preparation
    order = preparation.order or preparation.standing_order
    return _clinician(order.signed_by) if order else None


def refusal_report(refusal: VaccineRefusal, connection: RegistryConnection, action: Action) -> DoseReport:
    """A vaccine that was refused, with why."""
    return DoseReport(
        number=str(refusal.public_id),
        action=action,
        vaccine=_vaccine(refusal.cvx, ""),
        given=refusal.refused_on,
        completion=Completion.REFUSED,
        refusal=code_for("refusal", refusal.reason),
        entered_by=_clinician(refusal.witness),
        facility=connection.facility,
    )


def fact_report(fact: ImmunizationFact, connection: RegistryConnection) -> DoseReport | None:
    """What somebody wrote down that decides about vaccines, with no vaccine given; None where the guide has no code.

    What is passing or nobody's business (a pregnancy, an infection with HIV) has no row in the table and stays here.
    """
    row = _observations().get(fact.code)
    if row is None:
        return None
    observed = Observed(
        Coded(row["question"], row["question_words"], "LN"), Coded(row["code"], row["words"], row["system"])
    )
    return DoseReport(
        number=str(fact.public_id),
        action=Action.ADD,
        vaccine=_vaccine(row["cvx"], "No vaccine administered"),
        given=fact.on or fact.recorded_at.astimezone(connection.site.zone).date(),
        completion=Completion.NOT_GIVEN,
        entered_by=_clinician(fact.recorded_by),
        facility=connection.facility,
        observed=(observed,),
    )


@cache
def _observations() -> Mapping[str, Mapping[str, str]]:
    return MappingProxyType({row["fact"]: row for row in read_csv("mainstay.interop", "registry_observations.csv")})


def _vaccine(cvx: str, words: str) -> Coded:
    return Coded(cvx, display_of(CodeSystem.CVX, cvx) or words, "CVX")


def _maker(mvx: str) -> Coded | None:
    return Coded(mvx, display_of(CodeSystem.MVX, mvx), "MVX") if mvx else None


def _clinician(staff: Staff | None) -> Clinician | None:
    if staff is None:
        return None
    return Clinician(str(staff.pk), staff.family_name, staff.given_name, staff.npi, staff.licence)


@cache
def _codes() -> Mapping[tuple[str, str], Coded]:
    rows = read_csv("mainstay.interop", "registry_codes.csv")
    return MappingProxyType(
        {(row["kind"], row["ours"].lower()): Coded(row["code"], row["words"], row["system"]) for row in rows}
    )


def code_for(kind: str, ours: str) -> Coded | None:
    """The registry's code for a value of ours; None where there is none."""
    return _codes().get((kind, ours.lower()))


def site_of(actor: Actor) -> Site | None:
    """The site an actor works at."""
    return Site.objects.filter(pk=actor.site_id).first() if actor.site_id else None
