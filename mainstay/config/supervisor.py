"""Keeps the programs of one installation running together, and ends them together.

A program is a function run in a forked child: Django is loaded once, and its memory is shared. A child that
dies is started again, after a pause that grows. Each holds the reading end of a pipe whose other end only
this process has: when this process is gone, however it went, the children see the pipe close and end
themselves (`end_with_parent`).
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

LONGEST_PAUSE = 30.0
GOOD_RUN = 60.0
GRACE = 20.0
TICK = 0.1
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ServiceFailed(Exception):
    """A program that must run did not come up."""


@dataclass
class Service:
    """One program to keep running: `work` is called in a child process, and its return ends the child."""

    name: str
    work: Callable[[], object]
    pid: int = 0
    begun: float = 0.0
    pause: float = 0.5
    due: float = 0.0
    _lifeline: int = -1
    _code: int | None = None

    def begin(self) -> None:
        """Fork the child, in a session of its own, so that Ctrl-C reaches only the supervisor."""
        reading, self._lifeline = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self.begun, self._code = time.monotonic(), None
        self.pid = os.fork()
        if self.pid == 0:
            self._live(reading)
        os.close(reading)

    def _live(self, reading: int) -> None:
        code = 1
        try:
            os.setsid()
            for number in SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            os.close(self._lifeline)
            os.dup2(reading, 0)
            os.close(reading)
            self.work()
            code = 0
        except SystemExit as ending:
            code = ending.code if isinstance(ending.code, int) else 1
        except BaseException:  # noqa: BLE001 - a forked child ends here, whatever happens
            traceback.print_exc()
        finally:
            with suppress(OSError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)

    def ended(self) -> int | None:
        """How the child ended: its exit code, a signal as a negative number, or None while it lives."""
        if self._code is None and self.pid:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code

    def keep(self, tell: Callable[[str], None]) -> None:
        """Notice the child's death and start it again when its pause is over."""
        now = time.monotonic()
        if self.pid and (code := self.ended()) is not None:
            self.pause = 0.5 if now - self.begun > GOOD_RUN else min(self.pause * 2, LONGEST_PAUSE)
            tell(f"The {self.name} ended ({_how(code)}); it starts again in {self.pause:.0f} s.")
            self._forget()
            self.due = now + self.pause
        if not self.pid and now >= self.due:
            self.begin()

    def end(self) -> None:
        """Ask the child to finish what it is doing and stop."""
        if self.pid and self.ended() is None:
            os.kill(self.pid, signal.SIGTERM)

    def await_end(self, *, until: float) -> None:
        """Wait for the child's end; past `until` (monotonic) its whole session is killed."""
        while self.pid and self.ended() is None:
            if time.monotonic() > until:
                with suppress(ProcessLookupError):
                    os.killpg(self.pid, signal.SIGKILL)
                until = float("inf")
            time.sleep(0.02)
        self._forget()

    def _forget(self) -> None:
        if self.pid:
            os.close(self._lifeline)
        self.pid = 0


class Supervisor:
    """Runs services until it is told to stop by SIGINT, SIGTERM or SIGHUP."""

    def __init__(self, services: Sequence[Service], *, tell: Callable[[str], None]) -> None:
        self._services = services
        self._tell = tell
        self._stopping = False

    def run(self, *, is_up: Callable[[], bool], on_up: Callable[[], None], watch: Callable[[], None]) -> None:
        """Start everything, call `on_up` once when `is_up`, call `watch` every second, and end everything at the end.

        Raises `ServiceFailed` when a program dies before everything is up.
        """
        before = {number: signal.signal(number, self._stop) for number in SIGNALS}
        try:
            for service in self._services:
                service.begin()
            self._until_up(is_up)
            if not self._stopping:
                on_up()
            ticks = 0
            while not self._stopping:
                time.sleep(TICK)
                ticks += 1
                for service in self._services:
                    service.keep(self._tell)
                if ticks % int(1 / TICK) == 0:
                    watch()
        finally:
            self._end()
            for number, meaning in before.items():
                signal.signal(number, meaning)

    def _stop(self, number: int, frame: object) -> None:
        self._stopping = True

    def _until_up(self, is_up: Callable[[], bool]) -> None:
        while not self._stopping and not is_up():
            for service in self._services:
                if (code := service.ended()) is not None:
                    raise ServiceFailed(f"The {service.name} did not start ({_how(code)}).")
            time.sleep(TICK)

    def _end(self) -> None:
        for service in self._services:
            service.end()
        until = time.monotonic() + GRACE
        for service in self._services:
            service.await_end(until=until)


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"code {code}"


def end_with_parent() -> None:
    """Let this process end itself, in good order, when the one that started it is gone."""

    def wait_for_the_end() -> None:
        with suppress(OSError, ValueError):
            while os.read(0, 1024):
                continue
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait_for_the_end, name="end-with-parent", daemon=True).start()
