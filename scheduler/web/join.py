"""The join page of one lesson: it sends on to the call while there is one, and says in words what is else the case."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

import sqlalchemy as sa
from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import joinedload, selectinload

from scheduler import clock
from scheduler.calls.choose import fallback
from scheduler.calls.ground import Choice
from scheduler.calls.joins import note_join
from scheduler.calls.loading import load_audiences, load_ground
from scheduler.calls.require import OPENS_BEFORE
from scheduler.database import db
from scheduler.models.audit import AuditEvent
from scheduler.models.calls import Call
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.models.school import CallWay, School
from scheduler.models.teaching import teachers_named
from scheduler.planning.absences.joined import lesson_of_call
from scheduler.rules.facts import LessonState
from scheduler.web.access import public
from scheduler.web.formats import local, local_now

blueprint = Blueprint("join", __name__)

_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}")
LOOK_AGAIN = 20
"""Seconds after which a waiting page looks whether the link is there."""
NEAR = timedelta(hours=1)
MINUTE = 60


class Stage(StrEnum):
    """What is the case with a lesson for somebody who wants to join it."""

    CANCELLED = "cancelled"
    AT_SCHOOL = "at_school"
    SELF_STUDY = "self_study"
    EARLY = "early"
    OPEN = "open"
    IN_CHAT = "in_chat"
    NO_LINK = "no_link"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class JoinView:
    """Everything that the page shows; times are on the school's wall clock. `refresh` is seconds, 0 for never."""

    stage: Stage
    lesson: Lesson
    school: School
    teachers: str
    opens: datetime
    task: str
    is_in_chat: bool
    url: str | None = None
    wait: str = ""
    refresh: int = 0
    moved_from: tuple[date, time] | None = None
    is_today: bool = False


@blueprint.get("/j/<token>")
@public
def join(token: str) -> Response:
    """Send on from ten minutes before the lesson to its end; at other times tell when. Unknown tokens answer 404."""
    lesson = _lesson(token)
    view = view_of(lesson)
    if view.stage is Stage.OPEN and view.url is not None:
        response = make_response(redirect(view.url, 303))
        if request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", ""):
            note_join(lesson.school_id, lesson.id)
    else:
        response = make_response(render_template("public/join.html", view=view))
        if view.refresh:
            response.headers["Refresh"] = str(view.refresh)
    # The link behind may be another one in a minute; and no call service is told from where its guests come.
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _lesson(token: str) -> Lesson:
    """The lesson behind a token. One that waits for consent is not announced to anybody yet."""
    if not _TOKEN.fullmatch(token):
        abort(404)
    people = selectinload(Lesson.teaching).options(
        joinedload(LessonTeacher.person), joinedload(LessonTeacher.stands_in_for)
    )
    lesson = db.session.scalar(sa.select(Lesson).where(Lesson.join_token == token).options(people))
    if lesson is None or lesson.state is LessonState.WAITING:
        abort(404)
    return lesson


def view_of(lesson: Lesson) -> JoinView:
    """What the lesson's page shows at this moment."""
    school = db.session.get_one(School, lesson.school_id)
    now = clock.now()
    call = db.session.scalar(sa.select(Call).where(Call.lesson_id == lesson_of_call(db.session(), lesson)))
    is_open = lesson.starts_at - OPENS_BEFORE <= now < lesson.ends_at
    url, is_in_chat = _in_force(lesson, call, may_stand_in=is_open)
    stage = _stage(lesson, now, url=url, is_in_chat=is_in_chat)
    opens_in = lesson.starts_at - OPENS_BEFORE - now
    return JoinView(
        stage=stage,
        lesson=lesson,
        school=school,
        teachers=", ".join(teachers_named(lesson)),
        opens=local(lesson.starts_at - OPENS_BEFORE, school.timezone),
        task=lesson.offline_task or lesson.homework or school.offline_line,
        is_in_chat=is_in_chat,
        url=url,
        wait=wait_words(lesson.starts_at - now) if stage is Stage.EARLY else "",
        refresh=_refresh(stage, opens_in),
        moved_from=_moved_from(lesson) if stage is Stage.EARLY else None,
        is_today=lesson.date == local_now(school.timezone).date(),
    )


def _in_force(lesson: Lesson, call: Call | None, *, may_stand_in: bool) -> tuple[str | None, bool]:
    """The address in force, or that the call is in the chat.

    Where the worker has not brought one by the time that pupils come, the standing room or the chat stands in at once.
    """
    if not lesson.mode.has_call:
        return None, False
    if call is not None and call.has_way:
        return call.url, call.url is None
    if call is not None and call.way is CallWay.IN_CHAT:
        return None, True
    found = _standing_in(lesson) if may_stand_in else None
    return (None, False) if found is None else (found.url, found.url is None)


def _standing_in(lesson: Lesson) -> Choice | None:
    audience = load_audiences(db.session(), [lesson])[lesson.id]
    return fallback(audience, load_ground(db.session(), lesson.school_id))


def _stage(lesson: Lesson, now: datetime, *, url: str | None, is_in_chat: bool) -> Stage:
    if lesson.state is LessonState.CANCELLED:
        return Stage.CANCELLED
    if now >= lesson.ends_at:
        return Stage.ENDED
    if not lesson.mode.has_call:
        return Stage.SELF_STUDY if lesson.is_remote else Stage.AT_SCHOOL
    if now < lesson.starts_at - OPENS_BEFORE:
        return Stage.EARLY
    if url is not None:
        return Stage.OPEN
    return Stage.IN_CHAT if is_in_chat else Stage.NO_LINK


def _refresh(stage: Stage, opens_in: timedelta) -> int:
    if stage is Stage.NO_LINK:
        return LOOK_AGAIN
    if stage is not Stage.EARLY or opens_in > NEAR:
        return 0
    return max(1, min(MINUTE, int(opens_in.total_seconds()) + 1))


def wait_words(left: timedelta) -> str:
    """«через 2 часа 15 минут», in days where it is long."""
    minutes = max(1, -int(-left.total_seconds() // MINUTE))
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return str(ngettext("in %(num)d day", "in %(num)d days", days))
    words = []
    if hours:
        words.append(ngettext("%(num)d hour", "%(num)d hours", hours))
    if minutes:
        words.append(ngettext("%(num)d minute", "%(num)d minutes", minutes))
    return str(_("in %(words)s", words=" ".join(words)))


def _moved_from(lesson: Lesson) -> tuple[date, time] | None:
    """Where the lesson stood before it was last moved, from the record of changes."""
    query = (
        sa.select(AuditEvent.before)
        .where(
            AuditEvent.school_id == lesson.school_id,
            AuditEvent.subject_kind == "lesson",
            AuditEvent.subject_id == lesson.id,
        )
        .order_by(AuditEvent.id.desc())
        .limit(20)
    )
    for before in db.session.scalars(query):
        if before and ("date" in before or "start" in before):
            day = date.fromisoformat(before.get("date", lesson.date.isoformat()))
            start = time.fromisoformat(before.get("start", lesson.start.isoformat()))
            return None if (day, start) == (lesson.date, lesson.start) else (day, start)
    return None
