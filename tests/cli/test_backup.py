"""A backup of an installation on PostgreSQL, and what it refuses."""

import shutil

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from scheduler import create_app
from scheduler.cli import main
from scheduler.database import db, transaction
from scheduler.models.school import School
from tests.conftest import missing, settings_for
from tests.factories import make_school


@pytest.fixture
def installation(tmp_path, postgres_url, monkeypatch):
    if shutil.which("pg_dump") is None:
        missing("no pg_dump: install the PostgreSQL client")
    monkeypatch.setenv("SCHEDULER_INSTANCE", str(tmp_path))
    monkeypatch.setenv("SECRET_KEY", "test-secret")
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    app = create_app(settings_for(tmp_path, DATABASE_URL=postgres_url))
    with app.app_context():
        db.drop_all()
        db.create_all()
        yield tmp_path
        db.session.remove()
        db.drop_all()
        db.create_all()  # the run's database goes on to serve other tests
        db.engine.dispose()


def run(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args])


@pytest.mark.postgres
def test_backup_of_postgres_comes_back(installation):
    make_school()
    archive = installation / "kept.tar.gz"
    done = run("backup", archive)
    assert done.exit_code == 0, done.output
    with transaction() as session:
        session.execute(sa.update(School).values(name="Испорчена"))
    done = run("restore", archive)
    assert done.exit_code == 0, done.output
    db.session.rollback()
    assert db.session.scalar(sa.select(School.name)) == "Школа № 12"


@pytest.mark.postgres
def test_backup_into_nowhere_is_refused(installation, monkeypatch):
    monkeypatch.setattr("scheduler.cli.backup._dump", _fail)
    assert run("backup", installation / "kept.tar.gz").exit_code == 1


def _fail(*_args):
    from scheduler.cli import backup  # noqa: PLC0415 - the real runner is what is tried

    backup._run(["pg_dump", "--dbname=postgresql://nobody@127.0.0.1:1/nothing"])
