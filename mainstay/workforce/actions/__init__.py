"""What people do about who works here: proving who they are, sessions, accounts, credentials, shifts, presence."""

from mainstay.workforce.actions.accounts import (
    NewStaff,
    bring_back_staff,
    change_password,
    change_staff,
    create_first_administrator,
    end_staff,
    give_new_password,
    hire,
    set_pin,
    unlock_staff,
)
from mainstay.workforce.actions.credentials import (
    Assessment,
    record_credential,
    record_training,
    remind_of_credentials,
    revoke_credential,
    sign_off_competency,
    verify_credential,
    withdraw_training,
)
from mainstay.workforce.actions.factors import (
    add_authenticator,
    add_passkey,
    make_recovery_codes,
    prove_code,
    prove_passkey,
    remove_factor,
    reset_factors,
)
from mainstay.workforce.actions.presence import (
    clock_in,
    clock_out,
    end_stale_presences,
    mark_gone,
    mark_present,
    note_presence,
    note_sign_out,
)
from mainstay.workforce.actions.proving import Origin, prove_identity
from mainstay.workforce.actions.sessions import (
    end_session,
    end_sessions,
    keep_site,
    lock_session,
    note_seen,
    open_session,
    resume_session,
)
from mainstay.workforce.actions.shifts import cancel_shift, copy_week, plan_shift
from mainstay.workforce.actions.workstations import register_workstation, retire_workstation

__all__ = [
    "Assessment", "NewStaff", "Origin", "add_authenticator", "add_passkey", "bring_back_staff", "cancel_shift",
    "change_password", "change_staff", "clock_in", "clock_out", "copy_week", "create_first_administrator",
    "end_session", "end_sessions", "end_staff", "end_stale_presences", "give_new_password", "hire", "keep_site",
    "lock_session", "make_recovery_codes", "mark_gone", "mark_present", "note_presence", "note_seen", "note_sign_out",
    "open_session", "plan_shift", "prove_code", "prove_identity", "prove_passkey", "record_credential",
    "record_training", "register_workstation", "remind_of_credentials", "remove_factor", "reset_factors",
    "resume_session", "retire_workstation", "revoke_credential", "set_pin", "sign_off_competency", "unlock_staff",
    "verify_credential", "withdraw_training",
]  # fmt: skip
