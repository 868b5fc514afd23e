"""Who acts: handed to every action, rule and query that asks who, where or when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from mainstay.foundation.decisions import YES, Decision
from mainstay.foundation.permissions import refused_to_role


@dataclass(frozen=True, slots=True)
class Actor:
    """One person (or the system itself) at one site at one moment.

    `staff_id` is None for the system: the worker, an import, the demo seed.
    `now` is aware; `zone` is the site's; `today` is the site's day.
    """

    staff_id: int | None
    name: str
    permissions: frozenset[str]
    now: datetime
    zone: ZoneInfo
    roles: frozenset[str] = frozenset()
    site_id: int | None = None
    session: str = ""
    all_permissions: bool = False

    @property
    def today(self) -> date:
        """The calendar day at the actor's site."""
        return self.now.astimezone(self.zone).date()

    def may(self, permission: str) -> Decision:
        """Role only: whether this person may use this function."""
        if self.all_permissions or permission in self.permissions:
            return YES
        return refused_to_role(permission)

    def at(self, moment: datetime) -> Actor:
        """The same person at another moment."""
        return replace(self, now=moment)


def the_system(*, now: datetime, zone: ZoneInfo, name: str = "Mainstay") -> Actor:
    """The system acting by itself: the worker, an import, the demo seed."""
    return Actor(staff_id=None, name=name, permissions=frozenset(), now=now, zone=zone, all_permissions=True)
