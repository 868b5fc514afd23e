"""The schema of the database beside the one this version wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pgtrigger
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState

from mainstay.foundation.database import DatabaseTrouble

LOCK = 7_042_001


def bring_up_to_date(tell: Callable[[str], None]) -> None:
    """Apply the migrations that are missing, one process at a time; `tell` is called with a sentence first.

    Raises `DatabaseTrouble` where the database was made by a newer version.
    """
    if not missing_steps():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            if count := len(missing_steps()):
                tell(f"Bringing the database up to date: {count} step{'s' if count > 1 else ''}.")
                migrate()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def migrate() -> None:
    """Apply every missing migration to the default connection."""
    with rendering_only_what_is_new():
        call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def rendering_only_what_is_new() -> Iterator[None]:
    """Let a model that migrations add be rendered alone, and not with every model it is related to.

    Nearly everything is related to staff, so Django would render all models anew for each one added: most of
    the time a first start takes. A model just added has nobody who refers to it yet.
    """
    usual = ProjectState.add_model

    def add_model(state: ProjectState, model: ModelState) -> None:
        key = model.app_label, model.name_lower
        if "apps" not in state.__dict__ or key in state.models:
            usual(state, model)
            return
        state.models[key] = model
        if state._relations is not None:  # type: ignore[attr-defined]
            state.resolve_model_relations(key)
        state.apps.render_multiple([model])

    ProjectState.add_model = add_model  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        ProjectState.add_model = usual  # type: ignore[method-assign]


def missing_steps() -> list[str]:
    """The migrations not yet applied; raises `DatabaseTrouble` where ones are applied that we do not know."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    replaced = {key for migration in loader.replacements.values() for key in migration.replaces}
    ours = {key for key in loader.applied_migrations if key[0] in loader.migrated_apps}
    if newer := sorted(ours - set(loader.disk_migrations) - replaced):
        raise DatabaseTrouble(
            f"This database was made by a newer Mainstay ({newer[-1][0]} {newer[-1][1]}). Install that version again."
        )
    return [str(step) for step, _ in executor.migration_plan(loader.graph.leaf_nodes())]


def triggers_out_of_place() -> list[str]:
    """Triggers the models declare that are missing, disabled or of an earlier version."""
    return [
        trigger.get_uri(model)
        for model, trigger in pgtrigger.registered()
        if trigger.get_installation_status(model) != ("INSTALLED", True)
    ]
