"""A first migration's operation: an app's tables at once, where Django looks at every model again for each table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState


class CreateTables(Operation):
    """Create these tables, each after those it points at; the models are drawn up once for all of them.

    With some three hundred models that all lead to a patient or to staff, one `CreateModel` after another took 75
    of the 78 seconds a fresh database needed.
    """

    serialization_expand_args = ["tables"]

    def __init__(self, tables: Sequence[CreateModel]) -> None:
        self.tables = list(tables)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How the migration file writes it."""
        return self.__class__.__name__, [], {"tables": self.tables}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Add every model, then draw them up together: of those that were there, none refers to a new one."""
        added = [
            ModelState(
                app_label,
                table.name,
                list(table.fields),
                dict(table.options),
                tuple(table.bases or (models.Model,)),
                list(table.managers or ()),
            )
            for table in self.tables
        ]
        for model in added:
            key = (app_label, model.name_lower)
            state.models[key] = model
            if state._relations is not None:  # type: ignore[attr-defined]  # Django's own
                state.resolve_model_relations(key)
        if "apps" in state.__dict__:
            state.apps.render_multiple(added)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Create the tables in their order."""
        for table in self.tables:
            model = to_state.apps.get_model(app_label, table.name)
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.create_model(model)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop them, the last one first."""
        for table in reversed(self.tables):
            model = from_state.apps.get_model(app_label, table.name)
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.delete_model(model)

    def describe(self) -> str:
        """For `migrate --plan`."""
        return f"Create {len(self.tables)} tables"
