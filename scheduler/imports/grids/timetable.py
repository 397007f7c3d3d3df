"""All sheets of a file as one weekly timetable: which sheets and parts of them are the base week, which are copies."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import time
from itertools import pairwise

from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler.imports.draft import Draft, DraftPeriod, DraftQuestion
from scheduler.imports.findings import FindingList, some_names
from scheduler.imports.grids.build import EVERY_WEEK, DraftBuilder, Sitting, place_sittings
from scheduler.imports.grids.lesson_text import ParsedLesson, is_cancelled, parse_lesson
from scheduler.imports.grids.lessons import GridLesson, Region, SheetReading
from scheduler.imports.grids.place_words import is_remote
from scheduler.imports.grids.walk import SheetWalk
from scheduler.imports.grids.words import Bells, is_dated, week_of
from scheduler.imports.sheets.cells import Sheet, place_of
from scheduler.imports.subject_names import known_subject

DOWN, ACROSS = "down", "across"
COPY_SHARE = 0.3
POOR = 0.5
TEMPLATES = ("шаблон", "образец", "пример", "template")
Seat = tuple[str, int, int]


@dataclass(slots=True)
class Timetable:
    """The lessons of the base week, and what was left aside."""

    lessons: list[GridLesson] = field(default_factory=list)
    readings: list[tuple[Sheet, SheetReading]] = field(default_factory=list)
    findings: FindingList = field(default_factory=FindingList)

    @property
    def score(self) -> float:
        return sum(reading.score for _sheet, reading in self.readings)


def read_timetable(sheets: Sequence[Sheet], *, direction: str | None = None) -> Timetable:
    """Read every sheet in the stated direction, else in the one that gives more, and take the base week of all."""
    table = Timetable()
    for sheet in sheets:
        if _is_left_aside(sheet, sheets, table.findings):
            continue
        reading = read_sheet(sheet, direction=direction)
        if reading.lessons:
            table.readings.append((sheet, reading))
    _take_base_week(table)
    return table


def _is_left_aside(sheet: Sheet, sheets: Sequence[Sheet], findings: FindingList) -> bool:
    """Hidden sheets and templates are no timetable; a hidden week is, where the other week is seen."""
    low = sheet.name.lower()
    if any(word in low for word in TEMPLATES):
        findings.info(place_of(sheet), _("The sheet is a template by its name and was not read."))
        return True
    if not sheet.is_hidden:
        return False
    week = week_of(sheet.name)
    if week is not None and any(week_of(other.name) == 1 - week for other in sheets if not other.is_hidden):
        findings.warn(place_of(sheet), _("The sheet is hidden; it was read as a week of the cycle."))
        return False
    if sheet.cells:
        findings.info(place_of(sheet), _("The sheet is hidden and was not read."))
    return True


def read_sheet(sheet: Sheet, *, direction: str | None = None) -> SheetReading:
    """The better of both directions; the second is tried only where the first leaves most of the texts."""
    if direction == ACROSS:
        return SheetWalk(sheet.turned(), ACROSS).read()
    down = SheetWalk(sheet, DOWN).read()
    if direction == DOWN:
        return down
    texts = sum(cell.number is None for cell in sheet)
    if down.score > POOR * texts:
        return down
    across = SheetWalk(sheet.turned(), ACROSS).read()
    return across if across.score > down.score else down


def _take_base_week(table: Timetable) -> None:
    taken: dict[int, set[Seat]] = defaultdict(set)
    for sheet, reading in table.readings:
        table.findings.extend(reading.remarks())
        for rows in _by_region(reading.lessons).values():
            week = EVERY_WEEK if rows[0].week is None else rows[0].week
            seats = {(row.label.key, row.weekday, number) for row in rows for number in row.periods}
            others = taken[week] | taken[EVERY_WEEK] if week != EVERY_WEEK else set().union(*taken.values())
            if len(seats & others) > COPY_SHARE * len(seats):
                _remark_on_copy(sheet, rows, table.findings)
                continue
            taken[week] |= seats
            table.lessons.extend(_seen(sheet, rows, table.findings))
        _remark_on_rest(sheet, reading, table.findings)


def _by_region(lessons: Iterable[GridLesson]) -> dict[Region, list[GridLesson]]:
    regions: dict[Region, list[GridLesson]] = defaultdict(list)
    for lesson in lessons:
        regions[lesson.region].append(lesson)
    return dict(sorted(regions.items(), key=lambda item: (any(row.is_dated for row in item[1]), item[0])))


def _remark_on_copy(sheet: Sheet, rows: Sequence[GridLesson], findings: FindingList) -> None:
    where = place_of(sheet, rows[0].address)
    if rows[0].is_dated or is_dated(sheet.name):
        findings.info(where, _("From here on the same week is repeated with dates; the base week alone was read."))
    else:
        findings.warn(
            where, _("From here on the same classes and hours come once more; the first time alone was read.")
        )


def _seen(sheet: Sheet, rows: Sequence[GridLesson], findings: FindingList) -> list[GridLesson]:
    """What a reader of the sheet sees: hidden rows are left out and told."""
    hidden = [row for row in rows if row.is_hidden]
    if hidden:
        count = ngettext("%(num)s lesson stands in a hidden row and was not taken.",
                         "%(num)s lessons stand in hidden rows and were not taken.", len(hidden))  # fmt: skip
        findings.warn(place_of(sheet, hidden[0].address), count)
    return [row for row in rows if not row.is_hidden]


def _remark_on_rest(sheet: Sheet, reading: SheetReading, findings: FindingList) -> None:
    """A subject that stands where no class, day and number could be told is never lost silently."""
    read = {lesson.address for lesson in reading.lessons} | reading.beside
    for cell in sheet:
        if cell.address not in read and not cell.is_hidden and known_subject(cell.text.strip(" .")):
            findings.error(
                place_of(sheet, cell),
                _("“%(text)s” looks like a lesson, but its class, day or number is not clear: it was not taken.",
                  text=cell.text),
            )  # fmt: skip


def draft_of(table: Timetable) -> Draft:
    """The neutral draft of the base week, with a finding for everything that a person should look at."""
    builder = DraftBuilder()
    cycle = 1 + max((row.week for row in table.lessons if row.week is not None), default=0)
    for _sheet, reading in table.readings:
        for label in reading.labels.values():
            builder.add_class(label)
    sittings = _sittings(builder, table)
    read = {(row.sheet, row.address) for row in table.lessons if not is_cancelled(row.subject)}
    slots = place_sittings(builder, sittings, cycle)
    _home_rooms(builder, table)
    remark_on_subjects(builder, table.findings)
    remark_on_classes(builder, {key for audience in builder.audiences.values() for key in audience.class_keys},
                      table.findings)  # fmt: skip
    draft = builder.draft(shape="grid", lessons_read=len(read), slots=slots, cycle_weeks=cycle)
    return replace(
        draft,
        periods=_periods(table),
        questions=(*_class_questions(table), *subject_questions(builder)),
        findings=table.findings.as_tuple(),
    )


def _sittings(builder: DraftBuilder, table: Timetable) -> list[Sitting]:
    sittings: list[Sitting] = []
    for row in table.lessons:
        parsed = parse_lesson(row.subject, row.room, row.teacher, row.subgroup)
        _remark_on_lesson(row, parsed, table.findings)
        key, week = builder.add_class(row.label), EVERY_WEEK if row.week is None else row.week
        for part in parsed.parts:
            rooms = tuple(room for room in part.rooms if not is_remote(room))
            sittings.extend(
                Sitting((week, row.weekday, period), key, replace(part, rooms=rooms), f"{row.sheet}!{row.address}",
                        parsed.is_split_by_rooms)
                for period in row.periods
            )  # fmt: skip
    return sittings


def _remark_on_lesson(row: GridLesson, parsed: ParsedLesson, findings: FindingList) -> None:
    if not parsed.parts:
        text = _("The lesson is crossed out (“%(text)s”) and was not taken.", text=row.subject)
        findings.info(place_of(row.sheet, row.address), text)
    if parsed.strange:
        text = _("Beside the lesson stands “%(text)s”, which is no room.", text=parsed.strange)
        findings.warn(place_of(row.sheet, row.address), text)
    if any(is_remote(room) for part in parsed.parts for room in part.rooms):
        findings.info(place_of(row.sheet, row.address), _("The lesson is marked as remote in the column of rooms."))


def _home_rooms(builder: DraftBuilder, table: Timetable) -> None:
    for _sheet, reading in table.readings:
        for key, rooms in reading.homes.items():
            if key in builder.classes:
                keys = tuple(builder.add_room(room) for room in dict.fromkeys(rooms))
                builder.classes[key] = replace(builder.classes[key], room_keys=keys)


def remark_on_subjects(builder: DraftBuilder, findings: FindingList) -> None:
    """Subjects outside the curriculum's usual list, in one remark; they are taken as they are written."""
    unknown = [
        builder.subjects[key].name for key, meaning in builder.meanings.items()
        if not meaning.is_known and meaning.doubt is None
    ]  # fmt: skip
    if unknown:
        findings.info(
            _("Subjects"),
            _("Not among the usual subjects, taken as they are written: %(names)s.", names=some_names(unknown)),
        )


