"""The letter to each patient who had a dose of a recalled lot: how many there are, and the words of a file of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from mainstay.foundation.actor import Actor
from mainstay.foundation.tables import read_toml
from mainstay.inventory.models import Recall, RecallNotice
from mainstay.people.models import Address, Patient
from mainstay.people.queries import spell_phone
from mainstay.practice.models import Practice, Site

LETTERS_A_FILE = 200
"""How many letters are set in one file: what a printer takes in one go, in a second or two."""
ADULT_YEARS = 18


@dataclass(frozen=True, slots=True)
class LetterFile:
    """One file of letters: which it is, and the first and the last letter in it, counted from one."""

    number: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class RecallLetters:
    """How many letters a recall makes, how many of them are Spanish or have no address, and who gets none."""

    letters: int
    spanish: int
    no_address: int
    died: int

    @property
    def files(self) -> list[LetterFile]:
        """The files they are printed from; every letter is in one of them."""
        starts = range(0, self.letters, LETTERS_A_FILE)
        return [LetterFile(n, at + 1, min(at + LETTERS_A_FILE, self.letters)) for n, at in enumerate(starts, start=1)]


def _patients(recall: Recall) -> QuerySet[Patient]:
    """Who had a dose of the lot, each once, by name."""
    whose = RecallNotice.objects.filter(recall=recall).values("patient")
    return Patient.objects.filter(pk__in=whose).order_by("family_name", "given_name", "pk")


def _addresses() -> QuerySet[Address]:
    return Address.objects.filter(is_withdrawn=False, is_confidential=False, use="home")


def recall_letters(recall: Recall) -> RecallLetters:
    """How many letters there are, in one statement."""
    alive = Q(deceased_on=None)
    found = _patients(recall).aggregate(
        letters=Count("pk", filter=alive),
        spanish=Count("pk", filter=alive & Q(language__startswith="es")),
        with_address=Count("pk", filter=alive & Q(pk__in=_addresses().values("patient"))),
        died=Count("pk", filter=~alive),
    )
    return RecallLetters(found["letters"], found["spanish"], found["letters"] - found["with_address"], found["died"])


def letter_words(actor: Actor, recall: Recall, *, number: int = 1, patient_id: int | None = None) -> dict[str, Any]:
    """What the paper `recall_letter.typ` says: one file of letters, a letter a patient, each in the patient's language.

    With `patient_id` that patient's letter alone. Four statements, however many letters.
    """
    whose = _patients(recall).filter(deceased_on=None)
    start = max(number - 1, 0) * LETTERS_A_FILE
    patients = list(whose.filter(pk=patient_id) if patient_id else whose[start : start + LETTERS_A_FILE])
    doses: dict[int, list[RecallNotice]] = defaultdict(list)
    rows = RecallNotice.objects.filter(recall=recall, patient__in=patients)
    for notice in rows.select_related("patient__home_site", "draw__stock__unit__site").order_by("draw__drawn_at", "pk"):
        doses[notice.patient_id].append(notice)
    homes = {row.patient_id: row for row in _addresses().filter(patient__in=patients).order_by("pk")}
    practice = Practice.objects.values_list("name", flat=True).first() or ""
    letters = [_letter(recall, one, doses[one.pk], homes.get(one.pk), practice, actor) for one in patients]
    title = _words("en")["title"].format(what=f"{recall.item.name} {recall.lot_number}")
    return {"title": title, "practice": practice, "letters": letters}


def site_of(notice: RecallNotice) -> Site:
    """The site that tells somebody: where they had the dose, else their own, else the first there is."""
    if notice.draw is not None:
        return notice.draw.stock.unit.site
    found = notice.patient.home_site or Site.objects.order_by("pk").first()
    assert found is not None
    return found


def _words(language: str) -> Mapping[str, Any]:
    words: Mapping[str, Any] = read_toml("mainstay.inventory", "letter_words.toml")[language]
    return words


def _letter(
    recall: Recall, patient: Patient, notices: Sequence[RecallNotice], home: Address | None, practice: str, actor: Actor
) -> dict[str, Any]:
    language = "es" if patient.language.startswith("es") else "en"
    say, site = _words(language), site_of(notices[0])
    today = actor.now.astimezone(site.zone).date()
    is_child = patient.birth_date > today.replace(year=today.year - ADULT_YEARS, day=min(today.day, 28))
    in_spanish = language == "es"
    return {
        "lang": language,
        "practice": practice or site.name,
        "site": _lines(
            "" if practice == site.name else site.name,
            site.street,
            f"{site.city}, {site.state} {site.postal_code}".strip(", "),
        ),
        "day": _day(say, today),
        "to": _to(patient, home),
        "greeting": say["dear_parent" if is_child else "dear"].format(name=patient.legal_name),
        "paragraphs": [
            " ".join([*_had(say, recall, notices, site, is_child), say["back"].format(issuer=recall.issued_by)]),
            say["why"].format(reason=(in_spanish and recall.reason_es) or recall.reason),
            say["what"].format(what=(in_spanish and recall.what_to_do_es) or recall.what_to_do),
            say["call"].format(phone=spell_phone(site.phone)) if site.phone else say["call_none"],
        ],
        "closing": say["closing"],
    }


def _had(
    say: Mapping[str, Any], recall: Recall, notices: Sequence[RecallNotice], site: Site, is_child: bool
) -> list[str]:
    """Which doses on which days: those given here, then those the record says were given elsewhere."""
    here = [_day(say, n.draw.drawn_at.astimezone(site.zone).date()) for n in notices if n.draw]
    away = [_day(say, n.given_on) for n in notices if n.given_on]
    facts = {"item": recall.item.name, "lot": recall.lot_number, "name": notices[0].patient.called_name}
    whose = "child_" if is_child else ""
    found = [(whose + ("dose" if len(here) == 1 else "doses"), here), (f"{whose}elsewhere", away)]
    return [say[sentence].format(days="; ".join(days), **facts) for sentence, days in found if days]


def _day(say: Mapping[str, Any], day: date) -> str:
    return str(say["day"].format(month=say["months"][day.month - 1], day=day.day, year=day.year))


def _to(patient: Patient, home: Address | None) -> list[str]:
    if home is None:
        return [patient.legal_name]
    return _lines(patient.legal_name, home.street, home.street2, f"{home.city}, {home.state} {home.postal_code}")


def _lines(*lines: str) -> list[str]:
    return [line for line in lines if line]
