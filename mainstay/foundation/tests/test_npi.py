"""Provider numbers: the check digit of the Centers for Medicare & Medicaid Services."""

import pytest

from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.npi import read_npi


@pytest.mark.parametrize(("typed", "read"), [("1234567893", "1234567893"), ("1245 319-599", "1245319599"), ("  ", "")])
def test_a_number_whose_last_digit_fits_is_read(typed, read):
    assert read_npi(typed) == read


@pytest.mark.parametrize("digit", "012456789")
def test_every_other_last_digit_is_a_slip(digit):
    with pytest.raises(InvalidInput, match="last digit does not fit"):
        read_npi("123456789" + digit)


@pytest.mark.parametrize("typed", ["123", "12345678931", "123456789x", "１２３４５６７８９３"])
def test_what_is_not_ten_digits_is_no_number(typed):
    with pytest.raises(InvalidInput, match="ten digits"):
        read_npi(typed)
