"""One child taught at home: a private group with hours of its own, which must stand in no output of the class."""

from collections.abc import Mapping, Sequence

from scheduler.demo.activities import Hour, Taken, is_free
from scheduler.demo.blueprint import Bells, ClassSpec, CourseSpec, GroupSpec
from scheduler.demo.curriculum import ALGEBRA, RUSSIAN

GRADE = 8
SUBJECTS = (RUSSIAN, ALGEBRA)
AFTER_LESSONS = 8
NAME = "обучение на дому"


def home_group(classes: Sequence[ClassSpec], groups: Mapping[str, GroupSpec]) -> GroupSpec | None:
    """The group of one pupil of grade 8 who is in no club; None where there is no such class."""
    item = next((one for one in classes if one.grade == GRADE and one.bells is Bells.FIRST), None)
    if item is None:
        return None
    busy = {key for group in groups.values() for key in group.members}
    pupil = next((key for key in reversed(item.pupils) if key not in busy), None)
    if pupil is None:
        return None
    return GroupSpec(f"{item.label}/{NAME}", ((item.label, None, None),), (pupil,), is_private=True)


def home_hours(group: GroupSpec, courses: Sequence[CourseSpec], taken: Taken) -> list[Hour]:
    """After the class's lessons, with the teachers who have it in these subjects, on days when they are free."""
    label = group.parts[0][0]
    found: list[Hour] = []
    for subject in SUBJECTS:
        course = next((one for one in courses if (one.group, one.subject) == (label, subject)), None)
        days = [day for day in range(1, 6) if day not in {hour.weekday for hour in found}]
        place = (Bells.FIRST, AFTER_LESSONS)
        if course is None:
            continue
        teacher = course.teachers[0]
        weekday = next((day for day in days if is_free(taken, teacher, weekday=day, at=place)), None)
        if weekday is not None:
            taken.setdefault((teacher, weekday), []).append(place)
            found.append(Hour(subject, (label,), teacher, weekday, AFTER_LESSONS))
    return found
