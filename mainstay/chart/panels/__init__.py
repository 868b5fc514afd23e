"""Panels of measurements and answers, declared in tables, read as typed and judged by rule."""

from mainstay.chart.panels.calculated import calculated_from
from mainstay.chart.panels.declared import Choice, Item, ItemKind, Panel, Rules, panel, panels, techniques
from mainstay.chart.panels.entries import Entered, Entry, items_asked, judge_panel, read_panel

__all__ = [
    "Choice",
    "Entered",
    "Entry",
    "Item",
    "ItemKind",
    "Panel",
    "Rules",
    "calculated_from",
    "items_asked",
    "judge_panel",
    "panel",
    "panels",
    "read_panel",
    "techniques",
]
