"""Which color a patient gets: never a namesake's while one is left, so that changing the chart is seen."""

from __future__ import annotations

from django.db.models import Count, Q

from mainstay.foundation.components.marks import HUES
from mainstay.people.matching import prefix_key, search_key
from mainstay.people.models import Patient


def color_for(patient: Patient) -> int:
    """A color, 0 to 11, that nobody called alike has; of those the one they have, then one few of the family have.

    Names are alike when they begin alike, chosen and former ones too. With more than twelve namesakes the rarest
    color is shared: it is never the only thing that tells two patients apart.
    """
    called = Q(sound_keys__overlap=_keys(patient.given_name, patient.chosen_name))
    family = Patient.objects.filter(sound_keys__overlap=_keys(patient.family_name)).exclude(pk=patient.pk)
    counts = family.values_list("hue").annotate(alike=Count("pk", filter=called), family=Count("pk"))
    shared = {hue: (alike, all_told) for hue, alike, all_told in counts}
    present = patient.hue if patient.pk else None
    start = patient.public_id.int % HUES

    def cost(hue: int) -> tuple[int, bool, int, int]:
        alike, all_told = shared.get(hue, (0, 0))
        return alike, hue != present, all_told, (hue - start) % HUES

    return min(range(HUES), key=cost)


def _keys(*names: str) -> list[str]:
    return [prefix_key(word) for word in search_key(*names).split()]
