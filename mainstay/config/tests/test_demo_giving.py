"""The vaccine the demo clinic has given this morning."""

import pytest

from mainstay.config.demo.giving import give_today
from mainstay.foundation.testing import A_MOMENT
from mainstay.immunizations.models import VaccineDose, VaccineWatch
from mainstay.immunizations.tests.giving import a_clinic, here_today, on_the_shelf
from mainstay.visits.models import Visit
from mainstay.visits.tests.factories import a_person

pytestmark = pytest.mark.django_db


def test_one_vaccine_is_given_and_its_watch_runs_and_a_second_start_gives_no_other(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    clinic = a_clinic("OH")
    a_person("lee", "administrative_ma", home_site=clinic.site)
    visit = here_today(clinic)
    Visit.objects.filter(pk=visit.pk).update(stage="rooming")
    on_the_shelf(clinic, "Boostrix")
    give_today(clinic.site)
    give_today(clinic.site)
    assert VaccineDose.objects.get().cvx == "115" and VaccineWatch.objects.get().state == "watching"


def test_a_clinic_with_nothing_in_stock_gives_nothing(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    clinic = a_clinic("OH")
    a_person("lee", "administrative_ma", home_site=clinic.site)
    Visit.objects.filter(pk=here_today(clinic).pk).update(stage="rooming")
    give_today(clinic.site)
    assert not VaccineDose.objects.exists()
