"""The migrations lead an empty database to the very tables of the models, on both databases, and back."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade

from scheduler import create_app
from scheduler.database import Base, db
from scheduler.models.chats import Chat
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.models.people import Person
from tests.conftest import settings_for
from tests.factories import count, make_lesson, make_school

BEFORE_LESSONS_CHANGED = "7d40c2b9e1aa"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_app(request, tmp_path):
    env = {}
    if request.param == "postgres":
        env["DATABASE_URL"] = request.getfixturevalue("postgres_url")
    app = create_app(settings_for(tmp_path, **env))
    with app.app_context():
        db.drop_all()
        with db.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
        yield app
        db.session.remove()
        db.drop_all()
        db.create_all()  # the run's database goes on to serve other tests
        db.engine.dispose()


def test_migrations_make_what_the_models_say(empty_app):
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_lead_back(empty_app):
    upgrade()
    downgrade(revision="base")
    assert sa.inspect(db.engine).get_table_names() == ["alembic_version"]


def test_changing_a_table_keeps_what_hangs_on_it(empty_app):
    upgrade()
    school = make_school(weekly_slots=False)
    make_lesson(school, school.algebra_a)
    db.session.remove()
    downgrade(revision=BEFORE_LESSONS_CHANGED)
    upgrade()
    assert [count(model) for model in (Lesson, LessonTeacher, Person, Chat)] == [1, 1, 3, 5]
