"""A table of bells to the draft: which rows are lessons, how each column of times is called, where it is in force."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import time
from itertools import pairwise

from flask_babel import gettext as _

from scheduler.imports.bells.draft import BellsDraft, DraftBells, Scope
from scheduler.imports.bells.listed import read_listed
from scheduler.imports.bells.scopes import joined, kind_in, scope_in, scope_words
from scheduler.imports.bells.times import time_cell
from scheduler.imports.bells.tracks import Moment, Track, is_break, is_heading, number_of, tracks_of
from scheduler.imports.draft import DraftPeriod
from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.findings import FindingList
from scheduler.imports.grids.words import plain
from scheduler.imports.sheets.cells import Cell, Sheet, place_of
from scheduler.imports.subject_names import known_subject
from scheduler.models.timetable import BellKind

FEWEST_ROWS = 2
MOST_SUBJECTS = 2
LONGEST_TITLE = 120
LONGEST_LESSON = 120
_NO_NAME = re.compile(r"(?i)^(?:лист|sheet|таблица|tdsheet|page|звонки)?\s*\d*$")
_SCHOOL = re.compile(
    r"(?i)\b(?:школ\w*|[а-я]*сош|[а-я]{0,3}оу|лице[йя]\w*|гимнази\w*|утвержд\w*|директор\w*|приказ\w*)\b"
)
_USUAL_WORDS = re.compile(
    r"(?i)\bрасписание\b|\bрежим\b|\bзвонков\b|\bзвонки\b|\bуроков\b|\bна\b\s+20\d\d\s*[-–/]\s*(?:20)?\d\d|\bучебн\w+|\bгод\w*\b|[.:;,]+\s*$"
)


def looks_like_bells(sheets: Sequence[Sheet]) -> bool:
    """Whether a table holds little else than lesson numbers and times."""
    if any(read_listed(sheet, FindingList()) for sheet in sheets):
        return True
    seen = [sheet for sheet in sheets if not sheet.is_hidden]
    rows = sum(len(track.rows) for sheet in seen for track in tracks_of(sheet))
    if rows < FEWEST_ROWS:
        return False
    others = [cell for sheet in seen for cell in sheet if _is_other(cell)]
    subjects = sum(known_subject(cell.text) is not None for cell in others)
    return len(others) < max(rows, 4) and subjects <= MOST_SUBJECTS


def _is_other(cell: Cell) -> bool:
    """A text that a table of bells has no use for."""
    if cell.number is not None or time_cell(cell) or number_of(cell) is not None:
        return False
    if is_heading(cell.text) or is_break(cell.text) or "звон" in plain(cell.text) or re.search(r"\d+ ?мин", cell.text):
        return False
    return not scope_in(cell.text).is_narrow and any(map(str.isalpha, cell.text))


def read_bells(sheets: Sequence[Sheet]) -> BellsDraft:
    """Raises ImportRefusedError where no lesson with its times was found."""
    reader = _Reader()
    for sheet in sheets:
        if not sheet.is_hidden:
            reader.take(sheet)
    if not any(row.periods for row in reader.schedules):
        raise ImportRefusedError(
            _("No bells were found in the table: it needs the numbers of lessons and, beside each, when it begins and "
              "ends, for example “1” and “8:30–9:10”."),
        )  # fmt: skip
    return BellsDraft(tuple(reader.schedules), reader.rows_read, reader.findings.as_tuple())


@dataclass(slots=True)
class _Section:
    """One run of lessons under its titles."""

    titles: tuple[str, ...]
    where: str
    periods: dict[int, tuple[DraftPeriod, str]] = field(default_factory=dict)
    guessed: bool = False


class _Reader:
    """Gathers the schedules of all sheets."""

    def __init__(self) -> None:
        self.schedules: list[DraftBells] = []
        self.findings = FindingList()
        self.rows_read = 0

    def take(self, sheet: Sheet) -> None:
        listed = read_listed(sheet, self.findings)
        if listed:
            self.schedules += [self._judged(one) for one in listed]
            self.rows_read += sum(len(one.periods) for one in listed)
            return
        tracks = tracks_of(sheet)
        for track in tracks:
            above: Scope | None = None
            for section in self._sections(sheet, track, is_only=len(tracks) == 1):
                bells = self._bells(sheet, section, above)
                above = bells.scopes[0] if bells.scopes else None
                if bells.periods:
                    self.schedules.append(self._judged(bells))

    def _sections(self, sheet: Sheet, track: Track, *, is_only: bool) -> list[_Section]:
        sections: list[_Section] = []
        pending: list[str] = []
        last = -1
        for row in sorted(sheet.rows):
            moment = track.rows.get(row)
            number = self._number(sheet, track, row)
            if moment is None and number is None:
                pending += self._titles(sheet, track, row, is_only=is_only)
                continue
            if moment is None:
                self._tell_missing(sheet, track, row)
                continue
            if number is None and self._is_no_lesson(sheet, track, row):
                continue
            if not sections or pending or (number is not None and number < last):
                sections.append(_Section(tuple(pending), place_of(sheet, moment.start)))
                pending, last = [], -1
            last = self._take_row(sheet, sections[-1], moment, number)
        return sections

    def _number(self, sheet: Sheet, track: Track, row: int) -> int | None:
        cell = sheet.seen_at(row, track.numbers) if track.numbers is not None else None
        return number_of(cell) if cell is not None else None

    def _tell_missing(self, sheet: Sheet, track: Track, row: int) -> None:
        """A numbered row whose cell of times holds something else; an empty one is a shorter day."""
        cell = sheet.at(row, track.start)
        if cell is not None and any(map(str.isdigit, cell.text)):
            text = _("“%(text)s” is no time: the lesson was not taken.", text=cell.text[:80])
            self.findings.error(place_of(sheet, cell), text)

    def _is_no_lesson(self, sheet: Sheet, track: Track, row: int) -> bool:
        """A row without a number: a break is passed over, an activity outside lessons is told."""
        if track.numbers is None and not any(is_break(cell.text) for cell in sheet.rows[row]):
            labels = [cell.text for cell in sheet.rows[row] if cell.number is None and time_cell(cell) is None]
            if not any(sum(map(str.isalpha, text)) > 3 for text in labels):  # noqa: PLR2004 - a word
                return False
        if not any(is_break(cell.text) for cell in sheet.rows[row]):
            where = place_of(sheet, track.rows[row].start)
            self.findings.info(where, _("This row has no lesson number and was not taken."))
        return True

    def _titles(self, sheet: Sheet, track: Track, row: int, *, is_only: bool) -> list[str]:
        cells = sheet.rows[row]
        if len(cells) == 1 or is_only:
            found: Iterable[Cell | None] = cells
        else:
            found = [sheet.seen_at(row, column) for column in range(track.left, track.end + 1)]
        texts = [cell.text for cell in dict.fromkeys(found) if cell is not None and len(cell.text) <= LONGEST_TITLE]
        return [text for text in texts if not is_heading(text) and not is_break(text)]

    def _take_row(self, sheet: Sheet, section: _Section, moment: Moment, number: int | None) -> int:
        self.rows_read += 1
        if number is None:
            number = max(section.periods, default=0) + 1
            section.guessed = True
        where = place_of(sheet, moment.start)
        span = self._span(sheet, moment)
        if span is not None and number in section.periods:
            self.findings.error(where, _("Lesson %(number)s stands twice; the first one was taken.", number=number))
        elif span is not None:
            section.periods[number] = (DraftPeriod(number, str(number), *span), where)
        return number

    def _span(self, sheet: Sheet, moment: Moment) -> tuple[time, time] | None:
        """Beginning and end; None, with a remark, where the row does not state both."""
        where = place_of(sheet, moment.start)
        for cell, found in ((moment.start, moment.first), (moment.end, moment.last)):
            if cell is not None and (found is None or found.is_bad):
                text = _("“%(text)s” is no time: the lesson was not taken.", text=cell.text[:80])
                self.findings.error(place_of(sheet, cell), text)
                return None
            if cell is not None and found is not None and found.is_mended:
                text = _("The program of the table made a date of the time “%(time)s”; it was taken as the time.",
                         time=f"{found.times[0]:%H:%M}")  # fmt: skip
                self.findings.warn(place_of(sheet, cell), text)
        times = (*moment.first.times, *(moment.last.times if moment.last else ()))
        if len(times) != 2:  # noqa: PLR2004 - a beginning and an end
            self.findings.error(where, _("There is no end of this lesson; it was not taken."))
            return None
        if times[0] >= times[1]:
            text = _("The lesson would end before it begins (%(start)s–%(end)s); it was not taken.",
                     start=f"{times[0]:%H:%M}", end=f"{times[1]:%H:%M}")  # fmt: skip
            self.findings.error(where, text)
            return None
        return times[0], times[1]

    def _bells(self, sheet: Sheet, section: _Section, above: Scope | None) -> DraftBells:
        titles = (*section.titles, *(() if _NO_NAME.match(sheet.name) else (sheet.name,)))
        own = joined(scope_in(text) for text in (*titles[::-1][:1], *section.titles) if text)
        if above is not None and own.weekdays and not own.shift and not own.grades and not own.labels:
            own = replace(own, shift=above.shift, grades=above.grades, labels=above.labels)
        kinds = [kind for text in titles if (kind := kind_in(text)) is not BellKind.REGULAR]
        if section.guessed and section.periods:
            self.findings.info(section.where, _("The lessons have no numbers: they were counted in their order."))
        periods = tuple(period for period, _where in sorted(section.periods.values(), key=lambda one: one[0].number))
        self._tell_overlaps(section)
        return DraftBells(
            _name(section.titles, sheet.name, own),
            kinds[0] if kinds else BellKind.REGULAR,
            periods,
            section.where,
            (own,) if own.is_narrow else (),
        )

    def _tell_overlaps(self, section: _Section) -> None:
        rows = sorted(section.periods.values(), key=lambda one: one[0].number)
        for (before, _place), (period, where) in pairwise(rows):
            if before.end and period.start and period.start < before.end:
                text = _("Lesson %(number)s begins before lesson %(before)s ends. Both were taken; please check.",
                         number=period.number, before=before.number)  # fmt: skip
                self.findings.warn(where, text)

    def _judged(self, bells: DraftBells) -> DraftBells:
        """The same bells, once what is strange about them is told."""
        for period in bells.periods:
            minutes = _minutes(period)
            if not 10 <= minutes <= LONGEST_LESSON:  # noqa: PLR2004 - no lesson is shorter
                text = _("Lesson %(number)s lasts %(minutes)s minutes; please check the times.", number=period.number,
                         minutes=minutes)  # fmt: skip
                self.findings.warn(bells.where, text)
        return bells


def _minutes(period: DraftPeriod) -> int:
    if period.start is None or period.end is None:
        return 0
    return (period.end.hour - period.start.hour) * 60 + period.end.minute - period.start.minute


def _name(titles: Sequence[str], sheet_name: str, scope: Scope) -> str:
    """What the source calls the bells, usual words left out; else where they are in force; else nothing."""
    named = [text for text in titles if scope_in(text).is_narrow or kind_in(text) is not BellKind.REGULAR]
    if not named:
        named = [text for text in titles if "звон" in plain(text) and not _SCHOOL.search(text)]
    if not named and not _NO_NAME.match(sheet_name):
        named = [sheet_name]
    words = [" ".join(_USUAL_WORDS.sub(" ", text).split()).strip(" .,:;-–—") for text in named]
    name = ", ".join(dict.fromkeys(word for word in words if word))
    return (name[:1].upper() + name[1:])[:100] or (scope_words(scope).capitalize() if scope.is_narrow else "")
