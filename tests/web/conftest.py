"""What tests of screens need: a browser that is signed in as somebody."""

import pytest

from scheduler.database import transaction
from scheduler.models.people import Account, Person
from scheduler.planning.devices import open_device


@pytest.fixture
def enter(app):
    """`enter(person_id)` answers a client signed in as that person, past the sign-in page."""

    def signed_in(person_id):
        client = app.test_client()
        client.set_cookie("device", device_token(person_id))
        return client

    return signed_in


def device_token(person_id, **values):
    with transaction() as session:
        person = session.get_one(Person, person_id)
        if person.account_id is None:
            account = Account(login=f"person-{person_id}", password_hash="none")
            session.add(account)
            session.flush()
            person.account_id = account.id
            session.flush()
        return open_device(session, person.account_id, **{"label": "", "is_own": False, **values})
