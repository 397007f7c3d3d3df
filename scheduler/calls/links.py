"""What persons decide about ways to join: a lesson's own link, standing rooms, the choice of school and courses.

Whether they may is asked by the caller. Posts and calendars are brought along by the caller too: they name the way.
"""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.calls.choose import choose
from scheduler.calls.loading import load_audiences, load_ground
from scheduler.calls.require import drop, known_calls, new_call, settle, wants_call
from scheduler.calls.room import LinkRefusedError, checked_host, checked_room_url
from scheduler.database import wake_after_commit
from scheduler.models.calls import Call, CallState, RoomOwner, StandingRoom
from scheduler.models.classes import SchoolClass
from scheduler.models.courses import Course
from scheduler.models.lessons import Lesson
from scheduler.models.people import Person
from scheduler.models.school import CallWay, School

_OWNERS: Mapping[RoomOwner, type[SchoolClass | Person | Course]] = {
    RoomOwner.CLASS: SchoolClass,
    RoomOwner.TEACHER: Person,
    RoomOwner.COURSE: Course,
}


def set_link(session: Session, lesson: Lesson, url: str | None) -> bool:
    """Give a lesson a link that a person chose, in force at once; None goes back to the school's choice.

    Answers whether the way that posts name is another one now. Raises LinkRefusedError with the reason in words.
    """
    if not wants_call(lesson):
        raise LinkRefusedError("NO_CALL", _("This lesson is not held by video call."))
    call = known_calls(session, [lesson.id]).get(lesson.id) or new_call(session, lesson)
    way = call.shown_way
    drop(call)
    if url is None:
        _let_school_choose(session, call, lesson)
    else:
        checked = checked_room_url(url, session.get_one(School, lesson.school_id).call_hosts)
        call.url, call.external_id, call.made_at, call.room_id, call.chat_id = checked, None, None, None, None
        call.way, call.state, call.problem, call.is_chosen_by_person = CallWay.ROOM, CallState.READY, "", True
    session.flush()
    if call.state is CallState.WANTED:
        wake_after_commit(session, "call", call.id)
    return CallWay.IN_CHAT in (way, call.shown_way) and way is not call.shown_way


def _let_school_choose(session: Session, call: Call, lesson: Lesson) -> None:
    call.is_chosen_by_person = False
    call.way = CallWay.ROOM  # nothing that VK made is left to come back to
    audience = load_audiences(session, [lesson])[lesson.id]
    settle(call, lesson, choose(audience, load_ground(session, lesson.school_id)), now=clock.now(), is_moved=False)


def set_room(session: Session, school_id: int, owner: tuple[RoomOwner, int], url: str) -> None:
    """Store the standing link of a class, a teacher or a course; an empty one takes it away.

    Call `require.reconsider` afterwards, once for all rooms. Raises LinkRefusedError: also for a link that another
    owner has already, because strangers would meet in it.
    """
    kind, owner_id = owner
    _ensure_owner(session, school_id, kind, owner_id)
    room = session.scalars(
        sa.select(StandingRoom).where(
            StandingRoom.school_id == school_id, StandingRoom.owner_kind == kind, StandingRoom.owner_id == owner_id
        )
    ).first()
    if not url.strip():
        if room is not None:
            session.delete(room)
            session.flush()
        return
    checked = checked_room_url(url, session.get_one(School, school_id).call_hosts)
    _ensure_nobody_elses(session, school_id, checked, room)
    if room is None:
        room = StandingRoom(school_id=school_id, owner_kind=kind, owner_id=owner_id, url=checked)
        session.add(room)
    room.url, room.pasted_at = checked, clock.now()
    session.flush()


def _ensure_owner(session: Session, school_id: int, kind: RoomOwner, owner_id: int) -> None:
    owner = session.get(_OWNERS[kind], owner_id)
    if owner is None or owner.school_id != school_id:
        raise LinkRefusedError("NO_OWNER", _("This class, teacher or course is not on the school's list."))


def _ensure_nobody_elses(session: Session, school_id: int, url: str, room: StandingRoom | None) -> None:
    query = sa.select(StandingRoom.id).where(StandingRoom.school_id == school_id, StandingRoom.url == url)
    if any(room is None or other_id != room.id for other_id in session.scalars(query)):
        raise LinkRefusedError("TAKEN", _("This link already belongs to another class, teacher or course."))


def set_way(session: Session, school_id: int, way: CallWay) -> None:
    """Store the school's choice; then call `require.reconsider`."""
    session.get_one(School, school_id).call_way = way


def set_course_way(session: Session, school_id: int, course_id: int, way: CallWay | None) -> None:
    """Store a course's own choice (None: as the school); then call `require.reconsider`."""
    _ensure_owner(session, school_id, RoomOwner.COURSE, course_id)
    session.get_one(Course, course_id).call_way = way


def set_hosts(session: Session, school_id: int, hosts: Iterable[str]) -> None:
    """Store the further call services that the school allows; raises LinkRefusedError for what is none."""
    checked = sorted({checked_host(host) for host in hosts if host.strip()})
    session.get_one(School, school_id).call_hosts = checked
