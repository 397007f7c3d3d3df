"""The director's evening: what was planned and held, links that failed, chats not reached; on paper too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from scheduler import clock
from scheduler.database import db
from scheduler.models.remote_day import RemoteDay, RemoteDayState
from scheduler.permissions import Action
from scheduler.reports.evening import DayLesson, evening_of
from scheduler.reports.progress import ChatStand, chats_on, progress_of
from scheduler.reports.told import classes_said
from scheduler.web.access import current_school, requires
from scheduler.web.lesson_choices import group_name
from scheduler.web.lesson_forms import default_date
from scheduler.web.remote_state import placed_classes, silence_words
from scheduler.web.remote_words import chats_name, stand_words

blueprint = Blueprint("evening", __name__, url_prefix="/director")


@dataclass(frozen=True, slots=True)
class TeacherLine:
    """A teacher with the lessons that nobody has marked."""

    name: str
    lessons: Sequence[DayLesson]


@dataclass(frozen=True, slots=True)
class ToldLine:
    """A decision in force on the day: how many classes' families are told, and who has not said so."""

    day_id: int
    told: int
    placed: int
    classes: int
    silent: Sequence[tuple[str, str, str]]


@blueprint.get("/evening")
@requires(Action.VIEW_DIRECTOR_PAGES)
def index() -> str:
    """One day."""
    school = current_school()
    day = default_date(request.args.get("date", ""), clock.today(school.timezone))
    summary = evening_of(db.session(), school.id, day)
    chats = chats_on(db.session(), school.id, (day, day))
    return render_template(
        "director/evening.html",
        school=school,
        day=day,
        summary=summary,
        unmarked=_by_teacher(summary.unknown_calls),
        failed=[(one, group_name(one.lesson.group)) for one in summary.failed],
        chats=len(chats),
        missed=[_chat_words(chat, school.timezone) for chat in chats if not chat.stand.is_settled],
        decisions=[_told(one) for one in _decisions(school.id, day)],
        group_name=group_name,
        earlier=url_for("evening.index", date=(day - timedelta(days=1)).isoformat()),
        later=url_for("evening.index", date=(day + timedelta(days=1)).isoformat()),
    )


def _by_teacher(lessons: Sequence[DayLesson]) -> list[TeacherLine]:
    found: dict[str, list[DayLesson]] = {}
    for one in lessons:
        names = [person.short_name for person in one.lesson.teachers] or [_("without a teacher")]
        for name in names:
            found.setdefault(name, []).append(one)
    return [TeacherLine(name, found[name]) for name in sorted(found, key=str.casefold)]


def _chat_words(chat: ChatStand, zone: str) -> tuple[int, str, str, str]:
    words, advice = stand_words(chat, zone)
    return chat.id, chats_name([chat]), words, advice


def _decisions(school_id: int, day: date) -> Sequence[RemoteDay]:
    query = sa.select(RemoteDay).where(
        RemoteDay.school_id == school_id,
        RemoteDay.state == RemoteDayState.APPLIED,
        RemoteDay.date_from <= day,
        RemoteDay.date_to >= day,
    )
    return db.session.scalars(query.order_by(RemoteDay.id)).all()


def _told(decision: RemoteDay) -> ToldLine:
    said = classes_said(db.session(), decision)
    placed = placed_classes(said, progress_of(db.session(), decision))
    silent = [
        (one.label, ", ".join(one.teachers), silence_words(one, is_placed=one.class_id in placed)) for one in said
    ]
    return ToldLine(
        day_id=decision.id,
        told=sum(one.is_told for one in said),
        placed=sum(one.class_id in placed for one in said),
        classes=len(said),
        silent=[line for line in silent if line[2]],
    )
