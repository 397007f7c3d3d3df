"""What fills the numbers in each route's address: rows of the given school. Who adds a screen adds its line here.

`tests/web/test_routes.py` calls every route with them as every role, and with another school's rows.
"""

import sqlalchemy as sa

from scheduler.database import db
from scheduler.models.api_keys import ApiKey
from scheduler.models.people import ClosureReason, Device, RoleGrant
from scheduler.planning.api_keys import make_key
from scheduler.planning.people import Closure, add_closure
from tests.web.conftest import device_token
from tests.web.screen_samples import SCREENS


def _grant(school):
    return {"grant_id": db.session.scalar(sa.select(RoleGrant.id).where(RoleGrant.person_id == school.ivanova))}


def _closure(school):
    wish = Closure(ClosureReason.OTHER, weekday=1)
    return {"closure_id": add_closure(school.ivanova, wish, school_id=school.id, actor_id=None)}


def _device(school):
    device_token(school.kim)
    return {"device_id": db.session.scalar(sa.select(sa.func.max(Device.id)))}


def _key(school):
    make_key(school.id, school.kim, label="табло", may_write=False)
    return {"key_id": db.session.scalar(sa.select(sa.func.max(ApiKey.id)))}


def _ivanova(school):
    return {"person_id": school.ivanova}


SAMPLES = {
    "account.end_device": _device,
    "api.cancel": SCREENS["lessons.card"],
    "api.change": SCREENS["lessons.card"],
    "api.lesson": SCREENS["lessons.card"],
    "api_keys.end": _key,
    "exports.download": lambda _school: {"name": "grid"},
    "first_steps.skip": lambda _school: {"name": "roster"},
    "people.add_closure": _ivanova,
    "people.add_role": _ivanova,
    "people.invite": _ivanova,
    "people.person": _ivanova,
    "people.remove_closure": _closure,
    "people.revoke_role": _grant,
    **SCREENS,
}
"""Endpoint → its arguments for a school; endpoints of public secret addresses need no line."""
