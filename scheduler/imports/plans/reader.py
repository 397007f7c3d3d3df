"""Plans of hours in tables: which of the two it is, its lines, and what a person should look at."""

import re
from collections.abc import Iterator, Sequence

from flask_babel import gettext as _

from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.findings import FindingList
from scheduler.imports.grids.build import DraftBuilder
from scheduler.imports.grids.marks import Marks
from scheduler.imports.grids.place_words import is_person
from scheduler.imports.grids.timetable import remark_on_subjects, subject_questions
from scheduler.imports.grids.words import plain
from scheduler.imports.plans.draft import CURRICULUM, EXTRACURRICULAR, PlanDraft
from scheduler.imports.plans.lines import PlanLine
from scheduler.imports.plans.listed import heading_of, read_listed
from scheduler.imports.plans.matrix import read_matrix
from scheduler.imports.sheets.cells import Sheet
from scheduler.imports.subject_names import known_subject

FEWEST = 3
MOST_PEOPLE = 2
_OUTSIDE = re.compile(r"внеуроч|внеклассн|кружк|доп(?:олнительн\w*|\.)? образован")
_PLAN = re.compile(r"учебн\w* план|недельн\w* план|(?:часов|часы|нагрузка) в неделю|количество часов|план внеуроч")


def plan_kind(sheets: Sequence[Sheet]) -> str | None:
    """`curriculum` or `extracurricular` where the words and the lines of a table say so; else None."""
    seen = [sheet for sheet in sheets if not sheet.is_hidden]
    if any(heading_of(sheet) for sheet in seen):
        return EXTRACURRICULAR
    texts = [plain(text) for sheet in seen for text in (sheet.name, *(cell.text for cell in sheet))]
    if not any(_PLAN.search(text) for text in texts) or sum(map(is_person, texts)) > MOST_PEOPLE:
        return None
    lines = [line for sheet in seen if not _has_days(sheet) for line in read_matrix(sheet, FindingList())]
    is_outside = any(_OUTSIDE.search(text) and "план" in text for text in texts)
    known = sum(known_subject(line.subject) is not None for line in lines)
    if len(lines) < FEWEST or (not is_outside and known * 2 < len(lines)):
        return None
    return EXTRACURRICULAR if is_outside else CURRICULUM


def _has_days(sheet: Sheet) -> bool:
    return len(set(Marks(sheet).days.values())) > 1


def read_plan(sheets: Sequence[Sheet], kind: str) -> PlanDraft:
    """Raises ImportRefusedError where no line says how many hours whom is taught."""
    findings = FindingList()
    lines = tuple(line for sheet in sheets if not sheet.is_hidden for line in _lines(sheet, findings))
    if not lines:
        raise ImportRefusedError(
            _("No plan was found in the table: it needs subjects or activities, and for each the classes and the "
              "hours a week, either in a column a class or in columns “Activity”, “Classes”, “Hours”, “Leader”."),
        )  # fmt: skip
    builder = DraftBuilder()
    for line in lines:
        builder.add_subject(line.subject)
    if kind == CURRICULUM:
        remark_on_subjects(builder, findings)
    return PlanDraft(kind, lines, subject_questions(builder), findings.as_tuple())


def _lines(sheet: Sheet, findings: FindingList) -> Iterator[PlanLine]:
    if heading_of(sheet) is not None:
        return read_listed(sheet, findings)
    return read_matrix(sheet, findings)
