"""A site with a registry on loopback, and people whose doses it is told of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from mainstay.foundation.actor import Actor
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.immunizations.models import VaccineDose
from mainstay.interop import actions
from mainstay.interop.hl7.listening import Listener
from mainstay.interop.models import OutboundMessage, RegistryConnection
from mainstay.interop.simulators.registry import SimulatedRegistry
from mainstay.people.models import Patient
from mainstay.terminology.models import Concept
from mainstay.visits.tests.factories import a_patient, a_site

CVX = {"03": "MMR", "08": "Hep B, ped", "20": "DTaP", "21": "Varicella", "45": "Hep B unspecified", "10": "IPV"}


@contextmanager
def a_registry(port: int = 0, *, registry: SimulatedRegistry | None = None) -> Iterator[tuple[SimulatedRegistry, int]]:
    """A simulated registry that listens, and its port."""
    registry = registry or SimulatedRegistry(lambda: A_MOMENT)
    listener = Listener("127.0.0.1", port, lambda octets, peer: registry.answer(octets, peer)).start()
    try:
        yield registry, listener.port
    finally:
        listener.close()


def a_connection(port: int, **more: object) -> RegistryConnection:
    """A connection of the one site to that port."""
    facts = actions.RegistryFacts(
        name="State registry", host="127.0.0.1", port=port, facility="CLINIC1", authority="CLINIC1-MRN", uses_tls=False
    )
    return actions.set_up_registry(actor=an_actor(), site=a_site(), facts=facts)


def vaccine_codes() -> None:
    """The few CVX codes the cases use."""
    for code, words in CVX.items():
        Concept.objects.get_or_create(system="cvx", code=code, defaults={"display": words, "is_billable": False})


def a_child(mrn: str = "100042", **more: object) -> Patient:
    """A child of two."""
    facts = {"given_name": "Ana", "family_name": "Ruiz", "birth_date": date(2024, 2, 29), "home_site": a_site()}
    return a_patient(mrn, **{**facts, **more})


def a_dose_told(patient: Patient, cvx: str = "03", day: date = date(2025, 3, 1), **more: object) -> VaccineDose:
    """A dose in our record."""
    return VaccineDose.objects.create(patient=patient, cvx=cvx, given_on=day, **more)


def send(connection: RegistryConnection, at: datetime = A_MOMENT, *, timeout: float = 2) -> int:
    """What the worker does, at a moment."""
    return actions.send_waiting(actor=an_actor(now=at), connection=connection, timeout=timeout)


def states() -> list[str]:
    """The states of all messages, oldest first."""
    return list(OutboundMessage.objects.order_by("pk").values_list("state", flat=True))


def later(minutes: float) -> datetime:
    """So many minutes after the moment of the tests."""
    return A_MOMENT + timedelta(minutes=minutes)


def an_actor_at(site_id: int | None = None) -> Actor:
    """The system at a site."""
    return an_actor(site_id=site_id)
