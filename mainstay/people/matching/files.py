"""Files of people as others make them: one person or one pair a row, headers of many habits."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.tables import read_toml
from mainstay.people.matching.persons import Person


@cache
def _field_of() -> Mapping[str, str]:
    fields: dict[str, str] = {}
    for field, headers in read_toml("mainstay.people", "people_headers.toml")["headers"].items():
        for header in headers:
            fields[header] = field
            fields.setdefault(header.replace("_", ""), field)
    return fields


PIVOT = 30
"""Two-digit birth years below this are this century's; a file does not say when it was written."""
_NOTHING = frozenset({"", "nan", "none", "null", "n/a", "na", "<na>", "unknown", "nat", "-"})
_SIDES = (
    ("left", "right"),
    ("a", "b"),
    ("1", "2"),
    ("l", "r"),
    ("x", "y"),
    ("first", "second"),
    ("one", "two"),
    ("source", "target"),
)
_NAMED = frozenset({"given", "family", "name", "birth"})


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """A file read: either `people` (one a row) or `pairs` (two a row). `unused` headers meant nothing to us."""

    people: tuple[Person, ...] = ()
    pairs: tuple[tuple[Person, Person], ...] = ()
    unused: tuple[str, ...] = ()


def read_people_file(lines: Iterable[str]) -> PeopleFile:
    """A CSV (comma, tab, semicolon or bar) of people or of pairs (`left_…`/`right_…`, `…_a`/`…_b`).

    Raises `InvalidInput` when it is empty or has no column with a name or a date of birth.
    """
    text = "".join(lines).lstrip("\ufeff")
    if not text.strip():
        raise InvalidInput("The file is empty.")
    if "\0" in text:
        raise InvalidInput("This is not a text file.")
    header = text.lstrip().split("\n", 1)[0]
    delimiter = max(",\t;|", key=header.count)
    try:
        # Not splitlines: a cell may hold a separator of lines that no CSV ends a row with.
        whole = io.StringIO(text, newline="")
        rows = [row for row in csv.reader(whole, delimiter=delimiter, skipinitialspace=True) if any(row)]
    except csv.Error as fault:
        raise InvalidInput(f"This is not a CSV file we can read: {fault}.") from None
    if not rows:
        raise InvalidInput("The file is empty.")
    headers = rows[0]
    if (sides := _sides_of(headers)) is not None:
        left, right = sides
        pairs = tuple(
            (_person(row, left, f"{number}a"), _person(row, right, f"{number}b"))
            for number, row in enumerate(rows[1:], start=1)
        )
        return PeopleFile(pairs=pairs, unused=_unused(headers, left, right))
    columns = _columns_of(headers)
    if not _NAMED & {field for field, _ in columns}:
        raise InvalidInput(
            "No column holds a name or a date of birth. Name the columns id, given, family, dob, sex, phone, …"
        )
    people = tuple(_person(row, columns, str(number)) for number, row in enumerate(rows[1:], start=1))
    return PeopleFile(people=people, unused=_unused(headers, columns))


Columns = Sequence[tuple[str, int]]


def _fold_header(header: str) -> str:
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", header.strip())
    return re.sub(r"[^a-z0-9]+", "_", words.lower().replace("'", "")).strip("_")


def _field(folded: str) -> str | None:
    return _field_of().get(folded) or _field_of().get(folded.replace("_", ""))


def _columns_of(headers: Sequence[str]) -> Columns:
    return [(field, place) for place, header in enumerate(headers) if (field := _field(_fold_header(header)))]


def _sides_of(headers: Sequence[str]) -> tuple[Columns, Columns] | None:
    folded = [_fold_header(h) for h in headers]
    for one, other in _SIDES:
        left, right = _one_side(folded, one), _one_side(folded, other)
        if _NAMED & {f for f, _ in left} and _NAMED & {f for f, _ in right}:
            return left, right
    return None


def _one_side(folded: Sequence[str], mark: str) -> Columns:
    found = []
    for place, name in enumerate(folded):
        for lead in (f"{mark}_", f"patient_{mark}_", f"person_{mark}_", f"record_{mark}_"):
            if name.startswith(lead) and (field := _field(name[len(lead) :])):
                found.append((field, place))
                break
        else:
            bare = name.removesuffix(f"_{mark}")
            if bare == name and not mark.isdigit():
                continue
            bare = bare if bare != name else name.removesuffix(mark)
            if bare != name and (field := _field(bare)):
                found.append((field, place))
    return found


