"""What the doctor looks at; only a fault that stops planning or delivery is a fault, the rest are warnings."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler import clock
from scheduler.calls.tokens import token_warnings
from scheduler.config import Settings
from scheduler.database import db
from scheduler.models.calls import Call, CallState
from scheduler.models.chats import BulletinPart, Chat, ChatState, Connection, Notice, Platform, PostState, Reminder
from scheduler.models.school import School, Term
from scheduler.planning.remote.right import FEWEST_DECLARERS, declarers

STALE = timedelta(minutes=5)
LEAST_FREE = 200 * 2**20


@dataclass(slots=True)
class Examination:
    """What was found, each with what to do."""

    faults: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def words(self) -> str:
        """For a person to read."""
        lines = [f"✗ {text}" for text in self.faults] + [f"! {text}" for text in self.warnings]
        return "\n".join(lines or [_("Everything is in order.")])


def examine(school: School) -> Examination:
    """Check the installation and one school."""
    found = Examination()
    for look in (_clock, _calendar, _people, _chats, _posts, _calls):
        found.warnings += look(school)
    found.warnings += [warning.text for warning in token_warnings(school.id)]
    found.faults += _connections(school)
    found.faults += _disk()
    return found


def _disk() -> Iterator[str]:
    """With no room left nothing can be planned, and no answer of a messenger kept."""
    free = shutil.disk_usage(current_app.config["SETTINGS"].instance).free
    if free < LEAST_FREE:
        yield _("The disk is nearly full: %(free)s MB are left. Make room, else nothing can be planned or posted.",
                free=free // 2**20)  # fmt: skip


def _clock(_school: School) -> Iterator[str]:
    settings: Settings = current_app.config["SETTINGS"]
    if clock.offset():
        yield _("The clock is shifted for the demonstration.")
    if not settings.is_secure and not settings.is_sandboxed:
        yield _("PUBLIC_URL is not https: messengers will not call the webhook, and links are not protected.")


def _calendar(school: School) -> Iterator[str]:
    today = clock.today(school.timezone)
    published = db.session.scalar(
        sa.select(sa.func.max(Term.published_to)).where(Term.school_id == school.id, Term.published_to.is_not(None))
    )
    if published is None:
        yield _("The timetable is not published: `scheduler publish --from … --to …`.")
    elif published < today + timedelta(days=7):
        yield _("Lessons are published only until %(date)s.", date=published.isoformat())


def _people(school: School) -> Iterator[str]:
    if len(declarers(db.session(), school.id)) < FEWEST_DECLARERS:
        yield _("Fewer than two people can sign in and declare a remote day: invite one more.")


def _chats(school: School) -> Iterator[str]:
    waiting = _count(
        Chat, school, Chat.state.in_((ChatState.UNCONNECTED, ChatState.FOUND)), Chat.platform != Platform.BY_HAND
    )
    if waiting:
        yield ngettext("%(num)d chat is not connected.", "%(num)d chats are not connected.", waiting)
    removed = _count(Chat, school, Chat.state == ChatState.REMOVED)
    if removed:
        yield ngettext("The bot was removed from %(num)d chat.", "The bot was removed from %(num)d chats.", removed)


def _posts(school: School) -> Iterator[str]:
    for model in (BulletinPart, Notice, Reminder):
        parked = _count(model, school, model.state == PostState.PARKED)
        if parked:
            yield ngettext("%(num)d post needs a person: see Chats.", "%(num)d posts need a person: see Chats.", parked)
        overdue = _count(
            model,
            school,
            model.state.in_((PostState.WANTED, PostState.SENDING)),
            model.due_at < clock.now() - STALE,
        )
        if overdue:
            yield ngettext(
                "%(num)d post is overdue: is a worker running?",
                "%(num)d posts are overdue: is a worker running?",
                overdue,
            )


def _calls(school: School) -> Iterator[str]:
    failed = _count(Call, school, Call.state == CallState.FAILED)
    if failed:
        yield ngettext("%(num)d lesson has no way to join.", "%(num)d lessons have no way to join.", failed)


def _connections(school: School) -> Iterator[str]:
    refused = _count(Connection, school, Connection.is_refused.is_(True))
    if refused:
        yield _("The messenger refuses the bot's token: enter a new one under Chats.")


def _count(model: type, school: School, *conditions: sa.ColumnElement[bool]) -> int:
    query = sa.select(sa.func.count()).select_from(model).where(model.school_id == school.id, *conditions)  # type: ignore[attr-defined]
    return db.session.scalar(query) or 0
