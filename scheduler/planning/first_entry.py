"""The first entry into an installation that nobody can sign in to yet: a school and the person who sets it up.

Who reaches a public address first must not become its master: the page opens only by an address that this machine's
command line prints. The address is signed, ends after a day, and is dead as soon as anybody has an account.
"""

from dataclasses import dataclass
from zoneinfo import available_timezones

import sqlalchemy as sa
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from scheduler.database import db, transaction
from scheduler.models.people import Account, RoleGrant
from scheduler.models.school import School
from scheduler.permissions import Role
from scheduler.planning.accounts import Browser, check_login, clean_login
from scheduler.planning.audit import record
from scheduler.planning.devices import open_device
from scheduler.planning.errors import NotThereError, PlanningError
from scheduler.planning.passwords import check_password, hash_password
from scheduler.planning.schools import person_on_list

GOOD_SECONDS = 24 * 3600
FIRST_ROLES = (Role.DEPUTY_HEAD, Role.SYSTEM_ADMINISTRATOR, Role.DIRECTOR)
"""Who sets a school up; whoever it is also gets the system administrator's rights."""


@dataclass(frozen=True, slots=True)
class FirstEntry:
    """What the first person states about the school and about themselves."""

    school: str
    timezone: str
    person: str
    role: Role
    login: str
    password: str


def first_entry_token(secret: str) -> str:
    """A token for the first entry. Raises PlanningError where people can sign in already."""
    if not is_first_entry_open():
        raise PlanningError(_("People sign in here already: invite more of them with `scheduler invite`."))
    return str(_signer(secret).dumps("first"))


def is_first_entry_open(token: str | None = None, *, secret: str = "") -> bool:
    """Whether nobody has an account yet; with a token also whether it is ours and fresh."""
    if token is not None and not _is_ours(token, secret):
        return False
    schools = db.session.scalar(sa.select(sa.func.count(School.id))) or 0
    return schools <= 1 and db.session.scalar(sa.select(Account.id).limit(1)) is None


def _is_ours(token: str, secret: str) -> bool:
    try:
        _signer(secret).loads(token, max_age=GOOD_SECONDS)
    except BadData:
        return False
    return True


def _signer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="first-entry")


def found_school(wish: FirstEntry, *, browser: Browser) -> tuple[int, str]:
    """Make the school (or take the one that the command line made), its first person and their sign-in.

    Answers the school's number and the device's token. Raises NotThereError where somebody came first, LoginError,
    WeakPasswordError, PlanningError for an unknown zone.
    """
    if wish.timezone not in available_timezones():
        raise PlanningError(_("Choose the time zone."))
    login = clean_login(wish.login)
    check_login(login)
    check_password(wish.password, login)
    new_hash = hash_password(wish.password)  # slow on purpose, so before the writing begins
    with transaction() as session:
        _ensure_first(session)
        school = _school(session, wish)
        person = person_on_list(session, school.id, wish.person)
        held = {grant.role for grant in person.grants}
        for role in sorted({wish.role, Role.SYSTEM_ADMINISTRATOR} - held):
            person.roles.append(RoleGrant(school_id=school.id, role=role))
        account = Account(login=login, password_hash=new_hash)
        session.add(account)
        session.flush()
        person.account_id = account.id
        session.flush()
        record(session, school.id, "first_entry", actor_id=person.id, subject=("person", person.id))
        return school.id, open_device(session, account.id, label=browser.label, is_own=browser.is_own)


def _ensure_first(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE"))
    if session.scalar(sa.select(Account.id).limit(1)) is not None:
        raise NotThereError(_("Somebody has entered already. Sign in, or ask for an invitation."))


def _school(session: Session, wish: FirstEntry) -> School:
    school = session.scalar(sa.select(School).order_by(School.id).limit(1)) or School()
    school.name, school.timezone = wish.school.strip(), wish.timezone
    session.add(school)
    session.flush()
    return school