def subject_questions(builder: DraftBuilder) -> tuple[DraftQuestion, ...]:
    """One question for each spelling that is probably a slip of the pen."""
    questions = []
    for key, meaning in builder.meanings.items():
        if meaning.doubt is None:
            continue
        text = _("“%(spelling)s” looks like “%(subject)s”. Is it one subject?", spelling=meaning.name,
                 subject=meaning.doubt)  # fmt: skip
        own = builder.subjects[key].name
        options = (
            (meaning.doubt, _("Yes, “%(subject)s”", subject=meaning.doubt)),
            (own, _("No, a subject of its own")),
        )
        questions.append(DraftQuestion(f"subject:{key}", _("Subjects"), text, options, subject_key=key))
    return tuple(questions)


def _class_questions(table: Timetable) -> tuple[DraftQuestion, ...]:
    """One question for each class whose name the program of the sheet made a date of."""
    questions = []
    for sheet, reading in table.readings:
        for key, cell in reading.damaged.items():
            name = reading.labels[key].name if key in reading.labels else key
            text = _("Instead of a class there is the date “%(value)s”. The program of the table seems to have changed "
                     "“%(guess)s” by itself. Is it class %(guess)s?", value=cell.text, guess=name)  # fmt: skip
            options = ((name, _("Yes, it is %(name)s", name=name)),)
            place = place_of(sheet, cell)
            table.findings.warn(place, text)
            questions.append(DraftQuestion(f"class:{sheet.name}:{cell.text}", place, text, options, class_key=key))
    return tuple(questions)


