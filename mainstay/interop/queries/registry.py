"""What a registry said of a patient, beside ours; and the messages to and from partners."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import NotFound
from mainstay.immunizations.models import VaccineDose
from mainstay.immunizations.queries import forecast_for, governing_schedule
from mainstay.interop.hl7 import Malformed, parse_message
from mainstay.interop.lifecycle import OutboundState
from mainstay.interop.models import InboundMessage, OutboundMessage, Purpose, RegistryConnection
from mainstay.interop.queries.reporting import connection_for, site_of
from mainstay.interop.registries.answers import Candidate, Found, RegistryAnswer, answer_of, told_in_update
from mainstay.interop.registries.comparing import ForecastPair, Known, OurForecast, forecast_pairs
from mainstay.interop.registries.merging import Families, MergePlan, OurDose, Standing, merge_plan
from mainstay.people.models import Patient
from mainstay.people.queries import address_of
from mainstay.terminology.queries import CodeSystem, concepts_by_code

WANTED = "Not Complete"
COUNTED = ("completed", "partial")


@dataclass(frozen=True, slots=True)
class RegistryView:
    """A patient's registry page: the last question, its answer, the merge it offers, both forecasts, our reports."""

    connection: RegistryConnection | None
    query: OutboundMessage | None = None
    answer: RegistryAnswer | None = None
    plan: MergePlan | None = None
    forecasts: tuple[ForecastPair, ...] = ()
    pushed: tuple[tuple[InboundMessage, MergePlan], ...] = ()
    reports: tuple[OutboundMessage, ...] = ()
    our_schedule: str = ""
    ours: Candidate | None = None
    """The patient as we know them, where the registry is not sure whom we mean."""

    @property
    def is_waiting(self) -> bool:
        """Whether a question is out."""
        return self.query is not None and self.query.state in (OutboundState.QUEUED, OutboundState.SENT)


def registry_view(actor: Actor, patient: Patient) -> RegistryView:
    """Everything the registry page of a patient shows."""
    connection = connection_for(site_of(actor) or patient.home_site)
    messages = OutboundMessage.objects.filter(patient=patient).defer("body")
    reports = tuple(messages.filter(purpose=Purpose.REPORT).order_by("-pk")[:20])
    query = messages.filter(purpose=Purpose.QUERY).order_by("-pk").first()
    answer = answer_to(query) if query else None
    pushed = _pushed(patient, actor.today)
    if answer is None or answer.found is not Found.HISTORY:
        person = _as_candidate(patient) if answer is not None and answer.found is Found.CANDIDATES else None
        return RegistryView(connection, query, answer, pushed=pushed, reports=reports, ours=person)
    families = families_of_vaccines()
    ours = our_doses(patient)
    plan = merge_plan(ours, answer.doses, families, born=patient.birth_date, today=actor.today)
    schedule = governing_schedule().header
    name = f"{schedule.issuer} {schedule.version}"
    pairs = forecast_pairs(
        our_forecasts(patient, actor.today), answer.forecasts, families, _known(plan, answer, families, name)
    )
    return RegistryView(connection, query, answer, plan, tuple(pairs), pushed, reports, name)


def _as_candidate(patient: Patient) -> Candidate:
    home = address_of(patient)
    place = (home.street, home.street2, home.city, home.state, home.postal_code) if home else ()
    return Candidate(
        identifiers=(),
        family=patient.family_name,
        given=patient.given_name,
        middle=patient.middle_name,
        birth_date=patient.birth_date,
        sex=patient.sex[:1].upper(),
        address=", ".join(part for part in place if part),
        mother_maiden=patient.mother_maiden_name,
    )


def answer_to(query: OutboundMessage) -> RegistryAnswer | None:
    """What came back to a question; None while nothing that can be read has."""
    if query.state not in (OutboundState.ANSWERED, OutboundState.REJECTED):
        return None
    reply = query.replies.order_by("-pk").first()
    try:
        return answer_of(parse_message(bytes(reply.body))) if reply else None
    except Malformed:
        return None


