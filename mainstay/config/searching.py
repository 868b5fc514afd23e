"""What the search in the top bar finds besides patients: today's visits, work, and the pages of the program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from mainstay.config.navigation import ADMIN_PLACES, PLACES
from mainstay.foundation.actor import Actor
from mainstay.foundation.components.timing import spell_time
from mainstay.people.queries import MOST, Found, search_part
from mainstay.visits.lifecycle import STAGE_WORDS, Stage
from mainstay.visits.models import Visit
from mainstay.work.queries import pool_title, work_waiting

OTHERS = (
    # label, other words for it, url name, permission (empty: everybody)
    ("Register a patient", "new patient", "register-patient", "people.register"),
    ("Answer a call", "phone new call", "new-call", "messages.take_calls"),
    ("Take in a message", "voicemail fax note", "new-message", "messages.take_calls"),
    ("Find a time", "book appointment slot", "find-slot", "scheduling.book"),
    ("Wait list", "sooner", "wait-list", "scheduling.see"),
    ("Recalls", "call back", "recalls", "scheduling.see"),
    ("Templates and time off", "vacation hours sessions", "templates", "scheduling.see"),
    ("Huddle", "tomorrow sheet", "huddle", "rooming.huddle"),
    ("End of day", "close open loops", "end-of-day", "rooming.end_of_day"),
    ("What we are owed", "expectations results never came", "expectations", "work.do"),
    ("Due for vaccines", "overdue immunizations list", "due-list", "immunizations.see_due_list"),
    ("Standing orders", "protocols", "standing-orders", "orders.see"),
    ("Leaflets", "handouts education", "leaflets", "forms.see"),
    ("Blank forms", "paper consent print", "blank-forms", "forms.see"),
    ("Receive stock", "delivery vaccines", "stock-receive", "inventory.receive"),
    ("Counts", "stock inventory", "stock-counts", "inventory.see"),
    ("Stock recalls", "lot recall", "stock-recalls", "inventory.see"),
    ("Reports of stock", "VFC waste on hand", "stock-reports", "inventory.see"),
    ("Broken glass to review", "confidential access review", "broken-glass", "people.see_access"),
    ("What may I do?", "scope of practice permissions authority", "what-may-i-do", ""),
    ("You and your sign-in", "password PIN passkey second factor", "my-account", ""),
)


def connect() -> None:
    """Connect every part, in the order they are shown; called once, when all domains are loaded."""
    search_part(visits_today)
    search_part(work)
    search_part(pages)


def visits_today(actor: Actor, text: str) -> Sequence[Found]:
    """Today's visits here by patient, provider, reason or room. One query."""
    if not actor.may("visits.see_board") or actor.site_id is None:
        return ()
    fits = Q()
    for word in text.split():
        fits &= (
            Q(patient__given_name__istartswith=word)
            | Q(patient__chosen_name__istartswith=word)
            | Q(patient__family_name__istartswith=word)
            | Q(provider__family_name__istartswith=word)
            | Q(reason__icontains=word)
            | Q(room__name__iexact=word)
        )
    rows = Visit.objects.filter(fits, site_id=actor.site_id, day=actor.today).exclude(stage=Stage.CANCELLED)
    kind = _("Today's visits")
    return [
        Found(
            f"{spell_time(visit.expected_at)} · {visit.patient.called_name}",
            kind,
            reverse("visit", args=[visit.public_id]),
            f"{_(STAGE_WORDS[Stage(visit.stage)])} · {visit.provider.shown_name if visit.provider else visit.reason}",
        )
        for visit in rows.select_related("patient", "provider").order_by("expected_at", "pk")[:MOST]
    ]


def work(actor: Actor, text: str) -> Sequence[Found]:
    """Open work of this site by its title or its patient. One query."""
    if not actor.may("work.do"):
        return ()
    fits = Q()
    for word in text.split():
        fits &= (
            Q(title__icontains=word)
            | Q(patient__given_name__istartswith=word)
            | Q(patient__chosen_name__istartswith=word)
            | Q(patient__family_name__istartswith=word)
        )
    kind = _("Work")
    return [
        Found(
            item.title,
            kind,
            reverse("work-item", args=[item.public_id]),
            item.owner.shown_name if item.owner else pool_title(item.pool),
        )
        for item in work_waiting(actor, show="all").filter(fits)[:MOST]
    ]


def pages(actor: Actor, text: str) -> Sequence[Found]:
    """Pages this person may open whose name, or another word for it, has words that begin as typed. No query."""
    wanted = text.lower().split()
    kind = _("Pages")
    found = []
    for label, more, name, permission in _every_page():
        words = f"{label} {more}".lower().replace("?", "").split()
        if not all(any(word.startswith(one) for word in words) for one in wanted):
            continue
        if permission and not actor.may(permission):
            continue
        try:
            found.append(Found(label, kind, reverse(name)))
        except NoReverseMatch:
            continue
    return found[:MOST]


def _every_page() -> Iterator[tuple[str, str, str, str]]:
    for _key, label, name, permission in PLACES:
        yield label, "", name, permission
    yield from OTHERS
    for _icon, label, name, permission, what in ADMIN_PLACES:
        yield label, f"{what.replace(',', ' ').replace('.', ' ')} settings", name, permission
