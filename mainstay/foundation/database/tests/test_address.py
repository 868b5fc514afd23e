import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.foundation.database import Address, DatabaseTrouble

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)


@given(user=WORDS, password=WORDS, name=WORDS)
def test_a_url_says_everything_an_address_knows(user, password, name):
    for host in ("db.example.org", "/var/tmp/a folder/socket"):
        address = Address(host, 5433, user, password, name, {"sslmode": "require"})
        assert Address.from_url(address.url()) == address


def test_a_plain_url_gets_the_usual_host_and_port():
    address = Address.from_url("postgres:///clinic")
    assert (address.host, address.port, address.name) == ("localhost", 5432, "clinic")


@pytest.mark.parametrize("url", ["mysql://a/b", "postgresql://host/", "postgresql://h:port/name"])
def test_a_wrong_url_is_refused_without_repeating_the_password(url):
    with pytest.raises(DatabaseTrouble) as refusal:
        Address.from_url(url.replace("://", "://me:secret@"))
    assert "secret" not in str(refusal.value)


def test_an_address_does_not_show_its_password():
    assert "secret" not in repr(Address("h", 1, "u", "secret", "n"))
