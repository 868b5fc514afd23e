"""Reading a file of appointments: one line, one booking, every fault named by its line."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import StringIO
from uuid import UUID

from mainstay.foundation.dates import read_date, read_time
from mainstay.foundation.errors import ClinicError, InvalidInput
from mainstay.people.models import Patient
from mainstay.practice.models import Site, VisitType
from mainstay.workforce.models import Staff

COLUMNS = ("mrn", "date", "time", "site", "provider", "visit_type", "minutes", "reason")
NEEDED = ("mrn", "date", "time", "visit_type")
MOST_LINES = 50_000


@dataclass(frozen=True)
class Line:
    """One appointment of the file, with everybody and everything found."""

    number: int
    patient: Patient
    visit_type: VisitType
    site: Site
    provider: Staff | None
    starts: datetime
    minutes: int
    reason: str


@dataclass(frozen=True)
class Fault:
    """Why a line cannot be booked."""

    line: int
    message: str
    field: str = ""


@dataclass
class ImportReport:
    """What a file came to. `ref` undoes it; empty for a dry run."""

    read: int = 0
    booked: int = 0
    faults: list[Fault] = field(default_factory=list)
    ref: UUID | None = None


def lines_of(text: str, *, today: date) -> Iterator[Line | Fault]:
    """Every line of a CSV file with a header, in order: as an appointment, or as what is wrong with it.

    Columns: mrn, date, time, visit_type, and perhaps site, provider (sign-in name, NPI or shown name), minutes and
    reason. Dates and times are the site's. Raises `InvalidInput` when the file as a whole cannot be read.
    """
    rows = csv.DictReader(StringIO(text.lstrip("\ufeff"), newline=""))
    names = [(n or "").strip().lower() for n in rows.fieldnames or ()]
    if missing := [n for n in NEEDED if n not in names]:
        raise InvalidInput(f"The first line must name the columns; missing: {', '.join(missing)}.", field="file")
    rows.fieldnames = names
    known = _Known()
    for number, row in enumerate(rows, start=2):
        if number > MOST_LINES:
            raise InvalidInput(f"More than {MOST_LINES} lines: split the file.", field="file")
        typed = {name: (row.get(name) or "").strip() for name in COLUMNS}
        if not any(typed.values()):
            continue
        try:
            yield _read(number, typed, known, today)
        except ClinicError as error:
            yield Fault(number, error.message, error.field)


class _Known:
    """What lines may name, looked up once."""

    def __init__(self) -> None:
        self.sites = {s.name.lower(): s for s in Site.objects.filter(is_open=True)}
        self.sites |= {s.short_name.lower(): s for s in self.sites.values()}
        self.types = {t.code.lower(): t for t in VisitType.objects.all()}
        self.types |= {t.name.lower(): t for t in self.types.values()}
        staff = list(Staff.objects.filter(is_active=True))
        self.staff: dict[str, Staff] = {s.shown_name.lower(): s for s in staff}
        self.staff |= {s.npi: s for s in staff if s.npi} | {s.username.lower(): s for s in staff}


def _read(number: int, typed: Mapping[str, str], known: _Known, today: date) -> Line:
    patient = Patient.objects.filter(mrn=typed["mrn"]).first()
    if patient is None:
        raise InvalidInput(f"No patient has the number {typed['mrn'] or '(empty)'}.", field="mrn")
    visit_type = known.types.get(typed["visit_type"].lower())
    if visit_type is None:
        raise InvalidInput(f"No kind of visit is called {typed['visit_type'] or '(empty)'}.", field="visit_type")
    site = known.sites.get(typed["site"].lower()) if typed["site"] else _only(known)
    if site is None:
        raise InvalidInput(f"No open site is called {typed['site']}.", field="site")
    provider = known.staff.get(typed["provider"].lower()) if typed["provider"] else None
    if typed["provider"] and provider is None:
        raise InvalidInput(f"Nobody here is called {typed['provider']}.", field="provider")
    if visit_type.is_with_provider and provider is None:
        raise InvalidInput("This kind of visit needs a provider.", field="provider")
    starts = datetime.combine(read_date(typed["date"], today=today), read_time(typed["time"]), tzinfo=site.zone)
    return Line(
        number,
        patient,
        visit_type,
        site,
        provider,
        starts.astimezone(UTC),
        _minutes(typed, visit_type),
        typed["reason"],
    )


def _only(known: _Known) -> Site:
    sites = {s.pk: s for s in known.sites.values()}
    if len(sites) != 1:
        raise InvalidInput("Say which site.", field="site")
    return next(iter(sites.values()))


def _minutes(typed: Mapping[str, str], visit_type: VisitType) -> int:
    if not typed["minutes"]:
        return visit_type.minutes
    if not typed["minutes"].isdecimal() or not 5 <= int(typed["minutes"]) <= 480:
        raise InvalidInput(f"{typed['minutes']} is not a number of minutes from 5 to 480.", field="minutes")
    return int(typed["minutes"])
