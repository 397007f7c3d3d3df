"""A plan as its pages tell it: figures, what is wrong with its remedies, the mix of each class; it decides nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import joinedload, selectinload

from scheduler.database import db
from scheduler.models.classes import SchoolClass, StudyGroup
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.models.names import shown_class
from scheduler.models.school import School
from scheduler.planning.judging import pack_of
from scheduler.planning.remote.concerns import Around, around
from scheduler.planning.remote.plan import Plan, PlanFinding, PlanRow, differing
from scheduler.planning.remote.preparing import Prepared, prepared_plan
from scheduler.planning.remote.wish import RemoteWish, Scope, classes_of_scope, scope_words
from scheduler.planning.scene import load_groups
from scheduler.rules.audience import heaviest
from scheduler.rules.facts import ClassFacts, GroupFacts, LessonFacts, LessonMode, Severity
from scheduler.web.formats import date_range, day_title, short_day, wall
from scheduler.web.remote_concerns import Concern, concerns_of
from scheduler.web.remote_forms import REASONS

MOST_NEWS = 3


@dataclass(frozen=True, slots=True)
class ClassMix:
    """One class: how many calls and minutes its most loaded pupil has, on the fullest of the dates."""

    id: int
    name: str
    calls: int
    minutes: int
    budget: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class LessonLine:
    """One lesson of the open class with the move that is offered; `day` where the plan has several dates."""

    row: PlanRow
    title: str
    who: str
    day: str
    move: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Everything that the second and third step show."""

    when: str
    whom: str
    why: str
    facts: Mapping[str, int]
    ways: Sequence[str]
    concerns: Sequence[Concern]
    is_blocked: bool
    classes: Sequence[ClassMix]
    lines: Sequence[LessonLine]
    around: Around

    @property
    def sounding(self) -> int:
        """How many chats will sound now."""
        return len(self.around.chats.sounding)


def plan_page(school: School, prepared: Prepared, *, open_class: int | None = None) -> PlanPage:
    """The page of a kept plan, with the lessons of one class."""
    session, plan, wish = db.session(), prepared.plan, prepared.wish
    beside = around(session, school.id, wish, plan)
    return PlanPage(
        when=when_words(wish),
        whom=whom_words(school.id, wish),
        why=wish.text or str(REASONS[wish.reason]),
        facts=plan.facts(),
        ways=_ways(plan),
        concerns=concerns_of(plan, beside),
        is_blocked=bool(plan.blocking),
        classes=_classes(school.id, plan, open_class),
        lines=_lines(plan, open_class) if open_class in plan.classes else (),
        around=beside,
    )


def when_words(wish: RemoteWish) -> str:
    """«Вторник, 24 ноября», «24–26 ноября»."""
    return day_title(wish.first) if wish.first == wish.last else date_range(wish.first, wish.last)


def whom_words(school_id: int, wish: RemoteWish) -> str:
    """«все классы», «1-е, 2-е, 3 «А»»."""
    rows = classes_of_scope(db.session(), school_id, wish.scope)
    return scope_words(rows, classes_of_scope(db.session(), school_id, Scope()))


def _ways(plan: Plan) -> list[str]:
    links, rooms, chats = (plan.ways.get(way, 0) for way in ("vk", "room", "in_chat"))
    words = (
        (links, ngettext("%(num)d link will be made", "%(num)d links will be made", links)),
        (rooms, ngettext("%(num)d call in a standing room", "%(num)d calls in standing rooms", rooms)),
        (chats, ngettext("%(num)d call in the class chat", "%(num)d calls in the class chats", chats)),
    )
    return [text for count, text in words if count]


def _classes(school_id: int, plan: Plan, open_class: int | None) -> list[ClassMix]:
    facts = _call_facts(plan)
    rows = [row for row in classes_of_scope(db.session(), school_id, Scope()) if row.id in plan.classes]
    return [_class_mix(row, [one for one in facts if row.id in one.group.class_ids], plan, open_class) for row in rows]


def _call_facts(plan: Plan) -> list[LessonFacts]:
    """The calls as the norms see them: subgroups are counted by their most loaded pupil."""
    calls = {row.lesson_id: row for row in plan.rows if row.is_call}
    groups = _groups_of(calls)
    nobody = GroupFacts(0, "")
    return [
        LessonFacts(
            id=lesson_id, date=row.date, start=row.start, end=row.end, group=groups.get(lesson_id, nobody), title="",
            mode=row.mode, online_minutes=row.online_minutes,
        )
        for lesson_id, row in calls.items()
    ]  # fmt: skip


def _groups_of(lesson_ids: Iterable[int]) -> dict[int, GroupFacts]:
    query = sa.select(Lesson.id, Lesson.group_id).where(Lesson.id.in_(lesson_ids))
    of_lesson = {row.id: row.group_id for row in db.session.execute(query)}
    groups = load_groups(db.session(), set(of_lesson.values()))
    return {lesson_id: groups[group_id] for lesson_id, group_id in of_lesson.items()}


