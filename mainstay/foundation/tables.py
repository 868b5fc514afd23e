"""Rule tables: TOML or CSV beside the rule, read once, every row dated and sourced."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from importlib import resources
from io import StringIO
from types import MappingProxyType
from typing import Any


def read_toml(package: str, name: str) -> Mapping[str, Any]:
    """The table `tables/<name>` of a domain package; decimal numbers come as `Decimal`."""
    text = resources.files(package).joinpath("tables", name).read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text, parse_float=Decimal))


def read_csv(package: str, name: str) -> list[dict[str, str]]:
    """The rows of `tables/<name>` of a domain package, as text."""
    text = resources.files(package).joinpath("tables", name).read_bytes().decode("utf-8")
    return list(csv.DictReader(StringIO(text, newline="")))
