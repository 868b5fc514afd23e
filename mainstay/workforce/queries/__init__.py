"""What people look up about who works here."""

from mainstay.workforce.queries.badges import badge_of, first_zone, home_of, site_choice
from mainstay.workforce.queries.sessions import (
    factor_named,
    factors_of,
    known_passkeys,
    open_sessions,
    open_sessions_of,
    passkeys_of,
    people_at,
    recovery_codes_left,
    second_factor_is_set_up,
    second_factor_wanted,
    session_named,
    session_of,
    sign_ins,
    staff_by_name,
    workstation_known_by,
    workstation_named,
    workstations,
)
from mainstay.workforce.queries.staff import (
    RUNG_WORDS,
    credential_facts_for_work,
    credential_named,
    credential_shown,
    credentials_of,
    is_locked_out,
    ladders_of,
    needed_next,
    oneself,
    presence_of,
    shift_named,
    shifts_of,
    site_here,
    staff_named,
    staff_numbered,
    staff_rows,
    staff_who_work_here,
    training_numbered,
    training_of,
    week_rows,
)
from mainstay.workforce.roles import labels_of, roles

__all__ = [
    "labels_of",
    "roles",
    "RUNG_WORDS", "badge_of", "credential_facts_for_work",
    "credential_named", "credential_shown", "credentials_of", "factor_named", "factors_of",
    "first_zone",
    "home_of", "is_locked_out", "known_passkeys", "ladders_of", "needed_next", "oneself", "open_sessions",
    "open_sessions_of", "passkeys_of", "people_at", "presence_of", "recovery_codes_left", "second_factor_is_set_up",
    "second_factor_wanted", "session_named", "session_of", "shift_named", "shifts_of", "sign_ins", "site_choice",
    "site_here", "staff_by_name", "staff_named", "staff_numbered", "staff_rows", "staff_who_work_here",
    "training_numbered", "training_of", "week_rows", "workstation_known_by", "workstation_named", "workstations",
]  # fmt: skip
