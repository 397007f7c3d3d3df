"""The director's first figures: the week's remote lessons, norms set aside with reasons, chats; made to be printed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import joinedload

from scheduler import clock
from scheduler.database import db
from scheduler.models.classes import GroupPart, StudyGroup
from scheduler.models.lessons import Lesson, RuleOverride
from scheduler.models.names import shown_class
from scheduler.models.people import Person
from scheduler.models.school_day import week_of
from scheduler.permissions import Action
from scheduler.rules.facts import LessonMode, LessonState
from scheduler.web.access import current_school, requires
from scheduler.web.chat_rows import chat_rows, shown_of
from scheduler.web.lesson_forms import default_date

blueprint = Blueprint("director", __name__, url_prefix="/director")

COUNTED = (LessonState.PLANNED, LessonState.HELD, LessonState.CANCELLED)


@dataclass(slots=True)
class Figures:
    """The remote lessons of one class or subject: `calls` with video, `own` on one's own, `cancelled` apart."""

    name: str
    calls: int = 0
    own: int = 0
    cancelled: int = 0

    def count(self, lesson: Lesson) -> None:
        """Add one lesson."""
        if lesson.state is LessonState.CANCELLED:
            self.cancelled += 1
        elif lesson.mode is LessonMode.SELF_STUDY:
            self.own += 1
        else:
            self.calls += 1

    @property
    def planned(self) -> int:
        return self.calls + self.own


@blueprint.get("")
@requires(Action.VIEW_DIRECTOR_PAGES)
def index() -> str:
    """One week."""
    school = current_school()
    dates = week_of(default_date(request.args.get("date", ""), clock.today(school.timezone)))
    lessons = remote_lessons(school.id, dates)
    chats = chat_rows(school.id)
    return render_template(
        "director/index.html",
        school=school,
        dates=dates,
        total=_total(lessons),
        by_class=figures(lessons, _classes, _class_order),
        by_subject=figures(lessons, lambda lesson: [lesson.subject.name], str.casefold),
        overrides=_overrides(lessons),
        chats=chats,
        shown=shown_of(chats),
        earlier=url_for("director.index", date=(dates[0] - timedelta(weeks=1)).isoformat()),
        later=url_for("director.index", date=(dates[0] + timedelta(weeks=1)).isoformat()),
    )


def remote_lessons(school_id: int, dates: Sequence[date]) -> list[Lesson]:
    """Remote lessons of these dates, cancelled ones among them."""
    query = (
        sa.select(Lesson)
        .where(
            Lesson.school_id == school_id,
            Lesson.date.in_(dates),
            Lesson.mode != LessonMode.IN_PERSON,
            Lesson.state.in_(COUNTED),
            ~Lesson.is_refused,
        )
        .options(
            joinedload(Lesson.subject),
            joinedload(Lesson.group).selectinload(StudyGroup.parts).joinedload(GroupPart.school_class),
        )
        .order_by(Lesson.starts_at, Lesson.id)
    )
    return list(db.session.scalars(query).unique())


def figures(
    lessons: Iterable[Lesson], names_of: Callable[[Lesson], Iterable[str]], order: Callable[[str], object]
) -> list[Figures]:
    """Lessons counted under each of their names; a stream counts in each of its classes."""
    found: dict[str, Figures] = {}
    for lesson in lessons:
        for name in names_of(lesson):
            found.setdefault(name, Figures(name)).count(lesson)
    return [found[name] for name in sorted(found, key=order)]  # type: ignore[arg-type]  # every order is comparable


def _total(lessons: Iterable[Lesson]) -> Figures:
    total = Figures("")
    for lesson in lessons:
        total.count(lesson)
    return total


def _classes(lesson: Lesson) -> list[str]:
    return sorted({shown_class(part.school_class.label) for part in lesson.group.parts})


def _class_order(name: str) -> tuple[int, str]:
    digits = "".join(letter for letter in name if letter.isdigit())
    return int(digits or 0), name


def _overrides(lessons: Sequence[Lesson]) -> list[tuple[RuleOverride, Lesson, Person | None]]:
    by_id = {lesson.id: lesson for lesson in lessons}
    rows = db.session.execute(
        sa.select(RuleOverride, Person)
        .outerjoin(Person, Person.id == RuleOverride.person_id)
        .where(RuleOverride.lesson_id.in_(by_id))
        .order_by(RuleOverride.made_at, RuleOverride.id)
    )
    return [(override, by_id[override.lesson_id], person) for override, person in rows]
