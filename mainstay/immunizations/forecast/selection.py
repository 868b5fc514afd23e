"""Choose the best series of each series group (CDSi chapter 8)."""

from __future__ import annotations

from collections.abc import Sequence

from .forecasting import SeriesForecast, finish_date, is_completable
from .history import Patient
from .progress import EvaluationStatus, Progress, SeriesStatus
from .schedule import SeriesKind

_COMPLETE, _NOT_COMPLETE, _CONTRAINDICATED = (
    SeriesStatus.COMPLETE,
    SeriesStatus.NOT_COMPLETE,
    SeriesStatus.CONTRAINDICATED,
)
_RISK, _EVALUATION_ONLY, _VALID = SeriesKind.RISK, SeriesKind.EVALUATION_ONLY, EvaluationStatus.VALID


def best_series(forecasts: Sequence[SeriesForecast], patient: Patient) -> list[SeriesForecast]:
    """The best series of an antigen, at most one for each series group (Figure 8-1)."""
    if len(forecasts) == 1 and forecasts[0].progress.series.is_default:
        return list(forecasts)
    groups: dict[str, list[SeriesForecast]] = {}
    for forecast in forecasts:
        groups.setdefault(forecast.progress.series.series_group, []).append(forecast)
    prioritized = [found for group in groups.values() if (found := prioritized_series(group, patient)) is not None]
    if len(prioritized) == 1 and prioritized[0].progress.series.kind is not _EVALUATION_ONLY:
        return prioritized
    return [found for found in prioritized if is_best(found, prioritized)]


def is_started_in_time(progress: Progress, patient: Patient) -> bool:
    """Whether there is a valid dose, the first one before the maximum age to start (SELECTSCORE-2)."""
    return bool(progress.valid) and progress.valid[0].day < patient.ages[progress.series.maximum_start]


def is_unbeatable(forecast: SeriesForecast, patient: Patient) -> bool:
    """Whether no challenger in its series group can win over a series.

    It is scorable and complete, no series can have more valid doses (Table 8-7), and the schedule prefers it.
    """
    progress = forecast.progress
    return (
        forecast.status is _COMPLETE
        and progress.series.is_preferred
        and len(progress.valid) == len(progress.records)
        and is_started_in_time(progress, patient)
    )


def prioritized_series(group: Sequence[SeriesForecast], patient: Patient) -> SeriesForecast | None:
    """The one series of a series group worth following (§8.1 to §8.7)."""
    scorable = scorable_series(group, patient)
    if len(scorable) == 1:
        return scorable[0]
    if scorable:
        complete = [item for item in scorable if item.status is _COMPLETE]
        if complete:
            return complete[0] if len(complete) == 1 else _winner(complete, score_complete(complete))
        under_way = [item for item in scorable if _is_under_way(item)]
        if under_way:
            return under_way[0] if len(under_way) == 1 else _winner(under_way, score_under_way(under_way, patient))
    defaults = [item for item in group if item.progress.series.is_default]
    if len(defaults) == 1:
        return defaults[0]
    return _winner(scorable, score_no_valid_doses(scorable, patient)) if scorable else None


def scorable_series(group: Sequence[SeriesForecast], patient: Patient) -> list[SeriesForecast]:
    """The series that may compete (§8.1: SELECTB-24 and SELECTSCORE-2)."""
    all_barred, no_valid, has_default = True, True, False
    highest = group[0].progress.series.priority
    for item in group:
        series = item.progress.series
        if item.status is not _CONTRAINDICATED:
            all_barred = False
        if item.progress.valid:
            no_valid = False
        if series.is_default:
            has_default = True
        if series.priority < highest:
            highest = series.priority
    found = []
    for item in group:
        series = item.progress.series
        if series.kind is _EVALUATION_ONLY:
            keep = item.status is _COMPLETE
        elif item.status is _CONTRAINDICATED and not all_barred:
            keep = False
        elif series.kind is _RISK:
            keep = series.priority == highest
        elif item.progress.valid:
            keep = is_started_in_time(item.progress, patient)
        else:
            keep = no_valid and not has_default
        if keep:
            found.append(item)
    return found


def _is_under_way(item: SeriesForecast) -> bool:
    """At least one dose satisfied and the series not complete (SELECTB-16)."""
    return item.status is _NOT_COMPLETE and bool(item.progress.valid)


def score_complete(group: Sequence[SeriesForecast]) -> list[int]:
    """Points for complete series (Table 8-7)."""
    return _most([len(item.progress.valid) for item in group], 1)


def score_under_way(group: Sequence[SeriesForecast], patient: Patient) -> list[int]:
    """Points for series under way (Table 8-9)."""
    finishes = [finish_date(item, patient) for item in group]
    completable = [is_completable(item, finish, patient) for item, finish in zip(group, finishes, strict=True)]
    scores = _most([len(item.progress.valid) for item in group], 2)
    _add(scores, _most([-item.progress.remaining() for item in group], 2))
    _add(scores, _earliest(finishes, completable))
    for position, item in enumerate(group):
        scores[position] += 2 if item.progress.series.is_product and _are_all_valid(item) else -2
        scores[position] += 3 if completable[position] else -3
    return scores


def _are_all_valid(item: SeriesForecast) -> bool:
    return all(found.status is _VALID for found in item.progress.evaluations)


def score_no_valid_doses(group: Sequence[SeriesForecast], patient: Patient) -> list[int]:
    """Points when no series has a valid dose (Table 8-11)."""
    scores = _earliest([item.earliest for item in group], [bool(item.earliest) for item in group])
    for position, item in enumerate(group):
        scores[position] += 1 if is_completable(item, finish_date(item, patient), patient) else -1
        scores[position] += -1 if item.progress.series.is_product else 1
    return scores


def _most(measures: Sequence[int], points: int) -> list[int]:
    """Points for the one with the highest measure; none when it is shared; the others lose as many."""
    top = max(measures)
    winning = points if measures.count(top) == 1 else 0
    return [winning if value == top else -points for value in measures]


def _earliest(dates: Sequence[int], eligible: Sequence[bool]) -> list[int]:
    """One point for the earliest date among the eligible, none when it is shared, minus one for the others."""
    among = [day for day, counts in zip(dates, eligible, strict=True) if counts]
    if not among:
        return [-1] * len(dates)
    first = min(among)
    winning = 1 if among.count(first) == 1 else 0
    return [winning if counts and day == first else -1 for day, counts in zip(dates, eligible, strict=True)]


def _add(scores: list[int], more: Sequence[int]) -> None:
    for position, points in enumerate(more):
        scores[position] += points


def _winner(group: Sequence[SeriesForecast], scores: Sequence[int]) -> SeriesForecast:
    """The highest score, and among equals the series preferred by the schedule (SELECTBEST-2)."""
    best = 0
    for position in range(1, len(group)):
        lead = scores[position] - scores[best]
        if lead > 0 or (
            lead == 0 and group[position].progress.series.preference < group[best].progress.series.preference
        ):
            best = position
    return group[best]


def is_best(item: SeriesForecast, prioritized: Sequence[SeriesForecast]) -> bool:
    """Whether a prioritized series is a best series (Table 8-14)."""
    if item.status is _COMPLETE:
        return True
    series = item.progress.series
    if series.kind is _EVALUATION_ONLY:
        return False
    equivalent = [
        other
        for other in prioritized
        if other is not item and other.progress.series.series_group in series.equivalent_groups
    ]
    if any(other.status is _COMPLETE for other in equivalent):
        return False
    if series.kind is _RISK:
        return True
    return not any(other.progress.series.kind is _RISK for other in equivalent)
