"""Names for people who do not exist (`tables/demo_names.toml`)."""

from mainstay.foundation.tables import read_toml

_TABLE = read_toml("mainstay.config", "demo_names.toml")
GIRLS: list[str] = _TABLE["girls"]
BOYS: list[str] = _TABLE["boys"]
FAMILIES: list[str] = _TABLE["families"]
STREETS: list[str] = _TABLE["streets"]
