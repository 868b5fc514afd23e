"""The immunization record on paper: every dose that was given, disease by disease, and what comes next."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.utils.translation import override

from mainstay.foundation.components.timing import spell_date
from mainstay.foundation.tables import read_toml
from mainstay.immunizations.forecast import EvaluationStatus, Forecast, SeriesStatus, dose_results, forecast_person
from mainstay.immunizations.models import VaccineDose
from mainstay.immunizations.queries.due import GIVEN, known_people
from mainstay.immunizations.queries.schedules import governing_schedule
from mainstay.immunizations.vaccine_names import name_of_vaccine
from mainstay.immunizations.words import group_for_families
from mainstay.people.models import Patient
from mainstay.practice.models import Practice


def record_words(patient: Patient, *, language: str, on: date) -> dict[str, Any]:
    """The words of one patient's record, English or Spanish, ready to be set on paper."""
    say = read_toml("mainstay.immunizations", "record_words.toml")[language if language == "es" else "en"]
    schedule = governing_schedule()
    person = known_people([patient], on, schedule)[patient.pk].person
    forecast = forecast_person(person, schedule, on)
    group_of = {antigen: group.name for group in schedule.groups for antigen in group.antigens}
    given: dict[str, dict[int, str]] = defaultdict(dict)
    for result in dose_results(forecast):
        day = f"{date.fromordinal(result.record.day):%m/%d/%Y}"
        cell = given[group_of[result.antigen]].get(result.record.position, "")
        is_valid = result.status is EvaluationStatus.VALID
        given[group_of[result.antigen]][result.record.position] = (
            day if is_valid or (cell and "*" not in cell) else f"{day} *"
        )
    rows = [
        [group_for_families(group.name, language), ", ".join(cell for _, cell in sorted(given[group.name].items()))]
        for group in schedule.groups
        if group.name in given
    ]
    nexts = [
        [group_for_families(group.group.name, language), f"{date.fromordinal(group.recommended):%m/%d/%Y}"]
        for group in sorted(forecast.groups, key=lambda item: item.recommended)
        if group.status is SeriesStatus.NOT_COMPLETE and 0 < group.recommended <= on.toordinal() + 366 * 2
    ]
    doses = VaccineDose.objects.filter(patient=patient, status__in=GIVEN).order_by("given_on", "pk")
    with override("es" if language == "es" else "en"):
        return {
            "lang": "es" if language == "es" else "en",
            "title": say["title"],
            "practice": Practice.objects.values_list("name", flat=True).first() or "",
            "patient": patient.legal_name,
            "born": f"{say['born']} {patient.birth_date:%m/%d/%Y}",
            "number": f"{say['number']} {patient.mrn}",
            "given": {"title": say["given"], "columns": [say["against"], say["dates"]], "rows": rows},
            "next": {"title": say["next"], "columns": [say["against"], say["from"]], "rows": nexts},
            "doses": {
                "title": say["doses"],
                "columns": [say["date"], say["vaccine"], say["lot"], say["where"]],
                "rows": [
                    [
                        f"{dose.given_on:%m/%d/%Y}",
                        dose.product or name_of_vaccine(dose.cvx),
                        dose.lot_number,
                        say["here"] if dose.source == "here" else say["elsewhere"],
                    ]
                    for dose in doses
                ],
            },
            "none": say["none"],
            "star": say["star"] if any("*" in row[1] for row in rows) else "",
            "advice": say["advice"].format(whose=_whose_advice(forecast, language)),
            "sign": [say["signature"], say["signed_on"]],
            "footer": say["printed"].format(date=spell_date(on)),
        }


def _whose_advice(forecast: Forecast, language: str) -> str:
    """The editions the dates come from; those that hold for some vaccines only, with what these protect against."""
    schedule = forecast.patient.schedule
    others: dict[str, list[str]] = defaultdict(list)
    for group in schedule.groups:
        title = schedule.header_of(group.name).title
        if title != schedule.header.title:
            others[title].append(group_for_families(group.name, language))
    return "; ".join([schedule.header.title, *(f"{title} ({', '.join(names)})" for title, names in others.items())])
