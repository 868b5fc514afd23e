"""A clinic that gives vaccines, for tests: people, orders, stock, and somebody who has come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from mainstay.foundation.actor import Actor
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.immunizations import actions
from mainstay.immunizations.actions import AnswerSaid
from mainstay.immunizations.models import Vaccination, VaccineDose, VaccinePreparation, VaccineWatch
from mainstay.immunizations.queries.checks import product_in_hand
from mainstay.immunizations.queries.giving import questions_asked
from mainstay.immunizations.rules.placing import Placement, needle_advice, site_to_use, sites
from mainstay.inventory.actions import add_item, add_storage_unit, receive_stock
from mainstay.inventory.models import Draw, Item, Stock, StorageUnit
from mainstay.orders.actions import Seen, StandingText, sign_orders, sign_standing_order, write_standing_order
from mainstay.orders.actions import pend_order as pend
from mainstay.orders.models import Order, StandingOrder
from mainstay.orders.queries import Content, order_seal
from mainstay.orders.rules_standing import Criterion, Effect
from mainstay.people.models import Patient
from mainstay.practice.models import Site
from mainstay.terminology.models import Concept
from mainstay.visits.actions import mark_arrived
from mainstay.visits.models import Visit
from mainstay.visits.tests.factories import a_person, a_visit_type, acting_as
from mainstay.workforce.models import CompetencySignOff, LadderRung, Presence, PresenceKind, Staff

TODAY = A_MOMENT.date()
SYSTEM = an_actor()
ALL_GROUPS = (
    "COVID-19", "DTaP/Tdap/Td", "HepA", "HepB", "Hib", "HPV", "Influenza", "Meningococcal", "Meningococcal B", "MMR",
    "Pneumococcal", "Polio", "Rotavirus", "RSV", "Varicella", "Zoster",
)  # fmt: skip
SHELF = (
    # name, cvx, mvx
    ("Boostrix", "115", "SKB"), ("M-M-R II", "03", "MSD"), ("Varivax", "21", "MSD"), ("Fluarix", "140", "SKB"),
    ("Pediarix", "110", "SKB"), ("Prevnar 20", "216", "PFR"), ("RotaTeq", "116", "MSD"), ("ActHIB", "48", "PMC"),
    ("Engerix-B pediatric", "08", "SKB"), ("Havrix pediatric", "83", "SKB"), ("Kinrix", "130", "SKB"),
    ("MenQuadfi", "203", "PMC"), ("Bexsero", "163", "SKB"), ("Infanrix", "20", "SKB"), ("Shingrix", "187", "SKB"),
    ("Penbraya", "316", "PFR"),
)  # fmt: skip
HALF = Decimal("0.5")
TDAP = "DTaP/Tdap/Td"
TODDLER = date(2025, 9, 1)
STATEMENT = "standing order for every vaccine the schedule asks for"


@dataclass
class Clinic:
    """A clinic with an assistant who may, a nurse, a doctor, a fridge and a standing order."""

    site: Site
    maria: Staff
    nurse: Staff
    doctor: Staff
    fridge: StorageUnit
    standing: StandingOrder | None = None

    def acting(self, staff: Staff | None = None, *, now: datetime = A_MOMENT) -> Actor:
        """Somebody acting here; the assistant unless said otherwise."""
        return acting_as(staff or self.maria, now=now)


def a_clinic(state: str = "TX", *, with_standing_order: str = STATEMENT) -> Clinic:
    """A clinic in a state that leaves vaccines to delegation."""
    site = Site.objects.create(
        name=f"Vaccines {state}", short_name=f"Vacc {state}", state=state, setting="primary_care", street="12 Main St",
        city="Springfield", postal_code="12345",
    )  # fmt: skip
    doctor = in_the_building(a_person("patel", "medical_director", licence="MD", home_site=site))
    nurse = in_the_building(a_person("nora", "nurse", licence="RN", home_site=site))
    maria = in_the_building(a_person("maria", "clinical_ma", home_site=site, title="CMA (AAMA)"))
    sign_off(maria, by=nurse)
    fridge = add_storage_unit(actor=SYSTEM, site=site, name="Vaccine fridge", kind="refrigerator")
    clinic = Clinic(site, maria, nurse, doctor, fridge)
    if with_standing_order:
        clinic.standing = a_standing_order(clinic)
    return clinic


def in_the_building(staff: Staff) -> Staff:
    """Somebody on site since this morning."""
    Presence.objects.create(
        staff=staff, site=staff.home_site, kind=PresenceKind.CLOCKED_IN, since=A_MOMENT - timedelta(hours=2)
    )
    return staff


def sign_off(staff: Staff, *, by: Staff) -> None:
    """Sign somebody off to give vaccines alone."""
    CompetencySignOff.objects.create(
        staff=staff, act="vaccine", rung=LadderRung.INDEPENDENT, assessed_by=by, assessed_on=TODAY,
        checklist_version="1", expires_on=date(2027, 11, 1),
    )  # fmt: skip


def a_standing_order(clinic: Clinic, *, groups: tuple[str, ...] = ALL_GROUPS) -> StandingOrder:
    """A signed standing order for these vaccine groups."""
    text = StandingText(
        title="Routine vaccines",
        acts=("vaccine",),
        roles=("clinical_ma", "nurse"),
        emergency="Epinephrine as on the card, call 911.",
        starts_on=date(2026, 8, 1),
        expires_on=date(2027, 7, 31),
        vaccine_groups=groups,
        criteria=(
            Criterion(Effect.INCLUDE, "Everybody the schedule asks for it", least_age="0d"),
            Criterion(Effect.EXCLUDE, "Serious reaction to an earlier dose", question="reaction_before"),
        ),
    )
    order = write_standing_order(actor=SYSTEM, text=text)
    return sign_standing_order(actor=clinic.acting(clinic.doctor), standing_order=order)


def a_signed_order(clinic: Clinic, patient: Patient, group: str, *, cvx: str = "") -> Order:
    """An order of the doctor for one patient."""
    content = Content(
        kind="vaccine",
        system="cvx" if cvx else "vaccine_group",
        code=cvx or group,
        vaccine_group=group,
        name=group,
        reason="Wanted",
    )
    if cvx:
        Concept.objects.get_or_create(system="cvx", code=cvx, defaults={"display": group, "is_billable": True})
    order = pend(actor=clinic.acting(), patient=patient, content=content)
    batch = sign_orders(actor=clinic.acting(clinic.doctor), seen=[Seen(order.public_id, order_seal(order))])
    return batch.signed[0]


def an_item(name: str) -> Item:
    """One vaccine of the shelf."""
    cvx, mvx = next((cvx, mvx) for known, cvx, mvx in SHELF if known == name)
    found = Item.objects.filter(name=name).first()
    return found or add_item(actor=SYSTEM, name=name, kind="vaccine", cvx=cvx, mvx=mvx)


def on_the_shelf(
    clinic: Clinic,
    name: str,
    *,
    number: str = "",
    doses: int = 10,
    funding: str = "private",
    expires_on: date = date(2027, 8, 31),
    now: datetime = A_MOMENT,
) -> Stock:
    """So many doses of a lot in the fridge."""
    stock = receive_stock(
        actor=replace(SYSTEM, now=now, site_id=clinic.site.pk),
        unit=clinic.fridge,
        item=an_item(name),
        lot_number=number or f"{name[:3].upper().replace('-', '')}{funding.upper()}1",
        expires_on=expires_on,
        funding=funding,
        doses=doses,
    )
    stock.refresh_from_db()
    return stock


def here_today(clinic: Clinic, born: date = date(1980, 2, 3), mrn: str = "700001", **more: object) -> Visit:
    """Somebody who has come to the clinic today."""
    facts = {"given_name": "Jo", "family_name": "Doe", "birth_date": born, "sex": "female", **more}
    patient = Patient.objects.create(mrn=mrn, **facts)
    visit = Visit.objects.create(
        patient=patient, site=clinic.site, day=TODAY, visit_type=a_visit_type(), provider=clinic.doctor,
        expected_at=A_MOMENT, stage_since=A_MOMENT,
    )  # fmt: skip
    visit.steps.create(name="begin", source="", target="expected", at=A_MOMENT)
    return mark_arrived(actor=clinic.acting(), visit=visit)


def identified(clinic: Clinic, visit: Visit, *, by: Staff | None = None) -> Vaccination:
    """The vaccines of a visit begun."""
    return actions.identify_for_vaccines(actor=clinic.acting(by), visit=visit, identifiers=["name", "birth_date"])


def screened(
    clinic: Clinic, vaccination: Vaccination, *, eligibility: str = "V01", by: Staff | None = None, **said: object
) -> Vaccination:
    """Every question answered no, but for what is said otherwise; and who pays."""
    actor = clinic.acting(by)
    answers = {code: AnswerSaid("no") for code in questions_asked(actor, vaccination).words}
    for code, answer in said.items():
        answers[code] = answer if isinstance(answer, AnswerSaid) else AnswerSaid(str(answer))
    done = actions.record_screening(actor=actor, vaccination=vaccination, answers=answers, told_by="patient")
    if not eligibility:
        return done
    return actions.record_eligibility(actor=actor, vaccination=done, eligibility=eligibility)


def chosen(clinic: Clinic, vaccination: Vaccination, group: str, *, by: Staff | None = None) -> VaccinePreparation:
    """One vaccine chosen."""
    return actions.choose_vaccine(actor=clinic.acting(by), vaccination=vaccination, group=group)


def placed(
    clinic: Clinic, preparation: VaccinePreparation, stock: Stock, *, now: datetime = A_MOMENT
) -> VaccinePreparation:
    """The vial taken and a fitting place said."""
    actor = clinic.acting(now=now)
    taken = actions.take_vial(actor=actor, preparation=preparation, lot=stock.lot, how="picked")
    return actions.place_dose(actor=actor, preparation=taken, placement=a_placement(taken))


def a_placement(preparation: VaccinePreparation) -> Placement:
    """A place that fits the vaccine in hand and the patient."""
    product = product_in_hand(preparation, on=TODAY)
    born, route = preparation.vaccination.patient.birth_date, product.routes[0]
    used = preparation.vaccination.preparations.exclude(site="").values_list("site", flat=True)
    site = site_to_use(route, born=born, on=TODAY, others=list(used))
    advice = needle_advice(route, born=born, on=TODAY)
    needle = advice.sites[sites()[site].part][0] if advice else 0
    return Placement(product.volumes[0], route, site, needle)


def ready_to_give(
    clinic: Clinic, preparation: VaccinePreparation, stock: Stock, *, now: datetime = A_MOMENT
) -> VaccinePreparation:
    """Everything done but the act itself."""
    done = placed(clinic, preparation, stock, now=now)
    return actions.hand_over_statements(actor=clinic.acting(now=now), preparation=done, language="en", how="paper")


def given(clinic: Clinic, visit: Visit, group: str, stock: Stock, *, eligibility: str = "V01") -> VaccineDose:
    """One vaccine from the first step to the last."""
    vaccination = identified(clinic, visit)
    preparation = chosen(clinic, vaccination, group)
    vaccination = screened(clinic, vaccination, eligibility=eligibility)
    preparation.refresh_from_db()
    ready = ready_to_give(clinic, preparation, stock)
    return actions.give_dose(actor=clinic.acting(), preparation=ready)


def a_clinic_elsewhere(state: str) -> Clinic:
    """A second clinic, with other people."""
    for staff in Staff.objects.all():
        staff.username = f"{staff.username}.old"
        staff.save()
    return a_clinic(state)


def nothing_given() -> bool:
    """Whether no dose, no draw and no watch came of it."""
    return not (VaccineDose.objects.exists() or Draw.objects.exists() or VaccineWatch.objects.exists())


def left(stock: Stock) -> int:
    """How many doses are on hand now."""
    return Stock.objects.get(pk=stock.pk).on_hand
