"""Facts made for tests of the rules: a class, its groups, lessons by the bells; everything else is stated by a test."""

from datetime import date, time, timedelta
from itertools import count

from scheduler.rules.facts import ClassFacts, GroupFacts, GroupPart, LessonFacts, LessonMode
from scheduler.rules.packs import load_packs, pack_for
from scheduler.rules.settings import SchoolRules

MONDAY = date(2026, 11, 23)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = (MONDAY + timedelta(days) for days in range(1, 6))
PACK = pack_for(TUESDAY, load_packs())
RULES = SchoolRules()
BELLS = {
    1: (time(8, 30), time(9, 10)),
    2: (time(9, 25), time(10, 5)),
    3: (time(10, 25), time(11, 5)),
    4: (time(11, 25), time(12, 5)),
    5: (time(12, 20), time(13, 0)),
    6: (time(13, 15), time(13, 55)),
    7: (time(14, 10), time(14, 50)),
    8: (time(15, 5), time(15, 45)),
}
_ids = count(1)
_teachers = count(1000)


def pack_of(day):
    return pack_for(day, load_packs())


def klass(grade=7, **values):
    return ClassFacts(**{"id": 1, "label": f"{grade or 8}А", "grade": grade} | values)


def group(group_id=1, class_id=1, **values):
    """A whole class; `part` makes it a part of division 10 of that class."""
    part, division = values.pop("part", None), values.pop("division", 10)
    parts = frozenset({GroupPart(class_id, division if part else None, part)})
    return GroupFacts(**{"id": group_id, "label": "7А", "parts": parts} | values)


WHOLE = group(1)
HALF_1, HALF_2 = group(2, part="1"), group(3, part="2")


def club(group_id=20, class_id=1, members=None):
    return group(group_id, class_id, is_club=True, members=members)


def lesson(hour=1, day=TUESDAY, **values):
    """A lesson of that hour of the bells with a teacher of its own; `at=(start, end)` sets other times."""
    start, end = values.pop("at", None) or BELLS[hour]
    plain = {
        "id": next(_ids), "date": day, "start": start, "end": end, "group": WHOLE, "title": "Алгебра",
        "period": hour, "teacher_ids": frozenset({next(_teachers)}),
    }  # fmt: skip
    return LessonFacts(**plain | values)


def call(hour=1, day=TUESDAY, minutes=30, **values):
    return lesson(hour, day, **{"mode": LessonMode.CALL, "online_minutes": minutes} | values)


def day_of(lessons_count, day=TUESDAY, **values):
    return [lesson(period, day, **values) for period in range(1, lessons_count + 1)]


def week_of(*counts, **values):
    """Lessons of the days from Monday on, so many each."""
    return [one for ahead, number in enumerate(counts) for one in day_of(number, MONDAY + timedelta(ahead), **values)]


def rules_of(findings):
    return sorted(finding.rule for finding in findings)


def the(findings, rule):
    """The only finding of a rule."""
    found = [finding for finding in findings if finding.rule == rule]
    assert len(found) == 1, f"{rule}: {rules_of(findings)}"
    return found[0]
