"""A remote day over a whole imported school whose classes follow two bell schedules that overlap in time."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import combinations

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.imports.apply import import_file
from scheduler.models.classes import SchoolClass
from scheduler.models.school import CallWay, School
from scheduler.models.timetable import BellAssignment, BellKind
from scheduler.planning.publish import publish_timetable
from scheduler.planning.remote.declaring import declare_remote_day
from scheduler.planning.remote.mixing import mix_rules
from scheduler.planning.remote.wish import RemoteWish
from scheduler.planning.scene import load_scene
from scheduler.planning.schools import add_school
from scheduler.rules.audience import heaviest
from scheduler.rules.clashes import clashes_of_pair
from scheduler.rules.facts import LessonMode
from tests.factories import make_bells
from tests.imports.conftest import SAMPLES
from tests.planning.remote_twin import twin

MONDAY, THURSDAY, FRIDAY = date(2026, 11, 30), date(2026, 12, 3), date(2026, 12, 4)
REAL = ("ua_school_asc2008.xml", "th_school_v1_asc2012.xml")
WISH = RemoteWish(THURSDAY, THURSDAY, text="мороз −34 °C")


def source(name):
    """The twin, or a real file where it is there."""
    if name == "twin.xml":
        return twin()
    if not (SAMPLES / name).exists():
        pytest.skip("no ../shared/data")
    return (SAMPLES / name).read_bytes()


@pytest.fixture(params=["twin.xml", *(pytest.param(name, marks=pytest.mark.samples) for name in REAL)])
def school_id(request, app, monkeypatch):
    data = source(request.param)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 28, 9, tzinfo=UTC))
    made = add_school("Школа", "Europe/Moscow")
    import_file(made, data, request.param, actor_id=None)
    publish_timetable(made, MONDAY, FRIDAY)
    with transaction() as session:
        session.get_one(School, made).call_way = CallWay.VK
        two_bells(session, made)
    return made


def two_bells(session, school_id):
    """Younger and older classes by bells that overlap without ever being the same."""
    young, old = (
        make_bells(session, school_id, hours(start, step), kind=BellKind.REMOTE)
        for start, step in ((540, 35), (560, 40))
    )
    classes = session.scalars(sa.select(SchoolClass).where(SchoolClass.school_id == school_id)).all()
    middle = sorted(row.grade or 0 for row in classes)[len(classes) // 2]
    for row in classes:
        bells = young if (row.grade or 0) < middle else old
        session.add(BellAssignment(school_id=school_id, bell_schedule_id=bells.id, class_id=row.id))


def hours(start, step):
    """Fourteen hours of 25 minutes."""
    begins = [start + number * step for number in range(14)]
    return {n: (clock_time(at), clock_time(at + 25)) for n, at in enumerate(begins, start=1)}


def clock_time(minutes):
    return time(minutes // 60, minutes % 60)


def scene_of(school_id):
    db.session.expire_all()
    return load_scene(db.session(), school_id, [THURSDAY], wished=(), everything=True)


def meet(one, other):
    return one.start < other.end and other.start < one.end


@pytest.mark.parametrize("uses_solver", [False, True])
def test_nobody_is_in_two_calls_and_no_class_over_its_screen_time_without_an_override(school_id, uses_solver):
    before = {one.id: one for one in scene_of(school_id).lessons if one.date == THURSDAY}
    done = declare_remote_day(school_id, replace(WISH, uses_solver=uses_solver))
    assert not done.plan.blocking
    scene = scene_of(school_id)
    of_day = [one for one in scene.lessons if one.date == THURSDAY]
    shared = [(one, other) for one, other in combinations(of_day, 2) if one.teacher_ids & other.teacher_ids]
    assert any(meet(*pair) for pair in shared), "the bells of this school overlap for its teachers"
    calls = [replace(one, room_ids=frozenset()) for one in of_day if one.mode is LessonMode.CALL]
    assert [pair for pair in combinations(calls, 2) if meet(*pair) and clashes_of_pair(*pair)] == []
    rules = mix_rules(db.session.get_one(School, school_id), scene, THURSDAY)
    for class_id, klass in scene.classes.items():
        mine = [one for one in calls if class_id in one.group.class_ids]
        assert heaviest(class_id, mine, lambda one: one.screen_minutes) <= rules.budget(klass)
        assert heaviest(class_id, mine, lambda one: 1) <= rules.calls(klass)
    assert all(one.teacher_ids for one in calls)
    left = {one.id for one in of_day if one.mode is LessonMode.IN_PERSON}
    assert left == {one.id for one in before.values() if one.group.is_private}
    served = {class_id for one in calls for class_id in one.group.class_ids}
    reached = {class_id for one in of_day if not one.group.is_private for class_id in one.group.class_ids}
    assert len(served) >= 0.9 * len(reached)
