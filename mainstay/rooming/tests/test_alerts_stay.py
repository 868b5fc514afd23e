"""What is dangerous stays on the page, whatever else is wrong with the form."""

import uuid

import pytest

from mainstay.chart.models import Observation
from mainstay.foundation.testing import A_MOMENT
from mainstay.rooming import actions
from mainstay.visits import actions as visit_actions
from mainstay.visits.actions.checking_in import ArrivalScreen, DeskCheck
from mainstay.visits.tests.factories import a_person, a_room, a_visit, acting_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(client, monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    maria = a_person("maria", "clinical_ma")
    client.force_login(maria)
    ma, check = acting_as(maria), DeskCheck(identifiers=["name", "birth_date"])
    booked = a_visit(provider=a_person("doc", "provider"))
    visit = visit_actions.check_in_patient(actor=ma, visit=booked, check=check, screen=ArrivalScreen())
    visit = visit_actions.room_patient(actor=ma, visit=visit, room=a_room())
    actions.identify_patient(actor=ma, visit=visit, identifiers=["name", "birth_date"])
    return visit


def save(client, visit, **typed):
    url = f"/rooming/{visit.public_id}/panel/vitals/"
    return client.post(url, {**typed, "idempotency_key": str(uuid.uuid4())})


def test_a_value_to_fetch_for_is_still_called_out_when_another_one_is_refused(client, visit):
    shown = save(client, visit, heart_rate="138", temperature="38.9")
    page = shown.content.decode()
    assert shown.status_code == 422 and not Observation.objects.exists()
    assert "138 /min is high. Tell the provider now." in page
    assert "38.9 °F is not possible" in page


def test_what_needs_a_reason_is_said_once_at_its_field_with_the_usual_reasons(client, visit):
    page = save(client, visit, temperature="98.6").content.decode()
    row = page.split('id="vital-temperature-row"')[1].split("</fieldset>")[0]
    assert row.count("Say where the temperature was taken.") == 1
    assert "Could not be done otherwise" in page and 'name="reason:temperature-site-missing"' in page


def test_a_spanish_browser_does_not_turn_half_of_a_page_to_spanish(client, visit):
    shown = client.post(
        f"/rooming/{visit.public_id}/wrong-patient/",
        {"said": "", "idempotency_key": str(uuid.uuid4())},
        headers={"accept-language": "es"},
    ).content.decode()
    assert '<html lang="en"' in shown and "obligatorio" not in shown
