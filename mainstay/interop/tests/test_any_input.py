"""Whatever is sent, the import answers in words: resources bent out of shape at random."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstay.foundation.testing import an_actor
from mainstay.interop import actions
from mainstay.interop.fhir import exact
from mainstay.interop.fhir.parts import day, moment, references
from mainstay.interop.fhir.reading import Sent, Sheet
from mainstay.interop.tests.conftest import EVERYTHING

WRONG = st.sampled_from(
    [None, "", "x" * 400, 0, -1, 10**40, True, [], [[]], [None], {}, {"value": {}}, "2024-99-99", "0000", "\x00"]
    + ["24:00", {"reference": "Patient/x"}, [{"coding": "no"}], Decimal("1E+5000"), "http://", "2024-02-30T99:00"]
)


def _paths(body: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [here] if here else []
    pairs = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in pairs:
        found += _paths(value, (*here, key))
    return found


PLACES = [(number, path) for number, entry in enumerate(EVERYTHING) for path in _paths(entry["resource"])]


@pytest.mark.usefixtures("codes")
@given(st.lists(st.tuples(st.sampled_from(PLACES), WRONG), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_bent_resource_never_stops_an_import(db, bends):
    entries = exact.read(json.dumps(EVERYTHING))
    for (number, path), wrong in bends:
        here = entries[number]["resource"]
        for step in path[:-1]:
            try:
                here = here[step]
            except (KeyError, IndexError, TypeError):
                break
        else:
            if isinstance(here, dict | list) and (isinstance(here, dict) or path[-1] in range(len(here))):
                here[path[-1]] = wrong
    run = actions.start_run(actor=an_actor(), source=f"bent {uuid4()}")
    sent = [Sent(f"entry {n}", entry["resource"], entry["fullUrl"]) for n, entry in enumerate(entries, 1)]
    received = actions.receive_sheet(actor=an_actor(), run=run, sheet=Sheet("bent", sent))
    assert [slip.disposition for slip in received.slips].count(None) == 0
    assert all(reason for _, reason in received.refusals())


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)


@given(st.lists(JSON, max_size=3))
def test_any_json_has_a_fingerprint_or_is_refused_and_may_be_searched_for_references(value):
    list(references(value))
    try:
        assert exact.fingerprint(value) == exact.fingerprint(copy.deepcopy(value))
    except (ValueError, UnicodeEncodeError):
        return


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6) | st.integers())
def test_numbers_come_back_digit_for_digit(number):
    text = exact.ExactEncoder().encode({"value": number})
    assert str(exact.read(text)["value"]) == str(number)


@given(st.text(max_size=30))
def test_any_text_for_a_date_is_a_day_or_nothing(text):
    day(text)
    moment(text)


@pytest.mark.parametrize(
    ("written", "iso"), [("2024", "2024-01-01"), ("2024-05", "2024-05-01"), ("2024-05-06T23:59:00-05:00", "2024-05-06")]
)
def test_a_date_is_the_day_its_sender_wrote(written, iso):
    found = day(written)
    assert found is not None
    assert found.isoformat() == iso
