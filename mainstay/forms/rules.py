"""Which forms are due, who signs, and what a consent or release lacks."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from mainstay.foundation.decisions import YES, Confidence, Decision, Outcome, no
from mainstay.foundation.findings import Finding, Severity
from mainstay.foundation.tables import read_toml

PACKAGE = "mainstay.forms"


class DueRule(StrEnum):
    """When a form falls due again."""

    ONCE = "once"
    REVISION = "revision"
    YEARLY = "yearly"
    EACH_VISIT = "each_visit"
    ON_REQUEST = "on_request"


class SignerKind(StrEnum):
    """Who signs."""

    PATIENT = "patient"
    REPRESENTATIVE = "representative"


@dataclass(frozen=True, slots=True)
class Words:
    """One text in the languages patients read."""

    en: str
    es: str


@dataclass(frozen=True, slots=True)
class FormWhen:
    """Whom and which visits a form is for. `or_playbooks` admits a kind of visit whatever the marks."""

    low_years: int | None = None
    high_years: int | None = None
    any_of: frozenset[str] = frozenset()
    all_of: frozenset[str] = frozenset()
    playbooks: frozenset[str] = frozenset()
    or_playbooks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FormKind:
    """One form and its versions."""

    code: str
    title: Words
    kind: str
    due: DueRule
    versions: tuple[date, ...]
    signer: SignerKind | None
    is_required: bool
    declined_counts: bool
    needs_explainer: bool
    needs_witness: bool
    minutes: int
    when: FormWhen
    source: str

    def version_on(self, day: date) -> date | None:
        """The version in force on a day, named by the day it took effect."""
        in_force = [version for version in self.versions if version <= day]
        return max(in_force, default=None)


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """What decides about forms. `marks` are the codes playbooks use, and `has_representative`, `abn_needed`."""

    born: date
    marks: frozenset[str] = frozenset()
    is_emancipated: bool = False

    def years_on(self, day: date) -> int:
        """Completed years of age."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))


@dataclass(frozen=True, slots=True)
class PastSignature:
    """A form signed, or declined, before."""

    form: str
    version: date
    signed_on: date
    signer: SignerKind = SignerKind.PATIENT
    is_declined: bool = False
    revoked_on: date | None = None


@dataclass(frozen=True, slots=True)
class FormDue:
    """A form to be signed today, by whom, and why."""

    form: str
    title: Words
    version: date
    signer: SignerKind
    is_required: bool
    minutes: int
    reason: str


def _years(text: str) -> tuple[int | None, int | None]:
    low, _, high = text.partition("..")
    return (int(low.rstrip("y")) if low else None, int(high.rstrip("y")) if high else None)


def _when(row: Mapping[str, Any]) -> FormWhen:
    unknown = set(row) - {"age", "any_of", "all_of", "playbooks", "or_playbooks"}
    if unknown:
        raise ValueError(f"unknown conditions {sorted(unknown)}")
    low, high = _years(row["age"]) if "age" in row else (None, None)
    return FormWhen(
        low_years=low,
        high_years=high,
        any_of=frozenset(row.get("any_of", ())),
        all_of=frozenset(row.get("all_of", ())),
        playbooks=frozenset(row.get("playbooks", ())),
        or_playbooks=frozenset(row.get("or_playbooks", ())),
    )


@cache
def form_kinds() -> Mapping[str, FormKind]:
    """Every form by code (`tables/forms.toml`)."""
    return {
        r["code"]: FormKind(
            code=r["code"],
            title=Words(r["title"]["en"], r["title"]["es"]),
            kind=r["kind"],
            due=DueRule(r["due"]),
            versions=tuple(r["versions"]),
            signer=SignerKind(r["signer"]) if "signer" in r else None,
            is_required=r.get("is_required", True),
            declined_counts=r.get("declined_counts", False),
            needs_explainer=r.get("needs_explainer", False),
            needs_witness=r.get("needs_witness", False),
            minutes=r["minutes"],
            when=_when(r.get("when", {})),
            source=r["source"],
        )
        for r in read_toml(PACKAGE, "forms.toml")["form"]
    }


