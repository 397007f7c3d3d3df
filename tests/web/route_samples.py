"""What fills the numbers in each route's address: rows of the given school. Who adds a screen adds its line here.

`tests/web/test_routes.py` calls every route with them as every role, and with another school's rows.
"""

from datetime import timedelta

import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.lessons import ChangeRequest, LessonSeries, SeriesDate
from scheduler.models.people import ClosureReason, Device, RoleGrant
from scheduler.models.school import Holiday
from scheduler.planning.people import Closure, add_closure
from tests.factories import TUESDAY, add, make_lesson
from tests.web.conftest import device_token
from tests.web.screen_samples import SCREENS


def _grant(school):
    return {"grant_id": db.session.scalar(sa.select(RoleGrant.id).where(RoleGrant.person_id == school.ivanova))}


def _closure(school):
    wish = Closure(ClosureReason.OTHER, weekday=1)
    return {"closure_id": add_closure(school.ivanova, wish, school_id=school.id, actor_id=None)}


def _device(school):
    device_token(school.kim)
    return {"device_id": db.session.scalar(sa.select(sa.func.max(Device.id)))}


def _ivanova(school):
    return {"person_id": school.ivanova}


def _class(school):
    return {"class_id": school.class_a}


def _holiday(school):
    with transaction() as session:
        row = Holiday(school_id=school.id, name="Каникулы", start=TUESDAY, end=TUESDAY)
        return {"holiday_id": add(session, row).id}


def _lesson(school):
    return {"lesson_id": make_lesson(school, school.algebra_a, day=clock.now().date() + timedelta(days=60))}


def _request(school):
    lesson = _lesson(school)
    with transaction() as session:
        row = ChangeRequest(school_id=school.id, wish={}, asked_at=clock.now(), **lesson)
        return {"request_id": add(session, row).id}


def _series_date(school):
    with transaction() as session:
        series = add(session, LessonSeries(school_id=school.id, course_id=school.algebra_a, created_at=clock.now()))
        row = SeriesDate(school_id=school.id, series_id=series.id, date=TUESDAY, skipped_because="каникулы")
        return {"series_date_id": add(session, row).id}


SAMPLES = {
    "account.end_device": _device,
    "bells.confirm": _holiday,
    "bells.remove": _holiday,
    "classes.change": _class,
    "classes.one": _class,
    "classes.replace_calendar": _class,
    "classes.replace_page": _class,
    "lessons.cancel": _lesson,
    "lessons.card": _lesson,
    "lessons.decide": _lesson,
    "lessons.decide_change": _request,
    "lessons.edit": _lesson,
    "lessons.link": _lesson,
    "lessons.move": _lesson,
    "lessons.restore": _series_date,
    "people.add_closure": _ivanova,
    "people.add_role": _ivanova,
    "people.invite": _ivanova,
    "people.person": _ivanova,
    "people.remove_closure": _closure,
    "people.revoke_role": _grant,
    **SCREENS,
}
"""Endpoint → its arguments for a school; endpoints of public secret addresses need no line."""
