"""Each lesson in reach as it is before calls are chosen: its hour by remote bells, its subject's use."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler.models.courses import Subject
from scheduler.models.school import School
from scheduler.planning.absences.away import away_on
from scheduler.planning.bells import Bells
from scheduler.planning.judging import pack_of
from scheduler.planning.remote.bells import load_remote_bells
from scheduler.planning.remote.school_lines import remote_settings
from scheduler.planning.remote.wish import RemoteWish
from scheduler.planning.scene import Scene
from scheduler.rules.facts import LessonFacts, LessonKind, LessonMode, LessonState
from scheduler.rules.fit import fit_remote
from scheduler.rules.remote_use import SHORT_CALL_MINUTES, RemoteUse, use_of


@dataclass(frozen=True, slots=True)
class Shaping:
    """What a lesson's shape depends on: the wish, the bells, the uses that the school stated of its subjects.

    `away` are the people away on each date: without anybody to hold it a lesson is no call.
    """

    wish: RemoteWish
    scene: Scene
    bells: Bells
    stated: Mapping[int, RemoteUse]
    activities: RemoteUse
    away: Mapping[date, frozenset[int]] = field(default_factory=dict)

    def use(self, lesson: LessonFacts) -> RemoteUse:
        """What becomes of a lesson; what is said of activities in the wish goes before each one's default."""
        said = self.wish.activities
        is_said = said is not None and lesson.kind is not LessonKind.LESSON
        stated = None if is_said else self.stated.get(lesson.subject_id or 0)
        return use_of(lesson, stated, subjects=self.wish.subjects, activities=said or self.activities)

    def hour(self, lesson: LessonFacts) -> tuple[time, time] | None:
        """The hour of the lesson's number; a stream follows its first class, as publishing does."""
        if lesson.period is None:
            return None
        first = min(lesson.group.class_ids)
        shift = self.scene.classes[first].shift
        own = self.wish.bells.hour(lesson.period, shift) if self.wish.bells else None
        if own is not None:
            return own
        found = self.bells.hour(lesson.date, lesson.period, class_id=first, shift=shift)
        return (found.start, found.end) if found else None

    def shape(self, lesson: LessonFacts) -> LessonFacts:
        """Work on one's own unless it is a call already, dropped where its use says so; calls are chosen next."""
        use = self.use(lesson)
        if use is RemoteUse.DROPPED:
            return replace(lesson, state=LessonState.CANCELLED)
        start, end = self.hour(lesson) or (lesson.start, lesson.end)
        classes = self.scene.classes_of(lesson)
        end = fit_remote(start, end, classes=classes, day=lesson.date, pack=pack_of(lesson.date)).end
        shaped = replace(lesson, start=start, end=end)
        if use is RemoteUse.SHORT_CALL and self.has_teacher(lesson):
            return _short_call(shaped)
        if lesson.mode is LessonMode.CALL:
            return shaped
        return replace(shaped, mode=LessonMode.SELF_STUDY, online_minutes=None, join_resource=None)

    def may_be_called(self, lesson: LessonFacts) -> bool:
        """Whether the mix may choose this shaped lesson."""
        is_open = lesson.kind is LessonKind.LESSON and self.has_teacher(lesson)
        return is_open and self.use(lesson) is RemoteUse.AS_OTHERS

    def has_teacher(self, lesson: LessonFacts) -> bool:
        """Whether somebody is there to hold the lesson."""
        return bool(lesson.teacher_ids - self.away.get(lesson.date, frozenset()))


def load_shaping(session: Session, school: School, wish: RemoteWish, scene: Scene) -> Shaping:
    """The shaping of one wish."""
    rows = session.execute(
        sa.select(Subject.id, Subject.remote_use).where(Subject.school_id == school.id, Subject.remote_use.is_not(None))
    )
    stated = {subject_id: use for subject_id, use in rows if use is not None}
    bells = load_remote_bells(session, school.id)
    away = away_on(session, school.id, wish.dates)
    return Shaping(wish, scene, bells, stated, remote_settings(school).activities, away)


def _short_call(lesson: LessonFacts) -> LessonFacts:
    end = datetime.combine(lesson.date, lesson.start) + timedelta(minutes=SHORT_CALL_MINUTES)
    short = replace(lesson, end=min(end.time(), lesson.end), mode=LessonMode.CALL)
    return replace(short, online_minutes=short.minutes)
