"""Who is in the room, why they came in their own words, and the vital signs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.db import transaction

from mainstay.chart import actions as chart_actions
from mainstay.chart.actions import Measured
from mainstay.chart.models import Observation
from mainstay.chart.queries import (
    Entered,
    Entry,
    PatientMeasures,
    Symptom,
    calculated_from,
    judge_panel,
    known_of,
    limits_at,
    measures_of,
    panel,
    read_panel,
)
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput, Stale
from mainstay.foundation.findings import Confirmations, Finding, Severity
from mainstay.foundation.moves import locked
from mainstay.messages.queries import facts_with
from mainstay.messages.red_flags import complaint_band
from mainstay.people.models import Patient
from mainstay.rooming.actions.loops import open_loops
from mainstay.rooming.errors import AlreadyIdentified, NotIdentified, NotInARoom
from mainstay.rooming.models import Intake
from mainstay.rooming.permissions import ROOM_PATIENT
from mainstay.visits import actions as visit_actions
from mainstay.visits.lifecycle import IN_A_ROOM
from mainstay.visits.models import SignalKind, TaskState, Visit
from mainstay.work.lifecycle import Band

IDENTIFIERS_NEEDED = 2
WRONG_PERSON = "wrong-person"
"""The cause of the call on the board after somebody else was brought in."""
CANNOT_WAIT = Band.R1
"""Said in the room, a sign of this band or a more urgent one fetches the provider; the visit itself answers others."""
VITALS = "vitals"
"""The panel scores and the body mass index are reckoned from."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the patient came, in their own words, and who told it."""

    words: str
    onset: str = ""
    told_by: str = "patient"
    interpreter: str = ""
    chaperone: str = ""
    symptoms: Collection[str] = ()


@transaction.atomic
def identify_patient(*, actor: Actor, visit: Visit, identifiers: Collection[str]) -> Intake:
    """Open the rooming of a visit, with two identifiers said by the patient in the room.

    Raises `NotInARoom` and `NotIdentified`. Opening it again only renews the identifiers.
    """
    actor.may(ROOM_PATIENT).or_raise()
    fresh = locked(Visit.objects.all(), pk=visit.pk)
    if fresh.stage not in IN_A_ROOM:
        raise NotInARoom()
    checked = sorted(set(identifiers))
    if len(checked) < IDENTIFIERS_NEEDED:
        raise NotIdentified(field="identifiers")
    intake, _ = Intake.objects.get_or_create(
        visit=fresh, defaults={"started_by_id": actor.staff_id, "started_at": actor.now}
    )
    intake.identifiers, intake.identified_at = checked, actor.now
    intake.version += 1
    intake.save()
    visit_actions.clear_signal(actor=actor, visit=fresh, kind=SignalKind.NEEDS_HELP, source_ref=WRONG_PERSON)
    return intake


@transaction.atomic
def stop_for_wrong_patient(*, actor: Actor, visit: Visit, said: str) -> Visit:
    """Somebody else is in the room: nothing goes to this chart, and the patient waits again, called out on the board.

    `said` is what the person in the room answered. Raises `AlreadyIdentified` once two identifiers matched.
    """
    actor.may(ROOM_PATIENT).or_raise()
    if not said.strip():
        raise InvalidInput("Write the name or date of birth the person gave.", field="said")
    if Intake.objects.filter(visit=visit, identified_at__isnull=False).exists():
        raise AlreadyIdentified()
    out = visit_actions.bring_out(actor=actor, visit=visit, reason=f"Somebody else was brought in: “{said.strip()}”")
    visit_actions.raise_signal(
        actor=actor,
        visit=out,
        kind=SignalKind.NEEDS_HELP,
        text=f"Somebody else was brought in, who said “{said.strip()[:60]}”: find the right one",
        severity="stop",
        source_ref=WRONG_PERSON,
    )
    return out


@transaction.atomic
def record_reason(*, actor: Actor, visit: Visit, reason: Reason, seen_version: int | None = None) -> Intake:
    """Write down why the patient came; words that cannot wait open a loop, as a value that cannot wait does.

    Raises `Stale` when another saved the same form first.
    """
    actor.may(ROOM_PATIENT).or_raise()
    intake = opened_intake(visit)
    if seen_version is not None and intake.version != seen_version:
        raise Stale("Somebody else has saved this page since you opened it. Your typing is kept; look at theirs first.")
    intake.reason_words, intake.onset, intake.told_by = reason.words.strip(), reason.onset.strip()[:80], reason.told_by
    intake.interpreter, intake.chaperone = reason.interpreter[:80], reason.chaperone[:12]
    intake.symptoms = sorted({str(Symptom(s)) for s in reason.symptoms})
    intake.version += 1
    intake.save()
    if intake.reason_words:
        visit_actions.tell_reason(actor=actor, visit=visit, words=intake.reason_words)
        alerts = red_flags_in(intake.reason_words, visit.patient, on=actor.today)
        open_loops(actor=actor, visit=visit, alerts=alerts)
    return intake


