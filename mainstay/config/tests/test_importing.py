"""Lists from files: tried, brought in, brought in again, taken back."""

import gzip
import io
import json
import re
import uuid
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mainstay.config.importing.actions import (
    OnFault,
    forget_held_lists,
    hold_file,
    import_next_lines,
    run_import,
    start_import,
    stop_import,
    try_import,
    undo_import,
)
from mainstay.config.importing.commands import import_
from mainstay.config.importing.reading import KINDS, read_sheet, template_of, text_of
from mainstay.config.tasks import import_list
from mainstay.foundation.errors import IllegalMove, InvalidInput, NotFound
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.messages.models import Message
from mainstay.people import actions as people
from mainstay.people.demographics import demographics_of
from mainstay.people.models import Patient
from mainstay.people.queries import patient_named, patients_found
from mainstay.practice.actions import close_day, set_hours
from mainstay.practice.models import ImportBatch, Room, VisitType
from mainstay.scheduling.actions import add_session
from mainstay.scheduling.models import Appointment
from mainstay.visits.tests.factories import a_patient, a_person, a_site, a_visit_type, acting_as
from mainstay.work.models import WorkItem
from mainstay.workforce.models import Staff

pytestmark = pytest.mark.django_db
LISTS = {
    "staff": "Login,First Name,Last Name,Role\nmrivera,Maria,Rivera,clinical_ma\nx,X,Y,wizard\n",
    "rooms": "\ufeffSite;Room;Type\nNorthside;Exam 1;exam\nNorthside;Exam 2;cellar\n",
    "visit-types": "Visit type,Duration,Playbook\nSick visit,20,acute_visit\nLong visit,900,acute_visit\n",
    "patients": "First,Last,DOB,Chart,Phone\nAna,Lopez,3/5/1984,A1,(512) 555-0134\nBo,Ng,99/99/2000,A2,\n",
    "appointments": "MRN,Date,Start,Type\n100001,12/3/2026,9:20 am,follow-up\n100001,12/3/2026,9:30 am,follow-up\n",
}
COUNTED = {"staff": Staff, "rooms": Room, "visit-types": VisitType, "patients": Patient, "appointments": Appointment}


@pytest.fixture
def ready():
    a_site(), a_patient(), a_visit_type()


def held(kind, text=None):
    return hold_file(actor=an_actor(), kind=kind, text=text or LISTS[kind], file_name="list.csv")


@pytest.mark.parametrize("kind", KINDS)
def test_a_dry_run_says_everything_and_writes_nothing(kind, ready):
    before = COUNTED[kind].objects.count()
    report = try_import(actor=an_actor(), batch=held(kind))
    assert (report.lines, report.made, report.refused) == (2, 1, 1), report.outcomes
    assert report.faults[0].line == 3 and COUNTED[kind].objects.count() == before


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_list_again_changes_nothing(kind, ready):
    assert run_import(actor=an_actor(), batch=held(kind), on_fault=OnFault.LEAVE_OUT).made == 1
    count = COUNTED[kind].objects.count()
    again = run_import(actor=an_actor(), batch=held(kind), on_fault=OnFault.LEAVE_OUT)
    assert (again.made, again.unchanged, again.refused) == (0, 1, 1)
    assert COUNTED[kind].objects.count() == count


@pytest.mark.parametrize("kind", KINDS)
def test_all_or_nothing_makes_nothing_of_a_list_with_a_fault(kind, ready):
    before = COUNTED[kind].objects.count()
    batch = held(kind)
    assert run_import(actor=an_actor(), batch=batch, on_fault=OnFault.STOP).refused == 1
    assert COUNTED[kind].objects.count() == before
    batch.refresh_from_db()
    assert batch.ran_at is None


