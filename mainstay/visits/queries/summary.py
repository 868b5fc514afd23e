"""What the after-visit summary says: the patient's facts in the patient's language, the clinician's words as signed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import override

from mainstay.chart.models import Observation
from mainstay.chart.queries import allergies_in_brief, current_medications, observations_of_visit
from mainstay.foundation.components.timing import spell_date, spell_time
from mainstay.people.models import Patient
from mainstay.people.queries import spell_phone
from mainstay.practice.models import Practice, VisitType
from mainstay.scheduling.models import Appointment
from mainstay.visits.models import Visit
from mainstay.visits.playbooks import kind_for_patients, summary_phrases

MEASURES = (
    ("heart_rate", "pulse", "/min"),
    ("respiratory_rate", "breathing", "/min"),
    ("temperature", "temperature", "°F"),
    ("oxygen_saturation", "oxygen", "%"),
    ("weight", "weight", "lb"),
    ("height", "height", "in"),
    ("length", "height", "in"),
    ("head_circumference", "head", "cm"),
    ("pain", "pain", ""),
)
TO_US = {
    "temperature": lambda c: c * Decimal("1.8") + 32,
    "weight": lambda kg: kg / Decimal("0.45359237"),
    "height": lambda cm: cm / Decimal("2.54"),
    "length": lambda cm: cm / Decimal("2.54"),
}


def summary_words(visit: Visit, *, language: str, now: datetime) -> dict[str, Any]:
    """The words of one visit's summary, ready to be set on paper."""
    say = summary_phrases(language)
    patient, site = visit.patient, visit.site
    with override("es" if language == "es" else "en"):
        practice = Practice.objects.values_list("name", flat=True).first() or site.name
        sections = [
            _section(say["reason"], paragraphs=[visit.reason or _kind(visit.visit_type, language)]),
            _measured(visit, say),
            _plan(visit, say),
            _medicines(patient, say),
            _allergies(visit, say),
            _next(visit, say, now, language),
            _section(
                say["call_us"],
                items=[
                    say["call_us_default"],
                    say["phone"].format(phone=spell_phone(site.phone) if site.phone else "–"),
                ],
            ),
            _section(say["emergency"], items=[say["emergency_default"], say["crisis"]]),
        ]
        return {
            "lang": "es" if language == "es" else "en",
            "title": say["title"],
            "practice": practice,
            "patient": patient.called_name,
            "born": f"{say['born']} {patient.birth_date:%m/%d/%Y}",
            "visit": say["visit_on"].format(date=spell_date(visit.day)),
            "seen_by": say["seen_by"].format(provider=visit.provider.shown_name) if visit.provider else "",
            "site": say["at_site"].format(site=site.name),
            "sections": [s for s in sections if s["paragraphs"] or s["items"] or s["rows"]],
            "footer": say["printed_on"].format(date=spell_date(now)),
        }


def _section(
    title: str,
    *,
    paragraphs: list[str] | None = None,
    items: list[str] | None = None,
    rows: list[list[str]] | None = None,
    columns: tuple[str, str] = ("", ""),
) -> dict[str, Any]:  # fmt: skip
    return {
        "title": title,
        "paragraphs": paragraphs or [],
        "items": items or [],
        "rows": rows or [],
        "columns": columns,
    }


def _measured(visit: Visit, say: Any) -> dict[str, Any]:
    latest: dict[str, Observation] = {
        o.key: o for o in observations_of_visit(visit.public_id) if o.value is not None and not o.not_done_reason
    }
    rows = []
    if "systolic" in latest and "diastolic" in latest:
        pressure = f"{latest['systolic'].value:.0f}/{latest['diastolic'].value:.0f} mmHg"
        rows.append([say["blood_pressure"], pressure])
    for key, phrase, unit in MEASURES:
        if key in latest:
            value = TO_US.get(key, lambda v: v)(latest[key].value)
            shown = f"{value:.1f}".rstrip("0").rstrip(".")
            rows.append([say[phrase], f"{shown} {unit}".strip()])
    note = [say["measured_note"]] if rows else []
    return _section(say["measured"], paragraphs=note, rows=rows, columns=(say["measured"], ""))


def _plan(visit: Visit, say: Any) -> dict[str, Any]:
    text = visit.plan_for_patient.strip()
    return _section(say["plan"], paragraphs=text.split("\n\n") if text else [say["not_signed"]])


def _medicines(patient: Patient, say: Any) -> dict[str, Any]:
    items = [_with_its_use(m.name, f"{m.dose} {m.frequency}".strip()) for m in current_medications(patient)]
    paragraphs = [say["medicines_ask"]] if items else [say["medicines_none"]]
    return _section(say["medicines"], paragraphs=paragraphs, items=items)


def _with_its_use(name: str, use: str) -> str:
    """A medicine, and set apart from its strength how much of it is taken."""
    return f"{name}: {use}" if use else name


def _allergies(visit: Visit, say: Any) -> dict[str, Any]:
    brief = allergies_in_brief(visit.patient, zone=visit.site.zone)
    if brief.state == "known":
        return _section(say["allergies"], items=list(brief.known))
    if brief.state == "none":
        return _section(
            say["allergies"], paragraphs=[say["allergies_none"].format(date=spell_date(brief.confirmed_on))]
        )
    return _section(say["allergies"], paragraphs=[say["allergies_not_asked"]])


def _kind(visit_type: VisitType, language: str) -> str:
    return kind_for_patients(visit_type.playbook, visit_type.name, language=language)


def _next(visit: Visit, say: Any, now: datetime, language: str) -> dict[str, Any]:
    booked = Appointment.objects.filter(patient=visit.patient, state="booked", during__startswith__gt=now)
    items = [
        f"{spell_date(local.date())}, {spell_time(local.time())} · {_kind(a.visit_type, language)} · {a.site.name}"
        for a in booked.select_related("visit_type", "site").order_by("during")[:5]
        for local in [a.during.lower.astimezone(a.site.zone)]
    ]
    items += [end.text for end in visit.loose_ends.exclude(settled_how__in=["declined", "booked"])]
    return _section(say["next_visits"], items=items or [say["next_visit_none"]])
