"""Papers at the desk: a new patient's forms on the tablet, a mother who signs, the card, and nothing left unbooked."""

from __future__ import annotations

import io
from datetime import date, time

import pytest
from PIL import Image

from mainstay.forms.models import FormResponse
from mainstay.scheduling.models import Template
from mainstay.visits import actions
from mainstay.visits.actions.checking_in import ArrivalScreen, DeskCheck
from mainstay.visits.models import LooseEndKind, Visit
from mainstay.visits.tests.factories import a_patient, a_room, a_visit, a_visit_type, acting_as
from mainstay.workforce.tests.factories import PASSWORD, a_person

A_DAY = date(2026, 1, 1)
TWO = DeskCheck(identifiers=["name", "birth_date"])


@pytest.fixture
def lee(now):
    return a_person("lee", "administrative_ma")


@pytest.fixture
def desk(lee, at_a_screen):
    """Somebody who really signed in, so that the screen can be locked and handed over."""
    a_room("4")
    desk = at_a_screen()
    desk.opens("/sign-in/")
    desk.page.get_by_label("Name", exact=False).first.fill("lee")
    desk.page.locator('input[type="password"]').fill(PASSWORD)
    with desk.page.expect_navigation():
        desk.page.locator('main button[type="submit"]').first.click()
    return desk


def draws_a_signature(somebody):
    box = somebody.page.locator(".signature-pad").bounding_box()
    mouse = somebody.page.mouse
    mouse.move(box["x"] + 40, box["y"] + 60)
    mouse.down()
    for step in range(1, 12):
        mouse.move(box["x"] + 40 + 30 * step, box["y"] + 60 + (-1) ** step * 25)
    mouse.up()


def a_card_photo(color):
    out = io.BytesIO()
    Image.new("RGB", (640, 400), color).save(out, "PNG")
    return {"name": f"{color}.png", "mimeType": "image/png", "buffer": out.getvalue()}


def test_a_mother_signs_on_the_tablet_and_a_pin_or_password_brings_the_desk_back(desk, lee):
    child = a_patient("100031", given_name="Kit", birth_date=date(2016, 4, 4), language="es")
    child.related_people.create(name="Ana Doe", relationship="mother", authority="parent")
    visit = a_visit(patient=child)
    check_in = f"/visits/{visit.public_id}/check-in/"
    desk.opens(check_in).reads("Consent to treatment")
    desk.presses("Give out all")
    assert desk.path == check_in
    desk.reads("given out").presses("Hand over this screen")
    desk.reads("Formulario 1 de")
    assert desk.page.locator(".rail").count() == 0
    assert desk.page.locator("html").get_attribute("lang") == "es"
    desk.opens("/board/")
    assert desk.path == "/lock/", "the patient got out of the forms"
    desk.opens("/tablet/")
    signed = "Aviso de prácticas de privacidad: lo recibí"
    desk.reads(signed)
    desk.page.get_by_label("En papel").check()
    desk.page.get_by_label("Ana Doe (madre)").check()
    desk.page.get_by_label("Escriba su nombre completo").fill("Ana Doe")
    draws_a_signature(desk)
    desk.page.get_by_label("Acepto firmar en esta pantalla").check()
    desk.presses("Firmar")
    while desk.page.get_by_role("button", name="Seguir sin firmar").count():
        desk.presses("Seguir sin firmar, preguntaré en la recepción")
    desk.reads("devuelva la tableta")
    desk.follows("Personal: seguir")
    desk.page.locator('input[type="password"]').fill(PASSWORD)
    desk.presses("Go on")
    assert desk.path == check_in
    desk.reads("signed")
    kept = FormResponse.objects.get(form="npp_acknowledgement")
    assert (kept.status, kept.signer_name, kept.signed_how) == ("signed", "Ana Doe", "tablet")
    assert kept.drawing.startswith("M") and kept.drawing.count("L") > 5


