"""What lies on the desk: forms signed on arrival by most, refused by a few, and leaflets handed out at the end."""

from __future__ import annotations

from random import Random

from mainstay.forms import actions, queries
from mainstay.forms.models import FormResponse
from mainstay.foundation.actor import Actor
from mainstay.visits.models import Visit
from mainstay.visits.queries import papers_of_visit

MOST_SIGN = 0.6
SIMPLE = ("npp_acknowledgement", "consent_to_treat", "financial_policy")
"""Forms that ask nothing before they are signed."""
LEAFLETS = {"wound": "wound_care", "vaccine": "vaccine_aftercare", "injection": "injection_aftercare"}


def sign_papers(desk: Actor, dice: Random, visit: Visit) -> None:
    """Let whoever may sign sign the simple forms of a visit; some leave one open, and one in twenty refuses it."""
    if dice.random() > MOST_SIGN:
        return
    for paper in papers_of_visit(visit):
        if paper.form in SIMPLE and paper.state == "due" and dice.random() < 0.9:
            language = "es" if visit.patient.language.startswith("es") else "en"
            response = actions.give_form(
                actor=desk, patient=visit.patient, form=paper.form, language=language, visit_ref=visit.public_id
            )
            _settle(desk, dice, response)


def _settle(desk: Actor, dice: Random, response: FormResponse) -> None:
    signer = next((choice for choice in queries.signers_of(response, on=desk.today) if choice.decision), None)
    if signer is None:
        return
    if dice.random() < 0.05:
        actions.decline_form(actor=desk, response=response, reason="Would like to read it at home first")
        return
    proxy = queries.proxy_named(response, signer.value)
    name = proxy.name if proxy else response.patient.legal_name
    signing = actions.Signing(name=name, how="tablet", proxy=proxy, drawing=_stroke(dice))
    actions.sign_form(actor=desk, response=response, answers={}, signing=signing)


def _stroke(dice: Random) -> str:
    points = [(60 + 24 * step, 75 + dice.randint(-45, 45)) for step in range(18)]
    first, *rest = points
    return f"M{first[0]} {first[1]}" + "".join(f"L{x} {y}" for x, y in rest)


def hand_out_leaflet(desk: Actor, visit: Visit) -> None:
    """Write down the leaflet that belongs to a kind of visit, where there is one."""
    code = next((code for word, code in LEAFLETS.items() if word in visit.visit_type.playbook), "")
    if code:
        language = "es" if visit.patient.language.startswith("es") else "en"
        actions.give_leaflet(
            actor=desk, patient=visit.patient, leaflet=code, language=language, visit_ref=visit.public_id
        )
