import random
from datetime import date, time, timedelta

import pytest

from scheduler.demo.bells import hour, meet
from scheduler.demo.live import live_situation, offline_task, screen_minutes
from scheduler.demo.school import make_school
from scheduler.rules.facts import LessonMode

MONDAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def school():
    return make_school(today=MONDAY)


def live_on(school, number):
    day = MONDAY + timedelta(days=number)
    return day, live_situation(school, day, day + timedelta(days=1) if number < 4 else None)


def classes_of(remotes):
    return {remote.course.split("/")[0] for remote in remotes}


@pytest.mark.parametrize("number", range(5))
def test_enough_classes_have_remote_lessons_on_any_day(school, number):
    _, live = live_on(school, number)
    assert len(classes_of(live.remotes)) >= 24
    assert {remote.mode for remote in live.remotes} == {LessonMode.CALL, LessonMode.BROADCAST, LessonMode.SELF_STUDY}


@pytest.mark.parametrize("number", range(5))
def test_remote_lessons_are_published_ones_still_to_come_and_end_by_six(school, number):
    day, live = live_on(school, number)
    slots = {(slot.course, slot.weekday, slot.period) for slot in school.slots}
    bells = {item.label: item.bells for item in school.classes}
    for remote in live.remotes:
        start, end = hour(bells[remote.course.split("/")[0]], remote.period)
        assert (remote.course, remote.date.isoweekday(), remote.period) in slots
        assert end <= time(18)
        assert remote.date > day or start >= time(11)
        assert remote.offline_task


def test_no_call_is_longer_than_the_screen_norm(school):
    grades = {item.label: item.grade for item in school.classes}
    _, live = live_on(school, 1)
    for remote in live.remotes:
        norm = screen_minutes(grades[remote.course.split("/")[0]])
        assert remote.online_minutes == (norm if remote.mode.has_call else None)


def test_consultations_find_their_teachers_free(school):
    day, live = live_on(school, 1)
    bells = {item.label: item.bells for item in school.classes}
    courses = {course.key: course for course in school.courses}
    groups = {group.key: group for group in school.groups}
    assert live.consultations
    for one in live.consultations:
        busy = [
            hour(bells[groups[courses[slot.course].group].parts[0][0]], slot.period)
            for slot in school.slots
            if slot.weekday == day.isoweekday() and courses[slot.course].teachers == courses[one.course].teachers
        ]
        assert not any(meet((one.start, one.end), span) for span in busy)


def test_consultations_of_busy_teachers_are_left_out():
    small = make_school(classes=9, today=MONDAY)
    counts = [len(live_on(small, number)[1].consultations) for number in range(5)]
    assert max(counts) <= 2


def test_live_situation_is_the_same_each_time(school):
    assert live_on(school, 2) == live_on(school, 2)


def test_classes_whose_chats_are_not_in_the_sandbox_are_left_alone(school):
    outside = {chat.class_label for chat in school.chats if chat.way != "sandbox"}
    for number in range(5):
        assert not classes_of(live_on(school, number)[1].remotes) & outside


def test_tasks_name_pages_or_numbers():
    assert offline_task("Геометрия", random.Random(1)).startswith("№ ")
    assert offline_task("История", random.Random(1)).startswith("§ ")


def test_school_without_suitable_lessons_has_none():
    lone = make_school(classes=1, today=MONDAY)
    bare = type(lone)(**{name: getattr(lone, name) for name in lone.__slots__} | {"slots": ()})
    assert live_situation(bare, MONDAY, MONDAY + timedelta(days=1)).remotes == ()
