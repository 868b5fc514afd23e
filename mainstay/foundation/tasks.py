"""What the worker runs for the foundation."""

from __future__ import annotations

from datetime import timedelta

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from mainstay.foundation import clock
from mainstay.foundation.models import Answer


@app.task(name="deliver_event", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def deliver_event(event_id: int) -> None:
    """Tell the listeners of one event."""
    from mainstay.foundation.outbox import deliver

    deliver(event_id)


@app.periodic(cron="17 3 * * *")
@app.task(name="forget_old_answers")
def forget_old_answers(timestamp: int) -> None:
    """Forget the answers to writes of more than a day ago."""
    Answer.objects.filter(answered_at__lt=clock.now() - timedelta(days=1)).delete()
