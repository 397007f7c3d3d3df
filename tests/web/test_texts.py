"""The screen of the school's own texts: tried on a sample day, kept as typed where it is refused."""

import pytest

from scheduler.models.post_texts import PostText
from tests.factories import count, make_school

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
OWN = "{{ class_name }}, {{ date | day }}. Школа № 12\r\n{{ lessons }}"


@pytest.fixture
def school(app):
    return make_school()


@pytest.fixture
def admin(school, enter):
    return enter(school.director)


def test_a_text_is_tried_kept_and_taken_back(admin):
    page = admin.post("/school/texts/bulletin", data={"source": OWN, "do": "check"}).text
    assert "7 «А», вторник, 24 ноября. Школа № 12\n1. 9:00–9:30 Алгебра" in page
    assert count(PostText) == 0
    assert admin.post("/school/texts/bulletin", data={"source": OWN, "do": "save"}).status_code == 303
    assert "свой текст школы" in admin.get("/school/texts").text
    assert "Школа № 12" in admin.get("/school/texts/bulletin").text
    admin.post("/school/texts/bulletin/usual")
    assert count(PostText) == 0


def test_a_refused_text_stays_as_typed_with_its_line(admin):
    answer = admin.post("/school/texts/bulletin", data={"source": OWN + "{{ lesson }}", "do": "save"})
    assert answer.status_code == 422
    assert "Строка 2: слово" in answer.text
    assert "{{ lesson }}</textarea>" in answer.text


def test_a_text_that_there_is_not(admin):
    assert admin.get("/school/texts/nothing").status_code == 404
