"""Writes of the settings, of policies, imports and backups."""

from datetime import date

from mainstay.authority import actions as authority_actions
from mainstay.authority.facts import PolicyEffect
from mainstay.config.importing import actions as importing
from mainstay.practice import actions
from mainstay.practice.actions import Override, VisitTypeFacts
from mainstay.practice.queries import holidays_to_propose
from tests.situations.clinic import Clinic
from tests.situations.table import Paper, Sent, write

ROOMS = "Site,Room,Type\nNorthside,Exam {0},exam\n"


def facts_of_a_site(clinic: Clinic) -> dict:
    number = clinic.number()
    return {
        "name": f"Westside {number}", "short_name": f"West {number}", "street": "1 Main St", "city": "Albany",
        "state": "NY", "postal_code": "12203", "phone": "(518) 555-0134", "fax": "", "zone_name": "America/New_York",
        "setting": "primary_care",
    }  # fmt: skip


@write("practice-settings")
def practice_settings(clinic: Clinic) -> Sent:
    return Sent(
        typed={
            "name": f"Clinic {clinic.number()}",
            "npi": "1234567893",
            "governing_state": "NY",
            "vaccine_programs": ["private"],
        }
    )


@write("close-on-holidays")
def close_on_holidays(clinic: Clinic) -> Sent:
    proposed = holidays_to_propose(clinic.actor)
    return Sent(typed={"holidays-days": [proposed[0][0].isoformat()]})


@write("add-site")
def add_site(clinic: Clinic) -> Sent:
    return Sent(typed=facts_of_a_site(clinic))


@write("change-site")
def change_site(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.site_apart().public_id}, facts_of_a_site(clinic))


@write("site-hours")
def site_hours(clinic: Clinic) -> Sent:
    week = {f"day_{n}_{end}": at for n in range(5) for end, at in (("opens", "8a"), ("closes", "5p"))}
    return Sent({"public_id": clinic.site_apart().public_id}, week)


@write("add-room")
def add_room(clinic: Clinic) -> Sent:
    typed = {"room-name": f"Exam {clinic.number()}", "room-kind": "exam", "room-pod": "A"}
    return Sent({"public_id": clinic.site.public_id}, typed)


@write("add-equipment")
def add_equipment(clinic: Clinic) -> Sent:
    typed = {"equipment-name": f"Thing {clinic.number()}", "equipment-kind": "ecg"}
    return Sent({"public_id": clinic.site.public_id}, typed)


@write("add-closure")
def add_closure(clinic: Clinic) -> Sent:
    typed = {"closure-day": "12/24/2026", "closure-name": "Christmas Eve", "closure-everywhere": ""}
    return Sent({"public_id": clinic.site_apart().public_id}, typed)


@write("end-part-of-site")
def end_part_of_site(clinic: Clinic) -> Sent:
    room = clinic.room()
    return Sent({"public_id": clinic.site.public_id, "kind": "room", "number": room.pk})


@write("end-part-of-site", "closure")
def end_closure(clinic: Clinic) -> Sent:
    site = clinic.site_apart()
    closure = actions.close_day(actor=clinic.actor, day=date(2026, 12, 24), name="Christmas Eve", site=site)
    return Sent({"public_id": site.public_id, "kind": "closure", "number": closure.pk})


@write("open-or-shut-site")
def shut_site(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.site_apart().public_id, "what": "shut"})


def facts_of_a_visit_type(clinic: Clinic) -> dict:
    return {
        "name": f"Long visit {clinic.number()}", "code": "", "minutes": "40", "playbook": "chronic_followup",
        "room_kind": "exam", "equipment_kind": "", "is_with_provider": "on",
        "instructions_en": "Bring your list of medicines.", "instructions_es": "Traiga su lista de medicinas.",
    }  # fmt: skip


@write("add-visit-type")
def add_visit_type(clinic: Clinic) -> Sent:
    return Sent(typed=facts_of_a_visit_type(clinic))


