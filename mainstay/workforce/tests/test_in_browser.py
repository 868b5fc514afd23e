"""Signing in in a real browser: a passkey, a colleague's PIN, a screen nobody watches; axe on each page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import reverse

from mainstay.workforce import actions
from mainstay.workforce.models import StaffSession, Workstation
from mainstay.workforce.tests.factories import PASSWORD, PIN, a_person, acting_as, held_by

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = (
    "--no-sandbox --disable-gpu --disable-background-networking"
    " --disable-component-update --disable-sync --no-first-run"
)
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's Chromium is not installed: the journey is not walked"),
]


@pytest.fixture
def page(monkeypatch, live_server) -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    a_person("ann", "clinical_ma")
    with sync_playwright() as player:
        chromium = player.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES.split())
        page = chromium.new_context(base_url=live_server.url.replace("127.0.0.1", "localhost")).new_page()
        page.set_default_timeout(60_000)
        yield page
        chromium.close()


def sign_in(page, name="ann"):
    page.get_by_label("Name you sign in with").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page):
    page.locator("summary", has=page.locator(".person-name")).click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_label("Password").wait_for()


def test_a_passkey_is_made_and_then_opens_alone_and_as_the_second_step(page):
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    page.goto("/sign-in/?next=/me/second-factor/")
    sign_in(page)
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url("**/me/?added=passkey")
    sign_out(page)
    page.goto("/sign-in/?next=/staff/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/staff/")
    sign_out(page)
    page.goto("/sign-in/?next=/shifts/")
    sign_in(page)
    page.wait_for_url("**/sign-in/second/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/shifts/")
    assert list(StaffSession.objects.order_by("pk").values_list("how", flat=True)) == ["password", "passkey", "passkey"]


def test_two_people_share_a_workstation_by_pin_and_each_finds_their_own_page(page, live_server):
    boss = a_person("boss", "manager")
    place, secret = actions.register_workstation(
        actor=acting_as(boss), site=boss.home_site, name="Room 3", idle_minutes=5
    )
    cookie = {"name": "workstation", "value": f"{place.public_id}.{secret}", "domain": "localhost", "path": "/"}
    page.context.add_cookies([cookie])
    a_person("bea", "clinical_ma")
    page.goto("/sign-in/?next=/shifts/")
    sign_in(page)
    page.locator("summary", has=page.locator(".person-name")).click()
    page.get_by_role("link", name="Switch person").click()
    page.get_by_role("link", name="Somebody else").click()
    sign_in(page, "bea")
    page.goto("/staff/")
    page.locator("summary", has=page.locator(".person-name")).click()
    page.get_by_role("link", name="Switch person").click()
    page.get_by_role("link", name="Ann").click()
    page.get_by_label("PIN or password").fill(PIN)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/shifts/")
    assert "Ann" in page.locator(".person-name").inner_text()


def test_a_screen_nobody_watches_locks_by_itself_and_comes_back(page):
    page.clock.install()
    page.goto("/sign-in/?next=/staff/")
    sign_in(page)
    page.wait_for_url("**/staff/")
    page.clock.fast_forward("09:30")
    page.get_by_text("This screen locks in a minute").wait_for()
    page.clock.fast_forward("00:40")
    page.wait_for_url("**/lock/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/staff/")


def test_every_page_is_accessible_at_both_sizes_light_and_dark(page, client, live_server):
    from axe_playwright_python.sync_playwright import Axe

    boss, ann = a_person("boss", "manager", "medical_director"), a_person("bea", "clinical_ma")
    actions.register_workstation(actor=acting_as(boss), site=boss.home_site, name="Room 3", idle_minutes=5)
    credential = held_by(ann)
    seen = actions.Assessment("venipuncture", "observed", "V3", restriction="Adults only")
    actions.sign_off_competency(actor=acting_as(boss), staff=ann, assessor=boss, assessment=seen)
    own = [reverse(n) for n in ("staff", "shifts", "my-account", "my-password", "my-pin", "my-second-factor")]
    own += [reverse(n) for n in ("sign-ins", "workstations", "admin-home", "add-staff")]
    named = ("person", "edit-staff", "end-staff", "reset-factors", "record-credential", "sign-off", "record-training")
    own += [reverse(n, args=[ann.public_id]) for n in named]
    own += [reverse(n, args=[credential.public_id]) for n in ("verify-credential", "revoke-credential")]
    wrong = look(page, Axe(), "/sign-in/")
    client.force_login(boss)
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": page.context.pages[0].url}
    page.context.add_cookies([session])
    for address in own:
        wrong += look(page, Axe(), address)
    assert wrong == [] and Workstation.objects.exists()


def look(page, axe, address):
    """What axe finds on a page, and whether it has to be scrolled sideways."""
    found = []
    for width, height, light in ((1440, 900, "light"), (1024, 768, "dark")):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=light)
        page.goto(address)
        found += [(address, light, v["id"]) for v in axe.run(page).response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append((address, light, "too wide"))
    return found
