"""Every verb of the command line: where it is, whether it needs the database, and one line of help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb. Verbs without a database do not load Django either.

    `starts_database` is false for those that choose and start their own; with an option of `alone` no database is
    started either.
    """

    target: str
    summary: str
    needs_database: bool = True
    starts_database: bool = True
    alone: frozenset[str] = frozenset({"-h", "--help"})


VERBS: Mapping[str, Verb] = MappingProxyType(
    {
        "demo": Verb("mainstay.config.commands:demo", "open the demo clinic", starts_database=False),
        "serve": Verb("mainstay.config.commands:serve", "open a real practice", starts_database=False),
        "worker": Verb("mainstay.config.commands:worker", "run one more background worker"),
        "migrate": Verb("mainstay.config.commands:migrate", "bring the database up to this version"),
        "manage": Verb("mainstay.config.commands:manage", "run a Django management command (for developers)"),
        "backup": Verb("mainstay.config.keeping:backup", "write a backup into a folder", starts_database=False),
        "restore": Verb(
            "mainstay.config.keeping:restore",
            "bring a backup back, into an empty place",
            starts_database=False,
        ),
        "doctor": Verb(
            "mainstay.config.doctor:doctor",
            "say in plain words what is wrong with an installation",
            starts_database=False,
        ),
        "documents": Verb(
            "mainstay.config.documents:documents", "make the pages of docs/ from the program", starts_database=False
        ),
        "may": Verb("mainstay.authority.commands:may", "ask what somebody may do in a state", needs_database=False),
        "growth": Verb("mainstay.chart.commands:growth", "z-scores and percentiles from a file", needs_database=False),
        "forecast": Verb("mainstay.immunizations.commands:forecast", "vaccines due, from a file", needs_database=False),
        "vaccines": Verb(
            "mainstay.immunizations.commands:vaccines", "list schedules, compile a release", needs_database=False
        ),
        "people": Verb("mainstay.people.commands:people", "work with lists of people: match", needs_database=False),
        "codes": Verb("mainstay.terminology.commands:codes", "find a diagnosis from everyday words"),
        "hl7": Verb(
            "mainstay.interop.hl7.commands:hl7", "read HL7 messages and say what is wrong", needs_database=False
        ),
        "simulate": Verb(
            "mainstay.interop.simulators.commands:simulate",
            "play a partner: a vaccination registry",
            needs_database=False,
        ),
        "hl7-listener": Verb("mainstay.interop.commands:hl7_listener", "take in HL7 messages over MLLP"),
        "import": Verb(
            "mainstay.config.importing.commands:import_",
            "bring in records (fhir) or lists (csv), or undo one",
            alone=frozenset({"-h", "--help", "--template"}),
        ),
        "load-codes": Verb("mainstay.terminology.commands:load_codes", "bring the code tables into the database"),
    }
)
