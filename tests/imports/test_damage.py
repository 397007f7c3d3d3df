"""Whatever the bytes, reading ends in a draft or in a refusal in words."""

import random

import pytest

from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.recognise import read_source
from scheduler.imports.report import facts
from tests.imports.samples import render, tables_2008, tables_2012

SEED = 20261124


def damaged(data, chance):
    """One of the ways in which files are spoilt."""
    way = chance.randrange(5)
    place = chance.randrange(len(data))
    if way == 0:
        return data[:place]
    if way == 1:
        return data[:place] + data[place + chance.randrange(1, 400) :]
    if way == 2:
        return data[:place] + data[place:].replace(b'"', b"'", 1) + data[place : place + 50]
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 20))):
        changed[chance.randrange(len(changed))] = chance.choice(b'0123456789*",<>&/ \x00\xff\x98') if way == 3 else 0x41
    return bytes(changed)


def read_or_refuse(data):
    try:
        draft = read_source(data, "timetable.xml")
    except ImportRefusedError as refusal:
        return "refused" if len(str(refusal)) > 20 else "refused without words"
    assert facts(draft)["lessons_read"] > 0
    assert draft.courses
    return "read"


@pytest.mark.parametrize("tables", [tables_2008, tables_2012])
def test_damaged_sample_is_read_or_refused(russian, tables):
    chance = random.Random(SEED)
    data = render(tables())
    outcomes = [read_or_refuse(damaged(data, chance)) for _ in range(400)]
    assert {"read", "refused"} == set(outcomes)


@pytest.mark.samples
def test_damaged_real_file_is_read_or_refused(russian, real_file):
    chance = random.Random(SEED)
    _name, data, _known = real_file
    outcomes = {read_or_refuse(damaged(data, chance)) for _ in range(6)}
    assert outcomes <= {"read", "refused"}


def test_random_bytes_are_refused(russian):
    chance = random.Random(SEED)
    assert {read_or_refuse(chance.randbytes(chance.randrange(1, 300))) for _ in range(300)} == {"refused"}
    assert {read_or_refuse(b"<timetable>" + chance.randbytes(50)) for _ in range(200)} == {"refused"}


def test_file_of_nothing_but_clashes_is_read_in_bounded_time(russian):
    tables = tables_2012()
    tables["cards"] *= 400
    draft = read_source(render(tables), "timetable.xml")
    assert 0 < facts(draft)["clashes"] <= 20_000


@pytest.mark.parametrize("hours", ["1e-999999999", "9" * 5000, "-0", "1e99", "Infinity", "٣"])
def test_odd_numbers_are_read_or_told(russian, hours):
    tables = tables_2012()
    tables["lessons"][0]["periodsperweek"] = hours
    tables["grades"] = [{"grade": "0" * 150 + "9" * 40, "name": "x"}]
    draft = read_source(render(tables), "timetable.xml")
    assert 0 <= draft.courses[0].weekly_hours <= 100
