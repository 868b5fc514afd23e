"""For which ages a kind of visit is."""

import importlib
import uuid
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from mainstay.foundation.ages import AgeRange, read_age, read_age_range, read_period
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.findings import Severity
from mainstay.foundation.testing import an_actor
from mainstay.practice import actions
from mainstay.practice.models import VisitType
from mainstay.practice.rules import judge_age
from mainstay.visits.playbooks import playbooks
from mainstay.visits.tests.factories import a_person

ADULT = read_age_range("18y..")
DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [("18", "18y"), (" 18 years ", "18y"), ("6 mo.", "6m"), ("6m", "6m"), ("3 wks", "3w"), ("27 Days", "27d")],
)
def test_an_age_is_read_as_people_type_it(typed, spelled):
    assert read_age(typed).spelled == spelled and read_period(spelled) == read_age(typed)


@pytest.mark.parametrize("typed", ["", "old", "-3", "18 parsecs", "131", "1600 months", "١٨"])
def test_what_is_no_age_is_refused(typed):
    with pytest.raises(ValueError):
        read_age(typed)


@pytest.mark.parametrize(
    ("ages", "is_empty"),
    [("18y..17y", True), ("2y..6m", True), ("18y..18y", False), ("12m..1y", False), ("..3d", False), ("5y..", False)],
)
def test_a_range_nobody_is_in_is_known(ages, is_empty):
    assert read_age_range(ages).is_empty is is_empty


def test_an_age_outside_asks_for_a_reason_and_the_day_itself_counts():
    day_before, birthday = date(2008, 11, 24), date(2008, 11, 23)
    (found,) = judge_age(ADULT, kind="Adult physical", born=day_before, on=DAY)
    assert found.severity is Severity.CONFIRM
    assert found.message == "Adult physical is for age 18 years and over; the patient is 17 years old then."
    assert not judge_age(ADULT, kind="Adult physical", born=birthday, on=DAY)
    assert not judge_age(AgeRange(None, None), kind="Sick visit", born=day_before, on=DAY)


def test_who_may_not_decide_is_told_who_may():
    (found,) = judge_age(ADULT, kind="Adult physical", born=date(2019, 1, 1), on=DAY, who_may="Nurse or Provider")
    assert found.severity is Severity.STOP and found.message.endswith("Nurse or Provider can book it with a reason.")


def test_playbooks_that_are_for_an_age_say_which():
    assert {book.code: str(book.ages) for book in playbooks().values() if book.ages} == {
        "adult_physical": "age 18 years and over",
        "medicare_wellness": "age 18 years and over",
        "newborn_first": "age up to 27 days",
        "well_child": "age up to 21 years",
    }


FACTS = {"code": "camp", "name": "Camp physical", "minutes": 20, "playbook": "well_child"}


@pytest.mark.django_db
def test_ages_are_kept_as_tables_spell_them_and_nonsense_is_refused():
    made = actions.offer_visit_type(
        actor=an_actor(), facts=actions.VisitTypeFacts(**FACTS, youngest="6 months", oldest="17")
    )
    assert (made.youngest, made.oldest, str(made.ages)) == ("6m", "17y", "age 6 months to 17 years")
    for youngest, oldest, field in (("soon", "", "youngest"), ("", "soon", "oldest"), ("18", "17", "oldest")):
        with pytest.raises(InvalidInput) as refused:
            facts = actions.VisitTypeFacts(**FACTS, youngest=youngest, oldest=oldest)
            actions.offer_visit_type(actor=an_actor(), facts=facts)
        assert refused.value.field == field
    for column in ("youngest", "oldest"):
        with pytest.raises(IntegrityError, match="visit_type_ages_are_ages"), transaction.atomic():
            VisitType.objects.filter(code="camp").update(**{column: "18"})


@pytest.mark.django_db
def test_an_administrator_sets_ages_and_sees_them(client):
    client.force_login(a_person("ada", "administrator"))
    typed = {**FACTS, "room_kind": "exam", "youngest": "4", "oldest": "18 y", "idempotency_key": str(uuid.uuid4())}
    assert client.post("/settings/visit-types/add/", typed).status_code == 303
    assert b"age 4 years to 18 years" in client.get("/settings/visit-types/").content
    assert b'value="18y"' in client.get("/settings/visit-types/camp/").content
    again = {**typed, "oldest": "teen", "idempotency_key": str(uuid.uuid4())}
    assert b"is no age" in client.post("/settings/visit-types/camp/", again).content


@pytest.mark.django_db
def test_a_clinic_that_updates_gets_the_ages_of_the_playbooks():
    for code in ("adult_physical", "medicare_wellness", "newborn_first", "well_child", "acute_visit"):
        facts = actions.VisitTypeFacts(code=code, name=code, minutes=20, playbook=code)
        actions.offer_visit_type(actor=an_actor(), facts=facts)
    update = importlib.import_module("mainstay.practice.migrations.0002_kinds_of_visit_have_ages").AGES_OF_PLAYBOOKS
    with connection.cursor() as cursor:
        cursor.execute(update)
    for kind in VisitType.objects.all():
        assert kind.ages == (playbooks()[kind.code].ages or AgeRange(None, None))


@pytest.mark.django_db
def test_a_new_kind_takes_the_ages_of_its_playbook_where_they_are_seen_and_can_be_changed(client):
    client.force_login(a_person("ada", "administrator"))
    page, fresh = "/settings/visit-types/add/", {**FACTS, "room_kind": "exam", "youngest": "", "oldest": ""}

    def sent(**more):
        return client.post(page, {**fresh, "idempotency_key": str(uuid.uuid4()), **more})

    chosen = client.get(page, {"playbook": "well_child"}).content.decode()
    assert 'name="ages_of" value="well_child"' in chosen and 'value="21 years"' in chosen
    assert "value=" not in chosen.split('name="youngest"')[1].split(">")[0]
    unseen = sent()
    assert unseen.status_code == 422 and not VisitType.objects.filter(code="camp").exists()
    assert 'value="21 years"' in unseen.content.decode() and b"is for age up to 21 years" in unseen.content
    assert sent(ages_of="well_child", oldest="21 years").status_code == 303
    assert VisitType.objects.get(code="camp").oldest == "21y"
    assert sent(code="any", ages_of="well_child").status_code == 303
    assert str(VisitType.objects.get(code="any").oldest) == ""
    assert sent(code="own", youngest="4", oldest="18").status_code == 303
    assert str(VisitType.objects.get(code="own").ages) == "age 4 years to 18 years"
    assert sent(code="ill", playbook="acute_visit").status_code == 303
    assert client.get(page, {"playbook": "nonsense"}).status_code == 200
