"""What the card of a lesson shows: how it is joined, what each chat shows of it, the text for the journal."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from scheduler import clock
from scheduler.database import db
from scheduler.models.addresses import join_url
from scheduler.models.audit import AuditEvent
from scheduler.models.calls import Call
from scheduler.models.chats import Bulletin, BulletinPart, Chat
from scheduler.models.lessons import ChangeRequest, Lesson, LessonSeries, RequestState, RuleOverride
from scheduler.models.people import Person
from scheduler.models.school import School
from scheduler.permissions import Action, may
from scheduler.rules.facts import LessonState
from scheduler.web.lesson_choices import group_name
from scheduler.web.my import may_mark

JOURNAL_LENGTH = 500


@dataclass(frozen=True, slots=True)
class LessonCard:
    """Everything around one lesson."""

    group: str
    join_url: str
    call: Call | None
    posts: Sequence[tuple[Chat, BulletinPart]]
    journal: str
    series: LessonSeries | None
    overrides: Sequence[RuleOverride]
    history: Sequence[tuple[AuditEvent, Person | None]]
    requests: Sequence[ChangeRequest]
    can_change: bool
    can_decide: bool
    can_mark: bool
    can_unmark: bool


def lesson_card(lesson: Lesson, person: Person) -> LessonCard:
    """Read what stands around a lesson; nothing is changed."""
    class_ids = {part.class_id for part in lesson.group.parts}
    call = db.session.scalar(sa.select(Call).where(Call.lesson_id == lesson.id))
    series = db.session.get(LessonSeries, lesson.series_id) if lesson.series_id else None
    overrides = db.session.scalars(sa.select(RuleOverride).where(RuleOverride.lesson_id == lesson.id)).all()
    return LessonCard(
        group=group_name(lesson.group),
        join_url=join_url(lesson.join_token),
        call=call,
        posts=_posts(lesson, class_ids) if lesson.is_remote else (),
        journal=journal_text(lesson),
        series=series,
        overrides=overrides,
        history=_history(lesson),
        requests=_requests(lesson),
        can_change=_can_change(lesson, person, class_ids),
        can_decide=may(person.grants, Action.GIVE_CONSENT),
        can_mark=may_mark(lesson, clock.now()) and _may_plan(lesson, person, class_ids),
        can_unmark=_is_held_today(lesson) and _may_plan(lesson, person, class_ids),
    )


def _is_held_today(lesson: Lesson) -> bool:
    zone = db.session.get_one(School, lesson.school_id).timezone
    return lesson.state is LessonState.HELD and lesson.date == clock.today(zone)


def _can_change(lesson: Lesson, person: Person, class_ids: set[int]) -> bool:
    is_open = lesson.state in (LessonState.PLANNED, LessonState.WAITING) and lesson.ends_at > clock.now()
    return is_open and _may_plan(lesson, person, class_ids)


def _may_plan(lesson: Lesson, person: Person, class_ids: set[int]) -> bool:
    grants = person.grants
    return (
        may(grants, Action.BOOK_ANY_LESSON)
        or (any(row.person_id == person.id for row in lesson.teaching) and may(grants, Action.BOOK_OWN_LESSON))
        or (bool(class_ids) and may(grants, Action.BOOK_CLASS_LESSON, class_ids=class_ids))
    )


def journal_text(lesson: Lesson) -> str:
    """What the electronic journal takes over with one tap: topic, the remote form, link and task; 500 characters."""
    lines = [_("Topic: %(topic)s", topic=lesson.topic) if lesson.topic else lesson.shown_title]
    if lesson.is_remote:
        lines.append(_("Held with distance technologies (DOT)."))
    if lesson.mode.has_call:
        lines.append(_("Link: %(url)s", url=join_url(lesson.join_token)))
    school = db.session.get_one(School, lesson.school_id)
    if lesson.is_remote:
        lines.append(_("Without internet: %(task)s", task=lesson.offline_task or school.offline_line))
    if lesson.homework:
        lines.append(_("Homework: %(text)s", text=lesson.homework))
    return "\n".join(lines)[:JOURNAL_LENGTH]


def _posts(lesson: Lesson, class_ids: set[int]) -> Sequence[tuple[Chat, BulletinPart]]:
    rows = db.session.execute(
        sa.select(Chat, BulletinPart)
        .join(Bulletin, Bulletin.chat_id == Chat.id)
        .join(BulletinPart, BulletinPart.bulletin_id == Bulletin.id)
        .where(Bulletin.date == lesson.date, Chat.class_id.in_(class_ids), Chat.school_id == lesson.school_id)
        .order_by(Chat.title, BulletinPart.number)
    )
    return [(chat, part) for chat, part in rows]


def _history(lesson: Lesson) -> Sequence[tuple[AuditEvent, Person | None]]:
    rows = db.session.execute(
        sa.select(AuditEvent, Person)
        .outerjoin(Person, Person.id == AuditEvent.person_id)
        .where(
            AuditEvent.school_id == lesson.school_id,
            AuditEvent.subject_kind == "lesson",
            AuditEvent.subject_id == lesson.id,
        )
        .order_by(AuditEvent.at.desc())
        .limit(20)
    )
    return [(event, person) for event, person in rows]


def _requests(lesson: Lesson) -> Sequence[ChangeRequest]:
    return db.session.scalars(
        sa.select(ChangeRequest)
        .where(ChangeRequest.lesson_id == lesson.id, ChangeRequest.state == RequestState.ASKED)
        .options(joinedload(ChangeRequest.lesson))
    ).all()
