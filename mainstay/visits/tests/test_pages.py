"""The board and the desk, as people open them."""

import io
import re
import uuid
from datetime import timedelta

import pytest
from pypdf import PdfReader

from mainstay.foundation.testing import A_MOMENT
from mainstay.visits import actions
from mainstay.visits.models import RoomUse, Visit
from mainstay.visits.tests.factories import a_patient, a_person, a_room, a_visit, acting_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)


@pytest.fixture
def desk(client, clock):
    client.force_login(a_person("maria", "clinical_ma"))
    return client


def key():
    return {"idempotency_key": str(uuid.uuid4())}


CHECKED = {"identifiers": ["name", "birth_date"], "fever": "no", "rash": "no", "cough": "no"}


def test_the_board_shows_today_and_says_nothing_new_with_304(desk):
    visit = a_visit(provider=a_person("doc", "provider"))
    a_room()
    shown = desk.get("/board/")
    assert shown.status_code == 200 and visit.patient.called_name in shown.content.decode()
    version = re.search(r"rows/\?v=(\d+)", shown.content.decode())[1]
    assert desk.get(f"/board/rows/?v={version}").status_code == 304
    assert desk.get("/board/rows/?v=0").status_code == 200
    assert desk.get("/board/wall/").status_code == 200


def test_the_board_needs_few_queries_however_many_visits(desk, django_assert_max_num_queries):
    for n in range(12):
        a_visit(patient=a_patient(str(200 + n)), starts=A_MOMENT + timedelta(minutes=30 * n))
    with django_assert_max_num_queries(14):
        desk.get("/board/")


def test_a_patient_goes_from_the_desk_to_a_room(desk):
    visit, room = a_visit(), a_room()
    page = f"/visits/{visit.public_id}/check-in/"
    assert desk.get(page).status_code == 200
    wrong = desk.post(page, {**CHECKED, "identifiers": ["name"], **key()})
    assert wrong.status_code == 422 and b"two identifiers" in wrong.content
    assert desk.post(page, {**CHECKED, **key()}).status_code == 303
    choose = f"/visits/{visit.public_id}/choose-room/"
    assert desk.get(choose).status_code == 200
    answer = desk.post(choose, {"room": str(room.public_id), **key()})
    assert answer.status_code == 303 and "/rooming/" in answer["Location"]
    assert desk.get(answer["Location"]).status_code == 200
    assert desk.get(f"/visits/{visit.public_id}/").status_code == 200


def test_the_same_write_sent_twice_has_one_effect_and_one_answer(desk):
    visit, once = a_visit(), key()
    first = desk.post(f"/visits/{visit.public_id}/check-in/", {**CHECKED, **once})
    again = desk.post(f"/visits/{visit.public_id}/check-in/", {**CHECKED, **once})
    assert (first.status_code, first["Location"]) == (again.status_code, again["Location"])
    assert again["Idempotency-Replayed"] == "true"
    assert visit.steps.filter(name="check_in").count() == 1


def test_a_move_on_the_board_can_be_undone(desk):
    room = a_room()
    maria = acting_as(a_person("ann", "clinical_ma"))
    visit = actions.mark_arrived(actor=maria, visit=a_visit())
    visit = actions.room_patient(actor=maria, visit=visit, room=room)
    url = f"/visits/{visit.public_id}"
    moved = desk.post(f"{url}/step/begin_check_out/", key(), headers={"HX-Request": "true"})
    assert moved.status_code == 200 and b"/undo/" in moved.content
    assert desk.post(f"{url}/undo/", key(), headers={"HX-Request": "true"}).status_code == 200
    assert Visit.objects.get(pk=visit.pk).stage == "rooming"


def test_the_desk_takes_somebody_out_of_a_room_it_could_not_have_put_them_in(client, clock):
    maria, room = acting_as(a_person("ann", "clinical_ma")), a_room()
    visit = actions.mark_arrived(actor=maria, visit=a_visit())
    visit = actions.room_patient(actor=maria, visit=visit, room=room)
    client.force_login(a_person("lee", "administrative_ma"))
    assert client.post(f"/visits/{visit.public_id}/step/begin_check_out/", key()).status_code == 303
    assert RoomUse.objects.get(room=room).state == "dirty"


def test_a_step_nobody_knows_is_not_found(desk):
    assert desk.post(f"/visits/{a_visit().public_id}/step/teleport/", key()).status_code == 404


def test_check_out_stops_at_what_is_not_arranged(desk):
    visit = actions.begin_check_out(
        actor=acting_as(a_person("ann", "clinical_ma")),
        visit=actions.room_patient(
            actor=acting_as(a_person("bea", "clinical_ma")),
            visit=actions.mark_arrived(actor=acting_as(a_person("cat", "clinical_ma")), visit=a_visit()),
            room=a_room(),
        ),
    )
    url = f"/visits/{visit.public_id}"
    assert desk.get(f"{url}/check-out/").status_code == 200
    assert desk.post(f"{url}/loose-ends/", {"kind": "follow_up", "text": "In 3 months", **key()}).status_code == 303
    closed = desk.post(f"{url}/close/", key())
    assert closed.status_code == 422 and b"Still to arrange: In 3 months" in closed.content
    assert b"Error: Check out" in closed.content
    end = visit.loose_ends.get()
    settle = f"{url}/loose-ends/{end.public_id}/"
    refused = desk.post(settle, {"how": "declined", "reason": "", **key()})
    assert refused.status_code == 422 and '<option value="declined" selected>' in refused.content.decode()
    assert desk.post(settle, {"how": "done", **key()}).status_code == 303
    assert desk.post(f"{url}/close/", key()).status_code == 303
    assert Visit.objects.get(pk=visit.pk).stage == "closed"


def test_somebody_who_left_is_marked_with_the_reason(desk):
    visit = actions.mark_arrived(actor=acting_as(a_person("ann", "clinical_ma")), visit=a_visit())
    page = f"/visits/{visit.public_id}/left/"
    assert desk.get(page).status_code == 200
    assert desk.post(page, {"reason": "Could not wait", **key()}).status_code == 303
    assert Visit.objects.get(pk=visit.pk).stage == "left"


def test_the_summary_is_a_tagged_pdf_in_the_patients_language_and_kept_as_handed_over(desk):
    provider = a_person("doc", "provider")
    visit = a_visit(provider=provider, patient=a_patient("300001", given_name="Ana #1", language="es"))
    Visit.objects.filter(pk=visit.pk).update(plan_for_patient="Rest $5 *now* #strong[x]")
    made = desk.post(f"/visits/{visit.public_id}/summary/", {"language": "es", **key()})
    assert made.status_code == 303
    pdf = desk.get(made["Location"])
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF-")
    reader = PdfReader(io.BytesIO(pdf.content))
    text = "".join(page.extract_text() for page in reader.pages)
    assert "Rest $5 *now* #strong[x]" in text and "Ana #1" in text
    assert reader.trailer["/Root"]["/Lang"].startswith("es") and "/StructTreeRoot" in reader.trailer["/Root"]
    assert visit.summaries.get().language == "es"


def test_a_room_or_a_loose_end_that_is_not_there_is_said_in_words(desk):
    url = f"/visits/{a_visit().public_id}"
    assert desk.post(f"{url}/room/", key()).status_code == 404
    assert desk.post(f"{url}/room/", {"room": "the big one", **key()}).status_code == 404
    assert desk.post(f"{url}/loose-ends/{uuid.uuid4()}/", {"how": "done", **key()}).status_code == 404
