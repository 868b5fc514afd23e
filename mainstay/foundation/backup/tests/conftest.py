"""A small clinic in PostgreSQL, worth keeping."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from mainstay.foundation.database import THROWAWAY, Cluster
from mainstay.foundation.database.processes import stray_pids

TABLES = """
    CREATE TABLE patient (id bigint PRIMARY KEY, name citext NOT NULL, born date, seen timestamptz DEFAULT now());
    CREATE INDEX ON patient USING gin (name gin_trgm_ops);
    CREATE TABLE reading (patient bigint REFERENCES patient, value numeric, raw bytea, note jsonb);
    CREATE FUNCTION barred() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''barred''; END';
    CREATE TRIGGER kept BEFORE DELETE ON reading FOR EACH ROW EXECUTE FUNCTION barred();
    COMMENT ON TRIGGER kept ON reading IS 'hash';
    INSERT INTO patient SELECT n, 'Patient ' || n, '1970-01-01'::date + n::int FROM generate_series(1, 500) n;
    INSERT INTO reading SELECT n, n / 7.0, decode(md5(n::text), 'hex'), '{"a": 1}' FROM generate_series(1, 500) n;
"""


@pytest.fixture
def folder():
    made = Path(tempfile.mkdtemp(dir="/var/tmp", prefix="mainstay-test-")).resolve()
    made.chmod(0o755)
    yield made
    for lock in made.rglob("run.lock"):
        for pid in stray_pids(lock.parent / "pgdata", lock):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def clinic(folder):
    with Cluster(folder / "one" / "postgres", profile=THROWAWAY).owned() as cluster:
        with psycopg.connect(**cluster.address().parameters()) as database:
            database.execute(TABLES)
        yield cluster
