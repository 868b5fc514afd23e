"""The wheel is the same program: every file in it, and it runs without the checkout."""

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile

import pytest

from lint.source import ROOT
from mainstay import __version__

OUTSIDE = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}


def shipped():
    """Every file of the program git knows, tests aside."""
    listed = subprocess.run(["git", "ls-files", "-z", "mainstay"], cwd=ROOT, capture_output=True, text=True, check=True)
    names = [name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]
    return {name for name in names if "/tests/" not in name}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The sdist of a clean copy of the checkout, and the wheel made from that sdist."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for name in [*shipped(), "pyproject.toml", "README.md", "requirements.in", "LICENSE"]:
        if (ROOT / name).exists():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, env=OUTSIDE)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return out


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """The wheel alone in an environment of its own that borrows the dependencies of this one."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    wheel = next(built.glob("*.whl"))
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(wheel)], check=True, env=OUTSIDE, capture_output=True)
    packages = subprocess.run(
        [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], capture_output=True, text=True
    ).stdout.strip()
    with open(f"{packages}/borrowed.pth", "w") as borrowed:  # noqa: PTH123  # closed by the block
        borrowed.write(sysconfig.get_path("purelib") + "\n")
    return home / "bin" / "mainstay"


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_program_and_nothing_else(built):
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        inside = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert inside == shipped()


@pytest.mark.slow
def test_the_source_distribution_holds_them_too(built):
    with tarfile.open(next(built.glob("*.tar.gz"))) as source:
        inside = {name.partition("/")[2] for name in source.getnames()}
    assert shipped() <= inside
    assert "requirements.in" in inside


@pytest.mark.slow
def test_the_installed_program_answers_away_from_the_checkout(installed):
    def mainstay(*arguments):
        return subprocess.run([installed, *arguments], cwd="/", env=OUTSIDE, capture_output=True, text=True)

    assert mainstay("--version").stdout == f"mainstay {__version__}\n"
    asked = "may --state NY --act vaccine --credential CMA_AAMA --supervision on_site --order signed --json"
    answer = mainstay(*asked.split())
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["outcome"]
    where = subprocess.run(
        [installed.with_name("python"), "-c", "import mainstay; print(mainstay.__file__)"],
        cwd="/", env=OUTSIDE, capture_output=True, text=True,
    )  # fmt: skip
    assert str(ROOT) not in where.stdout
