"""Writes down what each chat should show after lessons changed; delivery makes it so later. It sends nothing itself."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.chats.bulletins import DayPlan, buttons_of, wanted_parts, withdrawn_text
from scheduler.chats.due import IS_LATER, moment_of
from scheduler.chats.lines import LessonLine, changed_lines, from_kept, gone_line
from scheduler.chats.loading import Loaded, class_ids_of_school, load_days, load_groups
from scheduler.chats.notices import note_changes
from scheduler.chats.own_texts import note_failed
from scheduler.chats.posts import Post, may_be_seen, set_text, settle, wake_due
from scheduler.chats.reminders import set_reminders
from scheduler.chats.timing import is_loud
from scheduler.models.addresses import class_url, my_url
from scheduler.models.changes import LessonChange
from scheduler.models.chats import Bulletin, BulletinPart, Chat, ChatKind, Platform, PostState
from scheduler.models.classes import StudyGroup
from scheduler.models.names import shown_class
from scheduler.models.school import School
from scheduler.models.school_day import locked_days
from scheduler.rules.facts import LessonState

TEXT_UNTIL_KNOWN = ""
TOLD_APART = "is_told_apart"
"""Set while a remote day is declared: one notice tells the decision, the lessons that it changes need none."""


def mark_stale(session: Session, school_id: int, changes: Sequence[LessonChange]) -> None:
    """Compute anew what the chats of the changed lessons' classes and the teachers' chat should show.

    A change of date touches both days. Where a chat had already shown the day, a notice is opened or joined. Queries
    do not grow with the number of lessons. The caller holds the lock of the days.
    """
    groups = load_groups(session, {change.lesson.group_id for change in changes})
    touched = touched_days(changes, groups)
    if touched:
        _refresh(session, session.get_one(School, school_id), touched)


def refresh_day(session: Session, school_id: int, day: date) -> None:
    """Compute anew what all chats of the school should show about a date, after a setting or a template changed."""
    refresh_days(session, school_id, {day: class_ids_of_school(session, school_id)})


def refresh_days(session: Session, school_id: int, touched: Mapping[date, Collection[int]]) -> None:
    """The same for some classes and the teachers' chat; takes the locks of the days itself."""
    if touched:
        locked_days(session, school_id, touched)
        _refresh(session, session.get_one(School, school_id), touched)


def touched_days(changes: Sequence[LessonChange], groups: Mapping[int, StudyGroup]) -> dict[date, set[int]]:
    """Class ids by date, of what stood before and of what stands now; private groups stand in no chat."""
    touched: dict[date, set[int]] = defaultdict(set)
    for change in changes:
        before, lesson, group = change.before, change.lesson, groups[change.lesson.group_id]
        if before is not None and not before.is_private and before.state is not LessonState.WAITING:
            touched[before.date] |= before.class_ids
        if not group.is_private and lesson.state is not LessonState.WAITING:
            touched[lesson.date] |= {part.class_id for part in group.parts}
    return touched


def _refresh(session: Session, school: School, touched: Mapping[date, Collection[int]]) -> None:
    loaded = load_days(session, school, touched)
    changed: list[Post] = []
    for chat in loaded.chats:
        is_told = False
        for day in sorted(touched):
            if chat.class_id is None or chat.class_id in touched[day]:
                found = _refresh_chat(session, loaded, chat, day, is_told=is_told)
                is_told = is_told or any(_is_new(post) and post.due_at <= clock.now() for post in found)
                changed += found
    session.flush()
    note_failed(session, school.id, loaded.own)
    for post in sorted(changed, key=lambda post: post.due_at):
        if not isinstance(post, BulletinPart) or post.number == 1 or post.message_id is not None:
            wake_due(session, post)  # a new part is woken by the one before it


def _is_new(post: Post) -> bool:
    is_first = isinstance(post, BulletinPart) and post.number == 1
    return is_first and post.state is PostState.WANTED and not may_be_seen(post)


