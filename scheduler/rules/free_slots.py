"""The nearest hours that really work, each judged before it is offered, and why others are closed. Books nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from scheduler.rules.bells import PeriodFacts
from scheduler.rules.facts import ClassFacts, Finding, LessonFacts, LessonMode, Severity
from scheduler.rules.fit import fit_remote
from scheduler.rules.judge import PackOf, judge_change
from scheduler.rules.overlap import NONE_TAKEN_APART, TakenApart
from scheduler.rules.reasons import Closed, ClosedReason, TeacherClosureFacts, reason_of
from scheduler.rules.series import Skipped, SpecialDays, series_date
from scheduler.rules.settings import SchoolRules


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a wished lesson must fit into; `now` is the school's wall clock, `lessons` cover the weeks searched."""

    lessons: Sequence[LessonFacts]
    classes: Mapping[int, ClassFacts]
    pack_of: PackOf
    rules: SchoolRules
    now: datetime
    taken_apart: TakenApart = NONE_TAKEN_APART
    closures: Sequence[TeacherClosureFacts] = ()
    special: Sequence[SpecialDays] = ()
    days_per_week: int = 5


@dataclass(frozen=True, slots=True)
class Offer:
    """An hour that works: the lesson as it would stand there, and what would only warn."""

    lesson: LessonFacts
    findings: tuple[Finding, ...] = ()


def nearest_free(
    wish: LessonFacts, hours: Iterable[tuple[date, PeriodFacts]], around: Surroundings, *, count: int = 3
) -> list[Offer]:
    """Up to `count` hours in which nothing blocks and nobody is double-booked, those without a warning first.

    `hours` are the periods of the bells over the days searched. Nearness is counted in days, then in minutes, from
    the wished time. The wished hour itself is left out.
    """
    moved = [_at(wish, day, period, around) for day, period in hours]
    near = sorted((one for one in moved if not _is_wished_hour(one, wish)), key=lambda one: _distance(one, wish))
    clean: list[Offer] = []
    warned: list[Offer] = []
    for lesson in near:
        if _closed_outright(lesson, around):
            continue
        findings = _judged(lesson, around)
        if any(_speaks_against(one) for one in findings):
            continue
        has_warning = any(one.severity is Severity.WARN for one in findings)
        (warned if has_warning else clean).append(Offer(lesson, tuple(findings)))
        if len(clean) == count:
            break
    return (clean + warned)[:count]


def why_closed(wish: LessonFacts, day: date, period: PeriodFacts, around: Surroundings) -> list[Closed]:
    """Every reason against an hour; empty where the wish works there."""
    lesson = _at(wish, day, period, around)
    outright = _closed_outright(lesson, around)
    blocking = [one for one in _judged(lesson, around) if one.severity is Severity.LAW]
    return [*outright, *(Closed(reason_of(one), one.params, one) for one in blocking)]


def _at(wish: LessonFacts, day: date, period: PeriodFacts, around: Surroundings) -> LessonFacts:
    """The wish in another hour, fitted to a remote lesson where it is one."""
    lesson = replace(wish, date=day, start=period.start, end=period.end, period=period.number)
    if wish.mode not in (LessonMode.CALL, LessonMode.SELF_STUDY):
        return lesson
    classes = [around.classes[one] for one in wish.group.class_ids if one in around.classes]
    fitted = fit_remote(period.start, period.end, classes=classes, day=day, pack=around.pack_of(day))
    minutes = min(fitted.online_minutes, wish.online_minutes or fitted.online_minutes)
    return replace(lesson, end=fitted.end, online_minutes=minutes if wish.mode.has_call else None)


def _closed_outright(lesson: LessonFacts, around: Surroundings) -> list[Closed]:
    found: list[Closed] = []
    if datetime.combine(lesson.date, lesson.start) <= around.now:
        found.append(Closed(ClosedReason.PAST))
    on_day = series_date(lesson.date, special=around.special, days_per_week=around.days_per_week)
    if on_day.skipped is Skipped.HOLIDAY:
        found.append(Closed(ClosedReason.HOLIDAY, {"name": on_day.name}))
    elif on_day.skipped is not None:
        found.append(Closed(ClosedReason.NO_SCHOOL_DAY))
    closures = [one for one in around.closures if one.meets(lesson)]
    return [*found, *(Closed(ClosedReason.TEACHER_CLOSED, {"name": one.name}) for one in closures)]


def _judged(lesson: LessonFacts, around: Surroundings) -> list[Finding]:
    others = [one for one in around.lessons if lesson.id is None or one.id != lesson.id]
    return judge_change(
        around.lessons,
        [*others, lesson],
        classes=around.classes,
        pack_of=around.pack_of,
        rules=around.rules,
        taken_apart=around.taken_apart,
    )


def _speaks_against(finding: Finding) -> bool:
    return finding.severity is Severity.LAW or finding.rule.startswith("CLASH_")


def _is_wished_hour(lesson: LessonFacts, wish: LessonFacts) -> bool:
    return lesson.date == wish.date and lesson.start == wish.start


def _distance(lesson: LessonFacts, wish: LessonFacts) -> tuple[int, float, date]:
    wished = datetime.combine(lesson.date, wish.start)
    apart = abs((datetime.combine(lesson.date, lesson.start) - wished).total_seconds())
    return abs((lesson.date - wish.date).days), apart, lesson.date
