"""Whom we talk to."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from mainstay.foundation.constraints import one_of
from mainstay.foundation.history import tracked
from mainstay.foundation.records import Record
from mainstay.practice.models import Site


class Processing(StrEnum):
    """MSH-11: what a message is for."""

    PRODUCTION = "P"
    TEST = "T"


@tracked(exclude=("sealed_passphrase",))
class RegistryConnection(Record):
    """How one site reaches its registry: what each calls the other, where it listens, with which certificates.

    `ca_file`, `certificate_file` and `key_file` are paths on the server; the key's passphrase is sealed. Without TLS
    only loopback is allowed.
    """

    site = models.OneToOneField(Site, on_delete=models.PROTECT, related_name="registry")
    name = models.CharField(max_length=80)
    host = models.CharField(max_length=120)
    port = models.PositiveIntegerField()
    uses_tls = models.BooleanField(default=True)
    ca_file = models.CharField(max_length=240, blank=True)
    certificate_file = models.CharField(max_length=240, blank=True)
    key_file = models.CharField(max_length=240, blank=True)
    sealed_passphrase = models.TextField(blank=True)
    sender = models.CharField(max_length=60, default="MAINSTAY")
    facility = models.CharField(max_length=60)
    registry = models.CharField(max_length=60, blank=True)
    registry_facility = models.CharField(max_length=60, blank=True)
    authority = models.CharField(max_length=60)
    processing = models.CharField(max_length=1, default=Processing.TEST)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            one_of("processing", Processing, name="registry_processing_exists"),
            models.CheckConstraint(condition=Q(port__gte=1, port__lte=65535), name="registry_port_exists"),
            models.CheckConstraint(
                condition=Q(uses_tls=True) | Q(host__in=["127.0.0.1", "::1", "localhost"]),
                name="registry_plain_only_on_loopback",
            ),
        ]

    def __str__(self) -> str:
        return self.name
