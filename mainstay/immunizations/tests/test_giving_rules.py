"""What must hold before a vaccine is given, case by case."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.foundation.findings import Severity
from mainstay.immunizations.forecast import DEFAULT_SCHEDULE, DoseGiven, Fact, Gender, Person, load_schedule
from mainstay.immunizations.rules.ages import day_of_age
from mainstay.immunizations.rules.concerns import (
    ConcernKind,
    EarlierDose,
    GivingFacts,
    KnownAllergy,
    KnownMedicine,
    KnownProblem,
)
from mainstay.immunizations.rules.contraindications import concerns_of_chart
from mainstay.immunizations.rules.funding import (
    eligibilities,
    eligibilities_for,
    fundings,
    judge_eligibility,
    judge_funding,
)
from mainstay.immunizations.rules.placing import (
    Placement,
    judge_placement,
    needle_advice,
    site_to_use,
    sites,
    sites_for,
)
from mainstay.immunizations.rules.rechecking import Basis, judge_dose, judge_product
from mainstay.immunizations.rules.screening import (
    Answer,
    Said,
    concerns_of_answers,
    missing_answers,
    questions,
    questions_for,
)
from mainstay.immunizations.rules.vaccines import Live, Product, products
from mainstay.immunizations.rules.vis import current_statement, judge_statements, may_use_multi, statements_for
from mainstay.immunizations.rules.watching import (
    anaphylaxis_card,
    auto_injector_mg,
    how_to_watch,
    looks_like_anaphylaxis,
    must_report,
)

TODAY = date(2026, 11, 20)
ADULT, CHILD, INFANT = date(1980, 2, 3), date(2022, 5, 1), date(2026, 9, 18)


def product(name: str) -> Product:
    return next(one for one in products() if one.name == name)


MMR, VARIVAX, FLU, FLUMIST = product("M-M-R II"), product("Varivax"), product("Fluarix"), product("FluMist")
TDAP, SHINGRIX, COVID, ROTA = product("Boostrix"), product("Shingrix"), product("Comirnaty 12+"), product("RotaTeq")
GARDASIL, HEPB, PEDIARIX = product("Gardasil 9"), product("Engerix-B adult"), product("Pediarix")


def facts(born: date = ADULT, **known) -> GivingFacts:
    return GivingFacts(born=born, on=TODAY, **known)


def verdict(known: GivingFacts, vaccine: Product) -> str:
    """The hardest thing the chart says: contraindication, precaution, note or nothing."""
    return next((str(one.kind) for one in concerns_of_chart(known, vaccine)), "")


def pills(name: str, words: str = "", days_ago: int | None = 30, ended_days_ago: int | None = None) -> GivingFacts:
    started = TODAY - timedelta(days=days_ago) if days_ago is not None else None
    ended = TODAY - timedelta(days=ended_days_ago) if ended_days_ago is not None else None
    return facts(medicines=(KnownMedicine(name, words, started, ended, ended is None),))


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (pills("Prednisone 20 mg", "daily"), "contraindication"),
        (pills("Prednisone", "20 mg by mouth twice a day"), "contraindication"),
        (pills("Prednisone 20 mg", "daily", days_ago=13), ""),
        (pills("Prednisone 20 mg", "daily", days_ago=14), "contraindication"),
        (pills("Prednisone 10 mg", "daily"), ""),
        (pills("Prednisone 10 mg", "twice daily"), "contraindication"),
        (pills("Prednisone 20 mg", "every other day"), ""),
        (pills("Prednisone", ""), "precaution"),
        (pills("Prednisone 40 mg", "daily", days_ago=None), "precaution"),
        (pills("Methylprednisolone 16 mg", "daily"), "contraindication"),
        (pills("Methylprednisolone 12 mg", "daily"), ""),
        (pills("Dexamethasone 4 mg", "daily"), "contraindication"),
        (pills("Hydrocortisone 20 mg", "daily"), ""),
        (pills("Prednisone 60 mg", "daily", days_ago=60, ended_days_ago=27), "contraindication"),
        (pills("Prednisone 60 mg", "daily", days_ago=60, ended_days_ago=28), ""),
        (pills("Prednisolone 1% eye drops", "four times daily"), ""),
        (pills("Triamcinolone 0.1% cream", "twice daily"), ""),
        (pills("Budesonide 180 mcg inhaler", "twice daily"), ""),
    ],
)
def test_a_steroid_rules_out_live_vaccines_by_dose_and_time(known, expected):
    assert verdict(known, MMR) == expected
    assert verdict(known, FLU) == ""


def test_a_small_childs_steroid_goes_by_weight():
    child = facts(
        CHILD, weight_kg=Decimal(9), medicines=(KnownMedicine("Prednisolone 18 mg", "daily", date(2026, 1, 1)),)
    )
    assert verdict(child, MMR) == "contraindication"
    heavier = facts(CHILD, weight_kg=Decimal(12), medicines=child.medicines)
    assert verdict(heavier, MMR) == ""


@pytest.mark.parametrize(
    ("medicine", "vaccine", "expected"),
    [
        ("Adalimumab 40 mg", MMR, "contraindication"),
        ("Adalimumab 40 mg", FLU, ""),
        ("Methotrexate 15 mg", VARIVAX, "precaution"),
        ("Warfarin 5 mg", TDAP, "note"),
        ("Aspirin 81 mg", FLUMIST, ""),
        ("Oseltamivir 75 mg", FLUMIST, "contraindication"),
        ("Valacyclovir 1 g", VARIVAX, "precaution"),
        ("Lisinopril 10 mg", VARIVAX, ""),
    ],
)
def test_medicines_speak_against_some_vaccines(medicine, vaccine, expected):
    assert verdict(pills(medicine, "daily"), vaccine) == expected


@pytest.mark.parametrize(
    ("code", "active", "vaccine", "expected"),
    [
        ("D81.1", True, MMR, "contraindication"),
        ("D81.1", True, product("Ipol"), ""),
        ("B20", True, MMR, "precaution"),
        ("D80.2", True, MMR, ""),
        ("G61.0", False, FLU, "precaution"),
        ("G61.0", False, MMR, ""),
        ("Z90.81", True, FLUMIST, "contraindication"),
        ("Z90.81", True, FLU, ""),
        ("I40.0", False, COVID, "precaution"),
        ("B02.9", True, SHINGRIX, "precaution"),
        ("B02.9", False, SHINGRIX, ""),
        ("K56.1", False, ROTA, "contraindication"),
        ("D69.3", False, MMR, "precaution"),
    ],
)
def test_problems_speak_against_some_vaccines(code, active, vaccine, expected):
    assert verdict(facts(problems=(KnownProblem(code, "a problem", active),)), vaccine) == expected


@pytest.mark.parametrize(
    ("vaccine", "expected"),
    [(MMR, "contraindication"), (VARIVAX, "contraindication"), (FLUMIST, "contraindication"), (GARDASIL, "precaution"),
     (SHINGRIX, "precaution"), (TDAP, ""), (FLU, ""), (product("Arexvy"), "contraindication"),
     (product("Abrysvo"), "precaution")],
)  # fmt: skip
def test_pregnancy_holds_back_what_it_should(vaccine, expected):
    assert verdict(facts(is_pregnant=True), vaccine) == expected


@pytest.mark.parametrize(
    ("allergy", "vaccine", "expected"),
    [
        (KnownAllergy("Neomycin", "anaphylaxis", "severe"), MMR, "contraindication"),
        (KnownAllergy("Neomycin", "rash", "mild"), MMR, "precaution"),
        (KnownAllergy("Neomycin", "rash", "mild"), FLU, ""),
        (KnownAllergy("Gelatin", "throat swelled"), VARIVAX, "contraindication"),
        (KnownAllergy("Yeast", "anaphylaxis"), HEPB, "contraindication"),
        (KnownAllergy("Latex", "hives"), product("Rotarix"), "precaution"),
        (KnownAllergy("Eggs", "anaphylaxis", "severe"), FLU, "note"),
        (KnownAllergy("MiraLax (PEG 3350)", "anaphylaxis"), COVID, "contraindication"),
        (KnownAllergy("Flu vaccine", "anaphylaxis", "severe"), FLU, "contraindication"),
        (KnownAllergy("Penicillin", "anaphylaxis", "severe"), FLU, ""),
    ],
)
def test_an_allergy_counts_for_vaccines_that_hold_it(allergy, vaccine, expected):
    assert verdict(facts(allergies=(allergy,)), vaccine) == expected


@pytest.mark.parametrize(
    ("days", "vaccine", "expected"),
    [(0, VARIVAX, ""), (1, VARIVAX, "contraindication"), (27, VARIVAX, "contraindication"), (28, VARIVAX, ""),
     (10, FLU, ""), (10, ROTA, "")],
)  # fmt: skip
def test_live_vaccines_are_given_on_one_day_or_28_days_apart(days, vaccine, expected):
    known = facts(doses=(EarlierDose("03", TODAY - timedelta(days=days)),))
    assert verdict(known, vaccine) == expected


@given(st.sampled_from(products()), st.integers(1, 27))
def test_an_inactivated_vaccine_is_never_held_back_by_a_live_one(vaccine, days):
    known = facts(doses=(EarlierDose("21", TODAY - timedelta(days=days)),))
    held = any(one.code == "chart.live_vaccine" for one in concerns_of_chart(known, vaccine))
    assert held == (vaccine.live in (Live.INJECTED, Live.NASAL))


@given(st.sampled_from(products()), st.sampled_from(sorted(questions())), st.sampled_from([Answer.YES, Answer.UNSURE]))
def test_whatever_gates_a_vaccine_never_lets_it_through_alone(vaccine, code, answer):
    question = questions()[code]
    found = concerns_of_answers({code: Said(answer)}, vaccine, on=TODAY)
    assert bool(found) == (question.is_gate and vaccine.belongs_to(question.gates))
    assert all(one.kind is not ConcernKind.NOTE for one in found)


@given(st.sampled_from(products()))
def test_no_to_everything_holds_nothing_back(vaccine):
    assert concerns_of_answers({code: Said(Answer.NO) for code in questions()}, vaccine, on=TODAY) == []


def test_every_question_asked_wants_an_answer():
    asked = questions_for(born=ADULT, sex="female", on=TODAY)
    assert "pregnant" in {one.code for one in asked} and "infant_bowel" not in {one.code for one in asked}
    assert "pregnant" not in {one.code for one in questions_for(born=ADULT, sex="male", on=TODAY)}
    assert "infant_bowel" in {one.code for one in questions_for(born=INFANT, sex="male", on=TODAY)}
    said = {one.code: Said(Answer.NO) for one in asked[1:]}
    missing = missing_answers(said, born=ADULT, sex="female", on=TODAY)
    assert [one.field for one in missing] == [asked[0].code] and missing[0].severity is Severity.STOP


@pytest.mark.parametrize(
    ("blood", "months_ago", "vaccine", "is_held"),
    [("packed_cells", 7, MMR, False), ("packed_cells", 5, MMR, True), ("ivig_kawasaki", 10, VARIVAX, True),
     ("rsv_antibody", 0, MMR, False), ("packed_cells", 5, FLU, False), ("packed_cells", 9, FLUMIST, True)],
)  # fmt: skip
def test_measles_vaccine_waits_after_blood_by_product(blood, months_ago, vaccine, is_held):
    given_on = day_of_age(date(2026, 11 - months_ago if months_ago < 11 else 1, 20), "0 days")
    said = {"blood_product": Said(Answer.YES, "", blood, given_on)}
    assert bool(concerns_of_answers(said, vaccine, on=TODAY)) == is_held


def test_pregnant_and_live_is_a_stop_and_not_sure_is_a_question():
    yes = concerns_of_answers({"pregnant": Said(Answer.YES)}, MMR, on=TODAY)
    unsure = concerns_of_answers({"pregnant": Said(Answer.UNSURE)}, MMR, on=TODAY)
    assert (yes[0].kind, unsure[0].kind) == (ConcernKind.CONTRAINDICATION, ConcernKind.PRECAUTION)


@pytest.mark.parametrize(
    ("eligibility", "stock", "born", "code"),
    [
        ("V01", "vfc", CHILD, "vfc_to_insured"),
        ("V02", "vfc", CHILD, ""),
        ("V02", "private", CHILD, "vfc_child_other_stock"),
        ("V01", "private", CHILD, ""),
        ("V24", "private", ADULT, ""),
        ("V24", "vfc", ADULT, "vfc_to_adult"),
        ("V23", "317", ADULT, ""),
        ("V23", "private", ADULT, "wrong_funding"),
        ("V25", "state", CHILD, ""),
        ("", "private", ADULT, "eligibility_unknown"),
        ("V01", "", ADULT, "funding_unknown"),
    ],
)
def test_stock_is_given_only_to_whom_it_is_for(eligibility, stock, born, code):
    found = judge_funding(eligibility, stock, born=born, on=TODAY)
    assert [one.code for one in found] == ([code] if code else [])
    assert all(one.severity is Severity.STOP for one in found)


@given(st.sampled_from(sorted(eligibilities())), st.sampled_from(sorted(fundings())), st.integers(0, 100))
def test_vfc_stock_goes_to_vfc_children_and_nobody_else(code, stock, years):
    born = date(TODAY.year - years, 1, 1)
    is_allowed = not judge_eligibility(code, born=born, on=TODAY, setting="fqhc") and not judge_funding(
        code, stock, born=born, on=TODAY
    )
    if is_allowed and stock == "vfc":
        assert eligibilities()[code].is_vfc and years < 19
    if is_allowed and eligibilities()[code].is_vfc:
        assert stock == "vfc"


def test_the_underinsured_are_vfc_eligible_only_at_some_clinics():
    assert judge_eligibility("V05", born=CHILD, on=TODAY, setting="primary_care")[0].code == "eligibility_setting"
    assert judge_eligibility("V05", born=CHILD, on=TODAY, setting="fqhc") == []
    assert "V05" not in {one.code for one in eligibilities_for(born=CHILD, on=TODAY, setting="primary_care")}
    assert not any(one.is_vfc for one in eligibilities_for(born=ADULT, on=TODAY, setting="fqhc"))


@pytest.mark.parametrize(
    ("vaccine", "chosen", "born", "codes"),
    [
        (FLU, Placement(Decimal("0.5"), "im", "LD", 8), ADULT, set()),
        (FLU, Placement(Decimal("0.25"), "im", "LD", 8), ADULT, {"wrong_volume"}),
        (FLU, Placement(Decimal("0.5"), "sc", "LA", 5), ADULT, {"wrong_route"}),
        (FLU, Placement(Decimal("0.5"), "im", "", 8), ADULT, {"no_site"}),
        (FLU, Placement(Decimal("0.5"), "im", "LD", 0), ADULT, {"no_needle"}),
        (FLU, Placement(Decimal("0.5"), "im", "LG", 12), ADULT, {"buttock"}),
        (PEDIARIX, Placement(Decimal("0.5"), "im", "LVL", 8), INFANT, set()),
        (PEDIARIX, Placement(Decimal("0.5"), "im", "LD", 8), INFANT, {"wrong_site"}),
        (PEDIARIX, Placement(Decimal("0.5"), "im", "RG", 8), INFANT, {"wrong_site"}),
        (PEDIARIX, Placement(Decimal("0.5"), "im", "LVL", 12), INFANT, {"unusual_needle"}),
        (MMR, Placement(Decimal("0.5"), "sc", "LA", 5), ADULT, set()),
        (ROTA, Placement(Decimal("2.0"), "po", "PO", 0), INFANT, set()),
        (FLUMIST, Placement(Decimal("0.2"), "nasal", "NASAL", 0), CHILD, set()),
    ],
)
def test_dose_route_site_and_needle_fit_vaccine_and_age(vaccine, chosen, born, codes):
    assert {one.code for one in judge_placement(vaccine, chosen, born=born, on=TODAY)} == codes


@pytest.mark.parametrize(
    ("sex", "kilos", "lengths"),
    [("female", 50, (8, 5)), ("female", 65, (8,)), ("female", 85, (8, 12)), ("female", 100, (12,)),
     ("male", 100, (8, 12)), ("male", 125, (12,))],
)  # fmt: skip
def test_an_adults_needle_goes_by_sex_and_weight(sex, kilos, lengths):
    advice = needle_advice("im", born=ADULT, on=TODAY, sex=sex, weight_kg=Decimal(kilos))
    assert advice.sites["deltoid"] == lengths and not advice.assumes


def test_an_adult_of_unknown_weight_gets_every_length_and_is_told_so():
    advice = needle_advice("im", born=ADULT, on=TODAY, sex="female")
    assert advice.sites["deltoid"] == (5, 8, 12) and "weigh" in advice.assumes


def test_two_vaccines_in_one_limb_are_an_inch_apart():
    chosen = Placement(Decimal("0.5"), "im", "LD", 8)
    found = judge_placement(FLU, chosen, born=ADULT, on=TODAY, others=["LA"])
    assert [one.code for one in found] == ["same_limb"]
    assert not judge_placement(FLU, chosen, born=ADULT, on=TODAY, others=["RD"])


@given(
    st.dates(date(1930, 1, 1), TODAY),
    st.sampled_from(["im", "sc", "po", "nasal"]),
    st.lists(st.sampled_from(sorted(sites())), max_size=4),
)
def test_the_site_offered_is_always_one_that_fits(born, route, others):
    offered = site_to_use(route, born=born, on=TODAY, others=others)
    assert offered in {one.code for one in sites_for(route, born=born, on=TODAY)}


def test_the_second_vaccine_is_offered_the_other_limb():
    assert site_to_use("im", born=ADULT, on=TODAY) == "LD"
    assert site_to_use("im", born=ADULT, on=TODAY, others=["LD"]) == "RD"
    assert site_to_use("im", born=INFANT, on=TODAY, others=["LVL"]) == "RVL"


def test_every_statement_of_a_combination_is_given_or_the_one_for_them_all():
    wanted = [(one.code, one.edition) for one in statements_for(PEDIARIX, TODAY)]
    assert [code for code, _ in wanted] == ["dtap", "hepb", "polio"]
    assert judge_statements(PEDIARIX, wanted, TODAY) == []
    assert [one.code for one in judge_statements(PEDIARIX, wanted[1:], TODAY)] == ["vis_missing"]
    multi = current_statement("multi", TODAY)
    assert judge_statements(PEDIARIX, [(multi.code, multi.edition)], TODAY) == []
    assert may_use_multi(["dtap", "hepb"], TODAY) and not may_use_multi(["dtap"], TODAY)
    assert not may_use_multi(["dtap", "mmr"], TODAY)


def test_an_old_edition_is_not_given():
    found = judge_statements(MMR, [("mmr", date(2021, 8, 6))], TODAY)
    assert {one.code for one in found} == {"vis_not_current", "vis_missing"}
    assert judge_statements(MMR, [("mmr", date(2021, 8, 6))], date(2024, 5, 1)) == []


def test_watching_takes_30_minutes_after_a_reaction_and_lying_down_for_who_faints():
    assert how_to_watch(facts(), {}).minutes == 15
    assert how_to_watch(facts(), {"reaction_before": Said(Answer.YES)}).minutes == 30
    assert how_to_watch(facts(allergies=(KnownAllergy("Peanut", "anaphylaxis"),)), {}).minutes == 30
    fainter = how_to_watch(facts(), {"fainted": Said(Answer.YES)})
    assert (fainter.minutes, fainter.is_lying) == (15, True)


@pytest.mark.parametrize(
    ("born", "kilos", "milligrams", "auto"),
    [(INFANT, "5", "0.05", None), (CHILD, "7.5", "0.08", "0.1"), (CHILD, "14.9", "0.15", "0.1"),
     (CHILD, "15", "0.15", "0.15"), (CHILD, "40", "0.3", "0.3"), (ADULT, "70", "0.5", "0.3")],
)  # fmt: skip
def test_the_anaphylaxis_card_goes_by_weight(born, kilos, milligrams, auto):
    card = anaphylaxis_card(born=born, on=TODAY, weight_kg=Decimal(kilos))
    assert card.dose_mg == Decimal(milligrams) == card.dose_ml
    assert card.auto_injector_mg == (Decimal(auto) if auto else None)


def test_nobody_guesses_a_childs_dose_of_epinephrine():
    card = anaphylaxis_card(born=CHILD, on=TODAY, weight_kg=None)
    assert card.dose_mg is None and "provider decides" in card.assumes


@given(st.decimals("0.5", "200", places=1))
def test_epinephrine_is_never_more_than_a_hundredth_milligram_a_kilo_nor_the_limit(kilos):
    for born, most in ((CHILD, Decimal("0.3")), (ADULT, Decimal("0.5"))):
        dose = anaphylaxis_card(born=born, on=TODAY, weight_kg=kilos).dose_mg
        assert dose <= most and dose <= kilos * Decimal("0.01") + Decimal("0.005")
    auto = auto_injector_mg(kilos)
    assert (auto is None) == (kilos < Decimal("7.5"))


def test_signs_of_breathing_or_skin_with_gut_are_anaphylaxis():
    assert looks_like_anaphylaxis(["breathing"]) and looks_like_anaphylaxis(["hives", "vomiting"])
    assert not looks_like_anaphylaxis(["faint"]) and not looks_like_anaphylaxis(["hives"])


@pytest.mark.parametrize(
    ("event", "families", "days", "expected"),
    [("syncope", ["flu"], 0, True), ("syncope", ["flu"], 8, False), ("guillain_barre", ["flu"], 42, True),
     ("guillain_barre", ["hpv"], 10, False), ("thrombocytopenic_purpura", ["mmr"], 6, False),
     ("thrombocytopenic_purpura", ["mmr"], 7, True)],
)  # fmt: skip
def test_vaers_hears_of_listed_events_in_their_time(event, families, days, expected):
    assert must_report(event, families, given=TODAY, onset=TODAY + timedelta(days=days)) == expected


SCHEDULE = load_schedule(DEFAULT_SCHEDULE)


def judged(vaccine: Product, person: Person, basis: Basis = Basis.STANDING) -> list[tuple[str, str]]:
    return [(str(one.severity), one.code) for one in judge_dose(vaccine, person, SCHEDULE, on=TODAY, basis=basis)]


def test_a_dose_that_is_due_and_counts_says_nothing():
    toddler = Person(date(2025, 9, 1), Gender.MALE)
    assert judged(MMR, toddler) == judged(PEDIARIX, toddler) == []


def test_a_dose_given_too_early_stops_on_a_standing_order_and_asks_a_reason_on_an_order():
    toddler = Person(date(2025, 9, 1), Gender.MALE, doses=(DoseGiven(TODAY - timedelta(days=14), "03", "MSD"),))
    assert judged(MMR, toddler) == [("stop", "would_not_count_too_soon")]
    assert judged(MMR, toddler, Basis.SIGNED) == [("confirm", "would_not_count_too_soon")]


def test_a_dose_that_counts_only_by_grace_asks_for_a_reason():
    nearly = Person(TODAY - timedelta(days=362), Gender.FEMALE)
    assert judged(MMR, nearly) == [("confirm", "grace_period")]


def test_a_vaccine_nobody_asks_for_is_not_covered_by_a_standing_order():
    done = tuple(DoseGiven(day, "03", "MSD") for day in (date(1981, 3, 1), date(1985, 3, 1)))
    assert judged(MMR, Person(ADULT, Gender.MALE, doses=done)) == [("stop", "not_needed")]


def test_the_schedule_rules_out_a_live_vaccine_for_the_pregnant():
    pregnant = Person(date(1998, 5, 5), Gender.FEMALE, facts=(Fact("007"),))
    assert judged(MMR, pregnant, Basis.SIGNED) == [("stop", "contraindicated_by_schedule")]


def test_somebody_without_a_spleen_may_have_the_meningococcal_vaccine_an_adult_is_not_due():
    healthy, without_spleen = Person(ADULT), Person(ADULT, facts=(Fact("160"),))
    vaccine = product("MenQuadfi")
    assert judged(vaccine, healthy) != []
    assert judged(vaccine, without_spleen) == []


@pytest.mark.parametrize(
    ("name", "born", "kilos", "code"),
    [("Kinrix", date(2025, 9, 1), None, "product_too_young"), ("Pentacel", date(2020, 1, 1), None, "product_too_old"),
     ("Fluzone High-Dose", ADULT, None, "product_too_young"), ("Beyfortus 50 mg", INFANT, None, "weight_unknown"),
     ("Beyfortus 50 mg", INFANT, "5.4", "product_weight"), ("Beyfortus 100 mg", INFANT, "5.4", ""),
     ("Afluria multi-dose (child)", date(2023, 11, 20), None, "product_too_old")],
)  # fmt: skip
def test_a_product_is_for_its_ages_and_weights(name, born, kilos, code):
    found = judge_product(product(name), born=born, on=TODAY, weight_kg=Decimal(kilos) if kilos else None)
    assert [one.code for one in found] == ([code] if code else [])


@given(st.sampled_from(products()), st.dates(date(1930, 1, 1), TODAY))
def test_the_schedule_can_judge_every_product_at_every_age(vaccine, born):
    for finding in judge_dose(vaccine, Person(born), SCHEDULE, on=TODAY, basis=Basis.STANDING):
        assert finding.message and finding.severity in (Severity.STOP, Severity.CONFIRM)
