"""The command line: what it says, what it loads, and how it refuses."""

import importlib
import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest

from mainstay.config import commandline
from mainstay.config.verbs import VERBS, Verb
from mainstay.foundation.database import DatabaseTrouble
from mainstay.foundation.database.places import CHECKOUT
from mainstay.foundation.errors import InvalidInput


def mainstay(*arguments, text="", **environment):
    return subprocess.run(
        [sys.executable, "-P", "-m", "mainstay", *arguments],
        input=text,
        capture_output=True,
        text=True,
        cwd="/",
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), **environment},
    )


@pytest.mark.parametrize("name", sorted(VERBS))
def test_every_verb_leads_to_a_function(name):
    module, _, function = VERBS[name].target.partition(":")
    assert callable(getattr(importlib.import_module(module), function))


def test_help_lists_every_verb_with_a_line(capsys):
    assert commandline.main(["--help"]) == 0
    shown = capsys.readouterr().out
    for name, verb in VERBS.items():
        assert f"  {name} " in shown and verb.summary in shown


def test_a_reader_who_leaves_early_is_no_fault():
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "w") as nobody:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "mainstay", "help"], stdout=nobody, stderr=subprocess.PIPE, text=True,
            cwd="/", env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_verb_told_to_end_closes_what_it_opened(number, monkeypatch):
    closed = []

    @contextmanager
    def a_database():
        try:
            yield
        finally:
            closed.append("database")

    def work(argv):
        with a_database():
            os.kill(os.getpid(), number)

    before = signal.getsignal(number)
    monkeypatch.setattr(commandline, "_function", lambda verb: work)
    monkeypatch.setattr(commandline, "VERBS", {"work": Verb("x:y", "works", needs_database=False)})
    assert commandline.main(["work"]) == 128 + number
    assert closed == ["database"]
    assert signal.getsignal(number) is before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["demo", "--port", "99999", "--data-dir"], "'99999' is not a port"),
        (["demo", "--port", "0", "--data-dir"], "'0' is not a port"),
        (["demo", "--processes", "0", "--data-dir"], "'0' is not a number from 1"),
        (["simulate", "registry", "--port", "2575x", "--folder"], "'2575x' is not a port"),
    ],
)
def test_a_number_that_cannot_be_is_refused_before_anything_starts(words, said, tmp_path, capsys):
    with pytest.raises(SystemExit) as end:
        commandline.main([*words, str(tmp_path / "place")])
    assert end.value.code == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "place").exists()


