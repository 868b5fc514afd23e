"""Keeps the programs of one installation running together, and ends them together.

A child that dies is started again, after a pause that grows. Each child holds the reading end of a pipe
whose other end only this process has: when this process is gone, however it went, the children see the
pipe close and end themselves (`end_with_parent`).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

LONGEST_PAUSE = 30.0
GOOD_RUN = 60.0
GRACE = 20.0
TICK = 0.1


class ServiceFailed(Exception):
    """A program that must run did not come up."""


@dataclass
class Service:
    """One program to keep running: `command` and the environment it gets besides ours."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    begun: float = 0.0
    pause: float = 0.5
    due: float = 0.0

    def begin(self) -> None:
        """Start the program in a session of its own, so that Ctrl-C reaches only the supervisor."""
        self.process = subprocess.Popen(
            list(self.command),
            env={**os.environ, **self.environment},
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        self.begun = time.monotonic()

    def keep(self, tell: Callable[[str], None]) -> None:
        """Notice its death and start it again when its pause is over."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            self.pause = 0.5 if now - self.begun > GOOD_RUN else min(self.pause * 2, LONGEST_PAUSE)
            tell(f"The {self.name} ended ({_how(self.process.returncode)}); it starts again in {self.pause:.0f} s.")
            self._forget()
            self.due = now + self.pause
        if self.process is None and now >= self.due:
            self.begin()

    def end(self) -> None:
        """Ask it to finish what it is doing and stop."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.process.terminate()

    def await_end(self, *, until: float) -> None:
        """Wait for its end; past `until` (monotonic) it is killed."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self._forget()

    def _forget(self) -> None:
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()
        self.process = None


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
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
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

    def _stop(self, number: int, frame: object) -> None:
        self._stopping = True

    def _until_up(self, is_up: Callable[[], bool]) -> None:
        while not self._stopping and not is_up():
            for service in self._services:
                if service.process is not None and service.process.poll() is not None:
                    raise ServiceFailed(f"The {service.name} did not start ({_how(service.process.returncode)}).")
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

    if not sys.stdin.isatty():
        threading.Thread(target=wait_for_the_end, name="end-with-parent", daemon=True).start()
