"""One data directory and its server: made, started, attached to, stopped.

The order of things comes from faults seen: the run lock (not a process number) says whether a server
lives; leftovers of a killed one are removed only while holding that lock; recovery is waited for as
long as it takes; nobody's folders are opened up; the socket is private and asks for a password.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from mainstay.foundation.database import locks, processes, provision
from mainstay.foundation.database.address import Address
from mainstay.foundation.database.binaries import Binaries, find_binaries
from mainstay.foundation.database.errors import DatabaseTrouble
from mainstay.foundation.database.places import nearest_existing
from mainstay.foundation.database.profiles import DURABLE, Profile
from mainstay.foundation.database.server_user import ServerUser, name_of, server_user

PORT = 5432  # names the socket file only: the server does not listen on the network
LONGEST_SOCKET = 100
PAUSE = 0.03
_children: list[subprocess.Popen[bytes]] = []  # servers outlive the code that started them


def _silent(_: str) -> None:
    return None


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL data directory under `root`, and the server that runs on it.

    `archive` is a folder finished write-ahead log goes to, for restoring to a point in time.
    `patience` is how many seconds a start may take; recovery after a crash can need minutes.
    """

    root: Path
    profile: Profile = DURABLE
    archive: Path | None = None
    patience: float = 1800
    tell: Callable[[str], None] = _silent

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", Path(self.root).expanduser().resolve())

    @property
    def pgdata(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.root / "pgdata"

    @property
    def run_lock(self) -> Path:
        """The lock every process of the server holds."""
        return self.root / "run.lock"

    @cached_property
    def user(self) -> ServerUser:
        """Who the server runs as."""
        return server_user(self.pgdata)

    @cached_property
    def binaries(self) -> Binaries:
        """The programs, copied under `root` where the server's user cannot reach the originals."""
        found = find_binaries()
        return found if self.user.can("-x", Path(found.program("postgres"))) else found.copied_to(self.root)

    @property
    def socket(self) -> Path:
        """The folder of the Unix socket: inside `root`, or a short one in /tmp where that path is too long."""
        inside = self.root / "socket"
        if len(os.fsencode(inside)) + len(f"/.s.PGSQL.{PORT}.lock") <= LONGEST_SOCKET:
            return inside
        mark = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return Path("/tmp") / f"mainstay-{mark}"

    def address(self) -> Address:
        """The application's database, for the unprivileged role that owns it."""
        return self._address(provision.APPLICATION, provision.APPLICATION)

    def admin_address(self, name: str = "postgres") -> Address:
        """A database for the superuser: making roles, extensions and backups only."""
        return self._address(provision.SUPERUSER, name)

    def _address(self, role: str, name: str) -> Address:
        return Address(str(self.socket), PORT, role, self._password(role), name)

    def is_running(self) -> bool:
        """Whether any process of the server is alive, also one in recovery or in another container."""
        return locks.is_held(self.run_lock)

    @contextmanager
    def owned(self) -> Iterator[Cluster]:
        """Serve from it: started if needed, stopped at the end unless somebody else still uses it."""
        lease, _ = self._enter()
        try:
            yield self
        finally:
            self._leave(lease, stop=True)

    @contextmanager
    def borrowed(self) -> Iterator[Cluster]:
        """Pass by: started if needed, and left as it was found."""
        lease, was_idle = self._enter()
        try:
            yield self
        finally:
            self._leave(lease, stop=not was_idle)

    def _enter(self) -> tuple[locks.Lease, bool]:
        self.make_root()
        with self._door():
            was_running = self.is_running()
            lease = locks.Lease(self.root / "users.lock")
            self._start()
        return lease, was_running and not lease.found_others

    def _leave(self, lease: locks.Lease, *, stop: bool) -> None:
        with self._door():
            if lease.end() and stop:
                self._stop()

    def start(self) -> None:
        """Start the server, or attach to the one that runs; returns when it answers.

        Raises `DatabaseTrouble` when it cannot.
        """
        self.make_root()
        with self._door():
            self._start()

    def stop(self) -> None:
        """End the server's sessions and stop it cleanly; nothing happens if it does not run."""
        if self.run_lock.exists():
            with self._door():
                self._stop()

    @contextmanager
    def _door(self) -> Iterator[None]:
        try:
            with locks.door(self.root / "door.lock"):
                yield
        except PermissionError as refusal:
            owner = name_of(self.root.stat().st_uid)
            raise DatabaseTrouble(
                f"The database in {self.root} belongs to {owner}, and you are {name_of(os.geteuid())}. "
                f"Run this as {owner} or as root, or choose another folder with --data-dir."
            ) from refusal

    def make_root(self) -> None:
        """Make the folders that are missing, open for passing through where the server runs as another user."""
        missing = [folder for folder in (self.root, *self.root.parents) if not folder.exists()]
        if not nearest_existing(self.root).is_dir():
            raise DatabaseTrouble(f"{nearest_existing(self.root)} is no folder. Choose one with --data-dir.")
        if not self.user.can_enter(nearest_existing(self.root)):
            raise DatabaseTrouble(
                f"PostgreSQL will run as {self.user.name}, who may not enter {nearest_existing(self.root)}. "
                "Choose a folder that user can reach with --data-dir; Mainstay does not change the rights of yours."
            )
        for folder in reversed(missing):
            try:
                folder.mkdir(exist_ok=True)
            except PermissionError as refusal:
                raise DatabaseTrouble(f"You may not create {folder}. Choose another with --data-dir.") from refusal
            folder.chmod(0o700 if self.user.is_ourselves else 0o711)

    def _password(self, role: str) -> str:
        """The role's password, made the first time it is asked for; readable by the owner of `root` alone."""
        path = self.root / f"{role}.password"
        with suppress(FileNotFoundError):
            return path.read_text().strip()
        self.make_root()
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(24))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
        return path.read_text().strip()

    def _start(self) -> None:
        self._initialise()
        self._check_version()
        server: subprocess.Popen[bytes] | None = None
        begun = time.monotonic()
        told = False
        while not self._answers():
            waited = time.monotonic() - begun
            if server is not None and server.poll() is not None:
                raise DatabaseTrouble(f"PostgreSQL stopped while starting.\n{self._last_words()}")
            if server is None and (fd := locks.try_exclusive(self.run_lock)) is not None:
                server = self._spawn(fd)
            if waited > self.patience:
                raise DatabaseTrouble(
                    f"PostgreSQL has not answered for {waited:.0f} seconds; it may still be recovering. "
                    f"Try again later.\n{self._last_words()}"
                )
            if waited > 10 and server is None and processes.postmaster_pid(self.pgdata) is None:
                self._end_strays()
            if waited > 5 and not told:
                told = True
                self.tell("The database was not closed properly and is putting itself right; nothing saved is lost.")
            time.sleep(PAUSE)
        provision.provision(self)

    def _initialise(self) -> None:
        half_made = self.root / "initdb.unfinished"
        if (self.pgdata / "PG_VERSION").exists() and not half_made.exists():
            return
        fd = self._wait_for_run_lock()
        try:
            if self.pgdata.exists() and any(self.pgdata.iterdir()) and not half_made.exists():
                raise DatabaseTrouble(
                    f"{self.pgdata} holds files, but is not a PostgreSQL data directory. Move it away."
                )
            half_made.touch()
            shutil.rmtree(self.pgdata, ignore_errors=True)
            self.pgdata.mkdir(mode=0o700)
            os.chown(self.pgdata, self.user.uid, self.user.gid)
            self._run_initdb(fd)
            half_made.unlink()
        finally:
            os.close(fd)

    def _run_initdb(self, fd: int) -> None:
        secret = self.root / "initdb.password"
        secret.unlink(missing_ok=True)
        with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(self._password(provision.SUPERUSER))
            os.fchown(out.fileno(), self.user.uid, self.user.gid)
        command = [self.binaries.program("initdb"), "-D", str(self.pgdata), "-U", provision.SUPERUSER]
        command += ["--pwfile", str(secret), "-A", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"]
        if self.binaries.major >= 17:
            command += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
        command += ["--data-checksums", "--no-instructions"]
        if not self.profile.is_durable:
            command += ["--no-sync"]
        try:
            made = subprocess.run(
                command,
                env=self._environment(),
                cwd="/",
                capture_output=True,
                text=True,
                pass_fds=(fd,),
                **self.user.popen_arguments(),
            )
        finally:
            secret.unlink()
        if made.returncode:
            raise DatabaseTrouble(f"PostgreSQL could not make its data directory:\n{made.stderr.strip()[-800:]}")

    def _check_version(self) -> None:
        made_by = int((self.pgdata / "PG_VERSION").read_text().split(".")[0])
        if made_by != self.binaries.major:
            raise DatabaseTrouble(
                f"The data in {self.pgdata} was made by PostgreSQL {made_by}, and the programs here are "
                f"{self.binaries.major}. docs/operate.md says how to upgrade."
            )

    def _wait_for_run_lock(self) -> int:
        """The run lock, once the leftovers of an earlier server or initdb are gone."""
        begun = time.monotonic()
        while (fd := locks.try_exclusive(self.run_lock)) is None:
            if time.monotonic() - begun > 60:
                raise DatabaseTrouble(f"Processes of an earlier server still hold {self.run_lock}.")
            time.sleep(PAUSE)
        return fd

    def _spawn(self, fd: int) -> subprocess.Popen[bytes]:
        """Start the server on a free run lock, which it and its children inherit and this process lets go."""
        try:
            (self.pgdata / "postmaster.pid").unlink(missing_ok=True)
            self._make_socket_folder()
            command = [self.binaries.program("postgres"), "-D", str(self.pgdata)]
            for key, value in self._settings().items():
                command += ["-c", f"{key}={value}"]
            with (self.root / "start.log").open("wb") as log:
                server = subprocess.Popen(
                    command,
                    env=self._environment(),
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    pass_fds=(fd,),
                    **self.user.popen_arguments(),
                )
            _children[:] = [child for child in _children if child.poll() is None] + [server]
            return server
        finally:
            os.close(fd)

    def _settings(self) -> dict[str, str]:
        own = {"listen_addresses": "", "port": str(PORT), "unix_socket_directories": str(self.socket)}
        if self.archive is not None:
            folder = shlex.quote(str(self.archive)).replace("%", "%%")
            # A segment holds what happened in up to two minutes; compressed, an idle one is nearly nothing.
            keep = f"test -f {folder}/%f.gz || (gzip -c %p > {folder}/%f.part && mv {folder}/%f.part {folder}/%f.gz)"
            own |= {"archive_mode": "on", "archive_command": keep, "archive_timeout": "120"}
        return dict(self.profile.settings) | own

    def _make_socket_folder(self) -> None:
        """Make the socket's folder private, and clear what a killed server left: its lock names a dead process."""
        self.socket.mkdir(mode=0o700, exist_ok=True)
        found = self.socket.lstat()
        if self.socket.is_symlink() or found.st_uid not in (os.geteuid(), self.user.uid):
            raise DatabaseTrouble(f"{self.socket} belongs to {name_of(found.st_uid)}; it is to hold the socket.")
        os.chown(self.socket, self.user.uid, self.user.gid)
        self.socket.chmod(0o700)
        for leftover in self.socket.glob(".s.PGSQL.*"):
            leftover.unlink()

    def _environment(self) -> dict[str, str]:
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": str(self.pgdata)}

    def _answers(self) -> bool:
        if not (self.socket / f".s.PGSQL.{PORT}").exists():
            return False
        command = [self.binaries.program("pg_isready"), "-q", "-h", str(self.socket), "-p", str(PORT)]
        return subprocess.run(command, env=self._environment()).returncode == 0

    def _last_words(self) -> str:
        logs = [self.root / "start.log", *sorted(self.pgdata.glob("log/*.log"), key=os.path.getmtime)[-1:]]
        texts = [log.read_text(errors="replace").strip()[-800:] for log in logs if log.exists()]
        return "\n".join(text for text in texts if text)

    def _end_strays(self) -> None:
        for pid in processes.stray_pids(self.pgdata, self.run_lock):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _stop(self) -> None:
        pid = processes.postmaster_pid(self.pgdata)
        if pid is None:
            return
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)  # fast: sessions are ended, everything is written
        begun = time.monotonic()
        while self.is_running():
            if time.monotonic() - begun > 300:
                raise DatabaseTrouble("PostgreSQL is still closing after five minutes; leave it to finish.")
            time.sleep(PAUSE)
        for child in [child for child in _children if child.pid == pid]:
            child.wait()
            _children.remove(child)

    def with_archive(self, folder: Path) -> Cluster:
        """The same cluster, keeping its write-ahead log in `folder`."""
        return replace(self, archive=folder)
