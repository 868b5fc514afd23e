"""Which schedule governs what is due: editions there are, what the practice chose, where it goes its own way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db.models import QuerySet

from mainstay.foundation.errors import NotFound
from mainstay.immunizations.forecast import (
    DEFAULT_SCHEDULE,
    Edition,
    Header,
    Override,
    Schedule,
    SeasonOver,
    Standing,
    combined_schedule,
    load_schedule,
    schedule_names,
    seasons_over,
)
from mainstay.immunizations.models import ScheduleChoice, ScheduleEdition, ScheduleOverride, ScheduleStamp
from mainstay.immunizations.words import group_label


@dataclass(frozen=True, slots=True)
class NamedEdition:
    """An edition by its name, with the reason for its status when somebody gave one."""

    name: str
    edition: Edition
    status_reason: str = ""

    @property
    def header(self) -> Header:
        """Whose it is, which one, since when."""
        return self.edition.header

    @property
    def title(self) -> str:
        """Issuer and version."""
        return f"{self.header.issuer} {self.header.version}"

    @property
    def effective(self) -> date:
        """Since when it holds."""
        return date.fromisoformat(self.header.effective)

    def may_govern(self, on: date) -> bool:
        """Whether it is active, and effective on the day."""
        return self.header.status is Standing.ACTIVE and self.effective <= on


def editions() -> dict[str, NamedEdition]:
    """Every edition by name: those that ship, and those the practice recorded or whose status it changed."""
    found = {name: NamedEdition(name, Edition(load_schedule(name).header, name)) for name in schedule_names()}
    for row in ScheduleEdition.objects.order_by("pk"):
        header = Header(row.issuer, row.version, row.effective.isoformat(), Standing(row.status), row.source)
        found[row.name] = NamedEdition(row.name, Edition(header, row.table), row.status_reason)
    return found


def choices_in_force() -> QuerySet[ScheduleChoice]:
    """What the practice follows now, group by group; a group without a row follows the row of the empty group."""
    return ScheduleChoice.objects.filter(ended_at=None).select_related("chosen_by").order_by("group")


def past_choices() -> Sequence[ScheduleChoice]:
    """What it followed before, the latest first."""
    rows = ScheduleChoice.objects.exclude(ended_at=None).select_related("chosen_by", "ended_by")
    return list(rows.order_by("-ended_at")[:50])


def overrides_in_force() -> QuerySet[ScheduleOverride]:
    """The values the practice sets itself."""
    rows = ScheduleOverride.objects.filter(withdrawn_at=None).select_related("made_by")
    return rows.order_by("antigen", "series", "dose", "field")


def past_overrides() -> Sequence[ScheduleOverride]:
    """Values that were withdrawn, the latest first."""
    rows = ScheduleOverride.objects.exclude(withdrawn_at=None).select_related("made_by", "withdrawn_by")
    return list(rows.order_by("-withdrawn_at")[:50])


def override_for(public_id: UUID) -> ScheduleOverride:
    """One value the practice sets itself. Raises `NotFound`."""
    row = ScheduleOverride.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound("There is no such row.")
    return row


def governing_schedule() -> Schedule:
    """The schedule the practice follows, each vaccine group after the edition chosen for it. One statement.

    It is put together once for each change of the choices.
    """
    return _put_together(schedule_stamp())


def schedule_stamp() -> UUID | None:
    """What changes whenever the governing schedule does; None while nobody has changed anything."""
    return ScheduleStamp.objects.values_list("stamp", flat=True).first()


@lru_cache(maxsize=2)
def _put_together(stamp: UUID | None) -> Schedule:
    if stamp is None:
        return load_schedule()
    known = editions()
    chosen = {row.group: known[row.edition].edition for row in choices_in_force() if row.edition in known}
    default = chosen.pop("", known[DEFAULT_SCHEDULE].edition)
    rows = overrides_in_force().values_list("antigen", "series", "dose", "field", "value", "reason")
    return combined_schedule(default, chosen, [Override(*row) for row in rows])


@dataclass(frozen=True, slots=True)
class SeasonNotice:
    """That the season of some vaccine groups is over in an edition the practice follows, in words with what to do."""

    groups: tuple[str, ...]
    words: str


def seasons_that_ended(on: date) -> list[SeasonNotice]:
    """A notice for each edition in which a season has ended while the next one is on by the calendar. One statement."""
    schedule = governing_schedule()
    found: dict[str, list[SeasonOver]] = defaultdict(list)
    for item in seasons_over(schedule, on):
        if item.is_on_again:
            found[schedule.header_of(item.group).title].append(item)
    return [SeasonNotice(tuple(one.group for one in rows), _season_words(title, rows)) for title, rows in found.items()]


def _season_words(title: str, over: Sequence[SeasonOver]) -> str:
    named = "; ".join(
        f"{group_label(one.group)}{'' if one.is_whole else ' for some patients'}, {one.ended:%m/%d/%Y}" for one in over
    )
    return (
        f"The season {title} knows has ended ({named}), and the next one is on: nobody is listed as due for it. "
        "Follow a newer edition, or let the medical director set the new season (Admin, Vaccine schedules). "
        "Until then a clinician decides and signs an order."
    )
