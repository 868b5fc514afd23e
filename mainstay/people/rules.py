"""What must hold of people's records: demographics, who may act for whom and until when, what merging needs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta

from mainstay.foundation.dates import OLDEST_AGE, age_on, spell_date
from mainstay.foundation.decisions import YES, Decision, no
from mainstay.foundation.findings import Finding, Severity

ADULT_AT = 18
GLASS_MINUTES = 60
"""How long a broken glass keeps a chart open."""

ENDS_AT_ADULTHOOD = frozenset({"parent", "foster"})
"""Authority over a child, which ends on the day the child turns 18 (45 CFR 164.502(g)(3): an unemancipated minor)."""
NEEDS_A_DOCUMENT = frozenset({"guardian", "foster", "power_of_attorney", "representative"})


@dataclass(frozen=True, slots=True)
class Demographics:
    """Who somebody is, as registered. `ssn_last4` is four digits or empty; the whole number is never kept."""

    given_name: str
    family_name: str
    birth_date: date
    middle_name: str = ""
    suffix: str = ""
    chosen_name: str = ""
    pronouns: str = ""
    sex: str = "unknown"
    gender_identity: str = ""
    race: tuple[str, ...] = ()
    ethnicity: str = ""
    language: str = "en"
    mother_maiden_name: str = ""
    multiple_birth_order: int | None = None
    ssn_last4: str = ""
    deceased_on: date | None = None
    is_confidential: bool = False

    def changed_from(self, other: Demographics) -> tuple[str, ...]:
        """The names of the fields that differ."""
        return tuple(f.name for f in fields(self) if getattr(self, f.name) != getattr(other, f.name))


def judge_demographics(new: Demographics, *, today: date) -> list[Finding]:
    """Findings on who somebody is said to be: what cannot be, and what is unlikely."""
    found = []
    for field in ("given_name", "family_name"):
        if not re.search(r"\w", getattr(new, field)):
            found.append(Finding(Severity.STOP, f"{field}-missing", field, f"Type the {field.replace('_', ' ')}."))
    if new.birth_date > today:
        found.append(Finding(Severity.STOP, "born-later", "birth_date", "A date of birth cannot be in the future."))
    elif age_on(new.birth_date, today) > OLDEST_AGE:
        found.append(Finding(Severity.STOP, "too-old", "birth_date", f"Nobody is over {OLDEST_AGE}. Check the year."))
    elif age_on(new.birth_date, today) >= 110:
        found.append(Finding(Severity.CONFIRM, "very-old", "birth_date", "This makes the patient 110 or older."))
    if new.ssn_last4 and not re.fullmatch(r"\d{4}", new.ssn_last4):
        found.append(Finding(Severity.STOP, "ssn-last4", "ssn_last4", "Type only the last four digits."))
    if new.deceased_on and not new.birth_date <= new.deceased_on <= today:
        found.append(Finding(Severity.STOP, "death", "deceased_on", "The date of death lies between birth and today."))
    return found


def judge_change(old: Demographics, new: Demographics) -> list[Finding]:
    """Findings on a change: when both the name and the birth date change, this may be another person's chart."""
    changed = set(new.changed_from(old))
    renamed = {"given_name", "family_name"} & changed
    if "birth_date" in changed and len(renamed) == 2:
        message = f"Both names and the birth date change. Is this still {old.given_name} {old.family_name}'s chart?"
        return [Finding(Severity.CONFIRM, "another-person", "", message)]
    return []


def adulthood(birth_date: date) -> date:
    """The day somebody turns 18; 1 March for those born on 29 February."""
    try:
        return birth_date.replace(year=birth_date.year + ADULT_AT)
    except ValueError:
        return date(birth_date.year + ADULT_AT, 3, 1)


