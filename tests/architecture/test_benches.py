"""The benchmarks still run: nobody asks for them daily, and each fills tables whose columns change."""

from __future__ import annotations

import pytest

from bench import fhir, inventory, search


@pytest.mark.django_db
def test_the_search_bench_fills_a_small_town_and_finds_its_people(capsys):
    search.measure(60)
    assert "patients, loaded" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_the_inventory_bench_recalls_a_lot():
    assert inventory.measure(2) > 0


@pytest.mark.django_db
def test_the_fhir_bench_brings_its_bundle_in():
    assert any("500 resources" in line for line in fhir.measured())