def test_an_undo_takes_back_what_was_not_used_and_says_why_the_rest_stays(ready):
    made = {}
    for kind in KINDS:
        made[kind] = held(kind)
        run_import(actor=an_actor(), batch=made[kind], on_fault=OnFault.LEAVE_OUT)
    for batch in made.values():
        undo_import(actor=an_actor(), batch=batch)
    assert not Staff.objects.get(username="mrivera").is_active
    assert not Room.objects.get(name="Exam 1").is_in_use
    assert not VisitType.objects.get(code="sick-visit").is_offered
    assert Appointment.objects.get().state == "cancelled"
    assert Patient.objects.get(mrn="A1").withdrawn_because == "The import was undone"
    with pytest.raises(IllegalMove):
        undo_import(actor=an_actor(), batch=made["rooms"])


def test_an_undo_in_the_wrong_order_can_be_tried_again(ready):
    people = held("patients")
    run_import(actor=an_actor(), batch=people, on_fault=OnFault.LEAVE_OUT)
    bookings = held("appointments", "MRN,Date,Start,Type\nA1,12/3/2026,9:20 am,follow-up\n")
    run_import(actor=an_actor(), batch=bookings, on_fault=OnFault.LEAVE_OUT)
    assert "used since" in undo_import(actor=an_actor(), batch=people).things.get().kept_because
    undo_import(actor=an_actor(), batch=bookings)
    undone = undo_import(actor=an_actor(), batch=people)
    assert undone.undone_at is not None
    assert [(t.is_undone, t.kept_because) for t in undone.things.all()] == [(True, "")]
    assert Patient.objects.get(mrn="A1").withdrawn_because == "The import was undone"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("x,X,Y,wizard,", "There is no role 'wizard': use "),
        ("x,X,Y,,", "Nothing is given for roles"),
        ("x,X,Y,provider,123", "An NPI has ten digits"),
        ("x,X,Y,provider,1234567890", "last digit does not fit"),
        ("mrivera,Mary,Rivers,clinical_ma,", "signs in by that name already"),
    ],
)
def test_a_line_of_staff_that_cannot_be_says_what_is_wrong_with_it(line, sentence, ready):
    head = "Login,First Name,Last Name,Role,NPI\nmrivera,Maria,Rivera,clinical_ma,\n"
    (fault,) = try_import(actor=an_actor(), batch=held("staff", f"{head}{line}\n")).faults
    assert fault.line == 3 and sentence in fault.text


def test_a_list_saved_by_windows_keeps_its_accents():
    assert text_of("José".encode("cp1252")) == text_of("José".encode("utf-8-sig")) == "José"


def test_nobody_gives_out_by_a_list_what_they_could_not_give_by_hand(ready):
    text = "Login,First Name,Last Name,Role\nboss,B,Oss,administrator\n"
    importer = an_actor(permissions=("practice.import",))
    report = try_import(actor=importer, batch=held("staff", text))
    assert report.made == 0 and "role does not include" in report.faults[0].text


def test_after_a_day_an_import_stays(ready):
    batch = held("rooms")
    run_import(actor=an_actor(), batch=batch, on_fault=OnFault.LEAVE_OUT)
    with pytest.raises(IllegalMove):
        undo_import(actor=an_actor(now=A_MOMENT + timedelta(hours=25)), batch=batch)
    assert Room.objects.get(name="Exam 1").is_in_use


def test_somebody_alike_needs_a_reason(ready):
    line = "given name,family name,dob,mrn,sex\nJo,Doe,2/3/1980,B7,female\n"
    fault = try_import(actor=an_actor(), batch=held("patients", line)).faults[0]
    assert "looks like somebody we have" in fault.text
    told = line.replace("sex\n", "sex,duplicate reason\n").replace("female\n", "female,Twin brother of the other\n")
    assert try_import(actor=an_actor(), batch=held("patients", told)).made == 1


@pytest.mark.parametrize("text", ["", "  \n", "nonsense\n1\n", 'a,"b\nc', "\0\0"])
def test_what_is_no_list_is_refused_as_a_whole(text):
    with pytest.raises(InvalidInput):
        read_sheet("patients", text)


@pytest.mark.parametrize("kind", KINDS)
def test_the_list_to_fill_in_can_be_read(kind):
    sheet = read_sheet(kind, template_of(kind))
    assert len(sheet.lines) == 1 and not sheet.ignored


