"""What needs a person now, worst first: each in a sentence, with the remedy beside it, and only to whom may act."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler import clock
from scheduler.calls.tokens import token_warnings
from scheduler.database import db
from scheduler.models.calls import Call, CallState
from scheduler.models.chats import Chat, ChatState, Connection
from scheduler.models.joins import LessonJoins
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.models.names import shown_class
from scheduler.models.school import School, Term
from scheduler.permissions import Action
from scheduler.planning.lesson_tasks import is_without_task
from scheduler.planning.remote.order import without_order
from scheduler.planning.requests import open_requests
from scheduler.reports.evening import SEEN_FROM
from scheduler.rules.facts import LessonMode, LessonState
from scheduler.web.access import current_person, visitor_may
from scheduler.web.chat_rows import BAD, ChatRow, may_manage
from scheduler.web.formats import day_only, full_date, wall
from scheduler.web.lesson_choices import group_name
from scheduler.web.lesson_tasks import Whose
from scheduler.web.need import STRENGTHS, Need
from scheduler.web.remote_needs import own_needs, watched_needs
from scheduler.web.remote_words import dates_words, within
from scheduler.web.school import open_path

SOON = timedelta(minutes=60)
AT_ONCE = 4
NEARLY_OVER = timedelta(days=10)
MINUTE = 60


def needs_of(school: School, lessons: Sequence[Lesson], chats: Sequence[ChatRow]) -> list[Need]:
    """Everything that waits for the visitor; `lessons` are the remote ones of today and tomorrow that are theirs."""
    found = [
        *_without_way(lessons),
        *_tokens(school.id),
        *own_needs(school),
        *watched_needs(school),
        *_chat_needs(chats),
        *_requests(school.id),
        *_orders(school.id),
        *_found_chats(school.id),
        *_without_task(lessons),
        *_unmarked(school),
        *_published(school),
    ]
    return sorted(found, key=lambda need: STRENGTHS.index(need.strength))


def _without_way(lessons: Sequence[Lesson]) -> list[Need]:
    now = clock.now()
    joined = [lesson for lesson in lessons if lesson.mode.has_call]
    query = sa.select(Call).where(Call.lesson_id.in_([lesson.id for lesson in joined]))
    calls = {call.lesson_id: call for call in db.session.scalars(query)}
    missing = [lesson for lesson in joined if _is_missing(lesson, calls.get(lesson.id))]
    named = [_way_need(lesson, calls.get(lesson.id)) for lesson in missing[:AT_ONCE]]
    is_soon = any(lesson.starts_at <= now + SOON for lesson in missing[AT_ONCE:])
    return [*named, *_more(len(missing) - AT_ONCE, is_soon=is_soon)]


def _is_missing(lesson: Lesson, call: Call | None) -> bool:
    if call is not None and (call.state is CallState.READY or call.has_way):
        return False
    is_soon = lesson.starts_at <= clock.now() + SOON
    return is_soon or (call is not None and call.state is CallState.FAILED)


def _way_need(lesson: Lesson, call: Call | None) -> Need:
    name = group_name(lesson.group)
    is_soon = lesson.starts_at <= clock.now() + SOON
    why = f" {call.problem}" if call is not None and call.problem and not is_soon else ""
    return Need(
        "bad" if is_soon else "soft",
        _("%(group)s: there is no link to the video lesson.", group=name),
        f"{lesson.shown_title}, {begins(lesson)}.{why}",
        url_for("lessons.card", lesson_id=lesson.id),
        _("Mend"),
    )


def begins(lesson: Lesson) -> str:
    """«начало через 18 минут», «идёт уже 5 минут», later the day and hour."""
    minutes = int((lesson.starts_at - clock.now()).total_seconds() // MINUTE)
    if minutes < 0:
        return str(ngettext("began %(num)d minute ago", "began %(num)d minutes ago", -minutes))
    if minutes <= SOON.total_seconds() // MINUTE:
        return str(ngettext("begins in %(num)d minute", "begins in %(num)d minutes", minutes))
    return str(_("begins on %(day)s at %(time)s", day=day_only(lesson.date), time=wall(lesson.start)))


def _more(count: int, *, is_soon: bool) -> list[Need]:
    if count <= 0:
        return []
    lead = ngettext("%(num)d more lesson has no link.", "%(num)d more lessons have no link.", count)
    return [Need("bad" if is_soon else "soft", lead, "", url_for("week.index"), _("Week"))]


def _chat_needs(chats: Iterable[ChatRow]) -> list[Need]:
    """Chats that show something else than they should and do not mend themselves."""
    wrong = [row for row in chats if row.strength == BAD and _may_mend(row)]
    apart = [row for row in wrong if row.view.chat_state in (ChatState.UNCONNECTED, ChatState.FOUND)]
    broken = [row for row in wrong if row not in apart]
    named = [_chat_need(row, "bad") for row in broken[:AT_ONCE]]
    if len(broken) > AT_ONCE:
        lead = ngettext("%(num)d more chat", "%(num)d more chats", len(broken) - AT_ONCE)
        named.append(Need("bad", lead, _("do not show what they should"), url_for("chats.index"), _("Chats")))
    if len(apart) > 1:
        lead = ngettext("%(num)d chat is not connected:", "%(num)d chats are not connected:", len(apart))
        names = ", ".join(row.name for row in apart[:AT_ONCE])
        if len(apart) > AT_ONCE:
            names = _("%(names)s and %(more)d more", names=names, more=len(apart) - AT_ONCE)
        named.append(Need("soft", lead, names, url_for("chats.index"), _("What to do")))
    return [*named, *([_chat_need(row, "soft") for row in apart] if len(apart) == 1 else [])]


def _chat_need(row: ChatRow, strength: str) -> Need:
    words = f"— {row.words.rstrip('.')}"
    return Need(strength, row.name, words, url_for("chats.one", chat_id=row.view.id), _("What to do"))


def _may_mend(row: ChatRow) -> bool:
    return may_manage(row.view) or visitor_may(Action.CONNECT_CHATS)


def _tokens(school_id: int) -> list[Need]:
    found = []
    if visitor_may(Action.CONNECT_CHATS):
        refused = sa.select(Connection.id).where(Connection.school_id == school_id, Connection.is_refused)
        if db.session.scalar(refused.limit(1)) is not None:
            lead = _("The messenger does not accept the bot's token.")
            text = _("Nothing is posted until a new one is entered.")
            found.append(Need("bad", lead, text, url_for("chat_waiting.index"), _("Enter a token")))
    if visitor_may(Action.MANAGE_CALLS):
        path = open_path("/school/calls", Action.MANAGE_CALLS)
        found += [
            Need("bad" if warning.trouble.stops_links else "soft", warning.text, "", path, _("Video calls"))
            for warning in token_warnings(school_id)
        ]
    return found


def _requests(school_id: int) -> list[Need]:
    total = open_requests(db.session(), school_id).total if visitor_may(Action.GIVE_CONSENT) else 0
    if not total:
        return []
    lead = ngettext("%(num)d request waits for consent.", "%(num)d requests wait for consent.", total)
    return [Need("soft", lead, "", url_for("lessons.requests"), _("Look"))]


def _orders(school_id: int) -> Iterable[Need]:
    """Remote days that still wait for the number of their order."""
    if not visitor_may(Action.DECLARE_REMOTE_DAY):
        return
    for row in without_order(db.session(), school_id):
        yield Need(
            "soft",
            _("Remote day, %(dates)s:", dates=within(dates_words(row))),
            _("the number of the order is still to be entered."),
            url_for("remote_days.order", remote_day_id=row.id),
            _("Enter the number"),
        )


def _found_chats(school_id: int) -> list[Need]:
    if not visitor_may(Action.CONNECT_CHATS):
        return []
    query = sa.select(sa.func.count(Chat.id)).where(Chat.school_id == school_id, Chat.state == ChatState.FOUND)
    count = db.session.scalar(query) or 0
    if not count:
        return []
    lead = ngettext("%(num)d chat waits", "%(num)d chats wait", count)
    return [Need("soft", lead, _("for somebody to say whose it is."), url_for("chat_waiting.index"), _("Say"))]


def _without_task(lessons: Sequence[Lesson]) -> list[Need]:
    """One sentence for whoever plans for all or has many classes; else the own lessons, and others' by class."""
    bare = [lesson for lesson in lessons if is_without_task(lesson)]
    if visitor_may(Action.BOOK_ANY_LESSON):
        return [_task_need(bare, url_for("lesson_tasks.index"), _("See whose"))] if bare else []
    person_id = current_person().id
    own = [lesson for lesson in bare if any(row.person_id == person_id for row in lesson.teaching)]
    found = [_task_need(own, url_for("lesson_tasks.index"), _("Write"))] if own else []
    of_class: dict[int, list[Lesson]] = defaultdict(list)
    for lesson in bare:
        for part in lesson.group.parts if lesson not in own else ():
            if visitor_may(Action.BOOK_CLASS_LESSON, class_ids=[part.class_id]):
                of_class[part.class_id].append(lesson)
    if len(of_class) > AT_ONCE:
        others = list({lesson.id: lesson for theirs in of_class.values() for lesson in theirs}.values())
        classes = ngettext("%(num)d class", "%(num)d classes", len(of_class))
        return [*found, _task_need(others, url_for("lesson_tasks.index"), _("See whose"), of_class=f"{classes}: ")]
    for class_id, theirs in of_class.items():
        (label,) = {part.school_class.label for part in theirs[0].group.parts if part.class_id == class_id}
        path = Whose(class_id=class_id).path
        found.append(_task_need(theirs, path, _("See whose"), of_class=f"{shown_class(label)}: "))
    return found


