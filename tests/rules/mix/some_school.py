"""Small schools made by hypothesis: divisions, shifts whose bells overlap, shared teachers, streams, rooms, clubs."""

from dataclasses import dataclass, replace
from datetime import time

from hypothesis import strategies as st

from scheduler.rules.facts import GroupFacts, GroupPart, LessonKind, LessonMode
from scheduler.rules.mix.facts import Candidate, MixRules
from tests.rules.made import PACK, TUESDAY, WEDNESDAY, klass, lesson

GRADES = (None, 1, 3, 6, 9, 11, 13)
SELF = {"mode": LessonMode.SELF_STUDY}


@dataclass(frozen=True)
class SomeSchool:
    """Candidates, the lessons that stand, and what the choice is held to."""

    candidates: list
    standing: list
    rules: MixRules


def bells(shift, hour):
    """Two lists of bells that overlap in time without being the same."""
    start = 9 * 60 + 45 * hour if shift == 1 else 9 * 60 + 20 + 50 * hour
    return time(start // 60, start % 60), time((start + 30) // 60, (start + 30) % 60)


def groups_of(class_id):
    """The class, the halves of one division and the thirds of another."""
    parts = [(None, None), *((10 * class_id, part) for part in "12"), *((10 * class_id + 1, part) for part in "abc")]
    return [
        GroupFacts(100 * class_id + number, f"{class_id}.{number}", frozenset({GroupPart(class_id, division, part)}))
        for number, (division, part) in enumerate(parts)
    ]


@st.composite
def some_school(draw, most_lessons=16):
    grades = draw(st.lists(st.sampled_from(GRADES), min_size=1, max_size=4))
    classes = {n: klass(grade, id=n, label=str(n), shift=1 + n % 2) for n, grade in enumerate(grades, start=1)}
    groups = {n: groups_of(n) for n in classes}
    lessons = [draw(some_lesson(classes, groups)) for _ in range(draw(st.integers(1, most_lessons)))]
    wished = draw(st.sampled_from([{}, {}, {6: 1}, {9: 4}]))
    apart = draw(st.sampled_from([frozenset(), frozenset({frozenset({101, 103})})]))
    candidates, standing = [], []
    for one in lessons:
        resource = draw(st.sampled_from([None, None, "room:1", f"chat:{min(one.group.class_ids)}"]))
        if draw(st.integers(0, 5)):
            points = draw(st.integers(0, 13))
            candidates.append(Candidate(one, points, draw(st.integers(0, 2)), resource, draw(st.integers(0, 2))))
        else:
            standing.append(draw(some_standing(one, resource)))
    return SomeSchool(candidates, standing, MixRules(classes, PACK, wished, apart))


@st.composite
def some_lesson(draw, classes, groups):
    class_id = draw(st.sampled_from(sorted(classes)))
    group = draw(st.sampled_from(groups[class_id]))
    if len(classes) > 1 and draw(st.integers(0, 6)) == 0:
        other = draw(st.sampled_from(sorted(set(classes) - {class_id})))
        joined = draw(st.sampled_from(groups[other]))
        group = GroupFacts(group.id * 1000 + joined.id, "stream", group.parts | joined.parts)
    return lesson(
        day=draw(st.sampled_from([TUESDAY, TUESDAY, WEDNESDAY])),
        at=bells(classes[class_id].shift, draw(st.integers(0, 6))),
        group=group,
        teacher_ids=frozenset(draw(st.lists(st.integers(1, 5), min_size=1, max_size=2))),
        subject_id=draw(st.integers(1, 5)),
        room_ids=frozenset({draw(st.integers(1, 3))}),
        **SELF,
    )


@st.composite
def some_standing(draw, one, resource):
    """A call that somebody made by hand, a lesson at school, a private one, work on one's own, or a club's call."""
    return draw(
        st.sampled_from([
            replace(one, mode=LessonMode.CALL, online_minutes=20, join_resource=resource),
            replace(one, mode=LessonMode.CALL, join_resource=resource),
            replace(one, mode=LessonMode.IN_PERSON),
            replace(one, mode=LessonMode.IN_PERSON, group=replace(one.group, id=9999, is_private=True)),
            replace(one, mode=LessonMode.SELF_STUDY),
            replace(one, mode=LessonMode.CALL, kind=LessonKind.EXTRACURRICULAR, online_minutes=20,
                    group=replace(one.group, id=8888, is_club=True)),
        ])
    )  # fmt: skip
