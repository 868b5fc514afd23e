"""Writes about oneself, staff, credentials, shifts and workstations."""

from datetime import date, timedelta

from django.contrib.auth.hashers import make_password

from mainstay.foundation.testing import A_MOMENT
from mainstay.workforce import actions
from mainstay.workforce.actions.proving import Origin
from mainstay.workforce.models import Credential
from mainstay.workforce.one_time_codes import code_at, new_secret, step_at
from tests.situations.clinic import Clinic
from tests.situations.table import Sent, write

SECRET = "quiet harbour lantern"


def with_password(clinic: Clinic, *roles: str):
    staff = clinic.person(*(roles or ("clinical_ma",)))
    staff.set_password(SECRET)
    staff.save()
    return staff


def a_stay(clinic: Clinic, staff):
    return actions.open_session(
        staff=staff, how="password", origin=Origin(), workstation=None, site=clinic.site, now=A_MOMENT
    )


def a_factor(clinic: Clinic, staff):
    secret = new_secret()
    code = code_at(secret, step_at(A_MOMENT))
    return actions.add_authenticator(actor=clinic.acting(staff), staff=staff, secret=secret, code=code)


def held(staff, **more):
    return Credential.objects.create(
        staff=staff, **{"code": "CMA_AAMA", "issuer": "AAMA", "expires_on": date(2027, 5, 31), **more}
    )


@write("sign-out")
def sign_out(clinic: Clinic) -> Sent:
    return Sent(by=clinic.person("clinical_ma"))


@write("switch-site")
def switch_site(clinic: Clinic) -> Sent:
    staff, site = clinic.person("clinical_ma"), clinic.site_apart()
    staff.sites.add(site)
    return Sent(typed={"site": str(site.pk), "next": "/board/"}, by=staff)


@write("my-password")
def my_password(clinic: Clinic) -> Sent:
    new = "seven green kettles sing"
    staff = with_password(clinic)
    here = {"staff_session": str(a_stay(clinic, staff).public_id)}
    return Sent(typed={"old": SECRET, "new": new, "again": new}, by=staff, session=here)


@write("my-pin")
def my_pin(clinic: Clinic) -> Sent:
    return Sent(typed={"pin": "4826", "again": "4826"}, by=clinic.person("clinical_ma"))


@write("my-second-factor")
def my_second_factor(clinic: Clinic) -> Sent:
    secret = new_secret()
    code = code_at(secret, step_at(A_MOMENT))
    return Sent(typed={"code": code}, by=clinic.person("clinical_ma"), session={"new_authenticator": secret})


@write("my-recovery-codes")
def my_recovery_codes(clinic: Clinic) -> Sent:
    staff = clinic.person("clinical_ma")
    a_factor(clinic, staff)
    return Sent(by=staff)


@write("passkey-offer")
def passkey_offer(clinic: Clinic) -> Sent:
    return Sent(by=clinic.person("clinical_ma"))


@write("passkey-keep")
def passkey_keep(clinic: Clinic) -> Sent:
    return Sent(json={"passkey": {}, "name": "My phone"}, by=clinic.person("clinical_ma"))


@write("remove-factor")
def remove_factor(clinic: Clinic) -> Sent:
    staff = clinic.person("clinical_ma", password=make_password("copper-lantern-9"))
    return Sent({"public_id": a_factor(clinic, staff).public_id}, {"password": "copper-lantern-9"}, by=staff)


@write("end-own-session")
def end_own_session(clinic: Clinic) -> Sent:
    staff = clinic.person("clinical_ma")
    return Sent({"public_id": a_stay(clinic, staff).public_id}, by=staff)


@write("end-other-sessions")
def end_other_sessions(clinic: Clinic) -> Sent:
    staff = clinic.person("clinical_ma")
    a_stay(clinic, staff)
    return Sent(by=staff)


@write("clock-in")
def clock_in(clinic: Clinic) -> Sent:
    return Sent(by=clinic.person("clinical_ma"))


@write("clock-out")
def clock_out(clinic: Clinic) -> Sent:
    staff = clinic.person("clinical_ma")
    actions.clock_in(actor=clinic.acting(staff), site=clinic.site)
    return Sent(by=staff)


def facts_of_somebody(clinic: Clinic) -> dict:
    return {
        "username": f"new{clinic.number()}", "given_name": "Ana", "family_name": "Lopez", "shown_name": "Ana",
        "title": "MA", "email": "ana@example.org", "roles": ["clinical_ma"], "licence": "", "npi": "",
        "birth_date": "3/5/1984", "home_site": clinic.site.pk, "sites": [clinic.site.pk], "supervisor": "",
        "hired_on": "11/2/2026",
    }  # fmt: skip


@write("add-staff")
def add_staff(clinic: Clinic) -> Sent:
    return Sent(typed=facts_of_somebody(clinic))


@write("edit-staff")
def edit_staff(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.person("clinical_ma").public_id}, facts_of_somebody(clinic))