@cache
def majority_years() -> int:
    """The age from which a patient signs for themselves by default."""
    return int(read_toml(PACKAGE, "forms.toml")["minors"]["majority_years"])


def is_minor(patient: PatientFacts, on: date) -> bool:
    """Whether a representative signs for the patient on a day."""
    return not patient.is_emancipated and patient.years_on(on) < majority_years()


def _is_for(when: FormWhen, patient: PatientFacts, playbook: str, on: date) -> bool:
    years = patient.years_on(on)
    if when.low_years is not None and years < when.low_years:
        return False
    if when.high_years is not None and years > when.high_years:
        return False
    if playbook in when.or_playbooks:
        return True
    if when.playbooks and playbook not in when.playbooks:
        return False
    if when.any_of and not when.any_of & patient.marks:
        return False
    return when.all_of <= patient.marks


def _a_year_after(day: date) -> date:
    return day.replace(year=day.year + 1, day=min(day.day, monthrange(day.year + 1, day.month)[1]))


def _counts(signature: PastSignature, form: FormKind, patient: PatientFacts, on: date) -> bool:
    """Whether an earlier signature can still stand at all."""
    if signature.form != form.code or signature.signed_on > on:
        return False
    if signature.revoked_on is not None and signature.revoked_on <= on:
        return False
    if signature.is_declined and not form.declined_counts:
        return False
    signed_as_minor = is_minor(patient, signature.signed_on)
    return not (signed_as_minor and not is_minor(patient, on) and signature.signer is SignerKind.REPRESENTATIVE)


def _came_of_age(form: FormKind, past: Iterable[PastSignature], patient: PatientFacts, on: date) -> bool:
    """Whether a parent signed this before, for a patient who now signs alone."""
    signed_as_minor = (is_minor(patient, s.signed_on) for s in past if s.form == form.code)
    return not is_minor(patient, on) and any(signed_as_minor)


def _reason(form: FormKind, past: tuple[PastSignature, ...], patient: PatientFacts, on: date) -> str:
    """Why a form is due, or nothing if it is not."""
    version = form.version_on(on)
    standing = [s for s in past if _counts(s, form, patient, on)]
    last = max(standing, key=lambda s: s.signed_on, default=None)
    if form.due is DueRule.ON_REQUEST:
        return "" if last and last.signed_on == on else "offered at this kind of visit"
    if form.due is DueRule.EACH_VISIT:
        return "" if last and last.signed_on == on else "for every such visit"
    if last is None:
        return "came of age" if _came_of_age(form, past, patient, on) else "not signed yet"
    if form.due is DueRule.YEARLY and on >= _a_year_after(last.signed_on):
        return f"a year since {last.signed_on.isoformat()}"
    if form.due is not DueRule.ONCE and version is not None and last.version < version:
        return f"new text since {version.isoformat()}"
    return ""


def forms_due(patient: PatientFacts, past: Iterable[PastSignature], *, playbook: str, on: date) -> tuple[FormDue, ...]:
    """The forms to be signed or filled in at a visit, in the order of the table.

    What a parent signed does not count once the patient is of age. A revoked or declined form is due again, except
    the notice of privacy practices, where a documented refusal to acknowledge is enough (45 CFR 164.520(c)(2)(ii)).
    """
    signatures = tuple(past)
    by_default = SignerKind.REPRESENTATIVE if is_minor(patient, on) else SignerKind.PATIENT
    if "has_representative" in patient.marks:
        by_default = SignerKind.REPRESENTATIVE
    due = []
    for form in form_kinds().values():
        version = form.version_on(on)
        if version is None or not _is_for(form.when, patient, playbook, on):
            continue
        if reason := _reason(form, signatures, patient, on):
            signer = form.signer or by_default
            due.append(FormDue(form.code, form.title, version, signer, form.is_required, form.minutes, reason))
    return tuple(due)


# Consents and releases


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """A consent as it lies on the desk, before the procedure starts."""

    covered: frozenset[str]
    explained_by_licensed: bool
    explainer: str
    witness: str
    is_signed: bool
    signer_may_sign: bool
    interpreter_needed: bool
    interpreter: str


