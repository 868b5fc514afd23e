"""The schema of the database beside the one this version wants."""

from __future__ import annotations

from collections.abc import Callable

import pgtrigger
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from mainstay.foundation.database import DatabaseTrouble
from mainstay.foundation.patience import unhurried

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
    with unhurried():
        call_command("migrate", verbosity=0, interactive=False)


def missing_steps() -> list[str]:
    """The migrations not yet applied; raises `DatabaseTrouble` where ones are applied that we do not know."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    replaced = {key for migration in loader.replacements.values() for key in migration.replaces}
    ours = {key for key in loader.applied_migrations if key[0] in loader.migrated_apps}
    if newer := sorted(ours - set(loader.disk_migrations) - replaced):
        raise DatabaseTrouble(
            f"This database was made by another Mainstay: a newer one, or one from before the first release "
            f"({newer[-1][0]} {newer[-1][1]}). Install that version again, or start with an empty folder."
        )
    return [str(step) for step, _ in executor.migration_plan(loader.graph.leaf_nodes())]


def triggers_out_of_place() -> list[str]:
    """Triggers the models declare that are missing, disabled or of an earlier version."""
    return [
        trigger.get_uri(model)
        for model, trigger in pgtrigger.registered()
        if trigger.get_installation_status(model) != ("INSTALLED", True)
    ]