def remark_on_classes(builder: DraftBuilder, with_lessons: set[str], findings: FindingList) -> None:
    for row in builder.classes.values():
        if row.key not in with_lessons:
            findings.warn(row.name, _("The class has no lessons in the file."))
        if row.is_private:
            findings.warn(
                row.name,
                _("Looks like home teaching or one child: kept private until a person says otherwise."),
            )
        elif row.grade is None:
            findings.warn(row.name, _("The grade of the class is not clear from its name; please state it."))


def _periods(table: Timetable) -> tuple[DraftPeriod, ...]:
    """The lesson numbers met, with the times that most rows give them; a grid without bells gives none."""
    bells: dict[int, Counter[Bells]] = defaultdict(Counter)
    for _sheet, reading in table.readings:
        for number, rows in reading.bells.items():
            bells[number].update(rows)
    numbers = sorted({number for row in table.lessons for number in row.periods})
    usual = {number: bells[number].most_common(1)[0][0] for number in numbers if bells[number]}
    if not _go_up(list(usual.values())):
        usual = {}
    return tuple(
        DraftPeriod(number, str(number), *(_times(usual[number]) if number in usual else (None, None)))
        for number in numbers
    )


def _go_up(bells: Sequence[Bells]) -> bool:
    return all(before.end <= after.start for before, after in pairwise(bells))


def _times(bells: Bells) -> tuple[time, time]:
    return bells.start, bells.end
