"""From-functions: one FHIR resource becomes the arguments of one of our actions, or says why it is only kept."""

from mainstay.interop.fhir.incoming.lists import from_allergy, from_condition, from_medication, from_procedure
from mainstay.interop.fhir.incoming.observation import from_observation
from mainstay.interop.fhir.incoming.papers import from_document_reference, from_report, has_papers
from mainstay.interop.fhir.incoming.patient import PersonSent, from_patient
from mainstay.interop.fhir.incoming.visits import EncounterSent, from_encounter, from_immunization
from mainstay.interop.fhir.incoming.words import NotModelled, Resolve, nothing_else

__all__ = [
    "EncounterSent",
    "NotModelled",
    "PersonSent",
    "Resolve",
    "from_allergy",
    "from_condition",
    "from_document_reference",
    "from_encounter",
    "from_immunization",
    "from_medication",
    "from_observation",
    "from_patient",
    "from_procedure",
    "from_report",
    "has_papers",
    "nothing_else",
]
