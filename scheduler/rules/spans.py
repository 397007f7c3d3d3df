"""Wall-clock times of one day in seconds, so that limits hold to the second. Knows no zones and no dates."""

from datetime import time

from scheduler.rules.facts import LessonFacts


def seconds(wall: time) -> int:
    """Seconds since midnight."""
    return wall.hour * 3600 + wall.minute * 60 + wall.second


def gap_seconds(earlier: LessonFacts, later: LessonFacts) -> int:
    """From the end of one to the start of the next; negative where they overlap."""
    return seconds(later.start) - seconds(earlier.end)


def overlap_minutes(one: LessonFacts, other: LessonFacts) -> int:
    """Whole minutes, begun ones counted, that two lessons of one day have in common; half-open, so touching is none."""
    common = min(seconds(one.end), seconds(other.end)) - max(seconds(one.start), seconds(other.start))
    return max(0, -(-common // 60))


def length_seconds(lesson: LessonFacts) -> int:
    """How long a lesson is."""
    return seconds(lesson.end) - seconds(lesson.start)


def begun_minutes(length: int) -> int:
    """Seconds as minutes, a begun one counted whole: what a limit in minutes is compared with."""
    return -(-length // 60)
