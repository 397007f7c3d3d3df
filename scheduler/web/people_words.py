"""Roles, scopes and reasons in the user's words."""

from collections.abc import Iterable

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from scheduler.models.people import ClosureReason
from scheduler.permissions import Role

ROLES: dict[Role, LazyString] = {
    Role.TEACHER: _l("teacher"),
    Role.CHAT_ADMINISTRATOR: _l("chat administrator"),
    Role.DEPUTY_HEAD: _l("deputy head"),
    Role.DIRECTOR: _l("director"),
    Role.SYSTEM_ADMINISTRATOR: _l("system administrator"),
    Role.REMOTE_DAY_DECLARER: _l("may declare remote days"),
    Role.STUDENT: _l("pupil"),
    Role.PARENT: _l("parent"),
}
STAFF = frozenset(ROLES) - {Role.STUDENT, Role.PARENT}
REASONS: dict[ClosureReason, LazyString] = {
    ClosureReason.METHODICAL_DAY: _l("methodical day"),
    ClosureReason.SECOND_SCHOOL: _l("works at a second school"),
    ClosureReason.OTHER: _l("another reason"),
}
WEEKDAYS: tuple[LazyString, ...] = (
    _l("on Mondays"),
    _l("on Tuesdays"),
    _l("on Wednesdays"),
    _l("on Thursdays"),
    _l("on Fridays"),
    _l("on Saturdays"),
)


def role_words(roles: Iterable[Role]) -> str:
    """The roles joined, each once, in the table's order."""
    held = set(roles)
    return ", ".join(str(words) for role, words in ROLES.items() if role in held)
