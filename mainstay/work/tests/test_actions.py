"""What people do with work, and what its clocks do by themselves."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from mainstay.foundation.errors import IllegalMove, InvalidInput, NotPermitted
from mainstay.foundation.models import OutboxEvent
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.people.models import Patient
from mainstay.practice.models import Closure, OpeningHours, Site
from mainstay.work import actions, queries
from mainstay.work.lifecycle import Closing
from mainstay.work.models import Expectation, WorkItem
from mainstay.workforce.models import Staff
from mainstay.workforce.roles import permissions_of

pytestmark = pytest.mark.django_db
SYSTEM = an_actor()


def a_site(zone: str = "America/New_York") -> Site:
    site, is_new = Site.objects.get_or_create(
        name=f"Site {zone}", defaults={"short_name": "S", "state": "NY", "zone_name": zone}
    )
    if is_new:
        for day in range(5):
            OpeningHours.objects.create(site=site, weekday=day, opens=time(8), closes=time(17))
    return site


def staff(username: str, role: str) -> Staff:
    names = {"given_name": username, "family_name": "Test", "shown_name": username.title()}
    return Staff.objects.create(username=username, roles=[role], home_site=a_site(), **names)


def acting(person: Staff, now: datetime = A_MOMENT):
    permissions = tuple(permissions_of(tuple(person.roles)))
    actor = an_actor(staff_id=person.pk, permissions=permissions, now=now, site_id=person.home_site_id)
    return type(actor)(**{**{f: getattr(actor, f) for f in actor.__slots__}, "roles": frozenset(person.roles)})


def owed(band: str = "R4", *, at: datetime = A_MOMENT, **more) -> WorkItem:
    facts = {"kind": "test", "title": f"Do {band}", "site": a_site(), **more}
    return actions.owe(actor=an_actor(now=at), band=band, **facts)


def test_an_item_is_taken_given_back_and_finished():
    ma = acting(staff("maria", "clinical_ma"))
    item = actions.take_work(actor=ma, item=owed())
    assert item.owner_id == ma.staff_id
    item = actions.give_back_work(actor=ma, item=item, reason="lunch")
    assert (item.state, item.owner_id) == ("open", None)
    item = actions.finish_work(actor=ma, item=item, outcome="Done")
    assert (item.state, item.owner_id) == ("done", ma.staff_id)
    with pytest.raises(IllegalMove):
        actions.take_work(actor=ma, item=item)


def test_who_may_not_work_takes_nothing_and_who_may_not_drop_drops_nothing():
    item, nobody = owed(), an_actor(staff_id=staff("lee", "biller").pk, permissions=())
    worker = an_actor(staff_id=staff("maria", "clinical_ma").pk, permissions=("work.do",))
    for act in (
        lambda: actions.take_work(actor=nobody, item=item),
        lambda: actions.finish_work(actor=nobody, item=item, outcome="Done"),
        lambda: actions.drop_work(actor=worker, item=item, reason="Nobody needs it"),
    ):
        with pytest.raises(NotPermitted):
            act()
    item.refresh_from_db()
    assert (item.state, item.owner_id, item.steps.count()) == ("open", None, 1)


def test_clinical_work_is_closed_only_by_a_clinicians_disposition():
    ma, nurse = acting(staff("maria", "lead_ma")), acting(staff("nora", "nurse"))
    item = owed("R2")
    for close in (actions.finish_work, actions.drop_work):
        key = "outcome" if close is actions.finish_work else "reason"
        with pytest.raises(NotPermitted) as refused:
            close(actor=ma, item=item, **{key: "Patient is fine"})
        assert "a nurse" in refused.value.decision.who_could
    with pytest.raises(InvalidInput):
        actions.finish_work(actor=nurse, item=item, outcome=" ")
    assert WorkItem.objects.get(pk=item.pk).state == "open"
    assert actions.finish_work(actor=nurse, item=item, outcome="Seen today at 3").state == "done"


def test_the_queue_puts_the_band_first_then_the_clock_then_age():
    lead = acting(staff("lea", "lead_ma"))
    later = owed("R4")
    sooner = owed("R4", due_at=A_MOMENT + timedelta(minutes=10))
    urgent = owed("R1", at=A_MOMENT + timedelta(minutes=2))
    older = owed("R4", at=A_MOMENT - timedelta(hours=1), due_at=later.due_at)
    assert list(queries.work_waiting(lead, show="all")) == [urgent, sooner, older, later]


def test_everybody_sees_their_own_and_their_pools():
    desk, nurse = acting(staff("dina", "administrative_ma")), acting(staff("nora", "nurse"))
    front, clinical, mine = owed(pool="front_desk"), owed(pool="clinician"), owed(pool="clinician")
    actions.assign_work(actor=nurse, item=mine, to=Staff.objects.get(username="dina"))
    assert set(queries.work_waiting(desk, show="pools")) == {front, mine}
    assert set(queries.work_waiting(nurse, show="pools")) == {clinical}
    counts = queries.work_counts(desk)
    assert (counts.mine, counts.pools, counts.all, counts.late) == (1, 2, 3, 0)
    assert queries.work_badge(desk) == 2


@pytest.mark.parametrize(
    ("band", "received", "minutes_later", "level"),
    [
        ("R1", "2026-11-20 10:00", 2, 0),
        ("R1", "2026-11-20 10:00", 3, 1),
        ("R1", "2026-11-20 10:00", 5, 2),
        ("R1", "2026-11-20 10:00", 8, 3),
        ("R1", "2026-11-20 16:58", 2, 0),
        ("R1", "2026-11-20 19:00", 5, 2),
        ("R2", "2026-11-20 10:00", 59, 0),
        ("R2", "2026-11-20 10:00", 60, 1),
        ("R2", "2026-11-20 10:00", 120, 2),
        ("R2", "2026-11-20 10:00", 180, 3),
        ("R2", "2026-11-20 16:58", 2, 2),
        ("R2", "2026-11-20 19:00", 60, 0),
    ],
)
def test_a_clock_tells_its_owner_the_lead_and_the_manager_in_open_hours_or_now(band, received, minutes_later, level):
    site = a_site()
    at = datetime.fromisoformat(received).replace(tzinfo=site.zone)
    item = owed(band, at=at)
    now = at + timedelta(minutes=minutes_later)
    actions.escalate_work(actor=SYSTEM.at(now))
    assert WorkItem.objects.get(pk=item.pk).escalated_to == level
    assert actions.escalate_work(actor=SYSTEM.at(now)) == 0
    assert OutboxEvent.objects.filter(kind="WorkEscalated").count() == (level > 0)


def test_the_clock_of_work_somebody_took_runs_on():
    ma = acting(staff("maria", "clinical_ma"), datetime(2026, 11, 20, 15, 0, tzinfo=UTC))
    item = actions.take_work(actor=ma, item=owed("R1", at=ma.now))
    assert actions.escalate_work(actor=SYSTEM.at(ma.now + timedelta(minutes=5))) == 1
    assert WorkItem.objects.get(pk=item.pk).escalated_to == 2


def test_a_clock_stands_still_over_a_weekend_and_a_holiday():
    site = a_site("America/Chicago")
    Closure.objects.create(site=site, day=date(2026, 11, 23), name="Closed")
    item = owed("R4", site=site, at=datetime(2026, 11, 20, 21, 0, tzinfo=UTC))
    assert item.due_at == datetime(2026, 11, 24, 21, 0, tzinfo=UTC)
    actions.escalate_work(actor=SYSTEM.at(datetime(2026, 11, 23, 22, 0, tzinfo=UTC)))
    assert WorkItem.objects.get(pk=item.pk).escalated_to == 0
    actions.escalate_work(actor=SYSTEM.at(datetime(2026, 11, 24, 18, 0, tzinfo=UTC)))
    assert WorkItem.objects.get(pk=item.pk).escalated_to == 1
    actions.escalate_work(actor=SYSTEM.at(datetime(2026, 11, 24, 21, 0, tzinfo=UTC)))
    assert WorkItem.objects.get(pk=item.pk).escalated_to == 2


def test_work_is_made_more_urgent_and_never_less():
    item = owed("R4")
    raised = actions.raise_work(actor=SYSTEM, item=item, band="R1")
    assert raised.band == "R1" and raised.is_clinical and raised.due_at < item.due_at
    assert actions.raise_work(actor=SYSTEM, item=raised, band="R5").band == "R1"
    promised = owed("R5", due_at=A_MOMENT + timedelta(minutes=1))
    assert actions.raise_work(actor=SYSTEM, item=promised, band="R3").due_at == promised.due_at


def test_what_only_a_clinician_closes_is_clinical_whatever_its_band():
    assert owed("R4", closing=Closing.BY_CLINICIAN).is_clinical
    assert not owed("R4").is_clinical and owed("R2").is_clinical


def test_what_never_came_is_as_urgent_as_was_said_when_it_was_expected():
    a_result("R2")
    actions.raise_what_never_came(actor=SYSTEM.at(A_MOMENT + timedelta(days=2)))
    item = WorkItem.objects.get()
    assert item.band == "R2" and item.is_clinical


def a_result(band: str = "R3") -> Expectation:
    patient = Patient.objects.create(mrn="1", given_name="Jo", family_name="Doe", birth_date=date(1980, 2, 3))
    due = {"expected_by": A_MOMENT + timedelta(days=1), "band_when_late": band}
    return actions.expect(actor=SYSTEM, kind="lab_result", title="Potassium", patient=patient, **due)


def test_what_never_came_becomes_work_once_and_coming_late_settles_it():
    awaited, later = a_result(), SYSTEM.at(A_MOMENT + timedelta(days=2))
    assert actions.raise_what_never_came(actor=SYSTEM) == 0
    assert actions.raise_what_never_came(actor=later) == 1
    assert actions.raise_what_never_came(actor=later) == 0
    item = WorkItem.objects.get()
    assert item.title == "Never came: Potassium"
    actions.meet_expectation(actor=acting(staff("maria", "clinical_ma")), expectation=awaited)
    assert WorkItem.objects.get().state == "done"


def test_waiting_longer_takes_a_reason_and_settles_the_work():
    awaited, later = a_result(), acting(staff("maria", "clinical_ma"), A_MOMENT + timedelta(days=2))
    actions.raise_what_never_came(actor=SYSTEM.at(later.now))
    until = later.now + timedelta(days=3)
    with pytest.raises(InvalidInput):
        actions.extend_expectation(actor=later, expectation=awaited, until=until, reason=" ")
    with pytest.raises(InvalidInput):
        actions.extend_expectation(actor=later, expectation=awaited, until=A_MOMENT, reason="Lab is slow")
    longer = actions.extend_expectation(actor=later, expectation=awaited, until=until, reason="Lab is slow")
    assert longer.work_item is None
    assert WorkItem.objects.get().state == "done"
    assert actions.raise_what_never_came(actor=SYSTEM.at(until)) == 1
    assert WorkItem.objects.filter(state="open").count() == 1


def test_only_a_clinician_gives_up_what_would_be_clinical():
    awaited = a_result("R2")
    with pytest.raises(NotPermitted):
        actions.give_up_expectation(actor=acting(staff("lea", "lead_ma")), expectation=awaited, reason="No")
    nurse = acting(staff("nora", "nurse"))
    assert actions.give_up_expectation(actor=nurse, expectation=awaited, reason="Done elsewhere").state == "given_up"


def test_a_lead_is_alerted_when_one_person_has_too_much():
    maria, lead = staff("maria", "clinical_ma"), acting(staff("lea", "lead_ma"))
    for _ in range(2):
        actions.take_work(actor=acting(maria), item=owed("R1"))
    assert queries.overloads(acting(maria)) == []
    found = queries.overloads(lead)
    assert [(one.load.name, one.shown) for one in found] == [("Maria", "2 urgent at once")]
