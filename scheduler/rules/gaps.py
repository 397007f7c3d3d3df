"""The way between home and school: the time that pupils need between a remote lesson and one in person."""

from collections.abc import Iterator, Sequence
from datetime import time

from scheduler.rules.breaks import near_pairs
from scheduler.rules.facts import ClassFacts, Finding, LessonFacts, LessonMode, Severity
from scheduler.rules.pack import Norm
from scheduler.rules.settings import SchoolRules
from scheduler.rules.spans import gap_seconds


def judge_remote_gaps(klass: ClassFacts, lessons: Sequence[LessonFacts], rules: SchoolRules) -> Iterator[Finding]:
    """REMOTE_GAP: no act states it, so it is the school's own setting and warns.

    A broadcast, and a remote lesson that the class joins together in a room, are at school.
    """
    norm = Norm("REMOTE_GAP", rules.remote_gap_minutes, None, Severity.WARN)
    left: LessonFacts | None = None
    horizon = time.max
    for earlier, later in near_pairs(lessons, norm.limit * 60):
        if earlier is not left:
            left, horizon = earlier, later.end
        if later.start >= horizon or is_at_home(earlier) is is_at_home(later):
            continue
        remote, other = (earlier, later) if is_at_home(earlier) else (later, earlier)
        gap = gap_seconds(earlier, later)
        yield norm.breach(
            rules, klass, later.date, lesson_ids=[earlier.id, later.id],
            title=remote.title, other_title=other.title, minutes=gap // 60, excess=norm.limit * 60 - gap,
        )  # fmt: skip


def is_at_home(lesson: LessonFacts) -> bool:
    """Whether the class has this lesson at home."""
    return lesson.mode in (LessonMode.CALL, LessonMode.SELF_STUDY) and not lesson.is_joined_together
