from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection

from mainstay.chart.models import ListReview
from mainstay.foundation.errors import IllegalMove, InvalidInput, NeedsConfirmation, NotFound, NotPermitted, StopFound
from mainstay.foundation.findings import Confirmations
from mainstay.foundation.models import AccessRecord, OutboxEvent
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.people import actions, queries
from mainstay.people.errors import AlreadyMerged, NumberTaken
from mainstay.people.models import MergedRow, Patient, PatientMerge, PatientName
from mainstay.people.permissions import BREAK_GLASS, FIND, MERGE, REGISTER, SEE_ACCESS
from mainstay.people.tests.factories import DIFFERENT, MARIA, ONE_PERSON, a_patient, a_staff_member

pytestmark = pytest.mark.django_db
SYSTEM = an_actor()
JOHN = replace(MARIA, given_name="John", family_name="Okafor", birth_date=date(1950, 7, 1), sex="male")
REASON = "Same person: compared photo identity cards"


def test_a_registered_patient_gets_a_number_and_is_told_of():
    first, second = a_patient(), a_patient(JOHN)
    assert first.mrn.isdigit() and first.mrn != second.mrn
    assert OutboxEvent.objects.filter(kind="PatientRegistered", payload={"patient_id": first.pk}).exists()


def test_a_likely_duplicate_needs_a_reason_and_nothing_is_written_without():
    a_patient(phone="512-555-0134")
    again = replace(MARIA, given_name="María", family_name="Hernández")
    with pytest.raises(NeedsConfirmation, match="born 03/05/1984") as refusal:
        actions.register_patient(actor=SYSTEM, demographics=again)
    assert [f.code for f in refusal.value.findings] == ["likely-duplicate"]
    assert Patient.objects.count() == 1
    assert actions.register_patient(actor=SYSTEM, demographics=again, confirmed=DIFFERENT).pk
    assert Patient.objects.count() == 2


def test_a_twin_is_registered_without_a_question():
    child = replace(MARIA, given_name="Jacob", birth_date=date(2019, 6, 14))
    a_patient(child, phone="512-555-0134")
    twin = replace(child, given_name="Ethan")
    assert actions.register_patient(actor=SYSTEM, demographics=twin, phone="512-555-0134").pk


def test_what_cannot_be_is_not_saved():
    with pytest.raises(StopFound, match="future"):
        actions.register_patient(actor=SYSTEM, demographics=replace(MARIA, birth_date=date(2030, 1, 1)))
    assert not Patient.objects.exists()


def test_a_number_belongs_to_one_patient():
    a_patient(mrn="417")
    with pytest.raises(NumberTaken):
        a_patient(JOHN, mrn="417")


def test_a_new_name_keeps_the_former_one_findable():
    patient = a_patient()
    actions.change_demographics(actor=SYSTEM, patient=patient, demographics=replace(MARIA, family_name="Whitfield"))
    assert PatientName.objects.filter(patient=patient, kind="former", family_name="Hernandez").exists()
    assert [f.id for f in queries.patients_found(SYSTEM, "hernandez maria")] == [patient.pk]
    change = queries.changes_of(patient)[0]
    assert ("family name", "Hernandez", "Whitfield") in change.fields


def test_changing_name_and_birth_date_together_asks_whether_it_is_the_right_chart():
    patient = a_patient()
    with pytest.raises(NeedsConfirmation, match="Is this still"):
        actions.change_demographics(actor=SYSTEM, patient=patient, demographics=JOHN)
    patient.refresh_from_db()
    assert patient.given_name == "Maria"
    confirmed = Confirmations({"another-person": "Registered under the caller's name by mistake"})
    actions.change_demographics(actor=SYSTEM, patient=patient, demographics=JOHN, confirmed=confirmed)


def test_a_withdrawn_name_no_longer_finds():
    patient = a_patient()
    name = actions.add_name(actor=SYSTEM, patient=patient, kind="alias", given_name="Zenobia")
    assert queries.patients_found(SYSTEM, "zenobia")
    actions.withdraw_name(actor=SYSTEM, name=name)
    assert not queries.patients_found(SYSTEM, "zenobia")


def test_the_same_phone_again_is_one_phone():
    patient = a_patient(phone="512-555-0134")
    reach = actions.Reach(channel="phone", value="+1 512 555 0134", use="mobile", can_text=True)
    actions.add_contact_point(actor=SYSTEM, patient=patient, reach=reach)
    [point] = queries.ways_to_reach(patient)
    assert (point.value, point.use, point.can_text, point.can_leave_voicemail) == (
        "+15125550134",
        "mobile",
        True,
        False,
    )
    actions.withdraw_contact_point(actor=SYSTEM, point=point)
    assert queries.ways_to_reach(patient) == []


