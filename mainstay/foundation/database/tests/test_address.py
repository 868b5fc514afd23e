import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict

from mainstay.foundation.database import Address, DatabaseTrouble

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)


@given(user=WORDS, password=WORDS, name=WORDS)
def test_a_url_says_everything_an_address_knows(user, password, name):
    for host in ("db.example.org", "/var/tmp/a folder/socket", "/srv/a+b & c=d/socket"):
        address = Address(host, 5433, user, password, name, {"sslmode": "require"})
        assert Address.from_url(address.url()) == address


@given(user=WORDS, password=WORDS, name=WORDS)
def test_postgresql_reads_the_url_as_it_was_meant(user, password, name):
    for host in ("db.example.org", "/var/tmp/a folder/socket", "/srv/a+b & c=d/socket"):
        address = Address(host, 5433, user, password, name, {"application_name": "front desk"})
        assert conninfo_to_dict(address.url()) == address.parameters()


def test_a_plain_url_gets_the_usual_host_and_port():
    address = Address.from_url("postgres:///clinic")
    assert (address.host, address.port, address.name) == ("localhost", 5432, "clinic")


@pytest.mark.parametrize(
    "url",
    [
        "mysql://a/b",
        "postgresql://host/",
        "postgresql://h:port/name",
        "postgresql://[::1/name",
        "postgresql:///n?port=x",
    ],
)
def test_a_wrong_url_is_refused_without_repeating_the_password(url):
    with pytest.raises(DatabaseTrouble) as refusal:
        Address.from_url(url.replace("://", "://me:secret@"))
    assert "secret" not in str(refusal.value)


def test_an_address_does_not_show_its_password():
    assert "secret" not in repr(Address("h", 1, "u", "secret", "n"))
