"""What every table owes: a history, and a witness in the database of every move."""

import pgtrigger
import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from mainstay.config.documents import lifecycles
from mainstay.foundation.constraints import legal_steps_only
from mainstay.foundation.records import StepRecord

NO_HISTORY = {
    # Envelopes and switches of the installation itself: how the program stands, not what happened to anybody.
    "foundation.Delivery", "foundation.Answer", "foundation.Draft",
    "foundation.BackupRecord", "foundation.Installation",
    # Code tables: a release is loaded whole and names its own version.
    "terminology.CodeTable", "terminology.Concept", "terminology.Synonym", "terminology.Word",
    # They are written once, and once more when they end; who and when of both stands in the row.
    "interop.ImportRun", "interop.ExternalResource",
    # Made by one person and undone by one, both with their moment in the row; what it moved is kept, row by row.
    "people.PatientMerge",
    # Made, used and voided at a moment each, which stands in the row; every use is a sign-in record, which only grows.
    "workforce.RecoveryCode",
    # A name another system uses, written once; only a merge moves it, and keeps which row it moved from whom.
    "people.PatientIdentifier",
    # A counter the screens compare.
    "visits.BoardVersion",
    # A sum: its movements, which never change, are its history.
    "inventory.Stock",
    # A counter the processes compare; what is reckoned from chart and schedule, and reckoned anew.
    "immunizations.ScheduleStamp", "immunizations.DueVaccine", "immunizations.DueRun",
    # Every move of its state is a step, every answer a reply, and both only grow; what it says never changes.
    "interop.OutboundMessage",
    # Written once; only a merge moves its patient, and keeps which row it moved from whom.
    "interop.InboundOutcome",
}  # fmt: skip
"""Tables without a history, each for a reason. Whatever is not here keeps every version or never changes."""


def is_history(model):
    return any(field.name == "pgh_id" for field in model._meta.get_fields())


def written_here():
    return [m for m in apps.get_models() if m.__module__.startswith("mainstay.") and not m._meta.proxy]


def ours():
    """The models somebody of ours wrote: no history tables, no libraries'."""
    return [model for model in written_here() if not is_history(model)]


def protections(model):
    return {trigger.name for of, trigger in pgtrigger.registered() if of is model}


def remembers(model):
    """Every version is kept by the database, or no row ever changes."""
    names = protections(model)
    return "append_only" in names or {"never_deleted", "insert_insert", "update_update"} <= names


def label(model):
    return f"{model._meta.app_label}.{model.__name__}"


def test_every_table_keeps_its_history_or_says_why_not():
    forgetful = {label(model) for model in ours() if not remembers(model)}
    assert forgetful - NO_HISTORY == set()


def test_nothing_is_excused_that_needs_no_excuse():
    assert {label(model) for model in ours() if not remembers(model)} == NO_HISTORY


def test_history_tables_themselves_are_append_only():
    histories = [model for model in written_here() if is_history(model)]
    assert len(histories) > 30
    assert [label(model) for model in histories if "append_only" not in protections(model)] == []


def conditions(model):
    return {constraint.condition for constraint in model._meta.constraints if hasattr(constraint, "condition")}


@pytest.mark.parametrize("model", StepRecord.__subclasses__(), ids=label)
def test_every_table_of_steps_lets_in_only_the_edges_of_a_lifecycle(model):
    legal = {legal_steps_only(lifecycle, name="any").condition for lifecycle in lifecycles().values()}
    assert conditions(model) & legal, "no constraint of this table is the one its lifecycle makes"
    assert "append_only" in protections(model)


def test_every_lifecycle_has_a_table_of_steps():
    witnessed = set().union(*(conditions(model) for model in StepRecord.__subclasses__()))
    missing = [n for n, one in lifecycles().items() if legal_steps_only(one, name="any").condition not in witnessed]
    assert missing == []


@pytest.mark.parametrize("lifecycle", lifecycles().values(), ids=lambda one: one.name)
def test_every_state_can_be_reached_and_every_open_one_left(lifecycle):
    reached = {lifecycle.initial}
    for _ in lifecycle.states:
        reached |= {target for source, target in lifecycle.edges() if source in reached}
    assert reached == set(lifecycle.states)
    assert {s for s in lifecycle.states if not lifecycle.available(s)} == set(lifecycle.final)


@pytest.mark.django_db
@pytest.mark.parametrize("model", StepRecord.__subclasses__(), ids=label)
def test_a_step_no_lifecycle_knows_is_not_valid(model):
    with pytest.raises(ValidationError, match="is violated"):
        model(name="teleport", source="moon", target="mars").validate_constraints()
