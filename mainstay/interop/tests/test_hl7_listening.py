"""MLLP: partial frames, slow peers, sizes, dropped connections, TLS."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time
from contextlib import contextmanager

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mainstay.interop.hl7.framing import Address, Client, NoAnswer, framed
from mainstay.interop.hl7.listening import Bounds, Listener


@contextmanager
def a_listener(answer=lambda octets, peer: b"ok " + octets, **more):
    listener = Listener("127.0.0.1", 0, answer, **more).start()
    try:
        yield listener
    finally:
        listener.close()


def ask(listener, *messages: bytes, timeout: float = 5, tls=None) -> list[bytes]:
    with Client(Address("127.0.0.1", listener.port, tls), timeout=timeout) as client:
        return [client.ask(one) for one in messages]


def raw(listener) -> socket.socket:
    link = socket.create_connection(("127.0.0.1", listener.port), timeout=60)
    link.settimeout(60)
    return link


def all_of(link: socket.socket) -> bytes:
    got = b""
    try:
        while more := link.recv(4096):
            got += more
    except ConnectionError:
        pass
    return got


def test_messages_are_answered_one_after_the_other_on_one_connection():
    with a_listener() as listener:
        assert ask(listener, b"one", b"two") == [b"ok one", b"ok two"]


def test_a_message_may_come_byte_by_byte_and_two_in_one_piece():
    with a_listener() as listener, raw(listener) as link:
        for octet in framed(b"drip"):
            link.sendall(bytes([octet]))
        link.sendall(b"\r\n" + framed(b"a") + framed(b"b"))
        got = b""
        while got.count(b"\x1c") < 3:
            got += link.recv(4096)
        assert got == framed(b"ok drip") + framed(b"ok a") + framed(b"ok b")


def test_a_connection_that_drops_inside_a_message_leaves_nothing_behind():
    heard = []
    with a_listener(lambda octets, peer: heard.append(octets) or b"ok") as listener:
        with raw(listener) as link:
            link.sendall(b"\x0bhalf of a mess")
        assert ask(listener, b"whole") == [b"ok"]
    assert heard == [b"whole"]


def test_a_peer_that_stalls_inside_a_message_is_let_go():
    with a_listener(bounds=Bounds(idle=600, within=0.2)) as listener, raw(listener) as link:
        link.sendall(b"\x0bslow")
        assert all_of(link) == b""


def test_a_silent_peer_is_let_go_after_a_while():
    with a_listener(bounds=Bounds(idle=0.2)) as listener, raw(listener) as link:
        assert all_of(link) == b""


def test_a_message_larger_than_the_bound_is_refused_with_words():
    bounds = Bounds(largest=1000)
    with a_listener(bounds=bounds, too_large=lambda: b"too large") as listener, raw(listener) as link:
        link.sendall(b"\x0b" + b"x" * 70000)
        assert b"too large" in all_of(link)
        assert ask(listener, b"small") == [b"ok small"]


def test_more_connections_than_there_is_room_for_are_turned_away():
    with a_listener(bounds=Bounds(connections=1)) as listener, raw(listener) as first:
        first.sendall(framed(b"here"))
        assert first.recv(100)
        with raw(listener) as second:
            assert all_of(second) == b""


def test_silence_lost_connections_and_nobody_there_are_all_no_answer():
    with a_listener(lambda octets, peer: None) as listener, pytest.raises(NoAnswer):
        ask(listener, b"hello")
    with a_listener(lambda octets, peer: time.sleep(1) or b"late") as listener, pytest.raises(NoAnswer, match="within"):
        ask(listener, b"hello", timeout=0.2)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(NoAnswer, match="refused"), Client(Address("127.0.0.1", port)):
        raise AssertionError("nobody is there")


def test_many_peers_talk_at_the_same_time():
    with a_listener() as listener:
        found = []
        threads = [
            threading.Thread(target=lambda n=n: found.extend(ask(listener, f"m{n}".encode()))) for n in range(12)
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert sorted(found) == sorted(f"ok m{n}".encode() for n in range(12))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for loopback, and the file with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    kind = serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, kind, plain))
    return folder


def test_the_same_goes_over_tls_and_a_stranger_is_not_trusted(certificate):
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(certificate / "certificate.pem", certificate / "key.pem")
    client = ssl.create_default_context(cafile=str(certificate / "certificate.pem"))
    with a_listener(tls=server) as listener:
        assert ask(listener, b"secret", tls=client) == [b"ok secret"]
        with pytest.raises(NoAnswer, match="TLS"):
            ask(listener, b"secret", tls=ssl.create_default_context())
        with raw(listener) as link:
            link.sendall(framed(b"plain words"))
            assert b"ok" not in all_of(link)
        assert ask(listener, b"still there", tls=client) == [b"ok still there"]
