"""VXU^V04 (profile Z22) and QBP^Q11 (profiles Z34 and Z44): what we send to a registry.

Source: HL7 2.5.1 implementation guide for immunization messaging, release 1.5, chapters 4, 5 and 7.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from mainstay.interop.hl7 import Message, Segment, day_written, moment_written, new_message, segment
from mainstay.interop.hl7.writing import Repetition, Value
from mainstay.interop.registries.reports import (
    NEW,
    Clinician,
    Coded,
    Completion,
    DoseReport,
    Envelope,
    Kin,
    Leaflet,
    PersonReport,
)

SOURCES = {
    "00": "New immunization record",
    "01": "Historical information - source unspecified",
    "02": "Historical information - from other provider",
    "03": "Historical information - from parent's written record",
    "04": "Historical information - from parent's recall",
    "05": "Historical information - from other registry",
    "06": "Historical information - from birth certificate",
    "07": "Historical information - from school record",
    "08": "Historical information - from public agency",
}
"""NIP001, for RXA-9."""

NOT_A_DOSE = "9999"
"""ORC-3 where nothing was given."""


class Asking(StrEnum):
    """What a query wants."""

    HISTORY = "Z34"
    HISTORY_AND_FORECAST = "Z44"


ASKING_WORDS = {
    Asking.HISTORY: "Request Immunization History",
    Asking.HISTORY_AND_FORECAST: "Request Evaluated History and Forecast",
}


def vaccination_update(
    envelope: Envelope, person: PersonReport, dose: DoseReport, *, control_id: str, now: datetime, zone: ZoneInfo
) -> Message:
    """One dose of one person as a VXU^V04."""
    segments = [
        _header(envelope, ("VXU", "V04", "VXU_V04"), "Z22", control_id=control_id, now=now, zone=zone),
        patient_segment(person),
        _patient_extra(person),
        *(_kin(number, kin) for number, kin in enumerate(person.kin, start=1)),
        *order_segments(envelope, dose, zone=zone),
    ]
    return new_message(segments)


def history_query(
    envelope: Envelope,
    person: PersonReport,
    *,
    asking: Asking,
    control_id: str,
    now: datetime,
    zone: ZoneInfo,
    limit: int = 10,
) -> Message:
    """Ask for somebody's doses, and with Z44 for the registry's forecast too; `control_id` is also the tag."""
    name = (asking.value, ASKING_WORDS[asking], "CDCPHINVS")
    fields: dict[int, Value] = {
        1: name,
        2: control_id,
        3: _identifiers(person),
        4: _name(person),
        5: (person.mother_maiden, "", "", "", "", "", "M") if person.mother_maiden else "",
        6: day_written(person.birth_date),
        7: person.sex,
        8: person.place.parts,
        9: [_phone(number) for number in person.phones[:1]],
        10: _yes(person.birth_order) if person.birth_order else "",
        11: str(person.birth_order or ""),
    }
    header = _header(envelope, ("QBP", "Q11", "QBP_Q11"), asking.value, control_id=control_id, now=now, zone=zone)
    control = segment("RCP", {1: "I", 2: (str(limit), ["RD", "Records", "HL70126"]), 3: ("R", "Real time", "HL70394")})
    return new_message([header, segment("QPD", fields), control])


def _header(
    envelope: Envelope, kind: tuple[str, ...], profile: str, *, control_id: str, now: datetime, zone: ZoneInfo
) -> Segment:
    organization: Value = (envelope.organization, "", "", "", "", envelope.authority, "XX", "", "", envelope.facility)
    return segment(
        "MSH",
        {
            3: envelope.sender,
            4: envelope.facility,
            5: envelope.registry,
            6: envelope.registry_facility,
            7: moment_written(now, zone),
            9: kind,
            10: control_id,
            11: envelope.processing,
            12: "2.5.1",
            15: "ER",
            16: "AL",
            21: (profile, "CDCPHINVS"),
            22: organization if envelope.organization else envelope.facility,
        },
    )


def patient_segment(person: PersonReport) -> Segment:
    """PID, with everything people hold that a registry has a place for."""
    fields: dict[int, Value] = {
        1: "1",
        3: _identifiers(person),
        5: _name(person),
        6: (person.mother_maiden, "", "", "", "", "", "M") if person.mother_maiden else "",
        7: day_written(person.birth_date),
        8: person.sex,
        10: _races(person),
        11: person.place.parts,
        13: [*(_phone(number) for number in person.phones), *_email(person.email)],
        22: person.ethnicity.parts if person.ethnicity else "",
        24: _yes(person.birth_order) if person.birth_order else "",
        25: str(person.birth_order or ""),
        29: day_written(person.died_on) if person.died_on else "",
        30: "Y" if person.died_on else "",
    }
    return segment("PID", fields)


def _patient_extra(person: PersonReport) -> Segment:
    publicity: Value = (person.publicity, "Reminder/recall - any method", "HL70215") if person.publicity else ""
    since = day_written(person.protection_since) if person.protection_since else ""
    status: Value = (
        ("P", "Permanently inactive - deceased", "HL70441") if person.died_on else ("A", "Active", "HL70441")
    )
    return segment("PD1", {11: publicity, 12: person.protection, 13: since, 16: status})


def _kin(number: int, kin: Kin) -> Segment:
    fields: dict[int, Value] = {
        1: str(number),
        2: (kin.family, kin.given, "", "", "", "", "L"),
        3: kin.relationship.parts,
        4: kin.place.parts,
        5: [_phone(kin.phone)] if kin.phone else "",
    }
    return segment("NK1", fields)


def order_segments(envelope: Envelope, dose: DoseReport, *, zone: ZoneInfo) -> Iterator[Segment]:
    """ORC, RXA, RXR and the OBX of one dose."""
    number = dose.number if dose.was_given else NOT_A_DOSE
    yield segment(
        "ORC",
        {
            1: "RE",
            3: (number, envelope.authority),
            10: _clinician(dose.entered_by, envelope),
            12: _clinician(dose.ordered_by, envelope) if dose.is_new else "",
            17: (envelope.facility, envelope.organization, "HL70362") if envelope.facility else "",
        },
    )
    yield segment("RXA", _administration(envelope, dose, zone))
    if dose.route is not None and dose.was_given:
        yield segment("RXR", {1: dose.route.parts, 2: dose.site.parts if dose.site else ""})
    for number_, (kind, code, value, group, method) in enumerate(_observations(dose), start=1):
        fields: dict[int, Value] = {1: str(number_), 2: kind, 3: code.parts, 4: str(group), 5: value, 11: "F"}
        yield segment("OBX", fields | {14: day_written(_day(dose.given)), 17: method})


def _administration(envelope: Envelope, dose: DoseReport, zone: ZoneInfo) -> dict[int, Value]:
    vaccine: Value = (*dose.vaccine.parts, *((dose.ndc, "", "NDC") if dose.ndc and dose.is_new else ()))
    has_amount = dose.amount is not None and dose.was_given
    fields: dict[int, Value] = {
        1: "0",
        2: "1",
        3: _written(dose.given, zone),
        5: vaccine,
        6: f"{dose.amount:f}" if has_amount and dose.amount is not None else "999",
        7: (dose.unit, dose.unit, "UCUM") if has_amount else "",
        9: (dose.source, SOURCES.get(dose.source, ""), "NIP001") if dose.was_given else "",
        10: _clinician(dose.given_by, envelope) if dose.is_new else "",
        11: ("", "", "", dose.facility) if dose.facility and dose.source == NEW else "",
        20: dose.completion.value,
        21: dose.action.value,
        22: _written(dose.entered_at, zone) if dose.entered_at else "",
    }
    if dose.was_given:
        fields |= {
            15: dose.lot,
            16: day_written(dose.expires_on) if dose.expires_on else "",
            17: dose.maker.parts if dose.maker else "",
        }
    if dose.completion is Completion.REFUSED and dose.refusal:
        fields[18] = dose.refusal.parts
    return fields


_Observation = tuple[str, Coded, Value, int, Value]
_LEVEL: Value = ("VXC40", "Eligibility captured at the immunization level", "CDCPHINVS")


def _observations(dose: DoseReport) -> Iterator[_Observation]:
    """(type, question, answer, sub-id, method) of each OBX."""
    for group, one in enumerate(dose.observed, start=1):
        yield "CE", one.question, one.answer.parts, group, ""
    if not dose.was_given:
        return
    group = len(dose.observed)
    if dose.is_new and dose.eligibility:
        group += 1
        question = Coded("64994-7", "Vaccine funding program eligibility category", "LN")
        yield "CE", question, dose.eligibility.parts, group, _LEVEL
    if dose.is_new and dose.funding:
        group += 1
        yield "CE", Coded("30963-3", "Vaccine funding source", "LN"), dose.funding.parts, group, ""
    for leaflet in dose.leaflets:
        group += 1
        yield from _leaflet(leaflet, group)
    for reaction in dose.reactions:
        group += 1
        yield "CE", Coded("31044-1", "Immunization reaction", "LN"), reaction.parts, group, ""


def _leaflet(leaflet: Leaflet, group: int) -> Iterator[_Observation]:
    if leaflet.document:
        yield "CE", Coded("69764-9", "Document type", "LN"), leaflet.document.parts, group, ""
    else:
        yield "CE", Coded("30956-7", "Vaccine type", "LN"), leaflet.vaccine.parts, group, ""
    if leaflet.edition and not leaflet.document:
        yield (
            "TS",
            Coded("29768-9", "Date vaccine information statement published", "LN"),
            day_written(leaflet.edition),
            group,
            "",
        )
    if leaflet.given_on:
        yield (
            "TS",
            Coded("29769-7", "Date vaccine information statement presented", "LN"),
            day_written(leaflet.given_on),
            group,
            "",
        )


def _identifiers(person: PersonReport) -> list[Repetition]:
    return [(one.value, "", "", one.authority, one.kind) for one in person.identifiers]


def _races(person: PersonReport) -> list[Repetition]:
    return [race.parts for race in person.races]


def _name(person: PersonReport) -> tuple[str, ...]:
    return (person.family, person.given, person.middle, person.suffix, "", "", "L")


def _phone(digits: str) -> tuple[str, ...]:
    plain = "".join(one for one in digits if one.isdecimal())[-10:]
    return ("", "PRN", "PH", "", "", plain[:3], plain[3:])


def _email(address: str) -> list[Repetition]:
    return [("", "NET", "Internet", address)] if address else []


def _yes(order: int) -> str:
    return "Y" if order else ""


def _clinician(person: Clinician | None, envelope: Envelope) -> Value:
    if person is None:
        return ""
    number, authority, kind = (person.npi, "NPI", "NPI") if person.npi else (person.number, envelope.authority, "PRN")
    return (number, person.family, person.given, "", "", "", "", "", authority, "L", "", "", kind)


def _written(when: date | datetime, zone: ZoneInfo) -> str:
    return moment_written(when, zone) if isinstance(when, datetime) else day_written(when)


def _day(when: date | datetime) -> date:
    return when.date() if isinstance(when, datetime) else when
