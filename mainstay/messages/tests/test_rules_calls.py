"""What stands in the way of ending a call, one thing at a time. Pure, no database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mainstay.foundation.findings import Severity
from mainstay.messages.rules_calls import EndOfCall, band_for_writing, before_ending
from mainstay.work.lifecycle import Band

CALM = EndOfCall(
    band=None,
    action="message",
    has_words=True,
    has_category=True,
    has_number=True,
    has_location=True,
    has_clinician=True,
    has_second_person=True,
    is_safety_net_given=True,
    identifiers=2,
    has_patient=True,
    has_authority=None,
    unasked=0,
)
EMERGENCY = replace(CALM, band=Band.R0, action="emergency")
TRANSFER = replace(CALM, band=Band.R1, action="warm_transfer")


@pytest.mark.parametrize("end", [CALM, EMERGENCY, TRANSFER, replace(CALM, has_patient=False, identifiers=0)])
def test_a_call_with_everything_in_place_ends(end):
    assert before_ending(end) == ()


@pytest.mark.parametrize(
    ("end", "code", "severity"),
    [
        (replace(CALM, has_words=False), "call-without-words", Severity.STOP),
        (replace(CALM, has_category=False), "call-without-category", Severity.STOP),
        (replace(CALM, has_number=False), "call-without-number", Severity.CONFIRM),
        (replace(CALM, identifiers=1), "not-identified", Severity.STOP),
        (replace(CALM, has_authority=False), "no-authority", Severity.CONFIRM),
        (replace(EMERGENCY, action="message"), "emergency-not-called", Severity.CONFIRM),
        (replace(EMERGENCY, has_location=False), "emergency-without-place", Severity.CONFIRM),
        (replace(EMERGENCY, has_second_person=False), "emergency-alone", Severity.STOP),
        (replace(EMERGENCY, is_safety_net_given=False), "no-safety-net", Severity.STOP),
        (replace(TRANSFER, action="message"), "no-warm-transfer", Severity.CONFIRM),
        (replace(TRANSFER, has_clinician=False), "transfer-to-nobody", Severity.STOP),
        (replace(TRANSFER, unasked=1), "not-all-asked", Severity.CONFIRM),
    ],
    ids=lambda value: value if isinstance(value, str) and value.islower() else "",
)
def test_each_thing_left_out_is_named_alone(end, code, severity):
    assert [(one.code, one.severity) for one in before_ending(end)] == [(code, severity)]


def test_red_flag_words_in_writing_are_for_a_clinician_at_once():
    assert [band_for_writing(band) for band in (Band.R0, Band.R1, Band.R2)] == [Band.R1, Band.R1, Band.R2]
