"""Many hands at once: the last dose goes to one patient, and one vaccine is given once however often it is sent."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from mainstay.foundation.errors import ClinicError, IllegalMove
from mainstay.foundation.testing import A_MOMENT
from mainstay.immunizations import actions
from mainstay.immunizations.actions import DoseChanges
from mainstay.immunizations.models import GivenDose, VaccineDose, VaccineWatch
from mainstay.immunizations.tests.giving import (
    a_clinic,
    chosen,
    here_today,
    identified,
    on_the_shelf,
    ready_to_give,
    screened,
)
from mainstay.inventory.models import Draw, Stock

pytestmark = pytest.mark.django_db(transaction=True)
TDAP = "DTaP/Tdap/Td"


def ready(clinic, stock, mrn: str):
    """One patient whose vaccine only has to be given."""
    vaccination = identified(clinic, here_today(clinic, mrn=mrn))
    preparation = chosen(clinic, vaccination, TDAP)
    screened(clinic, vaccination)
    preparation.refresh_from_db()
    return ready_to_give(clinic, preparation, stock)


def at_once(acts):
    """Run every act at the same moment on a connection of its own; what each returned or raised."""
    together = threading.Barrier(len(acts))

    def start(act):
        together.wait(600)
        try:
            return act()
        except ClinicError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(start, acts))


def test_two_assistants_and_the_last_dose():
    clinic = a_clinic()
    stock = on_the_shelf(clinic, "Boostrix", doses=1)
    both = [ready(clinic, stock, mrn) for mrn in ("700001", "700002")]
    ended = at_once([lambda one=one: actions.give_dose(actor=clinic.acting(), preparation=one) for one in both])
    assert sum(isinstance(one, VaccineDose) for one in ended) == 1
    assert sum(isinstance(one, ClinicError) for one in ended) == 1
    assert Stock.objects.get(pk=stock.pk).on_hand == 0
    assert GivenDose.objects.count() == Draw.objects.count() == VaccineWatch.objects.count() == 1


def test_one_vaccine_given_from_five_screens_is_given_once():
    clinic = a_clinic()
    stock = on_the_shelf(clinic, "Boostrix")
    one = ready(clinic, stock, "700001")
    ended = at_once([lambda: actions.give_dose(actor=clinic.acting(), preparation=one)] * 5)
    assert sum(isinstance(item, VaccineDose) for item in ended) == 1
    assert Stock.objects.get(pk=stock.pk).on_hand == 9 and VaccineDose.objects.count() == 1


def test_the_same_form_sent_five_times_in_parallel_has_one_effect(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    clinic = a_clinic()
    stock = on_the_shelf(clinic, "Boostrix")
    one = ready(clinic, stock, "700001")
    url = f"/visits/{one.vaccination.visit.public_id}/vaccines/{one.public_id}/given/"
    desk, key = Client(), str(uuid.uuid4())
    desk.force_login(clinic.maria)

    def send():
        own = Client()
        own.cookies = desk.cookies.copy()
        return own.post(url, {"idempotency_key": key}).status_code

    assert at_once([send] * 5) == [303] * 5
    assert VaccineDose.objects.count() == 1 and Stock.objects.get(pk=stock.pk).on_hand == 9


def given_now(clinic, stock, mrn: str) -> GivenDose:
    """The record of one dose just given."""
    dose = actions.give_dose(actor=clinic.acting(), preparation=ready(clinic, stock, mrn))
    return GivenDose.objects.get(dose=dose)


def amends(clinic, record, **changes):
    """Somebody about to put a dose right."""
    return lambda: actions.amend_dose(
        actor=clinic.acting(), given=record, changes=DoseChanges(**changes), reason="Read wrong"
    )


def test_two_people_put_one_dose_right_at_once_and_both_are_kept():
    clinic = a_clinic()
    stocks = [on_the_shelf(clinic, "Boostrix", number=number) for number in ("AA1", "BB1")]
    record = given_now(clinic, stocks[0], "700001")
    ended = at_once([amends(clinic, record, lot=stocks[1].lot), amends(clinic, record, site="RD")])
    assert all(isinstance(one, GivenDose) for one in ended)
    record.refresh_from_db()
    assert (record.site, record.lot_number) == ("RD", "BB1") and record.amendments.count() == 2
    assert [Stock.objects.get(pk=one.pk).on_hand for one in stocks] == [10, 9]


def test_one_amends_while_another_withdraws_the_same_dose():
    clinic = a_clinic()
    stocks = [on_the_shelf(clinic, "Boostrix", number=number) for number in ("AA1", "BB1")]
    record = given_now(clinic, stocks[0], "700001")
    ended = at_once(
        [
            amends(clinic, record, lot=stocks[1].lot),
            lambda: actions.withdraw_dose(actor=clinic.acting(), given=record, reason="Wrong chart"),
        ]
    )
    assert isinstance(ended[1], GivenDose) and (isinstance(ended[0], GivenDose | IllegalMove))
    assert VaccineDose.objects.get().status == "entered-in-error"
    assert [Stock.objects.get(pk=one.pk).on_hand for one in stocks] == [10, 10]
    assert not Draw.objects.filter(returned_at=None).exists()


def test_two_lots_swapped_both_ways_while_a_third_dose_is_given():
    clinic = a_clinic()
    stocks = [on_the_shelf(clinic, "Boostrix", number=number) for number in ("AA1", "BB1")]
    records = [given_now(clinic, stock, mrn) for stock, mrn in zip(stocks, ("700001", "700002"), strict=True)]
    last = ready(clinic, stocks[0], "700003")
    ended = at_once(
        [
            amends(clinic, records[0], lot=stocks[1].lot),
            amends(clinic, records[1], lot=stocks[0].lot),
            lambda: actions.give_dose(actor=clinic.acting(), preparation=last),
        ]
    )
    assert [type(one) for one in ended] == [GivenDose, GivenDose, VaccineDose]
    assert [Stock.objects.get(pk=one.pk).on_hand for one in stocks] == [8, 9]
