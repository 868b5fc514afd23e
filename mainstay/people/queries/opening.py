"""Opening a chart: load, authorize and log in one call."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse

from mainstay.foundation.access import log_read
from mainstay.foundation.actor import Actor
from mainstay.foundation.compiled import compiled, the_first
from mainstay.foundation.decisions import YES, Decision, no
from mainstay.foundation.errors import NotFound
from mainstay.people.errors import ChartClosed
from mainstay.people.models import BreakGlass, Patient
from mainstay.people.permissions import BREAK_GLASS, FIND, OPEN_CONFIDENTIAL

LONGEST_CHAIN = 10
WHO_COULD = ("A provider", "you, by breaking the glass with a reason")


def open_chart(actor: Actor, public_id: UUID, *, what: str = "chart") -> Patient:
    """The patient of this public id, for this actor, with the look written into the access log.

    A merged chart answers with the chart it became (compare `public_id` and redirect). Raises `NotFound`,
    `NotPermitted`, or `ChartClosed` when it is confidential and no glass is broken.
    """
    actor.may(FIND).or_raise()
    patient = patient_named(public_id)
    reason = ""
    if patient.is_confidential:
        glass = _broken_glass(actor, patient).first()
        reason = glass.reason if glass else ""
        if not (decision := may_open(actor, patient)):
            raise _closed(patient, decision)
    log_read(actor, kind="patient", subject=patient.public_id, what=what, reason=reason)
    return patient


def patient_named(public_id: UUID) -> Patient:
    """The patient of a public id, following merges to the chart that is kept; neither authorized nor logged."""
    patient = the_first(_named(public_id))
    for _ in range(LONGEST_CHAIN):
        if patient is None or patient.withdrawn_at is not None:
            raise NotFound("There is no such patient.")
        if patient.merged_into_id is None:
            return patient
        patient = Patient.objects.filter(pk=patient.merged_into_id).first()
    raise NotFound("There is no such patient.")


@compiled
def _named(public_id: UUID) -> QuerySet[Patient]:
    return Patient.objects.filter(public_id=public_id)


def may_open(actor: Actor, patient: Patient) -> Decision:
    """Whether this actor may open this chart now."""
    if not (decision := actor.may(FIND)):
        return decision
    if not patient.is_confidential or actor.may(OPEN_CONFIDENTIAL) or _broken_glass(actor, patient).exists():
        return YES
    reason = "This chart is confidential."
    return no(reason, citation="45 CFR 164.308(a)(4)", who_could=WHO_COULD if actor.may(BREAK_GLASS) else WHO_COULD[:1])


def _broken_glass(actor: Actor, patient: Patient) -> QuerySet[BreakGlass]:
    return BreakGlass.objects.filter(
        patient=patient, staff_id=actor.staff_id, opened_at__lte=actor.now, closes_at__gt=actor.now
    ).order_by("-opened_at")


def _closed(patient: Patient, decision: Decision) -> ChartClosed:
    error = ChartClosed(decision.reason, decision=decision)
    if "breaking" in " ".join(decision.who_could):
        try:
            error.way_url = reverse("break-glass", args=[patient.public_id])
            error.way_label = "Open it with a reason"
        except NoReverseMatch:
            error.way_url = ""
    return error
