"""The tables behind giving: codes exist, rows neither gap nor overlap, and every row names its source."""

import re
from datetime import date
from importlib import resources
from itertools import pairwise

import pytest

from mainstay.foundation.tables import read_csv
from mainstay.immunizations.forecast import DEFAULT_SCHEDULE, load_schedule
from mainstay.immunizations.rules.ages import day_of_age
from mainstay.immunizations.rules.contraindications import rules
from mainstay.immunizations.rules.funding import eligibilities, fundings
from mainstay.immunizations.rules.placing import needle_rows, routes, sites
from mainstay.immunizations.rules.screening import questions
from mainstay.immunizations.rules.vaccines import components, families, products
from mainstay.immunizations.rules.vis import current_statement, statements

BORN = date(2000, 1, 1)
TODAY = date(2026, 11, 20)


def codes_of(table: str) -> set[str]:
    return {row["code"] for row in read_csv("mainstay.terminology", f"{table}.csv")}


def test_every_product_has_codes_that_exist():
    cvx, mvx = codes_of("cvx"), codes_of("mvx")
    schedule = load_schedule(DEFAULT_SCHEDULE)
    assert {one.cvx for one in products()} <= cvx & set(schedule.vaccines)
    assert {one.mvx for one in products()} <= mvx
    assert all(re.fullmatch(r"\d{5}", code) for one in products() for code in one.cpt)


def test_every_product_answers_a_group_of_the_schedule_and_the_schedule_agrees():
    schedule = load_schedule(DEFAULT_SCHEDULE)
    antigens = {group.name: set(group.antigens) for group in schedule.groups}
    for one in products():
        assert one.groups, one.name
        holds = {name for name, _, _ in schedule.vaccines[one.cvx].antigens}
        assert holds <= set().union(*(antigens[group] for group in one.groups)), one.name
        assert all(antigens[group] & holds for group in one.groups), one.name


def test_every_product_has_its_parts_statements_routes_and_volumes():
    for one in products():
        assert set(one.components) <= set(components()), one.name
        assert set(one.families) <= set(families()), one.name
        assert set(one.routes) <= set(routes()) and one.routes and one.volumes
        assert one.vis and all(current_statement(code, TODAY) for code in one.vis), one.name


def test_two_rows_of_one_product_never_overlap_in_age():
    by_codes: dict[tuple[str, str, str], list] = {}
    for one in products():
        by_codes.setdefault((one.cvx, one.mvx, one.name.split(" (")[0]), []).append(one)
    for rows in by_codes.values():
        for day in (date(2000, 6, 1), date(2002, 12, 31), date(2003, 1, 1), date(2020, 1, 1)):
            assert sum(row.ages.holds(BORN, day) for row in rows) <= 1


def test_gates_and_contraindications_speak_of_families_that_exist():
    known = set(families()) | {"all", "live", "live_injected"}
    assert {gate for one in questions().values() for gate in one.gates} <= known
    for rule in rules():
        assert set(rule.families) | set(rule.except_families) <= known, rule.code
        assert rule.problems or rule.medicines or rule.is_pregnant or rule.below_kg is not None, rule.code
        assert all(word == word.lower() for word in rule.medicines)
    assert len({rule.code for rule in rules()}) == len(rules())


def test_every_question_is_asked_in_two_languages():
    for one in questions().values():
        assert one.words.en.endswith("?") and one.words.es.endswith("?") and one.words.en != one.words.es


def test_statements_follow_each_other_without_gap():
    by_code: dict[str, list] = {}
    for one in statements():
        by_code.setdefault(one.code, []).append(one)
    for code, editions in by_code.items():
        editions.sort(key=lambda one: one.edition)
        assert editions[-1].until is None, code
        assert all(a.until and a.edition < a.until for a, _ in pairwise(editions)), code
        for before, after in pairwise(editions):
            assert (after.edition - before.until).days <= 1, (code, before.edition)


@pytest.mark.parametrize("route", ["im", "sc"])
@pytest.mark.parametrize("sex", ["female", "male"])
@pytest.mark.parametrize("pounds", [100, 129, 130, 152, 153, 199, 200, 201, 260, 261, 400])
@pytest.mark.parametrize(
    "age", ["0 days", "28 days", "29 days", "11 months", "12 months", "3 years", "18 years", "19 years"]
)
def test_the_needle_table_has_exactly_one_row_for_everybody(route, sex, pounds, age):
    day = day_of_age(BORN, age)
    rows = [
        row
        for row in needle_rows(route)
        if row.ages.holds(BORN, day)
        and (not row.sex or row.sex == sex)
        and (row.from_lb is None or pounds >= row.from_lb)
        and (row.until_lb is None or pounds < row.until_lb)
    ]
    assert len(rows) == 1
    assert set(rows[0].sites) <= {one.part for one in sites().values()}


def test_eligibility_leads_to_stock_that_exists():
    assert {code for one in eligibilities().values() for code in one.funding} <= set(fundings())
    assert {one.code for one in eligibilities().values() if one.is_vfc} == {"V02", "V03", "V04", "V05"}


def test_every_table_says_where_it_comes_from():
    folder = resources.files("mainstay.immunizations").joinpath("tables/giving")
    sources = folder.joinpath("SOURCE.md").read_text(encoding="utf-8")
    for table in folder.iterdir():
        if table.name.endswith(".toml"):
            head = "\n".join(table.read_text(encoding="utf-8").splitlines()[:8])
            assert "source:" in head and "effective:" in head and "reviewed_by:" in head, table.name
        elif table.name.endswith(".csv"):
            assert table.name in sources
