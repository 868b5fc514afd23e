"""A request as staff pages get it."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from mainstay.foundation.actor import Actor


class StaffRequest(HttpRequest):
    """A request of somebody signed in: `actor` says who, `htmx` whether only a fragment is wanted."""

    actor: Actor
    htmx: HtmxDetails
