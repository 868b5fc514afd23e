"""Which installation is meant, and that no purpose gets the other's database."""

import shutil
import socket
import tempfile
from pathlib import Path

import psycopg
import pytest

from mainstay.config import installation, serving
from mainstay.foundation.database import THROWAWAY, Address, Cluster, DatabaseTrouble, Place, purpose
from mainstay.foundation.database.purpose import Purpose


@pytest.fixture
def folder(monkeypatch):
    made = Path(tempfile.mkdtemp(dir="/var/tmp", prefix="mainstay-test-"))
    made.chmod(0o755)
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("MAINSTAY_DATA_DIR", raising=False)
    monkeypatch.setattr(installation, "default_place", lambda name: Place(made / name))
    yield made
    shutil.rmtree(made)


@pytest.fixture
def cluster(folder):
    with Cluster(folder / "own" / "postgres", profile=THROWAWAY).owned() as cluster:
        yield cluster


def test_the_demo_and_a_practice_live_in_folders_of_their_own(folder):
    assert installation.choose(purpose=Purpose.DEMO).place.folder == folder / "demo"
    assert installation.choose(purpose=Purpose.PRACTICE).place.folder == folder / "practice"


def test_a_command_means_the_practice_before_the_demo(folder):
    assert installation.choose().place.folder == folder / "demo"
    (folder / "demo" / "postgres").mkdir(parents=True)
    assert installation.choose().place.folder == folder / "demo"
    (folder / "practice" / "postgres").mkdir(parents=True)
    assert installation.choose().place.folder == folder / "practice"


def test_a_command_means_the_one_that_runs_before_both(folder):
    (folder / "practice" / "postgres").mkdir(parents=True)
    with Cluster(folder / "demo" / "postgres", profile=THROWAWAY).owned():
        assert installation.choose().place.folder == folder / "demo"


def test_a_named_folder_and_a_url_win(folder, monkeypatch):
    assert installation.choose("/var/tmp/x").place.folder == Path("/var/tmp/x")
    monkeypatch.setenv("DATABASE_URL", "postgresql://me@db.example.org/clinic")
    chosen = installation.choose()
    assert chosen.cluster is None
    assert chosen.external.host == "db.example.org"


def test_a_database_keeps_its_purpose_for_ever(cluster):
    address = cluster.address()
    assert purpose.of(address) is None
    assert purpose.claim(address, Purpose.DEMO) is Purpose.DEMO
    assert purpose.claim(address, Purpose.DEMO) is Purpose.DEMO
    with pytest.raises(DatabaseTrouble, match="holds the demo clinic; a real practice needs one of its own"):
        purpose.claim(address, Purpose.PRACTICE)
    assert purpose.of(address) is Purpose.DEMO


def test_not_even_raw_sql_gives_a_database_two_purposes(cluster):
    purpose.claim(cluster.address(), Purpose.PRACTICE)
    with psycopg.connect(**cluster.address().parameters()) as database, pytest.raises(psycopg.IntegrityError):
        database.execute("INSERT INTO mainstay_installation (purpose) VALUES ('demo')")


def test_a_server_too_old_is_refused_in_words(cluster, monkeypatch):
    monkeypatch.setattr(purpose, "OLDEST", 99)
    with pytest.raises(DatabaseTrouble, match=r"is PostgreSQL \d+; Mainstay needs 99 or newer"):
        purpose.of(cluster.address())


def test_a_server_that_does_not_answer_is_said_without_the_password():
    with pytest.raises(DatabaseTrouble, match="cannot be reached") as trouble:
        purpose.of(Address("127.0.0.1", 1, "me", "secret", "clinic"))
    assert "secret" not in str(trouble.value)


def test_the_signing_key_is_made_once_and_private(tmp_path):
    key = installation.secret_key(tmp_path)
    assert len(key) > 50
    assert installation.secret_key(tmp_path) == key
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0


def test_a_port_that_is_taken_is_refused_by_name_and_passed_over_otherwise(monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(DatabaseTrouble, match=f"Port {taken} is taken"):
            serving.listening("127.0.0.1", taken)
        monkeypatch.setattr(serving, "USUAL_PORT", taken)
        with serving.listening("127.0.0.1", None) as first, serving.listening("127.0.0.1", None) as second:
            assert taken < first.getsockname()[1] < second.getsockname()[1]


@pytest.mark.parametrize(
    ("host", "sentence"),
    [
        ("203.0.113.9", "This machine cannot listen at 203.0.113.9"),
        ("no such host", "There is no address 'no such host'"),
    ],
)
def test_an_address_that_is_not_this_machine_s_is_not_called_a_taken_port(host, sentence):
    with pytest.raises(DatabaseTrouble, match=sentence):
        serving.listening(host, None)


def test_an_address_of_version_six_is_told_as_browsers_read_it():
    assert serving._with_port("::1", 8000) == "[::1]:8000"
    assert serving._with_port("127.0.0.1", 8000) == "127.0.0.1:8000"


@pytest.mark.parametrize("host", serving.EVERYWHERE)
def test_an_installation_open_to_the_network_answers_to_the_name_it_prints(host):
    assert {"localhost", "127.0.0.1", "[::1]", socket.gethostname().lower()} <= set(serving.names_to_answer(host))


def test_an_installation_on_one_address_answers_to_that_address_alone():
    assert serving.names_to_answer("10.1.2.3") == ["localhost", "127.0.0.1", "[::1]", "10.1.2.3"]
    assert serving.names_to_answer("127.0.0.1") == ["localhost", "127.0.0.1", "[::1]"]
    assert serving.names_to_answer("fd00::7")[-1] == "[fd00::7]"
