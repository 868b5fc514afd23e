"""What is typed is kept until it is saved, and not a moment longer."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from django.db import connection, transaction

from mainstay.foundation.drafts import draft_for, drafts_at, drop_draft, keep_draft, park
from mainstay.foundation.models import Answer
from mainstay.foundation.testing import an_actor

KEY = "reason:1"


@pytest.mark.django_db
def test_a_draft_that_comes_in_after_its_form_was_saved_is_not_kept():
    actor, form = an_actor(staff_id=7), uuid4()
    Answer.objects.create(key=form, staff_id=actor.staff_id, path="/rooming/1/reason/", status=303)
    assert keep_draft(actor, KEY, {"words": ["Headache"]}, of_form=form) is None
    assert draft_for(actor, KEY) is None
    assert keep_draft(actor, KEY, {"words": ["Headache, worse"]}, of_form=uuid4()) is not None


@pytest.mark.django_db(transaction=True)
def test_a_draft_sent_beside_its_save_waits_for_it_and_is_late():
    actor, form, began = an_actor(staff_id=7), uuid4(), threading.Event()
    kept = []

    def autosave():
        began.set()
        kept.append(keep_draft(actor, KEY, {"words": ["Headache"]}, of_form=form))
        connection.close()

    sent = threading.Thread(target=autosave)
    with transaction.atomic():
        Answer.objects.create(key=form, staff_id=actor.staff_id, path="/rooming/1/reason/", status=303)
        drop_draft(actor, KEY)
        sent.start()
        assert began.wait(600)
        sent.join(0.3)
        assert not kept, "the draft did not wait for the save"
    sent.join(600)
    assert kept == [None] and draft_for(actor, KEY) is None


@pytest.mark.django_db
def test_a_page_is_given_what_was_typed_on_it_and_what_was_put_aside_anywhere():
    actor = an_actor(staff_id=7)
    keep_draft(actor, KEY, {"words": ["Headache"]}, url="/rooming/1/?from=board")
    keep_draft(actor, "reason:12", {"words": ["Cough"]}, url="/rooming/12/")
    keep_draft(actor, "note:3", {"text": ["Well."]}, url="/provider/3/")
    park(actor, "note:3")
    typed_here, parked = drafts_at(actor, "/rooming/1/")
    assert [draft.key for draft in typed_here] == [KEY]
    assert [draft.key for draft in parked] == ["note:3"]
    somebody_else = an_actor(staff_id=8)
    assert drafts_at(somebody_else, "/rooming/1/") == ([], [])