def test_a_confidential_number_comes_first():
    patient = a_patient(phone="512-555-0134")
    reach = actions.Reach(channel="phone", value="737 555 0188", is_confidential=True)
    actions.add_contact_point(actor=SYSTEM, patient=patient, reach=reach)
    assert [p.value for p in queries.ways_to_reach(patient)] == ["+17375550188", "+15125550134"]
    assert queries.banner_for(SYSTEM, patient).phone == "(737) 555-0188"


def test_a_new_address_withdraws_the_old_one():
    patient = a_patient()
    for street in ("1 Oak St", "2 Elm St"):
        place = actions.Place(street=street, city="Austin", state="tx", postal_code="78704")
        actions.add_address(actor=SYSTEM, patient=patient, place=place)
    assert queries.address_of(patient).street == "2 Elm St"
    assert patient.addresses.count() == 2


def test_texting_needs_consent():
    patient = a_patient()
    with pytest.raises(InvalidInput, match="consent"):
        actions.choose_communication(actor=SYSTEM, patient=patient, wishes=actions.Wishes("text", "text"))
    actions.choose_communication(
        actor=SYSTEM, patient=patient, wishes=actions.Wishes("text", "text", text_consent=True)
    )
    choice = actions.choose_communication(actor=SYSTEM, patient=patient, wishes=actions.Wishes("phone", "phone"))
    assert choice.text_consent_at is None and choice.opted_out_at == A_MOMENT


def test_a_parent_decides_until_the_child_turns_18():
    child = a_patient(replace(MARIA, given_name="Jacob", birth_date=date(2008, 11, 21)))
    relation = actions.Relation(name="Ana Miller", relationship="mother", phone="512-555-0134", authority="parent")
    mother = actions.add_related_person(actor=SYSTEM, patient=child, relation=relation)
    assert queries.may_act_for(child, mother, day=SYSTEM.today)
    assert queries.banner_for(SYSTEM, child).alerts[0].text == "Proxy: Ana Miller (mother), until 2026"
    assert not queries.may_act_for(child, mother, day=SYSTEM.today + timedelta(days=1))
    actions.withdraw_related_person(actor=SYSTEM, person=mother)
    assert queries.proxies_of(child, day=SYSTEM.today) == []


def test_a_guardian_without_a_document_needs_a_reason():
    patient = a_patient()
    relation = actions.Relation(name="Sam Lee", relationship="nephew", authority="guardian")
    with pytest.raises(NeedsConfirmation, match="Which document"):
        actions.add_related_person(actor=SYSTEM, patient=patient, relation=relation)
    with_document = replace(relation, authority_document="Travis County letters of guardianship 26-417")
    assert actions.add_related_person(actor=SYSTEM, patient=patient, relation=with_document).pk


def test_needs_are_replaced_and_ended_never_lost():
    patient = a_patient(replace(MARIA, language="es"))
    first = actions.note_need(actor=SYSTEM, patient=patient, kind="hearing", detail="left side")
    actions.note_need(actor=SYSTEM, patient=patient, kind="hearing", detail="both sides")
    actions.note_need(actor=SYSTEM, patient=patient, kind="fear", detail="needles")
    assert queries.banner_for(SYSTEM, patient).needs == ("Speaks Spanish", "Hearing: both sides", "Afraid of: needles")
    first.refresh_from_db()
    assert first.ended_at
    with pytest.raises(IllegalMove):
        actions.end_need(actor=SYSTEM, need=first)
    actions.end_need(actor=SYSTEM, need=queries.needs_of(patient)[0])
    assert len(queries.needs_of(patient)) == 1


def test_an_alert_shows_until_it_is_ended():
    patient = a_patient()
    alert = actions.note_alert(actor=SYSTEM, patient=patient, text="Latex reaction last visit")
    assert [a.text for a in queries.banner_for(SYSTEM, patient).alerts] == ["Latex reaction last visit"]
    actions.end_alert(actor=SYSTEM, alert=alert)
    assert queries.banner_for(SYSTEM, patient).alerts == ()


def rows_of(patient):
    return {
        (model._meta.label, field.name): set(
            model._base_manager.filter(**{field.name: patient}).values_list("pk", flat=True)
        )
        for model, field in actions.merging.columns_to_patients()
    }


