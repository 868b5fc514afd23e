"""The outbox: stored with the act, told afterwards, once."""

from dataclasses import dataclass

import pytest
from django.db import transaction

from mainstay.foundation import outbox
from mainstay.foundation.models import Delivery, OutboxEvent


@dataclass(frozen=True)
class DoorOpened:
    """A test event."""

    door_id: int


heard: list[int] = []
broken: list[int] = []


def hear(event: DoorOpened) -> None:
    """Remember the door."""
    heard.append(event.door_id)


def stumble(event: DoorOpened) -> None:
    """Fail the first time."""
    broken.append(event.door_id)
    if len(broken) == 1:
        raise OSError("no paper in the printer of Maria Lopez")


@pytest.fixture(autouse=True)
def _listen():
    heard.clear()
    broken.clear()
    outbox.subscribe(DoorOpened, afterwards=(hear,))
    yield
    outbox._afterwards.pop("DoorOpened", None)
    outbox._kinds.pop("DoorOpened", None)


@pytest.mark.django_db
def test_an_event_is_told_once_however_often_it_is_delivered():
    with transaction.atomic():
        outbox.publish(DoorOpened(door_id=7))
    row = OutboxEvent.objects.get()
    outbox.deliver(row.pk)
    outbox.deliver(row.pk)
    assert heard == [7]
    assert Delivery.objects.get().delivered_at is not None


@pytest.mark.django_db
def test_who_fails_is_told_again_and_keeps_nobody_else_waiting():
    outbox._afterwards["DoorOpened"] = {"stumble": stumble, "hear": hear}
    with transaction.atomic():
        outbox.publish(DoorOpened(door_id=7))
    row = OutboxEvent.objects.get()
    with pytest.raises(OSError, match="no paper"):
        outbox.deliver(row.pk)
    assert heard == [7]
    failed = Delivery.objects.get(subscriber="stumble")
    assert (failed.delivered_at, failed.attempts, failed.last_error) == (None, 1, "OSError")
    outbox.deliver(row.pk)
    assert heard == [7] and broken == [7, 7]
    assert Delivery.objects.filter(delivered_at=None).count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_its_act_is_refused():
    with pytest.raises(RuntimeError):
        outbox.publish(DoorOpened(door_id=7))
