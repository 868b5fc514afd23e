"""Say in short words why: the series followed, what became of each dose, where each date comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from .evaluation import age_rule
from .forecasting import Clause, SeriesForecast, Why
from .groups import GroupForecast
from .history import Patient
from .intervals import reference_date
from .periods import Period, add_period, write_period
from .progress import Evaluation, EvaluationStatus, Reason, SeriesStatus
from .relevant import applying_indication
from .schedule import IntervalRule, Reference, SeriesKind

_NOT_COMPLETE, _AGE, _INTERVAL = SeriesStatus.NOT_COMPLETE, Clause.AGE, Clause.INTERVAL
_PREVIOUS = Reference.PREVIOUS
_in_words = cache(write_period)

_SOURCES = {
    Clause.NONE: "",
    Clause.AGE: "age",
    Clause.INTERVAL: "counted from the dose before",
    Clause.CONFLICT: "because another live vaccine was given shortly before",
    Clause.SEASON: "at the start of the season",
    Clause.INADVERTENT: "because a wrong vaccine was given that day",
    Clause.LAST_DOSE: "the day of the last dose",
    Clause.EARLIEST: "as soon as it may be given",
}
_AT_ONCE = f"recommended {_SOURCES[Clause.EARLIEST]}"
_WHY = {
    Why.NEEDED: "another dose is needed",
    Why.COMPLETE: "all doses of the series are done",
    Why.ENOUGH: "no other dose is needed because of the doses already given",
    Why.IMMUNE: "the record shows immunity, so no dose is needed",
    Why.CONTRAINDICATED: "something on record speaks against this vaccine",
    Why.NO_VACCINE: "something on record speaks against every suitable vaccine",
    Why.SEASON_OVER: "the season is over",
    Why.TOO_OLD: "past the highest age for the next dose",
    Why.TOO_LATE: "the next dose would come too late to be given",
}
_FAULTS = {
    Reason.SUBSTANDARD: "the vaccine was expired, spoiled or only partly given, so it has to be given again",
    Reason.TOO_YOUNG: "it was given too young, before {limit}",
    Reason.TOO_OLD: "it was given too late, on or after {limit}; it need not be repeated",
    Reason.TOO_SOON: "it came too soon after the dose before; it would have counted from {limit}",
    Reason.CONFLICT: "it came too soon after another live vaccine; it would have counted from {limit}",
    Reason.WRONG_VACCINE: "this vaccine does not count for this dose at that age",
    Reason.INADVERTENT: "this vaccine was given by mistake for this dose",
    Reason.SERIES_COMPLETE: "it was an extra dose, the series was already done",
}
_DISEASES = {
    "Diphtheria": "diphtheria",
    "Pertussis": "whooping cough (pertussis)",
    "Tetanus": "tetanus",
    "Measles": "measles",
    "Mumps": "mumps",
    "Rubella": "rubella",
    "HepA": "hepatitis A",
    "HepB": "hepatitis B",
    "Varicella": "chickenpox (varicella)",
    "Influenza": "flu",
    "Polio": "polio",
    "Pneumococcal": "pneumococcal disease",
    "Meningococcal": "meningococcal disease (A, C, W, Y)",
    "Meningococcal B": "meningococcal B disease",
    "Rotavirus": "rotavirus",
    "Zoster": "shingles (zoster)",
    "Rabies": "rabies",
    "Cholera": "cholera",
    "Typhoid": "typhoid",
    "Yellow Fever": "yellow fever",
    "Orthopoxvirus": "mpox and smallpox",
    "TBE": "tick-borne encephalitis",
    "Chikungunya": "chikungunya",
    "Dengue": "dengue",
}


_Told = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a vaccine group stands where it stands, as lines somebody can read out."""

    schedule: str
    series: tuple[str, ...]
    doses: tuple[str, ...]
    dates: tuple[str, ...]


def short_reasons(forecast: GroupForecast, patient: Patient) -> list[str]:
    """One line for each thing that decided: why no dose is needed, or where the dates come from."""
    status = forecast.status
    if status is not _NOT_COMPLETE:
        return list(dict.fromkeys([_WHY[item.why] for item in forecast.contained if item.status is status]))
    due = [item for item in forecast.contained if item.status is _NOT_COMPLETE]
    decided = due[0]
    if len(due) > 1:
        same = [item for item in due if item.earliest == forecast.earliest]
        decided = same[0] if same else due[0]
    lines = [
        f"earliest {_source(decided, decided.earliest_from, 'minimum', patient)}",
        f"recommended {_source(decided, decided.recommended_from, 'earliest_recommended', patient)}"
        if decided.recommended == decided.unadjusted_recommended
        else _AT_ONCE,
    ]
    if forecast.past_due and decided.past_due_from:
        lines.append(f"past due {_source(decided, decided.past_due_from, 'latest_recommended', patient)}")
    return lines


