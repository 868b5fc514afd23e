import re
from dataclasses import replace
from datetime import date
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from mainstay.foundation.models import AccessRecord
from mainstay.foundation.testing import an_actor
from mainstay.people import actions, queries
from mainstay.people.forms import DemographicsForm
from mainstay.people.models import BreakGlass, Patient, PatientMerge
from mainstay.people.tests.factories import MARIA, a_patient, a_staff_member

pytestmark = pytest.mark.django_db
SYSTEM = an_actor()
WHO = {"given_name": "Rosa", "family_name": "Delgado", "birth_date": "3/5/84", "sex": "female", "language": "es"}
SECTIONS = {
    "reach": {"channel": "phone", "value": "737 555 0188", "use": "work"},
    "address": {"street": "1 Oak St", "city": "Austin", "state": "TX", "postal_code": "78704", "use": "home"},
    "person": {"name": "Ana Ruiz", "relationship": "sister", "language": "en", "authority": "none"},
    "need": {"kind": "hearing", "detail": "left ear"},
    "alert": {"text": "Faints at needles"},
    "name": {"kind": "former", "family_name": "Ruiz"},
    "communication": {"preferred": "phone", "reminders": "mail", "quiet_from": "9p", "quiet_until": "7a"},
}


@pytest.fixture
def desk(client):
    client.force_login(a_staff_member("dana", ("manager",)))
    return client


@pytest.fixture
def maria():
    return a_patient(phone="512-555-0134")


def sent(client, url_name, args=(), **typed):
    return client.post(reverse(url_name, args=args), {"idempotency_key": str(uuid4()), **typed})


def test_a_patient_is_registered_and_their_page_opens(desk):
    answer = sent(desk, "register-patient", phone="512 555 0188", can_leave_voicemail="on", **WHO)
    rosa = Patient.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, reverse("patient", args=[rosa.public_id]))
    page = desk.get(answer["Location"]).content.decode()
    assert "(512) 555-0188" in page and "Mon 5 Mar 1984" in page and "Speaks Spanish" in page


def test_what_is_wrong_is_said_beside_the_field(desk):
    answer = sent(desk, "register-patient", **WHO | {"birth_date": "13/5/84", "phone": "12"})
    assert answer.status_code == 422
    assert "did you mean 5/13/1984" in answer.content.decode()
    answer = sent(desk, "register-patient", **WHO | {"phone": "12"})
    assert answer.status_code == 422 and "ten digits" in answer.content.decode()
    assert not Patient.objects.exists()


@pytest.mark.parametrize(
    ("url_name", "section", "field", "said"),
    [
        ("register-patient", None, "birth_date", "Type the date of birth, as 3/5/1984."),
        ("patient-demographics", None, "deceased_on", ""),
        ("patient-add", "person", "authority_until", ""),
        ("patient-add", "communication", "quiet_until", ""),
    ],
)
def test_a_day_or_time_nobody_can_read_is_said_and_kept_and_a_missing_one_says_how(
    desk, maria, url_name, section, field, said
):
    given = SECTIONS[section] if section else WHO
    args = {"register-patient": (), "patient-demographics": (maria.public_id,)}.get(
        url_name, (maria.public_id, section)
    )
    answer = sent(desk, url_name, args, **given | {field: "the other week"})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "“the other week” is not" in shown and 'value="the other week"' in shown
    if said:
        assert said in sent(desk, url_name, args, **given | {field: ""}).content.decode()


def test_somebody_who_died_on_3_5_died_on_the_last_one(desk, maria):
    form = DemographicsForm({**WHO, "deceased_on": "3/5"}, actor=SYSTEM)
    assert form.is_valid() and form.cleaned_data["deceased_on"] <= timezone.localdate()


def test_a_likely_duplicate_is_shown_while_typing_and_asked_about_on_saving(desk, maria):
    typed = WHO | {"given_name": "maria", "family_name": "hernandes", "phone": "5125550134"}
    hint = sent(desk, "likely-duplicates", **typed).content.decode()
    assert "Maria Hernandez" in hint and "Most likely the same" in hint
    answer = sent(desk, "register-patient", **typed)
    assert answer.status_code == 422 and "reason:likely-duplicate" in answer.content.decode()
    assert Patient.objects.count() == 1
    answer = sent(
        desk, "register-patient", **typed, **{"reason:likely-duplicate": ["", "Her cousin, born the same day"]}
    )
    assert answer.status_code == 303 and Patient.objects.count() == 2


