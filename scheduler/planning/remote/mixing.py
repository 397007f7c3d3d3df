"""Which lessons of a remote day are calls: gathers from the tables what the pure choice looks at, and asks it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler.calls.choose import choose
from scheduler.calls.ground import Audience, Choice
from scheduler.calls.loading import audience, load_ground, load_group_audiences
from scheduler.models.lessons import Lesson
from scheduler.models.remote_day import RemoteDay, RemoteDayLesson, RemoteDayState
from scheduler.models.school import School
from scheduler.planning.errors import PlanningError
from scheduler.planning.judging import pack_of
from scheduler.planning.remote.shaping import Shaping
from scheduler.planning.remote.wish import RemoteWish
from scheduler.planning.scene import Scene
from scheduler.rules.difficulty import difficulty
from scheduler.rules.facts import Finding, LessonFacts, LessonMode, LessonState
from scheduler.rules.mix.choose import choose_calls
from scheduler.rules.mix.facts import Candidate, Method, MixRules
from scheduler.rules.mix.moving import findings_of_calls
from scheduler.rules.mix.solver import solver_is_there
from scheduler.rules.pack import norm_grade

LATELY = timedelta(days=28)
SCHOOL_YEAR_BEGINS = (9, 1)
INSTALL_SOLVER = "make solver"


class SolverMissingError(PlanningError):
    """The solver was asked for where it is not installed."""


@dataclass(frozen=True, slots=True)
class Mixed:
    """The shaped lessons with the calls among them, what the calls among them break, and how good the mix is.

    `bound` is proven by the solver: no mix can be worth more.
    """

    lessons: Mapping[int | None, LessonFacts]
    findings: tuple[Finding, ...]
    value: int
    method: Method
    bound: int | None


def mix_lessons(session: Session, school: School, shaping: Shaping, shaped: Mapping[int | None, LessonFacts]) -> Mixed:
    """The mix of one wish. What a person moved by hand stands, even where it breaks something: then it is told.

    Raises SolverMissingError where the wish asks for a solver that is not installed.
    """
    wish, scene = shaping.wish, shaping.scene
    method = _method(wish)
    rules = mix_rules(school, scene, wish.first)
    ways = _ways(session, school, shaped.values())
    were_calls = {one.id for one in scene.lessons if one.mode is LessonMode.CALL}
    forced = {one.id: _forced(one, wish, rules) for one in shaped.values()}
    stands = {one.id: one if one.id in were_calls else _joined(one, ways[one.id]) for one in forced.values()}
    candidates = _candidates(session, school, shaping, stands, ways)
    taken = {one.lesson.id for one in candidates}
    standing = [one for one in stands.values() if one.id not in taken]
    standing += [one for one in scene.lessons if one.id not in shaped and one.date in wish.dates]
    mix = choose_calls(candidates, standing, rules, method=method)
    lessons = {**stands, **mix.calls}
    problems = {id_: way.problem for id_, way in ways.items() if way.problem and id_ not in were_calls}
    others = [one for one in standing if one.id not in lessons]
    found = findings_of_calls([*lessons.values(), *others], rules, problems)
    return Mixed(lessons, tuple(found), mix.value, mix.method, mix.bound)


def mix_rules(school: School, scene: Scene, day: date) -> MixRules:
    """What the mix of a school is held to."""
    return MixRules(scene.classes, pack_of(day), _wished_calls(school), scene.taken_apart)


def _method(wish: RemoteWish) -> Method:
    if not wish.uses_solver:
        return Method.GREEDY
    if not solver_is_there():
        raise SolverMissingError(
            _("The solver is not installed. Add it with the command %(command)s.", command=INSTALL_SOLVER)
        )
    return Method.SOLVER


def _candidates(
    session: Session,
    school: School,
    shaping: Shaping,
    lessons: Mapping[int | None, LessonFacts],
    ways: Mapping[int | None, Choice],
) -> list[Candidate]:
    first = shaping.wish.first
    called, earlier = _called_lately(session, school.id, first), _called_earlier(session, school.id, first)
    return [
        Candidate(
            one,
            _points(one, shaping.scene),
            called.get(one.course_id or 0, 0),
            ways[one.id].resource,
            earlier.get((one.group.id, one.subject_id or 0), 0),
        )
        for one in lessons.values()
        if one.id not in shaping.wish.modes and _may_be_called(one, shaping) and not ways[one.id].problem
    ]


def _forced(lesson: LessonFacts, wish: RemoteWish, rules: MixRules) -> LessonFacts:
    mode = wish.modes.get(lesson.id or 0)
    if mode is None or mode is lesson.mode or not lesson.is_live:
        return lesson
    minutes = rules.minutes(lesson) if mode is LessonMode.CALL else None
    return replace(lesson, mode=mode, online_minutes=minutes, join_resource=None)


def _joined(lesson: LessonFacts, way: Choice) -> LessonFacts:
    """A call with what it would take up, so that two in one room are seen."""
    return replace(lesson, join_resource=way.resource) if lesson.mode is LessonMode.CALL else lesson


def _may_be_called(lesson: LessonFacts, shaping: Shaping) -> bool:
    is_open = lesson.is_live and lesson.mode is LessonMode.SELF_STUDY
    return is_open and shaping.may_be_called(lesson)


def _points(lesson: LessonFacts, scene: Scene) -> int:
    return max((difficulty(lesson.subject_name, norm_grade(klass)) for klass in scene.classes_of(lesson)), default=0)


def _wished_calls(school: School) -> dict[int, int]:
    """The school's own wish: calls a day by grade, as `remote_calls` of its settings."""
    settings = (school.rule_settings or {}).get("remote_calls", {})
    return {int(grade): int(calls) for grade, calls in settings.items()}