@cache
def consent_elements() -> Mapping[str, str]:
    """What a consent has to cover, by code (`tables/forms.toml`)."""
    return {r["code"]: r["title"] for r in read_toml(PACKAGE, "forms.toml")["consent_element"]}


@cache
def release_elements() -> Mapping[str, str]:
    """What a release has to hold, by code (45 CFR 164.508(c))."""
    return {r["code"]: r["title"] for r in read_toml(PACKAGE, "forms.toml")["release_element"]}


def _stop(code: str, field: str, message: str) -> Finding:
    return Finding(Severity.STOP, code, field, message)


def consent_gaps(consent: ConsentFacts) -> tuple[Finding, ...]:
    """What is missing before anybody starts. The provider explains; the medical assistant only witnesses."""
    gaps = [
        _stop("consent-element-missing", element, f"The consent does not cover: {title}.")
        for element, title in consent_elements().items()
        if element not in consent.covered
    ]
    if not consent.explainer or not consent.explained_by_licensed:
        gaps.append(_stop("consent-not-explained", "explainer", "A licensed provider has to explain it, by name."))
    if not consent.is_signed:
        gaps.append(_stop("consent-not-signed", "signature", "It is not signed."))
    if not consent.signer_may_sign:
        gaps.append(_stop("consent-wrong-signer", "signer", "The person who signed may not sign for this patient."))
    if not consent.witness:
        gaps.append(_stop("consent-no-witness", "witness", "A witness to the signature is missing."))
    elif consent.witness == consent.explainer:
        gaps.append(_stop("consent-own-witness", "witness", "Who explained it cannot witness the signature."))
    if consent.interpreter_needed and not consent.interpreter:
        gaps.append(_stop("consent-no-interpreter", "interpreter", "The interpreter's name or number is missing."))
    return tuple(gaps)


def release_gaps(covered: Iterable[str], *, is_signed: bool, expires_on: date | None, on: date) -> tuple[Finding, ...]:
    """What makes a release of records invalid on a day (45 CFR 164.508(b)(2), (c))."""
    held = set(covered)
    gaps = [
        _stop("release-element-missing", element, f"The release does not say: {title}.")
        for element, title in release_elements().items()
        if element not in held
    ]
    if not is_signed:
        gaps.append(_stop("release-not-signed", "signature", "It is not signed and dated."))
    if expires_on is not None and expires_on < on:
        gaps.append(_stop("release-expired", "expiry", f"It ended on {expires_on.isoformat()}."))
    return tuple(gaps)


# Minors


@dataclass(frozen=True, slots=True)
class MinorService:
    """A kind of care and from which age a minor may consent to it, as far as we know."""

    code: str
    title: str
    from_years: int
    signer: str
    source: str


@cache
def minor_services() -> Mapping[str, MinorService]:
    """Kinds of care with their own age of consent (`tables/forms.toml`)."""
    rows = read_toml(PACKAGE, "forms.toml")["minors"]["service"]
    return {r["code"]: MinorService(r["code"], r["title"], r["from_years"], r["signer"], r["source"]) for r in rows}


def may_consent_alone(patient: PatientFacts, service: str, *, on: date) -> Decision:
    """Whether a patient may consent to a kind of care without a parent or guardian.

    Answers ASK where the state's law decides and nobody has verified it. Raises `KeyError` for an unknown service.
    """
    kind = minor_services()[service]
    if not is_minor(patient, on):
        return YES
    parents = ("a parent or guardian",)
    if patient.years_on(on) < kind.from_years:
        return no(f"{kind.title}: a parent or guardian signs.", citation=kind.source, who_could=parents)
    if kind.signer == "patient":
        return Decision(Outcome.ALLOW, f"{kind.title}.", citation=kind.source)
    return Decision(
        Outcome.ASK,
        f"{kind.title}: a minor may often consent alone; the provider confirms the law of this state first.",
        citation=kind.source,
        confidence=Confidence.UNVERIFIED,
        who_could=("the provider", *parents),
    )