def a_visit_type_apart(clinic: Clinic):
    facts = VisitTypeFacts(f"kind-{clinic.number()}", f"Kind {clinic.number()}", 20, "chronic_followup")
    return actions.offer_visit_type(actor=clinic.actor, facts=facts)


@write("change-visit-type")
def change_visit_type(clinic: Clinic) -> Sent:
    return Sent({"code": a_visit_type_apart(clinic).code}, facts_of_a_visit_type(clinic))


@write("withdraw-visit-type")
def withdraw_visit_type(clinic: Clinic) -> Sent:
    return Sent({"code": a_visit_type_apart(clinic).code})


@write("table-overrides")
def table_overrides(clinic: Clinic) -> Sent:
    typed = {
        "cell": "vital_limits|adult.heart_rate|tell_from", "value": "105", "site": clinic.site_apart().pk,
        "effective": "12/1/2026", "reason": "Our patients come far", "reviewed_by": "Dr. Patel",
    }  # fmt: skip
    return Sent(typed=typed)


@write("withdraw-override")
def withdraw_override(clinic: Clinic) -> Sent:
    own = Override(
        table="vital_limits", row="adult.heart_rate", column="tell_from", value="105", reason="Many runners",
        reviewed_by="Dr. Patel", effective=date(2026, 12, 1), site=clinic.site_apart(),
    )  # fmt: skip
    return Sent({"number": actions.override_table(actor=clinic.actor, override=own).pk})


@write("write-policy")
def write_policy(clinic: Clinic) -> Sent:
    typed = {
        "act": "vaccine", "effect": "narrow", "supervision": "direct_visual", "credentials": "",
        "least_patient_age": "3", "site": "", "effective": "12/1/2026", "expires": "",
        "reason": "Until everybody is signed off",
    }  # fmt: skip
    return Sent(typed=typed)


@write("sign-policy")
def sign_policy(clinic: Clinic) -> Sent:
    typed = {
        "act": "iv_start", "statute": "COMAR 10.32.12.04", "site": "", "effective": "12/1/2026", "expires": "",
        "reason": "The statute allows it",
    }  # fmt: skip
    return Sent(typed=typed)


@write("withdraw-policy")
def withdraw_policy(clinic: Clinic) -> Sent:
    policy = authority_actions.write_policy(
        actor=clinic.actor, act="vaccine", effect=PolicyEffect.FORBID, reason="No stock", effective=date(2026, 12, 1)
    )
    return Sent({"public_id": policy.public_id}, {"reason": "Stock has come"})


@write("imports")
def imports(clinic: Clinic) -> Sent:
    return Sent(typed={"kind": "rooms", "file": Paper("rooms.csv", ROOMS.format(clinic.number()).encode())})


def a_list(clinic: Clinic):
    text = ROOMS.format(clinic.number())
    return importing.hold_file(actor=clinic.actor, kind="rooms", text=text, file_name="rooms.csv")


@write("run-import")
def run_import(clinic: Clinic) -> Sent:
    return Sent({"public_id": a_list(clinic).public_id}, {"on_fault": "leave_out"})


@write("run-import", "in-the-worker")
def start_import(clinic: Clinic) -> Sent:
    return Sent({"public_id": a_list(clinic).public_id}, {"how": "worker"})


@write("stop-import")
def stop_import(clinic: Clinic) -> Sent:
    batch = a_list(clinic)
    importing.start_import(actor=clinic.actor, batch=batch)
    return Sent({"public_id": batch.public_id})


@write("undo-import")
def undo_import(clinic: Clinic) -> Sent:
    batch = a_list(clinic)
    importing.run_import(actor=clinic.actor, batch=batch, on_fault=importing.OnFault.LEAVE_OUT)
    return Sent({"public_id": batch.public_id})


@write("start-backup")
def start_backup(clinic: Clinic) -> Sent:
    clinic.idle_worker()
    return Sent()
