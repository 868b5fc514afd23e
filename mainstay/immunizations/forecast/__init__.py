"""The forecaster: which vaccines are due, when and why, after the CDSi logic specification.

A pure library: no Django, no clock, no database. The schedule is data (`load_schedule`), the patient is a `Person`,
the day is passed in. `forecast_person` answers for every vaccine group; `forecast_by_issuer` lets each group follow
the schedule a practice has chosen for it.
"""

from .cases import answer, answers, written
from .choosing import forecast_by_issuer
from .combining import UNUSED, Edition, check_override, combined_schedule, series_of
from .comparing import Change, schedule_changes
from .engine import Forecast, forecast_person
from .explaining import Explanation, disease_of, explain_group, short_reasons, verdict_words
from .groups import GroupForecast
from .history import DoseGiven, Fact, Person
from .importing import SourceDefect, read_release, write_table
from .loading import DEFAULT_SCHEDULE, load_schedule, packed_table, read_schedule, schedule_names
from .observing import observation_index, observations_for
from .progress import EvaluationStatus, Reason, SeriesStatus
from .results import DoseResult, dose_results, needs_shared_decision, recommended_vaccines, suitable_vaccines
from .schedule import Gender, Header, Override, Schedule, Standing
from .seasons import SeasonOver, season_over_for, seasons_over

__all__ = [
    "Change",
    "DEFAULT_SCHEDULE",
    "DoseGiven",
    "DoseResult",
    "Edition",
    "EvaluationStatus",
    "Explanation",
    "Fact",
    "Forecast",
    "Gender",
    "GroupForecast",
    "Header",
    "Override",
    "Person",
    "Reason",
    "Schedule",
    "SeasonOver",
    "SeriesStatus",
    "SourceDefect",
    "Standing",
    "UNUSED",
    "answer",
    "answers",
    "check_override",
    "combined_schedule",
    "disease_of",
    "dose_results",
    "explain_group",
    "forecast_by_issuer",
    "forecast_person",
    "load_schedule",
    "needs_shared_decision",
    "observation_index",
    "observations_for",
    "packed_table",
    "read_release",
    "read_schedule",
    "recommended_vaccines",
    "schedule_changes",
    "schedule_names",
    "season_over_for",
    "seasons_over",
    "series_of",
    "short_reasons",
    "suitable_vaccines",
    "verdict_words",
    "write_table",
    "written",
]
