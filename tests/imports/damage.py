"""Every way in which a source is spoilt, and the samples to spoil: our own, and real ones where they are present.

A variant is told by its sample and number alone, so that each can be made again.
"""

import random
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from scheduler.imports.source import SourceFile
from tests.imports.bells.test_bells import TWO_DAYS
from tests.imports.books import csv_bytes, ods, xls, xlsx
from tests.imports.conftest import SAMPLES
from tests.imports.fet_samples import (
    activities_xml,
    fet,
    hourly_xml,
    plan_csv,
    students_csv,
    subgroups_of,
    timetable_csv,
    two_grades,
)
from tests.imports.grids import layouts
from tests.imports.grids.layouts import week
from tests.imports.grids.test_load_tables import LOAD
from tests.imports.grids.test_matrix import USUAL, matrix
from tests.imports.plans.test_plans import ACTIVITIES, CURRICULUM
from tests.imports.rosters.test_apply import HEADINGS, ROWS
from tests.imports.samples import render, tables_2008, tables_2012
from tests.imports.terms.test_terms import YEAR, ics
from tests.imports.test_archives import packed

SEED = 20261128
REAL = SAMPLES.parent
REAL_ENDINGS = (".xml", ".fet", ".csv", ".tsv", ".xlsx", ".xls", ".ods", ".ics", ".zip")
BOMB = b'<!DOCTYPE x [<!ENTITY a "%s"><!ENTITY b "%s"><!ENTITY c "%s">]>' % (b"a" * 50, b"&a;" * 50, b"&b;" * 50)
ODD_VALUES = [
    *("", "=====", "5А", "7а-2", "Вторник", "1-2", "8:30-9:15", "\x00\x07", "я" * 3000, "=1+1", "'", '"', "🏫", "№"),
    *("Иванова А.П.", "каб", "1 неделя", "2з(2-2", "\n\n", "Класс", "ФИО", "01.09", "25:70", -7, 3, 412.0, 1e300),
]


@dataclass(frozen=True)
class Sample:
    """Files of one source by name; a table is kept as rows too, so that its rows and cells can be spoilt."""

    name: str
    files: tuple[tuple[str, bytes], ...]
    rows: tuple | None = None
    is_real: bool = False


def tables():
    return {
        "blocks": layouts.blocks_across(week())[0],
        "five": layouts.five_columns(week())[0],
        "across": layouts.days_across([week(), week(["7А", "7Б", "7В"], first=7)]),
        "down": layouts.classes_down(week())[0],
        "web": layouts.web_table(week()),
        "matrix": matrix(USUAL),
        "load": LOAD,
        "hours": [["Предметы", "5А", "5Б"], ["Русский язык", 5, 4], ["Математика", 5, 5], ["История", 2, 2]],
        "people": [list(HEADINGS), *(list(row) for row in ROWS)],
        "bells": [[f"{cell:%H:%M}" if isinstance(cell, time) else cell for cell in row] for row in TWO_DAYS],
        "calendar": YEAR,
        "curriculum": CURRICULUM,
        "activities": ACTIVITIES,
    }


def own_samples():
    school = two_grades()
    parts = (
        ("a.fet", fet(school, is_solved=False)), ("t.csv", timetable_csv(school)), ("s.csv", students_csv(school)),
        ("a.xml", activities_xml(school)),
    )  # fmt: skip
    single = {
        "asc 2012": ("a.xml", render(tables_2012())),
        "asc 2008": ("a.xml", render(tables_2008())),
        "fet": ("a.fet", fet(school)),
        "fet timetable": ("timetable.csv", timetable_csv(school)),
        "fet subgroups": ("subgroups.xml", hourly_xml(school, "Subgroup", subgroups_of(school))),
        "fet plan": ("activities.csv", plan_csv(school)),
        "archive": ("a.zip", packed({"a.fet": fet(school), "t.csv": timetable_csv(school)})),
        "calendar file": ("a.ics", ics(("Осенние каникулы", "20261026", "20261103"))),
    }
    yield from (Sample(name, (file,)) for name, file in single.items())
    yield Sample("fet set", parts)
    for name, rows in tables().items():
        makers = {"a.xlsx": xlsx, "a.xls": xls, "a.ods": ods}
        yield Sample(f"{name} csv", (("a.csv", csv_bytes(rows)),), rows)
        for file, maker in makers.items():
            yield Sample(f"{name} {file[2:]}", ((file, maker({"Лист": rows})),), rows)