def test_a_reason_given_for_a_likely_duplicate_is_kept_while_the_birth_date_is_put_right(desk, maria):
    typed = WHO | {"given_name": "maria", "family_name": "hernandes", "phone": "5125550134"}
    asked = sent(desk, "register-patient", **typed).content.decode()
    said = unescape(re.search(r'name="asked:likely-duplicate" value="([^"]*)"', asked)[1])
    reason = {"reason:likely-duplicate": "Her cousin, born the same day", "asked:likely-duplicate": said}
    wrong = sent(desk, "register-patient", **typed | reason | {"birth_date": "13/5/84"})
    shown = wrong.content.decode()
    assert wrong.status_code == 422 and "did you mean 5/13/1984" in shown
    assert 'value="Her cousin, born the same day"' in shown and said in unescape(shown)
    assert sent(desk, "register-patient", **typed | reason).status_code == 303


def test_registering_twice_with_one_key_registers_once(desk):
    typed = {"idempotency_key": str(uuid4()), **WHO}
    answers = [desk.post(reverse("register-patient"), typed) for _ in range(5)]
    assert {a["Location"] for a in answers} == {answers[0]["Location"]} and Patient.objects.count() == 1


def test_patients_are_found_on_the_page_in_the_bar_and_while_typing(desk, maria):
    assert "Maria Hernandez" in desk.get(reverse("patients"), {"q": "hernandez"}).content.decode()
    assert (
        "Maria Hernandez"
        in desk.get(reverse("patients"), {"q": "hern"}, headers={"HX-Request": "true"}).content.decode()
    )
    bar = desk.get(reverse("search"), {"q": "hern"}, headers={"HX-Request": "true"}).content.decode()
    assert str(maria.public_id) in bar and "<html" not in bar
    assert desk.get(reverse("search"), {"q": maria.mrn})["Location"] == reverse("patient", args=[maria.public_id])
    assert "Nobody found" in desk.get(reverse("search"), {"q": "zzqx"}).content.decode()


def test_opening_a_patient_is_logged(desk, maria):
    desk.get(reverse("patient", args=[maria.public_id]))
    assert AccessRecord.objects.get().what == "demographics"
    assert desk.get(reverse("patient", args=[uuid4()])).status_code == 404


def test_demographics_are_changed_and_the_history_shows_who(desk, maria):
    page = desk.get(reverse("patient-demographics", args=[maria.public_id])).content.decode()
    assert 'value="03/05/1984"' in page
    typed = {
        "given_name": "Maria",
        "family_name": "Whitfield",
        "birth_date": "03/05/1984",
        "sex": "female",
        "language": "en",
    }
    assert sent(desk, "patient-demographics", [maria.public_id], **typed).status_code == 303
    history = desk.get(reverse("patient-changes", args=[maria.public_id])).content.decode()
    assert "Whitfield" in history and "Dana W." in history


@pytest.mark.parametrize("section", list(SECTIONS))
def test_everything_around_a_person_is_added_shown_and_ended(desk, maria, section):
    page = reverse("patient-add", args=[maria.public_id, section])
    assert desk.get(page).status_code == 200
    assert sent(desk, "patient-add", [maria.public_id, section], **SECTIONS[section]).status_code == 303
    details = queries.patient_details(SYSTEM, Patient.objects.get())
    rows = {
        "reach": details.contact_points,
        "address": details.addresses,
        "need": details.needs,
        "alert": details.alerts,
        "name": details.names,
        "person": [p.person for p in details.related],
    }
    assert desk.get(reverse("patient", args=[maria.public_id])).status_code == 200
    if section in rows:
        row = rows[section][-1]
        assert sent(desk, "patient-end", [maria.public_id, section, row.pk]).status_code == 303
        row.refresh_from_db()
        assert getattr(row, "is_withdrawn", None) or getattr(row, "ended_at", None)
    else:
        assert details.communication.quiet_from.hour == 21
        assert 'value="9:00 pm"' in desk.get(page).content.decode()


