"""What people look up about forms and leaflets."""

from mainstay.forms.leaflets import Leaflet
from mainstay.forms.queries.due import PaperDue, facts_of, interpreter_is_needed, papers_due, standing_form
from mainstay.forms.queries.leaflets import (
    leaflet_given,
    leaflet_named,
    leaflet_words,
    leaflets_given,
    leaflets_offered,
)
from mainstay.forms.queries.papers import blank_words, form_words
from mainstay.forms.queries.responses import (
    SignerChoice,
    consent_findings,
    forms_of,
    forms_offered,
    forms_to_hand_over,
    patient_is_minor,
    proxy_named,
    response_for,
    responses_named,
    signers_of,
)

__all__ = [
    "Leaflet",
    "PaperDue",
    "SignerChoice",
    "blank_words",
    "consent_findings",
    "facts_of",
    "form_words",
    "forms_of",
    "forms_to_hand_over",
    "forms_offered",
    "interpreter_is_needed",
    "leaflet_given",
    "leaflet_named",
    "leaflet_words",
    "leaflets_given",
    "leaflets_offered",
    "papers_due",
    "patient_is_minor",
    "proxy_named",
    "response_for",
    "responses_named",
    "signers_of",
    "standing_form",
]
