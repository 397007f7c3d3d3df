"""Two people wish for one login at the same instant; what else signing in does is tested through its screens."""

import pytest

from scheduler.database import transaction
from scheduler.models.people import Account, Person
from scheduler.planning.accounts import LoginError, _first_with
from tests.factories import count, make_school


def test_a_login_taken_since_it_was_looked_for_is_told_in_words_and_leaves_the_change_whole(app):
    school = make_school()
    with transaction() as session:
        _first_with(session, "orlov", "first")
    with transaction() as session:
        session.get_one(Person, school.kim).first_name = "Алина"
        with pytest.raises(LoginError, match="Такой логин уже есть"):
            _first_with(session, "orlov", "second")
    assert count(Account, Account.password_hash == "first") == 1
    assert count(Person, Person.first_name == "Алина") == 1
