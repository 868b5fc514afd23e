"""The queue and what we are owed, as people open them."""

import uuid
from datetime import timedelta

import pytest

from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.practice.models import Site
from mainstay.work import actions
from mainstay.work.models import Handoff, WorkItem
from mainstay.workforce.models import Staff

pytestmark = pytest.mark.django_db
SYSTEM = an_actor()


def key():
    return {"idempotency_key": str(uuid.uuid4())}


def a_person(username, role):
    site = Site.objects.get_or_create(name="Northside", defaults={"short_name": "N", "state": "NY"})[0]
    names = {"given_name": username, "family_name": "Test", "shown_name": username.title()}
    return Staff.objects.create(username=username, roles=[role], home_site=site, **names)


@pytest.fixture
def sign_in(client, monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)

    def as_(role, username="maria"):
        person = a_person(username, role)
        client.force_login(person)
        return client, person

    return as_


def owed(band="R4", **more):
    return actions.owe(actor=SYSTEM, kind="test", title=f"Call back {band}", band=band, **more)


def test_the_queue_shows_bands_and_clocks_with_few_queries(sign_in, django_assert_max_num_queries):
    client, _ = sign_in("lead_ma")
    for n in range(20):
        owed(f"R{n % 6}")
    with django_assert_max_num_queries(16):
        shown = client.get("/work/?show=all")
    text = shown.content.decode()
    assert shown.status_code == 200 and text.index("Call back R0") < text.index("Call back R1") < text.index(
        "Call back R5"
    )


@pytest.mark.parametrize(
    ("show", "words"),
    [
        ("pools", "Nothing waits here"),
        ("mine", "You have nothing in hand"),
        ("all", "Nothing waits here"),
        ("late", "Nothing is past its time"),
        ("nonsense", "Nothing waits here"),
    ],
)
def test_an_empty_queue_teaches(sign_in, show, words):
    client, _ = sign_in("clinical_ma")
    assert words in client.get(f"/work/?show={show}").content.decode()


def test_an_item_is_taken_and_finished_from_its_page(sign_in):
    client, me = sign_in("clinical_ma")
    item = owed()
    url = f"/work/{item.public_id}"
    assert client.get(f"{url}/").status_code == 200
    assert client.post(f"{url}/take/", key()).status_code == 303
    assert client.post(f"{url}/give-back/", {"reason": "", **key()}).status_code == 303
    assert client.post(f"{url}/take/", key()).status_code == 303
    assert client.post(f"{url}/finish/", {"outcome": "Called", **key()}).status_code == 303
    assert WorkItem.objects.get().outcome == "Called"
    assert client.get(f"{url}/").status_code == 200


def test_clinical_work_shows_why_a_medical_assistant_cannot_close_it(sign_in):
    client, _ = sign_in("clinical_ma")
    item = owed("R1")
    url = f"/work/{item.public_id}"
    assert "a clinician says what was decided" in client.get(f"{url}/").content.decode()
    assert client.post(f"{url}/finish/", {"outcome": "Fine", **key()}).status_code == 403
    assert WorkItem.objects.get().state == "open"


def test_a_lead_drops_with_a_reason_and_re_assigns(sign_in):
    client, _ = sign_in("lead_ma")
    other = a_person("dina", "clinical_ma")
    url = f"/work/{owed().public_id}"
    assert client.post(f"{url}/assign/", {"to": "", **key()}).status_code == 422
    assert client.post(f"{url}/assign/", {"to": str(other.public_id), **key()}).status_code == 303
    assert WorkItem.objects.get().owner == other
    assert client.post(f"{url}/drop/", {"reason": "", **key()}).status_code == 422
    assert client.post(f"{url}/drop/", {"reason": "Twice", **key()}).status_code == 303


def test_a_hand_off_is_acknowledged_with_what_was_read_back(sign_in):
    client, me = sign_in("clinical_ma")
    giver = an_actor(staff_id=a_person("nora", "nurse").pk, permissions=("work.hand_off",))
    actions.hand_off(actor=giver, to=me, situation="Room 3 needs a recheck at 3", urgency="urgent")
    assert "Room 3 needs a recheck" in client.get("/work/").content.decode()
    done = client.post(f"/work/hand-offs/{Handoff.objects.get().public_id}/", {"read_back": "Recheck at 3", **key()})
    assert done.status_code == 303 and Handoff.objects.get().read_back == "Recheck at 3"


def test_what_we_are_owed_is_met_extended_or_given_up(sign_in):
    client, _ = sign_in("lead_ma")
    before = SYSTEM.at(A_MOMENT - timedelta(days=2))
    due = {"kind": "lab_result", "expected_by": A_MOMENT - timedelta(days=1)}
    came, late, lost = (actions.expect(actor=before, title=t, **due) for t in ("Came", "Late", "Lost"))
    actions.raise_what_never_came(actor=SYSTEM)
    assert client.get("/work/expectations/").content.decode().count("Overdue") >= 3
    url = "/work/expectations"
    assert client.post(f"{url}/{came.public_id}/met/", key()).status_code == 303
    assert client.post(f"{url}/{late.public_id}/extend/", {"until": "asdf", "reason": "x", **key()}).status_code == 422
    assert client.post(f"{url}/{late.public_id}/extend/", {"until": "+1w", "reason": "x", **key()}).status_code == 303
    assert client.post(f"{url}/{lost.public_id}/give-up/", {"reason": "", **key()}).status_code == 422
    assert client.post(f"{url}/{lost.public_id}/give-up/", {"reason": "Moved", **key()}).status_code == 303
    assert WorkItem.objects.filter(state="done").count() == 3


@pytest.mark.parametrize("page", ["/work/", "/work/expectations/"])
def test_who_does_no_work_is_refused(sign_in, page):
    client, _ = sign_in("trainee")
    assert client.get(page).status_code == 403


def test_what_is_owed_by_somebody_is_opened_by_them_and_not_taken_first(sign_in):
    desk, mine = sign_in("clinical_ma")
    actions.owe(actor=SYSTEM, kind="note_to_sign", title="Note to sign", band="R4", owner=mine, url="/provider/x/")
    shown = desk.get("/work/?show=mine").content.decode()
    assert 'href="/provider/x/"' in shown and ">Take<" not in shown and ">Finish<" in shown
