"""Lifecycles: which state may follow which, and who may move it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from mainstay.foundation.errors import IllegalMove

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Step(Generic[S]):
    """One named move from any of `sources` to `target`, for holders of `permission`."""

    name: str
    sources: tuple[S, ...]
    target: S
    permission: str


@dataclass(frozen=True)
class Lifecycle(Generic[S]):
    """A lifecycle as a value, checked when it is made.

    Raises `ValueError` for unreachable states, dead ends not marked final, final states with a way
    out, and two steps of one name.
    """

    name: str
    states: type[S]
    initial: S
    steps: tuple[Step[S], ...]
    final: frozenset[S] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        names = [s.name for s in self.steps]
        if len(names) != len(set(names)):
            raise ValueError(f"{self.name}: two steps share a name")
        leaving = {source for s in self.steps for source in s.sources}
        reached = {self.initial}
        while more := {s.target for s in self.steps if reached & set(s.sources)} - reached:
            reached |= more
        if orphans := set(self.states) - reached:
            raise ValueError(f"{self.name}: unreachable states {sorted(orphans)}")
        if leaky := leaving & self.final:
            raise ValueError(f"{self.name}: final states with a way out {sorted(leaky)}")
        if stuck := set(self.states) - self.final - leaving:
            raise ValueError(f"{self.name}: dead ends not marked final {sorted(stuck)}")

    def step(self, name: str) -> Step[S]:
        """The step of that name; raises `KeyError` if there is none."""
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(f"{self.name} has no step {name!r}")

    def available(self, state: S) -> tuple[Step[S], ...]:
        """The steps that may be taken from `state`."""
        return tuple(s for s in self.steps if state in s.sources)

    def check(self, name: str, state: S) -> S:
        """The state that step `name` leads to from `state`; raises `IllegalMove` if it may not be taken."""
        step = self.step(name)
        if state not in step.sources:
            raise IllegalMove(f"Cannot {name.replace('_', ' ')}: it is already {state.replace('_', ' ')}.")
        return step.target

    def edges(self) -> list[tuple[S, S]]:
        """Every legal (source, target) pair, sorted."""
        return sorted({(source, s.target) for s in self.steps for source in s.sources})

    def mermaid(self) -> str:
        """The lifecycle as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        lines += [f"    {source} --> {s.target}: {s.name}" for s in self.steps for source in s.sources]
        lines += [f"    {s} --> [*]" for s in sorted(self.final)]
        return "\n".join(lines)
