"""An adult physical for a child: said before a time is looked for, booked by the lead with the reason."""

from __future__ import annotations

from datetime import date

import pytest

from mainstay.scheduling.models import Appointment
from mainstay.scheduling.tests.factories import a_week
from mainstay.visits.tests.factories import a_patient, a_person, a_visit_type

BECAUSE = "The camp wants the adult form"


@pytest.fixture
def child(now):
    a_week(a_person("dana", "provider", licence="MD"))
    kind = a_visit_type("physical", "adult_physical")
    type(kind).objects.filter(pk=kind.pk).update(name="Adult physical", youngest="18y")
    a_visit_type("well-child", "well_child")
    return a_patient(birth_date=date(2019, 5, 1))


def when_the_physical_is_asked_for(somebody, child):
    somebody.opens(f"/schedule/find/?patient={child.public_id}")
    somebody.page.get_by_label("Kind of visit").select_option(label="Adult physical")
    somebody.page.locator("[name=reason]").fill("Camp form")
    somebody.presses("Show times").reads("Not the usual age for this visit")
    assert somebody.page.locator("input[name=slot]").count() == 0


def test_a_visit_for_another_age_is_booked_by_who_may_with_the_reason(at_a_screen, child):
    desk, lead = at_a_screen(a_person("lee", "administrative_ma")), at_a_screen(a_person("lena", "lead_ma"))
    desk.opens(f"/schedule/find/?patient={child.public_id}")
    kinds = desk.page.get_by_label("Kind of visit").locator("option").all_inner_texts()
    assert "Well-Child" in kinds and "Adult physical" not in kinds
    when_the_physical_is_asked_for(lead, child)
    lead.reads("the patient is 7 years old then")
    lead.types("Reason", BECAUSE).presses("Look for a time all the same").reads("Times that suit")
    lead.presses("Book").reads(BECAUSE)
    assert Appointment.objects.get().other_age_reason == BECAUSE
