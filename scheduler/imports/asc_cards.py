"""The cards of an aSc file: when and where a lesson stands. They become slots of single periods.

The shapes differ in double lessons (import-formats A1, 2): 2012 has one card for each period, 2008 one card for the
first period of `periodspercard`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from flask_babel import gettext as _

from scheduler.imports.asc_lessons import EVERY_WEEK, AscLesson, KnownKeys
from scheduler.imports.asc_masks import Mask, longest, parse_mask, spread
from scheduler.imports.asc_tables import HIGHEST_PERIOD, day_base, is_2012
from scheduler.imports.asc_xml import AscDocument, Row
from scheduler.imports.draft import DraftDay, DraftPeriod, DraftSlot
from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.findings import FindingList, line_place, whole_file

LONGEST_CYCLE = 8
MOST_SEATS = 500_000


def read_cycle(document: AscDocument, findings: FindingList) -> tuple[str, ...]:
    """The names of the weeks of the cycle; its length is the longest mask of weeks in the file."""
    tables = (document.rows(name) for name in ("weeksdefs", "lessons", "cards"))
    length = max(longest(row.values.get("weeks") for row in rows) for rows in tables) or 1
    if length > LONGEST_CYCLE:
        findings.error(
            whole_file(),
            _("The timetable repeats only after %(count)s weeks; the first %(limit)s were taken.",
              count=length, limit=LONGEST_CYCLE),
        )  # fmt: skip
        length = LONGEST_CYCLE
    names = [""] * length
    for row in document.rows("weeksdefs"):
        mask = parse_mask(row.values.get("weeks"))
        marked = mask.positions() if mask and mask.is_concrete else frozenset()
        if len(marked) == 1 and min(marked) < length and not names[min(marked)]:
            names[min(marked)] = row.text("name")
    return tuple(names)


class CardReader:
    """Reads the placements and counts on each lesson how much of it they place."""

    def __init__(
        self,
        document: AscDocument,
        known: KnownKeys,
        findings: FindingList,
        *,
        cycle: int,
        days: Sequence[DraftDay],
        periods: Sequence[DraftPeriod],
    ) -> None:
        self._document = document
        self._known = known
        self._findings = findings
        self._cycle = cycle
        self._days = days
        self._numbers = [period.number for period in periods]
        self._starts_only = not is_2012(document)
        self._base = day_base(document)
        self._terms = longest(row.values.get("terms") for row in document.rows("cards"))

    def slots(self, lessons: Mapping[str, AscLesson]) -> tuple[DraftSlot, ...]:
        """Raises ImportRefusedError where the cards multiply beyond any school."""
        slots: list[DraftSlot] = []
        seats = 0
        for row in self._document.rows("cards"):
            lesson = lessons.get(row.values.get("lessonid", "").strip())
            if lesson is None:
                self._findings.error(line_place(row.line), _("A placement of an unknown lesson was left out."))
                continue
            placed = list(self._of_card(row, lesson))
            slots.extend(placed)
            seats += len(placed) * (1 + len(lesson.audience.parts) + len(row.ids("classroomids")))
            if seats > MOST_SEATS:
                raise ImportRefusedError(_("The file places more lessons than any school has. Please check the file."))
        return tuple(slots)

    def _of_card(self, row: Row, lesson: AscLesson) -> Iterator[DraftSlot]:
        days, periods = self._days_of(row), self._periods_of(row, lesson)
        if not days or not periods:
            self._findings.error(line_place(row.line), _("A placement without a usable day or lesson was left out."))
            return
        weeks = self._weeks_of(row, lesson)
        rooms = tuple(key for key in row.ids("classroomids") if key in self._known.rooms)
        terms = self._terms_of(row)
        lesson.cards += 1
        lesson.placed += Decimal(len(days) * len(periods) * len(weeks)) / self._cycle
        for weekday in days:
            for period in periods:
                yield DraftSlot(lesson.course_key, weekday, period, weeks, rooms, terms)

    def _days_of(self, row: Row) -> list[int]:
        mask = parse_mask(row.values.get("days"))
        if mask is not None:
            positions: Iterable[int] = sorted(mask.positions()) if mask.is_concrete else ()
        else:
            number = row.number("day")
            positions = () if number is None else (number - self._base,)
        return [self._days[position].weekday for position in positions if 0 <= position < len(self._days)]

    def _periods_of(self, row: Row, lesson: AscLesson) -> list[int]:
        first = row.number("period")
        if first is None or not 0 <= first <= HIGHEST_PERIOD:
            return []
        length = lesson.length if self._starts_only else 1
        numbers = self._following(first, length)
        unknown = [number for number in numbers if number not in self._numbers]
        if unknown:
            self._findings.warn(
                line_place(row.line),
                _("Lesson number %(number)s is not among the bells of the file.", number=unknown[0]),
            )
        return numbers

    def _following(self, first: int, length: int) -> list[int]:
        """The periods after the first one in the list of bells, counted on where the list ends."""
        if first not in self._numbers:
            return [number for number in range(first, first + length) if number <= HIGHEST_PERIOD]
        start = self._numbers.index(first)
        listed = self._numbers[start : start + length]
        beyond = range(listed[-1] + 1, listed[-1] + 1 + length - len(listed))
        return [*listed, *(number for number in beyond if number <= HIGHEST_PERIOD)]

    def _weeks_of(self, row: Row, lesson: AscLesson) -> frozenset[int]:
        mask = parse_mask(row.values.get("weeks")) or lesson.weeks
        weeks = spread(mask, self._cycle)
        if not weeks or not mask.is_concrete:
            self._findings.warn(line_place(row.line), _("It is not clear in which weeks a lesson is held."))
            return weeks or spread(EVERY_WEEK, self._cycle)
        self._compare_weeks(row, weeks, lesson.weeks)
        return weeks

    def _compare_weeks(self, row: Row, weeks: frozenset[int], wanted: Mask) -> None:
        if wanted.is_concrete and not weeks <= spread(wanted, self._cycle):
            self._findings.warn(
                line_place(row.line),
                _("A lesson stands in weeks other than those it was planned for; it was taken as it stands."),
            )

    def _terms_of(self, row: Row) -> frozenset[int]:
        mask = parse_mask(row.values.get("terms"))
        if mask is None or not mask.is_concrete or len(mask.positions()) in {self._terms, mask.length}:
            return frozenset()
        return mask.positions()
