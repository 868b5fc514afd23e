"""The pages: what they show, to whom, in how many queries, and how heavy they are."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from mainstay.authority.models import ClinicPolicy
from mainstay.authority.tests.factories import a_site, holds, signed_off, somebody
from mainstay.workforce.models import Credential, Presence

pytestmark = pytest.mark.django_db
FRAME = 7  # session, person, and what stands around every page


@pytest.fixture
def clinic():
    site = a_site()
    director = somebody("Dana Okafor", site, "medical_director", licence="MD")
    manager = somebody("Mo Lane", site, "manager")
    ana = somebody("Ana Ruiz", site, "clinical_ma")
    lee = somebody("Lee Park", site, "clinical_ma")
    biller = somebody("Bo Reed", site, "biller")
    for person in (ana, lee):
        holds(person, "CMA_AAMA", verifier=director)
        for act in ("inj_im", "venipuncture", "vital_signs"):
            signed_off(person, act, by=director)
    return {"site": site, "director": director, "manager": manager, "ana": ana, "lee": lee, "biller": biller}


def sent(**fields):
    return {"idempotency_key": str(uuid4()), **fields}


def test_my_page_shows_what_i_may_and_why_not_the_rest(clinic, client, django_assert_max_num_queries):
    client.force_login(clinic["ana"])
    with django_assert_max_num_queries(6 + FRAME):
        shown = client.get(reverse("what-may-i-do")).content.decode()
    assert "CMA (AAMA), through 31 Jan 2028" in shown
    assert "Injection into muscle" in shown
    assert "There is no sign-off to" in shown
    assert "Dana Okafor" in shown
    assert "unverified" in shown


def test_my_page_asks_nothing_more_with_twenty_people_on_site(clinic, client, django_assert_max_num_queries):
    for number in range(20):
        holds(somebody(f"Extra {number}", clinic["site"], "clinical_ma"), "CCMA_NHA")
    client.force_login(clinic["ana"])
    with django_assert_max_num_queries(6 + FRAME):
        client.get(reverse("what-may-i-do"))


def test_an_expired_credential_is_said_loudly_and_colleagues_are_named(clinic, client):
    Credential.objects.filter(staff=clinic["ana"]).update(expires_on="2020-01-01")
    client.force_login(clinic["ana"])
    shown = client.get(reverse("what-may-i-do")).content.decode()
    assert "expired on 1 Jan 2020" in shown
    assert "Lee Park" in shown


def test_my_page_says_when_no_supervisor_is_in_the_building(clinic, client):
    Presence.objects.filter(staff=clinic["director"]).update(until="2026-11-20T15:00Z")
    client.force_login(clinic["ana"])
    assert "No supervisor on site now" in client.get(reverse("what-may-i-do")).content.decode()


def test_the_explorer_shows_51_states_and_28_acts_and_is_light(clinic, client, django_assert_max_num_queries):
    client.force_login(clinic["ana"])
    with django_assert_max_num_queries(FRAME):
        response = client.get(reverse("authority-explorer"))
    assert response.content.count(b'class="cell ') >= 51 * 28
    assert len(response.content) < 230_000


def test_a_cell_opens_the_whole_answer_as_a_page_and_as_a_fragment(clinic, client):
    client.force_login(clinic["ana"])
    asked = {"state": "NY", "act": "vaccine", "on": "11/21/2026"}
    for headers in ({}, {"HX-Request": "true"}):
        response = client.get(reverse("authority-explorer"), asked, headers=headers)
        shown = response.content.decode()
        assert "6530(11)" in shown
        assert "New York law prohibits it" in shown
    assert "<table" not in shown


@pytest.mark.parametrize("asked", [{"state": "ZZ", "act": "vaccine"}, {"state": "NY", "act": "surgery"}])
def test_an_unknown_cell_is_refused_in_words(clinic, client, asked):
    client.force_login(clinic["ana"])
    assert client.get(reverse("authority-explorer"), asked).status_code == 422


@pytest.mark.parametrize("asked", [{"on": "never"}, {"supervision": "near"}, {"credential": "x", "mark": "9"}])
def test_nonsense_in_the_filter_shows_the_table_all_the_same(clinic, client, asked):
    client.force_login(clinic["ana"])
    response = client.get(reverse("authority-explorer"), asked)
    assert response.status_code in (200, 422)
    assert b"explorer" in response.content


def test_the_filter_narrows_acts_and_states(clinic, client):
    client.force_login(clinic["ana"])
    asked = {"family": "needles", "credential": "CMA_AAMA", "mark": "X"}
    shown = client.get(reverse("authority-explorer"), asked).content.decode()
    assert "New York" in shown
    assert "Texas" not in shown
    assert "Starting an IV" not in shown


def test_a_manager_writes_and_withdraws_a_policy_on_the_page(clinic, client):
    client.force_login(clinic["manager"])
    wrong = client.post(reverse("write-policy"), sent(act="inj_im", effect="narrow", effective="today", reason="Audit"))
    assert wrong.status_code == 422
    assert "Say what the policy asks for" in wrong.content.decode()
    right = sent(act="inj_im", effect="narrow", supervision="direct_visual", effective="today", reason="Audit")
    assert client.post(reverse("write-policy"), right).status_code == 303
    policy = ClinicPolicy.objects.get()
    shown = client.get(reverse("clinic-policies")).content.decode()
    assert "Takes a supervisor who watches the act." in shown
    away = reverse("withdraw-policy", args=[policy.public_id])
    assert "watches the act" in client.get(away).content.decode()
    assert client.post(away, sent(reason="Audit done")).status_code == 303
    assert "Withdrawn" in client.get(reverse("clinic-policies")).content.decode()


def test_the_medical_director_signs_with_a_statute(clinic, client):
    client.force_login(clinic["director"])
    lacking = sent(act="iv_start", statute="", effective="today", reason="Infusions")
    assert client.post(reverse("sign-policy"), lacking).status_code == 422
    assert client.post(reverse("sign-policy"), lacking | {"statute": "OAC 4731-23"}).status_code == 303
    assert ClinicPolicy.objects.get().signed_by == clinic["director"]


@pytest.mark.parametrize(
    ("who", "page", "status"),
    [
        ("biller", "what-may-i-do", 200),
        ("biller", "authority-explorer", 403),
        ("ana", "clinic-policies", 200),
        ("ana", "write-policy", 403),
        ("manager", "write-policy", 200),
        ("manager", "sign-policy", 403),
        ("director", "sign-policy", 200),
    ],
)
def test_each_page_opens_only_to_its_role(clinic, client, who, page, status):
    client.force_login(clinic[who])
    assert client.get(reverse(page)).status_code == status
    if status == 403:
        refused = client.post(
            reverse(page), sent(act="inj_im", effect="forbid", effective="today", reason="x", statute="x 1")
        )
        assert refused.status_code in (403, 405)
        assert not ClinicPolicy.objects.exists()


def test_a_button_of_a_policy_one_may_not_write_says_why(clinic, client):
    client.force_login(clinic["ana"])
    shown = client.get(reverse("clinic-policies")).content.decode()
    assert "disabled" in shown
    assert "Your role does not include this" in shown
