"""Appointments from a file."""

from datetime import date

import pytest

from mainstay.foundation.errors import InvalidInput, NotFound, NotPermitted
from mainstay.foundation.testing import an_actor
from mainstay.scheduling import actions
from mainstay.scheduling.models import Appointment
from mainstay.scheduling.tests.factories import a_patient, a_provider, a_site, a_visit_type

pytestmark = pytest.mark.django_db

SYSTEM = an_actor()
FILE = """\ufeffMRN,Date,Time,Provider,Visit_type,Minutes,Reason
100001,11/23/2026,9am,doc,follow-up,,Check
100001,11/23/2026,9:10,doc,follow-up,,Overlaps
999,11/23/2026,10:00,doc,follow-up,,Unknown patient
100001,31/31/2026,10:00,doc,follow-up,,No such day
100001,11/24/2026,10:00,doc,nothing,,No such visit
100001,11/24/2026,10:00,nobody,follow-up,,No such provider
100001,11/24/2026,10:00,,follow-up,,No provider
100001,11/24/2026,10:00,doc,follow-up,soon,No length

100001,11/24/2026,14:00,doc,follow-up,40,Long
"""


@pytest.fixture
def clinic():
    a_site()
    a_provider()
    a_patient()
    a_visit_type()


def test_a_dry_run_names_every_faulty_line_and_books_nothing(clinic):
    report = actions.try_appointment_import(actor=SYSTEM, text=FILE)
    assert (report.read, report.booked, report.ref) == (9, 2, None)
    assert [f.line for f in report.faults] == [3, 4, 5, 6, 7, 8, 9]
    assert not Appointment.objects.exists()


def test_good_lines_are_booked_in_site_time_and_the_file_can_be_undone(clinic):
    report = actions.import_appointments(actor=SYSTEM, text=FILE)
    kept = Appointment.objects.order_by("during")
    zone = a_site().zone
    assert [a.during.lower.astimezone(zone).hour for a in kept] == [9, 14]
    assert kept[0].during.lower.astimezone(zone).date() == date(2026, 11, 23)
    assert actions.undo_appointment_import(actor=SYSTEM, ref=report.ref) == 2
    assert set(Appointment.objects.values_list("state", flat=True)) == {"cancelled"}
    assert actions.import_appointments(actor=SYSTEM, text=FILE).booked == 2


def test_the_same_file_twice_books_nothing_twice(clinic):
    actions.import_appointments(actor=SYSTEM, text=FILE)
    assert actions.import_appointments(actor=SYSTEM, text=FILE).booked == 0


def test_a_file_without_the_columns_is_refused_whole(clinic):
    with pytest.raises(InvalidInput, match="missing"):
        actions.import_appointments(actor=SYSTEM, text="name,when\nJo,today\n")
    with pytest.raises(InvalidInput):
        actions.import_appointments(actor=SYSTEM, text="")


def test_importing_needs_its_right(clinic):
    with pytest.raises(NotPermitted):
        actions.import_appointments(actor=an_actor(permissions=("scheduling.book",)), text=FILE)


def test_an_unknown_import_cannot_be_undone(clinic):
    with pytest.raises(NotFound):
        actions.undo_appointment_import(actor=SYSTEM, ref=a_site().public_id)