def explain_group(forecast: GroupForecast, patient: Patient) -> Explanation:
    """The whole explanation of a vaccine group; antigens about which the same is true share a sentence."""
    header = patient.schedule.header_of(forecast.group.name)
    series: _Told = {}
    doses: dict[int, _Told] = {}
    dates: _Told = {}
    for item in forecast.contained:
        disease = disease_of(item.progress.series.antigen)
        series.setdefault(_series_line(item, patient), []).append(f"“{item.progress.series.name}”")
        for evaluation in item.progress.evaluations:
            told = doses.setdefault(evaluation.record.position, {})
            told.setdefault(_dose_line(evaluation, item, patient), []).append(disease)
        number = forecast.number if len(forecast.contained) == 1 else item.number
        for line in _date_lines(item, number, patient):
            dates.setdefault(line, []).append(disease)
    everything = [disease_of(item.progress.series.antigen) for item in forecast.contained]
    return Explanation(
        schedule=f"{header.issuer} {header.version}",
        series=tuple(line.format(series=_listed(names)) for line, names in series.items()),
        doses=tuple(
            line.format(diseases=_against(diseases, everything))
            for _, told in sorted(doses.items())
            for line, diseases in told.items()
        ),
        dates=tuple(_only_about(diseases, everything, line) for line, diseases in dates.items()),
    )


def disease_of(antigen: str) -> str:
    """What an antigen is called in a sentence."""
    return _DISEASES.get(antigen, antigen)


def verdict_words(status: EvaluationStatus, reason: Reason, limit: int = 0) -> str:
    """What became of a dose for one antigen, in a few words."""
    if status is EvaluationStatus.VALID:
        return "counts, given a few days early within the grace period" if reason is Reason.GRACE else "counts"
    return "does not count: " + _fault(reason, limit)


def _fault(reason: Reason, limit: int) -> str:
    words = _FAULTS[reason]
    return words.format(limit=_day(limit)) if limit else words.split("; it would")[0].split(", before {")[0]


def _against(diseases: list[str], everything: list[str]) -> str:
    """Nothing to add when a dose speaks for the whole group."""
    return "" if diseases == everything else f" against {_listed(diseases)}"


def _only_about(diseases: list[str], everything: list[str], sentence: str) -> str:
    if diseases == everything:
        return sentence
    return f"Against {_listed(diseases)}: {sentence[0].lower()}{sentence[1:]}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _day(ordinal: int) -> str:
    day = date.fromordinal(ordinal)
    return f"{day.day} {day:%b %Y}"


def _series_line(item: SeriesForecast, patient: Patient) -> str:
    """Which series is followed and why, with a place left for its name."""
    series = item.progress.series
    if series.is_shared_decision:
        return "This follows {series}: it is decided together with the clinician, after talking it over."
    if series.kind is not SeriesKind.RISK:
        return "This follows {series}, for everybody."
    indication = applying_indication(series, patient)
    if indication is None:
        return "This follows {series}, because of a condition, from a later age."
    why = _term(indication.code, patient).replace("{", "(").replace("}", ")")
    return f"This follows {{series}}, because of this fact on record: {why}."


def _term(code: str, patient: Patient) -> str:
    """What an observation is called, on one line."""
    known = patient.schedule.observations.get(code)
    return " ".join(known.term.split()) if known else code


def _dose_line(evaluation: Evaluation, item: SeriesForecast, patient: Patient) -> str:
    """What became of a dose, with a place left for the diseases."""
    record = evaluation.record
    vaccine = patient.schedule.vaccines[record.cvx].name.replace("{", "(").replace("}", ")")
    start = f"The dose of {_day(record.day)} ({vaccine}) "
    if evaluation.status is EvaluationStatus.VALID:
        number = 1 + sum(1 for other in item.progress.valid if other.position < record.position)
        grace = "; it was a few days early, within the grace period" if evaluation.reason is Reason.GRACE else ""
        return f"{start}counts as dose {number}{{diseases}}{grace}."
    if evaluation.reason is Reason.TOO_SOON and (since := _condition_behind(evaluation, patient)):
        return f"{start}does not count{{diseases}}: it was given before it was time for it, counted from “{since}”."
    return f"{start}does not count{{diseases}}: {_fault(evaluation.reason, evaluation.limit)}."


