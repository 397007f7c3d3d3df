"""Browsers that stay signed in: the rows are the truth, a cookie only holds a random token whose hash is kept."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.people import Account, Device, Person
from scheduler.models.school import School

IDLE = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=10)


def token_hash(token: str) -> str:
    """What is stored of a random token: enough to recognise it, useless to whoever reads the table."""
    return sha256(token.encode()).hexdigest()


def find_device(token: str) -> Device | None:
    """The device that is signed in with this token; its time is prolonged while it is used."""
    now = clock.now()
    device = db.session.scalar(
        sa.select(Device)
        .join(Account, Account.id == Device.account_id)
        .where(
            Device.token_hash == token_hash(token),
            Device.ended_at.is_(None),
            Device.expires_at > now,
            Account.is_active,
        )
    )
    if device is None or now - device.seen_at < TOUCH_EVERY:
        return device
    _touch(device.id)
    return db.session.get(Device, device.id)


def _touch(device_id: int) -> None:
    with transaction() as session:
        device = session.get(Device, device_id)
        if device is None or device.ended_at is not None:
            return
        device.seen_at = clock.now()
        device.expires_at = _expiry(session, device)


def _expiry(session: Session, device: Device) -> datetime:
    now = clock.now()
    if not device.is_own:
        return now + IDLE
    days = session.scalar(
        sa.select(sa.func.min(School.device_days))
        .join(Person, Person.school_id == School.id)
        .where(Person.account_id == device.account_id)
    )
    return now + timedelta(days=days) if days else now + IDLE


def open_device(session: Session, account_id: int, *, label: str, is_own: bool) -> str:
    """Sign a browser in within a use case's transaction; returns its token, which nobody can read again.

    An account with one school is in it at once; one with several chooses next.
    """
    token = secrets.token_urlsafe(32)
    now = clock.now()
    people = session.scalars(sa.select(Person).where(Person.account_id == account_id, ~Person.is_archived)).all()
    device = Device(
        account_id=account_id, person_id=people[0].id if len(people) == 1 else None, token_hash=token_hash(token),
        label=label[:80], is_own=is_own, created_at=now, seen_at=now, expires_at=now,
    )  # fmt: skip
    device.expires_at = _expiry(session, device)
    session.add(device)
    return token


def devices_of(account_id: int) -> list[Device]:
    """The browsers now signed in with an account, the last used first."""
    return list(
        db.session.scalars(
            sa.select(Device)
            .where(Device.account_id == account_id, Device.ended_at.is_(None), Device.expires_at > clock.now())
            .order_by(Device.seen_at.desc(), Device.id.desc())
        )
    )


def end_device(device_id: int, *, account_id: int) -> bool:
    """Sign one browser of the account out, from wherever; False where it is not the account's."""
    with transaction() as session:
        device = session.get(Device, device_id)
        if device is None or device.account_id != account_id:
            return False
        device.ended_at = device.ended_at or clock.now()
        return True


def end_devices(session: Session, account_id: int, *, but: int | None = None) -> None:
    """Sign all browsers of an account out, but one, within a use case's transaction."""
    condition = [Device.account_id == account_id, Device.ended_at.is_(None)]
    if but is not None:
        condition.append(Device.id != but)
    session.execute(sa.update(Device).where(*condition).values(ended_at=clock.now()))


def choose_school(device_id: int, school_id: int) -> bool:
    """Enter a school on this device; False where the account has no person there."""
    with transaction() as session:
        device = session.get_one(Device, device_id)
        person_id = session.scalar(
            sa.select(Person.id).where(
                Person.account_id == device.account_id, Person.school_id == school_id, ~Person.is_archived
            )
        )
        if person_id is None:
            return False
        device.person_id = person_id
        return True
