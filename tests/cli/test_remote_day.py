"""`scheduler remote-day`: what it prints, and its exit codes."""

from datetime import UTC, datetime

import pytest

from scheduler import clock
from scheduler.database import transaction
from scheduler.models.lessons import Lesson
from scheduler.models.school import CallWay, School
from scheduler.planning.remote import mixing
from scheduler.rules.facts import LessonMode
from tests.cli.test_commands import facts, in_app, instance, run  # noqa: F401 - the fixtures of the command line
from tests.factories import count, make_lesson, make_school

DAY = "2026-11-24"


@pytest.fixture
def school(in_app, monkeypatch):  # noqa: F811 - the fixture imported above
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 20, 9, tzinfo=UTC))
    made = make_school(weekly_slots=False)
    with transaction() as session:
        session.get_one(School, made.id).call_way = CallWay.VK
    for period, course in enumerate((made.algebra_a, made.english_1, made.physics_a), start=1):
        make_lesson(made, course, period=period, mode=LessonMode.IN_PERSON)
    make_lesson(made, made.algebra_b, period=4, mode=LessonMode.IN_PERSON)
    return made


def told(*args):
    return facts("remote-day", DAY, "--reason", "мороз −34 °C", *args)


def test_preview_declare_again_and_undo(school):
    assert told("--all", "--preview")["changed"] == 0
    done = told("--all")
    assert {name: done[name] for name in ("lessons", "classes", "calls", "self_study", "changed")} == {
        "lessons": 4, "classes": 2, "calls": 3, "self_study": 1, "changed": 4,
    }  # fmt: skip
    assert isinstance(done["findings"], int)
    assert told("--all")["changed"] == 0
    assert told("--undo", "--all") == {"remote_days": [done["id"]], "changed": 4, "kept": 0}
    assert count(Lesson, Lesson.mode == LessonMode.IN_PERSON) == 4


def test_classes_and_grades(school):
    assert told("--classes", "7a", "--preview")["classes"] == 1
    assert told("--grades", "5-7,9", "--preview")["classes"] == 2
    assert run("remote-day", DAY, "--grades", "1-2", "--reason", "мороз").exit_code == 1


def test_wrong_usage(school):
    assert run("remote-day", DAY, "--reason", "мороз").exit_code == 2
    assert run("remote-day", DAY, "--reason", "мороз", "--grades", "a").exit_code == 2
    assert run("remote-day", DAY, "--all").exit_code == 2


def test_the_solver_is_asked_for_and_may_be_missing(school, monkeypatch):
    assert told("--all", "--preview", "--solver")["calls"] == 3
    monkeypatch.setattr(mixing, "solver_is_there", lambda: False)
    result = run("remote-day", DAY, "--reason", "мороз", "--all", "--preview", "--solver")
    assert result.exit_code == 1
    assert "make solver" in result.stderr
    assert told("--all", "--preview")["calls"] == 3
