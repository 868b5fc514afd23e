"""What was received is there to be seen, whole, by those who may."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from mainstay.foundation.models import AccessRecord
from mainstay.foundation.testing import an_actor
from mainstay.interop import actions
from mainstay.interop.fhir import exact
from mainstay.interop.fhir.reading import Sent, Sheet
from mainstay.interop.models import ExternalResource
from mainstay.people.models import Patient
from mainstay.workforce.models import Staff

pytestmark = pytest.mark.usefixtures("codes")


@pytest.fixture
def ana(bundle) -> Patient:
    sent = [
        Sent(f"entry {n}", entry["resource"], entry["fullUrl"])
        for n, entry in enumerate(exact.read(json.dumps(bundle["entry"])), 1)
    ]
    run = actions.start_run(actor=an_actor(), source="General Hospital")
    actions.receive_sheet(actor=an_actor(), run=run, sheet=Sheet("in", sent))
    return Patient.objects.get()


def _sign_in(client, *roles: str):
    who = Staff.objects.create(
        username="sam", given_name="Sam", family_name="Oh", shown_name="Sam O.", roles=list(roles)
    )
    client.force_login(who)
    return client


def test_what_has_no_place_in_the_chart_is_listed_first(client, ana):
    page = _sign_in(client, "provider").get(reverse("patient-received", args=[ana.public_id]))
    shown = page.content.decode()
    assert page.status_code == 200
    assert "Claim" in shown
    assert "this type has no place in the chart" in shown
    assert "Elsewhere Clinic" in shown
    assert AccessRecord.objects.filter(subject_id=ana.public_id, what="received records").exists()


def test_one_type_is_listed_and_one_resource_opens_word_for_word(client, ana):
    desk = _sign_in(client, "provider")
    listed = desk.get(reverse("patient-received", args=[ana.public_id]), {"kind": "Condition", "page": "x"})
    assert "Hypertension" in listed.content.decode()
    claim = ExternalResource.objects.get(kind="Claim")
    shown = desk.get(reverse("patient-received-one", args=[ana.public_id, claim.pk])).content.decode()
    assert "&quot;total&quot;" in shown
    assert "255.1" in shown


def test_a_resource_of_somebody_else_is_not_found(client, ana):
    other = Patient.objects.create(mrn="Z", given_name="Z", family_name="Z", birth_date="1990-01-01")
    claim = ExternalResource.objects.get(kind="Claim")
    page = _sign_in(client, "provider").get(reverse("patient-received-one", args=[other.public_id, claim.pk]))
    assert page.status_code == 404


def test_a_trainee_sees_nothing_of_it(client, ana):
    desk = _sign_in(client, "trainee")
    claim = ExternalResource.objects.get(kind="Claim")
    for url in (
        reverse("patient-received", args=[ana.public_id]),
        reverse("patient-received-one", args=[ana.public_id, claim.pk]),
    ):
        page = desk.get(url)
        assert page.status_code == 403
        assert json.dumps(claim.body["id"]) not in page.content.decode()


def test_a_patient_without_anything_received_is_told_so(client, db):
    nobody = Patient.objects.create(mrn="Z", given_name="Z", family_name="Z", birth_date="1990-01-01")
    page = _sign_in(client, "provider").get(reverse("patient-received", args=[nobody.public_id]))
    assert "Nothing was received" in page.content.decode()
