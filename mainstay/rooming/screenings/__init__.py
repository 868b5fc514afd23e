"""Screening tools: items and answers in English and Spanish, scores, and what must follow. Pure, no database."""

from mainstay.rooming.screenings.score import Result, score
from mainstay.rooming.screenings.tools import Answer, Band, Item, Tool, Words, tool, tools

__all__ = ["Answer", "Band", "Item", "Result", "Tool", "Words", "score", "tool", "tools"]
