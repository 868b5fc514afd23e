"""The main pages on a tablet in the dark and at twice the size: nothing sticks out, fingers hit, words can be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from mainstay.foundation.testing import A_MOMENT
from mainstay.messages.actions import receive_message
from mainstay.practice.models import Site
from mainstay.visits import actions as visits
from mainstay.visits.actions.checking_in import ArrivalScreen, DeskCheck
from mainstay.visits.tests.factories import a_patient, a_person, a_room, a_visit, acting_as
from mainstay.workforce.models import Staff

EVERYTHING = ("clinical_ma", "administrative_ma", "lead_ma", "provider", "manager", "administrator")
PAGES = (
    "/board/", "/board/?show=all", "/visits/{visit}/", "/visits/{visit}/check-out/", "/visits/{coming}/check-in/",
    "/rooming/{visit}/", "/schedule/", "/schedule/?view=resources", "/schedule/week/{person}/", "/schedule/find/",
    "/schedule/wait-list/", "/schedule/recalls/", "/schedule/templates/", "/patients/", "/patients/register/",
    "/patients/{patient}/", "/patients/{patient}/chart/", "/patients/{patient}/vitals/", "/patients/{patient}/growth/",
    "/patients/{patient}/vaccines/", "/patients/{patient}/coverage/", "/patients/{patient}/forms/",
    "/patients/{patient}/documents/file/", "/work/", "/work/expectations/", "/messages/", "/messages/{thread}/",
    "/calls/new/", "/huddle/", "/end-of-day/", "/orders/", "/orders/standing/", "/vaccines/due/", "/stock/",
    "/stock/receive/", "/may/", "/me/", "/staff/", "/shifts/", "/registries/", "/registries/messages/", "/imports/",
    "/admin/", "/settings/sites/", "/settings/visit-types/", "/settings/overrides/", "/admin/vaccine-schedules/",
)  # fmt: skip
TABLET, TWICE_THE_SIZE = {"width": 1024, "height": 768}, {"width": 512, "height": 384}
EVERY = 6
"""Of so many pages one is looked at by axe for contrast in the dark: they share their style sheets."""
WRONG = """() => {
  const wrong = [], name = (e) => e.tagName.toLowerCase() + " " + (e.innerText || e.name || "").trim().slice(0, 30);
  if (document.documentElement.scrollWidth > innerWidth) {
    const out = [...document.querySelectorAll("main *")].find((e) => e.getBoundingClientRect().right > innerWidth + 1);
    wrong.push(`scrolls sideways: ${out ? out.outerHTML.slice(0, 90) : "?"}`);
  }
  const seen = (e) => { const b = e.getBoundingClientRect(); return b.width > 2 && b.height > 2 ? b : null; };
  const controls = "main .button, main select, main textarea, main summary, .filters a, .banner-links a, .rail a, " +
    "main input:not([type=hidden], [type=checkbox], [type=radio])";
  for (const e of document.querySelectorAll(controls)) {
    const box = seen(e);
    if (!box) continue;
    if (box.height < 43.5) wrong.push(`${name(e)}: ${Math.round(box.height)} px high`);
    if (box.right > innerWidth + 1 && !e.closest(".table-scroll, .scrolls")) wrong.push(`${name(e)}: sticks out`);
  }
  return wrong;
}"""


@pytest.fixture
def places(now) -> dict[str, object]:
    """A clinic where something of everything is going on, as the names of addresses."""
    me = acting_as(a_person("dana", *EVERYTHING))
    visit, coming = (
        a_visit(),
        a_visit(
            patient=a_patient("100002", family_name="Featherstonehaugh-Montgomery"),
            starts=A_MOMENT + timedelta(hours=1),
        ),
    )
    visit = visits.mark_arrived(actor=me, visit=visit)
    check = DeskCheck(identifiers=["name", "birth_date"], demographics_confirmed=True, card_seen=True)
    visit = visits.check_in_patient(
        actor=me, visit=visit, check=check, screen=ArrivalScreen({"fever": "no", "rash": "no", "cough": "no"})
    )
    visits.room_patient(actor=me, visit=visit, room=a_room("4"))
    said = receive_message(
        actor=me,
        patient=visit.patient,
        text="My chest feels tight when I climb the stairs.",
        category="SYM",
        channel="portal",
        site=Site.objects.get(),
    )
    return {
        "visit": visit.public_id,
        "coming": coming.public_id,
        "patient": visit.patient.public_id,
        "thread": said.public_id,
        "person": a_person("patel", "provider").public_id,
    }


@pytest.fixture
def page(chromium, live_server, places) -> Iterator[object]:
    client = Client()
    client.force_login(Staff.objects.get(username="dana"))
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context = chromium.new_context(viewport=TABLET, has_touch=True, color_scheme="dark", bypass_csp=True)
    context.set_default_timeout(60_000)
    context.add_cookies([cookie])
    yield context.new_page()
    context.close()


def test_the_main_pages_fit_a_tablet_and_twice_the_size(page, live_server, places):
    from axe_playwright_python.sync_playwright import Axe

    wrong: list[str] = []
    for number, path in enumerate(PAGES):
        page.set_viewport_size(TABLET)
        answer = page.goto(live_server.url + path.format(**places))
        if answer.status != 200:
            wrong.append(f"{path}: {answer.status}")
            continue
        wrong += [f"{path} on a tablet: {words}" for words in page.evaluate(WRONG)]
        if number % EVERY == 0:
            found = Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
            wrong += [f"{path}: contrast of {node['html'][:90]}" for one in found for node in one["nodes"]]
        page.set_viewport_size(TWICE_THE_SIZE)
        wrong += [f"{path} at twice the size: {words}" for words in page.evaluate(WRONG)]
    assert wrong == []
