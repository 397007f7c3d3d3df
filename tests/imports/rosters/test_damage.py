"""Whatever the bytes of a list of people, reading ends in a draft or in a refusal in words."""

import random

import pytest

from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.recognise import read_source
from scheduler.imports.report import facts
from tests.imports.rosters.test_apply import HEADINGS, ROWS
from tests.imports.rosters.test_reader import csv, xlsx
from tests.imports.test_damage import SEED, damaged


def outcome(data, name):
    try:
        found = facts(read_source(data, name, kind="roster"))
    except ImportRefusedError as refusal:
        return "refused" if len(str(refusal)) > 20 else "refused without words"
    assert found["students"] + found["parents"] + found["teachers"] > 0
    return "read"


def turned(rows, chance):
    """Rows shuffled, cells lost or doubled."""
    rows = [list(row) for row in rows]
    chance.shuffle(rows)
    for _ in range(chance.randrange(4)):
        row = chance.choice(rows)
        row[chance.randrange(len(row))] = chance.choice(["", "7А", "Класс", "=1+1", "«»", "ФИО", "\n"])
    return rows


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "utf-16"])
def test_damaged_list_is_read_or_refused(russian, encoding):
    chance = random.Random(SEED)
    data = csv(HEADINGS, *ROWS, encoding=encoding)
    assert {outcome(damaged(data, chance), "a.csv") for _ in range(250)} <= {"read", "refused"}


def test_turned_list_is_read_or_refused(russian):
    chance = random.Random(SEED)
    assert {outcome(csv(*turned((HEADINGS, *ROWS), chance)), "a.csv") for _ in range(250)} == {"read", "refused"}


def test_damaged_workbook_is_read_or_refused(russian):
    chance = random.Random(SEED)
    data = xlsx({"7А": {"A1": "ФИО ученика", "A2": "Иванова Анна", "A3": "Ким Ян"}})
    assert {outcome(damaged(data, chance), "a.xlsx") for _ in range(150)} == {"read", "refused"}


def test_mixed_alphabets_are_told_or_refused(russian):
    data = csv(HEADINGS, *ROWS) + "7А;Сидоров Олег;;;;\r\n".encode("cp1251")
    assert outcome(data, "a.csv") in {"read", "refused"}
