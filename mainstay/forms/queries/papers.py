"""Forms as paper: blank to be filled in by hand, or as they were signed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import override

from mainstay.forms.lifecycle import FormState
from mainstay.forms.models import FormResponse
from mainstay.forms.rules import form_kinds
from mainstay.forms.texts import FormText, answer_in_words, in_language, phrases, relation_in, text_of
from mainstay.foundation.components.timing import spell_date, spell_moment
from mainstay.people.models import Patient
from mainstay.practice.models import Practice


def blank_words(form: str, language: str, *, on: date, patient: Patient | None = None) -> dict[str, Any]:
    """A form as blank paper in a language, with the patient's name and birth date when one is named.

    Raises `KeyError` for an unknown form.
    """
    version = form_kinds()[form].version_on(on)
    if version is None:
        raise KeyError(form)
    with override(language):
        return _words(text_of(form, version.isoformat()), language, {}, patient=patient, is_blank=True)


def form_words(response: FormResponse) -> dict[str, Any]:
    """A form as it was signed, or blank for its patient while it is open."""
    text = text_of(response.form, response.version)
    with override(response.language):
        is_blank = response.status == FormState.ASSIGNED
        words = _words(text, response.language, response.answers, patient=response.patient, is_blank=is_blank)
        return {**words, "ends": _ends(response), "drawing": _drawn(response.drawing), "seal": response.seal}


def _words(
    text: FormText, language: str, answers: dict[str, Any], *, patient: Patient | None, is_blank: bool
) -> dict[str, Any]:
    say, kind = phrases(language), form_kinds()[text.form]
    labels = ["name", "signature", "relation", "date"]
    labels += ["explained_by"] if kind.needs_explainer else []
    labels += ["witness"] if kind.needs_witness else []
    return {
        "lang": language,
        "title": in_language(text.title, language),
        "practice": Practice.objects.values_list("name", flat=True).first() or "",
        "patient": patient.legal_name if patient else "",
        "born": f"{say['born']} {patient.birth_date:%m/%d/%Y}" if patient else f"{say['born']} ____________",
        "name_label": say["name"],
        "staff_part": say["staff_part"],
        "is_blank": is_blank,
        "parts": [_part(part, answers, language, say, is_blank) for part in text.parts],
        "sign_words": say["sign_words"],
        "lines": [say[label] for label in labels] if is_blank else [],
        "ends": [],
        "drawing": "",
        "drawing_label": say["signature"],
        "seal": "",
        "seal_label": say["seal"],
        "footer": say["version"].format(version=spell_date(text.effective)),
    }


def _part(part: Any, answers: dict[str, Any], language: str, say: Any, is_blank: bool) -> dict[str, Any]:
    return {
        "kind": str(part.kind),
        "words": in_language(part.words, language),
        "options": [in_language(words, language) for _, words in part.options] if is_blank else [],
        "answer": answer_in_words(part, answers.get(part.key), language) or say["nothing"],
        "is_for_staff": part.is_for_staff,
    }


def _ends(response: FormResponse) -> list[str]:
    """What became of it, in sentences."""
    say, lines = phrases(response.language), []
    if response.signed_at:
        relation = (
            say["the_patient"]
            if response.signer_relation == "self"
            else relation_in(response.language, response.signer_relation)
        )
        signed = say["signed"].format(name=response.signer_name, relation=relation, when=_at(response.signed_at))
        lines.append(f"{signed}, {say['signed_on_' + response.signed_how]}.")
    if response.explained_by:
        lines.append(f"{say['explained_by']}: {response.explained_by.shown_name}, {_at(response.explained_at)}")
    if response.witnessed_by:
        lines.append(f"{say['witness']}: {response.witnessed_by.shown_name}, {_at(response.witnessed_at)}")
    if response.interpreter:
        lines.append(f"{say['interpreter']}: {response.interpreter}")
    if response.declined_reason:
        lines.append(say["declined"].format(reason=response.declined_reason))
    if response.status == FormState.WITHDRAWN:
        lines.append(say["withdrawn"].format(when=_at(response.ended_at), reason=response.ended_reason))
    if response.status == FormState.SUPERSEDED:
        lines.append(say["superseded"].format(when=_at(response.ended_at)))
    return lines


def _at(moment: datetime | None) -> str:
    return spell_moment(moment) if moment else ""


def _drawn(path: str) -> str:
    """A drawn signature as an SVG picture."""
    if not path:
        return ""
    field = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 150" width="600" height="150">'
    return f'{field}<path d="{path}" fill="none" stroke="#000" stroke-width="3" stroke-linecap="round"/></svg>'
