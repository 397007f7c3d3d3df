"""The ground of the main job, made through real processes: a school with a real timetable and its chats connected."""

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from scheduler import clock, create_app
from scheduler.chats.connect import connect_chat
from scheduler.chats.suggest import suggest_class
from scheduler.config import read_settings
from scheduler.database import db
from scheduler.models.chats import Chat, ChatKind, ChatState
from scheduler.models.classes import SchoolClass
from scheduler.models.courses import Course
from scheduler.models.names import shown_class
from scheduler.planning.nearest import Sought, nearest_hours
from tests.imports.conftest import SAMPLES
from tests.imports.samples import render, tables_2008
from tests.installation import ZONE, until

REAL = SAMPLES / "ua_school_asc2008.xml"
TEACHERS = "Учителя школы"
WEEKS = 6


@dataclass(frozen=True)
class Ground:
    """What the job is done with: a course of one whole class, two free hours of tomorrow, the chats' titles."""

    course_id: int
    class_id: int
    class_label: str
    teacher: str
    hours: tuple[int, ...]
    pupils: str = ""
    parents: str = ""

    @property
    def titles(self):
        return (self.pupils, self.parents, TEACHERS)


def timetable_file(folder):
    if REAL.exists():
        return REAL
    path = folder / "timetable.xml"
    path.write_bytes(render(tables_2008()))
    return path


def make_school(one):
    """`school add`, `import`, `publish`: from nothing to a published term."""
    one.command("school", "add", "Школа № 7", "--timezone", ZONE)
    read = one.command("import", timetable_file(one.folder))
    made = one.command("publish", "--from", one.today, "--to", one.today + timedelta(weeks=WEEKS))
    assert read["kind"] == "asc"
    assert made["made"] > 0


@contextmanager
def looking(one):
    """The product's code over the same database, for what a person does on screens that a test does not open."""
    app = create_app(read_settings(one.env))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()
            clock.configure(None)


def find_ground(one):
    """A course of one whole class with one teacher and two free hours tomorrow."""
    tomorrow = one.today + timedelta(days=1)
    courses = sa.select(Course).options(selectinload(Course.teachers)).order_by(Course.id)
    for course in db.session.scalars(courses).unique():
        parts = course.group.parts
        if len(parts) != 1 or parts[0].division_id or len(course.teachers) != 1 or course.group.is_private:
            continue
        found = nearest_hours(db.session(), course.school_id, Sought(course.id, tomorrow), count=3)
        hours = tuple(offer.hour.number for offer in found if offer.date == tomorrow)
        if len(hours) > 1:
            klass = parts[0].school_class
            return Ground(course.id, klass.id, shown_class(klass.label), course.teachers[0].full_name, hours)
    raise AssertionError("no class has two free hours tomorrow")


def connect_chats(one, ground):
    """Chats made in the messenger are learnt by polling; a person confirms whose they are."""
    titles = (f"{ground.class_label}, ученики", f"{ground.class_label}, родители")
    for title in (*titles, TEACHERS):
        one.make_chat(title)
    found = until(lambda: learnt(3))
    classes = db.session.scalars(sa.select(SchoolClass)).all()
    for chat_id, title in found:
        guess = suggest_class(title, classes)
        class_id = None if guess.kind is ChatKind.TEACHERS else guess.class_id
        connect_chat(chat_id, class_id=class_id, kind=guess.kind, actor_id=None)
    return replace(ground, pupils=titles[0], parents=titles[1])


def learnt(count):
    db.session.rollback()
    rows = db.session.execute(
        sa.select(Chat.id, Chat.title).where(Chat.state == ChatState.FOUND, Chat.title != "", Chat.can_read.is_(True))
    ).all()
    return rows if len(rows) == count else None
