"""Which of two databases is asked."""

from types import SimpleNamespace

import pytest

from mainstay.foundation.models import OutboxEvent
from mainstay.foundation.replica import ReplicaRouter, reading_from_replica, reads_from_replica

router = ReplicaRouter()


@pytest.fixture
def replica(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.replica.is_set_up", lambda: True)


def test_reads_go_to_the_replica_only_where_asked_for(replica):
    assert router.db_for_read(OutboxEvent) is None
    with reading_from_replica():
        assert router.db_for_read(OutboxEvent) == "replica"
    assert router.db_for_read(OutboxEvent) is None


def test_without_a_replica_everything_stays_on_the_primary():
    with reading_from_replica():
        assert router.db_for_read(OutboxEvent) is None


def test_writes_never_go_to_the_replica(replica):
    with reading_from_replica():
        assert router.db_for_write(OutboxEvent) == "default"
    assert not router.allow_migrate("replica", "foundation")


def test_what_was_loaded_from_the_primary_is_followed_there(replica):
    loaded = SimpleNamespace(_state=SimpleNamespace(db="default"))
    with reading_from_replica():
        assert router.db_for_read(OutboxEvent, instance=loaded) is None


def test_a_marked_view_reads_from_the_replica(replica):
    assert reads_from_replica(lambda: router.db_for_read(OutboxEvent))() == "replica"


def test_the_router_is_in_use(settings):
    assert settings.DATABASE_ROUTERS == ["mainstay.foundation.replica.ReplicaRouter"]
