"""People's pages in a real browser: a new patient from the search to the chart, and axe on every page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

from mainstay.foundation import clock
from mainstay.foundation.testing import an_actor
from mainstay.people import actions
from mainstay.people.models import Patient
from mainstay.people.tests.factories import MARIA, a_patient, a_staff_member

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = (
    "--no-sandbox --disable-gpu --disable-background-networking"
    " --disable-component-update --disable-sync --no-first-run"
)
SIZES = [(1440, 900, "light"), (1024, 768, "dark")]

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's Chromium is not installed: the journey is not walked"),
]


@pytest.fixture
def maria(monkeypatch) -> Patient:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    system = an_actor(now=clock.now())
    maria = a_patient(replace(MARIA, language="es"), phone="512-555-0134")
    actions.note_need(actor=system, patient=maria, kind="interpreter")
    actions.note_alert(actor=system, patient=maria, text="Latex: use nitrile gloves")
    relation = actions.Relation("Carlos Hernandez", "husband", phone="512 555 0177", is_emergency_contact=True)
    actions.add_related_person(actor=system, patient=maria, relation=relation)
    return maria


@pytest.fixture
def page(maria, client, live_server) -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    client.force_login(a_staff_member("dana", ("manager", "medical_director")))
    with sync_playwright() as player:
        chromium = player.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES.split())
        context = chromium.new_context(base_url=live_server.url)
        context.set_default_timeout(60_000)
        session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        context.add_cookies([session])
        yield context.new_page()
        chromium.close()


def test_a_caller_is_looked_for_found_to_be_new_registered_and_not_registered_twice(page, maria):
    page.goto(reverse("patients"))
    page.locator("#find").fill("delgado rosa")
    page.get_by_text("Nobody found").wait_for()
    page.get_by_role("link", name="Register a patient").last.click()

    page.get_by_label("Given name").fill("Maria")
    page.get_by_label("Family name").fill("Hernandes")
    page.get_by_label("Date of birth").fill("3/5/84")
    page.get_by_label("Date of birth").press("Tab")
    page.get_by_text("Most likely the same").wait_for()
    page.get_by_role("button", name="Register").click()
    page.locator(".error-summary").wait_for()
    assert page.title().startswith("Error:")
    assert Patient.objects.count() == 1

    page.get_by_label("Given name").fill("Rosa")
    page.get_by_label("Family name").fill("Delgado")
    page.get_by_label("Date of birth").fill("12 jun 1966")
    page.get_by_role("button", name="Register").click()
    page.get_by_role("heading", name="Who this is").wait_for()
    assert page.locator(".banner").get_by_text("06/12/1966").is_visible()
    rosa = Patient.objects.get(given_name="Rosa")
    assert rosa.birth_date == date(1966, 6, 12)

    page.keyboard.press("/")
    page.keyboard.type("hernandez 3/5")
    page.locator("#search-suggestions").get_by_text("Maria Hernandez").click()
    page.get_by_text("Latex: use nitrile gloves").first.wait_for()


def test_axe_finds_nothing_on_any_page_about_people(page, maria):
    from axe_playwright_python.sync_playwright import Axe

    mary = a_patient(replace(MARIA, given_name="Mary"))
    names = ["patient", "patient-demographics", "patient-changes", "patient-access", "patient-duplicates"]
    urls = [reverse(name, args=[maria.public_id]) for name in names]
    urls += [reverse("patient-add", args=[maria.public_id, section]) for section in ("reach", "person", "need")]
    urls += [reverse("merge-patients", args=[maria.public_id, mary.public_id]), reverse("patients") + "?q=hern"]
    urls += [reverse("patients"), reverse("register-patient"), reverse("broken-glass")]
    for width, height, scheme in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        for url in urls:
            page.goto(url)
            wrong = Axe().run(page).response["violations"]
            assert not [(url, width, v["id"], [n["html"][:100] for n in v["nodes"]]) for v in wrong]
