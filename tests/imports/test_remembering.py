import pytest
import sqlalchemy as sa

from scheduler.database import db
from scheduler.imports.apply import import_file
from scheduler.imports.preview import preview
from scheduler.imports.remembering import remember, remembered
from scheduler.models.courses import Subject
from scheduler.planning.schools import add_school
from tests.imports.books import xlsx
from tests.imports.grids.test_traps import grid


@pytest.fixture
def school_id(app):
    return add_school("Школа", "Europe/Moscow")


def table():
    return xlsx({"5 класс": grid({(0, 0, 1): ("ЛИТРАТУРА", 1), (0, 0, 2): ("Литература", 2)})})


def names():
    return set(db.session.scalars(sa.select(Subject.name)))


def test_answer_holds_for_every_later_file_of_the_school(school_id):
    questions = preview(school_id, table(), "a.xlsx").draft.questions
    assert remember(school_id, questions, {questions[0].key: "ЛИТРАТУРА"}, actor_id=None) == 1
    db.session.rollback()
    assert remembered(school_id) == {questions[0].key: "ЛИТРАТУРА"}
    import_file(school_id, table(), "a.xlsx", actor_id=None)
    assert names() >= {"Литература", "ЛИТРАТУРА"}
    assert remembered(add_school("Другая", "Europe/Moscow")) == {}


def test_without_an_answer_the_proposal_holds(school_id):
    import_file(school_id, table(), "a.xlsx", actor_id=None)
    assert "ЛИТРАТУРА" not in names()


def test_answer_can_be_changed_and_nonsense_is_no_answer(school_id):
    questions = preview(school_id, table(), "a.xlsx").draft.questions
    key = questions[0].key
    assert remember(school_id, questions, {key: "Физика", "other": "x"}, actor_id=None) == 0
    remember(school_id, questions, {key: "ЛИТРАТУРА"}, actor_id=None)
    remember(school_id, questions, {key: "Литература"}, actor_id=None)
    db.session.rollback()
    assert remembered(school_id) == {key: "Литература"}


def test_a_slip_in_a_list_of_teachers_is_one_subject_for_all_of_them(school_id):
    rows = [["ФИО", "Предмет", "Классы"], *([f"{name} Анна Петровна", "Обществознание", f"{grade}а, {grade}б"]
            for grade, name in enumerate(("Ким", "Ли", "Цой", "Пак"), 5)),
            ["Белова Нина Юрьевна", "Обществознанее", "9а, 9б"]]  # fmt: skip
    import_file(school_id, xlsx({"Лист": rows}), "a.xlsx", actor_id=None)
    assert names() == {"Обществознание"}