def test_a_partner_that_cannot_listen_says_so_in_one_line(capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert commandline.main(["simulate", "registry", "--port", str(other.getsockname()[1])]) == 1
    assert "Address already in use" in capsys.readouterr().err


def test_a_taken_port_is_said_before_anything_is_made(tmp_path, capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        assert commandline.main(["demo", "--data-dir", str(tmp_path / "demo"), "--port", port]) == 1
    assert f"Port {port} is taken" in capsys.readouterr().err
    assert not (tmp_path / "demo").exists()


def test_no_verb_at_all_is_misuse(capsys):
    assert commandline.main([]) == 2
    assert "usage" in capsys.readouterr().out


@pytest.mark.parametrize(("typed", "meant"), [("bakcup", "backup"), ("servee", "serve"), ("docter", "doctor")])
def test_a_misspelt_verb_is_answered_with_the_one_meant(typed, meant, capsys):
    assert commandline.main([typed]) == 2
    assert f"Did you mean `{meant}`?" in capsys.readouterr().err


PURE = sorted(name for name, verb in VERBS.items() if not verb.needs_database)


@pytest.mark.parametrize("name", PURE)
def test_a_pure_verb_loads_no_django(name):
    script = (
        "import sys, contextlib\n"
        "from mainstay.config.commandline import main\n"
        f"with contextlib.suppress(SystemExit): main([{name!r}, '--help'])\n"
        "sys.exit('django' in sys.modules or 'psycopg' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=CHECKOUT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_folder_without_messages_is_not_called_read(tmp_path, capsys):
    assert commandline.main(["hl7", str(tmp_path)]) == 2
    assert "No .hl7, .txt or .dat file is in it." in capsys.readouterr().err


def test_may_answers_without_a_database():
    asked = "may --state NY --act vaccine --credential CMA_AAMA --supervision on_site --order signed --on 2026-11-21"
    done = mainstay(*asked.split(), "--json", DATABASE_URL="postgresql://nobody@nowhere.invalid/none")
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)) >= {"outcome", "reason", "citation", "confidence", "conditions", "who_could"}


@pytest.mark.parametrize(
    ("trouble", "code", "sentence"),
    [
        (InvalidInput("That is no date."), 1, "That is no date."),
        (DatabaseTrouble("The disk is full."), 1, "The disk is full."),
        (FileNotFoundError(2, "No such file or directory", "list.csv"), 2, "list.csv: No such file or directory."),
        (IsADirectoryError(21, "Is a directory", "/var"), 2, "/var: Is a directory."),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), 2, "The input is not UTF-8 text (byte 0)."),
        (OSError(98, "Address already in use"), 1, "Address already in use."),
        (OSError("no words"), 1, "no words."),
        (KeyboardInterrupt(), 130, ""),
        (BrokenPipeError(), 0, ""),
    ],
)
def test_what_a_person_can_put_right_is_one_line(trouble, code, sentence, monkeypatch, capsys):
    def fail(argv):
        raise trouble

    monkeypatch.setattr(commandline, "_function", lambda verb: fail)
    monkeypatch.setattr(commandline.os, "dup2", lambda old, new: None)
    monkeypatch.setattr(commandline, "VERBS", {"fail": Verb("x:y", "fails", needs_database=False)})
    assert commandline.main(["fail"]) == code
    assert capsys.readouterr().err == (f"mainstay: {sentence}\n" if sentence else "")


def test_a_fault_of_ours_stays_a_traceback(monkeypatch):
    monkeypatch.setattr(commandline, "_function", lambda verb: lambda argv: 1 / 0)
    monkeypatch.setattr(commandline, "VERBS", {"fail": Verb("x:y", "fails", needs_database=False)})
    with pytest.raises(ZeroDivisionError):
        commandline.main(["fail"])


@pytest.mark.parametrize(
    ("arguments", "folder", "rest"),
    [
        (["--data-dir", "/x", "--json"], "/x", ["--json"]),
        (["fhir", "file.json", "--data-dir=/x y"], "/x y", ["fhir", "file.json"]),
        (["--json"], "", ["--json"]),
    ],
)
def test_the_data_folder_is_taken_out_wherever_it_stands(arguments, folder, rest):
    assert commandline._data_folder(arguments) == (folder, rest)


def test_a_list_to_fill_in_needs_no_database(tmp_path):
    folder = tmp_path / "nothing"
    done = mainstay("import", "csv", "patients", "--template", "--data-dir", str(folder))
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.startswith("given_name,family_name,birth_date")
    assert not folder.exists()


def test_a_folder_without_a_database_is_not_called_backed_up(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert commandline.main(["backup", "--data-dir", str(tmp_path / "elsewhere")]) == 1
    assert "There is no database in" in capsys.readouterr().err
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_is_no_data_folder(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / "file").touch()
    assert commandline.main(["migrate", "--data-dir", str(tmp_path / "file")]) == 1
    assert "file is no folder. Choose one with --data-dir." in capsys.readouterr().err


def test_a_data_folder_without_its_name_is_refused(capsys):
    assert commandline.main(["migrate", "--data-dir"]) == 1
    assert "--data-dir needs a folder" in capsys.readouterr().err


def test_a_server_that_is_not_there_is_said_in_one_line():
    done = mainstay("migrate", DATABASE_URL="postgresql://me:secret@localhost:1/none")
    assert done.returncode == 1
    assert "cannot be reached" in done.stderr and "Traceback" not in done.stderr and "secret" not in done.stderr
