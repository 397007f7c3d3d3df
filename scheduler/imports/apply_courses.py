"""Courses of a draft: found again by the ids of their lessons, by what they are, or by what stayed of them.

A course that the new file no longer has is archived, never deleted: its lessons keep pointing to it. Only a timetable
archives: a load or a plan adds hours and teachers to what stands, and its own courses wait for their lessons. A table
is often of one grade alone: classes that it does not name keep what they have.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from scheduler.imports.applying import Applying
from scheduler.imports.findings import some_names, whole_file
from scheduler.models.classes import GroupPart, SchoolClass, StudyGroup
from scheduler.models.courses import Course, Subject
from scheduler.models.people import Person

PERHAPS_A_PART = frozenset({"grid"})
WITHOUT_SLOTS = frozenset({"load", "hours", "activities"})
PLANS = frozenset({"hours", "activities"})


@dataclass(slots=True)
class WantedCourse:
    """One line of the plan over rows of the database; several lines of a draft may come to the same one."""

    subject: Subject
    group: StudyGroup
    teachers: tuple[Person, ...]
    hours: Decimal = Decimal(0)
    ids: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    @property
    def natural_key(self) -> tuple[int, int, frozenset[int]]:
        return self.subject.id, self.group.id, frozenset(person.id for person in self.teachers)


@dataclass(frozen=True, slots=True)
class AppliedCourses:
    """The courses by draft key, and those an earlier import had made that are gone now."""

    by_key: dict[str, Course]
    gone: tuple[Course, ...]


class CourseWriter:
    """Writes the plan: matched courses are updated in place, new ones made, vanished ones archived."""

    def __init__(self, work: Applying) -> None:
        self._work = work
        self._known = {
            row.id: row
            for row in work.session.scalars(
                sa.select(Course)
                .where(Course.school_id == work.school_id)
                .options(selectinload(Course.teachers))
                .order_by(Course.is_archived, Course.id)
            )
        }

    def write(
        self,
        subjects: Mapping[str, Subject],
        groups: Mapping[str, StudyGroup],
        teachers: Mapping[str, Person],
        classes: Iterable[SchoolClass],
    ) -> AppliedCourses:
        wanted = self._wanted(subjects, groups, teachers)
        matched = self._match(wanted)
        by_key: dict[str, Course] = {}
        for number, wish in enumerate(wanted):
            course = matched.get(number) or self._new(wish)
            self._update(course, wish)
            by_key.update(dict.fromkeys(wish.keys, course))
        used = {course.id for course in matched.values()}
        gone = self._named([row for row in self._known.values() if self._is_gone(row, used)], classes)
        self._archive(gone)
        self._work.session.flush()
        return AppliedCourses(by_key, gone)

    def _is_gone(self, row: Course, used: set[int]) -> bool:
        if not self._work.draft.has_timetable or row.id in used:
            return False
        return bool(row.source_id) and row.source_id not in WITHOUT_SLOTS

    def _named(self, gone: Sequence[Course], classes: Iterable[SchoolClass]) -> tuple[Course, ...]:
        """Those of classes that the file names; of a whole school's file, all of them."""
        if self._work.draft.kind not in PERHAPS_A_PART or not gone:
            return tuple(gone)
        labels, in_file = self._labels_of_groups(), {row.id for row in classes}
        others = [row for row in gone if labels[row.group_id] and not in_file & labels[row.group_id].keys()]
        names = sorted({label for row in others if not row.is_archived for label in labels[row.group_id].values()})
        if names:
            self._work.findings.warn(
                whole_file(),
                _("The file does not name these classes, so their timetable stays as it was: %(names)s.",
                  names=some_names(names)),
            )  # fmt: skip
        left = {row.id for row in others}
        return tuple(row for row in gone if row.id not in left)

    def _labels_of_groups(self) -> Mapping[int, dict[int, str]]:
        labels: dict[int, dict[int, str]] = defaultdict(dict)
        query = sa.select(GroupPart.group_id, SchoolClass.id, SchoolClass.label).join(SchoolClass)
        for row in self._work.session.execute(query.where(GroupPart.school_id == self._work.school_id)):
            labels[row.group_id][row.id] = row.label
        return labels

    def _wanted(
        self,
        subjects: Mapping[str, Subject],
        groups: Mapping[str, StudyGroup],
        teachers: Mapping[str, Person],
    ) -> list[WantedCourse]:
        wanted: dict[tuple[int, int, frozenset[int]], WantedCourse] = {}
        for draft in self._work.draft.courses:
            people = tuple(dict.fromkeys(teachers[key] for key in draft.teacher_keys if key in teachers))
            wish = WantedCourse(subjects[draft.subject_key], groups[draft.audience_key], people)
            wish = wanted.setdefault(wish.natural_key, wish)
            wish.hours += draft.weekly_hours
            wish.ids.extend(draft.stable_ids)
            wish.keys.append(draft.key)
        return list(wanted.values())

    def _match(self, wanted: list[WantedCourse]) -> dict[int, Course]:
        """Positions in `wanted` to known courses; each known course is used once."""
        found: dict[int, Course] = {}
        self._match_natural(wanted, found)
        self._match_ids(wanted, found)
        self._match_subject_and_group(wanted, found)
        return found

    def _match_ids(self, wanted: list[WantedCourse], found: dict[int, Course]) -> None:
        used = {row.id for row in found.values()}
        by_id = {lasting: row for row in self._free(found) for lasting in (row.source_id or "").split(",")}
        for number, wish in enumerate(wanted):
            rows = [by_id[lasting] for lasting in wish.ids if lasting in by_id]
            usable = [row for row in rows if row.subject_id == wish.subject.id and row.id not in used]
            if number not in found and usable:
                found[number] = usable[0]
                used.add(usable[0].id)

    def _match_natural(self, wanted: list[WantedCourse], found: dict[int, Course]) -> None:
        by_key: dict[tuple[int, int, frozenset[int]], Course] = {}
        for row in self._free(found):
            by_key.setdefault((row.subject_id, row.group_id, frozenset(person.id for person in row.teachers)), row)
        for number, wish in enumerate(wanted):
            if number not in found and wish.natural_key in by_key:
                found[number] = by_key[wish.natural_key]

    def _match_subject_and_group(self, wanted: list[WantedCourse], found: dict[int, Course]) -> None:
        """A change of teacher: one line of that subject and group is left on both sides. A plan names no teachers."""
        is_plan = self._work.draft.shape in PLANS
        rows = [row for row in self._free(found) if row.source_id or is_plan]
        row_count = Counter((row.subject_id, row.group_id) for row in rows)
        by_key = {(row.subject_id, row.group_id): row for row in rows}
        open_wishes = {number: wish for number, wish in enumerate(wanted) if number not in found}
        wish_count = Counter(wish.natural_key[:2] for wish in open_wishes.values())
        for number, wish in open_wishes.items():
            key = wish.natural_key[:2]
            if row_count[key] == wish_count[key] == 1:
                found[number] = by_key[key]

    def _free(self, found: Mapping[int, Course]) -> list[Course]:
        used = {row.id for row in found.values()}
        return [row for row in self._known.values() if row.id not in used]

    def _new(self, wish: WantedCourse) -> Course:
        course = Course(school_id=self._work.school_id, subject=wish.subject, group=wish.group)
        course.teachers = list(wish.teachers)
        self._work.session.add(course)
        self._work.counts["courses_new"] += 1
        return course

    def _update(self, course: Course, wish: WantedCourse) -> None:
        course.weekly_hours = wish.hours.quantize(Decimal("0.01"))
        course.source_id = ",".join(sorted(wish.ids)) or self._source(course)
        course.is_archived = False
        if course.group is not wish.group:
            course.group = wish.group
        if not wish.teachers and (not self._work.draft.teachers or self._work.draft.shape in PLANS):
            return  # a source without any teacher does not take away those that stand
        if {person.id for person in course.teachers} != {person.id for person in wish.teachers}:
            course.teachers = list(wish.teachers)
            self._work.counts["courses_other_teacher"] += 1

    def _source(self, course: Course) -> str | None:
        """What made the course: a timetable takes over the courses of a load, a load leaves those of a timetable."""
        if self._work.draft.has_timetable:
            return self._work.draft.kind
        if self._work.draft.shape in PLANS and course.id is not None:
            return course.source_id
        return course.source_id or self._work.draft.shape

    def _archive(self, gone: Iterable[Course]) -> None:
        for course in gone:
            if course.is_archived:
                continue
            course.is_archived = True
            self._work.counts["courses_gone"] += 1
            self._work.findings.info(
                course.group.name, _("%(subject)s is no longer in the file.", subject=course.subject.name)
            )
