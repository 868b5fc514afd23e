"""Setting up whom we talk to."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.sealing import seal
from mainstay.interop.models import Processing, RegistryConnection
from mainstay.interop.permissions import SET_UP_PARTNERS
from mainstay.interop.queries.wires import PASSPHRASE, problem_with_files
from mainstay.practice.models import Site

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class RegistryFacts:
    """A connection as it is typed. An empty `passphrase` keeps the one there is."""

    name: str
    host: str
    port: int
    facility: str
    authority: str
    sender: str = "MAINSTAY"
    registry: str = ""
    registry_facility: str = ""
    processing: Processing = Processing.TEST
    uses_tls: bool = True
    ca_file: str = ""
    certificate_file: str = ""
    key_file: str = ""
    passphrase: str = ""
    is_active: bool = True


@transaction.atomic
def set_up_registry(*, actor: Actor, site: Site, facts: RegistryFacts) -> RegistryConnection:
    """Say how a site reaches its registry.

    Raises `InvalidInput` for a connection without TLS that leaves this computer, and for files that cannot be used.
    """
    actor.may(SET_UP_PARTNERS).or_raise()
    if not facts.uses_tls and facts.host not in LOOPBACK:
        raise InvalidInput("Without TLS only this computer itself (127.0.0.1) may be reached.", field="uses_tls")
    there = RegistryConnection.objects.select_for_update().filter(site=site).first()
    found = there or RegistryConnection(site=site)
    for name in RegistryFacts.__dataclass_fields__:
        if name != "passphrase":
            setattr(found, name, getattr(facts, name))
    if facts.passphrase:
        found.sealed_passphrase = seal(facts.passphrase, purpose=PASSPHRASE)
    if facts.uses_tls and (problem := problem_with_files(found)):
        raise InvalidInput(problem, field="ca_file")
    found.save()
    return found
