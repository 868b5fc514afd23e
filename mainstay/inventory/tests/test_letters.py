"""Letters about a recalled lot: one for each person, in their language, in files that hold every one of them."""

from __future__ import annotations

import io
from datetime import date
from uuid import uuid4

import pytest
from pypdf import PdfReader

from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.testing import tell_everyone
from mainstay.inventory.actions import notice_elsewhere, recall_lot, word_recall_in_spanish
from mainstay.inventory.models import Draw, Movement, Recall
from mainstay.inventory.queries import letter_words, recall_letters
from mainstay.inventory.tests.factories import SYSTEM, an_item, drawn, key, stocked, text_of
from mainstay.inventory.tests.test_holding import RECALL
from mainstay.people.models import Address, ContactPoint, Patient
from mainstay.people.queries import numbers_to_call
from mainstay.visits.tests.factories import a_patient
from mainstay.work.models import WorkItem, WorkStep

pytestmark = pytest.mark.django_db


def recalled() -> Recall:
    return recall_lot(actor=SYSTEM, item=an_item(), lot_number="AB123", **RECALL)


def many(count: int) -> None:
    """So many people who had the lot."""
    stock = stocked(doses=count + 5)
    about = {"birth_date": date(1980, 2, 3), "family_name": "Ruiz", "sex": "female"}
    people = Patient.objects.bulk_create(Patient(mrn=f"L{n}", given_name=f"P{n:04}", **about) for n in range(count))
    moves = Movement.objects.bulk_create(Movement(stock=stock, kind="drawn", doses=-1, at=SYSTEM.now) for _ in people)
    Draw.objects.bulk_create(
        Draw(stock=stock, lot=stock.lot, patient=p, used_for=uuid4(), drawn_at=SYSTEM.now, movement=m)
        for p, m in zip(people, moves, strict=True)
    )


def test_every_letter_is_in_a_file_and_each_file_takes_few_statements(at_work, django_assert_max_num_queries):
    many(405)
    recall = recalled()
    counted = recall_letters(recall)
    assert (counted.letters, counted.no_address) == (405, 405)
    assert [(f.number, f.first, f.last) for f in counted.files] == [(1, 1, 200), (2, 201, 400), (3, 401, 405)]
    named = []
    for file in counted.files:
        with django_assert_max_num_queries(5):
            letters = letter_words(SYSTEM, recall, number=file.number)["letters"]
        assert len(letters) == file.last - file.first + 1
        named += [letter["greeting"] for letter in letters]
    assert named == [f"Dear P{n:04} Ruiz," for n in range(405)]
    lead = at_work("lead_ma")
    page = f"/stock/recalls/{recall.public_id}/"
    shown = text_of(lead.get(page))
    assert "405 letters" in shown and "Print letters 401 to 405" in shown and "405 have no address" in shown
    pdf = PdfReader(io.BytesIO(lead.get(f"{page}letters.pdf", {"file": "3"}).content))
    assert len(pdf.pages) == 5
    assert lead.get(f"{page}letters.pdf", {"file": "4"}).status_code == 404


def test_forty_people_are_owed_a_word_each_in_a_handful_of_statements(django_assert_max_num_queries):
    many(40)
    with django_assert_max_num_queries(40):
        recalled()
        tell_everyone()
    assert WorkItem.objects.filter(kind="recalled_dose").count() == 40
    assert WorkStep.objects.filter(item__kind="recalled_dose", target="open").count() == 40


