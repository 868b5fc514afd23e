from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest

from mainstay.foundation import backup, clock
from mainstay.foundation.backup.record import BackupRecord
from mainstay.foundation.database import THROWAWAY, Cluster, DatabaseTrouble

NEW_YORK = ZoneInfo("America/New_York")


def written(clinic, folder):
    return backup.write_dump(clinic.address(), clinic.binaries, folder / "backups", clock=clock.now, version="1")


def ask(cluster, question):
    with psycopg.connect(**cluster.address().parameters()) as database:
        return database.execute(question).fetchone()[0]


def test_the_drill_every_row_comes_back_with_its_contents(clinic, folder):
    record = written(clinic, folder)
    assert record.tables["patient"].rows == 500
    with Cluster(folder / "two" / "postgres", profile=THROWAWAY).owned() as other:
        backup.restore_dump(record, other.address(), other.binaries)
        with psycopg.connect(**other.address().parameters()) as database:
            assert backup.fingerprints(database) == record.tables
        assert ask(other, "SELECT obj_description(oid) FROM pg_trigger WHERE tgname = 'kept'") == "hash"
        with pytest.raises(psycopg.errors.RaiseException, match="barred"):
            ask(other, "DELETE FROM reading RETURNING 1")


def test_the_drill_can_fail_a_changed_row_is_noticed(clinic, folder):
    record = written(clinic, folder)
    with psycopg.connect(**clinic.address().parameters()) as database:
        database.execute("UPDATE reading SET value = value + 0.1 WHERE patient = 7")
        database.execute("INSERT INTO patient VALUES (501, 'One more')")
        found = backup.differences(record.tables, backup.fingerprints(database))
    assert found == [
        "patient had 500 rows and has 501",
        "reading has the same number of rows with other contents",
    ]


def test_a_missing_and_a_surplus_table_are_noticed(clinic, folder):
    record = written(clinic, folder)
    with psycopg.connect(**clinic.address().parameters()) as database:
        database.execute("DROP TABLE reading; CREATE TABLE stranger ()")
        found = backup.differences(record.tables, backup.fingerprints(database))
    assert found == ["reading is missing", "stranger is surplus"]


