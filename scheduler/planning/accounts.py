"""Use cases around signing in: invitations, passwords, the account that people of several schools share."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.people import Account, Invitation, Person
from scheduler.permissions import Role
from scheduler.planning.audit import record
from scheduler.planning.devices import end_devices, open_device, token_hash
from scheduler.planning.errors import NotThereError, PlanningError
from scheduler.planning.passwords import check_password, hash_password, verify_password
from scheduler.planning.permission import NotAllowedError, person_of

INVITED_FOR = timedelta(days=14)
LOGIN = re.compile(r"[0-9a-zа-яё][0-9a-zа-яё._@-]{2,63}")


class SignInError(PlanningError):
    """Login and password do not belong together; which of them is wrong is not said."""


class LoginError(PlanningError):
    """The wished login cannot be had; the sentence stands beside its field."""


@dataclass(frozen=True, slots=True)
class Browser:
    """What signs in: how it is called in the list of devices, and whether it is the person's own phone."""

    label: str = ""
    is_own: bool = False


def create_invitation(person_id: int, *, school_id: int, actor_id: int | None) -> str:
    """A token for the first entry, or for a new password; an earlier one stops working.

    The address is shown once, only a hash is kept. `actor_id` None is the command line. Raises `NotThereError`
    for a person of another school, `NotAllowedError` where a director is invited by anybody else.
    """
    token = secrets.token_urlsafe(24)
    now = clock.now()
    with transaction() as session:
        person = person_of(session, school_id, person_id)
        ensure_entrusted(session, actor_id, person)
        session.execute(sa.update(Invitation).where(_open(), Invitation.person_id == person_id).values(expires_at=now))
        session.add(
            Invitation(
                school_id=school_id, person_id=person_id, token_hash=token_hash(token),
                created_at=now, expires_at=now + INVITED_FOR,
            )
        )  # fmt: skip
        record(session, school_id, "invite", actor_id=actor_id, subject=("person", person_id))
    return token


def ensure_entrusted(session: Session, actor_id: int | None, person: Person) -> None:
    """Only a director invites a director or changes a director's roles; the command line may everything."""
    if actor_id is None or Role.DIRECTOR not in {row.role for row in person.roles}:
        return
    if Role.DIRECTOR not in {row.role for row in person_of(session, person.school_id, actor_id).roles}:
        raise NotAllowedError(_("A director's sign-in and roles are changed by a director only."))


def _open() -> sa.ColumnElement[bool]:
    return sa.and_(Invitation.used_at.is_(None), Invitation.expires_at > clock.now())


def invited_person(token: str) -> Person | None:
    """Whom an invitation is for; None for an unknown, used or ended one alike."""
    person_id = db.session.scalar(sa.select(Invitation.person_id).where(_open(), _is(token)))
    return db.session.get(Person, person_id) if person_id else None


def _is(token: str) -> sa.ColumnElement[bool]:
    return Invitation.token_hash == token_hash(token)


def clean_login(login: str) -> str:
    """The form in which logins are compared: without spaces around, in small letters."""
    return login.strip().lower()


def accept_invitation(token: str, login: str, password: str, *, browser: Browser, has_account: bool = False) -> str:
    """Make the account of an invited person and sign this browser in; returns the device's token.

    With `has_account` the person joins the account that they use in another school already. A second invitation
    replaces login and password; an account that serves other schools too is left to them untouched. Raises
    `NotThereError` (invitation), `SignInError` (the other account), `LoginError`, `WeakPasswordError`.
    """
    login = clean_login(login)
    if has_account:
        _ensure_password(login, password)
        new_hash = ""
    else:
        check_login(login)
        check_password(password, login)
        new_hash = hash_password(password)  # slow on purpose, so before the writing begins
    with transaction() as session:
        person = _take_invitation(session, token)
        account = _joined(session, person, login) if has_account else _made(session, person, login, new_hash)
        _leave_account(session, person, account)
        person.account_id = account.id
        session.flush()
        record(session, person.school_id, "accept_invitation", actor_id=person.id, subject=("person", person.id))
        return open_device(session, account.id, label=browser.label, is_own=browser.is_own)


