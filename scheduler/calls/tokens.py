"""The VK token that makes links: it belongs to a person of the school, expires, is refused, is renewed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.calls.require import AHEAD
from scheduler.database import db, transaction, wake_after_commit
from scheduler.models.audit import AuditEvent
from scheduler.models.calls import Call, CallState, CallToken
from scheduler.models.courses import Course
from scheduler.models.lessons import Lesson
from scheduler.models.school import CallWay, School
from scheduler.models.secrets import encrypt

WARN_FIRST = timedelta(days=3)
WARN_AGAIN = timedelta(days=1)


class TokenTrouble(StrEnum):
    """Worst first; with `ENDS_SOON` links are still made."""

    MISSING = "missing"
    REFUSED = "refused"
    EXPIRED = "expired"
    ENDS_TOMORROW = "ends_tomorrow"
    ENDS_SOON = "ends_soon"

    @property
    def stops_links(self) -> bool:
        return self in (TokenTrouble.MISSING, TokenTrouble.REFUSED, TokenTrouble.EXPIRED)


@dataclass(frozen=True, slots=True)
class TokenWarning:
    """What a person must do about the token, in words."""

    trouble: TokenTrouble
    text: str
    expires_at: datetime | None = None


def token_of(session: Session, school_id: int) -> CallToken | None:
    """The school's token; the newest, should there be several."""
    query = sa.select(CallToken).where(CallToken.school_id == school_id)
    return session.scalars(query.order_by(CallToken.stored_at.desc(), CallToken.id.desc()).limit(1)).first()


def renew_token(school_id: int, token: str, expires_at: datetime | None, person_id: int | None) -> None:
    """Put a new token in the place of the old one, and ask at once for the links that were waiting for it.

    `person_id` is whose token it is. Raises ValueError for an empty token; VK itself is not asked here.
    """
    if not token.strip():
        raise ValueError(_("Paste the VK token."))
    with transaction() as session:
        session.execute(sa.delete(CallToken).where(CallToken.school_id == school_id))
        _store(session, school_id, token.strip(), expires_at=expires_at, person_id=person_id)
        _note_renewal(session, school_id, person_id)
        _wake_waiting(session, school_id)


def seed_token(school_id: int) -> bool:
    """Take the installation's VK_TOKEN as the school's first token; answers whether one was needed."""
    with transaction() as session:
        if token_of(session, school_id) is not None:
            return False
        _store(session, school_id, current_app.config["SETTINGS"].vk_token, expires_at=None, person_id=None)
        return True


def _store(session: Session, school_id: int, token: str, *, expires_at: datetime | None, person_id: int | None) -> None:
    session.add(
        CallToken(
            school_id=school_id,
            person_id=person_id,
            token=encrypt(token),
            expires_at=expires_at,
            is_refused=False,
            stored_at=clock.now(),
        )
    )


def _note_renewal(session: Session, school_id: int, person_id: int | None) -> None:
    session.add(
        AuditEvent(
            school_id=school_id,
            at=clock.now(),
            person_id=person_id,
            action="renew_token",
            subject_kind="school",
            subject_id=school_id,
        )
    )


def _wake_waiting(session: Session, school_id: int) -> None:
    now = clock.now()
    soon = sa.select(Lesson.id).where(
        Lesson.school_id == school_id, Lesson.ends_at > now, Lesson.starts_at <= now + AHEAD
    )
    waiting = sa.update(Call).where(
        Call.school_id == school_id,
        Call.way == CallWay.VK,
        Call.state.in_((CallState.WANTED, CallState.FAILED)),
        Call.lesson_id.in_(soon),
    )
    for call_id in session.scalars(waiting.values(due_at=now, attempts=0).returning(Call.id)).all():
        wake_after_commit(session, "call", call_id)


def token_warnings(school_id: int) -> list[TokenWarning]:
    """What is wrong with the token, where the school or a course makes links by VK: one warning or none."""
    if not _uses_vk(school_id):
        return []
    token = token_of(db.session(), school_id)
    if token is None:
        return [TokenWarning(TokenTrouble.MISSING, _("Links are made by VK, but no VK token has been entered."))]
    trouble = _trouble(token, clock.now())
    return [] if trouble is None else [TokenWarning(trouble, _words(trouble), token.expires_at)]


def _uses_vk(school_id: int) -> bool:
    course = sa.select(Course.id).where(Course.school_id == school_id, Course.call_way == CallWay.VK)
    school = sa.select(School.id).where(School.id == school_id, School.call_way == CallWay.VK)
    return bool(db.session.scalar(sa.select(sa.or_(course.exists(), school.exists()))))


def _trouble(token: CallToken, now: datetime) -> TokenTrouble | None:
    if token.is_refused:
        return TokenTrouble.REFUSED
    if token.expires_at is None or token.expires_at > now + WARN_FIRST:
        return None
    if token.expires_at <= now:
        return TokenTrouble.EXPIRED
    return TokenTrouble.ENDS_TOMORROW if token.expires_at <= now + WARN_AGAIN else TokenTrouble.ENDS_SOON


def _words(trouble: TokenTrouble) -> str:
    words = {
        TokenTrouble.REFUSED: _("VK no longer accepts the token of the school: no links are made. Enter a new one."),
        TokenTrouble.EXPIRED: _("The VK token has ended: no links are made. Enter a new one."),
        TokenTrouble.ENDS_TOMORROW: _("The VK token ends within a day. Enter a new one today."),
        TokenTrouble.ENDS_SOON: _("The VK token ends within three days. Enter a new one."),
    }
    return str(words[trouble])
