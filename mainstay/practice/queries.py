"""What people look up about the practice."""

from __future__ import annotations

from collections.abc import Sequence

from mainstay.practice.models import Site


def open_sites() -> Sequence[Site]:
    """The sites that are open, in the order they were set up."""
    return list(Site.objects.filter(is_open=True).order_by("pk"))
