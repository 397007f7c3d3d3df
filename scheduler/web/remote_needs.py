"""What a remote day asks of the visitor: own texts to place, families to tell, open points, the evening's figures."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler import clock
from scheduler.database import db
from scheduler.models.classes import SchoolClass, class_teacher
from scheduler.models.lessons import Lesson
from scheduler.models.names import shown_class
from scheduler.models.remote_day import RemoteDay, RemoteDayState
from scheduler.models.remote_told import ClassTold
from scheduler.models.school import School
from scheduler.permissions import Action
from scheduler.rules.facts import LessonMode, LessonState
from scheduler.web.access import current_person, visitor_may
from scheduler.web.need import Need
from scheduler.web.placing import Waiting, waiting_chats
from scheduler.web.remote_state import StateView, state_of
from scheduler.web.remote_words import dates_words, within

NAMED = 4


def own_needs(school: School) -> list[Need]:
    """What the visitor does with the own hands: texts of the own chats, families of the own classes."""
    today = clock.today(school.timezone)
    return [*_texts(today), *_families(school.id, today)]


def watched_needs(school: School) -> list[Need]:
    """How the decisions in force stand, for those who watch over them, and what the evening says."""
    today = clock.today(school.timezone)
    found = []
    if visitor_may(Action.DECLARE_REMOTE_DAY) or visitor_may(Action.VIEW_DIRECTOR_PAGES):
        days = _in_force(school.id, today)
        found += [_progress(day, state_of(day, school.timezone), today) for day in days]
    if visitor_may(Action.VIEW_DIRECTOR_PAGES):
        found += _evening(school.id, today)
    return found


def _texts(today: date) -> list[Need]:
    if not visitor_may(Action.MANAGE_CHAT):
        return []
    own = [one for one in waiting_chats() if one.is_own]
    if not own:
        return []
    names = ", ".join(one.name for one in own[:NAMED])
    if len(own) > NAMED:
        names = _("%(names)s and %(more)d more", names=names, more=len(own) - NAMED)
    strength = "bad" if any(_is_for(one, today) for one in own) else "soft"
    return [Need(strength, _("To place by hand:"), names, url_for("placing.index"), _("Texts"))]


def _is_for(one: Waiting, today: date) -> bool:
    return any(post.date <= today for post in one.posts)


def _in_force(school_id: int, today: date) -> Sequence[RemoteDay]:
    query = sa.select(RemoteDay).where(
        RemoteDay.school_id == school_id, RemoteDay.state == RemoteDayState.APPLIED, RemoteDay.date_to >= today
    )
    return db.session.scalars(query.order_by(RemoteDay.date_from, RemoteDay.id)).all()


def _families(school_id: int, today: date) -> list[Need]:
    """The own classes whose families are not all confirmed as told."""
    query = (
        sa.select(SchoolClass.id, SchoolClass.label)
        .join(class_teacher, class_teacher.c.class_id == SchoolClass.id)
        .where(class_teacher.c.person_id == current_person().id, ~SchoolClass.is_archived)
    )
    own = {row.id: row.label for row in db.session.execute(query)}
    days = _in_force(school_id, today) if own else []
    said = sa.select(ClassTold).where(
        ClassTold.remote_day_id.in_([day.id for day in days]), ClassTold.class_id.in_(own)
    )
    told = {(row.remote_day_id, row.class_id) for row in db.session.scalars(said) if row.is_everybody_told}
    return [
        Need(
            "bad" if day.date_from <= today else "soft",
            f"{shown_class(own[class_id])}, {within(dates_words(day))}:",
            _("say that the message is placed and the families outside the chat are told."),
            url_for("remote_told.one", remote_day_id=day.id, class_id=class_id),
            _("Confirm"),
        )
        for day in days
        for class_id in day.class_ids
        if class_id in own and (day.id, class_id) not in told
    ]


def _progress(day: RemoteDay, state: StateView, today: date) -> Need:
    words = []
    if state.shown < state.chats:
        count = state.chats - state.shown
        words.append(ngettext("%(num)d chat is not ready", "%(num)d chats are not ready", count))
    if state.links.failed:
        count = state.links.failed
        words.append(ngettext("%(num)d lesson has no link", "%(num)d lessons have no link", count))
    if state.told < state.classes:
        words.append(_("families told in %(done)d of %(total)d classes", done=state.told, total=state.classes))
    is_broken = state.links.failed or any(line.strength == "bad" for line in state.open)
    strength = "done" if not words else "bad" if is_broken and day.date_from <= today else "soft"
    text = ", ".join(words) or _("everything stands, all families are told")
    path = url_for("remote_progress.show", remote_day_id=day.id)
    lead = _("Remote day, %(dates)s:", dates=within(dates_words(day)))
    return Need(strength, lead, f"{text}.", path, _("Progress"))


def _evening(school_id: int, today: date) -> list[Need]:
    """After the last remote lesson of the day its summary is ready."""
    query = sa.select(sa.func.max(Lesson.ends_at)).where(
        Lesson.school_id == school_id,
        Lesson.date == today,
        Lesson.mode != LessonMode.IN_PERSON,
        Lesson.state.in_((LessonState.PLANNED, LessonState.HELD)),
    )
    last = db.session.scalar(query)
    if last is None or last > clock.now():
        return []
    lead, text = _("The day's remote lessons are over."), _("Its summary is ready.")
    return [Need("soft", lead, text, url_for("evening.index"), _("Summary of the day"))]
