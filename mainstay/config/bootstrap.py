"""Makes `.venv` and installs one lock file into it. Runs on the machine's own Python, so: standard library only.

`run` calls it when the lock differs from the copy kept in `.venv`, which is written last: an interrupted
installation is simply done again.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path


def prepare(root: Path, lock: str) -> None:
    """Bring `root/.venv` to what `lock` says; processes that come at the same time wait for one another."""
    venv = root / ".venv"
    try:
        turn = (root / ".venv.lock").open("w")
    except OSError as refusal:
        sys.exit(
            f"Mainstay cannot write to {root} ({refusal.strerror}), and what {lock} lists is not installed there yet. "
            "Let the owner of that folder run this once, or clone Mainstay to a folder of your own."
        )
    with turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        stamp = venv / f"installed-{lock}"
        wanted = (root / lock).read_bytes()
        if stamp.exists() and stamp.read_bytes() == wanted:
            return
        if not runs(venv / "bin" / "python"):
            make(venv)
        say(f"Installing what {lock} lists into .venv (once; a minute or two).")
        install(venv, root / lock)
        if lock == "requirements-dev.lock":
            shutil.copy(root / "requirements.lock", venv / "installed-requirements.lock")
        else:
            (venv / "installed-requirements-dev.lock").unlink(missing_ok=True)
        stamp.write_bytes(wanted)


def make(venv: Path) -> None:
    """Make the environment, or say which package of the machine is missing."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    try:
        import ensurepip
        import venv as venv_module
    except ImportError:
        sys.exit(
            f"This Python {version} comes without venv. On Debian and Ubuntu: sudo apt install python3-venv "
            f"(or python{version}-venv). Then run this again."
        )
    assert ensurepip
    shutil.rmtree(venv, ignore_errors=True)
    venv_module.EnvBuilder(with_pip=True, symlinks=True).create(venv)


def runs(python: Path) -> bool:
    """Whether an environment is there, works (its Python may have been upgraded away) and has pip."""
    try:
        return subprocess.run([str(python), "-m", "pip", "--version"], capture_output=True).returncode == 0
    except OSError:
        return False


def install(venv: Path, lock: Path) -> None:
    """Install exactly what the lock says, every file checked against its hash."""
    command = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-input", "--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", str(lock)]
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME")}
    if subprocess.run(command, env=environment).returncode:
        sys.exit("Installing failed; what pip said is above. Without a network, see docs/operate.md.")


def say(sentence: str) -> None:
    """One line to the person waiting."""
    sys.stderr.write(sentence + "\n")


if __name__ == "__main__":
    prepare(Path(sys.argv[1]), sys.argv[2])
