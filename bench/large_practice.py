"""A large practice made inside the database: 200 000 patients, a million visits, ten million observations."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import date
from itertools import product

from django.db import connection

from mainstay.chart.models import Observation
from mainstay.config.demo.names import BOYS, FAMILIES, GIRLS
from mainstay.foundation.patience import unhurried
from mainstay.people.demographics import search_columns
from mainstay.people.models import Patient

SIZES = {"patients": 200_000, "visits": 1_000_000, "observations": 10_000_000, "ahead": 12_000}
BIG_TABLES = (
    "people_patient", "people_contactpoint", "scheduling_appointment", "visits_visit", "chart_observation",
    "chart_problem", "chart_medication",
)  # fmt: skip

PATIENTS = """
INSERT INTO people_patient (public_id, created_at, mrn, given_name, middle_name, family_name, suffix, chosen_name,
  pronouns, birth_date, sex, gender_identity, race, ethnicity, language, mother_maiden_name, ssn_last4, registered_at,
  is_confidential, withdrawn_because, search_text, sound_keys, hue)
SELECT gen_random_uuid(), now(), 'L' || n, b.given, '', b.family, '', '', '', date '1935-01-01' + (n * 7919 %% 33000)::int,
  b.sex, '', '{{}}', '', 'en', '', lpad((n %% 10000)::text, 4, '0'), now() - interval '3 years', false, '', b.text, b.keys,
  n %% 12
FROM generate_series(1::bigint, {patients}) n JOIN bench_names b ON b.id = 1 + (n * 104729) %% (SELECT count(*) FROM bench_names)
"""
PHONES = """
INSERT INTO people_contactpoint (channel, value, use, rank, can_leave_voicemail, can_text, is_confidential, is_withdrawn,
  patient_id)
SELECT 'phone', '+1614' || lpad((id::bigint * 7 %% 10000000)::text, 7, '0'), 'home', 1, false, true, false, false, id
FROM people_patient WHERE mrn LIKE 'L%%'
"""
PROBLEMS = """
INSERT INTO chart_problem (public_id, created_at, recorded_at, told_by, note, code, text, status, verification,
  patient_id)
SELECT gen_random_uuid(), now(), now(), 'received', '', c.code, c.text, 'active', 'confirmed', p.id
FROM people_patient p CROSS JOIN (VALUES ('I10', 'Essential hypertension'), ('E11.9', 'Type 2 diabetes mellitus'))
  c(code, text) WHERE p.mrn LIKE 'L%%' AND p.id %% 2 = 0
"""
VISITS = """
INSERT INTO visits_visit (public_id, created_at, day, expected_at, reason, stage, stage_since, arrived_at, closed_at,
  is_walk_in, is_airborne_risk, version, source_ref, plan_for_patient, patient_id, provider_id, site_id, visit_type_id)
SELECT gen_random_uuid(), now(), d.at::date, d.at, 'Follow-up', 'closed', d.at, d.at, d.at + interval '1 hour', false,
  false, 9, '', '', p.low + (n * 15485863::bigint) %% p.many, v.ids[(1 + n %% array_length(v.ids, 1))::int],
  s.ids[(1 + n %% array_length(s.ids, 1))::int], (SELECT min(id) FROM practice_visittype)
FROM generate_series(1::bigint, {visits}) n,
  LATERAL (SELECT now() - make_interval(mins => (1500 + n * 2)::int) AS at) d,
  (SELECT min(id) low, count(*) many FROM people_patient WHERE mrn LIKE 'L%%') p,
  (SELECT array_agg(id) ids FROM workforce_staff WHERE 'provider' = ANY(roles)) v,
  (SELECT array_agg(id) ids FROM practice_site) s
"""
OBSERVATIONS = """
INSERT INTO chart_observation (panel, key, loinc, value, unit, text, answer_code, typed, typed_unit, side, body_site,
  method, cuff, position, device, not_done_reason, confirmed_reason, status, effective_at, recorded_at, source,
  patient_id)
SELECT 'vitals', k.key, k.loinc, round((k.mean + (n * 31 %% 17) - 8)::numeric, 1), k.unit, '', '', '', '', '', '', '',
  '', '', '', '', '', 'final', now() - make_interval(days => (n %% 2600 + 1)::int), now(), 'received',
  p.low + (n * 32452843::bigint) %% p.many
FROM generate_series(1::bigint, {observations}) n
  JOIN (VALUES (0, 'systolic', '8480-6', 126, 'mm[Hg]'), (1, 'diastolic', '8462-4', 78, 'mm[Hg]'),
    (2, 'heart_rate', '8867-4', 74, '/min'), (3, 'weight', '29463-7', 78, 'kg'), (4, 'height', '8302-2', 168, 'cm'))
    k(slot, key, loinc, mean, unit) ON k.slot = n %% 5,
  (SELECT min(id) low, count(*) many FROM people_patient WHERE mrn LIKE 'L%%') p
"""


def all_names() -> Iterator[tuple[str, str, str, str, list[str]]]:
    """Every name of the practice with the columns it is searched by: sex, given, family, text, keys."""
    for sex, given in (("female", GIRLS), ("male", BOYS)):
        for first, last in product(given, FAMILIES):
            someone = Patient(given_name=first, family_name=last, birth_date=date(2000, 1, 1))
            text, keys = search_columns(someone, ())
            yield sex, first, last, text, keys


def is_built() -> bool:
    """Whether the database that is open holds the large practice."""
    return Observation.objects.filter(patient__mrn="L1").exists()


def build() -> None:
    """Fill the database that is open, once; the history triggers rest meanwhile, the indexes are made at the end."""
    if is_built():
        return
    with unhurried(), connection.cursor() as cursor:
        started = time.perf_counter()
        cursor.execute(
            "CREATE TABLE bench_names (id serial, sex text, given text, family text, text text, keys text[])"
        )
        with cursor.copy("COPY bench_names (sex, given, family, text, keys) FROM STDIN") as copy:
            for row in all_names():
                copy.write_row(row)
        for table in BIG_TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for sql in (PATIENTS, PHONES, PROBLEMS, VISITS):
            cursor.execute(sql.format(**SIZES).replace("%%", "%"))
            _say(sql, started)
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename='chart_observation'")
        indexes = [(name, made) for name, made in cursor.fetchall() if not name.endswith("_pkey")]
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute(OBSERVATIONS.format(**SIZES).replace("%%", "%"))
        for _, made in indexes:
            cursor.execute(made)
        _say(OBSERVATIONS, started)
        for table in BIG_TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("DROP TABLE bench_names")
        cursor.execute("ANALYZE")
        _say("ANALYZE (", started)


def _say(sql: str, started: float) -> None:
    print(f"  {sql.split('(')[0].split()[-1]}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
