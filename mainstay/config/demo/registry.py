"""The registry of the demo clinic's state: played on loopback, knowing more of some patients than the clinic does."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from django.db import connection as database

from mainstay.config.demo.vaccines import doses_by_the_book
from mainstay.config.supervisor import end_with_parent
from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.immunizations.models import VaccineDose
from mainstay.interop import actions
from mainstay.interop.hl7 import write_message
from mainstay.interop.hl7.listening import Listener
from mainstay.interop.models import RegistryConnection
from mainstay.interop.queries.reporting import envelope_of, person_report
from mainstay.interop.registries.reports import Action, Coded, DoseReport, Envelope, Identifier
from mainstay.interop.registries.writing import vaccination_update
from mainstay.interop.simulators.registry import KEPT, SimulatedRegistry
from mainstay.people.models import Patient
from mainstay.practice.models import Site

KNOWN = 40
"""How many patients the registry knows."""
ELSEWHERE = Envelope("HARBOR", "HARBOR-PED", "SIM", "SIMREG", "HARBOR-MRN", "T", "Harbor Pediatrics")


def play_registry() -> None:
    """Let the clinic's registry listen on a free port of this computer, point every site at it, and serve."""
    end_with_parent()
    folder = Path(os.environ["MAINSTAY_DATA_DIR"]) / "registry"
    folder.mkdir(parents=True, exist_ok=True)
    is_new = not (folder / KEPT).is_file()
    played = SimulatedRegistry(clock.now, folder=folder)
    listener = Listener("127.0.0.1", 0, played.answer)
    sites = list(Site.objects.order_by("pk"))
    system = the_system(now=clock.now(), zone=sites[0].zone)
    made = [_point(system, site, listener.port) for site in sites]
    if is_new:
        _remember(system, played, made[0])
    database.close()
    signal.signal(signal.SIGTERM, lambda *_: listener.close())
    listener.serve()


def _point(system: Actor, site: Site, port: int) -> RegistryConnection:
    facts = actions.RegistryFacts(
        name="State immunization registry (simulated)",
        host="127.0.0.1",
        port=port,
        facility=f"CLINIC{site.pk}",
        authority="MAINSTAY-MRN",
        registry="SIM",
        registry_facility="SIMREG",
        uses_tls=False,
    )
    return actions.set_up_registry(actor=system, site=site, facts=facts)


def _remember(system: Actor, played: SimulatedRegistry, connection: RegistryConnection) -> None:
    """Tell the registry what the clinic has of the youngest patients, and of every third what was given elsewhere."""
    youngest = Patient.objects.filter(merged_into=None, deceased_on=None).order_by("-birth_date")[:KNOWN]
    for number, patient in enumerate(youngest):
        ours = VaccineDose.objects.filter(patient=patient).order_by("given_on", "pk")
        told = [(dose.cvx, dose.given_on) for dose in ours]
        if number % 3 == 0:
            there = set(told)
            by_the_book = [(dose.cvx, dose.given_on) for dose in doses_by_the_book(patient, system.today)]
            told += [one for one in by_the_book if one not in there][:4]
        if number % 4 == 1 and told:
            told[0] = (told[0][0], told[0][1] + timedelta(days=1))
        person = person_report(patient, connection, today=system.today)
        if number % 7 == 2:
            person = replace(
                person, given=person.given[:3] + "ie", identifiers=(Identifier(f"H{number}", "HARBOR-MRN"),)
            )
        for at, (cvx, day) in enumerate(told):
            dose = DoseReport(f"H{number}-{at}", Action.ADD, Coded(cvx, "", "CVX"), day, source="01")
            message = vaccination_update(
                ELSEWHERE if number % 2 else envelope_of(connection),
                person,
                dose,
                control_id=f"H{number}-{at}",
                now=system.now,
                zone=system.zone,
            )
            played.answer(write_message(message), "")
