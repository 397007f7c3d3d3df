"""What calls break that no norm of a pack names, and what one lesson moved by hand breaks. It moves nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from scheduler.rules.audience import by_class, lessons_of_class
from scheduler.rules.clashes import clashes
from scheduler.rules.facts import ClassFacts, Finding, LessonFacts, LessonMode, Severity
from scheduler.rules.mix.facts import MixRules
from scheduler.rules.mix.ground import clash
from scheduler.rules.mix.problem import MOST_IN_A_ROW
from scheduler.rules.mix.pupils import hours_of, kinds_of_pupils
from scheduler.rules.screen import judge_screen
from scheduler.rules.settings import SchoolRules

Problems = Mapping[int | None, str]
"""Why a lesson could not be joined, in words, by its id; lessons that can are not in it."""


def findings_of_calls(lessons: Sequence[LessonFacts], rules: MixRules, problems: Problems) -> list[Finding]:
    """Calls without a teacher, calls that nobody can join, and three calls in a row, of all the lessons given."""
    found = [finding for lesson in lessons if _is_call(lesson) for finding in _of_call(lesson, problems)]
    for class_id, of_class in by_class(lessons).items():
        if class_id in rules.classes:
            found += _rows_of_class(rules.classes[class_id], lessons_of_class(class_id, of_class))
    return found


def breaks_of_move(
    lessons: Sequence[LessonFacts],
    moved: LessonFacts,
    rules: MixRules,
    *,
    problems: Problems,
    school: SchoolRules,
) -> list[Finding]:
    """What turning one lesson into a call, or into work on one's own, breaks that was whole before.

    `lessons` are the whole school's of that date as planned, `moved` is one of them as it shall be (`as_moved`).
    Answers minutes of screen, calls a day and in a row, a teacher or pupils or a room of calls in two calls at once,
    no teacher and no way to join; of work on one's own, that its class is left without any call.
    """
    after = [moved if one.id == moved.id else one for one in lessons if one.date == moved.date]
    before = [one for one in lessons if one.date == moved.date]
    known = {_key(one): _excess(one) for one in _all(before, moved, rules, problems=problems, school=school)}
    found = _all(after, moved, rules, problems=problems, school=school)
    return [one for one in found if _excess(one) > known.get(_key(one), 0)]


def as_moved(lesson: LessonFacts, mode: LessonMode, rules: MixRules, *, join_resource: str | None) -> LessonFacts:
    """A lesson moved between call and work on one's own."""
    if mode is not LessonMode.CALL:
        return replace(lesson, mode=mode, online_minutes=None, join_resource=None)
    return replace(lesson, mode=mode, online_minutes=rules.minutes(lesson), join_resource=join_resource)


def _all(
    lessons: Sequence[LessonFacts], about: LessonFacts, rules: MixRules, *, problems: Problems, school: SchoolRules
) -> list[Finding]:
    itself = next(one for one in lessons if one.id == about.id)
    found = _of_call(itself, problems) + _clashes(itself, lessons, rules) if _is_call(itself) else []
    for klass in rules.classes_of(itself):
        mine = lessons_of_class(klass.id, lessons)
        found += [*judge_screen(klass, mine, rules.pack, school), *_rows_of_class(klass, mine)]
        if not any(map(_is_call, mine)):
            found.append(_finding("NO_CALL_LEFT", itself, klass=klass, severity=Severity.INFO))
    return found


def _clashes(call: LessonFacts, lessons: Sequence[LessonFacts], rules: MixRules) -> list[Finding]:
    """With lessons that take somebody's hour: calls and lessons at school."""
    bare = replace(call, room_ids=frozenset())
    present = [one for one in lessons if one.id != call.id and one.mode is not LessonMode.SELF_STUDY]
    return clashes(bare, [one for one in present if clash(bare, one, rules)], taken_apart=rules.taken_apart)


def _is_call(lesson: LessonFacts) -> bool:
    return lesson.is_live and lesson.mode is LessonMode.CALL


def _of_call(lesson: LessonFacts, problems: Problems) -> list[Finding]:
    found = []
    if not lesson.teacher_ids:
        found.append(_finding("CALL_WITHOUT_TEACHER", lesson))
    if lesson.id in problems:
        found.append(_finding("CALL_WITHOUT_WAY", lesson, problem=problems[lesson.id]))
    return found


def _rows_of_class(klass: ClassFacts, lessons: Iterable[LessonFacts]) -> Iterator[Finding]:
    """One finding a day, with the lessons of its first row that is too long."""
    days: dict[date, list[LessonFacts]] = defaultdict(list)
    for lesson in lessons:
        days[lesson.date].append(lesson)
    for day, of_day in sorted(days.items()):
        rows = [
            _longest_row([one for one in of_day if kind.attends(one.group)])
            for kind in kinds_of_pupils(klass.id, of_day)
        ]
        longest = max(rows, key=len)
        if len(longest) > MOST_IN_A_ROW:
            last = longest[-1]
            excess = len(longest) - MOST_IN_A_ROW
            yield replace(
                _finding("CALLS_IN_A_ROW", last, klass=klass, count=len(longest), limit=MOST_IN_A_ROW, excess=excess),
                lesson_ids=(),
                day=day,
            )


def _longest_row(lessons: Sequence[LessonFacts]) -> list[LessonFacts]:
    longest: list[LessonFacts] = []
    row: list[LessonFacts] = []
    for hour in hours_of(lessons):
        calls = [one for one in hour if one.screen_minutes]
        row = [*row, calls[0]] if calls else []
        longest = max(longest, row, key=len)
    return longest


def _finding(
    rule: str,
    lesson: LessonFacts,
    *,
    klass: ClassFacts | None = None,
    severity: Severity = Severity.WARN,
    **params: object,
) -> Finding:
    values: dict[str, object] = {"title": lesson.title, "group": lesson.group.label, "at": lesson.start, "excess": 1}
    values |= {"class": klass.label} if klass else {}
    ids = (lesson.id,) if lesson.id is not None else ()
    return Finding(rule, severity, None, {**values, **params}, ids, klass.id if klass else None, lesson.date)


def _key(finding: Finding) -> tuple[object, ...]:
    rule = "SCREEN_DAY" if finding.rule.startswith("SCREEN_DAY") else finding.rule
    return rule, finding.class_id, frozenset(finding.lesson_ids), finding.params.get("teacher_ids")


def _excess(finding: Finding) -> float:
    excess = finding.params.get("excess")
    return float(excess) if isinstance(excess, int | float) else 1.0
