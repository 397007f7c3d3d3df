"""Reminds a chat some minutes before its video lessons: writes the wanted posts, one a moment. It sends nothing.

A lesson that moves takes its reminder along; one that was sent is edited, never sent again for the same moment.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.chats.bulletins import DayPlan, buttons_of
from scheduler.chats.lines import LessonLine
from scheduler.chats.posts import may_be_seen, set_text, settle
from scheduler.chats.timing import after_quiet, hours_of, is_loud
from scheduler.models.chats import Chat, ChatKind, ChatState, Platform, PostState, Reminder
from scheduler.models.school import School

CHOICES = (5, 10, 15, 30)
"""Minutes that a chat may choose."""


def set_reminders(
    session: Session, school: School, chat: Chat, plan: DayPlan, known: Mapping[time, Reminder]
) -> list[Reminder]:
    """Bring the chat's reminders of a day to what is planned now; answers those that changed.

    None is made for a moment whose hour to remind has passed: the bulletin or the notice itself says it then.
    """
    wanted = _by_start(plan) if _wants(chat) else {}
    changed = []
    for start in sorted(known.keys() | wanted.keys()):
        starts_at = clock.to_utc(plan.date, start, school.timezone)
        if starts_at <= clock.now():
            continue
        due = _due(school, chat, starts_at)
        reminder = known.get(start)
        if reminder is None or reminder.state is PostState.WITHDRAWN:
            if start not in wanted or due <= clock.now():
                continue
            reminder = reminder or _new(session, chat, plan, start, starts_at)
        if _set(reminder, chat, plan, wanted.get(start, ()), due=due):
            changed.append(reminder)
    return changed


def _wants(chat: Chat) -> bool:
    is_there = chat.state is ChatState.CONNECTED and chat.platform is not Platform.BY_HAND
    return is_there and chat.reminder_minutes is not None and chat.kind is not ChatKind.TEACHERS


def _by_start(plan: DayPlan) -> dict[time, list[LessonLine]]:
    found = defaultdict(list)
    for line in sorted(plan.remote, key=lambda line: line.order):
        if line.is_call:
            found[line.start].append(line)
    return found


def _due(school: School, chat: Chat, starts_at: datetime) -> datetime:
    moment = starts_at - timedelta(minutes=chat.reminder_minutes or 0)
    return after_quiet(moment, hours_of(school, chat), first_start=starts_at)


def _new(session: Session, chat: Chat, plan: DayPlan, start: time, starts_at: datetime) -> Reminder:
    reminder = Reminder(
        school_id=chat.school_id, chat=chat, date=plan.date, start=start, starts_at=starts_at, due_at=starts_at,
        text="", wanted_hash="", generation=1, state=PostState.WITHDRAWN, is_uncertain=False, looks=0, attempts=0,
    )  # fmt: skip
    session.add(reminder)
    return reminder


def _set(reminder: Reminder, chat: Chat, plan: DayPlan, lines: Sequence[LessonLine], *, due: datetime) -> bool:
    is_seen = may_be_seen(reminder) or reminder.state is PostState.SENDING
    if not lines and not is_seen:
        reminder.state = PostState.WITHDRAWN
        return False
    before = (reminder.wanted_hash, reminder.due_at)
    name = "reminder" if lines else "reminder_gone"
    text = plan.own.render(
        name,
        class_name=plan.class_name,
        start=reminder.start,
        lines=lines,
        is_parents=plan.is_parents,
        class_url=plan.url,
    )
    set_text(reminder, text, buttons_of(plan))
    if reminder.state is not PostState.WITHDRAWN and before == (reminder.wanted_hash, clock.now() if is_seen else due):
        return False
    grade = chat.school_class.grade if chat.school_class else None
    reminder.is_loud = is_loud(chat.kind, grade, sounds=chat.sounds, is_remote_day=False)
    settle(reminder, chat, due_at=clock.now() if is_seen else due)
    return True
