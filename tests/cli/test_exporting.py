"""`scheduler export`: the kind by the ending or by --kind, a file for its owner alone, refusals in words."""

import json
import shutil

import pytest
from click.testing import CliRunner

from scheduler.cli import main
from scheduler.imports.recognise import recognise
from tests.conftest import settings_for
from tests.factories import make_school


@pytest.fixture
def folder(tmp_path, monkeypatch, sqlite_template):
    """A folder for files, with an installation of one small school in force."""
    from scheduler import create_app  # noqa: PLC0415 - after the environment is set

    shutil.copy(sqlite_template, tmp_path / "scheduler.sqlite3")
    monkeypatch.setenv("SCHEDULER_INSTANCE", str(tmp_path))
    monkeypatch.setenv("SECRET_KEY", "test-secret")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    app = create_app(settings_for(tmp_path))
    with app.app_context():
        make_school()
        yield tmp_path


def run(*args):
    return CliRunner().invoke(main, ["export", *map(str, args)])


@pytest.mark.parametrize(
    ("name", "kind"), [("a.xml", "asc"), ("a.xlsx", "grid"), ("a.csv", "csv"), ("a.zip", "archive")]
)
def test_the_ending_tells_the_kind(folder, name, kind):
    done = run(folder / name, "--json")
    assert json.loads(done.stdout) == {
        "kind": kind, "file": str(folder / name), "bytes": (folder / name).stat().st_size,
    }  # fmt: skip
    assert (folder / name).stat().st_mode & 0o777 == 0o600


def test_a_stated_kind_wins_over_the_ending(folder):
    assert run(folder / "people.csv", "--kind", "roster").exit_code == 0
    assert recognise((folder / "people.csv").read_bytes(), "people.csv") == "roster"


def test_an_ending_that_tells_nothing_is_wrong_usage(folder):
    assert run(folder / "a.doc").exit_code == 2


def test_a_folder_that_is_not_there_is_refused_in_words(folder):
    done = run(folder / "absent" / "a.xml")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "absent" in done.stderr
