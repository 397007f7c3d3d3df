"""Which week of a repeating cycle a date is in, counted from a stated Monday. Knows no holidays: they take no turn."""

from dataclasses import dataclass
from datetime import date

WEEK = 7


@dataclass(frozen=True, slots=True)
class WeekCycle:
    """A cycle of `weeks` weeks; `anchor` is any date of its first week, and holidays do not shift it."""

    anchor: date
    weeks: int = 1

    def __post_init__(self) -> None:
        if self.weeks < 1:
            raise ValueError("a cycle has at least one week")

    def index(self, day: date) -> int:
        """The week of the cycle, from 0; dates before the anchor are counted backwards."""
        monday = self.anchor.toordinal() - self.anchor.weekday()
        return (day.toordinal() - monday) // WEEK % self.weeks

    def has(self, mask: str, day: date) -> bool:
        """Whether a slot's mask («1» every week, «10» the first of two) holds on a date.

        The mask's own length is the length of its cycle. Raises ValueError for anything but ones and noughts.
        """
        if not mask or set(mask) - {"0", "1"}:
            raise ValueError(f"no mask of weeks: {mask!r}")
        return mask[WeekCycle(self.anchor, len(mask)).index(day)] == "1"
