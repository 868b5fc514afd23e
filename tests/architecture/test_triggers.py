"""The triggers in the database are the ones the models declare."""

import pgtrigger
import pytest

from mainstay.config.schema import missing_steps, triggers_out_of_place


@pytest.mark.django_db
def test_every_trigger_is_installed_and_none_is_outdated():
    assert pgtrigger.registered(), "no triggers are declared at all"
    assert triggers_out_of_place() == []
    assert missing_steps() == []


@pytest.mark.django_db
def test_a_trigger_that_was_removed_by_hand_is_noticed():
    model, trigger = pgtrigger.registered()[0]
    trigger.uninstall(model)
    assert triggers_out_of_place() == [trigger.get_uri(model)]
