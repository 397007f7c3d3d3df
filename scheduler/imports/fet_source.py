"""All files of one source of FET to one account of it: which is the plan, which adds hours, which adds names.

The `.fet` file is the plan wherever there is one; the exports then only add hours that it does not fix. Without it the
exports are the source, the most telling one first.
"""

from collections.abc import Sequence

from flask_babel import gettext as _

from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.fet_exports import add_activity_hours, add_hourly
from scheduler.imports.fet_file import read_fet_file
from scheduler.imports.fet_model import FetData
from scheduler.imports.fet_rows import add_plan, add_timetable, complete_names
from scheduler.imports.fet_tables import FetTable, NamedRow, add_lists, plan_rows, read_fet_table
from scheduler.imports.fet_xml import Node, read_tree
from scheduler.imports.findings import FindingList, whole_file
from scheduler.imports.kinds import peek
from scheduler.imports.source import SourceFile


def read_data(files: Sequence[SourceFile], findings: FindingList) -> FetData:
    """Raises ImportRefusedError where the files hold no lessons, or hours of lessons that no file describes."""
    trees = [read_tree(file.data) for file in files if peek(file.data).startswith("<")]
    tables = [read_fet_table(file, findings) for file in files if not peek(file.data).startswith("<")]
    data = _plan(trees, findings) or FetData()
    add_lists(data, tables)
    add_timetable(data, _one_timetable(tables, findings), findings)
    hours = [root for root in trees if root.tag == "Activities_Timetable"]
    if data.activities:
        for root in hours:
            add_activity_hours(data, root, findings)
    else:
        _add_hourly(data, trees)
    if not any(root.tag.casefold() == "fet" for root in trees):
        add_plan(data, plan_rows(tables, findings))
    if not data.activities:
        raise ImportRefusedError(_nothing_to_read(tables, has_hours=bool(hours)))
    complete_names(data)
    return data


def _plan(trees: Sequence[Node], findings: FindingList) -> FetData | None:
    """The plan with the most hours: beside a solved file its own input often lies."""
    found: list[tuple[FetData, FindingList]] = []
    for root in trees:
        if root.tag.casefold() == "fet":
            own = FindingList()
            found.append((read_fet_file(root, own), own))
    if not found:
        return None
    data, own = max(found, key=lambda pair: len(pair[0].placed))
    findings.extend(own.as_tuple())
    if any(other.activities.keys() != data.activities.keys() for other, _own in found):
        findings.warn(
            whole_file(),
            _("There are several different files of FET here; the one with the most lessons placed was read."),
        )
    return data


def _one_timetable(tables: Sequence[FetTable], findings: FindingList) -> list[NamedRow]:
    """The rows of one timetable: two of them would put every lesson into two hours."""
    timetables = [table for table in tables if table.kind == "timetable"]
    if len(timetables) > 1:
        findings.warn(
            whole_file(),
            _("There are several timetables here; %(name)s was read.", name=timetables[0].file_name),
        )
    return list(timetables[0].rows) if timetables else []


def _add_hourly(data: FetData, trees: Sequence[Node]) -> None:
    for tag in ("Students_Timetable", "Teachers_Timetable"):
        for root in trees:
            if root.tag == tag and not data.activities:
                add_hourly(data, root)


def _nothing_to_read(tables: Sequence[FetTable], *, has_hours: bool) -> str:
    if has_hours:
        text: str = _(
            "This export of FET holds hours alone and no lessons. Please choose the file of FET itself (.fet), or the "
            "folder with all exports."
        )
        return text
    if tables:
        return str(_("These exports of FET are lists without lessons. Please add the timetable (timetable.csv)."))
    return str(_("This file of FET holds no lessons."))
