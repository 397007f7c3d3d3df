"""The choice between the ways to join a lesson, with its fallbacks; the decision is pure, only `resource_of` reads."""

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler.calls.ground import Audience, Choice, Ground
from scheduler.calls.in_chat import find_chat
from scheduler.calls.loading import audience, load_ground, load_group_audiences
from scheduler.calls.room import find_room
from scheduler.models.school import CallWay


def choose(audience: Audience, ground: Ground) -> Choice:
    """The way that posts and calendars will name: the course's choice or the school's, else the nearest that works.

    A subgroup has no chat of its own: a school that calls in chats needs a room or VK for it, else a person must act.
    """
    wished = ground.way_of(audience.course_id)
    if wished is CallWay.VK:
        return Choice(CallWay.VK)
    finders = (find_room, find_chat) if wished is CallWay.ROOM else (find_chat, find_room)
    for find in finders:
        if found := find(audience, ground):
            return found
    return Choice(CallWay.VK) if ground.has_token else _nothing(audience)


def fallback(audience: Audience, ground: Ground) -> Choice | None:
    """What stands in for a link that VK does not give: a standing room, then the call of the class's chat."""
    return find_room(audience, ground) or find_chat(audience, ground)


def _nothing(audience: Audience) -> Choice:
    if audience.whole_class_id is None:
        words = _(
            "There is no way to join: the lesson is not for one whole class, so the call of a class chat does not suit"
            " it, and there is no standing link. Paste a link for this lesson or a standing link of the teacher."
        )
    else:
        words = _(
            "There is no way to join: the pupils' chat of the class is not connected, and there is no standing link."
            " Connect the chat or paste a link."
        )
    return Choice(CallWay.ROOM, problem=words)


def resource_of(
    session: Session, school_id: int, *, course_id: int | None, group_id: int, teacher_ids: Iterable[int]
) -> str | None:
    """What a wished lesson's call would occupy: «room:7», «chat:12»; None where a link of its own is made for it."""
    group = load_group_audiences(session, [group_id]).get(group_id, Audience())
    return choose(audience(group, course_id, teacher_ids), load_ground(session, school_id)).resource
