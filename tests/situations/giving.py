"""Writes of giving vaccines."""

from datetime import date

from mainstay.immunizations import actions
from mainstay.immunizations.actions import AnswerSaid
from mainstay.immunizations.models import GivenDose, Vaccination, VaccinePreparation, VaccineReaction, VaccineWatch
from mainstay.immunizations.queries.giving import questions_asked
from mainstay.immunizations.rules.placing import Placement
from mainstay.immunizations.tests.giving import HALF
from mainstay.inventory.actions import add_item, add_storage_unit, receive_stock
from mainstay.inventory.models import Item, Stock, StorageUnit
from mainstay.orders import actions as orders
from mainstay.orders.actions import Seen
from mainstay.orders.queries import Content, order_seal
from tests.situations.clinic import TWO, Clinic
from tests.situations.table import Sent, write

TDAP = "DTaP/Tdap/Td"
PLACE = {"volume": "0.5", "route": "im", "site": "LD", "needle": "8"}


def stocked(clinic: Clinic) -> Stock:
    """Ten doses of a lot of its own."""
    unit = StorageUnit.objects.filter(site=clinic.site, name="Vaccines").first()
    unit = unit or add_storage_unit(actor=clinic.system, site=clinic.site, name="Vaccines", kind="refrigerator")
    item = Item.objects.filter(name="Boostrix").first()
    item = item or add_item(actor=clinic.system, name="Boostrix", kind="vaccine", cvx="115", mvx="SKB")
    return receive_stock(
        actor=clinic.system,
        unit=unit,
        item=item,
        lot_number=f"LOT{clinic.number()}",
        expires_on=date(2027, 8, 31),
        funding="private",
        doses=10,
    )


def begun(clinic: Clinic) -> Vaccination:
    """Somebody identified for vaccines."""
    return actions.identify_for_vaccines(actor=clinic.actor, visit=clinic.roomed(), identifiers=TWO)


def chosen(clinic: Clinic) -> VaccinePreparation:
    """One vaccine chosen, nothing asked yet."""
    return actions.choose_vaccine(actor=clinic.actor, vaccination=begun(clinic), group=TDAP)


def ready(clinic: Clinic) -> VaccinePreparation:
    """One vaccine whose vial may be taken."""
    return ready_one(clinic, chosen(clinic))


def ready_one(clinic: Clinic, one: VaccinePreparation) -> VaccinePreparation:
    """This vaccine with its questions answered, and who pays."""
    words = questions_asked(clinic.actor, one.vaccination).words
    said = {code: AnswerSaid("no") for code in words}
    done = actions.record_screening(actor=clinic.actor, vaccination=one.vaccination, answers=said, told_by="patient")
    actions.record_eligibility(actor=clinic.actor, vaccination=done, eligibility="V01")
    one.refresh_from_db()
    return one


def taken(clinic: Clinic) -> VaccinePreparation:
    """One vaccine with its vial."""
    return actions.take_vial(actor=clinic.actor, preparation=ready(clinic), lot=stocked(clinic).lot, how="picked")


def placed(clinic: Clinic) -> VaccinePreparation:
    """One vaccine whose place is said."""
    where = Placement(HALF, "im", "LD", 8)
    return actions.place_dose(actor=clinic.actor, preparation=taken(clinic), placement=where)


def informed(clinic: Clinic) -> VaccinePreparation:
    """One vaccine ready to be given."""
    return actions.hand_over_statements(actor=clinic.actor, preparation=placed(clinic), language="en", how="paper")


def given(clinic: Clinic) -> GivenDose:
    """One dose given, its watch running."""
    dose = actions.give_dose(actor=clinic.actor, preparation=informed(clinic))
    return GivenDose.objects.get(dose=dose)


def watched(clinic: Clinic) -> VaccineWatch:
    """Somebody under watch."""
    return given(clinic).preparation.vaccination.watches.get()


def reacted(clinic: Clinic) -> VaccineReaction:
    """Somebody who fainted."""
    return actions.notice_reaction(actor=clinic.actor, watch=watched(clinic), seen=["faint"])


def at(one: VaccinePreparation) -> dict[str, object]:
    """Where one vaccine is."""
    return {"public_id": one.vaccination.visit.public_id, "preparation_id": one.public_id}


@write("give-identify")
def identify(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.roomed().public_id}, {"identifiers": TWO})


@write("give-choose")
def choose(clinic: Clinic) -> Sent:
    return Sent({"public_id": begun(clinic).visit.public_id}, {"group": TDAP})


