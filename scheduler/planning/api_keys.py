"""Making, finding and ending the keys of other programs; what a key may is its person's rights."""

import secrets
from datetime import timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.api_keys import ApiKey
from scheduler.models.people import Account, Person
from scheduler.planning.devices import token_hash
from scheduler.planning.errors import PlanningError

MOST_KEYS = 20
TOUCH_EVERY = timedelta(minutes=10)


def make_key(school_id: int, person_id: int, *, label: str, may_write: bool) -> str:
    """A new key of a person; answered once, afterwards nobody can read it. Raises PlanningError past twenty keys."""
    token = secrets.token_urlsafe(32)
    with transaction() as session:
        known = session.scalar(
            sa.select(sa.func.count(ApiKey.id)).where(ApiKey.person_id == person_id, ApiKey.ended_at.is_(None))
        )
        if (known or 0) >= MOST_KEYS:
            raise PlanningError(_("There are twenty keys already: end one that is not used."))
        session.add(
            ApiKey(
                school_id=school_id, person_id=person_id, label=label.strip()[:80], token_hash=token_hash(token),
                may_write=may_write, created_at=clock.now(),
            )
        )  # fmt: skip
    return token


def find_key(token: str) -> ApiKey | None:
    """The key in force with this token, of a person who can still sign in; when it was used last is kept roughly."""
    key = db.session.scalar(
        sa.select(ApiKey)
        .join(Person, Person.id == ApiKey.person_id)
        .join(Account, Account.id == Person.account_id)
        .where(
            ApiKey.token_hash == token_hash(token),
            ApiKey.ended_at.is_(None),
            ~Person.is_archived,
            Account.is_active,
        )
    )
    if key is None or (key.seen_at is not None and clock.now() - key.seen_at < TOUCH_EVERY):
        return key
    with transaction() as session:
        session.execute(sa.update(ApiKey).where(ApiKey.id == key.id).values(seen_at=clock.now()))
    return db.session.get(ApiKey, key.id)


def keys_of(person_id: int) -> list[ApiKey]:
    """A person's keys in force, the newest first."""
    query = sa.select(ApiKey).where(ApiKey.person_id == person_id, ApiKey.ended_at.is_(None))
    return list(db.session.scalars(query.order_by(ApiKey.id.desc())))


def end_key(key_id: int, *, person_id: int) -> bool:
    """End a key at once; False where it is not the person's."""
    with transaction() as session:
        key = session.get(ApiKey, key_id)
        if key is None or key.person_id != person_id:
            return False
        key.ended_at = key.ended_at or clock.now()
        return True
