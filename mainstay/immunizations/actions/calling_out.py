"""Calling out on the board and the huddle sheet that vaccines are due, and keeping the list in step with the chart."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.db import transaction

from mainstay.chart.events import ChartListChanged
from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.immunizations.actions.practice_list import refresh_due
from mainstay.immunizations.events import VaccineHistoryChanged
from mainstay.immunizations.queries.due import forecasts_for
from mainstay.immunizations.queries.practice_list import DueRow, due_in_brief, due_in_words, due_rows
from mainstay.people.events import DemographicsChanged, MergeUndone, PatientsMerged
from mainstay.people.models import Patient
from mainstay.practice.models import Site
from mainstay.rooming.actions import write_plan_line
from mainstay.rooming.events import HuddleBuilt
from mainstay.rooming.queries import visits_to_plan
from mainstay.visits.actions import clear_signal, raise_signal
from mainstay.visits.events import VisitArrived
from mainstay.visits.lifecycle import IN_THE_CLINIC
from mainstay.visits.models import SignalKind, Visit

SOURCE = "immunizations"


def call_out_due(event: VisitArrived) -> None:
    """Say on the board which vaccines are due for somebody who came."""
    visit = Visit.objects.select_related("patient", "site").get(pk=event.visit_id)
    actor = the_system(now=clock.now(), zone=visit.site.zone)
    refresh_due(actor=actor, patient=visit.patient)
    _show_on_board(actor, visit, due_rows(forecasts_for([visit.patient], actor.today)[visit.patient_id], actor.today))


def plan_vaccines(event: HuddleBuilt) -> None:
    """Write into every plan of a day which vaccines are due on that day. As many forecasts, but few statements."""
    site, day = Site.objects.get(pk=event.site_id), date.fromisoformat(str(event.day))
    visits = list(visits_to_plan(site, day))
    forecasts = forecasts_for(list({visit.patient_id: visit.patient for visit in visits}.values()), day)
    actor = the_system(now=clock.now(), zone=site.zone)
    for visit in visits:
        rows = due_rows(forecasts[visit.patient_id], day)
        write_plan_line(actor=actor, visit=visit, label="Vaccines", words=due_in_words(list(rows.values()), on=day))


def follow_history(event: VaccineHistoryChanged) -> None:
    """Bring the list and the board up to date after a dose or a fact changed."""
    _refresh(event.patient_id)


def follow_chart(event: ChartListChanged) -> None:
    """Bring the list and the board up to date after a problem, allergy or medicine changed."""
    _refresh(event.patient_id)


def follow_demographics(event: DemographicsChanged) -> None:
    """Bring the list up to date after a birth date, a sex or a death was recorded."""
    _refresh(event.patient_id)


def follow_merge(event: PatientsMerged | MergeUndone) -> None:
    """Bring both charts of a merge up to date."""
    _refresh(event.kept_id)
    _refresh(event.merged_id)


@transaction.atomic
def _refresh(patient_id: int) -> None:
    patient = Patient.objects.get(pk=patient_id)
    visits = list(Visit.objects.filter(patient=patient, stage__in=IN_THE_CLINIC).select_related("site", "patient"))
    zone = visits[0].site.zone if visits else ZoneInfo("UTC")
    actor = the_system(now=clock.now(), zone=zone)
    refresh_due(actor=actor, patient=patient)
    if visits:
        rows = due_rows(forecasts_for([patient], actor.today)[patient.pk], actor.today)
        for visit in visits:
            _show_on_board(actor, visit, rows)


def _show_on_board(actor: Actor, visit: Visit, rows: dict[str, DueRow]) -> None:
    words = due_in_brief(list(rows.values()), on=actor.today)
    if words:
        raise_signal(
            actor=actor, visit=visit, kind=SignalKind.VACCINE_DUE, text=f"Vaccines: {words}", source_ref=SOURCE
        )
    else:
        clear_signal(actor=actor, visit=visit, kind=SignalKind.VACCINE_DUE, source_ref=SOURCE)
