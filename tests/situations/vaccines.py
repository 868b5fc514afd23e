"""Writes of a patient's vaccine history, of the list of who is due, and of the schedules."""

from datetime import date

from mainstay.immunizations import actions
from mainstay.immunizations.actions import DoseElsewhere, EditionFacts, FactSaid, OverrideFacts
from mainstay.immunizations.forecast import load_schedule
from mainstay.immunizations.models import DueRun, RunState, ScheduleStamp, VaccineDose
from mainstay.people.models import Patient
from mainstay.terminology.models import Concept
from tests.situations.clinic import Clinic
from tests.situations.table import Sent, write

BORN = date(2021, 10, 1)
CVX = {"03": "MMR", "20": "DTaP", "110": "DTaP-HepB-IPV"}


def codes() -> None:
    """The few CVX codes the examples use."""
    for code, words in CVX.items():
        Concept.objects.get_or_create(system="cvx", code=code, defaults={"display": words, "is_billable": True})


def a_child(clinic: Clinic) -> Patient:
    """Somebody of five."""
    codes()
    return clinic.patient(birth_date=BORN)


def a_dose(clinic: Clinic) -> VaccineDose:
    """A dose somebody gave elsewhere."""
    doses = [DoseElsewhere(cvx="03", given_on=date(2022, 10, 3), evidence="card")]
    return actions.record_doses_elsewhere(actor=clinic.actor, patient=a_child(clinic), doses=doses, source="typed")[0]


def of(dose: VaccineDose) -> dict[str, object]:
    """Where one dose is."""
    return {"public_id": dose.patient.public_id, "dose_id": dose.public_id}


@write("add-vaccine-doses")
def add_doses(clinic: Clinic) -> Sent:
    typed = {
        "evidence": "card", "evidence_note": "yellow card", "vaccine_1": "MMR", "given_on_1": "10/3/2022",
        "lot_1": "K1", "vaccine_2": "110", "given_on_2": "12/3/2021", "lot_2": "",
    }  # fmt: skip
    return Sent({"public_id": a_child(clinic).public_id}, typed)


@write("amend-vaccine-dose")
def amend_dose(clinic: Clinic) -> Sent:
    typed = {
        "vaccine": "MMR", "given_on": "10/13/2022", "lot_number": "K1", "evidence": "registry", "evidence_note": "",
        "reason": "Misread the card",
    }  # fmt: skip
    return Sent(of(a_dose(clinic)), typed)


@write("withdraw-vaccine-dose")
def withdraw_dose(clinic: Clinic) -> Sent:
    return Sent(of(a_dose(clinic)), {"reason": "It was the sister's"})


@write("add-vaccine-fact")
def add_fact(clinic: Clinic) -> Sent:
    typed = {"code": "160", "holds": "yes", "on": "", "source": "provider", "note": "after the accident"}
    return Sent({"public_id": a_child(clinic).public_id}, typed)


@write("withdraw-vaccine-fact")
def withdraw_fact(clinic: Clinic) -> Sent:
    child = a_child(clinic)
    fact = actions.record_immunization_fact(actor=clinic.actor, patient=child, said=FactSaid("160", "provider"))
    return Sent({"public_id": child.public_id, "fact_id": fact.public_id}, {"reason": "Told wrong"})


@write("vaccine-talk")
def talk(clinic: Clinic) -> Sent:
    typed = {"group": "Meningococcal B", "outcome": "wanted", "note": "Going to college"}
    return Sent({"public_id": a_child(clinic).public_id}, typed)


def no_run(clinic: Clinic) -> None:
    """Nobody reckons who is due, and the worker has nothing to do."""
    DueRun.objects.exclude(state=RunState.FINISHED).update(state=RunState.FINISHED)
    clinic.idle_worker()


@write("start-due-run")
def start_run(clinic: Clinic) -> Sent:
    no_run(clinic)
    return Sent()


@write("stop-due-run")
def stop_run(clinic: Clinic) -> Sent:
    no_run(clinic)
    actions.start_due_run(actor=clinic.actor)
    return Sent()


DIRECTOR = "Dr. Patel"


def an_edition(clinic: Clinic) -> str:
    """An edition of its own; its name."""
    ScheduleStamp.objects.get_or_create(pk=1)
    version = f"2026-{clinic.number()}"
    facts = EditionFacts("AAP", version, date(2026, 1, 26), "cdc-4.64", "Pediatrics, January 2026")
    return actions.record_edition(actor=clinic.actor, facts=facts).name


def chosen(clinic: Clinic) -> str:
    """HPV vaccines follow an edition of its own; another edition."""
    actions.choose_schedule(
        actor=clinic.actor, group="HPV", edition=an_edition(clinic), reason="State law", medical_director=DIRECTOR
    )
    return an_edition(clinic)


@write("follow-schedule")
def follow(clinic: Clinic) -> Sent:
    typed = {"group": "HPV", "edition": chosen(clinic), "reason": "State law names it", "medical_director": DIRECTOR}
    return Sent(typed=typed)


@write("follow-the-rest")
def follow_the_rest(clinic: Clinic) -> Sent:
    chosen(clinic)
    return Sent(typed={"group": "HPV"})


@write("add-schedule-edition")
def add_edition(clinic: Clinic) -> Sent:
    typed = {
        "issuer": "AAP", "version": f"2027-{clinic.number()}", "effective": "1/26/2026", "table": "cdc-4.64",
        "source": "Pediatrics",
    }  # fmt: skip
    return Sent(typed=typed)


@write("schedule-edition-status")
def edition_status(clinic: Clinic) -> Sent:
    return Sent({"name": an_edition(clinic)}, {"status": "stayed", "reason": "A court stayed it"})


def a_value(clinic: Clinic):
    ScheduleStamp.objects.get_or_create(pk=1)
    series = next(s.name for s in load_schedule().antigens["Zoster"].series if s.kind == "Standard")
    facts = OverrideFacts("Zoster", series, "ages.minimum", "40 years", "Outbreak", DIRECTOR, 1)
    return actions.override_schedule(actor=clinic.actor, facts=facts)


@write("add-schedule-value")
def add_value(clinic: Clinic) -> Sent:
    before = a_value(clinic)
    typed = {
        "series": f"Zoster|{before.series}", "dose": "1", "field": "ages.minimum", "value": "45 years",
        "reason": "Outbreak", "medical_director": DIRECTOR,
    }  # fmt: skip
    return Sent(typed=typed)


@write("withdraw-schedule-value")
def withdraw_value(clinic: Clinic) -> Sent:
    return Sent({"public_id": a_value(clinic).public_id}, {"reason": "The outbreak is over"})
