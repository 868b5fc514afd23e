"""The draft of a VAERS report: everything the chart knows stands in it, under the numbers of the form."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from pypdf import PdfReader

from mainstay.chart.models import Allergy, Medication, Problem
from mainstay.foundation.testing import A_MOMENT
from mainstay.immunizations import actions
from mainstay.immunizations.models import VaccineDose, VaccineWatch
from mainstay.immunizations.queries.vaers import vaers_words
from mainstay.immunizations.tests.giving import TODAY, given, here_today, on_the_shelf

pytestmark = pytest.mark.django_db
TDAP = "DTaP/Tdap/Td"


@pytest.fixture
def reaction(clinic):
    """A faint of somebody with a history."""
    visit = here_today(clinic, race=["2106-3"], ethnicity="2135-2")
    patient = visit.patient
    Medication.objects.create(patient=patient, name="Lisinopril", dose="10 mg", frequency="daily", status="active")
    Allergy.objects.create(patient=patient, substance="Penicillin", reaction="hives")
    Problem.objects.create(patient=patient, code="I10", text="Hypertension", status="active")
    VaccineDose.objects.create(patient=patient, cvx="140", given_on=TODAY - timedelta(days=10), lot_number="FLU9")
    VaccineDose.objects.create(patient=patient, cvx="141", given_on=date(2020, 10, 1), lot_number="LONGAGO")
    given(clinic, visit, TDAP, on_the_shelf(clinic, "Boostrix", number="TD77"))
    return actions.notice_reaction(
        actor=clinic.acting(now=A_MOMENT + timedelta(minutes=9)), watch=VaccineWatch.objects.get(), seen=["faint"]
    )


def test_everything_the_chart_knows_stands_under_its_number(clinic, reaction):
    rows = dict(row for part in vaers_words(reaction, now=A_MOMENT)["parts"] for row in part["rows"])
    assert rows["1. Patient"] == "Jo Doe" and rows["2. Date of birth"] == "02/03/1980"
    assert rows["5. Date and time the adverse event started"] == "11/20/2026, 9:09 am"
    assert rows["7. Today's date"] == "11/20/2026" and rows["8. Pregnant at the time"] == "No"
    assert rows["9. Medicines at the time"] == "Lisinopril 10 mg daily"
    assert rows["10. Allergies"] == "Penicillin (hives)"
    assert rows["11. Other illness then and in the month before"] == "No"
    assert rows["12. Chronic or long-standing conditions"] == "Hypertension"
    assert rows["13. Form filled in by"] == "Maria Test" and "12 Main St" in rows["15. Facility"]
    assert rows["17. Boostrix"] == "SKB, lot TD77, IM, left deltoid, dose 1, given by Maria Test"
    assert rows["18. Description of the event"].startswith("9 minutes after vaccination (9:09 am): faint")
    assert "FLU9" in rows["22. Other vaccines in the month before"]
    assert "LONGAGO" not in rows["22. Other vaccines in the month before"]
    assert rows["23. Adverse events after earlier vaccines"] == "No"
    assert (rows["24. Race"], rows["25. Ethnicity"]) == ("White", "Hispanic or Latino")


def test_every_reaction_has_its_draft_whether_it_must_be_reported_or_not(client, clinic, reaction, monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT + timedelta(minutes=10))
    client.force_login(clinic.maria)
    visit = reaction.watch.vaccination.visit
    draft = f"/visits/{visit.public_id}/vaccines/watch/{reaction.public_id}/vaers.pdf"
    assert draft in client.get(f"/visits/{visit.public_id}/vaccines/").content.decode()
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(client.get(draft).content)).pages)
    assert "Lisinopril" in text and "TD77" in text and "Penicillin" in text
