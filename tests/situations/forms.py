"""Writes of forms and leaflets, at the desk and on the tablet."""

from mainstay.forms import actions
from mainstay.forms.actions.signing import Signing
from mainstay.foundation.testing import A_MOMENT
from mainstay.workforce import actions as workforce_actions
from tests.situations.clinic import Clinic
from tests.situations.table import Paper, Sent, write
from tests.situations.workforce import a_stay

SIGNED = {"a_how": "paper", "signer": "patient", "signer_name": "Jo Doe", "drawing": "M10 10L50 60L90 20"}
PROCEDURE = {"why": "A lump", "what": "Removal", "who": "Dr. Patel"}


def given(clinic: Clinic, form: str = "npp_acknowledgement"):
    return actions.give_form(actor=clinic.actor, patient=clinic.patient(), form=form, language="en")


@write("give-form")
def give(clinic: Clinic) -> Sent:
    typed = {"form": ["npp_acknowledgement", "abn"], "language": "es", "back": "/board/", "visit": ""}
    return Sent({"patient_id": clinic.patient().public_id}, typed)


def here(clinic: Clinic, staff) -> dict:
    return {"staff_session": str(a_stay(clinic, staff).public_id)}


@write("hand-over-forms")
def hand_over(clinic: Clinic) -> Sent:
    staff = clinic.person("clinical_ma")
    typed = {"back": "/board/", "visit": ""}
    return Sent({"patient_id": given(clinic).patient.public_id}, typed, by=staff, session=here(clinic, staff))


def on_the_tablet(clinic: Clinic):
    """A form in a patient's hands: the session of somebody who locked the screen and handed it over."""
    staff, response = clinic.person("clinical_ma"), given(clinic)
    stay = a_stay(clinic, staff)
    workforce_actions.lock_session(session=stay, place="/board/", now=A_MOMENT)
    handed = {
        "forms": [str(response.public_id)], "later": [], "back": "/board/", "at": A_MOMENT.isoformat(),
        "staff": staff.pk, "name": "Maria", "site": clinic.site.pk, "zone": "America/New_York", "session": "",
    }  # fmt: skip
    return staff, response, {"staff_session": str(stay.public_id), "tablet": handed}


@write("tablet")
def tablet(clinic: Clinic) -> Sent:
    staff, response, session = on_the_tablet(clinic)
    return Sent(typed={**SIGNED, "agree": "on", "response": str(response.public_id)}, by=staff, session=session)


@write("tablet-keep")
def tablet_keep(clinic: Clinic) -> Sent:
    staff, response, session = on_the_tablet(clinic)
    return Sent(typed={"a_how": "paper", "response": str(response.public_id)}, by=staff, session=session)


@write("tablet-later")
def tablet_later(clinic: Clinic) -> Sent:
    staff, response, session = on_the_tablet(clinic)
    return Sent(typed={"response": str(response.public_id)}, by=staff, session=session)


@write("give-leaflet")
def give_leaflet(clinic: Clinic) -> Sent:
    from mainstay.forms.queries import leaflets_offered

    typed = {"leaflet": leaflets_offered("en")[0].code, "language": "en", "how": "printed", "said_back": "Drink more"}
    return Sent({"patient_id": clinic.patient().public_id}, typed)


@write("withdraw-leaflet")
def withdraw_leaflet(clinic: Clinic) -> Sent:
    from mainstay.forms.queries import leaflets_offered

    patient = clinic.patient()
    code = leaflets_offered("en")[0].code
    leaflet = actions.give_leaflet(actor=clinic.actor, patient=patient, leaflet=code, language="en")
    return Sent({"patient_id": patient.public_id, "given_id": leaflet.public_id})


@write("form")
def sign(clinic: Clinic) -> Sent:
    return Sent({"response_id": given(clinic).public_id}, SIGNED)


@write("keep-form")
def keep(clinic: Clinic) -> Sent:
    return Sent({"response_id": given(clinic, "health_history").public_id}, {"a_why": "Cough", "a_family": ["heart"]})


@write("decline-form")
def decline(clinic: Clinic) -> Sent:
    return Sent({"response_id": given(clinic).public_id}, {"reason": "Wants to think"})


@write("take-back-form")
def take_back(clinic: Clinic) -> Sent:
    return Sent({"response_id": given(clinic).public_id}, {"reason": "Given twice"})


def signed(clinic: Clinic, form: str = "npp_acknowledgement", answers=None):
    response = given(clinic, form)
    explainer = clinic.acting(clinic.provider())
    if form == "procedure_consent":
        actions.explain_form(actor=explainer, response=response)
    return actions.sign_form(
        actor=clinic.actor, response=response, answers=answers or {"how": "paper"}, signing=Signing("Jo Doe")
    )


@write("withdraw-form")
def withdraw(clinic: Clinic) -> Sent:
    return Sent({"response_id": signed(clinic).public_id}, {"reason": "Does not want it any more"})


@write("explain-form")
def explain(clinic: Clinic) -> Sent:
    return Sent({"response_id": given(clinic, "procedure_consent").public_id})


@write("witness-form")
def witness(clinic: Clinic) -> Sent:
    return Sent({"response_id": signed(clinic, "procedure_consent", PROCEDURE).public_id})


@write("scan-form")
def scan(clinic: Clinic) -> Sent:
    typed = {
        "file": Paper("abn.pdf", b"%PDF-1.7 signed"), "family_name": "Doe", "birth_date": "02/03/1980",
        "signer": "patient", "signer_name": "Jo Doe", "interpreter": "", "is_witnessed": "on",
    }  # fmt: skip
    return Sent({"response_id": given(clinic, "abn").public_id}, typed)