def _unused(headers: Sequence[str], *used: Columns) -> tuple[str, ...]:
    places = {place for columns in used for _, place in columns}
    return tuple(h.strip() for place, h in enumerate(headers) if place not in places and h.strip())


def _person(row: Sequence[str], columns: Columns, number: str) -> Person:
    said: dict[str, list[str]] = {}
    for field, place in columns:
        value = row[place].strip() if place < len(row) else ""
        if value.lower() not in _NOTHING:
            said.setdefault(field, []).append(value)
    one = {field: values[0] for field, values in said.items()}
    given, middle, family = one.get("given", ""), one.get("middle", ""), one.get("family", "")
    if not given and not family and "name" in one:
        given, middle, family = _split_name(one["name"])
    typed = one.get("birth") or "-".join(one.get(f"birth_{part}", "").zfill(2) for part in ("year", "month", "day"))
    born = _birth(typed)
    order = re.sub(r"\D", "", one.get("birth_order", ""))
    return Person(
        id=one.get("id") or one.get("mrn") or number,
        given=given,
        middle=middle,
        family=family,
        suffix=one.get("suffix", ""),
        aliases=tuple(said.get("alias", ())),
        former=tuple(said.get("former", ())),
        birth_date=born,
        birth_typed="" if born else typed,
        sex=one.get("sex", ""),
        phones=tuple(p for v in said.get("phone", ()) for p in re.split(r"[;|,]", v)),
        emails=tuple(said.get("email", ())),
        street=" ".join(filter(None, (one.get("house"), one.get("street")))),
        street2=one.get("street2", ""),
        city=one.get("city", ""),
        state=one.get("state", ""),
        postcode=one.get("postcode", ""),
        ssn=one.get("ssn", ""),
        mrns=tuple(m for v in said.get("mrn", ()) for m in re.split(r"[;|,\s]+", v)),
        mother_maiden=one.get("mother_maiden", ""),
        mother_given=one.get("mother_given", ""),
        guardian=one.get("guardian", ""),
        multiple_birth=_flag(one.get("multiple_birth", "")),
        birth_order=int(order[:2]) if order else None,
    )


def _split_name(name: str) -> tuple[str, str, str]:
    if "^" in name:  # as HL7 writes it: family^given^middle
        family, given, middle_name = [*name.split("^"), "", ""][:3]
        return given.strip(), middle_name.strip(), family.strip()
    if "," in name:
        family, _, rest = name.partition(",")
        given, *middle = rest.split() or [""]
    else:
        *front, family = name.split() or [""]
        given, *middle = front or [""]
    return given, " ".join(middle), family.strip()


def _flag(value: str) -> bool | None:
    folded = value.strip().lower()
    if folded in ("y", "yes", "true", "t", "1", "2", "twin", "multiple", "triplet"):
        return True
    return False if folded in ("n", "no", "false", "f", "0", "single", "s") else None


def _birth(typed: str) -> date | None:
    return next(_readings(typed), None)


def _readings(typed: str) -> Iterator[date]:
    typed = re.split(r"[T ](?=\d\d?:)", typed.strip())[0]
    numbers = re.findall(r"\d+", typed)
    if len(numbers) == 1 and len(numbers[0]) == 8:
        digits = numbers[0]
        orders = [(digits[:4], digits[4:6], digits[6:]), (digits[4:], digits[:2], digits[2:4])]
    elif len(numbers) == 3 and len(numbers[0]) == 4:
        orders = [(numbers[0], numbers[1], numbers[2])]
    elif len(numbers) == 3 and len(numbers[2]) == 4:
        orders = [(numbers[2], numbers[0], numbers[1]), (numbers[2], numbers[1], numbers[0])]
    elif len(numbers) == 3 and len(numbers[2]) == 2:
        year = f"{'20' if int(numbers[2]) < PIVOT else '19'}{numbers[2]}"
        orders = [(year, numbers[0], numbers[1]), (year, numbers[1], numbers[0])]
    elif len(numbers) == 2 and (word := re.search(r"[A-Za-z]{3}", typed)):
        month = "jan feb mar apr may jun jul aug sep oct nov dec".find(word[0].lower())
        year, day = sorted(numbers, key=len, reverse=True)
        orders = [(year, str(month // 4 + 1), day)] if month >= 0 else []
    else:
        orders = []
    for year, month_, day in orders:
        if 1850 <= int(year) <= 2199:
            try:
                yield date(int(year), int(month_), int(day))
            except ValueError:
                continue
