"""An installation in service: its database, web and worker under one supervisor."""

from __future__ import annotations

import errno
import http.client
import importlib
import importlib.util
import os
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from mainstay.config import installation, static, web
from mainstay.config.installation import Installation, Stay, Tell
from mainstay.config.supervisor import Service, ServiceFailed, Supervisor, end_with_parent
from mainstay.foundation import backup
from mainstay.foundation.database import DatabaseTrouble
from mainstay.foundation.database.purpose import Purpose

USUAL_PORT = 8000
BACKLOG = 2048
EVERYWHERE = ("0.0.0.0", "::")
DEMO = "mainstay.config.demo"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for on the command line; without a port, a free one is found."""

    host: str
    port: int | None
    processes: int
    live: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """What is told once everything is up."""

    url: str
    folder: Path
    sign_ins: tuple[str, ...]
    set_up_code: str = ""

    def as_line(self) -> str:
        """The one line printed."""
        if self.set_up_code:
            where = f"{self.url}set-up/"
            return (
                f"Mainstay is open · set up the practice at {where} with the code {self.set_up_code} · Ctrl-C closes it"
            )
        who = f" · sign in as {' · '.join(self.sign_ins)}" if self.sign_ins else ""
        return f"Mainstay is open at {self.url}{who} · Ctrl-C closes it"

    def as_json(self) -> dict[str, object]:
        """The same for programs."""
        told: dict[str, object] = {"url": self.url, "data_dir": str(self.folder), "sign_ins": list(self.sign_ins)}
        return told | ({"set_up_code": self.set_up_code} if self.set_up_code else {})


def serve(
    chosen: Installation, purpose: Purpose, wishes: Wishes, *, announce: Callable[[Opened], None], tell: Tell
) -> None:
    """Open the installation and keep it open until a signal ends it. Raises `DatabaseTrouble`."""
    os.environ.setdefault("MAINSTAY_HOSTS", ",".join(names_to_answer(wishes.host)))
    with listening(wishes.host, wishes.port) as listener:  # first: a taken port is said before a minute of work
        _serve_on(listener, chosen, purpose, wishes, announce=announce, tell=tell)


def _serve_on(
    listener: socket.socket,
    chosen: Installation,
    purpose: Purpose,
    wishes: Wishes,
    *,
    announce: Callable[[Opened], None],
    tell: Tell,
) -> None:
    if purpose is Purpose.PRACTICE and chosen.cluster is not None:
        chosen.cluster.make_root()
        backup.keep_log(chosen.place.folder / "wal", chosen.cluster)
    with installation.opened(chosen, tell=tell, stay=Stay.OWNER, purpose=purpose):
        load_codes()
        sign_ins = _fill_demo(tell) if purpose is Purpose.DEMO else ()
        static.collect()
        set_up_code = _set_up_code() if purpose is Purpose.PRACTICE else ""
        _close_connections()
        port = listener.getsockname()[1]
        cluster = chosen.cluster
        supervisor = Supervisor(_services(wishes, listener, purpose), tell=tell)

        def revive_database() -> None:
            if cluster is not None and not cluster.is_running():
                tell("The database server ended; it starts again.")
                cluster.start()

        shown = wishes.host if wishes.host not in EVERYWHERE else socket.gethostname()
        opened = Opened(f"http://{_with_port(shown, port)}/", chosen.place.folder, sign_ins, set_up_code)
        try:
            supervisor.run(
                is_up=lambda: _answers(wishes.host, port), on_up=lambda: announce(opened), watch=revive_database
            )
        except ServiceFailed as failure:
            raise DatabaseTrouble(f"{failure} What it said is above.") from failure


def load_codes() -> None:
    """Bring the shipped code tables in; takes a few seconds once, and milliseconds afterwards."""
    from mainstay.foundation import clock
    from mainstay.foundation.actor import the_system
    from mainstay.terminology import actions as terminology

    terminology.load_code_tables(actor=the_system(now=clock.now(), zone=ZoneInfo("UTC")))


def _fill_demo(tell: Tell) -> tuple[str, ...]:
    """Let the demo seed fill an empty database; returns the sign-ins to show."""
    if importlib.util.find_spec(DEMO) is None:
        return ()
    seed = importlib.import_module(DEMO)
    seed.fill_if_empty(tell=tell)
    return tuple(seed.sign_ins())


def _set_up_code() -> str:
    """The code that opens the set-up, as long as there is no practice."""
    from mainstay.config.setup.code import make_code
    from mainstay.config.setup.queries import is_needed

    return make_code() if is_needed() else ""


def _close_connections() -> None:
    """Let go of the database: the supervisor itself needs none, and its pool would hold the server open."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()


