"""Clinic policies from a TOML file, for asking the engine without a database."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from mainstay.authority.facts import Policy, PolicyEffect, Supervision
from mainstay.authority.law import acts, credential_kinds, states
from mainstay.foundation.errors import InvalidInput

TEXTS = ("act", "effect", "state", "reason", "statute", "signed_by", "least_supervision")
FIELDS: Mapping[str, type] = {
    **dict.fromkeys(TEXTS, str),
    **dict.fromkeys(("effective", "until", "signed_on"), date),
    "is_by_medical_director": bool,
    "credentials": list,
    "least_patient_age": int,
}


def read_policies(path: Path) -> tuple[Policy, ...]:
    """The policies of a file with one `[[policy]]` each, fields as in `facts.Policy`.

    Raises `InvalidInput` for a file that cannot be read, or a field or word that does not exist.
    """
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("policy", [])
    except OSError as wrong:
        raise InvalidInput(f"--policy {path}: {wrong.strerror or 'cannot be read'}.", field="policy") from None
    except ValueError as wrong:
        raise InvalidInput(f"--policy {path} is not TOML: {wrong}.", field="policy") from None
    if not isinstance(rows, list):
        raise InvalidInput(f"--policy {path}: write one [[policy]] table for each policy.", field="policy")
    return tuple(_policy(number, row) for number, row in enumerate(rows, start=1))


def _policy(number: int, row: Mapping[str, Any]) -> Policy:
    for name, value in row.items():
        if name not in FIELDS:
            raise _wrong(number, f"{name!r} is not a field; fields: {', '.join(FIELDS)}")
        if not isinstance(value, FIELDS[name]):
            raise _wrong(number, f"{name} = {value!r} is not a {FIELDS[name].__name__}")
    if missing := {"act", "effect", "effective"} - set(row):
        raise _wrong(number, f"{', '.join(sorted(missing))} is missing")
    _check(number, "act", row["act"], list(acts()))
    _check(number, "effect", row["effect"], [str(e) for e in PolicyEffect])
    if row.get("state"):
        _check(number, "state", row["state"], list(states()))
    for code in row.get("credentials", ()):
        _check(number, "credentials", code, list(credential_kinds()))
    least = row.get("least_supervision", "not_stated")
    _check(number, "least_supervision", least, [s.code for s in Supervision])
    return Policy(
        **{
            **row,
            "effect": PolicyEffect(row["effect"]),
            "least_supervision": Supervision[least.upper()],
            "credentials": tuple(row.get("credentials", ())),
        }
    )


def _check(number: int, name: str, word: object, choices: list[str]) -> None:
    if word not in choices:
        raise _wrong(number, f"{name} = {word!r} is not one of: {', '.join(choices)}")


def _wrong(number: int, what: str) -> InvalidInput:
    return InvalidInput(f"Policy {number}: {what}.", field="policy")
