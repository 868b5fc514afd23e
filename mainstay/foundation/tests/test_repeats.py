"""One key, one write: what is kept of the answer, and when the key is free again."""

from __future__ import annotations

import uuid

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from mainstay.foundation.access import log_read
from mainstay.foundation.errors import InvalidInput, Stale
from mainstay.foundation.models import AccessRecord, Answer
from mainstay.foundation.pages.repeats import answered_once
from mainstay.foundation.testing import an_actor

pytestmark = pytest.mark.django_db


@answered_once
def write(request):
    """Write one row, and answer with the status that was asked for."""
    log_read(request.actor, kind="visit", subject=uuid.uuid4(), what="written")
    return HttpResponse(request.POST.get("say", "done"), status=int(request.POST.get("status", "200")))


def send(key: str, path: str = "/visits/1/room/", *, staff_id: int = 7, **typed: str):
    request = RequestFactory().post(path, {"idempotency_key": key, **typed})
    request.actor = an_actor(staff_id=staff_id)
    return write(request)


def test_a_write_sent_again_gets_the_answer_it_got():
    key = str(uuid.uuid4())
    first, again = send(key, say="roomed"), send(key, say="roomed twice")
    assert (first.content, again.content) == (b"roomed", b"roomed")
    assert again["Idempotency-Replayed"] == "true"
    assert AccessRecord.objects.count() == 1


def test_a_key_is_good_at_one_address_only():
    key = str(uuid.uuid4())
    send(key)
    with pytest.raises(Stale, match="somewhere else"):
        send(key, "/visits/2/room/")
    assert AccessRecord.objects.count() == 1


def test_two_people_with_one_key_have_an_answer_each():
    key = str(uuid.uuid4())
    assert (send(key, say="mine").content, send(key, staff_id=8, say="yours").content) == (b"mine", b"yours")


def test_a_refused_write_leaves_nothing_and_frees_its_key():
    key = str(uuid.uuid4())
    assert send(key, status="422").status_code == 422
    assert not AccessRecord.objects.exists() and not Answer.objects.exists()
    assert send(key, say="put right").content == b"put right"
    assert AccessRecord.objects.count() == 1


def test_a_write_without_its_key_is_not_made():
    with pytest.raises(InvalidInput, match="lost its key"):
        send("")
    assert not AccessRecord.objects.exists()
