"""A refusal leads back to a page: each address that only takes forms is sent what is refused, from itself.

So it is when the page with the form was itself the answer to a form: the browser says it came from an address there is
nothing to look at.
"""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from mainstay.config.documents import pages
from mainstay.foundation.pages.addresses import answers_reading, is_page
from tests.situations.clinic import Clinic
from tests.situations.every import EVERY
from tests.situations.table import Situation, made_ready
from tests.situations.world import a_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nine_in_the_morning", "quiet")]
HOST = "http://testserver"
FORMS_ONLY = {name for _, name, view in pages() if not answers_reading(view)}
NO_PAGE_ABOVE = {"draft-save", "room-step", "sign-out", "switch-site", "undo-merge"}
"""Addresses right under the start page; a browser sends them from the pages they are on."""
ANSWER_WITHOUT_A_KEY = {
    "bring-back-staff", "call-find", "draft-save", "keep-form", "my-recovery-codes", "new-password", "passkey-keep",
    "passkey-offer", "register-workstation", "rooming-judge", "sign-out",
}  # fmt: skip
"""Addresses that may be sent to again and again: a form without its key is not refused there."""
WAY_BACK = re.compile(r'<a class="button button-(?:primary|quiet)" href="([^"]*)">Go (?:back|to the start page)</a>')


def way_back(page: str) -> str:
    (found,) = WAY_BACK.findall(page)
    return unescape(found)


def of_forms_only() -> list[Situation]:
    """An example of each address that only takes forms."""
    return list({one.address: one for one in EVERY if one.address in FORMS_ONLY}.values())


@pytest.mark.parametrize("situation", [pytest.param(one, id=one.address) for one in of_forms_only()])
def test_a_refused_form_leads_back_to_a_page(situation: Situation):
    write = made_ready(situation, Clinic())
    opened = write.client.get(write.url)
    assert opened.status_code == 405
    back = way_back(opened.content.decode())
    assert back != "/" or situation.address in NO_PAGE_ABOVE
    assert write.client.get(back, follow=True).status_code == 200
    refused = write.client.post(write.url, {}, headers={"referer": HOST + write.url})
    if situation.address not in ANSWER_WITHOUT_A_KEY:
        assert refused.status_code >= 400 and way_back(refused.content.decode()) == back


def test_what_takes_only_forms_is_known_without_asking_it():
    clinic = Clinic()
    client = Client()
    client.force_login(clinic.everybody)
    where, wrong = a_world(clinic, 1), {}
    for route, name, view in pages():
        if name in ("sign-out", "lock") or ("<" in route and name not in where):
            continue
        url = reverse(name, kwargs=where.get(name))
        if (client.get(url).status_code == 405) == is_page(url):
            wrong[name] = answers_reading(view)
    assert wrong == {}


def test_a_page_that_takes_forms_leads_back_to_itself_unless_it_is_closed():
    clinic = Clinic()
    client = Client()
    client.force_login(clinic.everybody)
    patient = clinic.patient()
    url = reverse("patient-demographics", kwargs={"public_id": patient.public_id})
    assert way_back(client.post(url, {}, headers={"referer": HOST + url}).content.decode()) == url
    gone = reverse("patient-demographics", kwargs={"public_id": "00000000-0000-4000-8000-000000000000"})
    assert way_back(client.post(gone, {}, headers={"referer": HOST + gone}).content.decode()) != url
