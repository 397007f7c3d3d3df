"""The lessons of an aSc file: who, what and how often. They become courses; when and where is told by asc_cards."""

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from flask_babel import gettext as _

from scheduler.imports.asc_classes import Audiences
from scheduler.imports.asc_masks import Mask, parse_mask
from scheduler.imports.asc_tables import keyed_rows
from scheduler.imports.asc_xml import AscDocument, Row
from scheduler.imports.draft import DraftAudience, DraftCourse
from scheduler.imports.findings import FindingList, line_place
from scheduler.imports.names import stable_id

MOST_HOURS = 100
LONGEST_LESSON = 20
EVERY_WEEK = Mask(("1",))


@dataclass(frozen=True, slots=True)
class KnownKeys:
    """The keys a lesson or a card may point to."""

    subjects: frozenset[str]
    teachers: frozenset[str]
    rooms: frozenset[str]


@dataclass(slots=True)
class AscLesson:
    """One demand of the file and how much of it stands in the timetable. `length` is in periods a card."""

    key: str
    row: Row
    course_key: str
    audience: DraftAudience
    hours: Decimal
    length: int
    weeks: Mask
    rooms: tuple[str, ...]
    cards: int = 0
    placed: Decimal = Decimal(0)


class LessonReader:
    """Reads the demands; lessons of one subject, audience and set of teachers are one course with the hours summed."""

    def __init__(self, document: AscDocument, audiences: Audiences, known: KnownKeys, findings: FindingList) -> None:
        self._audiences = audiences
        self._known = known
        self._findings = findings
        self._weeks_by_id = {row.text("id"): row.values.get("weeks", "") for row in document.rows("weeksdefs")}
        self._courses: dict[str, DraftCourse] = {}
        self._lessons = {key: self._lesson(key, row) for key, row in keyed_rows(document, "lessons", findings)}

    def lessons(self) -> dict[str, AscLesson]:
        """The usable lessons by their id."""
        return {key: lesson for key, lesson in self._lessons.items() if lesson is not None}

    def courses(self) -> tuple[DraftCourse, ...]:
        return tuple(self._courses.values())

    def _lesson(self, key: str, row: Row) -> AscLesson | None:
        subject = row.values.get("subjectid", "").strip()
        if subject not in self._known.subjects:
            self._findings.error(line_place(row.line), _("A lesson of an unknown subject was left out."))
            return None
        audience = self._audiences.of_lesson(row.ids("classids"), row.ids("groupids"))
        hours = self._hours(row)
        teachers = self._teachers(row)
        course = self._course(subject, audience, teachers)
        ids = course.stable_ids + ((found,) if (found := stable_id(key)) else ())
        self._courses[course.key] = replace(course, weekly_hours=course.weekly_hours + hours, stable_ids=ids)
        return AscLesson(
            key=key,
            row=row,
            course_key=course.key,
            audience=audience,
            hours=hours,
            length=self._length(row),
            weeks=self._weeks(row),
            rooms=row.ids("classroomids"),
        )

    def _course(self, subject: str, audience: DraftAudience, teachers: tuple[str, ...]) -> DraftCourse:
        key = f"{subject}#{audience.key}#{','.join(sorted(teachers))}"
        return self._courses.get(key) or DraftCourse(key, subject, audience.key, teachers, Decimal(0))

    def _teachers(self, row: Row) -> tuple[str, ...]:
        wanted = row.ids("teacherids")
        found = tuple(key for key in wanted if key in self._known.teachers)
        if len(found) < len(wanted):
            self._findings.error(line_place(row.line), _("An unknown teacher of a lesson was left out."))
        return found

    def _hours(self, row: Row) -> Decimal:
        """Hours a week; a decimal comma stands unless the file has the option `decimalseparatordot`."""
        try:
            hours = Decimal(row.values.get("periodsperweek", "").strip().replace(",", "."))
        except InvalidOperation:
            hours = Decimal(-1)
        if hours.is_finite() and 0 <= hours <= MOST_HOURS:
            return hours.quantize(Decimal("0.001")).normalize()
        self._findings.warn(line_place(row.line), _("The weekly hours of a lesson cannot be read."))
        return Decimal(0)

    def _length(self, row: Row) -> int:
        length = row.number("periodspercard")
        if length is not None and 1 <= length <= LONGEST_LESSON:
            return length
        self._findings.warn(
            line_place(row.line),
            _("The length of a lesson cannot be read; one period was taken."),
        )
        return 1

    def _weeks(self, row: Row) -> Mask:
        """The weeks of the lesson itself (2008), or of the definition it points to (2012)."""
        text = row.values.get("weeks") or self._weeks_by_id.get(row.text("weeksdefid"))
        return parse_mask(text) or EVERY_WEEK
