"""The way in on a machine that has nothing yet: `run` and what it prepares."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mainstay.config import bootstrap
from mainstay.foundation.database.places import CHECKOUT


@pytest.fixture
def checkout(tmp_path):
    """A copy of what `run` needs, with an environment whose Python only says how it was called."""
    (tmp_path / "mainstay" / "config").mkdir(parents=True)
    shutil.copy(CHECKOUT / "run", tmp_path / "run")
    shutil.copy(CHECKOUT / "mainstay/config/bootstrap.py", tmp_path / "mainstay/config/bootstrap.py")
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / lock).write_text(f"# {lock}\n")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    script(python, 'echo "$@"')
    return tmp_path


def script(path, body):
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def run(checkout, *arguments, path=os.environ["PATH"]):
    command = ["/bin/sh", str(checkout / "run"), *arguments]
    return subprocess.run(command, cwd="/", env={"PATH": path, "HOME": "/"}, capture_output=True, text=True)


def stamp(checkout, *locks):
    for lock in locks:
        shutil.copy(checkout / lock, checkout / ".venv" / f"installed-{lock}")


@pytest.mark.parametrize(
    ("arguments", "called"),
    [
        (["demo", "--port", "8001"], "-P -m mainstay demo --port 8001"),
        (["may", "--state", "NY"], "-P -m mainstay may --state NY"),
        ([], "-P -m mainstay --help"),
        (["test", "-k", "name"], "-m lint.everything test -k name"),
        (["check"], "-m lint.everything check"),
        (["bench", "growth"], "-m bench growth"),
    ],
)
def test_every_verb_goes_where_it_belongs(checkout, arguments, called):
    stamp(checkout, "requirements.lock", "requirements-dev.lock")
    done = run(checkout, *arguments)
    assert (done.returncode, done.stdout.strip()) == (0, called)
    assert done.stderr == ""


def test_an_environment_that_is_a_link_is_left_alone(checkout):
    (checkout / ".venv").rename(checkout / "elsewhere")
    (checkout / ".venv").symlink_to(checkout / "elsewhere")
    assert run(checkout, "demo").stdout.strip() == "-P -m mainstay demo"


def test_a_machine_without_a_new_enough_python_is_told_so(checkout, tmp_path):
    empty = tmp_path / "bin"
    empty.mkdir()
    script(empty / "python3", "exit 1")
    for tool in ("dirname", "cmp"):
        (empty / tool).symlink_to(shutil.which(tool))
    done = run(checkout, "demo", path=str(empty))
    assert done.returncode == 2
    assert "needs Python 3.11 or newer" in done.stderr and "Traceback" not in done.stderr


def test_a_python_without_venv_is_told_which_package_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(SystemExit, match=r"sudo apt install python3-venv .*python3\.\d+-venv"):
        bootstrap.make(tmp_path / ".venv")
    assert not (tmp_path / ".venv").exists()


def test_a_checkout_that_cannot_be_written_to_is_said_in_words(tmp_path):
    (tmp_path / "requirements.lock").write_text("a==1\n")
    (tmp_path / ".venv.lock").mkdir()
    with pytest.raises(SystemExit, match=r"cannot write to .* clone Mainstay to a folder of your own"):
        bootstrap.prepare(tmp_path, "requirements.lock")


def test_an_installation_cut_short_is_done_again_and_a_finished_one_is_not(tmp_path, monkeypatch):
    (tmp_path / "requirements.lock").write_text("a==1\n")
    (tmp_path / ".venv").mkdir()
    installed = []
    monkeypatch.setattr(bootstrap, "runs", lambda python: True)
    monkeypatch.setattr(bootstrap, "install", lambda venv, lock: installed.append(lock.name))
    bootstrap.prepare(tmp_path, "requirements.lock")
    bootstrap.prepare(tmp_path, "requirements.lock")
    assert installed == ["requirements.lock"]
    (tmp_path / "requirements.lock").write_text("a==2\n")
    bootstrap.prepare(tmp_path, "requirements.lock")
    assert len(installed) == 2


def test_a_failed_installation_leaves_no_stamp(tmp_path, monkeypatch):
    (tmp_path / "requirements.lock").write_text("a==1\n")
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(bootstrap, "runs", lambda python: True)
    monkeypatch.setattr(bootstrap.subprocess, "run", lambda *a, **k: subprocess.CompletedProcess(a, 1))
    with pytest.raises(SystemExit, match="Installing failed"):
        bootstrap.prepare(tmp_path, "requirements.lock")
    assert list((tmp_path / ".venv").iterdir()) == []


def test_a_broken_environment_is_noticed(tmp_path):
    assert not bootstrap.runs(tmp_path / "bin" / "python")
    assert bootstrap.runs(Path(sys.executable))


def test_the_development_lock_includes_the_other(tmp_path):
    def pins(name):
        return {line.split()[0] for line in (CHECKOUT / name).read_text().splitlines() if "==" in line}

    assert pins("requirements.lock") <= pins("requirements-dev.lock")
