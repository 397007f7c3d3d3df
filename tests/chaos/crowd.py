"""A crowd of processes that book, move, edit and cancel over the same hours, and the school that they fight over."""

import random
import traceback
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from scheduler import clock, create_app
from scheduler.calendars.feeds import feed_for_class
from scheduler.config import read_settings
from scheduler.database import db, transaction
from scheduler.models.chats import ChatKind, Connection, Platform
from scheduler.models.classes import Division
from scheduler.models.lessons import Lesson
from scheduler.models.school import School
from scheduler.planning.booking import LessonWish, book_lesson
from scheduler.planning.changing import LessonEdit, cancel_lesson, change_lesson
from scheduler.planning.errors import NotThereError, PlanningError, StaleError, TakenError
from scheduler.rules.facts import LessonMode, LessonState
from tests import factories as make

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
WEEKS, DAYS, PERIODS = 3, 5, 6
CLASSES = ("7А", "7Б", "8А", "8Б")
SURNAMES = ("Иванова", "Ким", "Белова", "Орлова", "Цой")
KINDS = ("book", "series", "twin", "move", "edit", "cancel")
WEIGHTS = (56, 4, 8, 16, 8, 8)


@dataclass
class Crowd:
    """Where the processes meet: `environ` names the database, `attempts` are those of one process."""

    environ: dict[str, str]
    school_id: int
    courses: list[int]
    attempts: int
    seed: int


@dataclass
class Told:
    """What one process was answered. `forms` are the lessons that each form sent by several processes led to."""

    counts: Counter = field(default_factory=Counter)
    booked: set[int] = field(default_factory=set)
    forms: dict[str, tuple[int, ...]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def fight_school():
    """Four classes, each whole and in two halves, and five teachers who teach across all of them."""
    with transaction() as session:
        school = make.add(session, School(name="Школа № 3", timezone=make.ZONE))
        sid = school.id
        teachers = [make.make_person(session, sid, (name, "Анна", "Ильинична")) for name in SURNAMES]
        subjects = [make.make_subject(session, sid, name) for name in ("Алгебра", "Физика", "Английский язык")]
        hook = Connection(school_id=sid, platform=Platform.MAX, token="", webhook_key="hook", webhook_secret="s")
        make.add(session, hook)
        make.make_bells(session, sid)
        courses, classes = [], []
        for number, label in enumerate(CLASSES):
            klass = make.make_class(session, sid, label)
            classes.append(klass.id)
            whole = make.make_group(session, sid, label, [(klass.id,)])
            split = make.add(session, Division(school_id=sid, class_id=klass.id, name="Языки"))
            halves = [make.make_group(session, sid, f"{label}-{n}", [(klass.id, split.id, n)]) for n in ("1", "2")]
            for order, group in enumerate([whole, whole, *halves]):
                teacher = teachers[(number + order) % len(teachers)]
                courses.append(make.make_course(session, subjects[min(order, 2)], group, teacher).id)
            for kind in (ChatKind.STUDENTS, ChatKind.PARENTS):
                make.make_chat(session, hook, f"{label} {kind}", kind, klass.id)
        make.make_chat(session, hook, "Учителя", ChatKind.TEACHERS, None)
    for class_id in classes[::2]:
        feed_for_class(sid, class_id)
    return sid, courses


def work(crowd, number, barrier, answers):
    """The life of one process."""
    told = Told()
    try:
        clock.now = lambda: NOW
        app = create_app(read_settings(crowd.environ))
        with app.app_context():
            barrier.wait(900)
            for step in range(crowd.attempts):
                _attempt(crowd, random.Random(f"{crowd.seed}-{number}-{step}"), step, told)
            db.session.remove()
            db.engine.dispose()
    except Exception:  # noqa: BLE001 - whatever it is, the test shows it
        told.errors.append(traceback.format_exc())
    answers.put(told)


def _attempt(crowd, chance, step, told):
    kind = chance.choices(KINDS, WEIGHTS)[0]
    started = datetime.now(UTC)
    try:
        outcome = _ACTS[kind](crowd, chance, step, told)
    except TakenError:
        outcome = "taken"
    except (NotThereError, StaleError) as error:
        outcome = type(error).__name__
        if kind in ("book", "series", "twin"):
            told.errors.append(f"{kind}: {error!r}")
    except PlanningError as error:
        outcome = "refused"
        if not _is_cancelled(error, kind):
            told.errors.append(f"{kind}: {error!r}")
    except Exception:  # noqa: BLE001 - whatever it is, the test shows it
        outcome = "failed"
        told.errors.append(f"{kind}: {traceback.format_exc()}")
    told.seconds.append((datetime.now(UTC) - started).total_seconds())
    told.counts[kind, outcome] += 1


def _is_cancelled(error, kind):
    """Only a lesson that somebody cancelled meanwhile may refuse a move or an edit in other words."""
    return kind in ("move", "edit") and type(error) is PlanningError and "cancelled" in error.text


def _wish(crowd, chance, **values):
    day = MONDAY + timedelta(weeks=chance.randrange(WEEKS), days=chance.randrange(DAYS))
    mode = chance.choice((LessonMode.CALL, LessonMode.SELF_STUDY))
    minutes = 5 if mode is LessonMode.CALL else None
    course, period = chance.choice(crowd.courses), chance.randint(1, PERIODS)
    return LessonWish(
        **{"course_id": course, "date": day, "period": period} | values, mode=mode, online_minutes=minutes
    )


def _book(crowd, chance, _step, told):
    booked = book_lesson(crowd.school_id, _wish(crowd, chance))
    told.booked.update(booked.lesson_ids)
    return "done"


def _series(crowd, chance, _step, told):
    monday = MONDAY + timedelta(days=chance.randrange(DAYS))
    booked = book_lesson(crowd.school_id, _wish(crowd, chance, date=monday, weeks=WEEKS))
    told.booked.update(booked.lesson_ids)
    return "done"


def _twin(crowd, _chance, step, told):
    key = f"form-{step // 4}"  # every process sends the same form at about the same time
    booked = book_lesson(crowd.school_id, _wish(crowd, random.Random(f"{crowd.seed}-{key}")), form_key=key)
    told.booked.update(booked.lesson_ids)
    told.forms[key] = booked.lesson_ids
    return "done"


def _move(crowd, chance, _step, _told):
    day = MONDAY + timedelta(weeks=chance.randrange(WEEKS), days=chance.randrange(DAYS))
    edit = LessonEdit(day=day, period=chance.randint(1, PERIODS))
    return _on_a_lesson(crowd, chance, lambda lesson_id: change_lesson(crowd.school_id, lesson_id, edit))


def _edit(crowd, chance, step, _told):
    edit = LessonEdit(topic=f"Тема {step} {chance.random()}")
    return _on_a_lesson(crowd, chance, lambda lesson_id: change_lesson(crowd.school_id, lesson_id, edit))


def _cancel(crowd, chance, _step, _told):
    return _on_a_lesson(crowd, chance, lambda lesson_id: cancel_lesson(crowd.school_id, lesson_id))


def _on_a_lesson(crowd, chance, act):
    db.session.rollback()
    live = sa.select(Lesson.id).where(Lesson.school_id == crowd.school_id, Lesson.state == LessonState.PLANNED)
    ids = db.session.scalars(live.order_by(Lesson.id.desc()).limit(12)).all()  # few, so that many meet on one
    db.session.rollback()
    if not ids:
        return "nothing"
    act(chance.choice(ids))
    return "done"


_ACTS = {"book": _book, "series": _series, "twin": _twin, "move": _move, "edit": _edit, "cancel": _cancel}
