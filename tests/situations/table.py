"""Every write of the program with an example: the situation it is sent in, and what is typed.

One table, used wherever all writes are tried: sent five times at once, filled with garbage, sent by strangers.
A maker takes the clinic, makes the situation by actions and says what is sent.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from mainstay.workforce.models import Staff
from tests.situations.clinic import Clinic


@dataclass(frozen=True)
class Sent:
    """One write: where it goes, what is typed, and who sends it (the clinic's everybody unless named)."""

    at: Mapping[str, Any] = field(default_factory=dict)
    typed: Mapping[str, Any] = field(default_factory=dict)
    by: Staff | None = None
    session: Mapping[str, Any] = field(default_factory=dict)
    json: Mapping[str, Any] | None = None
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Situation:
    """How one address is written to; one address may have several."""

    address: str
    label: str
    make: Callable[[Clinic], Sent]

    @property
    def name(self) -> str:
        """What a test of it is called."""
        return f"{self.address}-{self.label}" if self.label else self.address

    @property
    def domain(self) -> str:
        """The file it is declared in."""
        return self.make.__module__.rpartition(".")[2]


SITUATIONS: list[Situation] = []


def write(address: str, label: str = "") -> Callable[[Callable[[Clinic], Sent]], Callable[[Clinic], Sent]]:
    """Declare the example of one address."""

    def declare(make: Callable[[Clinic], Sent]) -> Callable[[Clinic], Sent]:
        SITUATIONS.append(Situation(address, label, make))
        return make

    return declare


@dataclass(frozen=True)
class Write:
    """An example made ready: a URL, what is typed, and a browser that is signed in."""

    url: str
    typed: dict[str, Any]
    client: Client
    json: Mapping[str, Any] | None

    def send(self, key: str = "", *, by: Client | None = None, **extra: Any) -> Any:
        """Send it from a browser of its own with the same session, or somebody else's; clients are not for threads."""
        own = Client(raise_request_exception=False)
        own.cookies = (by or self.client).cookies.copy()
        if self.json is not None:
            return own.post(self.url, dict(self.json), content_type="application/json", **extra)
        files = {name: value.copy() if isinstance(value, Paper) else value for name, value in self.typed.items()}
        return own.post(self.url, {**files, "idempotency_key": key or str(uuid.uuid4())}, **extra)


class Paper:
    """A file as a browser sends it, as often as wanted."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name, self.content = name, content

    def copy(self) -> Any:
        """The file, unread."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        return SimpleUploadedFile(self.name, self.content)


def made_ready(situation: Situation, clinic: Clinic) -> Write:
    """Make the situation and sign its sender in."""
    sent = situation.make(clinic)
    client = Client(raise_request_exception=False)
    client.force_login(sent.by or clinic.everybody)
    if sent.session:
        kept = client.session
        kept.update(sent.session)
        kept.save()
    asked = "?" + urlencode(sent.query) if sent.query else ""
    return Write(reverse(situation.address, kwargs=dict(sent.at)) + asked, dict(sent.typed), client, sent.json)