def _pushed(patient: Patient, today: date) -> tuple[tuple[InboundMessage, MergePlan], ...]:
    """Messages others sent about a patient that still hold doses we do not have."""
    found: list[tuple[InboundMessage, MergePlan]] = []
    came = InboundMessage.objects.filter(outcomes__patient=patient, outcomes__code="AA").order_by("-pk")[:20]
    if not came:
        return ()
    ours, families = our_doses(patient), families_of_vaccines()
    for message in came:
        told = told_in_update(parse_message(bytes(message.body))).doses
        plan = merge_plan(ours, told, families, born=patient.birth_date, today=today)
        if any(one.standing in (Standing.NEW, Standing.DOUBTFUL) for one in plan.compared):
            found.append((message, plan))
    return tuple(found)


def plan_for(patient: Patient, answer: RegistryAnswer, today: date) -> MergePlan:
    """What bringing in a history would do to a patient's record as it is now."""
    return merge_plan(our_doses(patient), answer.doses, families_of_vaccines(), born=patient.birth_date, today=today)


def our_doses(patient: Patient) -> list[OurDose]:
    """A patient's doses as they are compared."""
    rows = list(VaccineDose.objects.filter(patient=patient, status__in=COUNTED).order_by("given_on", "pk"))
    names = concepts_by_code(CodeSystem.CVX, [row.cvx for row in rows])
    return [
        OurDose(
            row.pk,
            row.cvx,
            row.given_on,
            row.product or (names[row.cvx].display if row.cvx in names else row.cvx),
            row.mvx,
            row.lot_number,
        )
        for row in rows
    ]


def families_of_vaccines() -> Families:
    """The antigens of each CVX code our schedule knows."""
    vaccines = governing_schedule().vaccines
    return {cvx: frozenset(antigen for antigen, _, _ in one.antigens) for cvx, one in vaccines.items()}


def our_forecasts(patient: Patient, on: date) -> list[OurForecast]:
    """Our forecast, a row a vaccine group."""

    def day(ordinal: int) -> date | None:
        return date.fromordinal(ordinal) if ordinal else None

    return [
        OurForecast(
            group=one.group.name,
            antigens=frozenset(one.group.antigens),
            status=str(one.status),
            is_wanted=str(one.status) == WANTED,
            due_on=day(one.recommended),
            earliest_on=day(one.earliest),
            overdue_on=day(one.past_due),
            dose_number=one.number,
        )
        for one in forecast_for(patient, on).groups
    ]


def _known(plan: MergePlan, answer: RegistryAnswer, families: Families, schedule: str) -> Known:
    there = [one.told.cvx for one in plan.compared if one.standing in (Standing.NEW, Standing.DOUBTFUL)]
    here = [one.cvx for one in plan.only_here]
    invalid = [one.cvx for one in answer.doses if one.is_valid is False]
    return Known(_antigens(there, families), _antigens(here, families), schedule, _antigens(invalid, families))


def _antigens(codes: Iterable[str], families: Families) -> frozenset[str]:
    return frozenset(antigen for code in codes for antigen in families.get(code, frozenset()))


@dataclass(frozen=True, slots=True)
class Readable:
    """A message as a page shows it: a line a segment, or why it cannot be read."""

    lines: tuple[str, ...]
    fault: str = ""
    place: str = ""
    kept: str = field(default="")


def readable(octets: bytes) -> Readable:
    """The segments of a message, and what keeps it from being read."""
    text = octets.decode("utf-8", "replace")
    lines = tuple(line for line in text.replace("\r\n", "\r").replace("\n", "\r").split("\r") if line)
    try:
        parse_message(octets)
    except Malformed as trouble:
        return Readable(lines, trouble.fault.line, trouble.fault.segment)
    return Readable(lines)


def outbound_named(public_id: object) -> OutboundMessage:
    """One message of ours. Raises `NotFound`."""
    found = OutboundMessage.objects.select_related("connection", "patient", "made_by", "repair_of")
    message = found.filter(public_id=public_id).first()
    if message is None:
        raise NotFound("There is no such message.")
    return message


def inbound_named(public_id: object) -> InboundMessage:
    """One message that came in. Raises `NotFound`."""
    message = InboundMessage.objects.select_related("repair_of").filter(public_id=public_id).first()
    if message is None:
        raise NotFound("There is no such message.")
    return message
