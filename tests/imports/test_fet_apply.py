"""A file of FET in the school: what comes to stand there, and the next file of the same school."""

import pytest
import sqlalchemy as sa

from scheduler.database import db
from scheduler.imports.apply import import_file
from scheduler.models.classes import SchoolClass, StudyGroup
from scheduler.models.courses import Course
from scheduler.models.timetable import ImportRun, TimetableSlot
from scheduler.planning.schools import add_school
from tests.factories import count
from tests.imports.fet_samples import fet, timetable_csv, two_grades
from tests.imports.test_archives import packed


@pytest.fixture
def school_id(app):
    return add_school("Школа", "Europe/Moscow")


def test_file_stands_in_the_school(school_id):
    import_file(school_id, fet(two_grades()), "school.fet", actor_id=None)
    assert list(db.session.scalars(sa.select(SchoolClass.label).order_by(SchoolClass.id))) == ["7 А", "7 Б", "8 А"]
    assert (count(Course), count(TimetableSlot)) == (8, 8)
    run = db.session.scalars(sa.select(ImportRun)).one()
    assert (run.kind, run.facts["lessons_read"]) == ("fet", 9)


def test_second_file_changes_the_first_in_place(school_id):
    import_file(school_id, fet(two_grades()), "school.fet", actor_id=None)
    before = {row.id for row in db.session.scalars(sa.select(Course))}
    groups = count(StudyGroup)
    school = two_grades()
    school.activities[4].at = ("Пятница", "08:30")
    school.activities[0].teachers = ("Новикова О.О.",)
    data = packed({"a.fet": fet(school, is_solved=False), "t_timetable.csv": timetable_csv(school)})
    result = import_file(school_id, data, "school.zip", actor_id=None)
    assert dict(result.counts) == {
        "teachers_new": 1, "courses_other_teacher": 1, "slots_gone": 1, "slots_new": 1,
    }  # fmt: skip
    assert ({row.id for row in db.session.scalars(sa.select(Course))}, count(StudyGroup)) == (before, groups)


def test_same_file_twice_changes_nothing(school_id):
    import_file(school_id, fet(two_grades()), "school.fet", actor_id=None)
    assert dict(import_file(school_id, fet(two_grades()), "school.fet", actor_id=None).counts) == {}
