"""What the worker does for partners: send what waits."""

from __future__ import annotations

from procrastinate.contrib.django import app

from mainstay.foundation import clock
from mainstay.foundation.actor import the_system
from mainstay.interop import actions
from mainstay.interop.models import RegistryConnection


@app.task(name="send_registry_messages", lock="registry")
def send_registry_messages() -> None:
    """Send what is due to every registry."""
    _send_all()


@app.periodic(cron="* * * * *")
@app.task(name="send_registry_messages_again", queueing_lock="send_registry_messages_again", lock="registry")
def send_registry_messages_again(timestamp: int) -> None:
    """Send again what found nobody there before."""
    _send_all()


def _send_all() -> None:
    for connection in RegistryConnection.objects.filter(is_active=True).select_related("site"):
        actor = the_system(now=clock.now(), zone=connection.site.zone)
        actions.send_waiting(actor=actor, connection=connection)