def authority_ends(authority: str, until: date | None, birth_date: date) -> date | None:
    """The first day on which somebody's authority no longer holds; None when it has no end.

    `until` is the last day it holds. A parent's and a foster parent's authority ends on the day the child turns 18.
    """
    last = until + timedelta(days=1) if until else None
    if authority in ENDS_AT_ADULTHOOD:
        adult = adulthood(birth_date)
        return min(last, adult) if last else adult
    return last


def authority_holds(
    authority: str, since: date | None, until: date | None, *, birth_date: date, day: date, is_withdrawn: bool = False
) -> Decision:
    """Whether a proxy may act for a patient on `day`, and if not, why (45 CFR 164.502(g))."""
    if is_withdrawn:
        return no("This authority was withdrawn.", citation="45 CFR 164.502(g)")
    if authority in ("", "none"):
        return no("This person is a contact only, without authority to decide.", citation="45 CFR 164.502(g)")
    if since and day < since:
        return no(f"This authority begins on {spell_date(since)}.", citation="45 CFR 164.502(g)")
    ends = authority_ends(authority, until, birth_date)
    if ends and day >= ends:
        if authority in ENDS_AT_ADULTHOOD and ends == adulthood(birth_date):
            return no(
                f"The patient turned 18 on {spell_date(ends)} and decides alone.", citation="45 CFR 164.502(g)(3)"
            )
        return no(f"This authority ended on {spell_date(ends - timedelta(days=1))}.", citation="45 CFR 164.502(g)")
    return YES


def judge_authority(
    authority: str, since: date | None, until: date | None, document: str, *, birth_date: date, today: date
) -> list[Finding]:
    """Findings on an authority somebody wants recorded."""
    found = []
    if since and until and until < since:
        found.append(Finding(Severity.STOP, "ends-first", "authority_until", "The authority ends before it begins."))
    if authority in ENDS_AT_ADULTHOOD and today >= adulthood(birth_date):
        message = "The patient is 18 or older: a parent has no authority by being a parent. Is there a guardianship?"
        found.append(Finding(Severity.STOP, "is-adult", "authority", message))
    if authority in NEEDS_A_DOCUMENT and not document.strip():
        message = "Which document shows this authority? Save without it only if it is being brought."
        found.append(Finding(Severity.CONFIRM, "no-document", "authority_document", message))
    return found


def judge_reason(reason: str, *, field: str = "reason") -> list[Finding]:
    """A reason has to say something: at least ten letters, not one sign over and over."""
    letters = re.sub(r"\W", "", reason)
    if len(letters) < 10 or len(set(letters.lower())) < 4:
        return [Finding(Severity.STOP, "reason-missing", field, "Say in a few words why; others will read it.")]
    return []


UNLIKE_PEOPLE = "unlike-people"
"""The finding that two charts to be made one look like two people."""


def judge_merge(kept: Demographics, merged: Demographics) -> list[Finding]:
    """Findings on making two charts one: two or more of name, birth date and sex differ, so they look like two people.

    A sex nobody knows tells nobody apart.
    """
    unlike = []
    if _legal_name(kept) != _legal_name(merged):
        unlike.append("legal name")
    if kept.birth_date != merged.birth_date:
        unlike.append("date of birth")
    if kept.sex != merged.sex and "unknown" not in (kept.sex, merged.sex):
        unlike.append("sex")
    if len(unlike) < 2:
        return []
    message = f"These look like two people. Not the same: {', '.join(unlike)}. How is it known that they are one?"
    return [Finding(Severity.CONFIRM, UNLIKE_PEOPLE, "", message)]


def _legal_name(one: Demographics) -> str:
    parts = (one.given_name, one.middle_name, one.family_name, one.suffix)
    return " ".join(" ".join(parts).split()).casefold()


IF_NOT = "Open that chart, or say why this is somebody else."


def duplicate_finding(descriptions: Iterable[str]) -> Finding:
    """The finding for a new patient who looks like one we have."""
    who = "; ".join(descriptions)
    return Finding(Severity.CONFIRM, "likely-duplicate", "", f"This looks like somebody we have: {who}. {IF_NOT}")
