"""Which forms are due for one patient, and where each stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from mainstay.forms.lifecycle import FormState
from mainstay.forms.models import FormResponse
from mainstay.forms.rules import PastSignature, PatientFacts, SignerKind, form_kinds, forms_due, is_minor
from mainstay.forms.texts import LANGUAGES, text_of
from mainstay.people.models import NeedKind, Patient
from mainstay.people.queries import proxies_of

REPRESENTS = frozenset({"guardian", "representative"})
"""Authorities under which somebody else signs for an adult by default."""
STANDS = frozenset({FormState.SIGNED, FormState.DECLINED, FormState.SUPERSEDED, FormState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class PaperDue:
    """One form of a visit: what it is, why it is due, and where it stands: due, open, signed or declined."""

    form: str
    title: str
    state: str
    reason: str
    is_required: bool
    minutes: int
    is_paper_only: bool
    response: FormResponse | None = None

    @property
    def is_left(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state in ("due", "open")


def facts_of(patient: Patient, *, marks: Collection[str], on: date) -> PatientFacts:
    """What decides about a patient's forms: age, the visit's marks, and whether somebody else decides for an adult."""
    known = frozenset(marks)
    if not is_minor(PatientFacts(patient.birth_date), on):
        deciding = {p.person.authority for p in proxies_of(patient, day=on) if p.may_decide}
        known |= {"has_representative"} if deciding & REPRESENTS else set()
    return PatientFacts(patient.birth_date, known)


def papers_due(
    patient: Patient, *, playbook: str, marks: Collection[str], on: date, visit_ref: UUID | None = None
) -> list[PaperDue]:
    """The forms of a visit in the order of the table: those still due, then those settled at this visit."""
    rows = list(
        FormResponse.objects.filter(patient=patient)
        .exclude(status=FormState.TAKEN_BACK)
        .defer("answers", "drawing")
        .order_by("pk")
    )
    is_open = {row.form: row for row in rows if row.status == FormState.ASSIGNED}
    settled = {row.form: row for row in rows if visit_ref and row.visit_ref == visit_ref and row.status in STANDS}
    facts = facts_of(patient, marks=marks, on=on)
    found = []
    for due in forms_due(facts, _signatures(rows), playbook=playbook, on=on):
        if due.form not in settled:
            found.append(_paper(due.form, due.reason, is_open.get(due.form), is_required=due.is_required))
    known = {paper.form for paper in found}
    found += [_paper(form, "", row) for form, row in is_open.items() if form not in known | set(settled)]
    return found + [_paper(form, "", row) for form, row in settled.items()]


def _paper(form: str, reason: str, response: FormResponse | None, *, is_required: bool = False) -> PaperDue:
    kind = form_kinds()[form]
    states = {FormState.ASSIGNED: "open", FormState.SIGNED: "signed", FormState.DECLINED: "declined"}
    state = states.get(FormState(response.status), "ended") if response else "due"
    version = response.version if response else max(v.isoformat() for v in kind.versions)
    return PaperDue(
        form=form,
        title=kind.title.en,
        state=state,
        reason=reason,
        is_required=is_required,
        minutes=kind.minutes,
        is_paper_only=text_of(form, version).is_paper_only,
        response=response,
    )


def _signatures(rows: Iterable[FormResponse]) -> list[PastSignature]:
    found = []
    for row in rows:
        if row.status not in STANDS or row.form not in form_kinds():
            continue
        moment = row.signed_at or row.ended_at
        if moment is None:
            continue
        ended = row.ended_at if row.status == FormState.WITHDRAWN else None
        found.append(
            PastSignature(
                form=row.form,
                version=date.fromisoformat(row.version),
                signed_on=timezone.localdate(moment),
                signer=SignerKind.REPRESENTATIVE if row.signer_person_id else SignerKind.PATIENT,
                is_declined=row.signed_at is None,
                revoked_on=timezone.localdate(ended) if ended else None,
            )
        )
    return found


def standing_form(patient: Patient, form: str, *, visit_ref: UUID | None = None) -> FormResponse | None:
    """The signed form of a kind that stands now (of one visit if it is named), newest first; None if there is none."""
    rows = FormResponse.objects.filter(patient=patient, form=form, status=FormState.SIGNED)
    if visit_ref is not None:
        rows = rows.filter(visit_ref=visit_ref)
    return rows.select_related("patient", "witnessed_by", "explained_by").order_by("-signed_at").first()


def interpreter_is_needed(patient: Patient) -> bool:
    """Whether somebody has to interpret: a need on file, or a language we have no text in."""
    if patient.language and patient.language[:2] not in LANGUAGES:
        return True
    return patient.needs.filter(kind=NeedKind.INTERPRETER, ended_at=None).exists()
