"""Which lessons want a way to join: writes the wanted calls of changed lessons. Asks no provider."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.calls.choose import choose
from scheduler.calls.ground import Choice
from scheduler.calls.loading import in_portions, load_audiences, load_ground
from scheduler.database import wake_after_commit
from scheduler.models.calls import Call, CallState
from scheduler.models.changes import LessonChange
from scheduler.models.lessons import Lesson
from scheduler.models.school import CallWay
from scheduler.rules.facts import LessonState

AHEAD = timedelta(hours=2)
"""How long before a lesson its link is made at the earliest: how long an unused one lives is not documented."""

OPENS_BEFORE = timedelta(minutes=10)
"""From when on before the start the join page sends on; from then a link in force is not exchanged any more."""

_UNDECIDED = frozenset({CallState.WANTED, CallState.MAKING, CallState.FAILED, CallState.READY})


def require(session: Session, school_id: int, changes: Sequence[LessonChange]) -> None:
    """Write the wanted calls that follow from changed lessons, in the change's own transaction.

    Rooms and chats are ready at once; a link is due two hours before the lesson. Lessons that no longer want a call
    lose it; held ones keep what they had.
    """
    live = [change for change in changes if change.lesson.state is not LessonState.HELD]
    wanting = [change for change in live if wants_call(change.lesson)]
    known = known_calls(session, [change.lesson.id for change in live if change.before or wants_call(change.lesson)])
    for change in live:
        if not wants_call(change.lesson) and change.lesson.id in known:
            drop(known[change.lesson.id])
    if wanting:
        _settle_all(session, school_id, wanting, known)


def wants_call(lesson: Lesson) -> bool:
    """Whether pupils need a way to join this lesson."""
    return lesson.mode.has_call and lesson.state is LessonState.PLANNED


def reconsider(session: Session, school_id: int) -> list[int]:
    """Choose anew for all lessons to come, after rooms, chats or the school's choice changed.

    Answers the ids of lessons whose way is another one now, because posts and calendars name it.
    """
    query = sa.select(Lesson).where(Lesson.school_id == school_id, Lesson.ends_at > clock.now())
    lessons = [lesson for lesson in session.scalars(query) if wants_call(lesson)]
    known = known_calls(session, [lesson.id for lesson in lessons])
    ways = {lesson_id: call.shown_way for lesson_id, call in known.items()}
    _settle_all(session, school_id, [LessonChange(None, lesson) for lesson in lessons], known, is_change=False)
    return [lesson_id for lesson_id, way in ways.items() if known[lesson_id].shown_way is not way]


def known_calls(session: Session, lesson_ids: Sequence[int]) -> dict[int, Call]:
    """The calls of these lessons, locked: a worker's answer comes before this change or finds its lease ended."""
    found: dict[int, Call] = {}
    for ids in in_portions(sorted(lesson_ids)):
        query = sa.select(Call).where(Call.lesson_id.in_(ids)).order_by(Call.lesson_id).with_for_update()
        found.update({call.lesson_id: call for call in session.scalars(query)})
    return found


def _settle_all(
    session: Session,
    school_id: int,
    changes: Sequence[LessonChange],
    known: dict[int, Call],
    *,
    is_change: bool = True,
) -> None:
    now, ground = clock.now(), load_ground(session, school_id)
    audiences = load_audiences(session, [change.lesson for change in changes])
    calls = []
    for change in changes:
        lesson = change.lesson
        call = known.get(lesson.id) or new_call(session, lesson)
        known[lesson.id] = call
        settle(call, lesson, choose(audiences[lesson.id], ground), now=now, is_moved=is_change and _is_moved(change))
        calls.append(call)
    session.flush()
    for call in calls:
        if call.state is CallState.WANTED and call.due_at <= now:
            wake_after_commit(session, "call", call.id)


def new_call(session: Session, lesson: Lesson) -> Call:
    """A call that is not yet wanted; `settle` decides."""
    call = Call(
        school_id=lesson.school_id,
        lesson_id=lesson.id,
        way=CallWay.ROOM,
        state=CallState.DROPPED,
        due_at=lesson.starts_at,
        is_chosen_by_person=False,
    )
    session.add(call)
    return call


def _is_moved(change: LessonChange) -> bool:
    then, now = change.before, change.lesson
    return then is None or (then.date, then.start) != (now.date, now.start)


def drop(call: Call) -> None:
    """Take a call out of force; what was made for it stays noted, should the lesson come back soon."""
    call.state = CallState.DROPPED
    _end_lease(call)


def settle(call: Call, lesson: Lesson, choice: Choice, *, now: datetime, is_moved: bool) -> None:
    """Bring one call to what was chosen. A link that a person chose stays, whatever else changes."""
    if call.is_chosen_by_person:
        call.state = CallState.READY
    elif choice.way is CallWay.VK:
        _want_link(call, lesson, now=now, is_moved=is_moved)
    else:
        _take_choice(call, lesson, choice, now=now)


def _take_choice(call: Call, lesson: Lesson, choice: Choice, *, now: datetime) -> None:
    _forget(call)
    call.way, call.room_id, call.url, call.chat_id = choice.way, choice.room_id, choice.url, choice.chat_id
    call.problem = choice.problem
    call.state = CallState.FAILED if choice.problem else CallState.READY
    call.due_at = due_at(lesson, now)


def _want_link(call: Call, lesson: Lesson, *, now: datetime, is_moved: bool) -> None:
    if call.way is CallWay.VK and call.state in _UNDECIDED and not is_moved:
        return
    if is_fresh(call, lesson):
        call.state, call.problem = CallState.READY, ""
        _end_lease(call)
        return
    _forget(call)
    call.way, call.state, call.problem = CallWay.VK, CallState.WANTED, ""
    call.attempts = 0
    call.due_at = due_at(lesson, now)


def is_fresh(call: Call, lesson: Lesson) -> bool:
    """Whether a made link may serve the lesson as it stands now: it is not older than a link made on time."""
    is_made = call.way is CallWay.VK and bool(call.url) and call.made_at is not None
    return is_made and call.made_at is not None and call.made_at >= lesson.starts_at - AHEAD


def due_at(lesson: Lesson, now: datetime) -> datetime:
    """When a link for the lesson may be asked for."""
    return max(now, lesson.starts_at - AHEAD)


def _forget(call: Call) -> None:
    call.url = call.external_id = call.made_at = call.room_id = call.chat_id = None
    _end_lease(call)


def _end_lease(call: Call) -> None:
    """Whoever is asking a provider now will find that its answer is no longer wanted."""
    call.lease_token = call.lease_until = None