def _ways(session: Session, school: School, lessons: Iterable[LessonFacts]) -> dict[int | None, Choice]:
    """How each lesson would be joined; one without a way is no candidate for a call."""
    of_day = list(lessons)
    ground = load_ground(session, school.id)
    groups = load_group_audiences(session, {one.group.id for one in of_day})
    return {
        one.id: choose(audience(groups.get(one.group.id, Audience()), one.course_id, one.teacher_ids), ground)
        for one in of_day
    }


def _called_lately(session: Session, school_id: int, before: date) -> dict[int, int]:
    query = (
        sa.select(Lesson.course_id, sa.func.count())
        .where(
            Lesson.school_id == school_id,
            Lesson.date.between(before - LATELY, before - timedelta(days=1)),
            Lesson.mode == LessonMode.CALL,
            Lesson.state != LessonState.CANCELLED,
            Lesson.course_id.is_not(None),
        )
        .group_by(Lesson.course_id)
    )
    return {course_id: count for course_id, count in session.execute(query) if course_id is not None}


def _called_earlier(session: Session, school_id: int, before: date) -> dict[tuple[int, int], int]:
    """How often each subject of a group was called on earlier remote days of this school year."""
    begins = before.replace(month=SCHOOL_YEAR_BEGINS[0], day=SCHOOL_YEAR_BEGINS[1])
    begins = begins if begins <= before else begins.replace(year=before.year - 1)
    query = (
        sa.select(Lesson.group_id, Lesson.subject_id, sa.func.count(sa.distinct(Lesson.id)))
        .join(RemoteDayLesson, RemoteDayLesson.lesson_id == Lesson.id)
        .join(RemoteDay, RemoteDay.id == RemoteDayLesson.remote_day_id)
        .where(
            RemoteDay.school_id == school_id,
            RemoteDay.state == RemoteDayState.APPLIED,
            Lesson.date.between(begins, before - timedelta(days=1)),
            Lesson.mode == LessonMode.CALL,
            Lesson.state != LessonState.CANCELLED,
        )
        .group_by(Lesson.group_id, Lesson.subject_id)
    )
    return {(group_id, subject_id): count for group_id, subject_id, count in session.execute(query)}
