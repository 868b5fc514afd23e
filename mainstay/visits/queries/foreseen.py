"""What a visit will ask for, before anybody has arrived."""

from __future__ import annotations

from dataclasses import dataclass

from mainstay.visits.models import Visit
from mainstay.visits.playbooks import playbooks, screenings_due, select_steps, supplies_needed
from mainstay.visits.queries.traits import traits_of


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The steps a visit's playbook asks for, what to have ready, and which screenings are due."""

    steps: tuple[str, ...]
    supplies: tuple[str, ...]
    screenings: tuple[str, ...]


def foreseen(visit: Visit) -> Foreseen:
    """What the playbook of a visit foresees for its patient on its day; nothing for a playbook that is unknown."""
    traits = traits_of(visit.patient, on=visit.day)
    due = tuple(s.title for s in screenings_due(traits, on=visit.day))
    playbook = playbooks().get(visit.visit_type.playbook)
    if playbook is None:
        return Foreseen((), (), due)
    steps = select_steps(playbook, traits, on=visit.day)
    asked = tuple(s.title for s in steps if s.stage in ("measure", "collect", "give"))
    return Foreseen(asked, supplies_needed(steps), due)
