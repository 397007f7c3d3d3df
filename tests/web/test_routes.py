"""Every route with every role, with nobody, and with another school's rows."""

import pytest

from scheduler.database import transaction
from scheduler.models.people import RoleGrant
from scheduler.permissions import ALLOWED, Action, Role, ScopeKind
from scheduler.web.access import Access, access_of, visitor_may
from tests.factories import make_person, make_school
from tests.web.route_samples import SAMPLES

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
REFUSED = 403
SENT_ON = 302
MISSING = 404


def routes(app):
    """(rule, method) of every view but Flask's own files."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint != "static":
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                yield rule, method


def guarded_routes(app):
    """What can be asked for; a route without a sample fails in one test alone."""
    return [
        (rule, method)
        for rule, method in routes(app)
        if not access_of(app, rule.endpoint).is_public and (rule.endpoint in SAMPLES or not rule.arguments)
    ]


def address(app, rule, school):
    values = SAMPLES[rule.endpoint](school) if rule.arguments else {}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values)


def ask(client, method, path):
    return client.open(path, method=method).status_code


def test_every_view_says_who_may_come(app):
    unsaid = [rule.endpoint for rule, _ in routes(app) if not isinstance(access_of(app, rule.endpoint), Access)]
    assert unsaid == []


def test_every_guarded_address_has_a_sample(app):
    taking = {
        rule.endpoint for rule, _ in routes(app) if rule.arguments and not access_of(app, rule.endpoint).is_public
    }
    assert taking - set(SAMPLES) == set()


def test_nobody_is_sent_to_the_sign_in(app):
    school = make_school()
    for rule, method in guarded_routes(app):
        answer = app.test_client().open(address(app, rule, school), method=method)
        if rule.rule.startswith("/api/"):
            assert answer.status_code == 401, rule
        else:
            assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (SENT_ON, "/sign-in"), rule


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_let_in_by_the_permission_table_alone(app, enter, role):
    school = make_school()
    with transaction() as session:
        person_id = make_person(session, school.id, ("Пробный", "Иван", ""), role=role).id
    client = enter(person_id)
    for rule, method in guarded_routes(app):
        need = access_of(app, rule.endpoint).actions
        if need and not need & ALLOWED[role]:
            assert ask(client, method, address(app, rule, school)) == REFUSED, (rule, method)
        elif method == "GET" and need:
            assert ask(client, method, address(app, rule, school)) in (200, 302, 303), (rule, method)


def test_rows_of_another_school_are_not_there(app, enter):
    here, there = make_school(), make_school(name="Школа № 13")
    with transaction() as session:
        person = make_person(session, here.id, ("Всякий", "Иван", ""))
        for role in Role:
            person.roles.append(_grant(here.id, role))
        person_id = person.id
    client = enter(person_id)
    for rule, method in guarded_routes(app):
        if rule.arguments - {"name"}:  # a text has a name, no row
            assert ask(client, method, address(app, rule, there)) == MISSING, (rule, method)


def test_unknown_secret_addresses_are_not_there(app):
    client = app.test_client()
    for rule, method in routes(app):
        need = access_of(app, rule.endpoint)
        if need.is_public and rule.arguments and method == "GET":
            values = dict.fromkeys(rule.arguments, "unknown")
            path = app.url_map.bind("localhost").build(rule.endpoint, values)
            assert ask(client, method, path) == MISSING, rule


def test_a_role_within_a_class_is_let_into_the_page_but_not_beyond_the_class(app, enter):
    school = make_school()
    with transaction() as session:
        names = ("Классная", "Анна", "")
        person = make_person(
            session, school.id, names, role=Role.CHAT_ADMINISTRATOR, scope=ScopeKind.CLASS, scope_id=school.class_a
        )
        person_id = person.id
    client = enter(person_id)
    assert client.get("/school").status_code == 200
    with app.test_request_context(headers={"Cookie": f"device={client.get_cookie('device').value}"}):
        assert visitor_may(Action.BOOK_CLASS_LESSON, class_ids=[school.class_a])
        assert not visitor_may(Action.BOOK_CLASS_LESSON, class_ids=[school.class_b])


def _grant(school_id, role):
    return RoleGrant(school_id=school_id, role=role)
