"""Reminder letters to those on the practice's list: how many there are, and the words of each, a file at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from mainstay.foundation.tables import read_toml
from mainstay.immunizations.models import DueVaccine
from mainstay.immunizations.queries.due_list import (
    Wanted,
    appointments_ahead,
    may_be_reminded,
    of_state,
    patients_due,
    years_before,
)
from mainstay.immunizations.words import group_for_families
from mainstay.people.models import Address, Patient
from mainstay.people.queries import spell_phone
from mainstay.practice.models import Practice, Site

LETTERS_A_FILE = 200
"""How many letters are set in one file: what a printer takes in one go, in a few seconds."""
ADULT_YEARS = 18


@dataclass(frozen=True, slots=True)
class LetterFile:
    """One file of letters: which it is, and the first and the last letter in it, counted from one."""

    number: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class LetterCount:
    """How many of those who are due get a letter, and why the others do not."""

    due: int
    no_contact: int
    comes_anyway: int
    no_address: int

    @property
    def letters(self) -> int:
        """How many letters there are in all."""
        return self.due - self.no_contact - self.comes_anyway - self.no_address

    @property
    def files(self) -> list[LetterFile]:
        """The files they are printed from; every letter is in one of them."""
        starts = range(0, self.letters, LETTERS_A_FILE)
        return [LetterFile(n, at + 1, min(at + LETTERS_A_FILE, self.letters)) for n, at in enumerate(starts, start=1)]


def letter_count(wanted: Wanted, *, on: date) -> LetterCount:
    """How many letters the narrowed list makes. Four statements."""
    due = patients_due(wanted, on=on).order_by()
    reminded = may_be_reminded(due)
    waiting = _without_visit(reminded, on)
    counts = [each.count() for each in (due, reminded, waiting, _with_address(waiting))]
    return LetterCount(counts[0], counts[0] - counts[1], counts[1] - counts[2], counts[2] - counts[3])


def letters_words(wanted: Wanted, *, on: date, number: int) -> dict[str, Any]:
    """The words of one file of letters, each letter in its patient's language. Five statements.

    Only those who allow contact, have an address that is no secret, and have no visit ahead.
    """
    waiting = _with_address(_without_visit(may_be_reminded(patients_due(wanted, on=on)), on))
    start = max(number - 1, 0) * LETTERS_A_FILE
    patients = list(waiting.select_related("home_site")[start : start + LETTERS_A_FILE])
    addresses = {row.patient_id: row for row in _addresses().filter(patient__in=patients).order_by("-pk")}
    practice = Practice.objects.values_list("name", flat=True).first() or ""
    site = Site.objects.filter(is_open=True).order_by("pk").first()
    due: dict[int, list[DueVaccine]] = defaultdict(list)
    for row in DueVaccine.objects.filter(of_state(wanted.state, on), patient__in=patients).order_by("group"):
        due[row.patient_id].append(row)
    letters = [_letter(one, addresses[one.pk], due[one.pk], one.home_site or site, on) for one in patients]
    say = read_toml("mainstay.immunizations", "record_words.toml")["en"]
    return {"title": say["letter_title"], "lang": "en", "practice": practice, "letters": letters}


def _without_visit(patients: QuerySet[Patient], on: date) -> QuerySet[Patient]:
    return patients.exclude(Exists(appointments_ahead(on)))


def _addresses() -> QuerySet[Address]:
    return Address.objects.filter(is_withdrawn=False, is_confidential=False)


def _with_address(patients: QuerySet[Patient]) -> QuerySet[Patient]:
    return patients.filter(Exists(_addresses().filter(patient=OuterRef("pk"))))


def _letter(
    patient: Patient, address: Address, due: Sequence[DueVaccine], site: Site | None, on: date
) -> dict[str, Any]:
    language = "es" if patient.language.startswith("es") else "en"
    say = read_toml("mainstay.immunizations", "record_words.toml")[language]
    is_child = patient.birth_date > years_before(on, ADULT_YEARS)
    phone = spell_phone(site.phone) if site and site.phone else say["phone_none"]
    place = f"{address.city}, {address.state} {address.postal_code}"
    names = [
        group_for_families(row.group, language) + (f" ({say['ask']})" if row.is_shared_decision else "") for row in due
    ]
    return {
        "lang": language,
        "sender": [line for line in (site.street, f"{site.city}, {site.state} {site.postal_code}") if line.strip(" ,")]
        if site
        else [],
        "address": [line for line in (patient.legal_name, address.street, address.street2, place) if line],
        "date": f"{on:%m/%d/%Y}",
        "title": say["letter_title"],
        "dear": (say["dear_parent"] if is_child else say["dear"]).format(name=patient.called_name),
        "due": say["letter_due"],
        "vaccines": names,
        "talk": say["letter_talk"] if any(row.is_shared_decision for row in due) else "",
        "call": say["letter_call"].format(phone=phone),
        "end": say["letter_end"],
        "no": say["letter_no"],
    }
