"""Downloads of the school: who may have which file, and that it comes as a file."""

import io
from urllib.parse import unquote

import openpyxl
import pytest

from scheduler.database import transaction
from scheduler.permissions import Role, ScopeKind
from tests.factories import make_person, make_school

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
KINDS = ["grid", "csv", "asc", "roster", "archive"]


def come_in(enter, school, role, **scope):
    with transaction() as session:
        person_id = make_person(session, school.id, ("Пробный", "Иван", ""), role=role, **scope).id
    return enter(person_id)


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.SYSTEM_ADMINISTRATOR, KINDS),
        (Role.DEPUTY_HEAD, KINDS),
        (Role.DIRECTOR, ["grid", "csv", "roster", "archive"]),
        (Role.TEACHER, []),
        (Role.PARENT, []),
    ],
)
def test_each_role_gets_what_is_for_it_and_sees_no_other(app, enter, role, allowed):
    client = come_in(enter, make_school(), role)
    answers = {kind: client.get(f"/school/exports/{kind}").status_code for kind in KINDS}
    assert answers == {kind: 200 if kind in allowed else 403 for kind in KINDS}
    page = client.get("/school/exports").text if allowed else ""
    assert [kind for kind in KINDS if f'/school/exports/{kind}"' in page] == allowed


def test_a_role_within_a_class_gets_no_list_of_the_school(app, enter):
    school = make_school()
    client = come_in(enter, school, Role.DEPUTY_HEAD, scope=ScopeKind.CLASS, scope_id=school.class_a)
    assert [client.get(f"/school/exports/{kind}").status_code for kind in KINDS] == [403] * 5


def test_the_file_comes_under_its_russian_name_and_is_kept_nowhere(app, enter):
    client = come_in(enter, make_school(), Role.SYSTEM_ADMINISTRATOR)
    answer = client.get("/school/exports/grid")
    assert unquote(answer.headers["Content-Disposition"]).endswith("''Расписание по классам.xlsx")
    assert answer.headers["Cache-Control"] == "no-store"
    assert openpyxl.load_workbook(io.BytesIO(answer.data)).sheetnames == ["1 смена"]


def test_an_unknown_file_is_not_there(app, enter):
    assert come_in(enter, make_school(), Role.DIRECTOR).get("/school/exports/tokens").status_code == 404


def test_the_page_of_the_school_leads_there(app, enter):
    assert "/school/exports" in come_in(enter, make_school(), Role.DIRECTOR).get("/school").text
