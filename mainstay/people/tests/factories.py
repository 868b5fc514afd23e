"""Valid people for tests."""

from __future__ import annotations

from datetime import date

from mainstay.foundation.findings import Confirmations
from mainstay.foundation.testing import an_actor
from mainstay.people import actions
from mainstay.people.models import Patient
from mainstay.people.rules import Demographics
from mainstay.workforce.models import Staff

MARIA = Demographics(given_name="Maria", family_name="Hernandez", birth_date=date(1984, 3, 5), sex="female")
ONE_PERSON = Confirmations({"unlike-people": "Compared with their papers"})
DIFFERENT = Confirmations({"likely-duplicate": "Looked at both charts: another person"})


def a_staff_member(username: str = "dana", roles: tuple[str, ...] = ("clinical_ma",)) -> Staff:
    """Somebody who works here."""
    return Staff.objects.create(
        username=username,
        given_name=username.title(),
        family_name="Whitfield",
        shown_name=f"{username.title()} W.",
        roles=list(roles),
    )


def a_patient(demographics: Demographics = MARIA, *, phone: str = "", mrn: str = "") -> Patient:
    """Somebody registered here, reachable by `phone`."""
    actor = an_actor()
    patient = actions.register_patient(actor=actor, demographics=demographics, mrn=mrn, confirmed=DIFFERENT)
    if phone:
        reach = actions.Reach(channel="phone", value=phone, can_leave_voicemail=True)
        actions.add_contact_point(actor=actor, patient=patient, reach=reach)
    return patient
