"""What people look up about time."""

from mainstay.scheduling.queries.days import day_sheet, day_view, resource_view, week_view
from mainstay.scheduling.queries.lists import (
    appointment_for,
    coming_closures,
    current_templates,
    due_recalls,
    exception_named,
    exceptions_ahead,
    offered_visit_types,
    open_offers,
    people_waiting,
    providers_at,
    recall_named,
    recall_to_book,
    template_named,
)
from mainstay.scheduling.queries.red_flags import Intercept, red_flags_of, stopped_by_call, stopped_until_answered
from mainstay.scheduling.queries.search import (
    Access,
    OpenTime,
    Search,
    access_of,
    first_times_that_suit,
    named,
    openings,
)
from mainstay.scheduling.queries.slots import Slot, slot_named

__all__ = [
    "Access",
    "Intercept",
    "OpenTime",
    "Search",
    "Slot",
    "access_of",
    "appointment_for",
    "coming_closures",
    "current_templates",
    "day_sheet",
    "day_view",
    "due_recalls",
    "exception_named",
    "exceptions_ahead",
    "first_times_that_suit",
    "named",
    "offered_visit_types",
    "open_offers",
    "openings",
    "people_waiting",
    "providers_at",
    "recall_named",
    "recall_to_book",
    "red_flags_of",
    "stopped_until_answered",
    "stopped_by_call",
    "resource_view",
    "slot_named",
    "template_named",
    "week_view",
]
