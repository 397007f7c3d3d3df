"""Frost tables: at each limit one degree to either side, with and without wind."""

import pytest

from scheduler.rules.frost import FrostRow, FrostScope, FrostTable, example_tables, rows_of

PRIMARY, OLDER, FINAL = frozenset(range(1, 5)), frozenset(range(5, 10)), frozenset({10, 11})


def table(code):
    return next(one for one in example_tables() if one.code == code)


@pytest.mark.parametrize(
    ("temperature", "wind", "grades"),
    [
        (-27, 0, frozenset()),
        (-28, 0, PRIMARY),
        (-29, 3.9, PRIMARY),
        (-30, 0, PRIMARY | OLDER),
        (-31, 0, PRIMARY | OLDER),
        (-32, 0, PRIMARY | OLDER | FINAL),
        (-24, 4, frozenset()),
        (-25, 4, PRIMARY),
        (-26, 4, PRIMARY),
        (-28, 4, PRIMARY | OLDER),
        (-30, 4, PRIMARY | OLDER | FINAL),
    ],
)
def test_sverdlovsk_includes_its_limits(temperature, wind, grades):
    assert table("sverdlovsk").grades(temperature, wind) == grades


@pytest.mark.parametrize(
    ("temperature", "wind", "grades"),
    [
        (-29, 0, frozenset()),
        (-30, 0, frozenset()),
        (-31, 0, PRIMARY),
        (-30, 2, PRIMARY),
        (-31, 2, PRIMARY | OLDER),
        (-40, 0, PRIMARY | OLDER),
        (-41, 0, PRIMARY | OLDER | FINAL),
    ],
)
def test_tyumen_begins_below_its_limits(temperature, wind, grades):
    assert table("tyumen").grades(temperature, wind) == grades


@pytest.mark.parametrize(("temperature", "grades"), [(-29, 9), (-30, 9), (-31, 11)])
def test_a_table_may_include_one_limit_and_not_another(temperature, grades):
    assert table("murmansk").grades(temperature, 0) == frozenset(range(1, grades + 1))


@pytest.mark.parametrize("is_inclusive", [True, False])
@pytest.mark.parametrize("distance", [-1, 0, 1])
@pytest.mark.parametrize("wind", [1.9, 2, 2.1, 4.9, 5])
def test_every_border_of_a_row(is_inclusive, distance, wind):
    row = FrostRow(1, 4, -30, 2, 5, is_inclusive=is_inclusive)
    is_cold = distance < 0 or (distance == 0 and is_inclusive)
    assert row.holds(-30 + distance, wind) == (is_cold and wind in (2, 2.1, 4.9))


def test_every_example_names_its_source_and_is_read_back():
    for one in example_tables():
        assert one.source
        assert one.scope is FrostScope.DAY
        assert rows_of(row.plain() for row in one.rows) == one.rows
    assert FrostTable("", "", ()).grades(-60, 20) == frozenset()
