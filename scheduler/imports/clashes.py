"""Clashes inside a draft: a teacher, a class or a room in two lessons at once. They are reported, nothing is dropped.

Works on draft slots (weekday, period, weeks of the cycle), not on dated lessons: those are judged by `rules`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, islice, product

from flask_babel import gettext as _

from scheduler.imports.draft import Draft, DraftPart, DraftSlot, Finding, FindingLevel
from scheduler.imports.findings import place_in_week

Resource = tuple[str, str]
Meeting = tuple[DraftSlot, DraftSlot]
MOST_MEETINGS = 20_000


def find_clashes(draft: Draft) -> tuple[Finding, ...]:
    """One finding for each resource, day and pair of courses, whatever number of periods and weeks it lasts.

    Parts of two divisions of a class that the source itself runs in one hour are taken as apart, and said so.
    """
    sweep = _Sweep(draft)
    clashes: dict[tuple[Resource, int, frozenset[str]], list[Meeting]] = defaultdict(list)
    apart: dict[tuple[str, str], Meeting] = {}
    for resource, first, second in islice(_all_meetings(draft, sweep), MOST_MEETINGS):
        pair = frozenset({first.course_key, second.course_key})
        if resource[0] != "class" or sweep.share_pupils(resource[1], first, second):
            clashes[resource, first.weekday, pair].append((first, second))
        elif labels := sweep.crossing_labels(resource[1], first, second):
            apart.setdefault(labels, (first, second))
    found = [sweep.clash(resource, meetings) for (resource, _day, _pair), meetings in clashes.items()]
    return (*found, *(sweep.taken_apart(labels, first) for labels, (first, _second) in apart.items()))


def _all_meetings(draft: Draft, sweep: "_Sweep") -> Iterator[tuple[Resource, DraftSlot, DraftSlot]]:
    """Every pair of slots at one time of one resource; a file that is nothing but clashes is read up to a bound."""
    for resource, slots in _by_resource(draft).items():
        for first, second in sweep.meetings(slots):
            yield resource, first, second


def _by_resource(draft: Draft) -> dict[Resource, list[DraftSlot]]:
    slots: dict[Resource, list[DraftSlot]] = defaultdict(list)
    for slot in draft.slots:
        for resource in _resources(draft, slot):
            slots[resource].append(slot)
    return slots


def _resources(draft: Draft, slot: DraftSlot) -> Iterator[Resource]:
    """A vacancy, a room without a name and a gym are nothing that could be taken twice; a club is not its classes."""
    for key in draft.course_by_key[slot.course_key].teacher_keys:
        if not draft.teacher_by_key[key].is_placeholder:
            yield "teacher", key
    audience = draft.audience_of(slot)
    for key in audience.class_keys if not audience.stands_apart else ():
        yield "class", key
    for key in slot.room_keys:
        if not (draft.room_by_key[key].is_placeholder or draft.room_by_key[key].is_shared):
            yield "room", key


class _Sweep:
    """Compares the slots of one resource with one another, and words what was found."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._periods = {period.number: period for period in draft.periods}
        self._shift_by_class = {row.key: row.shift for row in draft.classes}

    def meetings(self, slots: Iterable[DraftSlot]) -> Iterator[Meeting]:
        """Pairs of slots at one time: the same period or overlapping bells, on one day, in a common week and term."""
        by_hour: dict[tuple[int, int], list[DraftSlot]] = defaultdict(list)
        for slot in slots:
            by_hour[slot.weekday, slot.period].append(slot)
        for (weekday, number), rows in sorted(by_hour.items()):
            yield from self._sharing(combinations(rows, 2))
            for later in self._overlapping(number):
                yield from self._sharing(product(rows, by_hour.get((weekday, later), ())))

    def _sharing(self, pairs: Iterable[Meeting]) -> Iterator[Meeting]:
        """Those in a common week and term, of one shift: another shift's number says nothing about the hour."""
        for one, other in pairs:
            if one.shares_time_of_year(other) and self._shifts(one) & self._shifts(other):
                yield one, other

    def _shifts(self, slot: DraftSlot) -> set[int]:
        return {self._shift_by_class[key] for key in self._draft.audience_of(slot).class_keys} or {1}

    def _overlapping(self, number: int) -> list[int]:
        """The higher numbers whose bells overlap those of this one."""
        own = self._periods.get(number)
        return [key for key, row in self._periods.items() if own and key > number and own.overlaps(row)]

    def share_pupils(self, class_key: str, first: DraftSlot, second: DraftSlot) -> bool:
        """True where the same pupils are surely meant: the whole class, or one part twice."""
        pairs = product(self._parts(class_key, first), self._parts(class_key, second))
        return any(one == other or None in {one.division_key, other.division_key} for one, other in pairs)

    def crossing_labels(self, class_key: str, first: DraftSlot, second: DraftSlot) -> tuple[str, str] | None:
        """The audiences in words where parts of two divisions meet, None where the parts are of one division."""
        pairs = product(self._parts(class_key, first), self._parts(class_key, second))
        if not any(one.overlaps(other) for one, other in pairs):
            return None
        one, other = sorted((self._draft.audience_of(first).label, self._draft.audience_of(second).label))
        return one, other

    def _parts(self, class_key: str, slot: DraftSlot) -> list[DraftPart]:
        return [part for part in self._draft.audience_of(slot).parts if part.class_key == class_key]

    def clash(self, resource: Resource, meetings: Sequence[Meeting]) -> Finding:
        first, second = meetings[0]
        numbers = sorted({slot.period for slot, _other in meetings})
        words = {"first": self._lesson(first), "second": self._lesson(second)}
        kind, key = resource
        if kind == "teacher":
            text = _("%(name)s teaches two lessons at once: %(first)s and %(second)s.",
                     name=self._draft.teacher_by_key[key].name, **words)  # fmt: skip
        elif kind == "class":
            text = _("Class %(name)s has two lessons at once: %(first)s and %(second)s.",
                     name=self._draft.class_by_key[key].name, **words)  # fmt: skip
        else:
            text = _("Two lessons at once in room %(name)s: %(first)s and %(second)s.",
                     name=self._draft.room_by_key[key].name, **words)  # fmt: skip
        return Finding(FindingLevel.WARNING, place_in_week(first.weekday, *numbers), text, is_clash=True)

    def taken_apart(self, labels: tuple[str, str], slot: DraftSlot) -> Finding:
        text = _("%(first)s and %(second)s have lessons at one time: taken as different pupils, as the timetable has "
                 "it.", first=labels[0], second=labels[1])  # fmt: skip
        return Finding(FindingLevel.INFO, place_in_week(slot.weekday, slot.period), text)

    def _lesson(self, slot: DraftSlot) -> str:
        subject = self._draft.subject_by_key[self._draft.course_by_key[slot.course_key].subject_key].name
        return f"{subject} ({self._draft.audience_of(slot).label})"
