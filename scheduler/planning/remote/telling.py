"""The school's own sentences of a remote day for the chats, made of the decision and the plan; it posts nothing."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from scheduler.chats.remote_days import RemoteWords
from scheduler.models.classes import SchoolClass
from scheduler.models.lessons import Lesson
from scheduler.models.school import School
from scheduler.planning.remote.proposal import Proposal
from scheduler.planning.remote.wish import RemoteWish, already_remote, remote_days_on, scope_words
from scheduler.rules.facts import LessonMode

_MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
    "декабря",
)  # fmt: skip


def words_of(session: Session, school: School, wish: RemoteWish, proposal: Proposal) -> RemoteWords:
    """What the templates of a remote day are filled with."""
    rows = session.scalars(
        sa.select(SchoolClass)
        .where(SchoolClass.school_id == school.id, SchoolClass.is_archived.is_(False))
        .order_by(SchoolClass.grade, SchoolClass.label_key)
        .options(selectinload(SchoolClass.class_teachers))
    ).all()
    general = {
        "reason_line": sentence(wish.text),
        "school_phone": school.phone,
        "order_line": f"Приказ {wish.order_reference}." if wish.order_reference else "",
        "dates_line": dates_line(wish.dates),
    }
    of_class = {
        row.id: {"class_teacher": ", ".join(person.short_name for person in row.class_teachers)} for row in rows
    }
    return RemoteWords(general, of_class, _teachers(session, school, wish, proposal, rows))


def _teachers(
    session: Session, school: School, wish: RemoteWish, proposal: Proposal, rows: Sequence[SchoolClass]
) -> dict[str, str]:
    others = already_remote(remote_days_on(session, school.id, wish.dates), wish.first)
    reached = proposal.classes | others
    missing = _tasks_missing(session, proposal)
    return {
        "scope": scope_words([row for row in rows if row.id in reached], rows),
        "bells_name": "дистанционное",
        "tasks_deadline": "начала уроков" if missing else "",
        "tasks_missing": str(missing) if missing else "",
    }


def _tasks_missing(session: Session, proposal: Proposal) -> int:
    ids = [
        one.lesson_id for one in proposal.lessons if one.after.is_live and one.after.mode is not LessonMode.IN_PERSON
    ]
    query = sa.select(sa.func.count()).where(Lesson.id.in_(ids), Lesson.offline_task == "", Lesson.homework == "")
    return session.scalar(query) or 0


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