@write("give-screen")
def screen(clinic: Clinic) -> Sent:
    one = chosen(clinic)
    answers = dict.fromkeys(questions_asked(clinic.actor, one.vaccination).words, "no")
    return Sent({"public_id": one.vaccination.visit.public_id}, {"told_by": "patient", **answers})


@write("give-screen", "yes")
def screen_yes(clinic: Clinic) -> Sent:
    sent = screen(clinic)
    return Sent(sent.at, {**sent.typed, "sick_today": "yes", "sick_today_detail": "a cough"})


@write("give-pays")
def pays(clinic: Clinic) -> Sent:
    return Sent({"public_id": ready(clinic).vaccination.visit.public_id}, {"eligibility": "V24"})


@write("give-take")
def take(clinic: Clinic) -> Sent:
    one = ready(clinic)
    return Sent(at(one), {"scan": stocked(clinic).lot.lot_number})


@write("give-place")
def place(clinic: Clinic) -> Sent:
    return Sent(at(taken(clinic)), PLACE)


@write("give-check")
def check(clinic: Clinic) -> Sent:
    one = placed(clinic)
    VaccinePreparation.objects.filter(pk=one.pk).update(needs_check=True)
    return Sent(at(one), by=clinic.person("nurse", licence="RN"))


@write("give-inform")
def inform(clinic: Clinic) -> Sent:
    return Sent(at(placed(clinic)), {"language": "en", "how": "paper"})


@write("give-dose")
def give(clinic: Clinic) -> Sent:
    return Sent(at(informed(clinic)))


@write("give-refuse")
def refuse(clinic: Clinic) -> Sent:
    said = {"refused_because": "03", "by_name": "Jo Doe", "by_relation": "self", "signature": "Jo Doe"}
    return Sent(at(ready(clinic)), said)


@write("give-waste")
def waste(clinic: Clinic) -> Sent:
    witness = clinic.person("nurse", licence="RN")
    return Sent(at(taken(clinic)), {"wasted_because": "dropped", "witness": str(witness.public_id)})


@write("give-aside")
def aside(clinic: Clinic) -> Sent:
    return Sent(at(ready(clinic)), {"reason": "Wants to think"})


@write("give-ask-order")
def ask_for_order(clinic: Clinic) -> Sent:
    one = begun(clinic)
    content = Content("vaccine", "vaccine_group", TDAP, "Tdap", "Wanted", vaccine_group=TDAP)
    order = orders.pend_order(actor=clinic.actor, patient=one.patient, content=content)
    orders.sign_orders(actor=clinic.actor, seen=[Seen(order.public_id, order_seal(order))])
    stopped = ready_one(clinic, actions.choose_vaccine(actor=clinic.actor, vaccination=one, group=TDAP))
    order.refresh_from_db()
    orders.cancel_order(actor=clinic.actor, order=order, reason="Written for another")
    return Sent(at(stopped))


@write("give-ask")
def ask(clinic: Clinic) -> Sent:
    return Sent(at(ready(clinic)), {"words": "Looks gray"})


@write("give-decide")
def decide(clinic: Clinic) -> Sent:
    one = ready(clinic)
    concern = actions.ask_clinician(actor=clinic.actor, preparation=one, words="Looks gray")
    visit = one.vaccination.visit
    return Sent({"public_id": visit.public_id, "concern_id": concern.public_id}, {"what": "clear", "words": "Well"})


@write("vaccine-watch-end")
def end_watch(clinic: Clinic) -> Sent:
    visit = watched(clinic).vaccination.visit
    return Sent({"public_id": visit.public_id}, {"outcome": "left_early", "words": "Had to go"})


@write("vaccine-reaction")
def notice(clinic: Clinic) -> Sent:
    return Sent({"public_id": watched(clinic).vaccination.visit.public_id}, {"seen": ["faint"]})


@write("vaccine-treatment")
def treat(clinic: Clinic) -> Sent:
    one = reacted(clinic)
    visit = one.watch.vaccination.visit
    return Sent({"public_id": visit.public_id, "reaction_id": one.public_id}, {"done": "Lay flat", "recovered": "yes"})


@write("vaccine-report")
def report(clinic: Clinic) -> Sent:
    one = reacted(clinic)
    visit = one.watch.vaccination.visit
    return Sent({"public_id": visit.public_id, "reaction_id": one.public_id}, {"number": "E1"})


@write("amend-given-dose")
def amend(clinic: Clinic) -> Sent:
    return Sent({"dose_id": given(clinic).dose.public_id}, {"site": "RD", "reason": "The right arm"})


@write("withdraw-given-dose")
def withdraw(clinic: Clinic) -> Sent:
    return Sent({"dose_id": given(clinic).dose.public_id}, {"reason": "Wrong chart", "stock": "returned"})
