"""The one door through which files are read: opens folders and archives, decides the kind, calls its reader.

A new format is one line in READERS and, where its files are tables, one more question in `table_kind`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from scheduler.imports.answers import settle
from scheduler.imports.archives import guard_workbook, unpack
from scheduler.imports.asc import read_asc
from scheduler.imports.bells.draft import BellsDraft
from scheduler.imports.bells.reader import looks_like_bells, read_bells
from scheduler.imports.draft import Draft, Finding, FindingLevel
from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.fet import read_fet
from scheduler.imports.findings import line_place, some_names, whole_file
from scheduler.imports.grids.reader import is_text_table, looks_like_grid, open_table, read_grid
from scheduler.imports.grids.readings import read_as
from scheduler.imports.kinds import Guess, guess_kind
from scheduler.imports.plans.draft import CURRICULUM, EXTRACURRICULAR, PlanDraft, settle_plan
from scheduler.imports.plans.reader import plan_kind, read_plan
from scheduler.imports.rosters.draft import RosterDraft
from scheduler.imports.rosters.reader import lists_families, looks_like_roster, read_roster
from scheduler.imports.rosters.settle import settle_people
from scheduler.imports.sheets.cells import Sheet
from scheduler.imports.sheets.text_tables import read_text_table
from scheduler.imports.source import SourceFile, refuse_size
from scheduler.imports.terms.draft import CalendarDraft
from scheduler.imports.terms.ics import read_ics
from scheduler.imports.terms.reader import looks_like_calendar, read_calendar

AnyDraft = Draft | RosterDraft | PlanDraft | BellsDraft | CalendarDraft
Reader = Callable[[Sequence[SourceFile]], AnyDraft]
READERS: dict[str, Reader] = {
    "asc": lambda files: read_asc(files[0].data),
    "fet": read_fet,
    "grid": lambda files: read_grid(files[0].data),
    "roster": lambda files: read_roster(open_table(files[0].data)),
    "bells": lambda files: read_bells(open_table(files[0].data)),
    "calendar": lambda files: _read_calendar(files[0]),
    CURRICULUM: lambda files: read_plan(open_table(files[0].data), CURRICULUM),
    EXTRACURRICULAR: lambda files: read_plan(open_table(files[0].data), EXTRACURRICULAR),
}
MANY_FILES = frozenset({"fet"})
TABLE_KINDS = frozenset({"grid", "roster", "bells", "calendar", CURRICULUM, EXTRACURRICULAR})
TABLE_KIND = "grid"


def read_source(
    data: bytes,
    file_name: str,
    *,
    kind: str | None = None,
    layout: str | None = None,
    answers: Mapping[str, str] | None = None,
) -> AnyDraft:
    """The draft of one file or archive of any known kind; see `read_files`."""
    return read_files((SourceFile(file_name, data),), kind=kind, layout=layout, answers=answers)


def read_files(
    files: Sequence[SourceFile],
    *,
    kind: str | None = None,
    layout: str | None = None,
    answers: Mapping[str, str] | None = None,
) -> AnyDraft:
    """The draft of a source: one file, an archive, or the files of a folder together.

    `kind` is what the person stated, `layout` how a table is to be read; without them the files themselves decide.
    `answers` are a person's to the draft's questions, by their keys. Raises ImportRefusedError with what the source is
    and what to do.
    """
    if layout is not None:
        return _settled(read_as(sheets_of(files), layout), answers or {})
    source = choose(open_archives(files), kind=kind)
    if source.kind not in READERS:
        raise ImportRefusedError(_not_yet(source.words))
    for file in source.files:
        guard_workbook(file.data)
    draft = _settled(READERS[source.kind](source.files), answers or {})
    return replace(draft, findings=(*draft.findings, *_remarks(source)))


def _remarks(source: "ChosenSource") -> Iterator[Finding]:
    """What the files themselves give cause to say, whatever they hold."""
    if source.left_out:
        names = some_names(file.name for file in source.left_out)
        yield Finding(FindingLevel.INFO, whole_file(), _("Files that were not needed: %(names)s.", names=names))
    if source.kind in TABLE_KINDS and is_text_table(source.files[0].data):
        for line in read_text_table(source.files[0].data).damaged_lines:
            text = _("Some letters of this line are lost: the file is damaged.")
            yield Finding(FindingLevel.WARNING, line_place(line), text)


def sheets_of(files: Sequence[SourceFile]) -> tuple[Sheet, ...]:
    """The sheets of the one table of a source. Raises ImportRefusedError where there is none, or more than one."""
    tables = [file for file in open_archives(files) if file.data.strip() and guess_kind(file).kind == "table"]
    if len(tables) != 1:
        raise ImportRefusedError(_("How to read it can be chosen for one table only (XLSX, XLS, ODS or CSV)."))
    guard_workbook(tables[0].data)
    return open_table(tables[0].data)


def _settled(draft: AnyDraft, answers: Mapping[str, str]) -> AnyDraft:
    if isinstance(draft, RosterDraft):
        return settle_people(draft, answers)
    if isinstance(draft, PlanDraft):
        return settle_plan(draft, answers)
    return settle(draft, answers) if isinstance(draft, Draft) else draft


def _read_calendar(file: SourceFile) -> CalendarDraft:
    is_table = guess_kind(file).kind == "table"
    return read_calendar(open_table(file.data)) if is_table else read_ics(file.data)


def recognise(data: bytes, file_name: str) -> str:
    """The kind of one file. Raises ImportRefusedError naming what was recognised where no reader exists."""
    return choose(open_archives((SourceFile(file_name, data),)), kind=None).kind


def open_archives(files: Sequence[SourceFile]) -> tuple[SourceFile, ...]:
    """The files with archives opened, within the limits of size. Raises ImportRefusedError."""
    refuse_size(sum(len(file.data) for file in files))
    opened = tuple(one for file in files for one in unpack(file))
    refuse_size(sum(len(file.data) for file in opened))
    return opened


@dataclass(frozen=True, slots=True)
class ChosenSource:
    """What is read of a source: its kind (with the words for it), the files of that kind, and those left aside."""

    kind: str
    words: str
    files: tuple[SourceFile, ...]
    left_out: tuple[SourceFile, ...] = ()


def choose(files: Sequence[SourceFile], *, kind: str | None) -> ChosenSource:
    """The files that make up the source. Raises ImportRefusedError where nothing is readable or it is unclear."""
    full = [file for file in files if file.data.strip()]
    if not full:
        raise ImportRefusedError(_("The file is empty. Please choose the file with the timetable."))
    if kind is not None and len(full) == 1:
        return ChosenSource(kind, kind, tuple(full))
    guesses = [(file, _resolved(file)) for file in full]
    wanted = [(file, guess) for file, guess in guesses if guess.kind in ({kind} if kind else READERS)]
    if not wanted:
        raise ImportRefusedError(_not_yet(guesses[0][1].words))
    return _one_source(wanted, files)


def _one_source(wanted: Sequence[tuple[SourceFile, Guess]], files: Sequence[SourceFile]) -> ChosenSource:
    """One kind whose files belong together, or one file; anything else is for a person to choose from."""
    kinds = {guess.kind for _file, guess in wanted}
    if len(wanted) > 1 and not (len(kinds) == 1 and kinds <= MANY_FILES):
        raise ImportRefusedError(
            _("There are several timetables or lists here: %(names)s. Please choose one of them.",
              names=some_names(file.name for file, _guess in wanted)),
        )  # fmt: skip
    chosen = tuple(file for file, _guess in wanted)
    left_out = tuple(file for file in files if file not in chosen)
    return ChosenSource(wanted[0][1].kind, wanted[0][1].words, chosen, left_out)


def _resolved(file: SourceFile) -> Guess:
    """The kind of a file; a table is asked whether it holds people or lessons."""
    guess = guess_kind(file)
    if guess.kind != "table":
        return guess
    return replace(guess, kind=table_kind(file))


def table_kind(file: SourceFile) -> str:
    """Which kind of table: told by its headings and by what most of its cells are. What cannot be opened is told by
    the reader.
    """
    try:
        guard_workbook(file.data)
        sheets = open_table(file.data)
        if plan := plan_kind(sheets):
            return plan
        if lists_families(sheets):
            return "roster"
        if looks_like_calendar(sheets):
            return "calendar"
        if looks_like_bells(sheets):
            return "bells"
        return "roster" if looks_like_roster(sheets) and not looks_like_grid(sheets) else TABLE_KIND
    except ImportRefusedError:
        return TABLE_KIND


def _not_yet(found: str) -> str:
    text: str = _(
        "This looks like %(found)s, which is not read yet. What can be read is a timetable of aSc Timetables (File → "
        "Export → aSc Timetables 2012 XML), one of FET (the .fet file, or the folder of its exports), a table (XLSX, "
        "XLS, ODS or CSV), and a calendar of terms and holidays (ICS).",
        found=found,
    )
    return text
