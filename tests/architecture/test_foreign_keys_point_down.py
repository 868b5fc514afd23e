"""Import-linter cannot see "people.Patient"; the tables must obey the same order as the imports."""

import tomllib

from django.apps import apps

from lint.source import ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
FLOORS = next(contract["layers"] for contract in CONTRACTS if contract["name"].startswith("Floors"))
HEIGHT = {name.strip(" ()"): len(FLOORS) - number for number, floor in enumerate(FLOORS) for name in floor.split("|")}


def domain(model):
    parts = model.__module__.split(".")
    return parts[1] if parts[0] == "mainstay" else None


def upward(models):
    for model in models:
        for field in model._meta.get_fields():
            target = field.related_model
            if field.auto_created or not (field.many_to_one or field.one_to_one or field.many_to_many) or not target:
                continue
            own, other = domain(model), domain(target)
            if own and other and own != other and HEIGHT[other] >= HEIGHT[own]:
                yield f"{own}.{model.__name__}.{field.name} -> {other}.{target.__name__}"


def test_foreign_keys_point_down():
    assert list(upward(apps.get_models())) == []


def test_every_domain_has_a_floor():
    assert {domain(model) for model in apps.get_models()} - {None} <= set(HEIGHT)


def test_a_key_that_points_up_is_noticed(monkeypatch):
    models = [model for model in apps.get_models() if domain(model)]
    monkeypatch.setitem(HEIGHT, "foundation", 99)
    monkeypatch.setitem(HEIGHT, "practice", 98)
    monkeypatch.setitem(HEIGHT, "people", 100)
    assert len(list(upward(models))) > 0
