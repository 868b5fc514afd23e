"""The triggers in the database are the ones the models declare."""

import pgtrigger
import pytest


@pytest.mark.django_db
def test_every_trigger_is_installed_and_none_is_outdated():
    found = {}
    for model, trigger in pgtrigger.registered():
        status = trigger.get_installation_status(model)[0]
        found.setdefault(status, []).append(trigger.get_uri(model))
    found.pop("INSTALLED", None)
    assert found == {}
    assert pgtrigger.registered(), "no triggers are declared at all"
