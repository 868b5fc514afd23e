"""The exact day, weight or word at which the rules of giving change their answer."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from mainstay.immunizations.forecast import DEFAULT_SCHEDULE, Fact, Person, load_schedule
from mainstay.immunizations.models import VaccinePreparation
from mainstay.immunizations.queries.checks import sites_used
from mainstay.immunizations.rules.concerns import EarlierDose, GivingFacts, KnownAllergy, KnownMedicine
from mainstay.immunizations.rules.contraindications import concerns_of_chart
from mainstay.immunizations.rules.rechecking import Basis, judge_dose, judge_product
from mainstay.immunizations.rules.screening import Answer, Said, concerns_of_answers
from mainstay.immunizations.rules.vaccines import Product, products
from mainstay.immunizations.rules.watching import how_to_watch, is_urgent

TODAY = date(2026, 11, 20)
ADULT, INFANT = date(1980, 2, 3), date(2026, 9, 18)


def product(name: str) -> Product:
    return next(one for one in products() if one.name == name)


MMR, VARIVAX, FLUMIST = product("M-M-R II"), product("Varivax"), product("FluMist")


def verdict(vaccine: Product, born: date = ADULT, **known) -> str:
    """The hardest thing the chart says: contraindication, precaution, note or nothing."""
    found = concerns_of_chart(GivingFacts(born=born, on=TODAY, **known), vaccine)
    return next((str(one.kind) for one in found), "")


@pytest.mark.parametrize(
    ("name", "kilos", "code"),
    [("Beyfortus 50 mg", "4.9", ""), ("Beyfortus 50 mg", "5", "product_weight"),
     ("Beyfortus 100 mg", "4.9", "product_weight"), ("Beyfortus 100 mg", "5", "")],
)  # fmt: skip
def test_at_five_kilos_an_infant_takes_the_larger_dose(name, kilos, code):
    found = judge_product(product(name), born=INFANT, on=TODAY, weight_kg=Decimal(kilos))
    assert [one.code for one in found] == ([code] if code else [])


@pytest.mark.parametrize("vaccine", [MMR, VARIVAX])
def test_the_nasal_vaccine_is_a_live_one_for_those_after_it(vaccine):
    earlier = (EarlierDose(FLUMIST.cvx, TODAY - timedelta(days=27)),)
    assert verdict(vaccine, doses=earlier) == "contraindication"
    assert verdict(vaccine, doses=(EarlierDose(FLUMIST.cvx, TODAY - timedelta(days=28)),)) == ""


@pytest.mark.parametrize(
    ("medicine", "vaccine", "days", "hardest"),
    [("Oseltamivir 75 mg", FLUMIST, 2, "contraindication"), ("Peramivir", FLUMIST, 5, "contraindication"),
     ("Baloxavir 40 mg", FLUMIST, 17, "contraindication"), ("Acyclovir 400 mg", VARIVAX, 1, "precaution"),
     ("Adalimumab 40 mg", MMR, 90, "contraindication"), ("Methotrexate 15 mg", MMR, 90, "precaution")],
)  # fmt: skip
def test_a_medicine_counts_through_its_last_day_and_not_the_day_after(medicine, vaccine, days, hardest):
    def stopped(ago: int) -> tuple[KnownMedicine, ...]:
        return (KnownMedicine(medicine, "daily", date(2026, 1, 1), TODAY - timedelta(days=ago), is_active=False),)

    assert verdict(vaccine, medicines=stopped(days)) == hardest
    assert verdict(vaccine, medicines=stopped(days + 1)) == ""


def test_an_allergy_written_as_severe_rules_out_though_nobody_wrote_what_happened():
    assert verdict(MMR, allergies=(KnownAllergy("Neomycin", "", "severe"),)) == "contraindication"
    assert verdict(MMR, allergies=(KnownAllergy("Neomycin", "", ""),)) == "precaution"


def test_a_newborn_of_two_kilos_is_not_too_small():
    hepb, born = product("Engerix-B pediatric"), TODAY - timedelta(days=1)
    assert verdict(hepb, born, weight_kg=Decimal("1.99")) == "precaution"
    assert verdict(hepb, born, weight_kg=Decimal(2)) == ""


def test_the_wait_after_blood_is_over_on_its_day():
    def held(on: date) -> bool:
        said = {"blood_product": Said(Answer.YES, "", "packed_cells", date(2026, 5, 20))}
        return bool(concerns_of_answers(said, MMR, on=on))

    assert held(date(2026, 11, 19)) and not held(date(2026, 11, 20))


def test_who_is_not_sure_of_an_earlier_reaction_is_watched_longer():
    known = GivingFacts(born=ADULT, on=TODAY)
    assert how_to_watch(known, {"reaction_before": Said(Answer.UNSURE)}).minutes == 30
    assert how_to_watch(known, {"reaction_before": Said(Answer.NO)}).minutes == 15


def test_only_what_went_in_or_is_about_to_counts_as_a_site_used():
    rows = [
        VaccinePreparation(pk=number, site=site, state=state)
        for number, (site, state) in enumerate((("LD", "placed"), ("RD", "refused"), ("", "taken"), ("LA", "given")))
    ]
    assert sites_used(VaccinePreparation(pk=9), rows) == ["LD", "LA"]
    assert sites_used(rows[0], rows) == ["LA"]


def test_a_sign_nobody_knows_fetches_the_provider():
    assert is_urgent(["something_new"])
    assert is_urgent(["breathing"]) and not is_urgent([])


@pytest.mark.parametrize(("name", "codes"), [("FluMist", ["contraindicated_by_schedule"]), ("Fluarix", [])])
def test_the_schedule_rules_out_one_vaccine_of_several_for_a_weak_immunity(name, codes):
    weak = Person(date(2000, 3, 3), facts=(Fact("003"),))
    found = judge_dose(product(name), weak, load_schedule(DEFAULT_SCHEDULE), on=TODAY, basis=Basis.SIGNED)
    assert [one.code for one in found] == codes
