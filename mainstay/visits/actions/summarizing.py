"""The after-visit summary: set once, kept as it was handed over."""

from __future__ import annotations

import hashlib

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.printing import typeset
from mainstay.visits.models import Visit, VisitSummary
from mainstay.visits.permissions import CHECK_OUT
from mainstay.visits.queries.summary import summary_words

LANGUAGES = ("en", "es")


@transaction.atomic
def make_summary(*, actor: Actor, visit: Visit, language: str) -> VisitSummary:
    """Make the summary of a visit in English or Spanish and keep the very file that is handed over."""
    actor.may(CHECK_OUT).or_raise()
    if language not in LANGUAGES:
        raise InvalidInput("Choose English or Spanish.", field="language")
    pdf = typeset("mainstay.visits", "visit_summary.typ", summary_words(visit, language=language, now=actor.now))
    return VisitSummary.objects.create(
        visit=visit,
        language=language,
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        made_by_id=actor.staff_id,
        made_at=actor.now,
    )
