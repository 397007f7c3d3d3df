from collections import Counter

import pytest

from scheduler.demo.curriculum import HOURS
from scheduler.demo.labels import labels
from scheduler.demo.staffing import block_sizes, grades_of, staffed_block


def test_blocks_are_even_and_complete():
    assert block_sizes(30) == [30]
    assert block_sizes(480) == [30] * 16
    assert block_sizes(100) == [34, 33, 33]
    assert block_sizes(44) == [44]


@pytest.mark.parametrize("size", [1, 2, 7, 30, 44])
def test_block_has_grade_seven_and_the_size(size):
    grades = grades_of(size)
    assert len(grades) == size
    assert 7 in grades


@pytest.mark.parametrize("size", [1, 6, 12, 30, 45])
def test_every_hour_has_a_teacher_and_nobody_too_many(size):
    block = staffed_block(size)
    load = Counter()
    for unit in block.units:
        assert len(set(unit.teachers)) == len(unit.teachers)
        for teacher in unit.teachers:
            load[teacher] += unit.hours
    hours = Counter()
    for unit in block.units:
        hours[unit.class_number] += unit.hours
    assert [hours[n] for n in range(size)] == [sum(HOURS[grade].values()) for grade in block.grades]
    assert max(load.values()) <= 28


def test_class_teachers_of_thirty_classes_are_thirty_people():
    assert len(set(staffed_block(30).class_teachers)) == 30


def test_labels_go_on_with_two_letters():
    found = labels([7] * 26)
    assert found[:2] == ["7А", "7Б"]
    assert found[24] == "7АА"
    assert len(set(found)) == 26
