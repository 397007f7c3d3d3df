"""The one permission table: which role may do what, and how far its scope reaches. No database, no Flask."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    DIRECTOR = "director"
    DEPUTY_HEAD = "deputy_head"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    CHAT_ADMINISTRATOR = "chat_administrator"
    TEACHER = "teacher"
    STUDENT = "student"
    PARENT = "parent"
    REMOTE_DAY_DECLARER = "remote_day_declarer"


class ScopeKind(StrEnum):
    SCHOOL = "school"
    CLASS = "class"
    CHAT = "chat"


class Action(StrEnum):
    VIEW_STAFF_PAGES = "view_staff_pages"
    BOOK_OWN_LESSON = "book_own_lesson"
    BOOK_CLASS_LESSON = "book_class_lesson"
    BOOK_ANY_LESSON = "book_any_lesson"
    OVERRIDE_RULE = "override_rule"
    GIVE_CONSENT = "give_consent"
    DECLARE_REMOTE_DAY = "declare_remote_day"
    VIEW_CHATS = "view_chats"
    MANAGE_CHAT = "manage_chat"
    CONNECT_CHATS = "connect_chats"
    VIEW_SCHOOL = "view_school"
    MANAGE_SCHOOL = "manage_school"
    IMPORT_TIMETABLE = "import_timetable"
    PUBLISH_TIMETABLE = "publish_timetable"
    INVITE_PEOPLE = "invite_people"
    MANAGE_CALLS = "manage_calls"
    VIEW_DIRECTOR_PAGES = "view_director_pages"
    VIEW_OWN_PAGES = "view_own_pages"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that a person holds within a scope; `scope_id` is None for the whole school."""

    role: Role
    scope: ScopeKind = ScopeKind.SCHOOL
    scope_id: int | None = None


_STAFF = frozenset(
    {
        Action.VIEW_STAFF_PAGES,
        Action.BOOK_OWN_LESSON,
        Action.VIEW_CHATS,
        Action.VIEW_SCHOOL,
        Action.VIEW_OWN_PAGES,
        Action.OVERRIDE_RULE,
    }
)

ALLOWED: dict[Role, frozenset[Action]] = {
    Role.DIRECTOR: _STAFF
    | {
        Action.BOOK_ANY_LESSON,
        Action.GIVE_CONSENT,
        Action.DECLARE_REMOTE_DAY,
        Action.VIEW_DIRECTOR_PAGES,
        Action.MANAGE_SCHOOL,
        Action.INVITE_PEOPLE,
        Action.MANAGE_CHAT,
    },
    Role.DEPUTY_HEAD: _STAFF
    | {
        Action.BOOK_ANY_LESSON,
        Action.GIVE_CONSENT,
        Action.DECLARE_REMOTE_DAY,
        Action.VIEW_DIRECTOR_PAGES,
        Action.IMPORT_TIMETABLE,
        Action.PUBLISH_TIMETABLE,
        Action.MANAGE_SCHOOL,
        Action.MANAGE_CHAT,
        Action.MANAGE_CALLS,
        Action.CONNECT_CHATS,
    },
    Role.SYSTEM_ADMINISTRATOR: frozenset(
        {
            Action.VIEW_STAFF_PAGES,
            Action.VIEW_OWN_PAGES,
            Action.VIEW_SCHOOL,
            Action.MANAGE_SCHOOL,
            Action.IMPORT_TIMETABLE,
            Action.PUBLISH_TIMETABLE,
            Action.INVITE_PEOPLE,
            Action.MANAGE_CALLS,
            Action.VIEW_CHATS,
            Action.CONNECT_CHATS,
        }
    ),
    Role.CHAT_ADMINISTRATOR: _STAFF | {Action.BOOK_CLASS_LESSON, Action.MANAGE_CHAT},
    Role.TEACHER: _STAFF,
    Role.STUDENT: frozenset({Action.VIEW_OWN_PAGES}),
    Role.PARENT: frozenset({Action.VIEW_OWN_PAGES}),
    Role.REMOTE_DAY_DECLARER: frozenset({Action.DECLARE_REMOTE_DAY}),
}


def may(grants: Iterable[Grant], action: Action, *, class_ids: Iterable[int] = (), chat_id: int | None = None) -> bool:
    """Whether one of the grants allows the action on these classes or this chat.

    A grant of the whole school reaches everything in it; one of a class reaches only changes that stay within that
    class, one of a chat only that chat. With neither classes nor chat named, any scope will do (the page itself
    then shows only what the scope reaches).
    """
    wanted = frozenset(class_ids)
    return any(action in ALLOWED[grant.role] and _reaches(grant, wanted, chat_id) for grant in grants)


def _reaches(grant: Grant, class_ids: frozenset[int], chat_id: int | None) -> bool:
    if grant.scope is ScopeKind.SCHOOL:
        return True
    if grant.scope is ScopeKind.CLASS:
        return chat_id is None and class_ids <= {grant.scope_id}
    return not class_ids and chat_id in (None, grant.scope_id)
