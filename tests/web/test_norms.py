import pytest

from tests.factories import make_school

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


def test_the_norms_are_shown_with_their_time_and_stored(app, enter):
    admin = enter(make_school().director)
    assert "СанПиН" in admin.get("/school/norms").text
    sent = {"day_column": "home", "blocking": ["REMOTE_GAP"]}
    assert admin.post("/school/norms", data=sent).status_code == 303
    page = admin.get("/school/norms").text
    assert page.count("checked") == 2
    assert admin.post("/school/norms", data=sent | {"day_column": "moon"}).status_code == 422
