"""Writes of the chart that stand on pages of their own."""

import io

from PIL import Image

from mainstay.chart import actions
from tests.situations.clinic import Clinic
from tests.situations.table import Paper, Sent, write


def a_picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG")
    return out.getvalue()


@write("patient-photo")
def photo(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.patient().public_id}, {"photo": Paper("p.jpg", a_picture()), "back": "/board/"})


@write("drop-patient-photo")
def drop(clinic: Clinic) -> Sent:
    patient = clinic.patient()
    actions.take_photo(actor=clinic.actor, patient=patient, content=a_picture())
    return Sent({"public_id": patient.public_id})