def _unmarked(school: School) -> list[Need]:
    """The visitor's own video lessons of today that are over, neither marked as held nor seen by pupils coming in."""
    query = (
        sa.select(sa.func.count(Lesson.id))
        .join(LessonTeacher, LessonTeacher.lesson_id == Lesson.id)
        .outerjoin(LessonJoins, LessonJoins.lesson_id == Lesson.id)
        .where(
            LessonTeacher.person_id == current_person().id,
            Lesson.date == clock.today(school.timezone),
            Lesson.mode.in_([mode for mode in LessonMode if mode.has_call]),
            Lesson.state == LessonState.PLANNED,
            Lesson.ends_at <= clock.now(),
            sa.func.coalesce(LessonJoins.count, 0) < SEEN_FROM,
        )
    )
    count = db.session.scalar(query) or 0
    if not count:
        return []
    lead = ngettext(
        "%(num)d video lesson is not marked as held.", "%(num)d video lessons are not marked as held.", count
    )
    return [Need("soft", lead, _("The director sees it in the summary of the day."), url_for("my.today"), _("Mark"))]


def _task_need(bare: Sequence[Lesson], path: str, remedy: str, *, of_class: str = "") -> Need:
    count = ngettext("%(num)d lesson has no task", "%(num)d lessons have no task", len(bare))
    text = _("for a child without internet; the school's own line stands there now.")
    first = _("The first one %(when)s.", when=begins(min(bare, key=lambda one: one.starts_at)))
    lead = f"{of_class}{count[:1].lower()}{count[1:]}" if of_class else count
    return Need("soft", lead, f"{text} {first}", path, remedy)


def _published(school: School) -> list[Need]:
    path = open_path("/school/publish", Action.PUBLISH_TIMETABLE)
    if not path:
        return []
    today = clock.today(school.timezone)
    last = db.session.scalar(sa.select(sa.func.max(Term.published_to)).where(Term.school_id == school.id))
    last = last or db.session.scalar(sa.select(sa.func.max(Lesson.date)).where(Lesson.school_id == school.id))
    if last is None or last > today + NEARLY_OVER:
        return []
    lead = _("The timetable is published till %(day)s.", day=full_date(last))
    return [Need("soft", lead, _("There are no lessons after it yet."), path, _("Publish"))]
