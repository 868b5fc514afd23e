"""Other people's HL7: what claims to be a message is read to the byte, or refused for a reason listed here."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mainstay.interop.hl7 import parse_message, read_file, write_message
from mainstay.interop.hl7.acknowledging import verdict_of
from mainstay.interop.registries.answers import Found, answer_of

SETS = Path(os.environ.get("MAINSTAY_TEST_DATA", Path(__file__).parents[3] / "shared" / "data")) / "hl7v2"

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(
        not SETS.is_dir(), reason="MAINSTAY_TEST_DATA/hl7v2 is not here: HL7 messages of others skipped"
    ),
]

REFUSED = {
    "cdc-hl7-pet/ORU_SampleOne.hl7": {"SFT-4"},
    "cdc-hl7-pet/ORU_SampleOne_deidentified.hl7": {"SFT-4"},
    "hl7apy-embedded/test_parser-014-.hl7": {"MSH-9"},
    "hl7apy-embedded/test_parser-016-ADT_A01_ADT_A01.hl7": {"MSH-2"},
    "linuxforhealth-embedded/Hl7MedicationRequestFHIRConversionTest-018-OMP_O09.hl7": {"MSH-2"},
    "linuxforhealth-embedded/Hl7MedicationRequestFHIRConversionTest-020-OMP_O09.hl7": {"MSH-2"},
    "linuxforhealth-embedded/Hl7ORUMessageTest-001-ORU_R01.hl7": {"MSH-2"},
    "linuxforhealth-embedded/Hl7ORUMessageTest-004-ORU_R01.hl7": {"MSH-2"},
    "linuxforhealth-embedded/SegmentUtilTest-006-ORU_R01.hl7": {"MSH-2"},
    "python-hl7-embedded/test_construction-011-.hl7": {"MSH-9"},
}
"""Merge-conflict marks inside a message, two delimiters that are the same, no message type at all."""

ENVELOPES = {
    "FileBatchExtraSegs.hl7": ["FHS-2", "BHS-2", "BTS-1"],
    "FileBatchInvalidFTSCount.hl7": ["FTS-1"],
    "FileBatchMultipleBTS.hl7": ["BTS(2)"],
    "FileBatchMultipleMessagesMSHBeforeBHS.hl7": ["FTS"],
    "FileBatchNoBTS.hl7": ["BTS"],
    "FileBatchNoFTS.hl7": ["FTS"],
    "FileFTSONLY.hl7": ["BTS"],
    "FileBatchEmptyLines.hl7": [],
    "FileBatchMultipleFHS.hl7": [],
    "FileBatchSingleMessage.hl7": [],
    "FileBatchSingleMessageNoFHS.hl7": [],
    "InvalidFTS.hl7": [],
    "TwoMSH.hl7": [],
    "emptyBHS.hl7": [],
}


def samples() -> Iterator[tuple[str, bytes]]:
    """Every file that begins as a message or a batch does."""
    for path in sorted(SETS.rglob("*")):
        if path.suffix in (".hl7", ".txt") and path.is_file():
            octets = path.read_bytes()
            if re.match(rb"(\xef\xbb\xbf)?\s*(MSH|FHS|BHS)", octets):
                yield path.relative_to(SETS).as_posix(), octets


def test_everything_that_claims_to_be_hl7_is_read_to_the_byte_or_refused_with_its_place():
    count = 0
    for name, octets in samples():
        read = read_file(octets)
        refused = {one.fault.place for one in read.messages if one.fault}
        assert refused == REFUSED.get(name, refused if name not in REFUSED and _is_unknown(name) else set()), name
        for one in read.messages:
            if one.message is not None:
                count += 1
                assert write_message(one.message) == one.octets, name
                assert parse_message(write_message(one.message)) == one.message, name
    assert count >= 300


def _is_unknown(name: str) -> bool:
    """Whether a file is of a set nobody listed yet: sets may grow, and what they refuse is then looked at."""
    return not name.startswith(("nist", "ms-fhir", "linuxforhealth", "cdc-", "hl7apy", "python-hl7", "hapi", "hl7-v2"))


def test_the_messages_of_the_national_tests_are_read_whole():
    found = {path.stem: parse_message(path.read_bytes()) for path in sorted((SETS / "nist-iz").glob("*.hl7"))}
    assert len(found) >= 5
    answer = found["NIST-IZ-QR-1.2_Response_K11_Z42"]
    assert answer.kind == "RSP^K11"
    assert answer.text("MSH-21") == "Z42"
    assert len(list(answer.groups("ORC"))) == 6
    assert answer.text("PID-3.4") == "NIST-MPI-1"
    refusal = found["NIST-IZ-AD-10.2_Receive_ACK_Z23"]
    assert (refusal.text("MSA-1"), refusal.text("ERR-3"), refusal.text("ERR-4")) == ("AR", "203", "E")


@pytest.mark.parametrize(("name", "places"), ENVELOPES.items())
def test_batches_are_judged_by_what_they_say_of_themselves(name, places):
    path = SETS / "cdc-hl7-pet" / "batchFiles" / name
    if not path.is_file():
        pytest.skip(f"{name} is not among the files here")
    assert [fault.place for fault in read_file(path.read_bytes()).faults] == places


def test_the_annotated_messages_of_the_gateway_are_read():
    path = SETS / "izgateway" / "src" / "test" / "resources" / "messages.txt"
    text = re.sub(r"\\\s*\n\s*", "", path.read_text(encoding="utf-8"))
    lines = [line.strip() for line in text.splitlines() if re.match(r"\s*[A-Z][A-Z0-9]{2}\|", line)]
    read = read_file("\r".join(lines).encode())
    assert len(read.messages) >= 60
    refused = {one.fault.line for one in read.messages if one.fault}
    assert not refused


def test_the_national_history_and_forecast_are_understood():
    octets = (SETS / "nist-iz" / "NIST-IZ-QR-1.2_Response_K11_Z42.hl7").read_bytes()
    answer = answer_of(parse_message(octets))
    assert answer.found is Found.HISTORY
    assert [(dose.cvx, dose.given_on.isoformat(), dose.is_valid) for dose in answer.doses] == [
        ("45", "2009-04-15", True),
        ("48", "2009-03-14", False),
        ("110", "2009-10-11", True),
        ("08", "2010-04-11", True),
        ("03", "2010-04-15", True),
    ]
    assert answer.doses[1].reason == "Too Young"
    assert [(one.cvx, str(one.due_on)) for one in answer.forecasts] == [
        ("03", "2015-02-14"),
        ("10", "2010-02-14"),
        ("107", "2010-02-14"),
    ]
    assert not answer.unread


@pytest.mark.parametrize(
    ("name", "code", "is_accepted", "places"),
    [
        ("NIST-IZ-AD-8.2_Receive_ACK_Z23", "AE", True, ["RXR-2"]),
        ("NIST-IZ-AD-9.2_Receive_ACK_Z23", "AE", True, ["RXR-2", "RXR-2"]),
        ("NIST-IZ-AD-10.2_Receive_ACK_Z23", "AR", False, ["MSH-12"]),
    ],
)
def test_the_national_acknowledgments_are_understood(name, code, is_accepted, places):
    verdict = verdict_of(parse_message((SETS / "nist-iz" / f"{name}.hl7").read_bytes()))
    assert (verdict.code, verdict.is_accepted) == (code, is_accepted)
    assert [one.place for one in verdict.complaints] == places