def test_a_proxy_without_a_document_is_saved_only_with_a_reason(desk, maria):
    typed = SECTIONS["person"] | {"authority": "guardian", "authority_from": "1/1/2026"}
    answer = sent(desk, "patient-add", [maria.public_id, "person"], **typed)
    assert answer.status_code == 422 and "reason:no-document" in answer.content.decode()
    reason = {"reason:no-document": ["", "Brings the court order tomorrow"]}
    assert sent(desk, "patient-add", [maria.public_id, "person"], **typed, **reason).status_code == 303
    person = maria.related_people.get()
    assert sent(desk, "patient-related", [maria.public_id, person.public_id], **SECTIONS["person"]).status_code == 303
    assert maria.related_people.get().authority == "none"


def test_an_address_is_in_a_state_there_is(desk, maria):
    wrong = sent(desk, "patient-add", [maria.public_id, "address"], **{**SECTIONS["address"], "state": "Q9"})
    assert wrong.status_code == 422 and "two letters of a state" in wrong.content.decode()
    there = sent(desk, "patient-add", [maria.public_id, "address"], **{**SECTIONS["address"], "state": "pr"})
    assert there.status_code == 303 and maria.addresses.filter(state="PR").exists()


def test_two_charts_of_two_people_are_merged_only_when_somebody_says_how_they_are_known_to_be_one(desk, maria):
    john = a_patient(replace(MARIA, given_name="John", birth_date=date(1951, 3, 4)))
    both = [maria.public_id, john.public_id]
    shown = desk.get(reverse("merge-patients", args=both)).content.decode()
    assert "These look like two people. Not the same: legal name, date of birth." in shown
    why = {"reason": "One person: the birth date was misread at the desk"}
    unsaid = sent(desk, "merge-patients", both, **why)
    assert unsaid.status_code == 422 and "How is it known that they are one?" in unsaid.content.decode()
    assert why["reason"] in unsaid.content.decode() and not PatientMerge.objects.exists()
    known = {"reason:unlike-people": ["Compared with the person", "Her sister was there"]}
    too_short = sent(desk, "merge-patients", both, reason="dup", **known).content.decode()
    assert 'value="Compared with the person" checked' in too_short and 'value="Her sister was there"' in too_short
    assert sent(desk, "merge-patients", both, **why, **known).status_code == 303
    assert PatientMerge.objects.get().how_known == "Compared with the person: Her sister was there"
    assert "Her sister was there" in desk.get(reverse("patient-duplicates", args=[maria.public_id])).content.decode()


def test_two_charts_are_compared_merged_and_parted(desk, maria):
    mary = a_patient(replace(MARIA, given_name="Mary"))
    assert "Mary Hernandez" in desk.get(reverse("patient-duplicates", args=[maria.public_id])).content.decode()
    assert "Differs" in desk.get(reverse("merge-patients", args=[maria.public_id, mary.public_id])).content.decode()
    answer = sent(desk, "merge-patients", [maria.public_id, mary.public_id], reason="dup")
    assert answer.status_code == 422 and "These look like two people" not in answer.content.decode()
    answer = sent(
        desk, "merge-patients", [maria.public_id, mary.public_id], reason="Same person: compared identity cards"
    )
    assert answer.status_code == 303
    moved = desk.get(reverse("patient", args=[mary.public_id]))
    assert moved["Location"] == reverse("patient", args=[maria.public_id])
    assert sent(desk, "undo-merge", [PatientMerge.objects.get().pk]).status_code == 303
    assert desk.get(reverse("patient", args=[mary.public_id])).status_code == 200


