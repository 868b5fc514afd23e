"""Reading what was typed into a panel, and judging it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from mainstay.chart.panels.calculated import SCORE_SHOWN_AT, early_warnings
from mainstay.chart.panels.declared import Asked, Item, ItemKind, Panel, Rules
from mainstay.chart.rules.judge import judge_vitals
from mainstay.chart.rules.limits import Limits, vital_limits
from mainstay.chart.rules.orthostatics import Posture, judge_orthostatics
from mainstay.chart.rules.patient import PatientMeasures, Reading
from mainstay.chart.rules.plausible import last_period_findings
from mainstay.chart.rules.typed import blood_pressure_as_typed, reading_as_typed
from mainstay.chart.rules.urgency import Urgency, alert, most_urgent_first, stop
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.findings import Finding, Severity

MENSES_FROM_YEARS, MENSES_UNTIL_YEARS = 9, 60
SCORE_OF_ADULTS_FROM_YEARS = 16


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person entered for one item: the text, the answer code or the date, and how it was taken."""

    text: str = ""
    day: date | None = None
    technique: Mapping[str, str] = field(default_factory=dict)
    """side, body_site, method, cuff, position, device -> code or text."""
    is_on_oxygen: bool | None = None
    """None: nobody has said whether it was on room air."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A panel after reading: what can be kept, by observation key, and what is wrong with the rest."""

    readings: Mapping[str, Reading]
    choices: Mapping[str, str]
    texts: Mapping[str, str]
    days: Mapping[str, date]
    findings: tuple[Finding, ...]


def items_asked(panel: Panel, patient: PatientMeasures, today: date, *, is_on_oxygen: bool = False) -> list[Item]:
    """The items of a panel that make sense for this patient today."""
    years = patient.age_years(today)
    shown = {
        Asked.ALWAYS: True,
        Asked.ON_OXYGEN: is_on_oxygen,
        Asked.UNDER_3_YEARS: years < 3,
        Asked.FROM_2_YEARS: years >= 2,
        Asked.UNDER_16_YEARS: years < SCORE_OF_ADULTS_FROM_YEARS,
        Asked.FROM_16_YEARS: years >= SCORE_OF_ADULTS_FROM_YEARS,
        Asked.MAY_MENSTRUATE: patient.sex != "m" and MENSES_FROM_YEARS <= years <= MENSES_UNTIL_YEARS,
    }
    return [item for item in panel.items if shown[item.asked]]


def read_panel(panel: Panel, entries: Mapping[str, Entry]) -> Entered:
    """Read every entry; what cannot be read becomes a finding that stops, on its own field."""
    readings: dict[str, Reading] = {}
    choices: dict[str, str] = {}
    texts: dict[str, str] = {}
    days: dict[str, date] = {}
    findings: list[Finding] = []
    for item in panel.items:
        entry = entries.get(item.key, Entry())
        if not entry.text.strip() and entry.day is None:
            if item.is_required:
                findings.append(stop(f"{item.key}-missing", item.key, f"{item.label}: enter a value, or say why not."))
            continue
        try:
            match item.kind:
                case ItemKind.NUMBER:
                    readings[item.key] = _taken(reading_as_typed(entry.text, item.typed_units), entry)
                case ItemKind.PRESSURE:
                    halves = blood_pressure_as_typed(entry.text)
                    readings.update(
                        {key: _taken(half, entry) for key, half in zip(item.components, halves, strict=True)}
                    )
                case ItemKind.CHOICE:
                    if item.choice(entry.text) is None:
                        raise InvalidInput("Choose one of the answers offered.")
                    choices[item.key] = entry.text
                case ItemKind.DATE:
                    if entry.day is None:
                        raise InvalidInput("This is not a date.")
                    days[item.key] = entry.day
                case ItemKind.TEXT:
                    texts[item.key] = entry.text.strip()
        except InvalidInput as unreadable:
            findings.append(stop(f"{item.key}-unreadable", item.key, f"{item.label}: {unreadable.message}"))
    return Entered(readings, choices, texts, days, tuple(findings))


def judge_panel(
    panel: Panel, entered: Entered, patient: PatientMeasures, *, now: datetime, limits: Limits | None = None
) -> list[Finding]:
    """Everything there is to say about a panel, most urgent first. `now` is in the site's zone."""
    limits = limits or vital_limits()
    found = [*entered.findings, *_declared(panel, entered)]
    for day in entered.days.values():
        found += last_period_findings(day, now.date())
    match panel.rules:
        case Rules.VITALS:
            found += judge_vitals(entered.readings, patient, now=now, limits=limits)
            if not any(one.severity is Severity.STOP for one in found):
                scores = early_warnings(entered.readings, entered.choices, patient, now.date())
                found += [finding for score in scores.values() for finding in score.findings]
        case Rules.ORTHOSTATIC:
            found += _postures(panel, entered, patient, now=now, limits=limits)
        case Rules.ENTRIES:
            pass
    return most_urgent_first([_on_its_item(panel, one) for one in found])


