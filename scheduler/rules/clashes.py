"""Who or what would be in two lessons at once. Judges real clock times, so bells of different shifts are compared.

Lessons that wait for consent hold their hour, cancelled ones do not; touching lessons do not clash.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from scheduler.rules.facts import Finding, LessonFacts, LessonState, Severity
from scheduler.rules.overlap import NONE_TAKEN_APART, Overlap, TakenApart, groups_overlap
from scheduler.rules.spans import overlap_minutes

Pair = tuple[LessonFacts, LessonFacts]

_BY_OVERLAP = {
    Overlap.YES: ("CLASH_GROUP", Severity.LAW),
    Overlap.ASSUMED_APART: ("CLASH_GROUP_ASSUMED_APART", Severity.WARN),
    Overlap.UNKNOWN: ("CLASH_CLUB", Severity.WARN),
}


def clashes(
    lesson: LessonFacts, others: Iterable[LessonFacts], *, taken_apart: TakenApart = NONE_TAKEN_APART
) -> list[Finding]:
    """The clashes of one lesson with others, itself left out (the same object or the same id)."""
    return [
        finding
        for other in others
        if _are_two(lesson, other) and _meet(lesson, other)
        for finding in clashes_of_pair(lesson, other, taken_apart=taken_apart)
    ]


def clashes_between(lessons: Sequence[LessonFacts], *, taken_apart: TakenApart = NONE_TAKEN_APART) -> list[Finding]:
    """All clashes within a whole set, each pair once, by date and time; for imports and whole-school checks."""
    return [
        finding
        for one, other in meeting_pairs(lessons)
        for finding in clashes_of_pair(one, other, taken_apart=taken_apart)
    ]


def meeting_pairs(lessons: Iterable[LessonFacts], only: Collection[int] | None = None) -> Iterator[Pair]:
    """Pairs of lessons that share a moment and a teacher, a class, a pupil, a room or a call.

    `only` holds identities (`id(lesson)`): then at least one of a pair is among them. The cost grows with the lessons
    and with the pairs that really meet, not with their square.
    """
    for of_day in _by_date(lessons).values():
        seen: set[tuple[int, int]] = set()
        for sharing in _by_shared_thing(of_day):
            for one, other in _overlapping(sharing):
                key = (id(one), id(other))
                if key in seen or (only is not None and id(one) not in only and id(other) not in only):
                    continue
                seen.add(key)
                if _are_two(one, other):
                    yield one, other


def clashes_of_pair(
    one: LessonFacts, other: LessonFacts, *, taken_apart: TakenApart = NONE_TAKEN_APART
) -> list[Finding]:
    """What two lessons that meet in time have in common; the words name the second of them."""
    found: list[Finding] = []
    teachers = one.teacher_ids & other.teacher_ids
    if teachers:
        found.append(_finding("CLASH_TEACHER", Severity.LAW, (one, other), teacher_ids=tuple(sorted(teachers))))
    overlap = groups_overlap(one.group, other.group, taken_apart=taken_apart)
    if overlap is not Overlap.NO:
        rule, severity = _BY_OVERLAP[overlap]
        found.append(_finding(rule, severity, (one, other)))
    rooms = one.room_ids & other.room_ids
    if rooms:
        found.append(_finding("CLASH_ROOM", Severity.WARN, (one, other), room_ids=tuple(sorted(rooms))))
    if one.join_resource is not None and one.join_resource == other.join_resource:
        found.append(_finding("CLASH_CALL", Severity.LAW, (one, other), join_resource=one.join_resource))
    return found


def _finding(rule: str, severity: Severity, pair: Pair, **params: object) -> Finding:
    one, other = pair
    values: dict[str, object] = {
        "group": one.group.label,
        "title": one.title,
        "other_group": other.group.label,
        "other_title": other.title,
        "other_start": other.start,
        "other_end": other.end,
        "is_waiting": other.state is LessonState.WAITING,
        "excess": overlap_minutes(one, other),
        **params,
    }
    ids = tuple(lesson.id for lesson in (other, one) if lesson.id is not None)
    return Finding(rule, severity, None, values, lesson_ids=ids, day=one.date)


def _are_two(one: LessonFacts, other: LessonFacts) -> bool:
    return one is not other and (one.id is None or one.id != other.id)


def _meet(one: LessonFacts, other: LessonFacts) -> bool:
    return one.is_live and other.is_live and one.date == other.date and one.start < other.end and other.start < one.end


def _by_date(lessons: Iterable[LessonFacts]) -> dict[date, list[LessonFacts]]:
    found: dict[date, list[LessonFacts]] = defaultdict(list)
    for lesson in lessons:
        if lesson.is_live:
            found[lesson.date].append(lesson)
    for of_day in found.values():
        of_day.sort(key=lambda lesson: lesson.start)
    return found


def _by_shared_thing(lessons: Iterable[LessonFacts]) -> Iterable[list[LessonFacts]]:
    found: dict[tuple[str, object], list[LessonFacts]] = defaultdict(list)
    for lesson in lessons:
        for thing in _things(lesson):
            found[thing].append(lesson)
    return found.values()


def _things(lesson: LessonFacts) -> Iterator[tuple[str, object]]:
    group = lesson.group
    yield "group", group.id
    yield from (("teacher", one) for one in lesson.teacher_ids)
    yield from (("class", one) for one in group.class_ids)
    yield from (("pupil", one) for one in group.members or ())
    yield from (("room", one) for one in lesson.room_ids)
    if lesson.join_resource is not None:
        yield "call", lesson.join_resource


def _overlapping(ordered: Sequence[LessonFacts]) -> Iterator[Pair]:
    """A sweep over lessons ordered by their start: only those still running are compared."""
    running: list[LessonFacts] = []
    for lesson in ordered:
        running = [other for other in running if other.end > lesson.start]
        yield from ((other, lesson) for other in running if other.start < lesson.end)
        running.append(lesson)
