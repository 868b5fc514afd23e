"""Where a database is and who connects, as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from mainstay.foundation.database.errors import DatabaseTrouble


@dataclass(frozen=True, slots=True)
class Address:
    """One PostgreSQL database; `host` is a name or the folder of a Unix socket."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    name: str
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def from_url(cls, url: str) -> Address:
        """Read `postgresql://user:password@host:port/name?option=value`; the host may be a `?host=/folder`.

        Raises `DatabaseTrouble` with a sentence that does not repeat the password.
        """
        try:
            parts = urlsplit(url)
        except ValueError:
            raise DatabaseTrouble("DATABASE_URL must look like postgresql://user:password@host:5432/name.") from None
        if parts.scheme not in ("postgres", "postgresql"):
            raise DatabaseTrouble("DATABASE_URL must look like postgresql://user:password@host:5432/name.")
        options = dict(parse_qsl(parts.query.replace("+", "%2B")))  # to PostgreSQL a plus is a plus, never a space
        try:
            port = int(options.pop("port", 0)) or parts.port
        except ValueError:
            raise DatabaseTrouble("The port in DATABASE_URL is not a number.") from None
        host = options.pop("host", "") or unquote(parts.hostname or "") or "localhost"
        name = unquote(parts.path.lstrip("/"))
        if not name:
            raise DatabaseTrouble("DATABASE_URL names no database: it must end in /name.")
        return cls(
            host=host,
            port=port or 5432,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            name=name,
            options=MappingProxyType(options),
        )

    def url(self) -> str:
        """The address as a URL, password included."""
        login = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}@" if self.user else ""
        options = dict(self.options)
        place = f"{self.host}:{self.port}"
        if self.host.startswith("/"):
            options = {"host": self.host, "port": str(self.port), **options}
            place = ""
        query = f"?{urlencode(options, quote_via=quote)}" if options else ""
        return f"postgresql://{login}{place}/{quote(self.name, safe='')}{query}"

    def parameters(self) -> dict[str, Any]:
        """The address as libpq connection parameters."""
        own = {"host": self.host, "port": str(self.port), "dbname": self.name}
        login = {"user": self.user, "password": self.password}
        return own | {key: value for key, value in login.items() if value} | dict(self.options)

    def environment(self) -> dict[str, str]:
        """The address as the variables PostgreSQL's own tools read, so that no password is on a command line."""
        names = {"host": "PGHOST", "port": "PGPORT", "dbname": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD"}
        names |= {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
        return {names[key]: value for key, value in self.parameters().items() if key in names}
