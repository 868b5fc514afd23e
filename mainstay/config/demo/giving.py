"""A vaccine given a few minutes ago in the demo clinic: a watch runs on the board, and a receipt can be printed."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from mainstay.config.demo.live import acting, cast_of
from mainstay.foundation import clock
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import ClinicError
from mainstay.immunizations import actions
from mainstay.immunizations.actions import AnswerSaid
from mainstay.immunizations.models import Vaccination, VaccineDose
from mainstay.immunizations.queries.checks import lots_offered
from mainstay.immunizations.queries.giving import due_groups, questions_asked
from mainstay.immunizations.queries.page import placement_to_offer
from mainstay.immunizations.rules.funding import eligibilities_for
from mainstay.practice.models import Site
from mainstay.visits.lifecycle import IN_A_ROOM
from mainstay.visits.models import Visit

AGO = timedelta(minutes=6)
TRIED = 6


def give_today(site: Site) -> None:
    """Give one vaccine at a site, to the first patient in a room to whom one may be given; nothing if there is none."""
    if Vaccination.objects.filter(visit__site=site).exists():
        return
    actor = acting(cast_of(site).assistants[0], site, clock.now() - AGO)
    rows = Visit.objects.filter(site=site, day=actor.today, stage__in=IN_A_ROOM).select_related("patient", "site")
    for visit in rows.order_by("stage_since")[:TRIED]:
        for due in [one for one in due_groups(visit.patient, on=actor.today) if one.is_due][:3]:
            try:
                with transaction.atomic():
                    _give(actor, visit, due.group)
            except ClinicError:
                continue
            return


def _give(actor: Actor, visit: Visit, group: str) -> VaccineDose:
    vaccination = actions.identify_for_vaccines(actor=actor, visit=visit, identifiers=["name", "birth_date"])
    one = actions.choose_vaccine(actor=actor, vaccination=vaccination, group=group)
    said = {code: AnswerSaid("no") for code in questions_asked(actor, vaccination).words}
    vaccination = actions.record_screening(actor=actor, vaccination=vaccination, answers=said, told_by="patient")
    born, setting = visit.patient.birth_date, visit.site.setting
    pays = eligibilities_for(born=born, on=actor.today, setting=setting)[0].code
    actions.record_eligibility(actor=actor, vaccination=vaccination, eligibility=pays)
    one.refresh_from_db()
    one.vaccination.refresh_from_db()
    lot = next(iter(lots_offered(actor, one)), None)
    if lot is None:
        raise ClinicError("None in stock.")
    one = actions.take_vial(actor=actor, preparation=one, lot=lot.lot, how="scanned")
    one = actions.place_dose(actor=actor, preparation=one, placement=placement_to_offer(actor, one))
    one = actions.hand_over_statements(actor=actor, preparation=one, language="en", how="paper")
    return actions.give_dose(actor=actor, preparation=one)
