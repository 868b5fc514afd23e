"""Which number to dial for each of many patients, and what holds for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mainstay.foundation.phones import spell_phone
from mainstay.people.models import Channel, ContactPoint


@dataclass(frozen=True, slots=True)
class NumberToCall:
    """The number to dial, as people read it; whether no other may be used, and whether a voicemail may be left."""

    shown: str
    is_the_only_one: bool
    may_leave_voicemail: bool


def numbers_to_call(patient_ids: Iterable[int]) -> dict[int, NumberToCall]:
    """The number to call by patient, the confidential one where there is one; who has none is left out.

    One statement, however many patients.
    """
    rows = ContactPoint.objects.filter(patient_id__in=set(patient_ids), channel=Channel.PHONE, is_withdrawn=False)
    found: dict[int, NumberToCall] = {}
    for row in rows.order_by("-is_confidential", "rank", "pk"):
        number = NumberToCall(spell_phone(row.value), row.is_confidential, row.can_leave_voicemail)
        found.setdefault(row.patient_id, number)
    return found
