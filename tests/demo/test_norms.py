"""The demo's published weeks and live lessons, held against the product's own rules."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db
from scheduler.models.lessons import Lesson
from scheduler.models.school import School
from scheduler.models.school_day import week_of
from scheduler.planning.judging import pack_of, school_rules
from scheduler.planning.scene import load_scene
from scheduler.rules.facts import Severity
from scheduler.rules.judge import judge_change

NOTES = ("PACK_EXPIRED",)


def findings_of(school_id, day):
    """Everything that the rules say about a whole week, as if all of it were new."""
    school = db.session.get(School, school_id)
    scene = load_scene(db.session, school_id, [day], wished=[], everything=True)
    return judge_change(
        [],
        scene.lessons,
        classes=scene.classes,
        pack_of=pack_of,
        rules=school_rules(school),
        taken_apart=scene.taken_apart,
    )


@pytest.mark.parametrize("weeks", [-2, 2, 8])
def test_published_week_gives_no_finding(demo, weeks):
    day = clock.today("Europe/Moscow") + timedelta(weeks=weeks)
    count = db.session.scalar(sa.select(sa.func.count(Lesson.id)).where(Lesson.date.in_(week_of(day))))
    found = findings_of(demo.school_id, day)
    assert count > 0
    assert [(one.rule, one.class_id, one.params) for one in found if one.rule not in NOTES] == []


def test_live_lessons_break_no_law(demo):
    found = findings_of(demo.school_id, clock.today("Europe/Moscow"))
    assert [one for one in found if one.severity is Severity.LAW] == []
