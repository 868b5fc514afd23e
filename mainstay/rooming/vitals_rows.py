"""A panel being typed, as rows of the page: fields, what was measured last, findings beneath."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.urls import reverse

from mainstay.chart.queries import PanelItem, PatientMeasures, in_clinic_unit, unit_in_words
from mainstay.foundation.components.day import VitalRow
from mainstay.foundation.findings import Finding
from mainstay.rooming.forms import PanelForm
from mainstay.visits.models import Visit


def panel_rows(
    form: PanelForm, visit: Visit, code: str, facts: PatientMeasures, findings: Sequence[Finding] = ()
) -> list[VitalRow]:
    """One row for each item of the panel's form."""
    judge = reverse("rooming-judge", args=[visit.public_id, code])
    return [_row(form, item, facts, findings, f"{judge}?item={item.key}") for item in form.panel_items]


def findings_on(item: PanelItem, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What was found on one item: its own key, its components, its technique."""
    keys = {item.key, item.measure, *item.components}
    return tuple(f for f in findings if f.field in keys or f.field.split(".")[0] == item.key)


def _row(form: PanelForm, item: PanelItem, facts: PatientMeasures, findings: Sequence[Finding], judge: str) -> VitalRow:
    keys = list(item.components) or [item.key]
    last = [facts.last[key] for key in keys if key in facts.last]
    unit = item.typed_units[0] if item.typed_units else item.unit
    details = [form[name] for name in form.fields if name.startswith(f"{item.key}.")]
    return VitalRow(
        key=item.key,
        label=item.label,
        fields=(form[item.key],),
        unit=unit_in_words(unit),
        details=tuple(details),
        previous=" / ".join(_number(item, value.value) for value in last) + (f" {unit_in_words(unit)}" if last else ""),
        previous_on=last[0].on if last else None,
        findings=findings_on(item, findings),
        judge_url=judge,
    )


def _number(item: PanelItem, value: Decimal) -> str:
    """A value measured before, in the unit it is typed in now."""
    return f"{in_clinic_unit(item.key, value, item.unit)[0].normalize():f}"
