"""Queries that are asked on every page: put into SQL once, asked again with other values.

Django builds and compiles a query set anew each time it is asked, and for the short questions of a page (who is
this, which sites are open, what waits for me) that takes longer than the answer. `@compiled` keeps the SQL.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache, update_wrapper
from inspect import Parameter, signature
from typing import Any, Generic, ParamSpec, TypeVar

from django.db import connections
from django.db.models import Expression, Field, Lookup, QuerySet

from mainstay.foundation.actor import Actor

P = ParamSpec("P")
Row = TypeVar("Row")
SHAPES = 256
"""How many forms of one query are remembered."""


class Given(Expression):
    """Stands in a query for a value that is known only when it is asked."""

    allowed_default = True

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """A placeholder, with this as the value to be replaced."""
        return "%s", [self]


@Field.register_lookup
class AnyOf(Lookup):
    """`visit__id__any_of=keys`: one of a list that may be `Given`; `in` would write the list's length into the SQL."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """`column = ANY(array)`."""
        column, of_column = self.process_lhs(compiler, connection)
        keys, given = self.process_rhs(compiler, connection)
        return f"{column} = ANY({keys})", [*of_column, *given]


class _Known:
    """A compiled query in place of Django's: answers with a compiler that needs not compile."""

    def __init__(self, query: Any, compiler: Any, sql: str, params: tuple[Any, ...]) -> None:
        self._query, self._compiler, self._sql, self._params = query, compiler, sql, params

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)

    def chain(self) -> _Known:
        """Itself: what is compiled does not change any more."""
        return self

    def with_values(self, given: dict[str, Any]) -> _Known:
        """The same query, asked with these values."""
        params = tuple(given[p.name] if isinstance(p, Given) else p for p in self._params)
        if None in params:
            raise TypeError(
                "A query that asks for nothing (IS NULL) is another form: say so by a keyword-only parameter."
            )
        return _Known(self._query, self._compiler, self._sql, params)

    def get_compiler(self, using: str, connection: Any = None, elide_empty: bool = True) -> Any:
        """A compiler for the database `using`, which has done its work."""
        compiler = copy.copy(self._compiler)
        compiler.using, compiler.connection = using, connections[using]
        compiler.as_sql = lambda *_args, **_kwargs: (self._sql, self._params)
        return compiler


@dataclass(frozen=True, slots=True)
class _Form:
    """One form of a query: the query set it was made from, compiled."""

    rows: Any
    known: _Known


class Compiled(Generic[P, Row]):
    """A query whose rows come at once, each of its forms compiled only once."""

    def __init__(self, build: Callable[P, QuerySet[Any, Row]]) -> None:
        update_wrapper(self, build)
        parameters = signature(build).parameters.values()
        self._values = [p.name for p in parameters if p.kind is not Parameter.KEYWORD_ONLY]
        self._build = build
        self._form = lru_cache(maxsize=SHAPES)(self._compile)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[Row]:
        """The rows."""
        kept = self._form(**kwargs)  # type: ignore[arg-type]  # what is not hashable is refused by the cache
        rows = kept.rows._clone()
        rows._query = kept.known.with_values(dict(zip(self._values, args, strict=True)))
        return list(rows)

    def queryset(self, *args: P.args, **kwargs: P.kwargs) -> QuerySet[Any, Row]:
        """The same question as a query set, for a field that looks one row up, or to ask for less of it."""
        return self._build(*args, **kwargs)

    def _compile(self, **of_form: Any) -> _Form:
        rows: Any = self._build(*map(Given, self._values), **of_form)  # type: ignore[arg-type]  # values come later
        compiler = rows.query.get_compiler(using=rows.db)
        sql, params = compiler.as_sql()
        known = _Known(rows.query, compiler, sql, tuple(params))
        rows._query = known
        return _Form(rows, known)


def compiled(build: Callable[P, QuerySet[Any, Row]]) -> Compiled[P, Row]:
    """Let a function that builds a query set return its rows, and compile each of its forms only once.

    The function's positional parameters are values: it gets a `Given` for each, which it may only put into filters
    (never ask whether it is None or compare it). Its keyword-only parameters, hashable, decide the query's form: what
    to join, which filters to add. Raises `TypeError` for a value of None, which SQL compares in another way. Rows come
    at once; whoever filters further asks for the `queryset`.
    """
    return Compiled(build)


def form_of(actor: Actor) -> Actor:
    """What of a person decides a query's form: roles and rights, and whether they are at a site; not who, not when."""
    here = None if actor.site_id is None else 0
    return replace(actor, staff_id=None, name="", now=datetime.min.replace(tzinfo=UTC), site_id=here, session="")


def asking(form: Actor, staff_id: int | None, site_id: int | None) -> Actor:
    """An actor of this form for a query that is compiled for many: `staff_id` and `site_id` are `Given`."""
    return replace(form, staff_id=staff_id, site_id=None if form.site_id is None else site_id)


def the_first(rows: list[Row]) -> Row | None:
    """The first of the rows, or None."""
    return rows[0] if rows else None