def test_a_letter_speaks_the_patients_language_and_to_a_childs_parents(at_work):
    stock = stocked()
    drawn(stock, patient=a_patient("1", given_name="Ana", family_name="Ruiz", language="es"))
    child = a_patient("2", given_name="Leo", family_name="Sosa", birth_date=date(2024, 5, 1), language="es")
    drawn(stock, patient=child)
    drawn(stock, patient=a_patient("3", given_name="Zoe", family_name="Young"))
    Address.objects.create(patient=child, street="1 Elm", city="Albany", state="NY", postal_code="12207")
    recall = recalled()
    adult, parents, english = letter_words(SYSTEM, recall)["letters"]
    assert (adult["lang"], adult["greeting"]) == ("es", "Estimado/a Ana Ruiz:")
    assert adult["paragraphs"][0].startswith("El 20 de noviembre de 2026 usted recibió aquí una dosis de Boostrix")
    assert adult["paragraphs"][1] == "Por qué: Too weak."
    assert parents["greeting"] == "A los padres o tutores de Leo Sosa:"
    assert "Leo Sosa recibió" in parents["paragraphs"][0]
    assert parents["to"] == ["Leo Sosa", "1 Elm", "Albany, NY 12207"]
    assert english["paragraphs"][0].startswith("On November 20, 2026 you received a dose")
    lead, page = at_work("lead_ma"), f"/stock/recalls/{recall.public_id}/"
    assert "2 are in Spanish" in text_of(lead.get(page)) and "put into Spanish" in text_of(lead.get(page))
    refused = lead.post(f"{page}spanish/", key(reason_es="Es débil.", what_to_do_es=""))
    assert refused.status_code == 422 and 'value="Es débil."' in refused.content.decode()
    assert lead.post(f"{page}spanish/", key(reason_es="Es débil.", what_to_do_es="Llámenos.")).status_code == 303
    recall.refresh_from_db()
    adult = letter_words(SYSTEM, recall)["letters"][0]
    assert adult["paragraphs"][1:3] == ["Por qué: Es débil.", "Qué hacer: Llámenos."]
    assert "put into Spanish" not in text_of(lead.get(page))
    with pytest.raises(InvalidInput):
        word_recall_in_spanish(actor=SYSTEM, recall=recall, reason_es=" ", what_to_do_es="x")


def test_who_has_died_gets_no_letter_and_a_secret_address_is_not_printed(at_work):
    stock = stocked()
    died = a_patient("1", given_name="Ana", family_name="Ruiz", deceased_on=date(2026, 11, 1))
    hidden = a_patient("2", given_name="Bea", family_name="Sosa")
    drawn(stock, patient=died), drawn(stock, patient=hidden)
    Address.objects.create(
        patient=hidden, street="1 Elm", city="Albany", state="NY", postal_code="12207", is_confidential=True
    )
    recall = recalled()
    counted = recall_letters(recall)
    assert (counted.letters, counted.died, counted.no_address) == (1, 1, 1)
    assert [letter["to"] for letter in letter_words(SYSTEM, recall)["letters"]] == [["Bea Sosa"]]
    lead, page = at_work("lead_ma"), f"/stock/recalls/{recall.public_id}/"
    assert "1 has died and gets no letter" in text_of(lead.get(page))
    notice = recall.notices.get(patient=died)
    assert lead.get(f"{page}notices/{notice.pk}/letter.pdf").status_code == 404


def test_the_recall_says_which_number_to_call_in_one_statement_for_all(at_work, django_assert_num_queries):
    many(30)
    told, secret, died, *_ = people = list(Patient.objects.order_by("given_name"))
    ContactPoint.objects.create(patient=told, channel="phone", value="+15185550101", can_leave_voicemail=True)
    ContactPoint.objects.create(patient=secret, channel="phone", value="+15185550102")
    ContactPoint.objects.create(patient=secret, channel="phone", value="+15185550103", is_confidential=True)
    ContactPoint.objects.create(patient=died, channel="phone", value="+15185550104")
    Patient.objects.filter(pk=died.pk).update(deceased_on=date(2026, 11, 1))
    recall, lead = recalled(), at_work("lead_ma")
    shown = lead.get(f"/stock/recalls/{recall.public_id}/").content.decode()
    lines = [shown.split(f"{one.given_name} Ruiz ")[1].split("</tr>")[0] for one in people[:4]]
    assert "(518) 555-0101" in lines[0] and "no voicemail" not in lines[0]
    assert "(518) 555-0103" in lines[1] and "Call only this one" in lines[1] and "no voicemail" in lines[1]
    assert "Has died" in lines[2] and "No number on file." in lines[3]
    assert "555-0102" not in shown and "555-0104" not in shown
    with django_assert_num_queries(1):
        numbers_to_call(one.pk for one in people)


def test_a_dose_given_elsewhere_is_said_to_be_elsewhere():
    stock = stocked()
    patient = a_patient(given_name="Ana", family_name="Ruiz")
    drawn(stock, patient=patient)
    recall = recalled()
    notice_elsewhere(
        actor=SYSTEM, recall=recall, patient=patient, dose_ref=uuid4(), given_on=date(2026, 3, 5), known_from="a card"
    )
    [letter] = letter_words(SYSTEM, recall)["letters"]
    assert "here. Your record says" in letter["paragraphs"][0] and "March 5, 2026" in letter["paragraphs"][0]
