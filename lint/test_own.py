"""Each check is shown code it must accept and code it must refuse: a check that cannot fail is a defect."""

import tomllib
from pathlib import PurePosixPath

import pytest

from lint.own import CHECKS, complaints
from lint.source import ROOT, Source

FIXTURES = ROOT / "lint" / "fixtures"


def cases(kind):
    for check in CHECKS:
        name = check.__name__.rpartition(".")[2]
        written = tomllib.loads((FIXTURES / f"{name}.toml").read_text())
        for number, case in enumerate(written[kind], 1):
            source = Source(PurePosixPath(case["path"]), case["text"])
            yield pytest.param(check, source, id=f"{name}-{kind}-{number}")


@pytest.mark.parametrize(("check", "source"), list(cases("bad")))
def test_bad_code_is_refused(check, source):
    assert list(complaints([source], [check]))


@pytest.mark.parametrize(("check", "source"), list(cases("good")))
def test_good_code_is_accepted(check, source):
    assert list(complaints([source], [check])) == []


def test_every_check_is_under_fifty_lines_and_has_fixtures():
    for check in CHECKS:
        name = check.__name__.rpartition(".")[2]
        assert len((ROOT / "lint" / f"{name}.py").read_text().splitlines()) < 50, name
    assert {path.stem for path in FIXTURES.glob("*.toml")} == {check.__name__.rpartition(".")[2] for check in CHECKS}
