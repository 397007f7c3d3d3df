"""Breaks between lessons, the big break, and the pause before activities, as the pupils of a class meet them."""

from collections.abc import Iterator, Sequence

from scheduler.rules.facts import ClassFacts, ClassProfile, Finding, LessonFacts, LessonKind, Severity
from scheduler.rules.overlap import Overlap, groups_overlap
from scheduler.rules.pack import RulePack
from scheduler.rules.settings import SchoolRules
from scheduler.rules.spans import gap_seconds, seconds

LESSONS_WITH_BIG_BREAK = 4
TWO_BIG_BREAKS = 2
PLANNED = (LessonKind.LESSON, LessonKind.EXTRACURRICULAR)


def judge_breaks(
    klass: ClassFacts, lessons: Sequence[LessonFacts], pack: RulePack, rules: SchoolRules
) -> Iterator[Finding]:
    """BREAK_MIN, BIG_BREAK and GAP_EXTRACURRICULAR of one day."""
    school_time = until_last_lesson(lessons)
    if not school_time:
        return
    norm = pack.limits["BREAK_MIN"]
    for earlier, later in near_pairs(school_time, norm.limit * 60):
        gap = gap_seconds(earlier, later)
        yield norm.breach(
            rules, klass, later.date, lesson_ids=[earlier.id, later.id],
            title=earlier.title, other_title=later.title, minutes=gap // 60, excess=norm.limit * 60 - gap,
        )  # fmt: skip
    yield from _judge_big_break(klass, school_time, pack, rules)
    yield from _judge_pause(klass, lessons, pack, rules)


def until_last_lesson(lessons: Sequence[LessonFacts]) -> list[LessonFacts]:
    """Lessons, and the activities that stand before the end of the class's last lesson, in the order of time."""
    last = max((one.end for one in lessons if one.kind is LessonKind.LESSON), default=None)
    return [one for one in lessons if last is not None and one.kind in PLANNED and one.start < last]


def near_pairs(ordered: Sequence[LessonFacts], below: int) -> Iterator[tuple[LessonFacts, LessonFacts]]:
    """Pairs of the same pupils one after the other with less than `below` seconds between; never overlapping ones."""
    for index, earlier in enumerate(ordered):
        for later in ordered[index + 1 :]:
            gap = gap_seconds(earlier, later)
            if gap >= below:
                break
            if gap >= 0 and groups_overlap(earlier.group, later.group) is not Overlap.NO:
                yield earlier, later


def _judge_big_break(
    klass: ClassFacts, lessons: Sequence[LessonFacts], pack: RulePack, rules: SchoolRules
) -> Iterator[Finding]:
    """20 minutes after lesson 2 or 3 (of the day or of the bells), or two such breaks; asked from four lessons on."""
    norm = pack.limits["BIG_BREAK"]
    busy = _busy_times(lessons)
    if len(busy) < LESSONS_WITH_BIG_BREAK:
        return
    gaps = [(index, busy[index - 1].period, _gap(busy, index)) for index in range(1, len(busy))]
    big = [gap for gap in gaps if gap[2] >= norm.limit * 60]
    after = pack.big_break_after
    if len(big) >= TWO_BIG_BREAKS or any(index in after or period in after for index, period, _ in big):
        return
    longest = max(gap for _index, _period, gap in gaps)
    is_remote_day = any(lesson.mode.is_remote for lesson in lessons)
    yield norm.breach(
        rules, klass, lessons[0].date, severity=Severity.WARN if is_remote_day else None,
        minutes=max(longest, 0) // 60, excess=1,
    )  # fmt: skip


def _busy_times(lessons: Sequence[LessonFacts]) -> list[LessonFacts]:
    """One lesson for each busy time of the class: of those at one time the one that ends last."""
    busy: list[LessonFacts] = []
    for lesson in lessons:
        if busy and lesson.start < busy[-1].end:
            busy[-1] = max(busy[-1], lesson, key=lambda one: one.end)
        else:
            busy.append(lesson)
    return busy


def _gap(busy: Sequence[LessonFacts], index: int) -> int:
    return seconds(busy[index].start) - seconds(busy[index - 1].end)


def _judge_pause(
    klass: ClassFacts, lessons: Sequence[LessonFacts], pack: RulePack, rules: SchoolRules
) -> Iterator[Finding]:
    """The pause between the class's last lesson and an activity after it; not asked of special programmes."""
    if klass.profile is ClassProfile.SPECIAL_NEEDS:
        return
    norm = pack.limits["GAP_EXTRACURRICULAR"]
    last = max((one for one in lessons if one.kind is LessonKind.LESSON), key=lambda one: one.end)
    for activity in lessons:
        if activity.kind is not LessonKind.EXTRACURRICULAR or activity.start < last.end:
            continue
        gap = gap_seconds(last, activity)
        if gap < norm.limit * 60 and groups_overlap(last.group, activity.group) is not Overlap.NO:
            yield norm.breach(
                rules, klass, activity.date, lesson_ids=[last.id, activity.id],
                title=activity.title, other_title=last.title, minutes=gap // 60, excess=norm.limit * 60 - gap,
            )  # fmt: skip
