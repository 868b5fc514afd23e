"""What people wrote and said to the demo clinic since yesterday: some waits, some is answered, one is settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from mainstay.chart.models import Medication
from mainstay.config.demo.live import acting, cast_of
from mainstay.foundation import clock
from mainstay.foundation.actor import Actor
from mainstay.messages import actions
from mainstay.messages.models import Thread
from mainstay.messages.queries.refills import RefillSaid
from mainstay.people.models import Patient
from mainstay.practice.models import Site
from mainstay.workforce.models import Staff

ADULT = timedelta(days=19 * 366)


@dataclass(frozen=True, slots=True)
class Came:
    """One message: how long ago in minutes, how it came, what about, the words, and what became of it."""

    ago: int
    channel: str
    category: str
    words: str
    then: str = ""


CAME = (
    Came(3, "portal", "SYM", "Since this morning my chest feels tight when I climb the stairs. Is it the new pill?"),
    Came(
        35, "voicemail", "RFL", "I have four tablets of {medicine} left. The same pharmacy as always, please.", "refill"
    ),
    Came(50, "portal", "RES", "I can see my blood test now. One number is marked high. What does it mean for me?"),
    Came(70, "fax", "FRM", "School physical form attached. The team starts on Monday; please sign and send it back."),
    Came(90, "voicemail", "APT", "I cannot come on Thursday at ten. Is there anything later in the day?", "settled"),
    Came(
        120,
        "portal",
        "MED",
        "My ankles are swollen in the evening since the new tablet. Do I go on taking it?",
        "answered",
    ),
    Came(150, "outside", "EXT", "Pharmacy: the inhaler is on back order. May we fill the other brand?"),
)
ANSWER = (
    "Keep taking the tablet. Put your feet up in the evening and weigh yourself each morning. If you gain three pounds "
    "in two days or get short of breath, call us the same day."
)


def hear_from_patients(site: Site) -> None:
    """Take in the messages of a site, once; what an earlier day left open is answered and closed first."""
    now = clock.now()
    nurse = Staff.objects.filter(is_active=True, roles__contains=["nurse"]).order_by("pk").first()
    if nurse is None:
        return
    left_over = Thread.objects.filter(site=site, closed_at=None, opened_at__lt=now - timedelta(hours=14))
    for thread in left_over.select_related("site", "patient"):
        _finish(acting(nurse, site, now), thread, "Called back; all is settled.")
    if Thread.objects.filter(site=site, opened_at__gte=now - timedelta(hours=14)).exists():
        return
    desk = cast_of(site).desk
    for came, patient in zip(CAME, _people(site), strict=False):
        medicine = Medication.objects.filter(patient=patient, status="active").order_by("pk").first()
        then = now - timedelta(minutes=came.ago)
        with transaction.atomic():
            thread = actions.receive_message(
                actor=acting(desk, site, then),
                patient=patient,
                text=came.words.format(medicine=medicine.name if medicine else "my medicine"),
                category=came.category,
                channel=came.channel,
                site=site,
            )
            if came.then == "refill" and medicine:
                said = RefillSaid(holds=frozenset(), days_early=4)
                actions.send_refill(actor=acting(desk, site, then), thread=thread, medication=medicine, said=said)
            elif came.then == "answered":
                answering = acting(nurse, site, then + timedelta(minutes=40))
                actions.answer_thread(
                    actor=answering,
                    thread=thread,
                    text=ANSWER,
                    disposition="Go on; call back if worse.",
                    relay="read_out",
                )
            elif came.then == "settled":
                later = acting(desk, site, then + timedelta(minutes=12))
                actions.close_thread(actor=later, thread=thread, outcome="Moved to 2:40 pm; the patient knows.")


def _people(site: Site) -> list[Patient]:
    """Grown-ups who take a medicine, in an order of the site's own."""
    grown = Patient.objects.filter(merged_into=None, deceased_on=None, is_confidential=False)
    grown = grown.filter(birth_date__lt=clock.now().date() - ADULT, medications__status="active").distinct()
    found = list(grown.order_by("pk")[: 4 * len(CAME)])
    return found[site.pk % 2 :: 2]


def _finish(actor: Actor, thread: Thread, outcome: str) -> None:
    unread = thread.messages.filter(is_for_relay=True, relays=None)
    for message in unread:
        name = thread.patient.called_name if thread.patient else "the caller"
        actions.relay_message(actor=actor, message=message, read_out=actions.ReadOut(told_to=name, taught_back="yes"))
    actions.close_thread(actor=actor, thread=thread, outcome=outcome)
