"""What the domains above people put on the patient banner, and the pages of a chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import NoReverseMatch, reverse

from mainstay.chart.queries import allergies_in_brief
from mainstay.coverage.queries import coverage_in_brief
from mainstay.foundation.actor import Actor
from mainstay.foundation.components.frame import NavigationItem
from mainstay.interop.permissions import SEE_RECEIVED
from mainstay.people.models import Patient
from mainstay.people.queries import banner_part

PAGES = (
    # key, label, url name (with the patient's public id), permission
    ("chart", "Chart", "chart", "chart.read"),
    ("vitals", "Vitals", "chart-vitals", "chart.read"),
    ("growth", "Growth", "chart-growth", "chart.read"),
    ("documents", "Documents", "chart-documents", "chart.read"),
    ("visits", "Visits", "patient-visits", "visits.see_board"),
    ("vaccines", "Vaccines", "chart-vaccines", "chart.read"),
    ("registry", "Registry", "patient-registry", "interop.ask_registry"),
    ("forms", "Forms", "patient-forms", "forms.see"),
    ("coverage", "Coverage", "patient-coverage", "coverage.see"),
    ("who", "Who this is", "patient", "people.find"),
    ("received", "Received", "patient-received", SEE_RECEIVED),
)


def allergies(actor: Actor, patient: Patient) -> Mapping[str, Any]:
    """Allergies, never a default none."""
    return {"allergies": allergies_in_brief(patient, zone=actor.zone)}


def coverage(actor: Actor, patient: Patient) -> Mapping[str, Any]:
    """Coverage in one word."""
    brief = coverage_in_brief(patient, on=actor.today)
    return {"coverage": brief.word, "coverage_kind": brief.kind}


def photo(actor: Actor, patient: Patient) -> Mapping[str, Any]:
    """The photograph, if there is one; a new one has a new address."""
    if patient.photo_ref is None:
        return {}
    return {"photo_url": f"{reverse('patient-picture', args=[patient.public_id])}?{patient.photo_ref.hex[:8]}"}


def pages(actor: Actor, patient: Patient) -> Mapping[str, Any]:
    """The pages of this chart that exist and this person may open."""
    links = []
    for key, label, name, permission in PAGES:
        try:
            url = reverse(name, args=[patient.public_id])
        except NoReverseMatch:
            continue
        if actor.may(permission):
            links.append(NavigationItem(key, label, url))
    return {"links": tuple(links)}


def connect() -> None:
    """Let every part add to every banner; called once, when all domains are loaded."""
    for part in (photo, allergies, coverage, pages):
        banner_part(part)
