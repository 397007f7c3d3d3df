"""Whatever happens to a table, reading ends in a draft or in a refusal in words."""

import random

import pytest

from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.recognise import read_source
from scheduler.imports.report import facts
from tests.imports.books import csv_bytes, ods, xls, xlsx
from tests.imports.grids import layouts
from tests.imports.grids.layouts import week
from tests.imports.grids.test_load_tables import LOAD
from tests.imports.grids.test_matrix import USUAL, matrix
from tests.imports.grids.test_samples import FOLDER

SEED = 20261125
ODD_VALUES = [
    *("", "=====", "5А", "7а-2", "Вторник", "1-2", "8:30-9:15", "\x00\x07", "я" * 3000, "=1+1", "'", '"', "🏫", "№"),
    *("Иванова А.П.", "каб", "1 неделя", "2з(2-2", "\n\n", -7, 3, 412.0, 1e300),
]
TABLES = {
    "blocks": lambda: layouts.blocks_across(week())[0],
    "five": lambda: layouts.five_columns(week())[0],
    "across": lambda: layouts.days_across([week(), week(["7А", "7Б", "7В"], first=7)]),
    "down": lambda: layouts.classes_down(week())[0],
    "web": lambda: layouts.web_table(week()),
    "matrix": lambda: matrix(USUAL),
    "load": lambda: LOAD,
    "hours": lambda: [["Предметы", "5А", "5Б"], ["Русский язык", 5, 4], ["Математика", 5, 5], ["История", 2, 2]],
}


@pytest.fixture
def size(request):
    """How many variants of each table and each way of damage: few in a usual run, 5,000 together in the full one."""
    return 120 if request.config.getoption("--full-size") else 8


def outcome(data, name):
    try:
        draft = read_source(data, name)
    except ImportRefusedError as refusal:
        return "refused" if len(str(refusal)) > 20 else "refused without words"
    figures = facts(draft)
    assert any(figures.get(name, 0) for name in ("lessons_read", "courses", "teachers", "students"))
    if "lessons_read" not in figures:  # a spoilt heading can leave a list of people
        return "read"
    assert draft.classes
    assert all(slot.course_key in draft.course_by_key for slot in draft.slots)
    assert all(len(row.text) > 5 for row in draft.findings)
    return "read"


def spoilt_bytes(data, chance):
    place = chance.randrange(len(data))
    way = chance.randrange(4)
    if way == 0:
        return data[:place]
    if way == 1:
        return data[:place] + data[place + chance.randrange(1, 300) :]
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 30))):
        changed[chance.randrange(len(changed))] = chance.randrange(256) if way == 2 else 0x20
    return bytes(changed)


def spoilt_rows(rows, chance):
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


def plain(rows):
    """Signs that a maker of XML refuses are only for tables as text."""
    return [["".join(letter for letter in value if letter >= " " or letter == "\n") if isinstance(value, str) else value
             for value in row] for row in rows]  # fmt: skip


def merged_at_random(rows, chance):
    found = []
    for _ in range(chance.randrange(4)):
        top, left = chance.randrange(1, len(rows) + 1), chance.randrange(8)
        found.append(f"{chr(65 + left)}{top}:{chr(65 + left + chance.randrange(3))}{top + chance.randrange(3)}")
    return found[:1]


@pytest.mark.parametrize("name", TABLES)
def test_spoilt_bytes(russian, name, size):
    chance = random.Random(f"{SEED}{name}")
    rows = TABLES[name]()
    sources = {"a.xlsx": xlsx({"Лист": rows}), "a.xls": xls({"Лист": rows}), "a.ods": ods({"Лист": rows}),
               "a.csv": csv_bytes(rows, encoding=chance.choice(("utf-8", "cp1251", "utf-16")))}  # fmt: skip
    outcomes = [outcome(spoilt_bytes(data, chance), file) for file, data in sources.items() for _ in range(size)]
    assert set(outcomes) <= {"read", "refused"}
    assert "refused" in outcomes


@pytest.mark.parametrize("name", TABLES)
def test_spoilt_tables(russian, name, size):
    chance = random.Random(f"{SEED}{name}rows")
    for _ in range(size):
        rows = spoilt_rows(TABLES[name](), chance)
        assert outcome(csv_bytes(rows, separator=chance.choice(",;\t")), "a.csv") in {"read", "refused"}
        rows = plain(rows)
        assert outcome(xlsx({"Лист": rows}, merged={"Лист": merged_at_random(rows, chance)}), "a.xlsx") in {
            "read",
            "refused",
        }


def test_mixed_encodings(russian):
    text = csv_bytes(layouts.web_table(week())).decode()
    place = len(text) // 2
    halves = [text[:place].encode() + text[place:].encode(code) for code in ("cp1251", "utf-16", "utf-16-be")]
    assert {outcome(data, "a.csv") for data in halves} <= {"read", "refused"}


@pytest.mark.samples
def test_spoilt_real_files(russian, size):
    files = sorted(FOLDER.glob("*.xlsx"), key=lambda path: path.stat().st_size)[:2]
    if not files:
        pytest.skip("no ../shared/data")
    chance = random.Random(SEED)
    outcomes = {outcome(spoilt_bytes(path.read_bytes(), chance), path.name) for path in files for _ in range(size)}
    assert outcomes <= {"read", "refused"}
