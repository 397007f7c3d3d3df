"""Makes the demo school, or opens the one that stands: the one entry for the command line."""

import json
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from scheduler.config import Settings
from scheduler.database import transaction
from scheduler.demo.blueprint import School as SchoolPlan
from scheduler.demo.enliven import enliven, ensure_published
from scheduler.demo.errors import DemoError
from scheduler.demo.opening import open_clock
from scheduler.demo.sandbox_chats import running_sandbox
from scheduler.demo.school import MOST_CLASSES, ZONE, make_school
from scheduler.demo.store import store_school
from scheduler.demo.store_chats import Messenger, connect_chats, store_chats
from scheduler.demo.store_people import store_classes, store_groups, store_people, store_roles, store_sign_ins
from scheduler.demo.store_plan import store_bells, store_courses, store_slots
from scheduler.models.people import Account
from scheduler.models.school import School

__all__ = ["Demo", "DemoError", "SignIn", "demo_sign_ins", "make_demo"]

KEPT_FILE = "demo.json"
_ALPHABET = "abcdefghkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in to print: who, what it shows, login and password."""

    login: str
    password: str
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo school as it stands after a start."""

    school_id: int
    is_new: bool
    classes: int
    seed: int
    opens_at: datetime
    made_remote: int
    sign_ins: tuple[SignIn, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the instance folder remembers of the demo."""

    school_id: int
    classes: int
    seed: int
    made_for: str
    sign_ins: list[dict[str, str]]
    live_on: str = ""


OpenMessenger = Callable[[Settings], AbstractContextManager[Messenger]]


def make_demo(*, classes: int = 30, seed: int = 1, messenger: OpenMessenger = running_sandbox) -> Demo:
    """Make the demo school, or open the one that stands (its size and seed stay as they were).

    Every step is repeated safely after a broken start: the rows are one transaction, publishing, chats and remote
    lessons are each looked for before they are made. Raises DemoError where the messenger is not the local sandbox,
    for a number of classes outside 1–480, and where the sign-ins of a demo stand but its folder is lost.
    """
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.is_sandboxed:
        raise DemoError(_("The demo school posts to the local sandbox only: unset MAX_API_URL."))
    if not 1 <= classes <= MOST_CLASSES:
        raise DemoError(_("The demo school has from 1 to %(most)d classes.", most=MOST_CLASSES))
    now = open_clock(settings, ZONE)
    today = now.astimezone(ZoneInfo(ZONE)).date()
    kept = _kept(settings.instance / KEPT_FILE)
    is_new = kept is None
    plan = make_school(
        classes=kept.classes if kept else classes,
        seed=kept.seed if kept else seed,
        today=date.fromisoformat(kept.made_for) if kept else today,
    )
    if kept is None:
        kept = _store(settings, plan, classes=classes, seed=seed, today=today)
    with messenger(settings) as chats:
        connect_chats(kept.school_id, plan.chats, chats)
    ensure_published(kept.school_id, today)
    made_remote = _liven(settings, kept, plan, today)
    sign_ins = tuple(SignIn(**one) for one in kept.sign_ins)
    return Demo(kept.school_id, is_new, kept.classes, kept.seed, now, made_remote, sign_ins)


def _liven(settings: Settings, kept: _Kept, plan: SchoolPlan, today: date) -> int:
    """Once a day of the demonstration's clock: what people changed since is left as it is."""
    if kept.live_on == today.isoformat():
        return 0
    done = enliven(kept.school_id, plan, today)
    _keep(settings.instance / KEPT_FILE, replace(kept, live_on=today.isoformat()))
    return done


def demo_sign_ins(settings: Settings) -> tuple[SignIn, ...]:
    """The sign-ins of the demo school that stands; none where there is no demo."""
    kept = _read(settings.instance / KEPT_FILE)
    return tuple(SignIn(**one) for one in kept.sign_ins) if kept else ()


def _kept(path: Path) -> _Kept | None:
    """What the folder remembers, if its school stands."""
    kept = _read(path)
    with transaction() as session:
        stands = kept is not None and session.get(School, kept.school_id) is not None
        if not stands and session.scalar(sa.select(Account.id).where(Account.login == "director")):
            raise DemoError(
                _(
                    "The database has a demo school already, but %(file)s of its instance folder is gone.",
                    file=KEPT_FILE,
                )
            )
    return kept if stands else None


def _read(path: Path) -> _Kept | None:
    return _Kept(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


def _store(settings: Settings, plan: SchoolPlan, *, classes: int, seed: int, today: date) -> _Kept:
    """All rows in one transaction; the folder's note is written within it, so neither stands without the other."""
    people = {person.key: person.full_name for person in plan.people}
    sign_ins = [SignIn(one.login, _password(), people[one.person], one.title) for one in plan.sign_ins]
    with transaction() as session:
        ids = store_school(session, plan)
        store_people(session, ids, plan)
        store_classes(session, ids, plan)
        store_groups(session, ids, plan)
        store_roles(session, ids, plan)
        store_sign_ins(session, ids, plan, {one.login: one.password for one in sign_ins})
        store_courses(session, ids, plan)
        store_slots(session, ids, plan)
        store_bells(session, ids, plan)
        store_chats(session, ids, plan, settings)
        kept = _Kept(ids.school, classes, seed, today.isoformat(), [asdict(one) for one in sign_ins])
        _keep(settings.instance / KEPT_FILE, kept)
    return kept


def _keep(path: Path, kept: _Kept) -> None:
    path.touch(mode=0o600)
    path.write_text(json.dumps(asdict(kept), ensure_ascii=False, indent=1), encoding="utf-8")


def _password() -> str:
    """Three groups of four characters that are told apart on paper."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