def test_a_merge_moves_everything_and_undoing_it_brings_everything_back():
    kept, merged = a_patient(phone="512-555-0134"), a_patient(replace(MARIA, given_name="Mary"), phone="737-555-0188")
    for patient in (kept, merged):
        actions.note_need(actor=SYSTEM, patient=patient, kind="hearing", detail="left")
        actions.choose_communication(actor=SYSTEM, patient=patient, wishes=actions.Wishes("phone", "phone"))
        ListReview.objects.create(patient=patient, list_name="allergies", none_known=True)
        actions.add_identifier(actor=SYSTEM, patient=patient, system="lab", value=patient.mrn)
    before = rows_of(kept), rows_of(merged)
    merge = actions.merge_patients(actor=SYSTEM, kept=kept, merged=merged, reason=REASON)
    assert merge.how_known == ""

    assert ListReview.objects.filter(patient=kept).count() == 2
    assert {key: pks for key, pks in rows_of(merged).items() if pks} == {
        ("people.CommunicationChoice", "patient"): before[1]["people.CommunicationChoice", "patient"]
    }
    assert queries.open_chart(SYSTEM, merged.public_id) == kept
    assert [f.id for f in queries.patients_found(SYSTEM, "mary hernandez")] == [kept.pk]
    assert [f.id for f in queries.patients_found(SYSTEM, merged.mrn)] == [kept.pk]
    assert queries.patient_by_identifier("lab", merged.mrn) == kept

    actions.undo_merge(actor=SYSTEM, merge=merge)
    after = rows_of(kept), rows_of(merged)
    extra = after[0].pop(("people.PatientName", "patient")) - before[0].pop(("people.PatientName", "patient"))
    assert after == before and PatientName.objects.get(pk__in=extra).is_withdrawn
    assert queries.open_chart(SYSTEM, merged.public_id) == merged
    assert {f.id for f in queries.patients_found(SYSTEM, "mary hernandez")[:1]} == {merged.pk}
    with pytest.raises(IllegalMove):
        actions.undo_merge(actor=SYSTEM, merge=merge)


def test_two_charts_that_look_like_two_people_are_not_merged_until_somebody_says_how_it_is_known():
    kept, merged = a_patient(), a_patient(JOHN)
    before = list(Patient.objects.order_by("pk").values())
    with pytest.raises(NeedsConfirmation, match="Not the same: legal name, date of birth, sex") as refusal:
        actions.merge_patients(actor=SYSTEM, kept=kept, merged=merged, reason=REASON)
    assert [f.code for f in refusal.value.findings] == ["unlike-people"]
    with pytest.raises(StopFound) as refusal:
        actions.merge_patients(actor=SYSTEM, kept=kept, merged=merged, reason="dup", confirmed=ONE_PERSON)
    assert [(f.code, f.is_answered) for f in refusal.value.answered] == [("unlike-people", True)]
    assert list(Patient.objects.order_by("pk").values()) == before and not PatientMerge.objects.exists()
    merge = actions.merge_patients(actor=SYSTEM, kept=kept, merged=merged, reason=REASON, confirmed=ONE_PERSON)
    assert merge.how_known == "Compared with their papers"


def test_every_move_of_a_merge_is_written_down_and_cannot_be_changed():
    kept, merged = a_patient(), a_patient(JOHN, phone="737-555-0188")
    merge = actions.merge_patients(actor=SYSTEM, kept=kept, merged=merged, reason=REASON, confirmed=ONE_PERSON)
    moved = MergedRow.objects.filter(merge=merge, table="people.ContactPoint")
    assert [row.column for row in moved] == ["patient"]
    with pytest.raises(Exception, match="append_only"), connection.cursor() as cursor:
        cursor.execute("UPDATE people_mergedrow SET row_id = 0")


def test_rows_added_or_moved_after_a_merge_stay_where_they_are_when_it_is_undone():
    kept, merged = a_patient(), a_patient(JOHN, phone="737-555-0188")
    merge = actions.merge_patients(actor=SYSTEM, kept=kept, merged=merged, reason=REASON, confirmed=ONE_PERSON)
    later = actions.note_need(actor=SYSTEM, patient=kept, kind="fear", detail="needles")
    actions.undo_merge(actor=SYSTEM, merge=merge)
    later.refresh_from_db()
    assert later.patient == kept
    assert merged.contact_points.count() == 1


