"""FHIR R4 as it comes in: reading files, checking shapes, and turning resources into arguments of our actions."""
