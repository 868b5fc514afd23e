"""Leaflets on offer, and those a patient got."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from mainstay.forms.leaflets import Leaflet, leaflets, nearest
from mainstay.forms.models import LeafletGiven
from mainstay.forms.texts import phrases
from mainstay.foundation.components.timing import spell_date
from mainstay.foundation.errors import NotFound
from mainstay.people.models import Patient
from mainstay.practice.models import Practice


def leaflets_offered(language: str = "en") -> list[Leaflet]:
    """Every leaflet in one language, by title."""
    spoken = nearest(language)
    return sorted((p for (_, said), p in leaflets().items() if said == spoken), key=lambda paper: paper.title)


def leaflet_named(code: str, language: str) -> Leaflet:
    """One leaflet in one language. Raises `NotFound`."""
    if (found := leaflets().get((code, language))) is None:
        raise NotFound("There is no such leaflet.")
    return found


def leaflets_given(patient: Patient) -> QuerySet[LeafletGiven]:
    """The leaflets a patient got, newest first."""
    rows = LeafletGiven.objects.filter(patient=patient, is_withdrawn=False).select_related("given_by")
    return rows.order_by("-given_at")


def leaflet_given(patient: Patient, public_id: object) -> LeafletGiven:
    """One leaflet a patient got. Raises `NotFound`."""
    if (found := leaflets_given(patient).filter(public_id=public_id).first()) is None:
        raise NotFound("There is no such leaflet.")
    return found


def leaflet_words(paper: Leaflet) -> dict[str, Any]:
    """A leaflet ready to be set on paper."""
    say = phrases(paper.language)
    return {
        "lang": paper.language,
        "title": paper.title,
        "practice": Practice.objects.values_list("name", flat=True).first() or "",
        "sections": [
            {"title": say["do"], "items": list(paper.do)},
            {"title": say["call"], "items": list(paper.call)},
            {"title": say["emergency"], "items": list(paper.emergency)},
        ],
        "footer": say["version"].format(version=spell_date(paper.version)),
    }
