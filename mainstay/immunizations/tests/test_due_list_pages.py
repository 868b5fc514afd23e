"""The practice's list and the settings of the schedules, as people open them."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.immunizations import actions
from mainstay.immunizations.forecast import load_schedule
from mainstay.immunizations.models import DueRun, DueVaccine, ScheduleChoice, ScheduleEdition, ScheduleOverride
from mainstay.immunizations.queries import Wanted, letter_count, letters_words, reminder_list
from mainstay.people.models import Address, CommunicationChoice, ContactPoint, Patient
from mainstay.visits.tests.factories import a_patient, a_person, a_site, a_visit

pytestmark = pytest.mark.django_db

TODAY = A_MOMENT.date()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)


@pytest.fixture
def lead(client: Any, clock: None) -> Any:
    client.force_login(a_person("lee", "lead_ma"))
    return client


@pytest.fixture
def admin(client: Any, clock: None) -> Any:
    client.force_login(a_person("root", "administrator"))
    return client


def key() -> dict[str, str]:
    return {"idempotency_key": str(uuid.uuid4())}


def due(patient: Patient, group: str, *, overdue_days: int | None = None, in_days: int = 0, talk: bool = False) -> None:
    recommended = TODAY + timedelta(days=in_days) - timedelta(days=(overdue_days or 0) + 100)
    DueVaccine.objects.create(
        patient=patient,
        group=group,
        dose_number=1,
        earliest=recommended,
        recommended=recommended if not in_days else TODAY + timedelta(days=in_days),
        past_due=TODAY - timedelta(days=overdue_days) if overdue_days else None,
        is_shared_decision=talk,
        reckoned_on=TODAY,
    )


def a_child(mrn: str = "400001", **more: Any) -> Patient:
    return a_patient(mrn, **{"birth_date": date(2024, 5, 1), "given_name": "Ana", "family_name": f"Ruiz{mrn}", **more})


def with_address(patient: Patient) -> Patient:
    Address.objects.create(patient=patient, street="1 Elm St", city="Albany", state="NY", postal_code="12203")
    return patient


def names_on(page: str, *patients: Patient) -> list[bool]:
    return [patient.family_name in page for patient in patients]


def test_the_list_shows_who_is_due_and_who_comes_anyway(lead: Any) -> None:
    child, visitor = a_child(), a_child("400002")
    due(child, "MMR", overdue_days=40)
    due(visitor, "HPV", talk=True)
    a_visit(patient=visitor, starts=A_MOMENT + timedelta(days=3))
    shown = lead.get("/vaccines/due/").content.decode()
    assert names_on(shown, child, visitor) == [True, True]
    assert "overdue since 10/11/2026" in shown
    assert "talk first" in shown
    assert "Mon 23 Nov" in shown


def test_the_list_is_narrowed_by_vaccine_lateness_age_provider_and_site(lead: Any) -> None:
    doctor, site = a_person("doc", "provider"), a_site("Westside")
    child = a_child(usual_provider=doctor, home_site=site)
    adult = a_patient("400003", family_name="Okafor")
    due(child, "MMR", overdue_days=400)
    due(adult, "Zoster")
    due(adult, "RSV", in_days=30)

    def shown(query: str) -> list[bool]:
        return names_on(lead.get(f"/vaccines/due/?{query}").content.decode(), child, adult)

    assert shown("group=MMR") == [True, False]
    assert shown("state=overdue_1y") == [True, False]
    assert shown("state=soon") == [False, True]
    assert shown("age=baby") == [False, False]
    assert shown("age=child") == [True, False]
    assert shown("age=adult") == [False, True]
    assert shown(f"provider={doctor.pk}") == [True, False]
    assert shown(f"site={site.pk}") == [True, False]
    assert shown("age=nonsense") == [True, True]


def test_a_confidential_chart_is_not_listed(lead: Any) -> None:
    secret = a_child(is_confidential=True)
    due(secret, "MMR")
    assert names_on(lead.get("/vaccines/due/").content.decode(), secret) == [False]


def test_the_list_takes_as_many_statements_for_many_as_for_few(
    lead: Any, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    for n in range(30):
        child = a_child(str(410000 + n))
        due(child, "MMR", overdue_days=n + 1)
        due(child, "Varicella")
        reached(child, f"+1518555{n:04}")
        CommunicationChoice.objects.create(patient=child)
    with django_assert_max_num_queries(25):
        lead.get("/vaccines/due/")
    with django_assert_num_queries(5):
        reminder_list(Wanted(), on=TODAY)


def test_reminders_are_for_those_who_allow_contact(lead: Any) -> None:
    child, silent = a_child(), a_child("400002")
    for one in (child, silent):
        due(one, "MMR")
    ContactPoint.objects.create(patient=child, channel="phone", value="+15185550123")
    CommunicationChoice.objects.create(patient=silent, reminders="none")
    answer = lead.get("/vaccines/due/reminders.csv?group=MMR")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))
    assert [(row["MRN"], row["Phone"], row["Due"]) for row in rows] == [("400001", "(518) 555-0123", "MMR")]


def reached(patient: Patient, value: str, **more: Any) -> Patient:
    ContactPoint.objects.create(patient=patient, value=value, **{"channel": "phone", **more})
    return patient


def test_the_list_says_which_number_to_call_and_what_holds_for_it(lead: Any) -> None:
    told, secret, none, silent = (a_child(str(450001 + n)) for n in range(4))
    for one in (told, secret, none, silent):
        due(one, "MMR")
    reached(reached(told, "+15185550102", rank=2), "+15185550101", can_leave_voicemail=True)
    reached(told, "+15185550100", is_withdrawn=True, rank=0)
    reached(reached(secret, "+15185550103"), "+15185550104", rank=2, is_confidential=True)
    CommunicationChoice.objects.create(patient=reached(silent, "+15185550105"), reminders="none")
    shown = lead.get("/vaccines/due/").content.decode()
    lines = {one.pk: shown.split(f"{one.family_name}, ")[1].split("</tr>")[0] for one in (told, secret, none, silent)}
    assert "(518) 555-0101" in lines[told.pk] and "no voicemail" not in lines[told.pk]
    assert "(518) 555-0104" in lines[secret.pk] and "Call only this one" in lines[secret.pk]
    assert "no voicemail" in lines[secret.pk]
    assert "No number on file." in lines[none.pk]
    assert "Wants no reminders" in lines[silent.pk]
    assert not any(f"(518) 555-010{n}" in shown for n in (0, 2, 3, 5))


def test_a_confidential_number_or_address_leaves_in_no_file_and_nothing_stands_in_its_place(lead: Any) -> None:
    child = a_child()
    due(child, "MMR")
    for channel, value, secret in (("phone", "+15185550104", "+15185550103"), ("email", "a@example.org", "b@x.org")):
        reached(reached(child, value, channel=channel), secret, channel=channel, is_confidential=True)
    text = lead.get("/vaccines/due/reminders.csv").content.decode()
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert (row["Phone"], row["Voicemail"], row["E-mail"]) == ("", "", "")
    assert row["Note"] == "Confidential number: call from the chart"


def test_a_name_that_looks_like_a_formula_is_made_harmless(lead: Any) -> None:
    due(a_child(chosen_name="=HYPERLINK(1)"), "MMR")
    assert ",'=HYPERLINK" in lead.get("/vaccines/due/reminders.csv").content.decode()


def test_letters_go_to_those_without_a_visit_ahead_in_their_language(lead: Any) -> None:
    child = with_address(a_child(language="es"))
    adult = with_address(a_patient("400003", given_name="Ben", family_name="Okafor"))
    visitor = with_address(a_child("400004"))
    for one in (child, adult, visitor):
        due(one, "MMR")
    due(adult, "HPV", talk=True)
    a_visit(patient=visitor, starts=A_MOMENT + timedelta(days=3))
    answer = lead.get("/vaccines/due/letters/1.pdf")
    pages = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.content)).pages]
    assert len(pages) == 2
    text = "\n".join(pages)
    assert "Al padre, la madre o el tutor de Ana" in text and "sarampión, paperas y rubéola" in text
    assert "Dear Ben Okafor" in text and "HPV, a virus that causes cancer (ask)" in text
    assert visitor.family_name not in text


def test_without_anybody_to_write_to_the_page_says_so(lead: Any) -> None:
    due(a_child(), "MMR")
    assert "Nobody can be written to" in lead.get("/vaccines/due/letters/").content.decode()
    assert lead.get("/vaccines/due/letters/1.pdf").status_code == 404


def test_every_letter_is_in_one_file_and_who_gets_none_is_counted(
    lead: Any, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr("mainstay.immunizations.queries.letters.LETTERS_A_FILE", 2)
    written = [with_address(a_child(str(430001 + n))) for n in range(5)]
    homeless, silent = a_child("430010"), with_address(a_child("430011"))
    CommunicationChoice.objects.create(patient=silent, reminders="none")
    hidden = a_child("430012")
    Address.objects.create(patient=hidden, street="Safe house", city="Albany", state="NY", is_confidential=True)
    visitor = with_address(a_child("430013"))
    a_visit(patient=visitor, starts=A_MOMENT + timedelta(days=3))
    for one in (*written, homeless, silent, hidden, visitor):
        due(one, "MMR")
    count = letter_count(Wanted(), on=TODAY)
    assert (count.due, count.no_contact, count.comes_anyway, count.no_address, count.letters) == (9, 1, 1, 2, 5)
    with django_assert_max_num_queries(20):
        shown = lead.get("/vaccines/due/letters/?group=MMR&page=2").content.decode()
    assert "Letters 1 to 2" in shown and "Letters 5 to 5" in shown
    assert "/vaccines/due/letters/3.pdf?group=MMR" in shown
    addressed = [
        letter["address"][0] for n in (1, 2, 3) for letter in letters_words(Wanted(), on=TODAY, number=n)["letters"]
    ]
    assert addressed == sorted(one.legal_name for one in written)
    assert letters_words(Wanted(), on=TODAY, number=4)["letters"] == []


def test_the_reminder_list_holds_everybody_however_many_are_read_together(
    lead: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mainstay.immunizations.queries.due_list.AT_ONCE", 2)
    children = [a_child(str(440001 + n)) for n in range(5)]
    for one in children:
        due(one, "MMR")
        ContactPoint.objects.create(patient=one, channel="email", value=f"{one.mrn}@example.org")
    answer = lead.get("/vaccines/due/reminders.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))
    assert [(row["MRN"], row["E-mail"]) for row in rows] == [(one.mrn, f"{one.mrn}@example.org") for one in children]


def test_a_run_is_started_watched_and_stopped_from_the_list(lead: Any) -> None:
    for n in range(3):
        a_child(str(420000 + n))
    assert lead.post("/vaccines/due/start/", key()).status_code == 303
    run = DueRun.objects.get()
    actions.reckon_stretch(actor=an_actor(), run=run, size=2)
    assert "2 of 3 patients" in lead.get("/vaccines/due/progress/").content.decode()
    assert lead.post("/vaccines/due/stop/", key()).status_code == 303
    assert "Stopped at 2 of 3" in lead.get("/vaccines/due/").content.decode()
    assert lead.post("/vaccines/due/start/", key()).status_code == 303
    run = actions.reckon_stretch(actor=an_actor(), run=run)
    assert actions.reckon_stretch(actor=an_actor(), run=run).state == "finished"
    assert "Worked out for everybody" in lead.get("/vaccines/due/").content.decode()
    assert lead.post("/vaccines/due/stop/", key()).status_code == 404


def test_an_ma_sees_the_list_and_starts_nothing(client: Any, clock: None) -> None:
    client.force_login(a_person("maria", "clinical_ma"))
    assert client.get("/vaccines/due/").status_code == 200
    assert client.post("/vaccines/due/start/", key()).status_code == 403
    assert not DueRun.objects.exists()


def test_an_administrator_follows_another_issuer_and_goes_back(admin: Any) -> None:
    page = "/admin/vaccine-schedules/"
    assert "nobody has chosen yet" in admin.get(page).content.decode()
    edition = {
        "issuer": "AAP",
        "version": "2026",
        "effective": "1/26/2026",
        "table": "cdc-4.64",
        "source": "Pediatrics",
    }
    assert admin.get(f"{page}editions/").status_code == 200
    assert admin.post(f"{page}editions/", {**edition, **key()}).status_code == 303
    assert ScheduleEdition.objects.get().name == "aap-2026"
    choice = {"group": "HPV", "edition": "aap-2026", "reason": "State law", "medical_director": "Dr. Patel"}
    assert admin.post(f"{page}follow/", {**choice, "reason": "", **key()}).status_code == 422
    assert admin.post(f"{page}follow/", {**choice, **key()}).status_code == 303
    shown = admin.get(page).content.decode()
    assert "AAP 2026" in shown and "Dr. Patel" in shown
    assert "All others" in shown and "Mainstay came with it" in shown
    stayed = {"status": "stayed", "reason": "Court order", **key()}
    assert admin.post(f"{page}editions/aap-2026/", stayed).status_code == 422
    assert admin.post(f"{page}follow-the-rest/", {"group": "HPV", **key()}).status_code == 303
    assert not ScheduleChoice.objects.filter(ended_at=None).exists()
    assert admin.post(f"{page}editions/aap-2026/", {**stayed, **key()}).status_code == 303
    assert admin.get(f"{page}editions/nothing/").status_code == 404


def test_an_administrator_sets_a_value_of_our_own_and_withdraws_it(admin: Any) -> None:
    page = "/admin/vaccine-schedules/"
    name = next(s.name for s in load_schedule().antigens["Zoster"].series if s.kind == "Standard")
    value = {
        "series": f"Zoster|{name}",
        "dose": "1",
        "field": "ages.minimum",
        "value": "40 years",
        "reason": "Outbreak",
        "medical_director": "Dr. Patel",
    }
    assert admin.get(f"{page}values/").status_code == 200
    assert admin.post(f"{page}values/", {**value, "value": "soon", **key()}).status_code == 422
    assert admin.post(f"{page}values/", {**value, **key()}).status_code == 303
    row = ScheduleOverride.objects.get()
    assert "40 years" in admin.get(page).content.decode()
    assert admin.get(f"{page}values/{row.public_id}/withdraw/").status_code == 200
    assert admin.post(f"{page}values/{row.public_id}/withdraw/", {"reason": "Over", **key()}).status_code == 303
    assert not ScheduleOverride.objects.filter(withdrawn_at=None).exists()


def test_the_settings_of_a_schedule_are_not_for_everybody(client: Any, clock: None) -> None:
    client.force_login(a_person("maria", "clinical_ma"))
    assert client.get("/admin/vaccine-schedules/").status_code == 403
    client.force_login(a_person("lee", "lead_ma"))
    assert client.get("/admin/vaccine-schedules/").status_code == 200
    assert client.get("/admin/vaccine-schedules/follow/").status_code == 403