@write("end-staff")
def end_staff(clinic: Clinic) -> Sent:
    typed = {"left_on": "11/20/2026", "reason": "Moved away"}
    return Sent({"public_id": clinic.person("clinical_ma").public_id}, typed)


@write("bring-back-staff")
def bring_back(clinic: Clinic) -> Sent:
    staff = clinic.person("clinical_ma")
    actions.end_staff(actor=clinic.actor, staff=staff, left_on=date(2026, 11, 1), reason="Moved away")
    return Sent({"public_id": staff.public_id})


@write("unlock-staff")
def unlock(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.person("clinical_ma").public_id})


@write("new-password")
def new_password(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.person("clinical_ma").public_id})


@write("reset-factors")
def reset_factors(clinic: Clinic) -> Sent:
    staff = clinic.person("clinical_ma")
    a_factor(clinic, staff)
    return Sent({"public_id": staff.public_id}, {"reason": "Came to my office with a badge"})


@write("end-sessions")
def end_sessions(clinic: Clinic) -> Sent:
    staff = clinic.person("clinical_ma")
    a_stay(clinic, staff)
    return Sent({"public_id": staff.public_id})


@write("record-credential")
def record_credential(clinic: Clinic) -> Sent:
    typed = {
        "code": "CMA_AAMA", "issuer": "AAMA", "number": "123456", "state": "", "issued_on": "6/1/2022",
        "expires_on": "5/31/2027", "note": "Card seen",
    }  # fmt: skip
    return Sent({"public_id": clinic.person("clinical_ma").public_id}, typed)


@write("sign-off")
def sign_off(clinic: Clinic) -> Sent:
    staff = clinic.person("clinical_ma")
    typed = {
        "act": "vaccine", "rung": "observed", "times": "3", "checklist_version": "Vitals 2", "restriction": "Adults",
        "expires_on": "+12m",
    }  # fmt: skip
    return Sent({"public_id": staff.public_id}, typed)


@write("record-training")
def record_training(clinic: Clinic) -> Sent:
    from mainstay.workforce.vocabulary import vocabulary

    topic = sorted(vocabulary().topics)[0]
    staff = clinic.person("clinical_ma")
    return Sent({"public_id": staff.public_id}, {"topic": topic, "amount": "4.0", "completed_on": "11/2/2026"})


@write("withdraw-training")
def withdraw_training(clinic: Clinic) -> Sent:
    from decimal import Decimal

    from mainstay.workforce.vocabulary import vocabulary

    staff = clinic.person("clinical_ma")
    training = actions.record_training(
        actor=clinic.actor, staff=staff, topic=sorted(vocabulary().topics)[0], amount=Decimal(4),
        completed_on=date(2026, 11, 2),
    )  # fmt: skip
    return Sent({"public_id": staff.public_id, "number": training.pk})


@write("verify-credential")
def verify_credential(clinic: Clinic) -> Sent:
    credential = held(clinic.person("clinical_ma"))
    typed = {"how": "Page of the issuer", "expires_on": "5/31/2027"}
    return Sent({"public_id": credential.public_id}, typed)


@write("revoke-credential")
def revoke_credential(clinic: Clinic) -> Sent:
    return Sent({"public_id": held(clinic.person("clinical_ma")).public_id}, {"reason": "Withdrawn by the issuer"})


@write("plan-shift")
def plan_shift(clinic: Clinic) -> Sent:
    staff = clinic.person("clinical_ma")
    return Sent(
        typed={"staff": staff.pk, "day": "11/25/2026", "starts": "8a", "ends": "4p", "duty": "Rooms", "pod": "A"}
    )


@write("copy-week")
def copy_week(clinic: Clinic) -> Sent:
    monday = clinic.on_monday(8) + timedelta(weeks=3 * clinic.number())
    a_shift(clinic, monday)
    return Sent(typed={"week": monday.date().isoformat()})


def a_shift(clinic: Clinic, starts=None):
    starts = starts or clinic.on_monday(8)
    return actions.plan_shift(
        actor=clinic.actor, staff=clinic.person("clinical_ma"), site=clinic.site, starts=starts,
        ends=starts + timedelta(hours=8),
    )  # fmt: skip


@write("cancel-shift")
def cancel_shift(clinic: Clinic) -> Sent:
    return Sent({"public_id": a_shift(clinic).public_id})


@write("end-session")
def end_session(clinic: Clinic) -> Sent:
    return Sent({"public_id": a_stay(clinic, clinic.person("clinical_ma")).public_id})


@write("register-workstation")
def register_workstation(clinic: Clinic) -> Sent:
    return Sent(typed={"name": f"Desk {clinic.number()}", "site": clinic.site.pk, "idle_minutes": "5"})


@write("retire-workstation")
def retire_workstation(clinic: Clinic) -> Sent:
    made, _secret = actions.register_workstation(
        actor=clinic.actor, site=clinic.site, name=f"Desk {clinic.number()}", idle_minutes=5
    )
    return Sent({"public_id": made.public_id})
