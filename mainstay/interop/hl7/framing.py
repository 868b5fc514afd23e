"""MLLP (HL7 transport specification, release 1): a message between 0x0B and 0x1C 0x0D, over TCP, plain or TLS."""

from __future__ import annotations

import socket
import ssl
import time
from dataclasses import dataclass

from mainstay.foundation.errors import ClinicError

BEGIN, END = b"\x0b", b"\x1c"
LARGEST = 4 * 1024 * 1024


class NoAnswer(ClinicError):
    """The other side did not answer."""

    code = "hl7-no-answer"
    status = 503


class FrameTooLarge(ClinicError):
    """The message is larger than we take."""

    code = "hl7-too-large"


class FrameBroken(ClinicError):
    """The connection ended in the middle of a message."""

    code = "hl7-frame-broken"


def framed(octets: bytes) -> bytes:
    """A message as it goes over the wire."""
    return BEGIN + octets + END + b"\r"


class FrameReader:
    """Reads frames from a socket, one after the other, however the bytes arrive.

    `idle` seconds may pass before a frame begins, `within` until a frame that has begun is whole.
    """

    def __init__(self, link: socket.socket, *, idle: float, within: float, largest: int = LARGEST) -> None:
        self._link = link
        self._idle, self._within, self._largest = idle, within, largest
        self._kept = b""

    def next(self) -> bytes | None:
        """The next message; None when the other side is done or stays silent.

        Raises `FrameTooLarge`, and `FrameBroken` when the connection ends or stalls inside a message.
        """
        until = time.monotonic() + self._idle
        while BEGIN not in self._kept:
            self._kept = b""
            if not self._more(until):
                return None
        frame = bytearray(self._kept.split(BEGIN, 1)[1])
        self._kept = b""
        until, sought = time.monotonic() + self._within, 0
        while (end := frame.find(END, sought)) < 0:
            sought = len(frame)
            if len(frame) > self._largest:
                raise FrameTooLarge()
            if not self._more(until):
                raise FrameBroken()
            frame += self._kept
            self._kept = b""
        if end > self._largest:
            raise FrameTooLarge()
        self._kept = bytes(frame[end + 1 :])
        return bytes(frame[:end])

    def _more(self, until: float) -> bool:
        self._link.settimeout(max(0.01, until - time.monotonic()))
        try:
            got = self._link.recv(65536)
        except (TimeoutError, ConnectionError, ssl.SSLError):
            return False
        self._kept += got
        return bool(got)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a partner listens; `tls` None is plain, which is for loopback and test only."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None


class Client:
    """A connection on which messages are asked one after the other. Use it in a `with` block."""

    def __init__(self, address: Address, *, timeout: float = 20.0) -> None:
        self._address = address
        self._timeout = timeout
        self._link: socket.socket | None = None
        self._reader: FrameReader | None = None

    def __enter__(self) -> Client:
        try:
            plain = socket.create_connection((self._address.host, self._address.port), timeout=self._timeout)
            tls = self._address.tls
            self._link = tls.wrap_socket(plain, server_hostname=self._address.host) if tls else plain
        except (OSError, ssl.SSLError) as trouble:
            raise NoAnswer(f"{self._address.host}:{self._address.port} does not answer ({_kind(trouble)}).") from None
        self._reader = FrameReader(self._link, idle=self._timeout, within=self._timeout)
        return self

    def __exit__(self, *unused: object) -> None:
        if self._link is not None:
            self._link.close()

    def ask(self, octets: bytes) -> bytes:
        """Send one message and wait for its answer. Raises `NoAnswer`, whatever went wrong on the way."""
        if self._link is None or self._reader is None:
            raise RuntimeError("ask() belongs inside a with block")
        try:
            self._link.settimeout(self._timeout)
            self._link.sendall(framed(octets))
            answer = self._reader.next()
        except (OSError, ClinicError) as trouble:
            raise NoAnswer(f"The connection was lost before an answer came ({_kind(trouble)}).") from None
        if answer is None:
            raise NoAnswer(f"No answer came within {self._timeout:g} seconds.")
        return answer


def _kind(trouble: Exception) -> str:
    if isinstance(trouble, ConnectionRefusedError):
        return "refused"
    if isinstance(trouble, TimeoutError):
        return "timed out"
    if isinstance(trouble, ssl.SSLError):
        return f"TLS: {trouble.reason or 'failed'}"
    if isinstance(trouble, socket.gaierror):
        return "no such name"
    return type(trouble).__name__