def _class_mix(row: SchoolClass, calls: Sequence[LessonFacts], plan: Plan, open_class: int | None) -> ClassMix:
    by_day = [[one for one in calls if one.date == day] for day in plan.dates]
    klass = ClassFacts(row.id, row.label, row.grade, row.shift, row.days_per_week, row.profile, row.device)
    return ClassMix(
        row.id,
        shown_class(row.label),
        max((heaviest(row.id, of_day, lambda _one: 1) for of_day in by_day), default=0),
        max((heaviest(row.id, of_day, lambda one: one.screen_minutes) for of_day in by_day), default=0),
        pack_of(plan.dates[0]).screen_row(klass).day_school.limit,
        row.id == open_class,
    )


def _lines(plan: Plan, class_id: int | None) -> list[LessonLine]:
    rows = [row for row in plan.rows if class_id in row.class_ids]
    lessons = load_lessons(row.lesson_id for row in rows)
    has_days = len(plan.dates) > 1
    return [
        LessonLine(
            row,
            _title(lessons[row.lesson_id], class_id),
            ", ".join(person.short_name for person in lessons[row.lesson_id].teachers),
            short_day(row.date) if has_days else "",
            _move(row, has_teacher=bool(lessons[row.lesson_id].teaching)),
        )
        for row in rows
        if row.lesson_id in lessons
    ]


def _move(row: PlanRow, *, has_teacher: bool) -> str:
    if not row.is_live or (row.mode is LessonMode.SELF_STUDY and not has_teacher):
        return ""
    return (LessonMode.SELF_STUDY if row.is_call else LessonMode.CALL).value


def _title(lesson: Lesson, class_id: int | None) -> str:
    parts = sorted({part.part for part in lesson.group.parts if part.class_id == class_id and part.part})
    return f"{lesson.shown_title}, {', '.join(parts)}" if parts else lesson.shown_title


def load_lessons(lesson_ids: Iterable[int]) -> dict[int, Lesson]:
    """Lessons with what their lines say."""
    query = sa.select(Lesson).where(Lesson.id.in_(list(lesson_ids)))
    found = query.options(
        selectinload(Lesson.teaching).joinedload(LessonTeacher.person),
        joinedload(Lesson.subject),
        joinedload(Lesson.group).selectinload(StudyGroup.parts),
    )
    return {lesson.id: lesson for lesson in db.session.scalars(found).unique()}


def worse_words(before: Plan, after: Plan) -> str:
    """What a move breaks that was whole before; empty where nothing is."""
    known = Counter(one.text for one in before.findings)
    news = [one for one in after.findings if one.severity is not Severity.INFO and one.text not in known]
    return " ".join(one.text for one in _worst(news)[:MOST_NEWS])


def _worst(findings: Iterable[PlanFinding]) -> list[PlanFinding]:
    return sorted(findings, key=lambda one: not one.is_law)


def changed_words(school_id: int, prepared: Prepared) -> list[str]:
    """What differs from the plan that was looked at before, by class and lesson."""
    if prepared.replaces_id is None:
        return []
    then = prepared_plan(db.session(), school_id, prepared.replaces_id).plan
    pairs = differing(then, prepared.plan)
    lessons = load_lessons(row.lesson_id for pair in pairs for row in pair if row)
    names = _class_names(school_id)
    return [_differs(old, new, lessons, names) for old, new in pairs]


def _class_names(school_id: int) -> dict[int, str]:
    rows = db.session.execute(sa.select(SchoolClass.id, SchoolClass.label).where(SchoolClass.school_id == school_id))
    return {class_id: shown_class(label) for class_id, label in rows}


def _differs(old: PlanRow | None, new: PlanRow | None, lessons: Mapping[int, Lesson], names: Mapping[int, str]) -> str:
    row = new or old
    if row is None:
        return ""
    lesson = lessons.get(row.lesson_id)
    title = lesson.shown_title if lesson else _("a lesson that is no longer there")
    who = f"{', '.join(names[one] for one in row.class_ids if one in names)}, {title}"
    if new is None:
        return str(_("%(lesson)s: no longer part of the plan (was %(then)s)", lesson=who, then=_held(old)))
    if old is None:
        return str(_("%(lesson)s: new, %(now)s", lesson=who, now=_held(new)))
    return str(_("%(lesson)s: %(now)s (was %(then)s)", lesson=who, now=_held(new), then=_held(old)))


def _held(row: PlanRow | None) -> str:
    if row is None or not row.is_live:
        return str(_("not held"))
    mode = _("video lesson") if row.is_call else _("on one's own")
    return f"{mode}, {wall(row.start)}–{wall(row.end)}"
