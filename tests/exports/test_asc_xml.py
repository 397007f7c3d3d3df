"""A draft out as aSc XML and in again is the same school."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.exports.asc_xml import write_asc
from scheduler.imports.asc import read_asc
from scheduler.imports.draft import DraftClass
from tests.exports.schools import plain, schools
from tests.imports.samples import render, tables_2008, tables_2012

FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FEW
@given(schools())
def test_a_school_comes_back_as_it_went(russian, draft):
    assert plain(read_asc(write_asc(draft))) == plain(draft)


@FEW
@given(schools())
def test_the_file_is_the_same_each_time_and_keeps_its_ids(russian, draft):
    data = write_asc(draft)
    assert write_asc(draft) == data
    assert write_asc(read_asc(data)).count(b"<lesson ") == data.count(b"<lesson ")


@pytest.mark.parametrize("tables", [tables_2012, tables_2008])
def test_a_file_of_the_program_comes_back(russian, tables):
    draft = read_asc(render(tables()))
    again = read_asc(write_asc(draft))
    assert plain(again) == plain(draft)
    assert [row.stable_id for row in again.classes if row.stable_id] == [
        row.stable_id or again.classes[place].stable_id for place, row in enumerate(draft.classes)
    ]


def test_signs_that_xml_forbids_are_left_out(russian):
    draft = read_asc(render(tables_2012()))
    strange = replace(draft.classes[0], name='7"А<\x00\x0b&>')
    again = read_asc(write_asc(replace(draft, classes=(strange, *draft.classes[1:]))))
    assert again.classes[0].name == '7"А< &>'


def test_hours_placed_and_not_placed_add_up(russian):
    draft = read_asc(render(tables_2012()))
    course = next(row for row in draft.courses if row.weekly_hours == 3)
    more = replace(course, weekly_hours=Decimal(5))
    again = read_asc(write_asc(replace(draft, courses=tuple(more if c is course else c for c in draft.courses))))
    assert sum(row.weekly_hours for row in again.courses) == sum(row.weekly_hours for row in draft.courses) + 2


@FEW
@given(st.text(max_size=20))
def test_no_name_breaks_the_file(russian, name):
    draft = read_asc(render(tables_2012()))
    row = DraftClass("own", name)
    assert len(read_asc(write_asc(replace(draft, classes=(*draft.classes, row)))).classes) == 4
