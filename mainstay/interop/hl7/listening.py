"""A listener for MLLP: one thread a connection, bounded in number, size and time. Who answers is handed in."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from mainstay.interop.hl7.framing import LARGEST, FrameBroken, FrameReader, FrameTooLarge, framed

Answer = Callable[[bytes, str], bytes | None]
"""Takes the bytes of a message and the peer's address; gives the bytes of the answer, or None to stay silent."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a listener puts up with: seconds of silence, seconds for one message, its size, connections at a time."""

    idle: float = 600.0
    within: float = 30.0
    largest: int = LARGEST
    connections: int = 32


class Listener:
    """Accepts connections and answers messages until it is closed. `port` 0 takes a free one."""

    def __init__(
        self,
        host: str,
        port: int,
        answer: Answer,
        *,
        tls: ssl.SSLContext | None = None,
        bounds: Bounds = Bounds(),
        too_large: Callable[[], bytes] | None = None,
    ) -> None:
        self._answer, self._tls, self._bounds, self._too_large = answer, tls, bounds, too_large
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family, backlog=64)
        self.port: int = self._socket.getsockname()[1]
        self._room = threading.BoundedSemaphore(bounds.connections)
        self._links: set[socket.socket] = set()
        self._is_open = True

    def serve(self) -> None:
        """Accept until closed."""
        while self._is_open:
            try:
                link, peer = self._socket.accept()
            except OSError:
                return
            if not self._room.acquire(blocking=False):
                log.warning("a connection was turned away: %d are open", self._bounds.connections)
                link.close()
                continue
            threading.Thread(target=self._converse, args=(link, peer[0]), name="mllp", daemon=True).start()

    def start(self) -> Listener:
        """Serve in a thread of its own."""
        threading.Thread(target=self.serve, name="mllp-accept", daemon=True).start()
        return self

    def close(self) -> None:
        """Accept nothing more and drop every connection."""
        self._is_open = False
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for link in list(self._links):
            with suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)

    def _converse(self, link: socket.socket, peer: str) -> None:
        self._links.add(link)
        try:
            link.settimeout(self._bounds.within)
            if self._tls is not None:
                plain = link
                link = self._tls.wrap_socket(plain, server_side=True)
                self._links.discard(plain)
                self._links.add(link)
            self._talk(link, peer)
        except (OSError, ssl.SSLError) as trouble:
            log.warning("a connection ended: %s", type(trouble).__name__)
        finally:
            self._links.discard(link)
            link.close()
            self._room.release()

    def _talk(self, link: socket.socket, peer: str) -> None:
        bounds = self._bounds
        reader = FrameReader(link, idle=bounds.idle, within=bounds.within, largest=bounds.largest)
        while self._is_open:
            try:
                octets = reader.next()
            except FrameTooLarge:
                log.warning("a message of more than %d bytes was refused", bounds.largest)
                if self._too_large is not None:
                    link.sendall(framed(self._too_large()))
                return
            except FrameBroken:
                log.warning("a connection ended in the middle of a message; nothing of it was kept")
                return
            if octets is None:
                return
            answer = self._answer(octets, peer)
            if answer is None:
                return
            link.settimeout(bounds.within)
            link.sendall(framed(answer))