def test_a_new_patient_is_covered_checked_in_and_refuses_one_form(desk):
    visit = a_visit(patient=a_patient("100032", given_name="Rosa", birth_date=date(1990, 1, 2)))
    patient = visit.patient
    desk.opens(f"/patients/{patient.public_id}/coverage/").follows("Add a policy")
    desk.types("Insurer or program", "Lakes Health")
    desk.page.locator("#id_member_id").fill("W123456")
    desk.page.locator("#id_copay").fill("25")
    desk.page.locator("#id_card_front").set_input_files(a_card_photo("teal"))
    desk.page.locator("#id_card_back").set_input_files(a_card_photo("white"))
    desk.presses("Save").reads("W123456")
    desk.page.get_by_text("Write down a check").click()
    desk.presses("Save the check").reads("Active when checked")
    desk.opens(f"/patients/{patient.public_id}/photo/")
    desk.page.locator("#id_photo").set_input_files(a_card_photo("orange"))
    desk.presses("Keep it")
    assert desk.page.locator(".banner-face img").evaluate("image => image.naturalWidth") == 320
    desk.opens(f"/patients/{patient.public_id}/forms/?visit={visit.public_id}")
    desk.page.get_by_label("Form", exact=True).select_option("financial_policy")
    desk.presses("Give out").reads("Copays are due")
    desk.page.get_by_label("What they said").fill("Will ask her husband")
    desk.presses("They will not sign").reads("Will ask her husband")
    desk.opens(f"/visits/{visit.public_id}/check-in/").reads("Copay on file: $25.00")
    desk.ticks("Full name, said by the patient").ticks("Date of birth").ticks("All others asked: no")
    desk.ticks("Address, phone and contacts confirmed")
    desk.page.locator("#id_copay_stated").fill("25")
    desk.presses("Check in")
    assert desk.path == "/board/"
    desk.reads("forms to sign")
    visit.refresh_from_db()
    assert (visit.stage, visit.check_in.copay_stated) == ("checked_in", 25)


def test_what_is_left_to_arrange_is_booked_and_the_visit_closes(desk, lee):
    kind, doctor = a_visit_type(), a_person("patel", "provider")
    for weekday in range(5):
        every_day = Template.objects.create(
            provider=doctor, site=lee.home_site, weekday=weekday, starts=time(9), ends=time(16), effective=A_DAY
        )
        every_day.visit_types.set([kind])
    actor = acting_as(lee)
    visit = actions.check_in_patient(
        actor=actor, visit=a_visit(), check=TWO, screen=ArrivalScreen({"fever": "no", "rash": "no", "cough": "no"})
    )
    visit = actions.begin_check_out(actor=actor, visit=visit)
    for text in ("Blood pressure in 3 months", "Eye check"):
        actions.add_loose_end(actor=actor, visit=visit, kind=LooseEndKind.FOLLOW_UP, text=text)
    first, second = visit.loose_ends.order_by("pk")
    desk.opens(f"/visits/{visit.public_id}/check-out/").reads("Blood pressure in 3 months").follows("Book")
    desk.page.get_by_label("Kind of visit").first.select_option(kind.code)
    desk.page.get_by_label("Reason", exact=False).first.fill("Blood pressure")
    desk.presses("Show times")
    with desk.page.expect_navigation():
        desk.page.locator("form[action='/schedule/book/']").first.get_by_role("button", name="Book", exact=True).click()
    first.refresh_from_db()
    assert first.settled_how == "booked" and first.appointment.patient_id == visit.patient_id
    desk.opens(f"/visits/{visit.public_id}/check-out/").reads("booked")
    desk.page.locator(f"#how-{second.pk}").select_option("recall")
    desk.page.locator(f"#why-{second.pk}").fill("Has to work")
    desk.presses("Settle").reads("they are called back")
    desk.presses("Close the visit")
    assert Visit.objects.get(pk=visit.pk).stage == "closed"
    desk.opens(f"/patients/{visit.patient.public_id}/visits/").reads("Closed")


def test_leaflets_and_blank_paper_are_on_their_pages(desk, lee):
    patient = a_patient("100033", given_name="Omar", birth_date=date(1970, 1, 2))
    desk.opens(f"/patients/{patient.public_id}/forms/")
    desk.page.get_by_label("Leaflet", exact=True).select_option("wound_care")
    desk.presses("Write down as given").reads("Care for your wound")
    desk.opens("/leaflets/").follows("Cuidado de su herida").reads("Llámenos si")
    desk.opens("/forms/blank/").reads("Consent to treatment")
    desk.opens(f"/patients/{patient.public_id}/coverage/").reads("No policy on file")
