"""The patient banner: what people know of a patient, and what the domains above add to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.urls import reverse

from mainstay.foundation.actor import Actor
from mainstay.foundation.components.frame import Alert, Allergies, PatientBanner
from mainstay.people.languages import language_name
from mainstay.people.models import Patient
from mainstay.people.queries.details import Proxy, alerts_of, first_phone, needs_of, proxies_of

BannerPart = Callable[[Actor, Patient], Mapping[str, Any]]
"""Adds to the banner: fields of `PatientBanner`; `needs`, `alerts` and `links` are appended, others replaced."""

_parts: list[BannerPart] = []
_APPENDED = ("needs", "alerts", "links")


def banner_part(part: BannerPart) -> BannerPart:
    """Let a domain above add to every banner; called from `config/banner.py`."""
    if part not in _parts:
        _parts.append(part)
    return part


def banner_for(actor: Actor, patient: Patient) -> PatientBanner:
    """What stands on top of every page of a patient: put it into the page's context as `banner`."""
    banner = PatientBanner(
        name=patient.called_name,
        legal_name=patient.legal_name if patient.chosen_name else "",
        url=reverse("patient", args=[patient.public_id]),
        hue=patient.hue,
        birth_date=patient.birth_date,
        mrn=patient.mrn,
        allergies=Allergies("not_asked"),
        pronouns=patient.pronouns,
        sex=patient.get_sex_display() if patient.sex != "unknown" else "",
        needs=_needs(patient),
        alerts=_alerts(actor, patient),
        deceased_on=patient.deceased_on,
        phone=first_phone(patient),
    )
    for part in _parts:
        added = dict(part(actor, patient))
        for name in _APPENDED:
            if name in added:
                added[name] = (*getattr(banner, name), *added[name])
        banner = replace(banner, **added)
    return banner


def _needs(patient: Patient) -> tuple[str, ...]:
    found = []
    for need in needs_of(patient):
        word = need.get_kind_display() if need.kind != "fear" else "Afraid of"
        if need.kind == "interpreter" and not need.detail:
            found.append(f"Interpreter: {language_name(patient.language)}")
        elif need.kind == "other":
            found.append(need.detail)
        else:
            found.append(f"{word}: {need.detail}" if need.detail else word)
    if patient.language not in ("en", "") and not any(n.startswith("Interpreter") for n in found):
        found.insert(0, f"Speaks {language_name(patient.language)}")
    return tuple(found)


def _alerts(actor: Actor, patient: Patient) -> tuple[Alert, ...]:
    alerts = [Alert("confirm", alert.text) for alert in alerts_of(patient)]
    if patient.is_confidential:
        alerts.insert(0, Alert("told", "Confidential chart"))
    alerts += [Alert("told", _proxy_words(proxy)) for proxy in proxies_of(patient, day=actor.today) if proxy.may_decide]
    return tuple(alerts)


def _proxy_words(proxy: Proxy) -> str:
    until = f", until {proxy.ends.year}" if proxy.ends else ""
    return f"Proxy: {proxy.person.name} ({proxy.person.relationship}){until}"
