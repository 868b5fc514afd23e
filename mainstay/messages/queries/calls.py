"""Calls: one call, what is known about it, who could take it over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import NotFound
from mainstay.messages.models import Call
from mainstay.messages.permissions import TAKE_CALLS
from mainstay.messages.queries.facts import facts_about
from mainstay.messages.red_flags import Facts
from mainstay.messages.rules import categories
from mainstay.messages.rules_calls import FACTS_TOPIC, OPENING, CallBand, judge_call
from mainstay.workforce.models import Presence, Staff

CLINICIANS = ["nurse", "provider", "medical_director"]
PREGNANT, IMMUNE, OPERATED, AGAIN, WORRIED = "pregnant", "immunosuppressed", "operated", "again", "worried"


def call_for(actor: Actor, public_id: UUID) -> Call:
    """One call. Raises `NotPermitted` and `NotFound`."""
    actor.may(TAKE_CALLS).or_raise()
    related = ("patient", "answered_by", "site", "caller", "warm_transfer_to", "second_person", "closed_by")
    call = Call.objects.select_related(*related).filter(public_id=public_id).first()
    if call is None:
        raise NotFound("There is no such call.")
    return call


def unfinished_calls(actor: Actor) -> Sequence[Call]:
    """The calls this person took and has not documented yet, oldest first."""
    mine = Call.objects.filter(answered_by_id=actor.staff_id, ended_at=None)
    return list(mine.select_related("patient").order_by("started_at"))


def recent_calls(actor: Actor, *, limit: int = 20) -> Sequence[Call]:
    """The latest calls of this site."""
    rows = Call.objects.select_related("patient", "answered_by").order_by("-started_at")
    return list((rows.filter(site_id=actor.site_id) if actor.site_id else rows)[:limit])


def answers_of(call: Call) -> Mapping[str, Mapping[str, str]]:
    """The latest answer to every question of a call, by topic and question."""
    found: dict[str, dict[str, str]] = {}
    for row in call.answers.order_by("pk"):
        found.setdefault(row.topic, {})[row.question] = row.answer
    return found


def facts_of(call: Call, said: Mapping[str, str]) -> Facts:
    """What is known about the patient and the call; `said` are the answers about the caller's body and worry."""
    again = 0.0 if said.get(AGAIN) == "yes" else None
    if again is None and call.patient_id and call.category in ("SYM", "MED"):
        earlier = Call.objects.filter(patient_id=call.patient_id, category=call.category, pk__lt=call.pk)
        last = earlier.order_by("-started_at").values_list("started_at", flat=True).first()
        again = (call.started_at - last).total_seconds() / 3600 if last else None
    day = call.started_at.astimezone(call.site.zone if call.site else UTC).date()
    chart = facts_about(call.patient, at=call.started_at, on=day)
    pregnant = {"yes": True, "no": False, "unsure": True}.get(said.get(PREGNANT, ""), chart.is_pregnant)
    return replace(
        chart,
        is_pregnant=pregnant,
        is_immunosuppressed=chart.is_immunosuppressed or said.get(IMMUNE) in ("yes", "unsure"),
        days_since_operation=0 if said.get(OPERATED) in ("yes", "unsure") else chart.days_since_operation,
        hours_since_same_problem=again,
        caller_is_worried=said.get(WORRIED) == "yes",
    )


def band_of_call(call: Call) -> CallBand:
    """How urgent a call is by everything said so far."""
    answers = answers_of(call)
    facts = facts_of(call, answers.get(FACTS_TOPIC, {}))
    category = categories().get(call.category)
    asked = {q: a for topic, said in answers.items() if topic not in (OPENING, FACTS_TOPIC) for q, a in said.items()}
    return judge_call(
        emergency=answers.get(OPENING, {}).get(OPENING, ""),
        answers=asked,
        words=f"{call.words} {call.onset}",
        category_is_banded=category.is_banded and category.needs_disposition if category else False,
        facts=facts,
    )


def clinicians_at(actor: Actor) -> QuerySet[Staff]:
    """Nurses and providers of this site, those who are here now first."""
    here = Presence.objects.filter(staff=OuterRef("pk"), until=None)
    rows = Staff.objects.filter(is_active=True, roles__overlap=CLINICIANS).annotate(is_here=Exists(here))
    if actor.site_id:
        rows = rows.filter(Q(home_site_id=actor.site_id) | Q(sites=actor.site_id)).distinct()
    return rows.order_by("-is_here", "family_name", "given_name")


def colleagues_at(actor: Actor) -> QuerySet[Staff]:
    """Everybody else at this site."""
    rows = Staff.objects.filter(is_active=True).exclude(pk=actor.staff_id)
    if actor.site_id:
        rows = rows.filter(Q(home_site_id=actor.site_id) | Q(sites=actor.site_id)).distinct()
    return rows.order_by("family_name", "given_name")
