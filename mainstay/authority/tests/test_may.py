"""`mainstay may` on the command line."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest

from mainstay.authority.commands import may

NEW_YORK = ["--state", "NY", "--act", "vaccine", "--credential", "CMA_AAMA", "--supervision", "on_site"]
NEW_YORK += ["--order", "signed", "--on", "2026-11-21"]


def test_the_answer_is_one_json_object_with_exactly_six_keys(capsys):
    assert may([*NEW_YORK, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == ["outcome", "reason", "citation", "confidence", "conditions", "who_could"]
    assert answer["outcome"] == "refuse"
    assert answer["confidence"] == "high"
    assert answer["conditions"] == []


def test_the_exit_status_speaks_only_when_asked_to(capsys):
    assert may([*NEW_YORK, "--exit-code"]) == 1
    assert may(["--state", "new york", "--act", "order_pend", "--exit-code"]) == 0


def test_explain_shows_the_row_behind_the_answer(capsys):
    assert may([*NEW_YORK, "--explain"]) == 0
    shown = capsys.readouterr().out
    assert "law as read: X" in shown
    assert "checked 21 Nov 2026" in shown


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        ([], "--state and --act are needed"),
        (["--state", "ZZ", "--act", "vaccine"], "AK, AL"),
        (["--state", "TX", "--act", "surgery"], "inj_im"),
        (["--state", "TX", "--act", "vaccine", "--supervision", "near"], "direct_visual"),
        (["--state", "TX", "--act", "vaccine", "--order", "spoken"], "standing"),
        (["--state", "TX", "--act", "vaccine", "--credential", "WA_MA"], "WA_MA_C"),
        (["--state", "TX", "--act", "vaccine", "--on", "11/21/2026"], "2026-11-21"),
        (["--state", "TX", "--act", "vaccine", "--hours", "class=lots"], "a number"),
        (["--state", "TX", "--act", "vaccine", "--delegator", "BOSS"], "MD"),
        (["--state", "TX", "--act", "vaccine", "--colour"], "--colour"),
    ],
)
def test_bad_input_gets_one_sentence_with_the_choices_and_status_2(argv, says, capsys):
    assert may(argv) == 2
    shown = capsys.readouterr()
    assert says in shown.err
    assert shown.out == ""
    assert len(shown.err.strip().splitlines()) == 1


def test_questions_are_read_from_standard_input_a_line_each(capsys, monkeypatch):
    lines = '{"state": "TX", "act": "order_pend"}\n\nnot json\n{"state": "TX"}\n'
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    assert may(["-"]) == 2
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert answers[0]["outcome"] == "allow"
    assert answers[1] == {"line": 3, "error": "this is not JSON"}
    assert answers[2]["line"] == 4


OPTIONS = [
    *("state", "act", "on", "credential", "expires", "supervision", "order", "standing_reviewed", "delegator"),
    *("competency", "competency_expires", "hours", "setting", "substance", "patient", "policy", "medicare_direct"),
]
ANYTHING = [5, -1.5, True, None, "", "x", "\0", "9999-12-31", [], ["x"], [[1]], {}, {"a": 1}, {"class": None}]


def test_a_line_of_any_shape_gets_one_answer(capsys, monkeypatch):
    lines = [
        json.dumps({"state": "CA", "act": "vaccine", "supervision": "on_site", name: value})
        for name in OPTIONS
        for value in ANYTHING
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join([*lines, "[]", "5", "null", "[" * 100_000])))
    assert may(["-"]) == 2
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(answers) == len(lines) + 4
    assert all(answer.get("outcome") or answer["error"] for answer in answers)


@pytest.mark.parametrize(
    ("state", "act", "on", "outcome"),
    [
        ("CT", "vaccine", "2021-12-31", "refuse"),
        ("CT", "vaccine", "2023-06-01", "allow_with_conditions"),
        ("AZ", "urinary_catheter", "2024-12-31", "refuse"),
        ("SC", "inj_im", "2026-07-15", "allow_with_conditions"),
        ("IL", "inj_im", "2026-12-31", "allow_with_conditions"),
        ("IL", "inj_im", "2027-01-01", "ask"),
        ("SD", "vaccine", "2021-06-30", "ask"),
        ("SD", "vaccine", "2021-07-01", "allow_with_conditions"),
    ],
)
def test_a_law_speaks_only_between_its_days(state, act, on, outcome, capsys):
    asked = ["--credential", "CMA_AAMA", "--supervision", "on_site", "--order", "signed"]
    assert may(["--state", state, "--act", act, "--on", on, *asked, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["outcome"] == outcome


def test_several_credentials_and_their_expiry_are_read(capsys):
    argv = ["--state", "MI", "--act", "xray_expose", "--order", "signed", "--on", "2026-11-21"]
    assert may([*argv, "--credential", "CMA_AAMA,LIMITED_XRAY:2026-11-21", "--exit-code"]) == 0
    assert may([*argv, "--credential", "CMA_AAMA", "--credential", "LIMITED_XRAY:2026-11-20", "--exit-code"]) == 1


def test_one_expiry_may_be_said_for_all_credentials_and_names_are_read_as_people_write_them(capsys):
    argv = ["--state", "TX", "--act", "vaccine", "--credential", "CMA (AAMA)", "--on", "2026-11-21", "--exit-code"]
    assert may([*argv, "--expires", "2026-11-21"]) == 0
    assert may([*argv, "--expires", "2026-11-20"]) == 1


@pytest.mark.parametrize(
    ("short", "full"), [("CMA", "CMA_AAMA"), ("rma", "RMA_AMT"), ("CCMA", "CCMA_NHA"), ("NCMA", "NCMA_NCCT")]
)
def test_a_credential_may_be_named_without_its_only_issuer(short, full, capsys):
    argv = ["--state", "NJ", "--act", "vaccine", "--on", "2026-11-21", "--supervision", "on-site", "--json"]
    assert may([*argv, "--credential", short]) == 0
    answer = capsys.readouterr().out
    assert may([*argv, "--credential", full]) == 0
    assert answer == capsys.readouterr().out
    assert may([*argv, "--credential", "none"]) == 0
    assert answer != capsys.readouterr().out


def test_a_policy_file_opens_what_the_medical_director_signed(tmp_path, capsys):
    argv = ["--state", "MD", "--act", "iv_start", "--on", "2026-11-21", "--exit-code", "--policy"]
    signed = tmp_path / "policies.toml"
    signed.write_text(
        '[[policy]]\nact = "iv_start"\neffect = "loosen"\neffective = 2026-01-01\nstatute = "COMAR 10.32.12.04"\n'
        'signed_by = "Dr. Okafor"\nsigned_on = 2025-12-20\nis_by_medical_director = true\n'
    )
    assert may([*argv, str(signed)]) == 0
    unsigned = tmp_path / "unsigned.toml"
    unsigned.write_text('[[policy]]\nact = "iv_start"\neffect = "loosen"\neffective = 2026-01-01\n')
    assert may([*argv, str(unsigned)]) == 1
    for text, says in (
        ("[[policy", "not TOML"),
        ('[[policy]]\nact = "x"', "missing"),
        ("[[policy]]\nacts = 1", "field"),
    ):
        unsigned.write_text(text)
        assert may([*argv, str(unsigned)]) == 2
        assert says in capsys.readouterr().err
    assert may([*argv, str(tmp_path / "nowhere.toml")]) == 2


def test_neither_django_nor_a_database_is_needed():
    script = (
        "import sys; from mainstay.authority.commands import may; may(sys.argv[1:]);"
        "sys.exit(any(m == 'django' or m.startswith('psycopg') for m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script, *NEW_YORK], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
