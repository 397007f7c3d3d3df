"""Random decisions on a small school, with fixed seeds: whatever is decided, the invariants of the plan hold."""

import random
from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.audit import AuditEvent
from scheduler.models.calendars import Calendar
from scheduler.models.calls import Call
from scheduler.models.chats import BulletinPart
from scheduler.models.classes import StudyGroup
from scheduler.models.lessons import ChangeRequest, Lesson, LessonSeries, LessonTeacher, RequestState, RuleOverride
from scheduler.models.school import School
from scheduler.planning.booking import LessonWish, book_lesson
from scheduler.planning.changing import LessonEdit, cancel_lesson, change_lesson, decide_lesson, decide_request
from scheduler.planning.errors import PlanningError
from scheduler.planning.nearest import Sought, nearest_hours
from scheduler.planning.preview import preview_booking, preview_change
from scheduler.rules.facts import LessonMode, LessonState
from tests.factories import TUESDAY, count, make_school

MONDAY_MORNING = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
STEPS = 20
WRITTEN = (Lesson, LessonTeacher, LessonSeries, AuditEvent, RuleOverride, ChangeRequest, Calendar, Call, BulletinPart)


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY_MORNING)


class Game:
    """One school and a source of chance; each step is one decision of somebody."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.school = make_school()
        self.courses = [
            getattr(self.school, name) for name in ("algebra_a", "english_1", "english_2", "physics_a", "algebra_b")
        ]

    def day(self):
        return TUESDAY + timedelta(days=self.chance.randrange(3))

    def wish(self):
        mode = self.chance.choice((LessonMode.CALL, LessonMode.SELF_STUDY, LessonMode.BROADCAST))
        return LessonWish(
            self.chance.choice(self.courses), self.day(), period=self.chance.randint(1, 4), mode=mode,
            weeks=self.chance.choice((1, 1, 1, 2)),
        )  # fmt: skip

    def edit(self):
        moved = LessonEdit(day=self.day(), period=self.chance.randint(1, 4))
        mode = self.chance.choice(list(LessonMode))
        told = f"Тема {self.chance.randrange(9)}"
        return self.chance.choice((moved, LessonEdit(topic=told), LessonEdit(mode=mode), replace(moved, mode=mode)))

    def reason(self):
        return self.chance.choice(("", "", "решение педсовета"))

    def actor(self):
        return self.chance.choice((None, self.school.ivanova, self.school.director))

    def lesson_id(self):
        db.session.rollback()
        ids = db.session.scalars(sa.select(Lesson.id).order_by(Lesson.id)).all()
        return self.chance.choice(ids) if ids else None

    def step(self):
        acts = (self.book, self.book, self.change, self.change, self.cancel, self.consent, self.set_consent)
        with suppress(PlanningError):
            self.chance.choice(acts)()

    def book(self):
        wish, actor_id, reason = self.wish(), self.actor(), self.reason()
        before = rows()
        preview = preview_booking(self.school.id, wish, actor_id=actor_id)
        assert rows() == before
        try:
            booked = book_lesson(self.school.id, wish, actor_id=actor_id, reason=reason)
        except PlanningError:
            assert preview.refusal or (preview.is_blocked and not reason)
            raise
        assert preview.refusal == ""
        assert wish.weeks > 1 or booked.findings == preview.findings

    def change(self):
        lesson_id, edit, actor_id, reason = self.lesson_id(), self.edit(), self.actor(), self.reason()
        if lesson_id is None:
            return
        before = rows()
        preview = preview_change(self.school.id, lesson_id, edit, actor_id=actor_id)
        assert rows() == before
        try:
            changed = change_lesson(self.school.id, lesson_id, edit, actor_id=actor_id, reason=reason)
        except PlanningError:
            assert preview.is_blocked or preview.refusal
            raise
        assert (preview.refusal, changed.findings) == ("", preview.findings)

    def cancel(self):
        lesson_id = self.lesson_id()
        if lesson_id is not None:
            cancel_lesson(self.school.id, lesson_id, actor_id=self.actor())

    def consent(self):
        db.session.rollback()
        is_given = self.chance.random() < 0.7
        waiting = db.session.scalar(sa.select(Lesson.id).where(Lesson.state == LessonState.WAITING))
        asked = db.session.scalar(sa.select(ChangeRequest.id).where(ChangeRequest.state == RequestState.ASKED))
        decided = {"is_given": is_given, "actor_id": self.school.director, "reason": self.reason()}
        if waiting is not None:
            decide_lesson(self.school.id, waiting, **decided)
        elif asked is not None:
            decide_request(self.school.id, asked, **decided)

    def set_consent(self):
        with transaction() as session:
            school = session.get_one(School, self.school.id)
            school.is_consent_required = not school.is_consent_required


def rows():
    """Everything that stands, so that what is only looked at can be told from what is done."""
    db.session.rollback()
    return [db.session.execute(sa.select(model.__table__)).all() for model in WRITTEN]


def live_lessons():
    db.session.rollback()
    return db.session.scalars(sa.select(Lesson).where(Lesson.state != LessonState.CANCELLED)).all()


def are_clashing(one, other):
    if one.date != other.date or one.start >= other.end or other.start >= one.end:
        return False
    teachers = {row.person_id for row in one.teaching} & {row.person_id for row in other.teaching}
    return bool(teachers) or may_share_a_pupil(one.group, other.group)


def may_share_a_pupil(one: StudyGroup, other: StudyGroup):
    return any(
        mine.class_id == theirs.class_id
        and not (mine.division_id and mine.division_id == theirs.division_id and mine.part != theirs.part)
        for mine in one.parts
        for theirs in other.parts
    )


def assert_nobody_is_in_two_places():
    clash = RuleOverride.rule.startswith("CLASH_")
    overridden = set(db.session.scalars(sa.select(RuleOverride.lesson_id).where(clash, RuleOverride.reason != "")))
    for one, other in combinations(live_lessons(), 2):
        if are_clashing(one, other):
            assert {one.id, other.id} & overridden


def assert_history_is_whole():
    events = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action != "ask").order_by(AuditEvent.id))
    of_lesson = defaultdict(list)
    for event in events:
        of_lesson[event.subject_id].append(event)
    for lesson in db.session.scalars(sa.select(Lesson)):
        first, *later = of_lesson[lesson.id]
        assert (first.action, first.before, lesson.sequence) == ("book", None, len(later))
        state = dict(first.after)
        for event in later:
            assert event.before == {name: state.get(name) for name in event.after}
            assert event.before != event.after
            state |= event.after
        assert (state["state"], state["date"], state["start"]) == (
            lesson.state.value, lesson.date.isoformat(), lesson.start.isoformat(),
        )  # fmt: skip
        assert (state["mode"], state.get("online_minutes")) == (lesson.mode.value, lesson.online_minutes)
        assert state["texts"] == [lesson.topic, lesson.homework, lesson.materials, lesson.offline_task]
        teachers = db.session.scalars(sa.select(LessonTeacher.person_id).where(LessonTeacher.lesson_id == lesson.id))
        assert state["teacher_ids"] == sorted(teachers)


@pytest.mark.parametrize("seed", [7, 12, 2026])
def test_whatever_is_decided_the_invariants_hold(app, seed):
    game = Game(seed)
    for _ in range(STEPS):
        game.step()
    assert_nobody_is_in_two_places()
    assert_history_is_whole()
    assert count(Lesson) > 2


@pytest.mark.parametrize("seed", [3, 4])
def test_every_offered_hour_can_be_booked_as_it_stands(app, seed):
    game = Game(seed)
    for _ in range(10):
        game.step()
    with transaction() as session:
        session.get_one(School, game.school.id).is_consent_required = False
    for course_id in game.courses:
        offers = nearest_hours(db.session(), game.school.id, Sought(course_id, TUESDAY))
        db.session.rollback()
        assert len(offers) == 3
        first = offers[0]
        book_lesson(game.school.id, LessonWish(course_id, first.date, period=first.hour.number))