def test_a_damaged_dump_is_refused_before_anything_is_written(clinic, folder):
    record = written(clinic, folder)
    with record.dump.open("r+b") as file:
        file.seek(2000)
        file.write(b"rot")
    with Cluster(folder / "two" / "postgres", profile=THROWAWAY).owned() as other:
        with pytest.raises(DatabaseTrouble, match="damaged"):
            backup.restore_dump(record, other.address(), other.binaries)
        assert ask(other, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0


def test_a_restore_never_overwrites_what_is_there(clinic, folder):
    record = written(clinic, folder)
    with pytest.raises(DatabaseTrouble, match="not empty"):
        backup.restore_dump(record, clinic.address(), clinic.binaries)


def test_a_backup_cut_short_is_not_taken_for_one(clinic, folder):
    with pytest.raises(DatabaseTrouble, match="pg_dump failed"):
        backup.write_dump(
            clinic.address(), Broken(clinic.binaries, folder), folder / "backups", clock=clock.now, version="1"
        )
    assert list((folder / "backups").iterdir()) == []
    (folder / "backups" / "20261122T030000Z.part").mkdir()
    (folder / "backups" / "20261122T030000Z").mkdir()
    assert backup.backups_in(folder / "backups") == []


class Broken:
    """Programs whose pg_dump dies half-way."""

    def __init__(self, good, folder):
        self._good = good
        self._fake = folder / "pg_dump"
        self._fake.write_text("#!/bin/sh\necho 'disk full' >&2\nexit 1\n")
        self._fake.chmod(0o755)

    def program(self, name):
        return str(self._fake) if name == "pg_dump" else self._good.program(name)


def test_two_backups_in_one_second_have_names_of_their_own(clinic, folder):
    moment = datetime(2026, 11, 22, 3, tzinfo=UTC)
    for _ in range(2):
        backup.write_dump(clinic.address(), clinic.binaries, folder / "backups", clock=lambda: moment, version="1")
    assert [r.folder.name for r in backup.backups_in(folder / "backups")] == ["20261122T030000Z", "20261122T030000Z-2"]


def test_backups_are_private(clinic, folder):
    (folder / "secret.key").write_text("k")
    record = backup.write_dump(
        clinic.address(), clinic.binaries, folder / "b", clock=clock.now, version="1", key=folder / "secret.key"
    )
    assert record.folder.stat().st_mode & 0o077 == 0
    assert (record.folder / "secret.key").read_text() == "k"


@pytest.mark.slow
def test_the_clinic_comes_back_as_it_was_at_a_chosen_moment(folder):
    log = folder / "one" / "wal"
    cluster = Cluster(folder / "one" / "postgres", profile=THROWAWAY, archive=log)
    cluster.make_root()
    backup.keep_log(log, cluster)
    with cluster.owned():
        with psycopg.connect(**cluster.address().parameters(), autocommit=True) as database:
            database.execute("CREATE TABLE kept (n int)")
            database.execute("INSERT INTO kept VALUES (1)")
            record = written(cluster, folder)
            backup.write_base(record, cluster)
            database.execute("INSERT INTO kept VALUES (2)")
            moment = database.execute("SELECT clock_timestamp()").fetchone()[0]
            database.execute("DROP TABLE kept")
        backup.finish_log(log, cluster)
        other = Cluster(folder / "two" / "postgres", profile=THROWAWAY)
        backup.restore_until(record, log, other, until=moment)
    assert ask(other, "SELECT array_agg(n ORDER BY n) FROM kept") == [1, 2]
    other.stop()
    with other.owned(), psycopg.connect(**other.address().parameters()) as database:
        database.execute("INSERT INTO kept VALUES (3)")
    beyond = Cluster(folder / "three" / "postgres", profile=THROWAWAY)
    with pytest.raises(DatabaseTrouble, match="ends before"):
        backup.restore_until(record, log, beyond, until=moment + timedelta(days=1))
    with pytest.raises(DatabaseTrouble, match="Use an earlier one"):
        backup.restore_until(record, log, Cluster(folder / "four"), until=record.begun - timedelta(seconds=1))
    with pytest.raises(DatabaseTrouble, match="already holds a database"):
        backup.restore_until(record, log, other, until=moment)


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=NEW_YORK).astimezone(UTC)


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, at(20, 12), True),
        (at(20, 2), at(20, 3), False),
        (at(20, 2), at(21, 0, 30), False),
        (at(20, 2), at(21, 1), True),
        (at(20, 2), at(21, 2, 1), True),
        (at(21, 1), at(21, 1, 30), False),
        (at(19, 15), at(20, 14), False),
        (at(19, 15), at(20, 15, 1), True),
        (at(1, 0, 30) - timedelta(days=1), at(1, 1, 30), True),
    ],
)
def test_a_backup_is_due_once_a_night_or_after_a_missed_one(last, now, due):
    assert backup.is_due(last, now=now, zone=NEW_YORK) is due


def test_the_screen_is_told_when_the_last_backup_was_and_why_the_next_failed(tmp_path):
    assert backup.backup_state(tmp_path).last is None
    backup.note_failure(tmp_path, reason="disk full", now=at(20, 2))
    assert backup.backup_state(tmp_path).failure == "disk full"
    assert backup.backup_state(tmp_path).is_overdue(at(20, 3))


def test_the_foot_of_the_page_notices_a_new_backup_at_once(clinic, folder, monkeypatch):
    monkeypatch.setenv("MAINSTAY_DATA_DIR", str(folder))
    assert backup.state_here().last is None
    first = written(clinic, folder)
    assert backup.state_here() == backup.BackupState(first.begun)
    backup.note_failure(folder / "backups", reason="disk full", now=first.begun - timedelta(days=1))
    assert backup.state_here().failure == "", "the backup after it was made"
    backup.note_failure(folder / "backups", reason="disk full", now=first.begun + timedelta(days=1))
    assert backup.state_here().failure == "disk full"


def test_old_backups_go_but_two_weeks_and_a_year_of_months_stay(tmp_path):
    days = [datetime(2025, 6, 1, 6, tzinfo=UTC) + timedelta(days=n) for n in range(500)]
    records = [BackupRecord(Path(f"{day:%Y%m%d}"), day, day, "1", "", 0, "", {}) for day in days]
    gone = {record.folder for record in backup.superfluous(records)}
    kept = [record.begun for record in records if record.folder not in gone]
    assert len(kept) == 14 + 12 - sum(day.day == 1 for day in days[-14:])
    assert kept[-14:] == days[-14:]
    assert all(day.day == 1 for day in kept[:-14])


def test_a_record_that_is_damaged_is_refused_in_words(tmp_path):
    with pytest.raises(DatabaseTrouble, match="is no backup"):
        backup.read_record(tmp_path)
    (tmp_path / "backup.json").write_text("{")
    with pytest.raises(DatabaseTrouble, match="damaged"):
        backup.read_record(tmp_path)