def test_a_confidential_chart_asks_for_a_reason_first_and_the_review_waits(client, maria):
    actions.change_demographics(actor=SYSTEM, patient=maria, demographics=replace(MARIA, is_confidential=True))
    client.force_login(a_staff_member("eli"))
    refused = client.get(reverse("patient", args=[maria.public_id]))
    glass = reverse("break-glass", args=[maria.public_id])
    assert refused.status_code == 403 and glass in refused.content.decode()
    assert "Hernandez" not in refused.content.decode() + client.get(glass).content.decode()
    assert sent(client, "break-glass", [maria.public_id], reason="why not").status_code == 422
    assert sent(client, "break-glass", [maria.public_id], reason="Collapsed in the waiting room").status_code == 303
    assert client.get(reverse("patient", args=[maria.public_id])).status_code == 200
    client.force_login(a_staff_member("kim", ("manager",)))
    assert "Collapsed" in client.get(reverse("broken-glass")).content.decode()
    opening = BreakGlass.objects.get()
    assert client.get(reverse("review-broken-glass", args=[opening.public_id])).status_code == 200
    answer = sent(client, "review-broken-glass", [opening.public_id], review="Emergency, confirmed with the provider")
    assert answer.status_code == 303
    client.force_login(a_staff_member("ruth", ("medical_director",)))
    assert "Broke the glass" in client.get(reverse("patient-access", args=[maria.public_id])).content.decode()


PAGES = ["patients", "search", "register-patient", "broken-glass"]
CHART_PAGES = [
    "patient",
    "patient-demographics",
    "patient-changes",
    "break-glass",
    "patient-access",
    "patient-duplicates",
]
SEES = {"patients", "search", "patient", "patient-changes"}
CHANGES = SEES | {"register-patient", "patient-demographics", "break-glass"}
MAY = {
    "trainee": SEES,
    "biller": SEES,
    "clinical_ma": CHANGES,
    "lead_ma": CHANGES | {"patient-duplicates"},
    "medical_director": SEES | {"broken-glass", "patient-access"},
}


@pytest.mark.parametrize("role", list(MAY))
def test_each_role_opens_its_pages_and_no_others(client, maria, role):
    client.force_login(a_staff_member("somebody", (role,)))
    for name in PAGES + CHART_PAGES:
        status = client.get(reverse(name, args=[maria.public_id] if name in CHART_PAGES else [])).status_code
        assert (status != 403) == (name in MAY[role]), (role, name, status)


def test_a_childs_page_shows_until_when_the_parent_decides(desk):
    child = a_patient(replace(MARIA, given_name="Jacob", birth_date=date(2015, 6, 14)))
    relation = actions.Relation(name="Ana Miller", relationship="mother", authority="parent")
    actions.add_related_person(actor=SYSTEM, patient=child, relation=relation)
    assert "Sun 13 Jun 2033" not in (page := desk.get(reverse("patient", args=[child.public_id])).content.decode())
    assert "Mon 13 Jun 2033" in page


def test_what_was_typed_and_not_saved_is_there_again_and_gone_once_saved(desk, maria):
    key = f"people:demographics:{maria.public_id}"
    here = reverse("patient-demographics", args=[maria.public_id])
    sent(desk, "draft-save", draft_key=key, draft_url=here, family_name="Whitfi", race=["2028-9", "2106-3"])
    again = desk.get(here).context["frame"].typed_before
    assert again[0]["typed"] == {"family_name": ["Whitfi"], "race": ["2028-9", "2106-3"]}
    typed = {
        "draft_key": key,
        "given_name": "Maria",
        "family_name": "Whitfield",
        "birth_date": "3/5/84",
        "sex": "female",
        "language": "en",
    }
    assert sent(desk, "patient-demographics", [maria.public_id], **typed).status_code == 303
    page = desk.get(here)
    assert 'value="Whitfield"' in page.content.decode() and page.context["frame"].typed_before == []


def test_a_patients_page_costs_few_statements(desk, maria, django_assert_max_num_queries):
    with django_assert_max_num_queries(32):
        desk.get(reverse("patient", args=[maria.public_id]))


def test_the_bar_finds_pages_too(desk):
    bar = desk.get(reverse("search"), {"q": "regis"}, headers={"HX-Request": "true"}).content.decode()
    assert reverse("register-patient") in bar
    assert (
        "Nothing found" in desk.get(reverse("search"), {"q": "zzqx"}, headers={"HX-Request": "true"}).content.decode()
    )
