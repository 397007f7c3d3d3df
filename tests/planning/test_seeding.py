"""What the first school takes from the environment, and what a second one and a real messenger do not."""

from dataclasses import replace

import pytest

from scheduler.calls.tokens import token_of
from scheduler.database import db
from scheduler.models.chats import Connection
from scheduler.models.school import CallWay, School
from scheduler.planning.schools import add_school
from scheduler.planning.seeding import seed_school
from tests.factories import count

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


def test_the_first_school_takes_bot_and_token_a_second_none(app):
    settings = app.config["SETTINGS"]
    first, second = add_school("Первая", "Europe/Moscow"), add_school("Вторая", "Europe/Moscow")
    seed_school(first, settings)
    seed_school(second, settings)
    assert count(Connection) == 1
    assert db.session.get(School, first).call_way is CallWay.VK
    assert token_of(db.session(), second) is None


def test_the_names_of_the_sandbox_are_given_to_no_real_messenger(app):
    real = replace(
        app.config["SETTINGS"], max_api_url="https://max.example", vk_api_url="https://vk.example", clock_offset=None
    )
    school_id = add_school("Первая", "Europe/Moscow")
    seed_school(school_id, real)
    assert count(Connection) == 0
    assert token_of(db.session(), school_id) is None
    assert db.session.get(School, school_id).call_way is CallWay.IN_CHAT