def test_what_was_put_onto_a_third_chart_since_a_merge_stays_there_when_it_is_undone():
    kept, merged, third = (
        a_patient(),
        a_patient(JOHN, phone="737-555-0188"),
        a_patient(replace(JOHN, given_name="Amos")),
    )
    merge = actions.merge_patients(actor=SYSTEM, kept=kept, merged=merged, reason=REASON, confirmed=ONE_PERSON)
    kept.contact_points.filter(value__endswith="7375550188").update(patient=third)
    assert third.contact_points.filter(value__endswith="7375550188").count() == 1
    actions.undo_merge(actor=SYSTEM, merge=merge)
    assert third.contact_points.filter(value__endswith="7375550188").count() == 1
    assert not merged.contact_points.exists()


def test_a_chart_is_merged_once_and_never_with_itself():
    kept, merged, third = a_patient(), a_patient(JOHN), a_patient(replace(JOHN, given_name="Amos"))
    with pytest.raises(InvalidInput, match="itself"):
        actions.merge_patients(actor=SYSTEM, kept=kept, merged=kept, reason=REASON)
    with pytest.raises(StopFound):
        actions.merge_patients(actor=SYSTEM, kept=kept, merged=merged, reason="dup")
    actions.merge_patients(actor=SYSTEM, kept=kept, merged=merged, reason=REASON, confirmed=ONE_PERSON)
    with pytest.raises(AlreadyMerged):
        actions.merge_patients(actor=SYSTEM, kept=third, merged=merged, reason=REASON, confirmed=ONE_PERSON)
    with pytest.raises(AlreadyMerged):
        actions.merge_patients(actor=SYSTEM, kept=merged, merged=third, reason=REASON, confirmed=ONE_PERSON)
    actions.merge_patients(actor=SYSTEM, kept=third, merged=kept, reason=REASON, confirmed=ONE_PERSON)
    assert queries.patient_named(merged.public_id) == third


def test_merges_on_merges_are_undone_the_last_one_first():
    first, second, third = a_patient(), a_patient(JOHN), a_patient(replace(JOHN, given_name="Amos"))
    inner = actions.merge_patients(actor=SYSTEM, kept=second, merged=first, reason=REASON, confirmed=ONE_PERSON)
    outer = actions.merge_patients(actor=SYSTEM, kept=third, merged=second, reason=REASON, confirmed=ONE_PERSON)
    with pytest.raises(IllegalMove, match="Undo that merge first"):
        actions.undo_merge(actor=SYSTEM, merge=inner)
    assert queries.patient_named(first.public_id) == third
    actions.undo_merge(actor=SYSTEM, merge=outer)
    actions.undo_merge(actor=SYSTEM, merge=inner)
    for patient in (first, second, third):
        assert queries.patient_named(patient.public_id) == patient


def test_a_withdrawn_chart_is_neither_opened_nor_merged():
    withdrawn, other = a_patient(), a_patient(JOHN)
    actions.withdraw_chart(actor=SYSTEM, patient=withdrawn, reason="Brought in twice")
    with pytest.raises(NotFound):
        queries.open_chart(SYSTEM, withdrawn.public_id)
    for kept, merged in ((withdrawn, other), (other, withdrawn)):
        with pytest.raises(IllegalMove, match="withdrawn"):
            actions.merge_patients(actor=SYSTEM, kept=kept, merged=merged, reason=REASON, confirmed=ONE_PERSON)


def test_a_confidential_chart_opens_only_by_breaking_the_glass():
    staff = a_staff_member()
    patient = a_patient(replace(MARIA, is_confidential=True))
    actor = an_actor(staff_id=staff.pk, permissions=(FIND, BREAK_GLASS))
    with pytest.raises(NotPermitted, match="confidential") as refusal:
        queries.open_chart(actor, patient.public_id)
    assert refusal.value.decision.who_could
    assert not AccessRecord.objects.exists()
    with pytest.raises(StopFound):
        actions.break_glass(actor=actor, patient=patient, reason="curious")
    opening = actions.break_glass(actor=actor, patient=patient, reason="Collapsed in the waiting room")
    assert queries.open_chart(actor, patient.public_id) == patient
    record = AccessRecord.objects.order_by("-pk").first()
    assert (record.is_break_glass, record.reason) == (True, "Collapsed in the waiting room")
    assert opening.closes_at == A_MOMENT + timedelta(hours=1)
    queries.open_chart(actor.at(opening.closes_at - timedelta(seconds=1)), patient.public_id)
    with pytest.raises(NotPermitted):
        queries.open_chart(actor.at(opening.closes_at), patient.public_id)
    other = an_actor(staff_id=a_staff_member("eli").pk, permissions=(FIND, BREAK_GLASS))
    with pytest.raises(NotPermitted):
        queries.open_chart(other, patient.public_id)


