"""What domains above the patient add to every patient's banner: the one list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from mainstay.foundation.actor import Actor
from mainstay.foundation.components.frame import NavigationItem
from mainstay.interop.permissions import SEE_RECEIVED
from mainstay.people.models import Patient
from mainstay.people.queries import banner_part


def connect() -> None:
    """Connect every part; called once, when all domains are loaded."""
    banner_part(_received)


def _received(actor: Actor, patient: Patient) -> Mapping[str, Any]:
    """The way to what other systems sent, for those who may see it."""
    if not actor.may(SEE_RECEIVED):
        return {}
    url = reverse("patient-received", args=[patient.public_id])
    return {"links": (NavigationItem(key="received", label="Received", url=url, icon="inbox"),)}