def _services(wishes: Wishes, listener: socket.socket, purpose: Purpose) -> list[Service]:
    others: dict[str, Callable[[], object]] = {
        "worker": lambda: importlib.import_module("mainstay.config.worker").run_supervised()
    }
    if os.environ.get("MAINSTAY_HL7_LISTEN"):
        others["HL7 listener"] = _listen
    if purpose is Purpose.DEMO and importlib.util.find_spec(DEMO):
        others["simulated registry"] = lambda: importlib.import_module(DEMO).play_registry()
    if wishes.live:
        others["day at the demo clinic"] = lambda: importlib.import_module(DEMO).play_live()
    return [
        Service("web server", lambda: web.run(listener, processes=wishes.processes)),
        *(Service(name, partial(_without, listener, work)) for name, work in others.items()),
    ]


def _without(listener: socket.socket, work: Callable[[], object]) -> None:
    """Work in a child that leaves the web's address to the web: it may outlive it a little."""
    listener.close()
    work()


def _listen() -> None:
    """Take in HL7 messages beside the web server, as the environment says."""
    end_with_parent()
    importlib.import_module("mainstay.interop.commands").listen_as_configured()


def listening(host: str, wanted: int | None) -> socket.socket:
    """A socket that listens on the port asked for, or on the first free one from 8000; it is kept until the end.

    What is closing just now is waited for a little. Nobody else can take the port between finding and using it, and
    who calls while the web server starts, or starts again, is answered a moment later. Raises `DatabaseTrouble` when
    it is taken, or when this machine cannot listen there at all.
    """
    for port in [wanted] if wanted is not None else range(USUAL_PORT, USUAL_PORT + 20):
        patience = time.monotonic() + (3.0 if port in (wanted, USUAL_PORT) else 0.0)
        while (listener := _listener(host, port)) is None and time.monotonic() < patience:
            time.sleep(0.1)
        if listener is not None:
            return listener
    if wanted is not None:
        raise DatabaseTrouble(f"Port {wanted} is taken by another program. Choose another with --port.")
    raise DatabaseTrouble(f"Ports {USUAL_PORT} to {USUAL_PORT + 19} are all taken. Choose one with --port.")


def names_to_answer(host: str) -> list[str]:
    """The names browsers may call an installation by that listens on `host`, unless MAINSTAY_HOSTS says otherwise.

    Where it listens on every address, they are this machine's name and the address it reaches others from.
    """
    names = ["localhost", "127.0.0.1", "::1"]
    if host in EVERYWHERE:
        names += [socket.gethostname().lower(), socket.getfqdn().lower()]
        with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way_out:
            way_out.connect(("192.0.2.1", 9))  # nothing is sent: the system only says which address it would use
            names.append(way_out.getsockname()[0])
    else:
        names.append(host.lower())
    return list(dict.fromkeys(f"[{name}]" if ":" in name else name for name in names))


def _listener(host: str, port: int) -> socket.socket | None:
    """A listening socket, or None where the port is taken; `DatabaseTrouble` where another port cannot help."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with ExitStack() as closing_it:
        listener = closing_it.enter_context(socket.socket(family, socket.SOCK_STREAM))
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(BACKLOG)
        except PermissionError as refusal:
            raise DatabaseTrouble(
                f"You may not listen on port {port}: those below 1024 are the system's. Choose another with --port."
            ) from refusal
        except socket.gaierror as refusal:
            raise DatabaseTrouble(
                f"There is no address {host!r}. 127.0.0.1 and 0.0.0.0 always work for --host."
            ) from refusal
        except OSError as refusal:
            if refusal.errno == errno.EADDRINUSE:
                return None
            raise DatabaseTrouble(f"This machine cannot listen at {host}: {refusal.strerror}.") from refusal
        closing_it.pop_all()
        return listener


def _with_port(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _answers(host: str, port: int) -> bool:
    """Whether a page comes: the first one loads what every later one finds loaded, so nobody waits for it."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    line = http.client.HTTPConnection(reachable, port, timeout=5)
    with suppress(OSError, http.client.HTTPException), closing(line):
        line.request("GET", "/healthy/")
        return line.getresponse().status < 500
    return False
