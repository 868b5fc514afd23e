"""What a chart says to the vaccine schedule."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.immunizations.forecast import load_schedule
from mainstay.immunizations.rules.fact_rules import Kind, fact_rules
from mainstay.immunizations.rules.facts import ChartFact, Reading, Recorded, daily_milligrams, read_chart
from mainstay.terminology.codes import icd10cm_from_typing, loinc_is_valid

TODAY = date(2026, 5, 4)
BORN = date(1980, 1, 1)


def reading(*facts: ChartFact, recorded: tuple[Recorded, ...] = (), born: date = BORN) -> Reading:
    return read_chart(facts, recorded, load_schedule(), born=born, on=TODAY)


def codes(*facts: ChartFact, recorded: tuple[Recorded, ...] = ()) -> set[str]:
    return {item.code for item in reading(*facts, recorded=recorded).observed}


def a_problem(code: str, **more: object) -> ChartFact:
    return ChartFact(Kind.PROBLEM, f"problem {code}", code, **more)  # type: ignore[arg-type]  # facts by name


def a_medicine(name: str, detail: str = "", **more: object) -> ChartFact:
    return ChartFact(Kind.MEDICINE, name, detail=detail, **more)  # type: ignore[arg-type]  # facts by name


def test_every_row_names_an_observation_the_schedule_knows() -> None:
    known = load_schedule().observations
    assert {rule.observation for rule in fact_rules()} <= known.keys()


def test_every_row_says_something() -> None:
    for rule in fact_rules():
        assert any(
            (
                rule.problems,
                rule.history,
                rule.medicines,
                rule.allergies,
                rule.tests,
                rule.snomed,
                rule.race,
                rule.tobacco,
            )
        ), rule


def test_every_icd_code_of_the_table_stands_in_the_code_set() -> None:
    import csv
    import gzip
    from importlib import resources

    packed = (resources.files("mainstay.terminology") / "tables" / "icd10cm.csv.gz").read_bytes()
    known = {row["code"] for row in csv.DictReader(gzip.decompress(packed).decode().splitlines())}
    for rule in fact_rules():
        for code in (*rule.problems, *rule.except_problems, *rule.history, *rule.needs_problem):
            assert code in known, f"{rule.observation}: {code}"
            assert icd10cm_from_typing(code) == code


def test_every_test_code_has_a_right_check_digit() -> None:
    for rule in fact_rules():
        for code in rule.tests:
            assert loinc_is_valid(code), f"{rule.observation}: {code}"


@pytest.mark.parametrize(
    ("code", "observation"),
    [
        ("Z90.81", "160"),
        ("D57.1", "160"),
        ("D57.1", "259"),
        ("J45.40", "253"),
        ("J45.909", "027"),
        ("E11.22", "256"),
        ("E11.9", "014"),
        ("N18.6", "114"),
        ("Z99.2", "032"),
        ("Z96.21", "011"),
        ("B20", "186"),
        ("D81.1", "013"),
        ("Z94.0", "157"),
        ("C90.00", "181"),
    ],
)
def test_an_active_problem_makes_its_observation_hold(code: str, observation: str) -> None:
    assert observation in codes(a_problem(code))
    assert observation in codes(a_problem(code.replace(".", "")))


def test_sickle_cell_trait_is_no_sickle_cell_disease() -> None:
    assert codes(a_problem("D57.3")).isdisjoint({"160", "259", "258", "279"})


def test_a_resolved_problem_no_longer_counts() -> None:
    assert codes(a_problem("J45.40", is_active=False)) == set()


def test_chickenpox_in_the_past_counts_once_somebody_licensed_confirmed_it() -> None:
    assert "024" in codes(a_problem("B01.9", is_active=False))
    assert "024" not in codes(a_problem("B01.9", is_active=False, is_confirmed=False))


def test_a_pregnancy_counts_with_the_day_it_began() -> None:
    found = {item.code: item.on for item in reading(a_problem("Z34.92", on=TODAY - timedelta(weeks=30))).observed}
    assert found["007"] == found["170"] == TODAY - timedelta(weeks=30)


def test_weeks_of_gestation_say_when_the_pregnancy_began() -> None:
    written = a_problem("Z3A.32", written=TODAY)
    found = {item.code: item.on for item in reading(written).observed}
    assert found["170"] == TODAY - timedelta(weeks=32)


def test_a_pregnancy_without_a_date_asks_how_many_weeks() -> None:
    found = reading(a_problem("Z33.1", written=TODAY))
    assert "007" in {item.code for item in found.observed}
    assert any("How many weeks" in question for question in found.questions)


def test_a_pregnancy_of_last_year_is_asked_about_and_does_not_count() -> None:
    found = reading(a_problem("Z33.1", written=TODAY - timedelta(days=400)))
    assert found.observed == ()
    assert "Still pregnant?" in found.questions[0]


@pytest.mark.parametrize(
    ("name", "detail", "holds"),
    [
        ("Prednisone 20 mg tablet", "1 tablet daily", True),
        ("Prednisone 10 mg tablet", "twice daily", True),
        ("Prednisone 5 mg tablet", "daily", False),
        ("Prednisolone acetate 1% ophthalmic drops", "twice daily", False),
        ("Methylprednisolone 16 mg", "daily", True),
        ("Tacrolimus 0.1 % ointment", "twice daily", False),
        ("Tacrolimus 1 mg capsule", "twice daily", True),
        ("Adalimumab 40 mg/0.4 mL pen", "every other week", True),
        ("Dexamethasone 4 mg", "daily", True),
        ("Fluticasone inhaler", "twice daily", False),
    ],
)
def test_only_medicines_that_weaken_the_whole_body_count(name: str, detail: str, *, holds: bool) -> None:
    started = TODAY - timedelta(days=60)
    assert ("158" in codes(a_medicine(name, detail, on=started))) is holds


def test_a_short_course_of_steroids_does_not_count() -> None:
    assert "158" not in codes(a_medicine("Prednisone 40 mg", "daily", on=TODAY - timedelta(days=5)))


def test_high_dose_steroids_count_for_four_weeks_after_they_end() -> None:
    began = TODAY - timedelta(days=90)
    ended = a_medicine("Prednisone 40 mg", "daily", on=began, until=TODAY - timedelta(days=20), is_active=False)
    long_over = a_medicine("Prednisone 40 mg", "daily", on=began, until=TODAY - timedelta(days=40), is_active=False)
    assert "158" in codes(ended)
    assert "158" not in codes(long_over)


def test_a_steroid_without_an_amount_is_asked_about() -> None:
    found = reading(a_medicine("Prednisone"))
    assert "158" not in {item.code for item in found.observed}
    assert "How much Prednisone" in found.questions[0]


def test_daily_amounts_are_read_from_words() -> None:
    assert daily_milligrams("10 mg twice daily") == 20
    assert daily_milligrams("2.5 mg every other day") == 1.25
    assert daily_milligrams("one tablet") is None


def test_a_severe_allergy_to_a_component_counts_and_a_mild_one_does_not() -> None:
    def neomycin(severity: str, reaction: str = "") -> ChartFact:
        return ChartFact(Kind.ALLERGY, "Neomycin", detail=reaction, severity=severity)

    assert "107" in codes(neomycin("severe"))
    assert "107" in codes(neomycin("moderate", "Anaphylaxis"))
    assert "107" not in codes(neomycin("mild", "Rash"))
    assert "How bad" in reading(neomycin("")).questions[0]


def test_a_mild_allergy_coded_in_snomed_is_no_severe_one() -> None:
    assert "107" not in codes(ChartFact(Kind.ALLERGY, "Neomycin", "294468006", severity="mild"))
    assert "107" in codes(ChartFact(Kind.ALLERGY, "Neomycin", "294468006", severity="severe"))


def test_rice_is_found_as_a_word_only() -> None:
    assert "124" not in codes(ChartFact(Kind.ALLERGY, "Licorice", severity="severe"))


def test_enough_antibodies_are_evidence_of_immunity() -> None:
    def titer(number: float) -> ChartFact:
        return ChartFact(Kind.TEST, "Hepatitis B surface antibody", "16935-9", number=number, on=TODAY)

    assert "019" in codes(titer(10))
    assert "019" not in codes(titer(9.9))
    assert "023" in codes(ChartFact(Kind.TEST, "Varicella IgG", "15410-4", "Positive", on=TODAY))
    assert "023" not in codes(ChartFact(Kind.TEST, "Varicella IgG", "15410-4", "Negative", on=TODAY))


def test_a_cd4_count_counts_only_with_hiv() -> None:
    count = ChartFact(Kind.TEST, "CD4", "24467-3", number=150, on=TODAY)
    assert "154" not in codes(count)
    assert "154" in codes(count, a_problem("B20"))
    assert any("CD4" in question for question in reading(a_problem("B20")).questions)


def test_a_former_smoker_is_no_smoker() -> None:
    def tobacco(answer: str) -> ChartFact:
        return ChartFact(Kind.SOCIAL, answer, detail="tobacco")

    assert "042" in codes(tobacco("Smokes every day"))
    assert "042" not in codes(tobacco("Used to smoke, not now"))
    assert "042" not in codes(tobacco("Never smoked"))
    assert "042" not in codes(ChartFact(Kind.SOCIAL, "current job: baker", detail="work"))


def test_what_somebody_recorded_goes_before_what_the_chart_suggests() -> None:
    diabetes = a_problem("E11.9")
    denied = Recorded("014", holds=False, on=TODAY, source="Dr. Patel: diagnosis withdrawn")
    told = Recorded("055", holds=True, on=TODAY, source="patient: works as a nurse")
    assert codes(diabetes, recorded=(denied, told)) == {"055"}


ANY_FACT = st.builds(
    a_problem,
    st.sampled_from([code for rule in fact_rules() for code in (*rule.problems, *rule.history)]),
    is_active=st.booleans(),
    is_confirmed=st.booleans(),
    on=st.one_of(st.none(), st.dates(date(2020, 1, 1), TODAY)),
)


@given(st.lists(ANY_FACT, max_size=6), st.randoms())
def test_the_order_of_the_chart_never_matters(facts: list[ChartFact], dice: object) -> None:
    shuffled = list(facts)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis hands over a Random
    first = {(item.code, item.on) for item in reading(*facts).observed}
    assert first == {(item.code, item.on) for item in reading(*shuffled).observed}


@given(st.lists(ANY_FACT, max_size=4), ANY_FACT)
def test_one_more_problem_never_takes_an_observation_away(facts: list[ChartFact], more: ChartFact) -> None:
    assert codes(*facts) <= codes(*facts, more)


@given(st.text(max_size=40), st.text(max_size=20), st.sampled_from(list(Kind)))
def test_no_words_in_a_chart_break_the_reading(text: str, code: str, kind: Kind) -> None:
    reading(ChartFact(kind, text, code, detail=text))
