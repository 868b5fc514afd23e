"""One-time codes against the test vectors of RFC 6238 (Appendix B, SHA-1) and RFC 4226 (Appendix D)."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from mainstay.workforce.one_time_codes import address_for_app, code_at, matching_step, new_secret, step_at

SECRET = base64.b32encode(b"12345678901234567890").decode()
NOW = datetime(2026, 11, 20, 14, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("second", "eight_digits"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_rfc_6238(second, eight_digits):
    assert code_at(SECRET, second // 30) == eight_digits[-6:]


@pytest.mark.parametrize(
    ("count", "code"), list(enumerate(["755224", "287082", "359152", "969429", "338314", "254676"]))
)
def test_codes_are_those_of_rfc_4226(count, code):
    assert code_at(SECRET, count) == code


@pytest.mark.parametrize(("seconds", "is_good"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_thirty_seconds_off_and_no_more(seconds, is_good):
    code = code_at(SECRET, step_at(NOW + timedelta(seconds=seconds)))
    assert (matching_step(SECRET, code, now=NOW, after=0) is not None) == is_good


def test_a_code_is_good_once():
    code = code_at(SECRET, step_at(NOW))
    step = matching_step(SECRET, code, now=NOW, after=0)
    assert step is not None and matching_step(SECRET, code, now=NOW, after=step) is None


def test_spaces_in_a_code_do_not_matter():
    code = code_at(SECRET, step_at(NOW))
    assert matching_step(SECRET, f" {code[:3]} {code[3:]}", now=NOW, after=0) is not None


def test_the_address_names_the_issuer_and_secrets_differ():
    assert address_for_app(SECRET, account="ann", issuer="Mainstay").startswith("otpauth://totp/Mainstay%3Aann?secret=")
    assert new_secret() != new_secret() and len(base64.b32decode(new_secret())) == 20
