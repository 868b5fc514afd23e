"""Write every domain's first migration anew, straight from the models: for use before a release, never after.

Django's own generator splits foreign keys off into hundreds of `AddField`s, which take minutes to apply; here every
table is created whole, in an order in which what it points at already exists.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")
os.environ.setdefault("MAINSTAY_SECRET_KEY", "none")

import django
from django.apps import AppConfig, apps
from django.db import migrations, models
from django.db.migrations.state import ModelState
from django.db.migrations.writer import MigrationWriter

from mainstay.foundation.migrating import CreateTables

EXTENSIONS = ("foundation", "0001_extensions")
BESIDE = {"people": ("CREATE SEQUENCE people_mrn START 100001", "DROP SEQUENCE people_mrn")}
"""What stands beside an app's tables and no model knows: SQL there and back."""


def in_order(app: AppConfig) -> list[type[models.Model]]:
    """An app's models, each after those of the same app it points at."""
    left, done = list(app.get_models()), []
    while left:
        for model in left:
            targets = {
                f.related_model for f in model._meta.local_fields + model._meta.local_many_to_many if f.is_relation
            }
            if not (targets & set(left)) - {model}:
                break
        else:
            raise SystemExit(f"{app.label}: models point at each other in a circle")
        left.remove(model)
        done.append(model)
    return done


def first_migration(app: AppConfig) -> tuple[str, migrations.Migration]:
    """The app's first migration and its name."""
    found = in_order(app)
    name = "0002_initial" if app.label == "foundation" else "0001_initial"
    needs = {EXTENSIONS}
    for model in found:
        for field in model._meta.local_fields + model._meta.local_many_to_many:
            other = field.is_relation and field.related_model._meta.app_label
            if other and other != app.label:
                mine = other in {a.label for a in ours()}
                needs.add(
                    (other, ("0002_initial" if other == "foundation" else "0001_initial") if mine else "__first__")
                )
    migration = migrations.Migration(name, app.label)
    migration.initial = True
    migration.dependencies = sorted(needs)
    migration.operations = [migrations.RunSQL(*BESIDE[app.label])] if app.label in BESIDE else []
    tables = []
    for model in found:
        state = ModelState.from_model(model)
        state.options.pop("triggers", None)
        tables.append(
            migrations.CreateModel(state.name, list(state.fields.items()), state.options, state.bases, state.managers)
        )
    migration.operations.append(CreateTables(tables))
    return name, migration


def ours() -> list[AppConfig]:
    """The domains that keep tables."""
    return [a for a in apps.get_app_configs() if a.name.startswith("mainstay.") and list(a.get_models())]


if __name__ == "__main__":
    django.setup()
    for app in ours():
        folder = Path(app.path) / "migrations"
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()
        for old in folder.glob("0*.py"):
            if old.stem != "0001_extensions":
                old.unlink()
        name, migration = first_migration(app)
        (folder / f"{name}.py").write_text(MigrationWriter(migration, include_header=False).as_string())