def _taken(reading: Reading, entry: Entry) -> Reading:
    how = entry.technique
    return replace(
        reading,
        arm=how.get("side", ""),
        site=how.get("body_site", ""),
        method=how.get("method", ""),
        cuff=how.get("cuff", ""),
        position=how.get("position", ""),
        device=how.get("device", ""),
        is_on_oxygen=entry.is_on_oxygen,
    )


def _declared(panel: Panel, entered: Entered) -> Iterator[Finding]:
    """What the items themselves say about answers and numbers."""
    for item in panel.items:
        if (code := entered.choices.get(item.key)) and (choice := item.choice(code)) and choice.level:
            yield alert(choice.level, item.key.replace("_", "-"), item.key, f"{item.label}: {choice.label}.")
        elif code and (found := _by_score(panel, item, code, entered)):
            yield found
        if reading := entered.readings.get(item.key):
            yield from _by_number(item, reading, entered)


def _by_score(panel: Panel, item: Item, code: str, entered: Entered) -> Finding | None:
    score = _score(item, code)
    if score is None:
        return None
    name = item.key.replace("_", "-")
    if item.tell_score_above is not None and score > item.tell_score_above:
        return alert(Urgency.BEFORE_VISIT, name, item.key, f"{item.label}: {code}.")
    other = entered.choices.get(item.compare_with, "")
    other_score = _score(panel.item(item.compare_with), other) if other else None
    apart = item.tell_difference_from
    if other_score is not None and apart is not None and abs(score - other_score) >= apart:
        other_label = panel.item(item.compare_with).label.lower()
        sentence = f"{item.label} {code}, {other_label} {other}: two lines or more apart."
        return alert(Urgency.BEFORE_VISIT, f"{name}-differs", item.key, sentence)
    return None


def _score(item: Item, code: str) -> Decimal | None:
    choice = item.choice(code)
    return choice.score if choice else None


def _by_number(item: Item, reading: Reading, entered: Entered) -> Iterator[Finding]:
    if item.hard and not item.hard[0] <= reading.value <= item.hard[1]:
        low, high = item.hard
        yield stop(
            f"{item.key}-impossible",
            item.key,
            f"{item.label} {reading.shown} is not possible. It must lie between {low:f} and {high:f}.",
        )
        return
    best = entered.readings.get(item.percent_of)
    if best is None or best.value <= 0:
        return
    percent = reading.value * 100 / best.value
    sentence = f"{item.label} {reading.value:.0f} is {percent:.0f} % of the personal best."
    if item.now_below_percent is not None and percent < item.now_below_percent:
        yield alert(Urgency.NOW, item.key.replace("_", "-"), item.key, sentence)
    elif item.tell_below_percent is not None and percent < item.tell_below_percent:
        yield alert(Urgency.BEFORE_VISIT, item.key.replace("_", "-"), item.key, sentence)


def _postures(
    panel: Panel, entered: Entered, patient: PatientMeasures, *, now: datetime, limits: Limits
) -> Iterator[Finding]:
    """The readings of the standing test, judged one by one for what cannot be, then against each other."""
    sound: dict[str, tuple[Decimal, Decimal, Decimal | None]] = {}
    for name in ("lying", "standing_1", "standing_3"):
        halves = [entered.readings.get(f"{name}_{half}") for half in ("systolic", "diastolic")]
        rate = entered.readings.get(f"{name}_heart_rate")
        one_set = {
            key: reading
            for key, reading in zip(("systolic", "diastolic", "heart_rate"), (*halves, rate), strict=True)
            if reading
        }
        wrong = [one for one in judge_vitals(one_set, patient, now=now, limits=limits) if one.severity is Severity.STOP]
        for one in wrong:
            field_name = f"{name}_heart_rate" if one.field == "heart_rate" else name
            yield replace(one, code=f"{name}-{one.code}", field=field_name)
        if halves[0] and halves[1] and not wrong:
            sound[name] = (halves[0].value, halves[1].value, rate.value if rate else None)
    if "lying" not in sound:
        return
    lying = Posture("lying", int(limits.number("orthostatic", "lying_minutes")), *sound["lying"])
    standing = [
        Posture("standing", minute, *sound[f"standing_{minute}"]) for minute in (1, 3) if f"standing_{minute}" in sound
    ]
    field_of: Callable[[str], str] = {"lying": "lying", "standing": "standing_1"}.__getitem__
    for one in judge_orthostatics(lying, standing, patient, today=now.date(), limits=limits):
        yield replace(one, field=field_of(one.field))


def _on_its_item(panel: Panel, finding: Finding) -> Finding:
    """The finding on the field of the form: halves of a pressure belong where they are typed, a score to one item."""
    if finding.field in SCORE_SHOWN_AT:
        return replace(finding, field=SCORE_SHOWN_AT[finding.field])
    for item in panel.items:
        if finding.field in item.components:
            return replace(finding, field=item.key)
    return finding
