"""The letter to each patient who had a dose of a recalled lot, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
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
    patient, site = notices[0].patient, site_of(notices[0])
    with override(patient.language if patient.language in ("en", "es") else "en"):
        return {
            "lang": patient.language if patient.language in ("en", "es") else "en",
            "practice": practice.name if practice else site.name,
            "site": _lines_of_site(site),
            "day": date_format(on.astimezone(site.zone).date(), "DATE_FORMAT"),
            "to": _lines_of_patient(patient, home),
            "greeting": _("Dear %(name)s,") % {"name": patient.legal_name},
            "paragraphs": [
                *_had(recall, notices, site),
                _("Why: %(reason)s") % {"reason": recall.reason},
                _("What to do: %(what)s") % {"what": recall.what_to_do},
                _("Please call us at %(phone)s with any question.") % {"phone": site.phone or _("the clinic")},
            ],
            "closing": _("Your care team"),
        }


def _had(recall: Recall, notices: list[RecallNotice], site: Site) -> list[str]:
    """Which doses on which days: those given here, then those the record says were given elsewhere."""
    facts = {"item": recall.item.name, "lot": recall.lot_number, "issuer": recall.issued_by}
    here = [_short(n.draw.drawn_at.astimezone(site.zone).date()) for n in notices if n.draw]
    elsewhere = [_short(n.given_on) for n in notices if n.given_on]
    found = []
    if here:
        words = ngettext(
            "On %(days)s you received a dose of %(item)s from lot %(lot)s here. %(issuer)s has called this lot back.",
            "On %(days)s you received doses of %(item)s from lot %(lot)s here. %(issuer)s has called this lot back.",
            len(here),
        )
        found.append(words % {**facts, "days": ", ".join(here)})
    if elsewhere:
        words = _(
            "Your record says that on %(days)s you received %(item)s from lot %(lot)s at another place. "
            "%(issuer)s has called this lot back."
        )
        found.append(words % {**facts, "days": ", ".join(elsewhere)})
    return found


def _short(day: date) -> str:
    return str(date_format(day, "SHORT_DATE_FORMAT"))


def site_of(notice: RecallNotice) -> Site:
    """The site that tells somebody: where they had the dose, else their own, else the first there is."""
    if notice.draw is not None:
        return notice.draw.stock.unit.site
    found = notice.patient.home_site or Site.objects.order_by("pk").first()
    assert found is not None
    return found


def _lines_of_site(site: Site) -> list[str]:
    return [
        line for line in (site.name, site.street, f"{site.city}, {site.state} {site.postal_code}".strip(", ")) if line
    ]


def _lines_of_patient(patient: Patient, home: Address | None) -> list[str]:
    if home is None:
        return [patient.legal_name]
    return [patient.legal_name, home.street, f"{home.city}, {home.state} {home.postal_code}"]
