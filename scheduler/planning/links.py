"""What persons decide about ways to join, with what follows in chats and calendars where these name the way."""

from collections.abc import Callable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from scheduler import clock
from scheduler.calls.links import set_link
from scheduler.calls.loading import in_portions
from scheduler.calls.provide import provide_call
from scheduler.calls.require import reconsider
from scheduler.calls.room import LinkRefusedError
from scheduler.calls.stand_in import stand_in
from scheduler.database import transaction
from scheduler.models.changes import LessonChange, snapshot
from scheduler.models.lessons import Lesson
from scheduler.models.school_day import locked_days
from scheduler.planning import consequences
from scheduler.planning.audit import record
from scheduler.planning.errors import PlanningError
from scheduler.planning.locking import lock
from scheduler.planning.permission import ensure_may_plan
from scheduler.planning.values import values_of
from scheduler.rules.facts import LessonMode


def replace_link(school_id: int, lesson_id: int, url: str | None, *, actor_id: int | None) -> None:
    """Put a link that a person chose behind a lesson's join page; None goes back to the school's choice.

    Posts keep the join page's address, so they change only where the way itself does (a call in the chat before).
    Raises PlanningError with the words for an address that cannot be used, NotAllowedError, NotThereError.
    """
    with transaction() as session:
        lesson = lock(session, school_id, lesson_ids=[lesson_id]).lesson(lesson_id)
        ensure_may_plan(session, school_id, actor_id, values_of(lesson))
        with_words(lambda: _set(session, lesson, url))
        record(session, school_id, "replace_link", actor_id=actor_id, subject=("lesson", lesson_id))


def _set(session: Session, lesson: Lesson, url: str | None) -> None:
    if set_link(session, lesson, url):
        _tell(session, lesson.school_id, [lesson])


def change_ways(school_id: int, change: Callable[[Session], None], *, action: str, actor_id: int | None) -> None:
    """Change rooms or choices of the school (`calls.links.set_…`), then all coming lessons that they concern.

    Raises PlanningError with the words for what cannot be used; then nothing is changed.
    """
    with transaction() as session:
        _lock_coming(session, school_id)
        with_words(lambda: change(session))
        session.flush()
        changed = reconsider(session, school_id)
        _tell(session, school_id, _lessons(session, changed))
        record(session, school_id, action, actor_id=actor_id, subject=("school", school_id))


def tell_new_way(session: Session, lesson: Lesson) -> None:
    """Another way stands in for the chosen one: posts and calendars name it. The caller holds the day's lock."""
    _tell(session, lesson.school_id, [lesson])


def provide(call_id: int) -> None:
    """Make the link of one lesson, or let something stand in for it, with what follows in posts and calendars."""
    provide_call(call_id, tell_new_way)


def stand_in_for(call_id: int) -> None:
    """Let something stand in for the late link of one lesson, with what follows in posts and calendars."""
    stand_in(call_id, tell_new_way)


def with_words(act: Callable[[], None]) -> None:
    """Turn the refusal of an address into a refusal of the plan, with the same words."""
    try:
        act()
    except LinkRefusedError as error:
        raise PlanningError(error.text) from error


def _lock_coming(session: Session, school_id: int) -> None:
    coming = sa.select(Lesson.date).where(
        Lesson.school_id == school_id,
        Lesson.ends_at > clock.now(),
        Lesson.mode.in_([mode for mode in LessonMode if mode.has_call]),
    )
    locked_days(session, school_id, session.scalars(coming.distinct()))


def _lessons(session: Session, lesson_ids: Sequence[int]) -> list[Lesson]:
    # all at once into the session: what follows asks for their groups and teachers
    loaded = (selectinload(Lesson.teaching), selectinload(Lesson.rooms), selectinload(Lesson.group))
    found: list[Lesson] = []
    for ids in in_portions(lesson_ids):
        found += session.scalars(sa.select(Lesson).where(Lesson.id.in_(ids)).options(*loaded))
    return found


def _tell(session: Session, school_id: int, lessons: list[Lesson]) -> None:
    changes = [LessonChange(snapshot(lesson), lesson) for lesson in lessons]
    for lesson in lessons:
        lesson.sequence += 1
        lesson.changed_at = clock.now()
    if changes:
        consequences.draw_told(session, school_id, changes)
