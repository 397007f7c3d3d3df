"""The kinds of exports and the one door to them. A new kind is one line here.

Files are written in Russian whoever asks for them: their headings are what the readers of the next import know.
"""

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask_babel import force_locale, pgettext
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.exports.asc_xml import write_asc
from scheduler.exports.grid import write_grid
from scheduler.exports.lessons_csv import write_lessons
from scheduler.exports.roster import load_people, write_roster
from scheduler.exports.school_tables import write_bells, write_calendar
from scheduler.exports.stored import StoredSchool, load_school

LANGUAGE = "ru"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Export:
    """A finished file under a name of its own."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class _Kind:
    suffix: str
    media_type: str
    write: Callable[[Session, int], bytes]


def export(session: Session, school_id: int, kind: str) -> Export:
    """The file of one kind. Raises KeyError for a kind that KINDS does not have."""
    with force_locale(LANGUAGE):
        found = KINDS[kind]
        return Export(_file_name(kind), found.media_type, found.write(session, school_id))


def _archive(session: Session, school_id: int) -> bytes:
    """Everything of a school in one file, with a word on what is what and who may have it."""
    stored = load_school(session, school_id)
    files = {
        _file_name("asc"): write_asc(stored.draft),
        _file_name("grid"): write_grid(stored),
        _file_name("csv"): write_lessons(stored),
        _file_name("roster"): write_roster(load_people(session, school_id)),
        _file_name("bells"): write_bells(session, school_id),
        _file_name("calendar"): write_calendar(session, school_id),
    }
    now = clock.now().timetuple()[:6]
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**files, _read_me(): _words(stored)}.items():
            archive.writestr(zipfile.ZipInfo(name, now), data, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def _read_me() -> str:
    name = pgettext("file name", "Read me")
    return f"{name}.txt"


def _words(stored: StoredSchool) -> bytes:
    lines = [
        _("%(school)s, %(day)s.", school=stored.name, day=f"{stored.day:%d.%m.%Y}"),
        "",
        _("%(name)s: the whole timetable with groups, rooms and weeks. Load it under “School → Timetable's file”, "
          "or in aSc Timetables.", name=_file_name("asc")),
        _("%(name)s: the timetable by classes, for printing.", name=_file_name("grid")),
        _("%(name)s: the same lessons line by line.", name=_file_name("csv")),
        _("%(name)s: teachers, pupils, parents. Load it after the timetable.", name=_file_name("roster")),
        _("%(name)s: the bells; load it after the timetable.", name=_file_name("bells")),
        _("%(name)s: terms, holidays and moved days.", name=_file_name("calendar")),
        "",
        _("In the files are names of pupils and parents and lessons of single children. Do not pass the archive on and "
          "do not leave it on a common computer. There are no passwords, tokens or links of calls in it."),
    ]  # fmt: skip
    return "\r\n".join([*lines, ""]).encode("utf-8-sig")


def _file_name(kind: str) -> str:
    names = {
        "grid": pgettext("file name", "Timetable by classes"),
        "csv": pgettext("file name", "Lessons"),
        "asc": pgettext("file name", "Timetable"),
        "roster": pgettext("file name", "People"),
        "bells": pgettext("file name", "Bell schedule"),
        "calendar": pgettext("file name", "Terms and holidays"),
        "archive": pgettext("file name", "Whole school"),
    }
    return f"{names[kind]}.{KINDS[kind].suffix}"


KINDS: Mapping[str, _Kind] = {
    "grid": _Kind("xlsx", XLSX, lambda session, school_id: write_grid(load_school(session, school_id))),
    "csv": _Kind("csv", "text/csv", lambda session, school_id: write_lessons(load_school(session, school_id))),
    "asc": _Kind("xml", "application/xml", lambda session, school_id: write_asc(load_school(session, school_id).draft)),
    "roster": _Kind("csv", "text/csv", lambda session, school_id: write_roster(load_people(session, school_id))),
    "bells": _Kind("csv", "text/csv", write_bells),
    "calendar": _Kind("csv", "text/csv", write_calendar),
    "archive": _Kind("zip", "application/zip", _archive),
}
