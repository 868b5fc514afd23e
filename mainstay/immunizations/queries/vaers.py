"""The draft of a VAERS report: what the form asks, in its order and under its numbers, as far as the chart knows it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from mainstay.chart.models import Allergy, Medication, Problem
from mainstay.chart.queries import allergies_in_brief
from mainstay.foundation import dates
from mainstay.immunizations.models import GivenDose, VaccineDose, VaccineReaction
from mainstay.immunizations.queries.giving import answers_of, facts_for_giving, given_doses_of
from mainstay.immunizations.queries.papers import maker_name, practice_name, spell_day
from mainstay.immunizations.rules.placing import sites
from mainstay.immunizations.rules.screening import Answer, Said
from mainstay.immunizations.rules.watching import reportables, signs
from mainstay.immunizations.vaccine_names import name_of_vaccine
from mainstay.people.models import Channel, Patient
from mainstay.people.queries import address_of, spell_phone, ways_to_reach

Row = list[str]
RACES = {
    "1002-5": "American Indian or Alaska Native", "2028-9": "Asian", "2054-5": "Black or African American",
    "2076-8": "Native Hawaiian or Other Pacific Islander", "2106-3": "White", "2131-1": "Other",
}  # fmt: skip
ETHNICITIES = {"2135-2": "Hispanic or Latino", "2186-5": "Not Hispanic or Latino"}
MONTH = timedelta(days=31)
NOT_REAL = ("refuted", "entered-in-error")


def vaers_words(reaction: VaccineReaction, *, now: datetime) -> dict[str, Any]:
    """Every item of VAERS 2.0 with what the chart knows; a person checks it, completes what is empty, and sends it."""
    vaccination = reaction.watch.vaccination
    patient, visit = vaccination.patient, vaccination.visit
    zone = visit.site.zone
    given = given_doses_of(vaccination)
    return {
        "title": "Draft of a VAERS report",
        "lead": "Made from the chart. A person checks it, completes what is empty, and sends it at vaers.hhs.gov.",
        "practice": practice_name(),
        "columns": ["What the form asks", "From the chart"],
        "parts": [
            {"title": "Patient", "rows": _patient(reaction, patient, given, now=now, zone=zone)},
            {"title": "Health before", "rows": _before(reaction, patient)},
            {"title": "Who reports", "rows": _reporter(reaction, given)},
            {"title": "Vaccines given on that day", "rows": [[f"17. {one.dose.product}", _dose(one)] for one in given]},
            {"title": "What happened", "rows": _event(reaction, zone)},
            {"title": "More", "rows": _more(reaction, patient)},
        ],
        "footer": f"{patient.mrn} · {spell_day(now.astimezone(zone).date())}",
    }


def _patient(
    reaction: VaccineReaction, patient: Patient, given: list[GivenDose], *, now: datetime, zone: ZoneInfo
) -> list[Row]:
    visit = reaction.watch.vaccination.visit
    return [
        ["1. Patient", patient.legal_name],
        ["1. Address and phone", _where(patient)],
        ["2. Date of birth", spell_day(patient.birth_date)],
        ["3. Sex", str(patient.get_sex_display())],
        ["4. Date and time of vaccination", _moment(given[0].given_at, zone) if given else ""],
        ["5. Date and time the adverse event started", _moment(reaction.noticed_at, zone)],
        ["6. Age at vaccination", dates.spell_age(patient.birth_date, visit.day)],
        ["7. Today's date", spell_day(now.astimezone(zone).date())],
        ["8. Pregnant at the time", _pregnant(reaction, patient)],
    ]


def _where(patient: Patient) -> str:
    """Address and phone; what somebody wants kept confidential stays here."""
    home = address_of(patient)
    parts = [home.street, home.city, f"{home.state} {home.postal_code}"] if home and not home.is_confidential else []
    phones = [one for one in ways_to_reach(patient) if one.channel == Channel.PHONE and not one.is_confidential]
    return ", ".join(part.strip() for part in (*parts, *(spell_phone(one.value) for one in phones[:1])) if part.strip())


def _pregnant(reaction: VaccineReaction, patient: Patient) -> str:
    if facts_for_giving(patient, on=reaction.watch.vaccination.visit.day).is_pregnant:
        return "Yes"
    said = answers_of(reaction.watch.vaccination).get("pregnant")
    return {Answer.YES: "Yes", Answer.NO: "No", Answer.UNSURE: "Unknown"}[said.answer] if said else ""


def _before(reaction: VaccineReaction, patient: Patient) -> list[Row]:
    on = reaction.watch.vaccination.visit.day
    answers = answers_of(reaction.watch.vaccination)
    taken = Medication.objects.filter(patient=patient, status="active").exclude(ended_on__lt=on).order_by("pk")
    allergic = Allergy.objects.filter(patient=patient, ended_on=None).exclude(verification__in=NOT_REAL).order_by("pk")
    ill = Problem.objects.filter(patient=patient, status="active").exclude(verification__in=NOT_REAL).order_by("pk")
    return [
        ["9. Medicines at the time", _listed(f"{one.name} {one.dose} {one.frequency}" for one in taken)],
        [
            "10. Allergies",
            _listed(one.substance + (f" ({one.reaction})" if one.reaction else "") for one in allergic)
            if allergic
            else _no_allergy(patient, reaction.watch.vaccination.visit.site.zone),
        ],
        ["11. Other illness then and in the month before", _answer(answers.get("sick_today"))],
        ["12. Chronic or long-standing conditions", _listed(one.text for one in ill)],
    ]


def _no_allergy(patient: Patient, zone: ZoneInfo) -> str:
    """That none is known, with the day it was confirmed; else that nobody has asked."""
    brief = allergies_in_brief(patient, zone=zone)
    return f"None known, confirmed {spell_day(brief.confirmed_on)}" if brief.confirmed_on else "Not asked yet"


def _reporter(reaction: VaccineReaction, given: list[GivenDose]) -> list[Row]:
    visit = reaction.watch.vaccination.visit
    site = visit.site
    address = given[0].clinic_address if given else ""
    numbers = [
        f"phone {spell_phone(site.phone)}" if site.phone else "",
        f"fax {spell_phone(site.fax)}" if site.fax else "",
    ]
    return [
        ["13. Form filled in by", reaction.noticed_by.get_full_name() if reaction.noticed_by else ""],
        ["14. Best clinician to contact", visit.provider.get_full_name() if visit.provider else ""],
        ["15. Facility", ", ".join(part for part in (site.name, address, *numbers) if part)],
        ["16. Type of facility", site.setting.replace("_", " ")],
    ]


def _dose(given: GivenDose) -> str:
    where = sites()[given.site].name.en.lower()
    number = f", dose {given.preparation.dose_number}" if given.preparation.dose_number else ""
    maker = f"{maker_name(given.dose.mvx)}, lot {given.lot_number}"
    return f"{maker}, {given.route.upper()}, {where}{number}, given by {given.giver_name}"


def _event(reaction: VaccineReaction, zone: ZoneInfo) -> list[Row]:
    called = next((row.name for row in reportables() if row.event == reaction.event), "")
    seen = ", ".join(signs()[code].name.lower() for code in reaction.signs if code in signs())
    at = dates.spell_time(reaction.noticed_at.astimezone(zone).time())
    words = f" {reaction.words}" if reaction.words else ""
    return [
        ["18. Description of the event", f"{reaction.minute} minutes after vaccination ({at}): {seen}.{words}"],
        ["18. Named by the clinician", called],
        ["18. Treatment", reaction.done],
        ["19. Tests and laboratory results", ""],
        ["20. Recovered", {"yes": "Yes", "no": "Not yet", "unknown": "Unknown"}.get(reaction.recovered, "")],
        ["21. Outcome (visit, hospital, life-threatening)", ""],
    ]


def _more(reaction: VaccineReaction, patient: Patient) -> list[Row]:
    day = reaction.watch.vaccination.visit.day
    others = VaccineDose.objects.filter(
        patient=patient, status__in=["completed", "partial"], given_on__lt=day, given_on__gte=day - MONTH
    )
    earlier = VaccineReaction.objects.filter(
        watch__vaccination__patient=patient, noticed_at__lt=reaction.watch.started_at
    ).order_by("pk")
    said = _answer(answers_of(reaction.watch.vaccination).get("reaction_before"))
    known = [f"{spell_day(one.noticed_at.date())}: {one.seen.lower()}" for one in earlier]
    return [
        [
            "22. Other vaccines in the month before",
            _listed(
                f"{one.product or name_of_vaccine(one.cvx)} {spell_day(one.given_on)}"
                f"{f', lot {one.lot_number}' if one.lot_number else ''}"
                for one in others.order_by("given_on", "pk")
            ),
        ],
        ["23. Adverse events after earlier vaccines", "; ".join([*([said] if said else []), *known])],
        ["24. Race", ", ".join(RACES.get(code, code) for code in patient.race)],
        ["25. Ethnicity", ETHNICITIES.get(patient.ethnicity, "")],
        ["VAERS number, once reported", reaction.report_number],
    ]


def _answer(said: Said | None) -> str:
    if said is None:
        return ""
    return f"{str(said.answer).capitalize()}{f': {said.detail}' if said.detail else ''}"


def _listed(words: Iterable[str]) -> str:
    found = [" ".join(one.split()) for one in words]
    return "; ".join(found) if found else "None on record"


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{spell_day(local.date())}, {dates.spell_time(local.time())}"
