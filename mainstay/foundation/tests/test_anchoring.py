"""Where the access log ended, kept outside the database: what somebody with the tables alone cannot take away."""

import stat
import uuid
from datetime import timedelta

import pgtrigger
import pytest
from django.db import connection

from mainstay.config.doctor import State, end_of_access_log
from mainstay.foundation.access import broken_seals, log_read
from mainstay.foundation.anchoring import NAME, anchor_in, contradiction, is_left_behind, lift_anchor, move_anchor
from mainstay.foundation.models import AccessRecord
from mainstay.foundation.testing import A_MOMENT, an_actor

pytestmark = pytest.mark.django_db


def looked(times=1, at=A_MOMENT):
    for _ in range(times):
        log_read(an_actor(now=at), kind="patient", subject=uuid.uuid4(), what="chart")


@pytest.fixture
def anchored(tmp_path):
    looked(4)
    assert move_anchor(tmp_path, now=A_MOMENT) == ""
    return tmp_path


def cut(rows):
    with pgtrigger.ignore("foundation.AccessRecord:append_only"):
        rows.delete()


def last(count):
    return AccessRecord.objects.filter(pk__in=AccessRecord.objects.order_by("-pk").values("pk")[:count])


def made_anew():
    """Every seal after the first row reckoned again, as somebody would who knows how they are made."""
    rows = [
        (r.at, r.staff_id, r.subject_kind, r.subject_id, "nothing", r.reason, r.session)
        for r in AccessRecord.objects.order_by("pk")
    ]
    cut(AccessRecord.objects.all())
    for at, staff_id, kind, subject, what, reason, session in rows:
        AccessRecord.objects.create(
            at=at, staff_id=staff_id, subject_kind=kind, subject_id=subject, what=what, reason=reason, session=session
        )


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda: cut(last(1)), "had 4 rows at 2026-11-22 12:00 UTC; 1 of them are gone."),
        (lambda: cut(AccessRecord.objects.all()), "had 4 rows at 2026-11-22 12:00 UTC; 4 of them are gone."),
        (made_anew, "4 of them are gone."),
    ],
    ids=["the end", "everything", "made anew"],
)
def test_what_is_taken_from_the_log_contradicts_its_anchor_although_the_chain_is_whole(anchored, harm, said):
    assert contradiction(anchor_in(anchored)) == ""
    harm()
    assert broken_seals() == []
    assert said.partition(" UTC")[2] in contradiction(anchor_in(anchored))
    (diagnosis,) = end_of_access_log(anchored)
    assert diagnosis.state is State.FAULT and str(anchored / NAME) in diagnosis.remedy


def test_a_log_made_anew_under_the_same_numbers_is_noticed_by_its_seal(anchored):
    with pgtrigger.ignore("foundation.AccessRecord:append_only"):
        last(1).update(hash="0" * 64)
    assert "written anew since" in contradiction(anchor_in(anchored))


def test_rows_written_after_the_end_was_cut_do_not_hide_it(anchored):
    cut(last(2))
    looked(5)
    assert broken_seals() == [] and "2 of them are gone" in contradiction(anchor_in(anchored))


def test_the_anchor_is_never_moved_over_what_is_gone_and_it_is_told_once(anchored):
    cut(last(2))
    looked(5)
    kept = anchor_in(anchored)
    assert "2 of them are gone" in move_anchor(anchored, now=A_MOMENT + timedelta(minutes=1))
    assert move_anchor(anchored, now=A_MOMENT + timedelta(minutes=2)) == ""
    after = anchor_in(anchored)
    assert (after.rows, after.last, after.seal, after.at) == (kept.rows, kept.last, kept.seal, kept.at)


def test_the_anchor_follows_the_log_and_reads_only_what_is_new(anchored, django_assert_num_queries):
    looked(3)
    with django_assert_num_queries(2):
        move_anchor(anchored, now=A_MOMENT + timedelta(minutes=1))
    newest = AccessRecord.objects.order_by("-pk").first()
    anchor = anchor_in(anchored)
    assert (anchor.rows, anchor.last, anchor.seal) == (7, newest.pk, newest.hash)
    assert stat.S_IMODE((anchored / NAME).stat().st_mode) == 0o600
    move_anchor(anchored, now=A_MOMENT + timedelta(minutes=2))
    assert anchor_in(anchored) == anchor
    (diagnosis,) = end_of_access_log(anchored)
    assert diagnosis.state is State.GOOD and "all 7 rows" in diagnosis.finding


def test_an_empty_log_has_no_anchor_and_nothing_to_say(tmp_path):
    assert move_anchor(tmp_path, now=A_MOMENT) == "" and anchor_in(tmp_path) is None
    assert list(end_of_access_log(tmp_path)) == []


def test_a_log_nobody_anchors_is_a_worry(tmp_path):
    looked()
    assert not is_left_behind(None)
    looked(at=A_MOMENT + timedelta(minutes=11))
    (missing,) = end_of_access_log(tmp_path)
    assert missing.state is State.WORRY and "is missing" in missing.finding
    move_anchor(tmp_path, now=A_MOMENT)
    looked(), looked(at=A_MOMENT + timedelta(minutes=11))
    (old,) = end_of_access_log(tmp_path)
    assert old.state is State.WORRY and "does not grow" in old.finding


@pytest.mark.parametrize("written", ["{}", "nonsense", '{"rows": 1}', "[]"])
def test_a_file_that_is_no_anchor_is_a_fault(tmp_path, written):
    (tmp_path / NAME).write_text(written)
    (diagnosis,) = end_of_access_log(tmp_path)
    assert diagnosis.state is State.FAULT and "is no anchor" in diagnosis.finding


def test_a_folder_another_database_is_restored_into_begins_anew(anchored):
    lift_anchor(anchored)
    assert anchor_in(anchored) is None and (anchored / f"{NAME}.before").exists()
    lift_anchor(anchored)
    cut(last(3))
    assert move_anchor(anchored, now=A_MOMENT) == "" and anchor_in(anchored).rows == 1


def test_writing_to_the_log_asks_the_database_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        looked()
    assert connection.vendor == "postgresql"
