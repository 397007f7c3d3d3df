"""Masks of days, weeks and terms in aSc files: position i from the left is day or week i (import-formats A1, 3–4).

Only the marks are read here; which row they belong to is for the callers.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_MASK = 31
_MASK = re.compile(r"[01]{1,31}")


@dataclass(frozen=True, slots=True)
class Mask:
    """The alternatives of one mask: `10,01` is «either week» and has two, `11` is «every week» and has one."""

    alternatives: tuple[str, ...]

    @property
    def is_concrete(self) -> bool:
        """One alternative with a mark in it: `00000` means «any» like a list of alternatives."""
        return len(self.alternatives) == 1 and "1" in self.alternatives[0]

    @property
    def length(self) -> int:
        return max(len(text) for text in self.alternatives)

    def positions(self) -> frozenset[int]:
        """The marked positions of the first alternative; of «any» without a mark none."""
        return frozenset(index for index, mark in enumerate(self.alternatives[0]) if mark == "1")


def parse_mask(text: str | None) -> Mask | None:
    """None where the text is no mask."""
    parts = tuple(part.strip() for part in (text or "").split(","))
    if not all(_MASK.fullmatch(part) for part in parts):
        return None
    return Mask(parts)


def longest(masks: Iterable[str | None]) -> int:
    """The length of the longest readable mask, 0 where there is none."""
    return max((mask.length for mask in map(parse_mask, masks) if mask), default=0)


def spread(mask: Mask, cycle: int) -> frozenset[int]:
    """The weeks of the cycle that a mask marks: a mask of length 1 means every week, a shorter one repeats."""
    width = len(mask.alternatives[0])
    marked = mask.positions()
    return frozenset(week for week in range(cycle) if week % width in marked)
