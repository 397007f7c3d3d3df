"""What a person should know about the lessons of a source: unplaced, without class or teacher, sums that differ.

The remarks are gathered by class: a real file leaves three lessons of four unplaced, and a thousand lines say nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from decimal import Decimal
from typing import Protocol

from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler.imports.draft import Draft, DraftAudience
from scheduler.imports.findings import FindingList, some_names, whole_file

Say = Callable[[str, str], None]


class SourceLesson(Protocol):
    """One demand of a source and how much of it stands in the timetable."""

    @property
    def course_key(self) -> str: ...
    @property
    def audience(self) -> DraftAudience: ...
    @property
    def hours(self) -> Decimal: ...
    @property
    def cards(self) -> int: ...
    @property
    def placed(self) -> Decimal: ...


def remark_on_lessons(draft: Draft, lessons: Collection[SourceLesson], findings: FindingList) -> None:
    if not draft.slots:
        findings.error(whole_file(), _("No lesson of the file has an hour: only the plan comes in, no timetable."))
    remarks = _Remarks(draft)
    remarks.say(
        (row for row in lessons if not row.audience.parts),
        findings.warn,
        lambda count: ngettext("%(num)s lesson without a class", "%(num)s lessons without a class", count),
    )
    remarks.say(
        (row for row in lessons if not draft.course_by_key[row.course_key].teacher_keys),
        findings.warn,
        lambda count: ngettext("%(num)s lesson without a teacher", "%(num)s lessons without a teacher", count),
    )
    remarks.say(
        (row for row in lessons if not row.cards),
        findings.info,
        lambda count: ngettext("%(num)s lesson has no hour", "%(num)s lessons have no hour", count),
    )
    remarks.say(
        (row for row in lessons if row.cards and row.placed < row.hours),
        findings.warn,
        lambda count: ngettext("%(num)s lesson is placed in part", "%(num)s lessons are placed in part", count),
    )
    remarks.say(
        (row for row in lessons if row.placed > row.hours),
        findings.warn,
        lambda count: ngettext(
            "%(num)s lesson is placed more often than planned",
            "%(num)s lessons are placed more often than planned",
            count,
        ),
    )


class _Remarks:
    """Gathers lessons by audience and says one sentence for each."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._order = {row.key: place for place, row in enumerate(draft.classes)}

    def say(self, lessons: Iterable[SourceLesson], say: Say, count_in_words: Callable[[int], str]) -> None:
        by_audience: dict[str, list[str]] = defaultdict(list)
        for lesson in lessons:
            by_audience[self._where(lesson)].append(self._subject(lesson))
        for where, subjects in by_audience.items():
            say(where, f"{count_in_words(len(subjects))}: {some_names(subjects)}.")

    def _where(self, lesson: SourceLesson) -> str:
        keys = sorted(lesson.audience.class_keys, key=self._order.__getitem__)
        names = (self._draft.class_by_key[key].name for key in keys)
        return some_names(names) or _("no class")

    def _subject(self, lesson: SourceLesson) -> str:
        return self._draft.subject_by_key[self._draft.course_by_key[lesson.course_key].subject_key].name
