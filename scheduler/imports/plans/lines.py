"""The lines of a plan as read: what is taught to which classes or grades, how much, by whom and when."""

from dataclasses import dataclass
from datetime import time
from decimal import Decimal

from scheduler.imports.grids.class_words import ClassLabel


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line. Grades stand for all classes of them; `is_joint` where all its classes are one group.

    `is_of_all` where it is for whatever classes the school has.
    """

    subject: str
    hours: Decimal
    place: str
    labels: tuple[ClassLabel, ...] = ()
    grades: tuple[int, ...] = ()
    leaders: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    weekday: int | None = None
    period: int | None = None
    start: time | None = None
    is_joint: bool = False
    is_of_all: bool = False
