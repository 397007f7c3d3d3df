"""What stands around every page: the school, the places of the menu, the demonstration's banner."""

from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask, g, request
from flask_babel import gettext as _

from scheduler import clock
from scheduler.database import db
from scheduler.models.people import Person
from scheduler.models.school import School
from scheduler.permissions import Action
from scheduler.translations import chosen_locale
from scheduler.web.access import Visitor, visitor, visitor_may
from scheduler.web.formats import day, local_now, wall
from scheduler.web.walk import is_walking


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the menu."""

    path: str
    icon: str
    name: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Shell:
    """What `base.html` shows around the content."""

    locale: str
    school_name: str = ""
    person_name: str = ""
    places: tuple[Place, ...] = ()
    has_several_schools: bool = False
    is_demo: bool = False
    demo_words: str = ""
    zone: str = "UTC"


def init_shell(app: Flask) -> None:
    """Offer `shell()` to templates."""
    app.jinja_env.globals["shell"] = shell
    app.jinja_env.globals["is_walking"] = is_walking


def shell() -> Shell:
    """The surroundings of the page in hand, made once a request."""
    if "shell" not in g:
        g.shell = _build(g.get("visitor") if g.get("is_broken") else visitor())
    built: Shell = g.shell
    return built


def _build(found: Visitor | None) -> Shell:
    is_demo = clock.offset() != 0
    if found is None or found.person_id is None:
        return Shell(chosen_locale(), is_demo=is_demo, demo_words=_("Demonstration: the time is shifted"))
    person = db.session.get_one(Person, found.person_id)
    school = db.session.get_one(School, person.school_id)
    persons = sa.select(sa.func.count(Person.id)).where(Person.account_id == found.account_id, ~Person.is_archived)
    return Shell(
        chosen_locale(),
        school_name=school.name,
        person_name=person.short_name,
        places=places(),
        has_several_schools=(db.session.scalar(persons) or 0) > 1,
        is_demo=is_demo,
        demo_words=demo_words(school.timezone) if is_demo else "",
        zone=school.timezone,
    )


def demo_words(zone: str) -> str:
    """The banner with the product's own time in a zone."""
    now = local_now(zone)
    return str(_("Demonstration: the time is shifted, it is %(day)s, %(time)s", day=day(now), time=wall(now)))


def places() -> tuple[Place, ...]:
    """The menu of this visitor: five places for staff, the own lessons for pupils and parents."""
    wishes = (
        ("/today", "today", _("Today"), Action.VIEW_STAFF_PAGES),
        ("/week", "week", _("Week"), Action.VIEW_STAFF_PAGES),
        ("/chats", "chats", _("Chats"), Action.VIEW_CHATS),
        ("/school", "school", _("School"), Action.VIEW_SCHOOL),
        ("/director", "director", _("For the director"), Action.VIEW_DIRECTOR_PAGES),
    )
    shown = [wish for wish in wishes if visitor_may(wish[3])]
    if not shown:
        shown = [("/my", "my", _("My lessons"), Action.VIEW_OWN_PAGES)]
    return tuple(Place(path, icon, name, is_within(path)) for path, icon, name, _action in shown)


_BELONGS = {"/lessons": "/week", "/remote-days": "/today"}


def is_within(path: str) -> bool:
    """Whether the page in hand belongs to a place of the menu."""
    first = "/" + request.path.split("/")[1]
    return _BELONGS.get(first, first) == path