def check_login(login: str) -> None:
    """Raise `LoginError` where the login has a shape that people will mistype."""
    if not LOGIN.fullmatch(login):
        raise LoginError(_("A login has 3 to 64 letters, figures, full stops or hyphens, without spaces."))


def _ensure_password(login: str, password: str) -> None:
    kept = db.session.scalar(sa.select(Account.password_hash).where(Account.login == login, Account.is_active))
    if not verify_password(kept, password):
        raise SignInError(_("Login or password is wrong."))


def _take_invitation(session: Session, token: str) -> Person:
    invitation = session.scalar(sa.select(Invitation).where(_open(), _is(token)).with_for_update())
    if invitation is None:
        raise NotThereError(_("This invitation no longer works. Ask the school for a new one."))
    invitation.used_at = clock.now()
    return session.get_one(Person, invitation.person_id)


def _joined(session: Session, person: Person, login: str) -> Account:
    account = session.scalars(sa.select(Account).where(Account.login == login)).one()
    if _people_of(session, account.id, person.school_id, but=person.id):
        raise LoginError(_("This sign-in belongs to another person of the school."))
    return account


def _made(session: Session, person: Person, login: str, new_hash: str) -> Account:
    account = session.scalar(sa.select(Account).where(Account.login == login))
    if account is None:
        return _first_with(session, login, new_hash)
    if account.id != person.account_id or _people_of(session, account.id, but=person.id):
        raise LoginError(_("This login is taken. Add a full stop or a figure."))
    account.password_hash = new_hash
    end_devices(session, account.id)
    return account


def _first_with(session: Session, login: str, new_hash: str) -> Account:
    """The account, unless somebody else has taken the login since it was looked for."""
    account = Account(login=login, password_hash=new_hash)
    try:
        with session.begin_nested():
            session.add(account)
            session.flush()
    except IntegrityError:
        raise LoginError(_("This login is taken. Add a full stop or a figure.")) from None
    return account


def _people_of(session: Session, account_id: int, school_id: int | None = None, *, but: int) -> bool:
    conditions = [Person.account_id == account_id, Person.id != but]
    if school_id is not None:
        conditions.append(Person.school_id == school_id)
    return session.scalar(sa.select(Person.id).where(*conditions).limit(1)) is not None


def _leave_account(session: Session, person: Person, account: Account) -> None:
    """An account that nobody uses any more is shut, with all its browsers."""
    old_id = person.account_id
    if old_id is None or old_id == account.id or _people_of(session, old_id, but=person.id):
        return
    session.get_one(Account, old_id).is_active = False
    end_devices(session, old_id)


def sign_in(login: str, password: str, *, browser: Browser) -> str:
    """Sign this browser in; returns its token. `SignInError` has the same words and time for any mistake."""
    login = clean_login(login)
    _ensure_password(login, password)
    with transaction() as session:
        account_id = session.scalar(sa.select(Account.id).where(Account.login == login, Account.is_active))
        if account_id is None:
            raise SignInError(_("Login or password is wrong."))
        return open_device(session, account_id, label=browser.label, is_own=browser.is_own)


def change_password(account_id: int, old: str, new: str, *, keep_device_id: int | None) -> None:
    """Set a new password; every other browser is signed out. Raises `SignInError`, `WeakPasswordError`."""
    account = db.session.get_one(Account, account_id)
    if not verify_password(account.password_hash, old):
        raise SignInError(_("The present password is wrong."))
    check_password(new, account.login)
    new_hash = hash_password(new)
    with transaction() as session:
        session.get_one(Account, account_id).password_hash = new_hash
        end_devices(session, account_id, but=keep_device_id)
