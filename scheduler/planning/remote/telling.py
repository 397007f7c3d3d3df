"""The school's own sentences of a remote day for the chats, made of the decision and the plan; it posts nothing."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from scheduler.calls.loading import in_portions
from scheduler.chats.remote_days import RemoteWords
from scheduler.models.classes import SchoolClass
from scheduler.models.lessons import Lesson
from scheduler.models.school import School
from scheduler.planning.remote.plan import Plan
from scheduler.planning.remote.school_lines import remote_settings
from scheduler.planning.remote.wish import RemoteWish, already_remote, remote_days_on, scope_words
from scheduler.rules.facts import LessonMode

_MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
    "декабря",
)  # fmt: skip


def words_of(session: Session, school: School, wish: RemoteWish, plan: Plan) -> RemoteWords:
    """What the templates of a remote day are filled with."""
    rows = session.scalars(
        sa.select(SchoolClass)
        .where(SchoolClass.school_id == school.id, SchoolClass.is_archived.is_(False))
        .order_by(SchoolClass.grade, SchoolClass.label_key)
        .options(selectinload(SchoolClass.class_teachers))
    ).all()
    settings = remote_settings(school)
    general: dict[str, str] = {
        **{name.value: text for name, text in settings.contacts.items()},
        **(settings.lines(wish.reason) if wish.lines is None else wish.lines),
        "reason_line": sentence(wish.text),
        "order_line": order_line(wish.order_reference),
        "dates_line": dates_line(wish.dates),
    }
    of_class = {
        row.id: {"class_teacher": ", ".join(person.short_name for person in row.class_teachers)} for row in rows
    }
    return RemoteWords(general, of_class, _teachers(session, school, wish, plan, rows))


def _teachers(
    session: Session, school: School, wish: RemoteWish, plan: Plan, rows: Sequence[SchoolClass]
) -> dict[str, str]:
    others = already_remote(remote_days_on(session, school.id, wish.dates), wish.first)
    reached = plan.classes | others
    missing = tasks_missing(session, plan)
    is_whole = all(row.id in reached for row in rows)
    return {
        "scope": "все" if is_whole else scope_words([row for row in rows if row.id in reached], rows),
        "bells_name": "дистанционное" if wish.bells is None else "на этот день",
        "tasks_deadline": "начала уроков" if missing else "",
        "tasks_missing": str(missing) if missing else "",
    }


def tasks_missing(session: Session, plan: Plan) -> int:
    """How many lessons of the plan have no task; work on one's own may rest on the homework."""
    modes = {row.lesson_id: row.mode for row in plan.rows if row.is_live and row.mode is not LessonMode.IN_PERSON}
    query = sa.select(Lesson.id, Lesson.homework).where(Lesson.offline_task == "")
    bare = [row for portion in in_portions(list(modes)) for row in session.execute(query.where(Lesson.id.in_(portion)))]
    return sum(not (row.homework and modes[row.id] is LessonMode.SELF_STUDY) for row in bare)


def order_line(reference: str) -> str:
    """«Приказ № 12 от 24.11.2026.»; nothing until the number is known."""
    return f"Приказ {reference}." if reference else ""


def sentence(text: str) -> str:
    """A whole sentence of what was typed: «мороз −34 °C» → «Мороз −34 °C.»."""
    words = " ".join(text.split())
    if not words:
        return ""
    return words[0].upper() + words[1:] + ("" if words[-1] in ".!?…" else ".")


def dates_line(dates: Sequence[date]) -> str:
    """«С 24 по 26 ноября учимся дома.» for several dates; nothing for one."""
    if len(dates) == 1:
        return ""
    first, last = dates[0], dates[-1]
    from_words = str(first.day) if first.month == last.month else f"{first.day} {_MONTHS[first.month - 1]}"
    return f"С {from_words} по {last.day} {_MONTHS[last.month - 1]} учимся дома."
