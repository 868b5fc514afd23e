"""The papers of the demo clinic's desk."""

from __future__ import annotations

from random import Random

import pytest

from mainstay.config.demo import papers
from mainstay.forms.models import FormResponse, LeafletGiven
from mainstay.visits.models import Visit
from mainstay.visits.tests.factories import a_person, a_visit, a_visit_type, acting_as

pytestmark = pytest.mark.django_db


def test_most_patients_of_the_demo_sign_and_some_do_not():
    desk = acting_as(a_person("lee", "administrative_ma"))
    visit = a_visit()
    for seed in range(6):
        papers.sign_papers(desk, Random(seed), visit)
    states = set(FormResponse.objects.values_list("status", flat=True))
    assert "signed" in states and states <= {"signed", "declined", "superseded"}
    assert FormResponse.objects.filter(status="signed", drawing__startswith="M").exists()


def test_a_leaflet_of_the_demo_belongs_to_its_kind_of_visit():
    desk, visit = acting_as(a_person("lee", "administrative_ma")), a_visit()
    papers.hand_out_leaflet(desk, visit)
    assert not LeafletGiven.objects.exists()
    Visit.objects.filter(pk=visit.pk).update(visit_type=a_visit_type("wound", "wound_check"))
    papers.hand_out_leaflet(desk, Visit.objects.get(pk=visit.pk))
    assert LeafletGiven.objects.get().leaflet == "wound_care"
