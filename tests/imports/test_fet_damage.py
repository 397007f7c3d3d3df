"""Whatever the bytes of a file of FET, reading ends in a draft or in a refusal in words."""

import random

import pytest

from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.recognise import read_files
from scheduler.imports.report import facts
from scheduler.imports.source import SourceFile
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
from tests.imports.test_archives import packed
from tests.imports.test_damage import SEED, damaged

ENTITIES = b'<!DOCTYPE fet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><fet><Mode>&b;</Mode></fet>'
MIXED = "Иванова".encode("cp1251")


def outcome(*files):
    try:
        draft = read_files([SourceFile(name, data) for name, data in files])
    except ImportRefusedError as refusal:
        return "refused" if len(str(refusal)) > 20 else "refused without words"
    found = facts(draft)
    if not found.get("lessons_read"):  # a spoilt heading can leave a list of people; nothing at all is never a success
        assert any(found.get(name, 0) for name in ("courses", "teachers", "students"))
        return "read"
    assert draft.courses
    assert found["periods_per_cycle"] or found["unplaced"]
    return "read"


def spoilt(data, chance):
    """Also: lines shuffled, letters of another alphabet in between."""
    way = chance.randrange(4)
    if way == 0:
        lines = data.split(b"\n")
        chance.shuffle(lines)
        return b"\n".join(lines)
    if way == 1:
        place = chance.randrange(len(data))
        return data[:place] + MIXED + data[place:]
    return damaged(data, chance)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.fet", fet(two_grades())),
        ("timetable.csv", timetable_csv(two_grades())),
        ("subgroups.xml", hourly_xml(two_grades(), "Subgroup", subgroups_of(two_grades()))),
        ("activities.csv", plan_csv(two_grades())),
    ],
)
def test_damaged_source_is_read_or_refused(russian, name, data):
    chance = random.Random(SEED)
    assert {outcome((name, spoilt(data, chance))) for _ in range(300)} == {"read", "refused"}


def test_damaged_part_of_a_set_is_read_or_refused(russian):
    chance = random.Random(SEED)
    school = two_grades()
    parts = [
        ("a.fet", fet(school, is_solved=False)),
        ("t.csv", timetable_csv(school)),
        ("s.csv", students_csv(school)),
        ("a.xml", activities_xml(school)),
    ]
    found = set()
    for _ in range(200):
        place = chance.randrange(len(parts))
        files = [(name, spoilt(data, chance) if number == place else data) for number, (name, data) in enumerate(parts)]
        found.add(outcome(*files))
    assert found <= {"read", "refused"}


def test_damaged_zip_is_read_or_refused(russian):
    chance = random.Random(SEED)
    data = packed({"a.fet": fet(two_grades()), "t.csv": timetable_csv(two_grades())})
    assert outcome(("a.zip", data)) == "read"
    assert {outcome(("a.zip", damaged(data, chance))) for _ in range(200)} == {"read", "refused"}


@pytest.mark.parametrize(
    "data",
    [
        ENTITIES,
        b"<fet>" + b"<a>" * 50 + b"</a>" * 50 + b"</fet>",
        b"<fet></fet>",
        b"<fet version='x'><Activities_List><Activity><Id>1</Id></Activity></Activities_List></fet>",
        b"<Students_Timetable></Students_Timetable>",
        b'"Activity Id","Day","Hour"\r\n',
        b"\xef\xbb\xbf",
    ],
)
def test_hostile_or_empty_file_is_refused(russian, data):
    assert outcome(("a", data)) == "refused"
