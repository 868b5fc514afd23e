"""The schedule in a real browser: a call that is booked, a call that is an emergency, and axe on every page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from mainstay.foundation import clock
from mainstay.foundation.testing import EASTERN, an_actor
from mainstay.practice.models import Equipment, Room
from mainstay.scheduling import actions
from mainstay.scheduling.actions.waiting import Wanted
from mainstay.scheduling.models import Appointment
from mainstay.scheduling.tests.factories import a_patient, a_provider, a_site, a_visit_type, a_week, booked, local
from mainstay.work.models import WorkItem

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = (
    "--no-sandbox --disable-gpu --disable-background-networking"
    " --disable-component-update --disable-sync --no-first-run"
)
SIZES = [(1440, 900, "light"), (1024, 768, "dark")]
NAMES = ["Ana Ruiz", "Ben Cole", "Chi Nguyen", "Dee Park", "Eli Stone", "Fay Moss", "Gus Hart", "Ida Bell"]

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's Chromium is not installed: the journey is not walked"),
]


def next_weekday() -> date:
    """The next working day after today, at the site."""
    day = datetime.now(EASTERN).date() + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


@pytest.fixture
def clinic(monkeypatch) -> Appointment:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    system, day, site = an_actor(now=clock.now()), next_weekday(), a_site()
    kind = a_visit_type()
    type(kind).objects.filter(pk=kind.pk).update(
        name="Follow-up", instructions_en="Bring your medicines.", instructions_es="Traiga sus medicinas."
    )
    Room.objects.create(site=site, name="Procedure 1", kind="procedure")
    Equipment.objects.create(site=site, name="ECG cart", kind="ecg")
    people = [
        a_patient(f"10{n}", given_name=name.split()[0], family_name=name.split()[1], search_text=f" {name.lower()} ")
        for n, name in enumerate(NAMES)
    ]
    for n, title in enumerate(("okafor", "meyer", "lindgren", "santos")):
        doc = a_provider(title)
        a_week(doc)
        for k in range(6):
            booked(doc, local(day, 9) + timedelta(minutes=20 * n + 80 * k), patient=people[(2 * n + k) % 8])
    a_week(None)
    first = Appointment.objects.order_by("pk")[0]
    actions.confirm_appointment(actor=system, appointment=first)
    starts = datetime.combine(day, time(16), tzinfo=EASTERN)
    actions.take_time_off(
        actor=system, provider=first.provider, starts=starts, ends=starts + timedelta(hours=2), reason="Teaching"
    )
    actions.join_wait_list(actor=system, patient=people[7], visit_type=kind, wanted=Wanted(urgency="R4", note="Sooner"))
    actions.recall_patient(actor=system, patient=people[6], reason="A1c in three months", due_on=day)
    return first


@pytest.fixture
def page(clinic, client, live_server) -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    client.force_login(a_provider("lena", "lead_ma"))
    with sync_playwright() as player:
        chromium = player.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES.split())
        context = chromium.new_context(base_url=live_server.url)
        context.set_default_timeout(60_000)
        session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        context.add_cookies([session])
        yield context.new_page()
        chromium.close()


def test_a_call_is_booked_and_another_is_an_emergency(page, clinic):
    page.goto(reverse("schedule"))
    page.get_by_role("link", name="Book").first.click()
    page.locator("#who").fill("107")
    page.locator("#main").get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Book for").first.click()

    page.get_by_label("Kind of visit").select_option(label="Follow-up")
    page.get_by_label("Reason, in the caller's words").fill("blood pressure check")
    page.get_by_role("button", name="Show times").click()
    page.get_by_role("heading", name="Times that suit").wait_for()
    assert page.locator("input[name=slot]").count() == 3
    page.locator("form[action='/schedule/book/']").first.get_by_role("button", name="Book", exact=True).click()
    page.get_by_text("Bring your medicines.").wait_for()
    assert Appointment.objects.filter(reason="blood pressure check", state="booked").count() == 1

    page.goto(
        f"{reverse('find-slot')}?patient={Appointment.objects.get(reason='blood pressure check').patient.public_id}"
    )
    for said in ("crushing chest pain, my left arm hurts, sweating", "blood pressure check"):
        page.get_by_label("Kind of visit").select_option(label="Follow-up")
        page.get_by_label("Reason, in the caller's words").fill(said)
        with page.expect_navigation():
            page.get_by_role("button", name="Show times").click()
        page.get_by_text("Do not book").wait_for()
        assert page.locator("input[name=slot]").count() == 0
        assert WorkItem.objects.filter(kind="red_flag").count() == 1, "a red flag nobody answered stops every reason"


def urls_of(appointment: Appointment) -> list[str]:
    """Every page about time, with something on it."""
    day = appointment.during.lower.astimezone(EASTERN).date()
    patient = appointment.patient.public_id
    return [
        reverse("schedule") + f"?day={day}",
        reverse("schedule") + f"?day={day}&view=resources",
        reverse("schedule-week", args=[appointment.provider.public_id]) + f"?day={day}",
        reverse("schedule-print") + f"?day={day}",
        reverse("find-slot"),
        reverse("find-slot") + f"?patient={patient}",
        reverse("find-slot") + f"?patient={patient}&visit_type=follow-up",
        reverse("appointment", args=[appointment.public_id]) + "?booked=1&back=/schedule/",
        reverse("wait-list"),
        reverse("wait-list-join", args=[patient]),
        reverse("recalls"),
        reverse("recall-add", args=[patient]),
        reverse("templates"),
    ]


def test_axe_finds_nothing_on_any_page_about_time(page, clinic):
    from axe_playwright_python.sync_playwright import Axe

    for width, height, scheme in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        for url in urls_of(clinic):
            page.goto(url)
            wrong = Axe().run(page).response["violations"]
            assert not [(url, width, v["id"], [n["html"][:100] for n in v["nodes"]]) for v in wrong]
