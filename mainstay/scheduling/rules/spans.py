"""Stretches of time as whole minutes since 1970 UTC: a day of 23 or 25 hours is no special case."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

Span = tuple[int, int]
"""From the first minute to just before the last."""


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same minutes as few spans, sorted, none touching another; empty ones are left out."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if result and start <= result[-1][1]:
            if end > result[-1][1]:
                result[-1] = (result[-1][0], end)
        else:
            result.append((start, end))
    return result


class Timeline:
    """What is taken of one provider, room or thing: asked many times, made once."""

    __slots__ = ("ends", "spans")

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self.spans = merged(spans)
        self.ends = [end for _, end in self.spans]

    def first_after(self, minute: int) -> int:
        """The index of the first span that ends after a minute."""
        return bisect_right(self.ends, minute)

    def is_free(self, start: int, end: int) -> bool:
        """Whether nothing is taken between the two."""
        index = bisect_right(self.ends, start)
        return index == len(self.spans) or self.spans[index][0] >= end


NOTHING_TAKEN = Timeline()


def free_starts(within: Span, minutes: int, step: int, taken: Timeline, not_before: int = 0) -> Iterator[int]:
    """The minutes, every `step` from the beginning of a stretch, at which `minutes` fit and nothing is taken."""
    begins, ends = within
    at = begins if not_before <= begins else begins + -(-(not_before - begins) // step) * step
    spans, index, last = taken.spans, taken.first_after(at), len(taken.spans)
    while at + minutes <= ends:
        while index < last and spans[index][1] <= at:
            index += 1
        if index < last and spans[index][0] < at + minutes:
            at = begins + -(-(spans[index][1] - begins) // step) * step
            continue
        yield at
        at += step
