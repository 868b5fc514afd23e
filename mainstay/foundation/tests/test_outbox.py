"""The outbox: stored with the act, told afterwards, once."""

from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Thread
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection, transaction

from mainstay.foundation import outbox
from mainstay.foundation.models import Delivery, OutboxEvent
from mainstay.foundation.tasks import deliver_event


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


@pytest.mark.django_db
def test_of_two_who_fail_the_first_is_told_about_and_both_are_counted():
    def jam(event: DoorOpened) -> None:
        raise ValueError("jammed")

    outbox._afterwards["DoorOpened"] = {"stumble": stumble, "jam": jam, "hear": hear}
    with transaction.atomic():
        outbox.publish(DoorOpened(door_id=7))
    with pytest.raises(OSError, match="no paper"):
        outbox.deliver(OutboxEvent.objects.get().pk)
    failed = Delivery.objects.filter(delivered_at=None).values_list("subscriber", "attempts", "last_error")
    assert sorted(failed) == [("jam", 1, "ValueError"), ("stumble", 1, "OSError")] and heard == [7]


def test_a_failed_delivery_is_tried_for_a_day_with_growing_pauses_and_then_left_to_a_person():
    def pause(attempts: int) -> float | None:
        again = deliver_event.retry_strategy.get_retry_decision(
            exception=OSError(), job=SimpleNamespace(attempts=attempts)
        )
        return None if again is None else (again.retry_at - datetime.now(UTC)).total_seconds()

    pauses = [pause(attempts) for attempts in range(8)]
    assert None not in pauses and pauses == sorted(pauses)
    assert pauses[0] < 60 and 86_400 / 4 < sum(pauses) < 86_400 * 2
    assert pause(8) is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_tell_one_listener_of_one_event_at_the_same_time():
    told = []

    def another_worker():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '300ms'")
            outbox.deliver(row.pk)
        except OperationalError:
            told.append("waits")
        finally:
            connection.close()

    def slow(event: DoorOpened) -> None:
        told.append("told")
        if len(told) == 1:
            other = Thread(target=another_worker)
            other.start()
            other.join()

    outbox._afterwards["DoorOpened"] = {"slow": slow}
    with transaction.atomic():
        outbox.publish(DoorOpened(door_id=7))
    row = OutboxEvent.objects.get()
    Delivery.objects.create(event=row, subscriber="slow", attempts=1, last_error="OSError")
    outbox.deliver(row.pk)
    assert told == ["told", "waits"]
    outbox.deliver(row.pk)
    assert told == ["told", "waits"]
