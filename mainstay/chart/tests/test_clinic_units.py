"""Values are read in the unit the clinic types, whatever unit they came in."""

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from mainstay.chart.panels.names import clinic_unit, in_clinic_unit
from mainstay.chart.queries import in_words

A_MOMENT = datetime(2026, 3, 5, 15, tzinfo=UTC)
READ = {
    ("weight", "50.1", "kg"): ("110.5", "[lb_av]"),
    ("temperature", "37", "Cel"): ("98.6", "[degF]"),
    ("height", "151.6", "cm"): ("59.7", "[in_i]"),
    ("heart_rate", "72", "/min"): ("72", "/min"),
    ("something_else", "7", "mg"): ("7", "mg"),
}


def a_value(performed_by=None, typed="", typed_unit=""):
    row = {
        "pk": 1,
        "key": "weight",
        "value": Decimal("50.1"),
        "unit": "kg",
        "text": "",
        "answer_code": "",
        "set_id": None,
    }
    how = dict.fromkeys(("side", "body_site", "cuff", "position", "method", "device"), "")
    said = {"typed": typed, "typed_unit": typed_unit, "performed_by": performed_by, "source": "received"}
    return SimpleNamespace(**row, **how, **said, effective_at=A_MOMENT, on_oxygen=None, not_done_reason="")


@pytest.mark.parametrize(("given", "read"), READ.items())
def test_a_value_is_read_in_the_unit_it_is_typed_in(given, read):
    key, value, code = given
    assert in_clinic_unit(key, Decimal(value), code) == (Decimal(read[0]), read[1])
    assert not clinic_unit("something_else")


def test_what_came_from_elsewhere_in_kg_reads_in_pounds_with_its_own_value_beside():
    (told,) = in_words([a_value()])
    assert (told.value, told.canonical) == ("110.5 lb", "50.1 kg")


def test_what_somebody_here_typed_reads_as_it_was_typed():
    by = SimpleNamespace(shown_name="Maria")
    (told,) = in_words([a_value(by, "50.1", "kg")])
    assert (told.value, told.canonical) == ("50.1 kg", "")
    (told,) = in_words([a_value(by, "110.5", "[lb_av]")])
    assert (told.value, told.canonical) == ("110.5 lb", "50.1 kg")
