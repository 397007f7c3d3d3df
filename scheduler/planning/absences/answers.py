"""An answer as the lesson that it makes: the values wished for, checked against what is there. Changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler.models.absence import AnswerKind
from scheduler.models.people import Person
from scheduler.planning.absences.cases import Case
from scheduler.planning.absences.wish import Answer
from scheduler.planning.bells import Bells, load_bells
from scheduler.planning.calendar_days import SchoolCalendar, load_calendar
from scheduler.planning.errors import NotThereError, PlanningError
from scheduler.planning.fitting import fitted_for
from scheduler.planning.scene import load_classes
from scheduler.planning.values import LessonValues, Wished, values_of
from scheduler.rules.facts import ClassFacts, LessonMode, LessonState


@dataclass(frozen=True, slots=True)
class Ground:
    """What answers rest on, read once. `people` are those that may be named as substitutes."""

    last: date
    bells: Bells
    calendar: SchoolCalendar
    classes: Mapping[int, ClassFacts]
    people: Mapping[int, Person]


def load_ground(session: Session, school_id: int, last: date, answered: Sequence[tuple[Case, Answer]]) -> Ground:
    """Everything that the answers to these cases need."""
    cases = [case for case, _answer in answered]
    named = {answer.person_id for _case, answer in answered if answer.person_id is not None}
    known = {one.teacher_id for case in cases for one in case.substitutes}
    people = session.scalars(sa.select(Person).where(Person.id.in_(named & known), Person.school_id == school_id))
    return Ground(
        last,
        load_bells(session, school_id),
        load_calendar(session, school_id),
        load_classes(session, {class_id for case in cases for class_id in case.class_ids}),
        {person.id: person for person in people},
    )


def wished_of(case: Case, answer: Answer, ground: Ground) -> Wished:
    """The lesson as the answer makes it; raises PlanningError in words where the answer does not fit."""
    values = values_of(case.lesson)
    if answer.kind is AnswerKind.SUBSTITUTE:
        return _handed(case, values, _substitute(answer, ground))
    if answer.kind is AnswerKind.JOINED:
        return _joined(case, values)
    makes = {
        AnswerKind.OTHER_TEACHER: _without_absent,
        AnswerKind.SELF_STUDY: _on_their_own,
        AnswerKind.MOVED: _moved,
        AnswerKind.CANCELLED: _cancelled,
    }
    make = makes.get(answer.kind)
    return Wished(make(case, values, answer, ground) if make else values, case.lesson.id)


def _substitute(answer: Answer, ground: Ground) -> frozenset[int]:
    if answer.person_id is None or answer.person_id not in ground.people:
        raise NotThereError(_("Choose who stands in."))
    return frozenset({answer.person_id})


def _handed(case: Case, values: LessonValues, to: frozenset[int]) -> Wished:
    teachers = values.teacher_ids - {case.absent_id} | to
    stands_in = dict.fromkeys(to, case.stands_in_for)
    return Wished(replace(values, teacher_ids=teachers), case.lesson.id, stands_in=stands_in)


def _joined(case: Case, values: LessonValues) -> Wished:
    """The other group's teacher takes both; a lesson at school goes to their room."""
    if case.twin is None:
        raise PlanningError(_("There is no other group to join at this hour."))
    rooms = values.room_ids
    if not values.mode.is_remote:
        rooms = frozenset(room.id for room in case.twin.rooms) or rooms
    to = frozenset(row.person_id for row in case.twin.teaching)
    return _handed(case, replace(values, room_ids=rooms), to)


def _without_absent(case: Case, values: LessonValues, _answer: Answer, _ground: Ground) -> LessonValues:
    if not case.others:
        raise PlanningError(_("Nobody else holds this lesson."))
    return replace(values, teacher_ids=values.teacher_ids - {case.absent_id})


def _on_their_own(case: Case, values: LessonValues, answer: Answer, ground: Ground) -> LessonValues:
    """Whoever is at school works in the room of the lesson; nobody goes home for it."""
    stays = values.is_joined_together or (values.mode.has_place and bool(values.room_ids))
    changed = replace(
        values,
        mode=LessonMode.SELF_STUDY,
        online_minutes=None,
        is_joined_together=stays,
        offline_task=answer.task.strip() or values.offline_task,
    )
    return fitted_for(changed, _classes(case, ground))


def _moved(case: Case, values: LessonValues, answer: Answer, ground: Ground) -> LessonValues:
    if case.lesson.course is None or answer.day is None or answer.period is None:
        raise PlanningError(_("Choose the hour that the lesson is moved to."))
    if answer.day <= ground.last or ground.calendar.weekday(answer.day) is None:
        raise PlanningError(_("A lesson is moved to a school day after the teacher is back."))
    klass = next(iter(sorted(_classes(case, ground), key=lambda one: one.id)), None)
    class_id, shift = (klass.id, klass.shift) if klass else (None, 1)
    hour = ground.bells.hour(answer.day, answer.period, class_id=class_id, shift=shift)
    if hour is None:
        raise PlanningError(_("The bells of that day have no lesson %(number)s.", number=answer.period))
    mode, online_minutes = case.mode_on(answer.day)
    changed = replace(
        values, date=answer.day, period=answer.period, start=hour.start, end=hour.end,
        mode=mode, online_minutes=online_minutes,
    )  # fmt: skip
    return fitted_for(changed, _classes(case, ground))


def _cancelled(_case: Case, values: LessonValues, _answer: Answer, _ground: Ground) -> LessonValues:
    return replace(values, state=LessonState.CANCELLED, cancel_reason="")


def _classes(case: Case, ground: Ground) -> list[ClassFacts]:
    return [ground.classes[one] for one in case.class_ids if one in ground.classes]