def real_samples():
    """Each file of ../shared/data alone, and the exports of a school together."""
    if not REAL.exists():
        return
    for path in sorted(REAL.rglob("*")):
        if path.suffix in REAL_ENDINGS and "expected" not in path.name:
            yield Sample(str(path.relative_to(REAL)), ((path.name, path.read_bytes()),), is_real=True)
    for folder in sorted(path for path in (REAL / "fet").glob("*") if path.is_dir()):
        files = tuple((path.name, path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file())
        yield Sample(f"fet/{folder.name} together", files, is_real=True)


def variant(sample, number):
    """The files of one spoilt variant."""
    chance = random.Random(f"{SEED}/{sample.name}/{number}")
    if sample.rows is not None and number % 2:
        name = sample.files[0][0]
        return (SourceFile(name, spoilt_table(Path(name).suffix, sample.rows, chance)),)
    place = chance.randrange(len(sample.files))
    return tuple(
        SourceFile(name, spoilt_bytes(data, chance) if number_of == place else data)
        for number_of, (name, data) in enumerate(sample.files)
    )


def spoilt_bytes(data, chance):
    """One of the ways, from a place by chance."""
    return chance.choice(WAYS)(data, chance.randrange(len(data)), chance)


def cut(data, place, _chance):
    return data[:place]


def holed(data, place, chance):
    return data[:place] + data[place + chance.randrange(1, 400) :]


def doubled(data, place, _chance):
    """A quote of another kind and a piece once more."""
    return data[:place] + data[place:].replace(b'"', b"'", 1) + data[place : place + 50]


def foreign(data, place, chance):
    """Letters of another encoding within."""
    return data[:place] + chance.choice(("Иванова".encode("cp1251"), "ё".encode("utf-16"), b"\xff\x98")) + data[place:]


def flipped(data, _place, chance):
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 20))):
        sign = chance.choice((*b'0123456789*",<>&/ \x00\xff\x98', chance.randrange(256)))
        changed[chance.randrange(len(changed))] = sign
    return bytes(changed)


def halved(data, place, chance):
    """The second half in another encoding than the first."""
    text = data[place:].decode("utf-8", errors="ignore")
    return data[:place] + text.encode(chance.choice(("cp1251", "utf-16", "utf-16-be", "koi8-r")), errors="replace")


def shuffled(data, _place, chance):
    lines = data.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines)


def bombed(data, _place, _chance):
    """Entities that grow a thousandfold, used at the first text; no XML: the same bytes in front of it."""
    head, sign, rest = data.partition(b"?>")
    if not sign:
        return BOMB + data
    return head + sign + BOMB + rest.replace(b'="', b'="&c;', 1).replace(b"</", b"&c;</", 1)


WAYS = (cut, holed, doubled, foreign, flipped, halved, shuffled, bombed)


def spoilt_table(ending, rows, chance):
    rows = spoilt_rows(rows, chance)
    if ending == ".csv":
        return csv_bytes(rows, separator=chance.choice(",;\t"), encoding=chance.choice(("utf-8", "cp1251", "utf-16")))
    rows = [["".join(one for one in value if one >= " " or one == "\n") if isinstance(value, str) else value
             for value in row] for row in rows]  # fmt: skip
    if ending == ".xlsx":
        return xlsx({"Лист": rows}, merged={"Лист": merged_at_random(rows, chance)})
    return {".xls": xls, ".ods": ods}[ending]({"Лист": rows})


def spoilt_rows(rows, chance):
    """Rows shuffled, lost, repeated, moved aside; columns lost; odd values in cells."""
    rows = [list(row) for row in rows]
    way = chance.randrange(6)
    if way == 0:
        chance.shuffle(rows)
    elif way == 1:
        del rows[chance.randrange(len(rows))]
    elif way == 2:
        column = chance.randrange(1, 6)
        rows = [row[:column] + row[column + 1 :] for row in rows]
    elif way == 3:
        rows[chance.randrange(len(rows)) :] = rows[: chance.randrange(1, len(rows))]
    elif way == 4:
        width = chance.randrange(1, 4)
        rows = [[""] * width + row for row in rows]
    for _ in range(chance.choice((0, 1, 5, 40))):
        row = chance.choice(rows)
        if row:
            row[chance.randrange(len(row))] = chance.choice(ODD_VALUES)
    return rows


def merged_at_random(rows, chance):
    top, left = chance.randrange(1, len(rows) + 1), chance.randrange(8)
    span = f"{chr(65 + left)}{top}:{chr(65 + left + chance.randrange(3))}{top + chance.randrange(3)}"
    return [span] if chance.randrange(2) else []