def test_broken_glass_is_reviewed_by_somebody_else_once():
    dana, lead = a_staff_member(), a_staff_member("kim")
    patient = a_patient(replace(MARIA, is_confidential=True))
    mine = an_actor(staff_id=dana.pk, permissions=(FIND, BREAK_GLASS, SEE_ACCESS))
    opening = actions.break_glass(actor=mine, patient=patient, reason="Collapsed in the waiting room")
    reviewer = an_actor(staff_id=lead.pk, permissions=(SEE_ACCESS,))
    assert list(queries.broken_glass_to_review(reviewer)) == [opening]
    with pytest.raises(NotPermitted, match="own"):
        actions.review_broken_glass(actor=mine, opening=opening, review="It was an emergency")
    actions.review_broken_glass(actor=reviewer, opening=opening, review="Emergency confirmed with Dr. Okoye")
    assert list(queries.broken_glass_to_review(reviewer)) == []
    with pytest.raises(IllegalMove):
        actions.review_broken_glass(actor=reviewer, opening=opening, review="Emergency confirmed again")


def test_who_looked_at_a_chart_is_shown_with_the_charts_merged_into_it():
    staff = a_staff_member()
    kept, merged = a_patient(), a_patient(JOHN)
    actor = an_actor(staff_id=staff.pk, permissions=(FIND, SEE_ACCESS))
    queries.open_chart(actor, merged.public_id, what="documents")
    actions.merge_patients(actor=SYSTEM, kept=kept, merged=merged, reason=REASON, confirmed=ONE_PERSON)
    queries.open_chart(actor.at(A_MOMENT + timedelta(minutes=5)), kept.public_id)
    assert [(look.who, look.what) for look in queries.looks_at(actor, kept)] == [
        ("Dana W.", "chart"),
        ("Dana W.", "documents"),
    ]


MERELY_FINDING = an_actor(staff_id=1, permissions=(FIND,))
ME = MERELY_FINDING
REFUSED = {
    "register": lambda p, q: actions.register_patient(actor=ME, demographics=JOHN),
    "change": lambda p, q: actions.change_demographics(actor=ME, patient=p, demographics=JOHN),
    "name": lambda p, q: actions.add_name(actor=ME, patient=p, kind="alias", given_name="Z"),
    "reach": lambda p, q: actions.add_contact_point(actor=ME, patient=p, reach=actions.Reach("phone", "5125550134")),
    "place": lambda p, q: actions.add_address(actor=ME, patient=p, place=actions.Place("1 A", "B", "TX", "78701")),
    "wishes": lambda p, q: actions.choose_communication(actor=ME, patient=p, wishes=actions.Wishes("phone", "mail")),
    "relation": lambda p, q: actions.add_related_person(actor=ME, patient=p, relation=actions.Relation("A", "b")),
    "need": lambda p, q: actions.note_need(actor=ME, patient=p, kind="fear"),
    "alert": lambda p, q: actions.note_alert(actor=ME, patient=p, text="x"),
    "merge": lambda p, q: actions.merge_patients(actor=ME, kept=p, merged=q, reason=REASON),
    "glass": lambda p, q: actions.break_glass(actor=ME, patient=p, reason=REASON),
    "looks": lambda p, q: queries.looks_at(ME, p),
}


@pytest.mark.parametrize("act", list(REFUSED))
def test_without_the_permission_nothing_changes(act):
    patient, other = a_patient(), a_patient(replace(JOHN, given_name="Amos"))
    before = (list(Patient.objects.order_by("pk").values()), rows_of(patient), OutboxEvent.objects.count())
    with pytest.raises(NotPermitted):
        REFUSED[act](patient, other)
    assert before == (list(Patient.objects.order_by("pk").values()), rows_of(patient), OutboxEvent.objects.count())


def test_registering_and_merging_are_different_rights():
    assert REGISTER != MERGE
    desk = an_actor(staff_id=1, permissions=(FIND, REGISTER))
    with pytest.raises(NotPermitted):
        actions.merge_patients(actor=desk, kept=a_patient(), merged=a_patient(JOHN), reason=REASON)
