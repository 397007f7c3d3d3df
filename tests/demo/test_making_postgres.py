"""The demo school on PostgreSQL: the same rows in bulk, the same lessons remote."""

import pytest

from scheduler import create_app
from scheduler.database import db
from scheduler.demo.making import make_demo
from tests.conftest import empty_postgres, settings_for


@pytest.mark.postgres
def test_demo_is_the_same_on_postgres(tmp_path, made, phone, postgres_url):
    app = create_app(settings_for(tmp_path, DATABASE_URL=postgres_url))
    with app.app_context():
        empty_postgres()
        demo = make_demo(classes=made[1].classes, messenger=phone.open)
        again = make_demo(messenger=phone.open)
        db.session.remove()
        db.engine.dispose()
    assert demo.made_remote == made[1].made_remote
    assert (again.is_new, again.made_remote) == (False, 0)
    assert phone.chats == made[2].chats
