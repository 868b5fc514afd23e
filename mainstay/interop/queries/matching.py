"""Whom of ours a message means."""

from __future__ import annotations

from mainstay.interop.hl7 import Segment, day_of
from mainstay.interop.models import RegistryConnection
from mainstay.interop.queries.reporting import REGISTRY_NUMBER
from mainstay.people.models import Patient
from mainstay.people.queries import patient_by_identifier

_SEX = {"F": "female", "M": "male"}


def patient_meant(pid: Segment) -> Patient | None:
    """The patient a PID means: by our number, by the registry's, else the only one of that name, birth day and sex."""
    ours = set(RegistryConnection.objects.values_list("authority", flat=True))
    for repetition in pid.tree(3):
        parts = [*(part[0] for part in repetition), *[""] * 5]
        number, authority = parts[0].strip(), parts[3]
        if not number or "\0" in number + authority:
            continue
        if authority in ours and (found := Patient.objects.filter(mrn=number).first()):
            return _kept(found)
        if found := patient_by_identifier(f"{REGISTRY_NUMBER}{authority}", number):
            return _kept(found)
    return _by_name(pid)


def _by_name(pid: Segment) -> Patient | None:
    born = day_of(pid.text(7))
    names = (pid.text(5).strip(), pid.text(5, 2).strip())
    if born is None or not all(names) or any("\0" in name for name in names):
        return None
    found = Patient.objects.filter(
        family_name__iexact=names[0], given_name__iexact=names[1], birth_date=born, merged_into=None
    )
    if sex := _SEX.get(pid.text(8)):
        found = found.filter(sex__in=[sex, "unknown"])
    both = list(found[:2])
    return both[0] if len(both) == 1 else None


def _kept(patient: Patient) -> Patient:
    for _ in range(10):
        if patient.merged_into is None:
            break
        patient = patient.merged_into
    return patient
