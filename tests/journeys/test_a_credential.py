"""A credential that ran out: the button says so and who could; the act is refused though it was on the screen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mainstay.authority.tests.factories import holds
from mainstay.foundation.models import OutboxEvent
from mainstay.foundation.testing import A_MOMENT
from mainstay.immunizations.models import VaccineDose, VaccinePreparation
from mainstay.immunizations.tests.giving import a_clinic, here_today, in_the_building, on_the_shelf, sign_off
from mainstay.inventory.models import Stock
from mainstay.visits.tests.factories import a_person
from mainstay.workforce.models import Credential

YESTERDAY = A_MOMENT.date() - timedelta(days=1)
WHY = "expired on 19 Nov 2026"


@pytest.fixture
def clinic(now):
    clinic = a_clinic("OH")
    lee = in_the_building(a_person("lee", "clinical_ma", home_site=clinic.site, title="CMA (AAMA)"))
    sign_off(lee, by=clinic.nurse)
    for staff in (clinic.maria, lee):
        holds(staff, "CMA_AAMA", A_MOMENT.date(), verifier=clinic.nurse)
    return clinic


@pytest.fixture
def visit(clinic):
    on_the_shelf(clinic, "MenQuadfi", number="MEN1")
    on_the_shelf(clinic, "Boostrix", number="BOO1")
    return here_today(clinic)


def given_a_vaccine_that_maria_may_prepare(maria, visit):
    maria.opens(f"/visits/{visit.public_id}/vaccines/")
    maria.ticks("Full name, said by the patient or parent").ticks("Date of birth").presses("This is the patient")
    assert maria.page.get_by_role("button", name="Prepare DTaP/Tdap/Td", exact=True).is_enabled()


def when_her_certificate_runs_out(clinic):
    Credential.objects.filter(staff=clinic.maria).update(expires_on=YESTERDAY)


def then_the_act_on_her_screen_is_refused_and_nothing_is_written(maria, visit):
    told = OutboxEvent.objects.count()
    maria.presses("Prepare DTaP/Tdap/Td")
    maria.reads(WHY).reads("Could:").reads("Lee")
    assert not VaccinePreparation.objects.exists() and not VaccineDose.objects.exists()
    assert set(Stock.objects.values_list("on_hand", flat=True)) == {10}
    assert OutboxEvent.objects.count() == told, "something was told of an act that was refused"


def and_the_button_says_why_and_who_could(maria, visit):
    maria.opens(f"/visits/{visit.public_id}/vaccines/")
    button = maria.page.get_by_role("button", name="Prepare DTaP/Tdap/Td")
    assert button.is_disabled() and "Lee" in maria.page.locator("#may").inner_text()
    maria.reads(WHY, within="#due").reads("Lee", within="#due")


def and_she_finds_it_among_what_she_may_do(maria):
    maria.opens("/may/").reads(WHY)


def test_an_expired_certificate_refuses_on_the_button_and_in_the_act(at_a_screen, clinic, visit):
    maria = at_a_screen(clinic.maria)
    given_a_vaccine_that_maria_may_prepare(maria, visit)
    when_her_certificate_runs_out(clinic)
    then_the_act_on_her_screen_is_refused_and_nothing_is_written(maria, visit)
    and_the_button_says_why_and_who_could(maria, visit)
    and_she_finds_it_among_what_she_may_do(maria)
