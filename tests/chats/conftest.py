"""The small school with its chats, a messenger in memory, and a clock that stands in the middle of a school morning."""

from datetime import UTC, datetime

import pytest

from scheduler import clock, create_app
from scheduler.chats.pace import CONFIG_KEY, Pace
from scheduler.chats.stale import mark_stale
from scheduler.database import db, transaction
from scheduler.models.changes import LessonChange, snapshot
from scheduler.models.chats import Bulletin, BulletinPart, Notice
from scheduler.models.lessons import Lesson
from tests.chats.twin import Twin
from tests.conftest import settings_for
from tests.factories import make_school

MORNING = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)  # 7:30 in Moscow, a Tuesday
FAST = Pace(
    lease=6,
    connect=0.5,
    read=0.5,
    margin=0.5,
    look_pause=0.02,
    backoff_first=0.02,
    backoff_most=0.05,
    per_bot=1000,
    per_chat=1000,
)


class Moment:
    """The product's present; tests move it."""

    def __init__(self, at):
        self.at = at

    def __call__(self):
        return self.at


@pytest.fixture
def moment(monkeypatch):
    moment = Moment(MORNING)
    monkeypatch.setattr(clock, "now", moment)
    return moment


@pytest.fixture
def twin(app):
    app.config[CONFIG_KEY] = FAST
    twin = Twin()
    app.extensions["messenger_factory"] = lambda _: twin
    return twin


@pytest.fixture
def school(app):
    return make_school(weekly_slots=False)


@pytest.fixture
def announce(school):
    """Change lessons and draw the consequence for the chats, as planning does."""

    def announce(*lesson_ids, **values):
        with transaction() as session:
            changes = []
            for lesson_id in lesson_ids:
                lesson = session.get_one(Lesson, lesson_id)
                before = snapshot(lesson) if values else None
                for name, value in values.items():
                    setattr(lesson, name, value)
                changes.append(LessonChange(before, lesson))
            mark_stale(session, school.id, changes)

    return announce


def parts_of(chat_id, day=None):
    query = db.select(BulletinPart).join(Bulletin).where(Bulletin.chat_id == chat_id)
    if day:
        query = query.where(Bulletin.date == day)
    db.session.expire_all()
    return db.session.scalars(query.order_by(Bulletin.date, BulletinPart.number)).all()


def notices_of(chat_id):
    db.session.expire_all()
    return db.session.scalars(db.select(Notice).where(Notice.chat_id == chat_id).order_by(Notice.id)).all()


@pytest.fixture(scope="module")
def sqlite_app(tmp_path_factory):
    """An application whose database nobody asks, one for a whole module."""
    app = create_app(settings_for(tmp_path_factory.mktemp("texts")))
    with app.app_context():
        yield app
        db.engine.dispose()
