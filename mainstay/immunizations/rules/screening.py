"""The questions asked before every vaccine, and which vaccines an answer holds back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from mainstay.foundation.findings import Finding, Severity
from mainstay.foundation.tables import read_toml
from mainstay.immunizations.forecast.periods import add_period
from mainstay.immunizations.rules.ages import AgeWindow
from mainstay.immunizations.rules.concerns import Concern, ConcernKind
from mainstay.immunizations.rules.vaccines import PACKAGE, Live, Product, Words


class Answer(StrEnum):
    """What the patient said. There is no default."""

    NO = "no"
    YES = "yes"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its words, whom it is asked, which vaccines a yes or unsure holds back, and why."""

    code: str
    words: Words
    gates: tuple[str, ...]
    is_gate: bool
    ages: AgeWindow
    sexes: frozenset[str]
    why: str

    def is_asked(self, *, born: date, sex: str, on: date) -> bool:
        """Whether this person is asked."""
        return self.ages.holds(born, on) and (not self.sexes or sex in self.sexes)


@dataclass(frozen=True, slots=True)
class Said:
    """One answer, with what was added in words; for blood products also which and when."""

    answer: Answer
    detail: str = ""
    product: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class BloodProduct:
    """A product with antibodies, and how many months measles and varicella vaccines wait after it."""

    code: str
    name: str
    months: int


@cache
def questions() -> Mapping[str, Question]:
    """Every question by its code, in the order asked."""
    rows = read_toml(PACKAGE, "giving/screening.toml")["question"]
    return MappingProxyType(
        {
            row["code"]: Question(
                row["code"],
                Words(row["en"], row["es"]),
                tuple(row["gates"]),
                row["holds"] != "never",
                AgeWindow(row.get("from", ""), row.get("until", "")),
                frozenset(row.get("sex", ())),
                row["why"],
            )
            for row in rows
        }
    )


@cache
def blood_products() -> Mapping[str, BloodProduct]:
    """Products with antibodies by their code."""
    rows = read_toml(PACKAGE, "giving/blood_products.toml")["product"]
    return MappingProxyType({row["code"]: BloodProduct(**row) for row in rows})


def questions_for(*, born: date, sex: str, on: date) -> tuple[Question, ...]:
    """The questions this person is asked today."""
    return tuple(one for one in questions().values() if one.is_asked(born=born, sex=sex, on=on))


def missing_answers(answers: Mapping[str, Said], *, born: date, sex: str, on: date) -> list[Finding]:
    """A stop for every question that was asked and not answered: silence is not a no."""
    return [
        Finding(Severity.STOP, f"unanswered_{one.code}", one.code, f"Not answered: {one.words.en}")
        for one in questions_for(born=born, sex=sex, on=on)
        if one.code not in answers
    ]


def concerns_of_answers(answers: Mapping[str, Said], product: Product, *, on: date) -> list[Concern]:
    """What the answers say against one vaccine. A yes or unsure that gates it needs a clinician."""
    found = []
    for code, said in answers.items():
        question = questions().get(code)
        if question is None or said.answer is Answer.NO:
            continue
        if not question.is_gate or not product.belongs_to(question.gates):
            continue
        if code == "blood_product" and _waited_long_enough(said, product, on):
            continue
        found.append(_concern(question, said, product))
    return found


def _concern(question: Question, said: Said, product: Product) -> Concern:
    is_certain = said.answer is Answer.YES and question.code == "pregnant"
    kind = ConcernKind.CONTRAINDICATION if is_certain and product.is_live else ConcernKind.PRECAUTION
    words = said.detail.strip() or ("not sure" if said.answer is Answer.UNSURE else "yes")
    return Concern(f"said.{question.code}", kind, question.words.en.rstrip("?") + "?", f"“{words}”")


def _waited_long_enough(said: Said, product: Product, on: date) -> bool:
    """Whether a blood product was long enough ago for this vaccine; the nasal flu vaccine is about antivirals."""
    known = blood_products().get(said.product)
    if known is None or said.on is None or said.answer is not Answer.YES or product.live is Live.NASAL:
        return False
    return on >= earliest_after(known, said.on)


def earliest_after(product: BloodProduct, given: date) -> date:
    """The first day measles and varicella vaccines may follow a product with antibodies."""
    return date.fromordinal(add_period(given.toordinal(), (product.months, 0)))


def has_fainted(answers: Mapping[str, Said]) -> bool:
    """Whether somebody says they faint or fear shots, or is not sure."""
    said = answers.get("fainted")
    return said is not None and said.answer is not Answer.NO


def gated_families(codes: Iterable[str]) -> frozenset[str]:
    """The families that some of these questions gate."""
    known = questions()
    return frozenset(gate for code in codes if code in known for gate in known[code].gates)
