"""The letter to each patient who had a dose of a recalled lot, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from mainstay.foundation.actor import Actor
from mainstay.inventory.models import Recall, RecallNotice
from mainstay.people.models import Address, Patient
from mainstay.practice.models import Practice, Site


def letter_words(actor: Actor, recall: Recall, notices: Iterable[RecallNotice]) -> dict[str, Any]:
    """What the paper `recall_letter.typ` says: a letter a patient, in the patient's language where we have it."""
    by_patient: dict[int, list[RecallNotice]] = {}
    for notice in notices:
        by_patient.setdefault(notice.patient_id, []).append(notice)
    rows = Address.objects.filter(patient__in=by_patient, is_withdrawn=False, use="home").order_by("pk")
    homes = {address.patient_id: address for address in rows}
    practice = Practice.objects.first()
    return {
        "title": _("Recall of %(name)s") % {"name": f"{recall.item.name} {recall.lot_number}"},
        "practice": practice.name if practice else "",
        "letters": [
            _letter(recall, found, homes.get(patient_id), practice, on=actor.now)
            for patient_id, found in by_patient.items()
        ],
    }


def _letter(
    recall: Recall, notices: list[RecallNotice], home: Address | None, practice: Practice | None, *, on: datetime
) -> dict[str, Any]:
    patient, site = notices[0].patient, notices[0].draw.stock.unit.site
    with override(patient.language if patient.language in ("en", "es") else "en"):
        days = [date_format(n.draw.drawn_at.astimezone(site.zone).date(), "SHORT_DATE_FORMAT") for n in notices]
        return {
            "lang": patient.language if patient.language in ("en", "es") else "en",
            "practice": practice.name if practice else site.name,
            "site": _lines_of_site(site),
            "day": date_format(on.astimezone(site.zone).date(), "DATE_FORMAT"),
            "to": _lines_of_patient(patient, home),
            "greeting": _("Dear %(name)s,") % {"name": patient.legal_name},
            "paragraphs": [
                ngettext(
                    "On %(days)s you received a dose of %(item)s from lot %(lot)s here. "
                    "%(issuer)s has called this lot back.",
                    "On %(days)s you received doses of %(item)s from lot %(lot)s here. "
                    "%(issuer)s has called this lot back.",
                    len(days),
                )
                % {
                    "days": ", ".join(days),
                    "item": recall.item.name,
                    "lot": recall.lot_number,
                    "issuer": recall.issued_by,
                },
                _("Why: %(reason)s") % {"reason": recall.reason},
                _("What to do: %(what)s") % {"what": recall.what_to_do},
                _("Please call us at %(phone)s with any question.") % {"phone": site.phone or _("the clinic")},
            ],
            "closing": _("Your care team"),
        }


def _lines_of_site(site: Site) -> list[str]:
    return [
        line for line in (site.name, site.street, f"{site.city}, {site.state} {site.postal_code}".strip(", ")) if line
    ]


def _lines_of_patient(patient: Patient, home: Address | None) -> list[str]:
    if home is None:
        return [patient.legal_name]
    return [patient.legal_name, home.street, f"{home.city}, {home.state} {home.postal_code}"]
