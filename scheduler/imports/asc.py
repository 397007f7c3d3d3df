"""aSc Timetables XML, shapes 2008 and 2012, to the neutral draft. The description is import-formats A1.

It puts the tables together and says what is missing; each table is read in its own asc_… module.
"""

from dataclasses import replace

from flask_babel import gettext as _

from scheduler.imports.asc_cards import CardReader, read_cycle
from scheduler.imports.asc_classes import Audiences, read_classes, read_groups
from scheduler.imports.asc_lessons import KnownKeys, LessonReader
from scheduler.imports.asc_masks import longest
from scheduler.imports.asc_tables import is_2012, read_days, read_periods, read_rooms, read_subjects, read_teachers
from scheduler.imports.asc_xml import AscDocument, read_document
from scheduler.imports.clashes import find_clashes
from scheduler.imports.draft import Draft, Unplaced
from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.findings import FindingList, whole_file
from scheduler.imports.lesson_remarks import remark_on_lessons

UNREGISTERED_LIMIT = 10


def read_asc(data: bytes) -> Draft:
    """The draft of a file. Raises ImportRefusedError, in the user's words, for what holds no timetable or does harm."""
    document = read_document(data)
    _refuse_without_timetable(document)
    findings = FindingList()
    _remark_on_file(document, findings)
    draft = _draft(document, findings)
    if not draft.courses:
        raise ImportRefusedError(
            _("Not one lesson of the file can be read: they point to subjects that the file does not hold. Export "
              "the timetable again with all tables."),
        )  # fmt: skip
    findings.extend(find_clashes(draft))
    return replace(draft, findings=findings.as_tuple())


def _refuse_without_timetable(document: AscDocument) -> None:
    if document.rows("lessons") and document.rows("classes"):
        return
    if document.has_html_links:
        raise ImportRefusedError(
            _("This is the list of pages of a timetable published as a web site: it holds no lessons. In aSc "
              "Timetables choose File → Export → aSc Timetables 2012 XML."),
        )  # fmt: skip
    if document.rows("lessons"):
        raise ImportRefusedError(
            _("The file holds no classes, so its lessons belong to nobody. Export the timetable with all tables."),
        )
    raise ImportRefusedError(
        _("The file holds no lessons: only lists of classes, teachers or subjects. Export the whole timetable: in aSc "
          "Timetables choose File → Export → aSc Timetables 2012 XML."),
    )  # fmt: skip


def _remark_on_file(document: AscDocument, findings: FindingList) -> None:
    if document.corrected_to:
        findings.warn(
            whole_file(),
            _("The file states a wrong encoding or none; it was read as %(name)s. Please check the names.",
              name=document.corrected_to),
        )  # fmt: skip
    if UNREGISTERED_LIMIT in {len(document.rows("lessons")), len(document.rows("cards"))}:
        findings.warn(
            whole_file(),
            _("The file holds exactly ten lessons: an unregistered copy of aSc Timetables exports no more than that."),
        )
    if len(document.rows("termsdefs")) > 1 and longest(row.values.get("terms") for row in document.rows("cards")) > 1:
        findings.warn(
            whole_file(),
            _("The file holds the lessons of several terms: they were taken together. Export one term only."),
        )
    if document.rows("students"):
        findings.info(whole_file(), _("The list of pupils in the file was not read: pupils come in with a roster."))


def _draft(document: AscDocument, findings: FindingList) -> Draft:
    days, periods = read_days(document, findings), read_periods(document, findings)
    subjects, teachers = read_subjects(document, findings), read_teachers(document, findings)
    rooms, classes = read_rooms(document, findings), read_classes(document, findings)
    tables = read_groups(document, classes, findings)
    known = KnownKeys(
        frozenset(row.key for row in subjects),
        frozenset(row.key for row in teachers),
        frozenset(row.key for row in rooms),
    )
    audiences = Audiences(classes, tables)
    reader = LessonReader(document, audiences, known, findings)
    weeks = read_cycle(document, findings)
    cards = CardReader(document, known, findings, cycle=len(weeks), days=days, periods=periods)
    slots = cards.slots(reader.lessons())
    draft = Draft(
        kind="asc",
        shape="2012" if is_2012(document) else "2008",
        lessons_read=len(document.rows("lessons")),
        cycle_weeks=len(weeks),
        week_names=weeks,
        days=days,
        periods=periods,
        classes=classes,
        teachers=teachers,
        subjects=subjects,
        rooms=rooms,
        groups=tables.groups,
        divisions=tables.divisions,
        audiences=audiences.all_made(),
        courses=reader.courses(),
        slots=slots,
        unplaced=tuple(Unplaced(row.course_key, row.hours) for row in reader.lessons().values() if not row.cards),
    )
    remark_on_lessons(draft, reader.lessons().values(), findings)
    return draft