def _condition_behind(evaluation: Evaluation, patient: Patient) -> str:
    """The dated fact a dose came too soon for, when it was not another dose."""
    for rule in evaluation.target.intervals if evaluation.target else ():
        start = patient.observed.get(rule.observation, 0) if rule.reference is Reference.OBSERVATION else 0
        if start and rule.absolute_minimum and add_period(start, rule.absolute_minimum) == evaluation.limit:
            return _term(rule.observation, patient)
    return ""


def _date_lines(item: SeriesForecast, number: int, patient: Patient) -> list[str]:
    if item.why is Why.SEASON_OVER and item.progress.current is not None:
        group = patient.schedule.antigens[item.progress.series.antigen].vaccine_group
        title, ended = patient.schedule.header_of(group).title, _day(item.progress.current.season_end)
        return [f"The season {title} knows ended on {ended}; it does not say what holds after it."]
    if item.status is not SeriesStatus.NOT_COMPLETE or item.dose is None:
        why = _WHY[item.why]
        return [f"{why[0].upper()}{why[1:]}."]
    today = patient.assessed
    subject = f"Dose {number}"
    lines = []
    is_put_off = item.recommended != item.unadjusted_recommended
    if is_put_off or item.earliest != item.recommended:
        start = _source(item, item.earliest_from, "minimum", patient)
        may = "may be given since" if item.earliest <= today else "can be given from"
        lines.append(f"{subject} {may} {_day(item.earliest)}, {start}.")
        subject = "It"
    wanted = _source(item, item.recommended_from, "earliest_recommended", patient)
    if is_put_off:
        lines.append("It is due from that day on.")
    elif item.recommended <= today:
        lines.append(f"{subject} has been due since {_day(item.recommended)}, {wanted}.")
    else:
        lines.append(f"{subject} is best given on {_day(item.recommended)}, {wanted}.")
    if item.past_due and item.past_due == item.unadjusted_past_due:
        late = _source(item, item.past_due_from, "latest_recommended", patient)
        if item.past_due < today:
            lines.append(f"It has been overdue since {_day(item.past_due + 1)} ({late}).")
        else:
            lines.append(f"It is overdue after {_day(item.past_due)} ({late}).")
    elif item.past_due:
        lines.append("It is late already: give it as soon as it may be given.")
    return lines


def _source(item: SeriesForecast, clause: Clause, part: str, patient: Patient) -> str:
    """Where a date comes from, with the age or interval itself; `part` names the field of the rule."""
    dose = item.dose
    assert dose is not None
    if clause is _AGE:
        position: int = getattr(age_rule(dose, patient.assessed), part)
        return _at_age(patient.schedule.ages[position - 2]) if position > 1 else "from birth"
    if clause is _INTERVAL:
        found = _deciding_interval(item, part, patient)
        if found is not None:
            return f"{_in_words(found[1])} after {_measured_from(found[0], patient)}"
    return _SOURCES[clause]


@cache
def _at_age(period: Period) -> str:
    return f"at {_in_words(period)} of age" if period != (0, 0) else "from birth"


def _deciding_interval(item: SeriesForecast, part: str, patient: Patient) -> tuple[IntervalRule, Period] | None:
    """The interval in force that gives the latest date, asked when one of them did."""
    assert item.dose is not None
    if len(item.dose.intervals) == 1:
        (only,) = item.dose.intervals
        return only, getattr(only, part)
    best: tuple[int, IntervalRule, Period] | None = None
    for rule in item.dose.intervals:
        period: Period | None = getattr(rule, part)
        start = reference_date(rule, item.progress, patient, None)
        if period is None or not start or not rule.effective <= patient.assessed <= rule.cessation:
            continue
        day = add_period(start, period)
        if best is None or day > best[0]:
            best = (day, rule, period)
    return None if best is None else best[1:]


def _measured_from(rule: IntervalRule, patient: Patient) -> str:
    if rule.reference is _PREVIOUS:
        return "the dose before"
    match rule.reference:
        case Reference.TARGET:
            return f"dose {rule.target}"
        case Reference.RECENT_TYPE:
            return "the last dose of a related vaccine"
        case _:
            return f"“{_term(rule.observation, patient)}”"
