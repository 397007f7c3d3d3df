"""«Задания»: the tasks of all remote lessons to come on one phone page; for the deputy head, who still owes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.database import db
from scheduler.models.classes import SchoolClass
from scheduler.models.lessons import Lesson
from scheduler.models.people import Person
from scheduler.permissions import Action, ScopeKind
from scheduler.planning.errors import PlanningError
from scheduler.planning.lesson_tasks import (
    LONGEST,
    TaskEdit,
    Written,
    lessons_to_task,
    missing_by_teacher,
    parallels,
    write_tasks,
)
from scheduler.web.access import (
    current_person,
    current_school,
    current_school_id,
    get_in_school,
    requires,
    visitor_may,
)
from scheduler.web.lesson_choices import group_name
from scheduler.web.lessons import TAKEN

blueprint = Blueprint("lesson_tasks", __name__)

WRITING = (Action.BOOK_OWN_LESSON, Action.BOOK_CLASS_LESSON, Action.BOOK_ANY_LESSON)
AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose lessons are on the page: a teacher's or a class's."""

    teacher_id: int = 0
    class_id: int = 0
    title: str = ""

    @property
    def query(self) -> dict[str, int]:
        """What of the address says so; nothing for the own lessons."""
        named = {"teacher": self.teacher_id if self.title else 0, "class": self.class_id}
        return {name: number for name, number in named.items() if number}

    @property
    def path(self) -> str:
        """The address of the page."""
        values: dict[str, Any] = dict(self.query)
        return url_for("lesson_tasks.index", **values)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A lesson with its field: what was shown, what stands in it, what others wrote meanwhile, where to copy."""

    lesson: Lesson
    title: str
    shown: str
    text: str
    theirs: str | None
    copies: str


@blueprint.get("/tasks")
@requires(*WRITING)
def index() -> str:
    """The fields, and for whoever plans for all the teachers who still owe tasks."""
    whose = _whose()
    return _page(whose, _lessons(whose), {}, Written(0))


@blueprint.post("/tasks")
@requires(*WRITING)
def write() -> Response | tuple[str, int]:
    """Save everything typed at once; «скопировать» fills the empty fields of the parallel classes first."""
    whose = _whose()
    lessons = _lessons(whose)
    edits = _copied(_sent(), parallels(lessons), request.form.get("copy", 0, int))
    try:
        done = write_tasks(current_school_id(), edits, actor_id=current_person().id)
    except PlanningError as error:
        flash(error.text, "bad")
        return _page(whose, lessons, edits, Written(0)), TAKEN
    _say(done)
    if done.conflicts:
        return _page(whose, _lessons(whose), edits, done), TAKEN
    return redirect(whose.path, 303)


def _say(done: Written) -> None:
    if done.changed:
        flash(ngettext("Saved: %(num)d task.", "Saved: %(num)d tasks.", done.changed), "done")
    if done.gone:
        words = ngettext(
            "%(num)d lesson is over or cancelled: its task was not saved.",
            "%(num)d lessons are over or cancelled: their tasks were not saved.",
            len(done.gone),
        )
        flash(words, "soft")


def _sent() -> dict[int, TaskEdit]:
    found = {}
    for name, text in request.form.items():
        number = name.removeprefix("task-")
        if name.startswith("task-") and number.isdecimal():
            before = _plain(request.form.get(f"was-{number}", ""))
            found[int(number)] = TaskEdit(before, _plain(text))
    return found


def _plain(text: str) -> str:
    """Browsers send the ends of lines in their own way."""
    return text.replace("\r\n", "\n").strip()


def _copied(edits: Mapping[int, TaskEdit], alike: Mapping[int, Sequence[int]], source: int) -> dict[int, TaskEdit]:
    """The edits with the text of one lesson in the empty fields of its parallels."""
    if source not in edits:
        return dict(edits)
    text = edits[source].after
    empty = [one for one in alike.get(source, ()) if one in edits and not edits[one].after]
    return dict(edits) | {one: TaskEdit(edits[one].before, text) for one in empty}


def _whose() -> Whose:
    person = current_person()
    teacher_id, class_id = request.args.get("teacher", 0, int), request.args.get("class", 0, int)
    if class_id:
        row = get_in_school(SchoolClass, class_id)
        if not (visitor_may(Action.BOOK_ANY_LESSON) or visitor_may(Action.BOOK_CLASS_LESSON, class_ids=[row.id])):
            abort(403, _("This is outside the classes and chats that are entrusted to you."))
        return Whose(class_id=row.id, title=row.label)
    if teacher_id and teacher_id != person.id:
        if not visitor_may(Action.BOOK_ANY_LESSON):
            abort(403, _("This is outside the classes and chats that are entrusted to you."))
        return Whose(teacher_id=teacher_id, title=get_in_school(Person, teacher_id).short_name)
    return Whose(teacher_id=person.id)


def _lessons(whose: Whose) -> list[Lesson]:
    return lessons_to_task(
        db.session(), current_school_id(), dates_to_come(), teacher_id=whose.teacher_id, class_id=whose.class_id
    )


def dates_to_come() -> tuple[date, date]:
    """Today and the two weeks after it."""
    today = clock.today(current_school().timezone)
    return today, today + AHEAD


def _page(whose: Whose, lessons: Sequence[Lesson], typed: Mapping[int, TaskEdit], done: Written) -> str:
    owing = []
    if visitor_may(Action.BOOK_ANY_LESSON) and not whose.title:
        owing = missing_by_teacher(db.session(), current_school_id(), dates_to_come())
    theirs = {one.lesson_id: one.theirs for one in done.conflicts}
    return render_template(
        "tasks/index.html",
        whose=whose,
        rows=_rows(lessons, typed, theirs),
        owing=owing,
        plans_for_all=visitor_may(Action.BOOK_ANY_LESSON) and not whose.title,
        classes=_classes(),
        longest=LONGEST,
    )


def _rows(lessons: Sequence[Lesson], typed: Mapping[int, TaskEdit], theirs: Mapping[int, str]) -> list[TaskRow]:
    alike, names = parallels(lessons), {one.id: group_name(one.group) for one in lessons}
    return [
        TaskRow(
            lesson,
            f"{lesson.shown_title}, {names[lesson.id]}",
            theirs.get(lesson.id, lesson.offline_task),
            typed[lesson.id].after if lesson.id in typed else lesson.offline_task,
            theirs.get(lesson.id),
            ", ".join(names[one] for one in alike[lesson.id]),
        )
        for lesson in lessons
    ]


def _classes() -> Sequence[SchoolClass]:
    """The classes that are entrusted to the visitor: by name, or all to whoever leads the chats of the school."""
    of_school = sa.and_(SchoolClass.school_id == current_school_id(), SchoolClass.is_archived.is_(False))
    query = sa.select(SchoolClass).where(of_school).order_by(SchoolClass.grade, SchoolClass.label_key)
    if visitor_may(Action.BOOK_ANY_LESSON):  # they see the teachers who owe tasks
        query = query.where(
            SchoolClass.id.in_(one.scope_id for one in current_person().grants if one.scope is ScopeKind.CLASS)
        )
    rows = db.session.scalars(query).all()
    return [row for row in rows if visitor_may(Action.BOOK_CLASS_LESSON, class_ids=[row.id])]