def _refresh_chat(session: Session, loaded: Loaded, chat: Chat, day: date, *, is_told: bool) -> list[Post]:
    """The posts that changed; `is_told` where this decision tells the chat another day at once."""
    bulletin = loaded.bulletins.get((chat.id, day))
    is_seen = bulletin is not None and any(may_be_seen(part) for part in bulletin.parts)
    before = _shown_lines(bulletin) if bulletin is not None and is_seen else []
    lines = _lines(loaded, chat, day, before)
    if bulletin is None:
        if not lines:
            return []
        bulletin = Bulletin(school_id=chat.school_id, chat=chat, date=day, shown={}, remote_words={})
        bulletin.is_remote_day = False
        session.add(bulletin)
    plan = plan_of(loaded, bulletin, lines)
    texts = wanted_parts(plan) if plan.remote or is_seen else []
    is_later = is_told or bool(bulletin.remote_words.get(IS_LATER))
    # a bulletin that stands and grows by a part is not told anew: the part follows at once, without a sound
    due = clock.now() if is_seen else moment_of(loaded.school, chat, bulletin, lines, is_later=is_later)
    changed: list[Post] = [*_set_parts(bulletin, plan, texts, due)]
    bulletin.shown = {} if chat.kind is ChatKind.TEACHERS else {str(line.lesson_id): line.kept() for line in lines}
    is_told_apart = bool(bulletin.remote_words.get("is_undone") or bulletin.remote_words.get(TOLD_APART))
    if bulletin.remote_words.get(TOLD_APART):
        bulletin.remote_words = {**bulletin.remote_words, TOLD_APART: False}
    if is_seen and chat.kind is not ChatKind.TEACHERS and chat.platform is not Platform.BY_HAND and not is_told_apart:
        note_changes(session, loaded.school, plan, chat, changed_lines(before, lines))
    return changed + set_reminders(session, loaded.school, chat, plan, loaded.reminders.get((chat.id, day), {}))


def _shown_lines(bulletin: Bulletin) -> list[LessonLine]:
    return [from_kept(plain) for plain in bulletin.shown.values()]


def _lines(loaded: Loaded, chat: Chat, day: date, before: Sequence[LessonLine]) -> list[LessonLine]:
    present = loaded.lines(day, chat.class_id)
    gone = [gone_line(line, day, loaded.by_id.get(line.lesson_id)) for line in before if line.lesson_id not in present]
    return [*present.values(), *gone]


def plan_of(loaded: Loaded, bulletin: Bulletin, lines: Sequence[LessonLine]) -> DayPlan:
    """The day of one chat as its text needs it."""
    chat = bulletin.chat
    school_class = chat.school_class
    return DayPlan(
        kind=chat.kind or ChatKind.TEACHERS,
        class_name=shown_class(school_class.label) if school_class else "",
        date=bulletin.date,
        url=class_url(school_class.page_token) if school_class else my_url(),
        lines=lines,
        has_lessons_at_school=(chat.class_id, bulletin.date) in loaded.at_school,
        is_remote_day=bulletin.is_remote_day,
        remote_words=dict(bulletin.remote_words or {}),
        own=loaded.own,
    )


def _set_parts(bulletin: Bulletin, plan: DayPlan, texts: Sequence[str], due: datetime) -> list[BulletinPart]:
    """The parts whose wanted text changed. An edit is silent and waits for nothing but its turn."""
    parts = {part.number: part for part in bulletin.parts}
    numbers = range(1, max(len(texts), *parts, 0) + 1)
    changed = []
    for number in numbers:
        text = texts[number - 1] if number <= len(texts) else None
        part = parts.get(number) or _new_part(bulletin, number)
        if _set_part(part, plan, text, due):
            changed.append(part)
    return changed


def _new_part(bulletin: Bulletin, number: int) -> BulletinPart:
    part = BulletinPart(
        school_id=bulletin.school_id, number=number, text=TEXT_UNTIL_KNOWN, wanted_hash="", generation=1
    )
    part.state, part.is_uncertain, part.looks, part.attempts = PostState.WANTED, False, 0, 0
    bulletin.parts.append(part)
    return part


def _set_part(part: BulletinPart, plan: DayPlan, text: str | None, due: datetime) -> bool:
    if text is None and not may_be_seen(part) and part.state is not PostState.SENDING:
        part.state = PostState.WITHDRAWN
        return False
    old = part.wanted_hash
    set_text(part, withdrawn_text(plan) if text is None else text, buttons_of(plan))
    if part.wanted_hash == old and part.state is not PostState.WITHDRAWN:
        return False
    chat = part.bulletin.chat
    grade = chat.school_class.grade if chat.school_class else None
    loud = is_loud(chat.kind, grade, sounds=chat.sounds, is_remote_day=plan.sounds_as_remote_day)
    part.is_loud = part.number == 1 and loud
    settle(part, chat, due_at=clock.now() if part.message_id else due)
    return True