def red_flags_in(words: str, patient: Patient, *, on: date) -> list[Finding]:
    """What the patient says that cannot wait for the visit (R0, R1), read with what the chart says."""
    decision = complaint_band(words, facts_with(patient, known_of(patient, on=on), on=on))
    if decision is None or decision.band.rank > CANNOT_WAIT.rank:
        return []
    signs = ", ".join(decision.reasons)
    said = f"{signs[:1].upper()}{signs[1:]}, as the patient says. “{words[:120]}” Fetch the provider now."
    return [Finding(Severity.ALERT, f"now.said.{decision.reasons[0]}"[:60], "words", said)]


def opened_intake(visit: Visit) -> Intake:
    """The rooming of a visit, locked. Raises `NotIdentified` before the patient was identified in the room."""
    intake = Intake.objects.select_for_update(of=("self",)).filter(visit=visit).first()
    if intake is None or intake.identified_at is None:
        raise NotIdentified()
    return intake


@transaction.atomic
def record_panel(
    *,
    actor: Actor,
    visit: Visit,
    code: str,
    entries: Mapping[str, Entry],
    confirmed: Confirmations,
    not_done: Mapping[str, str] | None = None,
    repeats: Mapping[str, Observation] | None = None,
) -> tuple[list[Observation], list[Finding]]:
    """Judge and record one panel of a visit; open a loop for every value somebody must hear of.

    `not_done` gives reasons by item key; `repeats` the observation an entry repeats. Returns what was recorded and the
    alerts. Raises `StopFound` and `NeedsConfirmation`.
    """
    actor.may(ROOM_PATIENT).or_raise()
    intake = opened_intake(visit)
    declared = panel(code)
    entered = read_panel(declared, entries)
    symptoms = frozenset(Symptom(s) for s in intake.symptoms)
    on = actor.today
    facts = measures_of(visit.patient, on=on, zone=actor.zone, symptoms=symptoms, besides_visit=visit.public_id)
    missing = {f"{key}-missing" for key in (not_done or {})}
    findings = [
        f
        for f in judge_panel(
            declared,
            entered,
            facts,
            now=actor.now.astimezone(actor.zone),
            limits=limits_at(visit.site_id, on=on),
        )
        if f.code not in missing
    ]
    alerts = list(confirmed.answer(findings))
    rows = list(
        chart_actions.record_observations(
            actor=actor,
            patient=visit.patient,
            panel=code,
            measured=[
                *_measured(code, entered, entries, confirmed, findings, not_done or {}, repeats or {}),
                *_calculated(code, entered, facts, on),
            ],
            visit_ref=visit.public_id,
            set_id=uuid4(),
        )
    )
    open_loops(actor=actor, visit=visit, alerts=alerts, observations=rows)
    _tick(actor, visit, code)
    if repeats:
        visit_actions.clear_signal(actor=actor, visit=visit, kind=SignalKind.RECHECK_DUE)
    return rows, alerts


def _measured(
    code: str,
    entered: Entered,
    entries: Mapping[str, Entry],
    confirmed: Confirmations,
    findings: list[Finding],
    not_done: Mapping[str, str],
    repeats: Mapping[str, Observation],
) -> list[Measured]:
    declared = panel(code)
    loincs = {item.key: item.loinc for item in declared.items}
    for item in declared.items:
        loincs.update(item.components)
    owner = {key: item.key for item in declared.items for key in (item.components or {item.key: ""})}
    reasons = {f.field: confirmed.reason_for(f.code) for f in findings if confirmed.reason_for(f.code)}

    def technique(key: str) -> dict[str, str]:
        return {k: v for k, v in entries[owner[key]].technique.items() if v}

    rows = [
        Measured(
            key=key,
            loinc=loincs.get(key, ""),
            value=reading.value,
            unit=reading.unit,
            typed=reading.typed,
            typed_unit=reading.typed_unit,
            technique=technique(key),
            is_on_oxygen=reading.is_on_oxygen,
            confirmed_reason=reasons.get(owner[key], reasons.get(key, "")),
            repeat_of=repeats.get(key),
        )
        for key, reading in entered.readings.items()
    ]
    for key, answer in entered.choices.items():
        choice = declared.item(key).choice(answer)
        score = choice.score if choice else None
        label = choice.label if choice else answer
        rows.append(
            Measured(key=key, loinc=loincs[key], answer_code=answer, text=label, value=score, technique=technique(key))
        )
    rows += [Measured(key=key, loinc=loincs[key], text=text) for key, text in entered.texts.items()]
    rows += [Measured(key=key, loinc=loincs[key], text=day.isoformat()) for key, day in entered.days.items()]
    rows += [Measured(key=key, loinc=loincs.get(key, ""), not_done_reason=why) for key, why in not_done.items() if why]
    return rows


def _calculated(code: str, entered: Entered, facts: PatientMeasures, on: date) -> list[Measured]:
    loincs = {item.key: item.loinc for item in panel(code).items}
    if code != VITALS:
        return []
    found = calculated_from(entered.readings, entered.choices, facts, on)
    return [Measured(key=key, loinc=loincs.get(key, ""), value=found[key][0], unit=found[key][1]) for key in found]


def _tick(actor: Actor, visit: Visit, code: str) -> None:
    for task in visit.tasks.filter(panel=code, state=TaskState.TO_DO):
        visit_actions.finish_task(actor=actor, visit=visit, step=task.step)
