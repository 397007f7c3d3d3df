from scheduler.models.lessons import Lesson
from tests.factories import count, make_lesson, make_school


def test_small_school_stands(app):
    school = make_school()
    make_lesson(school, school.algebra_a)
    assert count(Lesson, Lesson.school_id == school.id) == 1
