"""What the practice knows, turned into questions and answers."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.authority import queries
from mainstay.authority.facts import Order, Patient, Supervision
from mainstay.authority.tests.factories import a_site, acting_as, holds, signed_off, somebody
from mainstay.foundation.decisions import Outcome
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.testing import an_actor
from mainstay.workforce.models import CompetencySignOff, Credential, LadderRung, Presence, TrainingFact

pytestmark = pytest.mark.django_db
STABLE = Patient(is_stable=True)


@pytest.fixture
def clinic():
    site = a_site()
    doctor = somebody("Dana Okafor", site, "provider", licence="MD")
    ana = somebody("Ana Ruiz", site, "clinical_ma")
    lee = somebody("Lee Park", site, "clinical_ma")
    for person in (ana, lee):
        holds(person, "CMA_AAMA", verifier=doctor)
        signed_off(person, "inj_im", by=doctor)
    return {"site": site, "doctor": doctor, "ana": ana, "lee": lee}


def may_inject(staff, **facts):
    return queries.may_do_act(
        acting_as(staff), "inj_im", **{"order": Order.SIGNED, "delegator": "MD", "patient": STABLE} | facts
    )


def test_with_everything_in_place_an_assistant_may_inject(clinic):
    assert may_inject(clinic["ana"]).outcome is Outcome.ALLOW_WITH_CONDITIONS


def test_an_expired_credential_refuses_and_names_the_colleague_who_could(clinic):
    Credential.objects.filter(staff=clinic["ana"]).update(expires_on=date(2026, 11, 19))
    decision = may_inject(clinic["ana"])
    assert decision.outcome is Outcome.REFUSE
    assert "expired on 19 Nov 2026" in decision.reason
    assert decision.who_could == ("Dana Okafor", "Lee Park")


def test_a_colleague_who_went_home_is_not_named(clinic):
    Credential.objects.filter(staff=clinic["ana"]).update(expires_on=date(2026, 11, 19))
    Presence.objects.filter(staff=clinic["lee"]).update(until=acting_as(clinic["lee"]).now)
    assert may_inject(clinic["ana"]).who_could == ("Dana Okafor",)


def test_without_a_provider_in_the_building_an_injection_waits(clinic):
    Presence.objects.filter(staff=clinic["doctor"]).update(until=acting_as(clinic["ana"]).now)
    assert not may_inject(clinic["ana"])
    assert may_inject(clinic["ana"], supervision=Supervision.ON_SITE)


def test_nobody_is_their_own_supervisor(clinic):
    doctor, today = clinic["doctor"], acting_as(clinic["doctor"]).today
    here = queries.who_is_here(acting_as(doctor))
    assert here.supervision_of(doctor.pk, today) is Supervision.GENERAL
    assert here.supervision_of(clinic["ana"].pk, today) is Supervision.ON_SITE


def test_what_nobody_signed_off_is_not_signed_off(clinic):
    kim = somebody("Kim Lo", clinic["site"], "clinical_ma")
    holds(kim, "CMA_AAMA", verifier=clinic["doctor"])
    refused = may_inject(kim)
    assert refused.outcome is Outcome.REFUSE and "no sign-off" in refused.reason


@pytest.mark.parametrize(
    ("state", "licence", "supervision"),
    [
        ("OH", "NP", Supervision.GENERAL),
        ("TX", "NP", Supervision.ON_SITE),
        ("TX", "RN", Supervision.GENERAL),
        ("IL", "RN", Supervision.ON_SITE),
        ("FL", "PA", Supervision.GENERAL),
    ],
)
def test_only_those_who_may_delegate_by_state_law_count_as_supervisors(state, licence, supervision):
    site = a_site("Westside", state)
    ana = somebody("Ana Ruiz", site, "clinical_ma")
    somebody("Kim Vale", site, "provider", licence=licence)
    actor = acting_as(ana)
    assert queries.who_is_here(actor).supervision_of(ana.pk, actor.today) is supervision


def test_the_newest_sign_off_counts_and_a_failed_one_takes_the_act_away(clinic):
    CompetencySignOff.objects.create(
        staff=clinic["ana"], act="inj_im", rung=LadderRung.FAILED, assessed_by=clinic["doctor"],
        assessed_on=date(2026, 11, 20), checklist_version="2",
    )  # fmt: skip
    assert "no sign-off" in may_inject(clinic["ana"]).reason


def test_whoever_is_still_supervised_may_only_while_watched(clinic):
    signed_off(clinic["ana"], "inj_sc", by=clinic["doctor"], rung=LadderRung.SUPERVISED)
    actor = acting_as(clinic["ana"])
    facts = {"order": Order.SIGNED, "delegator": "MD", "patient": STABLE}
    assert not queries.may_do_act(actor, "inj_sc", **facts)
    assert queries.may_do_act(actor, "inj_sc", supervision=Supervision.DIRECT_VISUAL, **facts)


def test_a_revoked_credential_stops_on_the_day_it_was_revoked(clinic):
    Credential.objects.filter(staff=clinic["ana"]).update(revoked_on=date(2026, 11, 20))
    assert not may_inject(clinic["ana"])


def test_training_hours_add_up_and_withdrawn_ones_do_not_count(clinic):
    for amount, withdrawn in ((16, False), (8, False), (40, True)):
        TrainingFact.objects.create(
            staff=clinic["ana"], topic="vaccine_class_hours", amount=amount, completed_on=date(2026, 5, 1),
            is_withdrawn=withdrawn,
        )  # fmt: skip
    here = queries.who_is_here(acting_as(clinic["ana"]))
    assert dict(here.people[clinic["ana"].pk].training) == {"vaccine_class_hours": 24}


def test_a_license_of_another_state_does_not_count(clinic):
    Credential.objects.create(staff=clinic["lee"], code="RN", issuer="board", state="MI")
    here = queries.who_is_here(acting_as(clinic["lee"]))
    assert not here.people[clinic["lee"].pk].is_a(("RN",), date(2026, 11, 20))


def test_asking_about_every_act_takes_six_queries(clinic):
    actor = acting_as(clinic["ana"])
    with CaptureQueriesContext(
        connection,
    ) as seen:
        here = queries.who_is_here(actor)
        answers = queries.answers_for(actor, here)
    assert len(seen) == 6
    assert len(answers) == 38


def test_the_system_itself_may_and_nobody_may_nowhere(clinic):
    assert queries.may_do_act(an_actor(), "inj_im")
    with pytest.raises(InvalidInput, match="site"):
        queries.may_do_act(an_actor(staff_id=clinic["ana"].pk, permissions=("x",)), "inj_im")
