"""Many processes over the same hours: at the end no clash in the table, no lost update, no error but «taken»."""

import multiprocessing
import statistics
import time
from collections import Counter, defaultdict
from itertools import combinations

import pytest
import sqlalchemy as sa
from flask import current_app

from scheduler.database import db
from scheduler.models.audit import AuditEvent
from scheduler.models.calendars import Calendar, CalendarKind
from scheduler.models.classes import GroupPart
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.rules.facts import LessonState
from tests.chaos.crowd import Crowd, fight_school, work

SEED = 20261124
PATIENCE = 900


@pytest.fixture
def crowd(app, request):
    is_full = request.config.getoption("--full-size")
    settings = current_app.config["SETTINGS"]
    environ = {
        "SCHEDULER_INSTANCE": str(settings.instance),
        "SECRET_KEY": "test-secret",
        "PUBLIC_URL": "http://school.test",
        "DATABASE_URL": settings.database_url,
    }
    school_id, courses = fight_school()
    db.engine.dispose()
    processes, attempts = (16, 125) if is_full else (3, 25)
    return processes, Crowd(environ, school_id, courses, attempts, SEED)


def run(processes, crowd):
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(processes + 1), context.Queue()
    crew = [context.Process(target=work, args=(crowd, number, barrier, answers)) for number in range(processes)]
    for one in crew:
        one.start()
    barrier.wait(PATIENCE)
    started = time.perf_counter()
    told = [answers.get(timeout=PATIENCE) for _ in crew]
    seconds = time.perf_counter() - started
    for one in crew:
        one.join(30)
    db.session.rollback()
    return told, seconds


def test_a_crowd_leaves_no_clash_and_loses_no_update(crowd):
    processes, told_of = crowd
    told, seconds = run(processes, told_of)
    print_figures(told, seconds)
    assert [error for one in told for error in one.errors] == []
    lessons = db.session.scalars(sa.select(Lesson)).all()
    assert clashes(lessons) == []
    assert {lesson.id for lesson in lessons} == set().union(*(one.booked for one in told))
    assert_forms_booked_once(told)
    assert_no_update_lost(lessons)
    assert_calendars_counted(lessons)
    counts = sum((one.counts for one in told), Counter())
    done = {kind for kind, outcome in counts if outcome == "done"}
    assert done == {"book", "series", "twin", "move", "edit", "cancel"}
    assert counts["book", "taken"] > 0


def print_figures(told, seconds):
    counts = sum((one.counts for one in told), Counter())
    spent = sorted(second for one in told for second in one.seconds)
    print(
        f"\n{db.engine.dialect.name}: {len(told)} processes, {len(spent)} attempts in {seconds:.1f} s "
        f"({len(spent) / seconds:.0f}/s), median {statistics.median(spent) * 1000:.0f} ms, longest {spent[-1]:.2f} s"
    )
    print(", ".join(f"{kind} {outcome} {number}" for (kind, outcome), number in sorted(counts.items())))


def clashes(lessons):
    """Pairs that nobody can attend or teach, found by looking at every pair of rows."""
    teachers, parts = pairs(LessonTeacher.lesson_id, LessonTeacher.person_id), defaultdict(set)
    for row in db.session.scalars(sa.select(GroupPart)):
        parts[row.group_id].add((row.class_id, row.division_id, row.part))
    live = [lesson for lesson in lessons if lesson.state is not LessonState.CANCELLED]
    return [
        (one.id, other.id)
        for one, other in combinations(live, 2)
        if one.date == other.date and one.start < other.end and other.start < one.end
        and (teachers[one.id] & teachers[other.id] or share_a_pupil(parts[one.group_id], parts[other.group_id]))
    ]  # fmt: skip


def pairs(key, value):
    found = defaultdict(set)
    for one, other in db.session.execute(sa.select(key, value)):
        found[one].add(other)
    return found


def share_a_pupil(these, those):
    for class_id, division, part in these:
        for other_class, other_division, other_part in those:
            are_halves = division is not None and division == other_division and part != other_part
            if class_id == other_class and not are_halves:
                return True
    return False


def assert_forms_booked_once(told):
    by_key = defaultdict(set)
    for one in told:
        for key, lesson_ids in one.forms.items():
            by_key[key].add(lesson_ids)
    assert by_key
    assert {key: len(results) for key, results in by_key.items()} == dict.fromkeys(by_key, 1)


def assert_no_update_lost(lessons):
    """Each record starts from what the one before it left, and the row is what the last one left."""
    records = defaultdict(list)
    for event in db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)):
        if event.subject_kind == "lesson":
            records[event.subject_id].append(event)
    for lesson in lessons:
        first, *later = records[lesson.id]
        assert first.before is None
        assert lesson.sequence == len(later)
        state = dict(first.after)
        for event in later:
            assert {name: state.get(name) for name in event.before} == event.before
            state |= event.after
        row = (lesson.date.isoformat(), lesson.start.isoformat(), lesson.period, lesson.state.value, lesson.topic)
        assert (state["date"], state["start"], state.get("period"), state["state"], state["texts"][0]) == row


def assert_calendars_counted(lessons):
    """A calendar's revision is the number of commits that touched it; a series is one."""
    by_id = {lesson.id: lesson for lesson in lessons}
    teachers = pairs(LessonTeacher.lesson_id, LessonTeacher.person_id)
    commits = defaultdict(set)
    for event in db.session.scalars(sa.select(AuditEvent).where(AuditEvent.subject_kind == "lesson")):
        lesson = by_id[event.subject_id]
        is_series = event.action == "book" and lesson.series_id is not None
        commit = ("series", lesson.series_id) if is_series else ("event", event.id)
        commits[CalendarKind.GROUP, lesson.group_id].add(commit)
        for person_id in teachers[lesson.id]:
            commits[CalendarKind.TEACHER, person_id].add(commit)
    revisions = {(row.kind, row.owner_id): row.revision for row in db.session.scalars(sa.select(Calendar))}
    assert {key: number for key, number in revisions.items() if number} == {
        key: len(commit) for key, commit in commits.items()
    }