def test_the_verb_tries_imports_and_undoes(ready, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    file = tmp_path / "rooms.csv"
    file.write_text(LISTS["rooms"])
    assert import_(["csv", "rooms", str(file), "--dry-run", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["made"], told["refusals"][0]["line"], ImportBatch.objects.count()) == (1, 3, 0)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(LISTS["rooms"].encode())))
    assert import_(["csv", "rooms", "-", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert import_(["undo", told["id"], "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["undone"] == 1
    assert import_(["csv", "rooms", "--template"]) == 0
    assert import_([]) == 2 and import_(["--help"]) == 0
    assert "usage" in capsys.readouterr().out


def test_an_administrator_imports_by_page(client, ready, monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    client.force_login(a_person("ada", "administrator"))
    assert client.get("/imports/").status_code == 200
    assert client.get("/imports/template/patients/").status_code == 200

    def key():
        return {"idempotency_key": str(uuid.uuid4())}

    packed = SimpleUploadedFile("rooms.csv.gz", gzip.compress(LISTS["rooms"].encode()))
    refused = client.post("/imports/", {"kind": "rooms", "file": packed, **key()})
    assert refused.status_code == 422 and "This is not a CSV list" in refused.content.decode()
    wrong = client.post("/imports/", {"kind": "rooms", "file": SimpleUploadedFile("r.csv", b"a,b\n1,2\n"), **key()})
    assert wrong.status_code == 422 and b"lacks the column" in wrong.content
    sent = SimpleUploadedFile("r.csv", LISTS["rooms"].encode())
    at = client.post("/imports/", {"kind": "rooms", "file": sent, **key()})["Location"]
    shown = client.get(at).content.decode()
    assert "cellar" in shown and not Room.objects.exists()
    assert client.post(f"{at}run/", {"on_fault": "leave_out", **key()}).status_code == 303
    assert b"Undo this import" in client.get(at).content and Room.objects.count() == 1
    assert client.post(f"{at}undo/", key()).status_code == 303
    assert not Room.objects.get().is_in_use
    client.force_login(a_person("maria", "clinical_ma"))
    assert client.get("/imports/").status_code == 403


def test_a_red_flag_in_an_imported_list_goes_to_the_clinicians_and_not_into_the_schedule(ready):
    text = "MRN,Date,Start,Type,Reason\n100001,12/3/2026,9:20 am,follow-up,chest pain and sweating\n"
    report = run_import(actor=an_actor(), batch=held("appointments", text), on_fault=OnFault.LEAVE_OUT)
    assert (report.made, report.refused) == (0, 1) and "on the clinicians' list" in report.faults[0].text
    item = WorkItem.objects.get(kind="red_flag")
    assert item.pool == "clinician" and item.is_clinical
    assert Message.objects.filter(thread__work_item=item, text__contains="3 Dec").exists()
    assert not Appointment.objects.exists()


def outcome_of(text, kind="appointments"):
    report = try_import(actor=an_actor(), batch=held(kind, text))
    return report.outcomes[0].what, report.outcomes[0].text


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("12/6/2026,9:20 am", "Closed on Sundays. Move it, or add an extra session."),
        ("12/25/2026,9:20 am", "Closed: Christmas Day. Move it, or add an extra session."),
        ("12/3/2026,7:40 am", "Open only 8:00 am to 5:00 pm that day. Move it, or add an extra session."),
        ("12/3/2026,5:00 pm", "Open only 8:00 am to 5:00 pm that day. Move it, or add an extra session."),
        ("12/3/2026,8:00 am", ""),
    ],
)
def test_a_dry_run_refuses_an_appointment_when_the_site_is_closed(ready, when, said):
    site = a_site()
    set_hours(actor=an_actor(), site=site, weekly={day: (time(8), time(17)) for day in range(5)})
    close_day(actor=an_actor(), day=date(2026, 12, 25), name="Christmas Day")
    what, text = outcome_of(f"MRN,Date,Start,Type\n100001,{when},follow-up\n")
    assert (what, text) == ("refused", said) if said else what == "made"


def test_an_appointment_in_an_extra_session_of_a_closed_day_comes_in(ready):
    site = a_site()
    set_hours(actor=an_actor(), site=site, weekly={0: (time(8), time(17))})
    close_day(actor=an_actor(), day=date(2026, 12, 5), name="Painting")
    starts = datetime(2026, 12, 5, 9, tzinfo=site.zone)
    wish = {"provider": None, "site": site, "reason": "flu shots"}
    add_session(actor=an_actor(), starts=starts, ends=starts + timedelta(hours=3), **wish)
    line = "MRN,Date,Start,Type\n100001,12/5/2026,{},follow-up\n"
    assert outcome_of(line.format("9:20 am"))[0] == "made"
    assert outcome_of(line.format("12:00 pm"))[1].startswith("Closed: Painting.")


def test_an_appointment_for_another_age_comes_in_with_its_reason_only(ready):
    VisitType.objects.update(youngest="", oldest="17y")
    asked = "MRN,Date,Start,Type,Age reason\n100001,12/3/2026,9:20 am,follow-up,{}\n"
    what, text = outcome_of(asked.format(""))
    assert what == "refused"
    assert re.fullmatch(r".* is for age up to 17 years; .* years old then\. Say why in other_age_because\.", text)
    run_import(actor=an_actor(), batch=held("appointments", asked.format("Asked for")), on_fault=OnFault.STOP)
    assert Appointment.objects.get().other_age_reason == "Asked for"


@pytest.mark.parametrize(
    ("said", "kept"),
    [(",", ("18y", "")), ("any,any", ("", "")), ("16,", ("16y", "")), ("6 mo,17", ("6m", "17y"))],
)
def test_a_kind_of_visit_comes_with_its_ages_or_those_of_its_playbook(said, kept):
    text = f"Visit type,Duration,Playbook,Min age,Max age\nPhysical,40,adult_physical,{said}\n"
    assert run_import(actor=an_actor(), batch=held("visit-types", text), on_fault=OnFault.STOP).made == 1
    kind = VisitType.objects.get()
    assert (kind.youngest, kind.oldest) == kept


def test_a_kind_of_visit_with_no_age_for_an_age_is_refused():
    text = "Visit type,Duration,Playbook,Min age,Max age\nPhysical,40,adult_physical,grown,\n"
    assert "is no age" in outcome_of(text, "visit-types")[1]


TWO_PATIENTS = "First,Last,DOB,Chart,Phone\nAna,Lopez,3/5/1984,A1,(512) 555-0134\nBo,Ng,9/9/2000,A2,\n"


def test_a_chart_nobody_touched_is_withdrawn_and_one_that_was_used_stays(ready):
    batch = held("patients", TWO_PATIENTS)
    run_import(actor=an_actor(), batch=batch, on_fault=OnFault.LEAVE_OUT)
    ana, bo = Patient.objects.get(mrn="A1"), Patient.objects.get(mrn="A2")
    assert [f.mrn for f in patients_found(an_actor(), "Ana Lopez")] == ["A1"]
    WorkItem.objects.create(kind="call", title="Call back", patient=bo, due_at=A_MOMENT)
    undo_import(actor=an_actor(), batch=batch)
    things = {thing.ref: thing for thing in batch.things.all()}
    assert things[ana.public_id].is_undone and not things[bo.public_id].is_undone
    assert "work items" in things[bo.public_id].kept_because
    assert patients_found(an_actor(), "Ana Lopez") == [] and patients_found(an_actor(), "A1") == []
    assert [f.mrn for f in patients_found(an_actor(), "Bo Ng")] == ["A2"]
    with pytest.raises(NotFound):
        patient_named(ana.public_id)
    assert run_import(actor=an_actor(), batch=held("patients", TWO_PATIENTS), on_fault=OnFault.LEAVE_OUT).made == 1
    assert [f.public_id for f in patients_found(an_actor(), "Ana Lopez")] == [ana.public_id]


@pytest.mark.django_db(transaction=True)
def test_a_chart_that_was_changed_since_stays():
    a_site()
    batch = held("patients", TWO_PATIENTS)
    run_import(actor=an_actor(), batch=batch, on_fault=OnFault.LEAVE_OUT)
    ana = Patient.objects.get(mrn="A1")
    changed = replace(demographics_of(ana), chosen_name="Anita")
    people.change_demographics(actor=an_actor(), patient=ana, demographics=changed)
    undo_import(actor=an_actor(), batch=batch)
    assert [(t.label[:3], t.is_undone) for t in batch.things.all()] == [("Ana", False), ("Bo ", True)]


def rooms(count):
    return "Site,Room\n" + "".join(f"Northside,R{n}\n" for n in range(count)) + "Nowhere,X\n"


def test_a_long_list_goes_in_by_parts_and_goes_on_after_a_crash(ready, monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    batch = held("rooms", rooms(7))
    ada = acting_as(a_person("ada", "administrator"))
    start_import(actor=ada, batch=batch)
    with pytest.raises(IllegalMove, match="being imported"):
        run_import(actor=ada, batch=batch, on_fault=OnFault.LEAVE_OUT)
    sheet = read_sheet("rooms", rooms(7))
    first = import_next_lines(actor=ada, batch=batch, sheet=sheet, count=3)
    assert (first.read, first.made, first.ran_at) == (3, 3, None)
    import_list(batch.pk)
    batch.refresh_from_db()
    assert (batch.read, batch.lines, batch.made, batch.refused, batch.text) == (8, 8, 7, 1, "")
    assert [(r.line, "Nowhere" in r.reason) for r in batch.refusals.all()] == [(9, True)]
    import_list(batch.pk)
    assert Room.objects.count() == 7
    undo_import(actor=ada, batch=batch)
    assert not Room.objects.filter(is_in_use=True).exists()


def test_a_running_import_is_stopped_and_keeps_what_it_made(ready):
    batch, ada = held("rooms", rooms(7)), acting_as(a_person("ada", "administrator"))
    with pytest.raises(IllegalMove):
        stop_import(actor=ada, batch=batch)
    start_import(actor=ada, batch=batch)
    sheet = read_sheet("rooms", rooms(7))
    import_next_lines(actor=ada, batch=batch, sheet=sheet, count=3)
    stop_import(actor=ada, batch=batch)
    ended = import_next_lines(actor=ada, batch=batch, sheet=sheet, count=3)
    assert (ended.read, ended.made, ended.ran_at) == (3, 3, A_MOMENT)
    assert Room.objects.count() == 3


def test_the_text_of_a_list_nobody_brought_in_is_cleared_a_day_after(ready):
    kept, running = held("rooms"), held("rooms", rooms(3))
    start_import(actor=acting_as(a_person("ada", "administrator")), batch=running)
    ImportBatch.objects.update(created_at=A_MOMENT)
    assert forget_held_lists(actor=an_actor(now=A_MOMENT + timedelta(hours=23))) == 0
    assert forget_held_lists(actor=an_actor(now=A_MOMENT + timedelta(hours=25))) == 1
    kept.refresh_from_db(), running.refresh_from_db()
    assert kept.text == "" and running.text
    with pytest.raises(IllegalMove, match="forgotten"):
        run_import(actor=an_actor(), batch=kept, on_fault=OnFault.LEAVE_OUT)


def test_a_long_list_is_tried_in_part_and_shows_how_far_it_is(client, ready, monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    monkeypatch.setattr("mainstay.config.importing.actions.LONG", 3)
    ada = a_person("ada", "administrator")
    client.force_login(ada)
    batch = held("rooms", rooms(7))
    at = f"/imports/{batch.public_id}/"
    assert "only its first lines were tried" in client.get(at).content.decode()
    key = {"idempotency_key": str(uuid.uuid4())}
    assert client.post(f"{at}run/", {"how": "worker", **key}).status_code == 303
    assert "0 of 8 lines" in client.get(at).content.decode()
    assert client.post(f"{at}stop/", {"idempotency_key": str(uuid.uuid4())}).status_code == 303
    assert "stops after the lines" in client.get(at).content.decode()
    import_list(batch.pk)
    assert "Somebody stopped this import" in client.get(at).content.decode()
