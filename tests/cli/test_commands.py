"""Every sub-command by itself: what it prints, and its exit code."""

import json
import shutil

import pytest
from click.testing import CliRunner

from scheduler.cli import main
from scheduler.database import db
from scheduler.models.people import Invitation
from scheduler.models.timetable import ImportRun
from tests.conftest import settings_for
from tests.factories import count, make_school
from tests.imports.fet_samples import fet, timetable_csv, two_grades


@pytest.fixture
def instance(tmp_path, monkeypatch, sqlite_template):
    """An instance folder with an empty database, which the commands find by themselves."""
    shutil.copy(sqlite_template, tmp_path / "scheduler.sqlite3")
    monkeypatch.setenv("SCHEDULER_INSTANCE", str(tmp_path))
    monkeypatch.setenv("SECRET_KEY", "test-secret")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


@pytest.fixture
def in_app(instance):
    from scheduler import create_app  # noqa: PLC0415 - after the environment is set

    app = create_app(settings_for(instance))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def school(in_app):
    return make_school()


def run(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args])


def facts(*args):
    done = run(*args, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_every_command_explains_itself(instance):
    for name in main.commands:
        assert run(name, "--help").exit_code == 0, name


def test_wrong_usage_exits_with_two(instance):
    assert run("publish").exit_code == 2
    assert run("school", "add", "Школа", "--timezone", "Moscow").exit_code == 2


def test_init_makes_an_empty_database(tmp_path, monkeypatch):
    monkeypatch.setenv("SCHEDULER_INSTANCE", str(tmp_path))
    assert run("init").exit_code == 0
    assert facts("school", "list") == []


def test_schools_are_added_and_listed(instance):
    assert facts("school", "add", "Школа № 5", "--timezone", "Asia/Omsk")["id"] == 1
    assert run("school", "list").stdout == "1\tШкола № 5\tAsia/Omsk\n"


def test_the_school_must_be_clear(instance):
    nobody = run("doctor")
    assert (nobody.exit_code, nobody.stdout) == (1, "")
    run("school", "add", "А", "--timezone", "Asia/Omsk")
    run("school", "add", "Б", "--timezone", "Asia/Omsk")
    assert run("doctor").exit_code == 1
    assert run("doctor", "--school", "Б").exit_code == 0


def test_doctor_prints_today_and_warnings(school):
    found = facts("doctor")
    assert found["faults"] == []
    assert len(found["today"]) == 10
    assert found["warnings"] != []
    assert "!" in run("doctor").stdout


def test_invitation_is_an_address(school):
    first = run("invite", "Белова Ольга Юрьевна", "--role", "teacher")
    assert first.stdout.startswith("http://127.0.0.1:8000/invite/")
    assert count(Invitation) == 1


def test_publishing_tells_what_it_made(school):
    assert facts("publish", "--from", "2099-11-23", "--to", "29.11.2099")["made"] == 4
    refused = run("publish", "--from", "2099-11-29", "--to", "2099-11-23")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert run("publish", "--from", "soon", "--to", "2099-11-23").exit_code == 2


def test_booking_moving_and_cancelling(school):
    wish = ("--date", "2099-11-24", "--task", "§ 12")
    booked = facts("book", "--course", "алгебра, 7-а", "--period", 1, *wish)["lessons"][0]
    assert booked["start"] == "08:30:00"
    taken = run("book", "--course", school.physics_a, "--period", 1, *wish)
    assert (taken.exit_code, taken.stdout) == (1, "")
    assert "Алгебра" in taken.stderr
    moved = facts("book", "--move", booked["id"], "--date", "2099-11-24", "--period", 5)["lessons"][0]
    assert (moved["uid"], moved["start"]) == (booked["uid"], "12:20:00")
    assert facts("book", "--cancel", booked["id"])["lessons"][0]["state"] == "cancelled"


def test_booking_needs_its_course(school):
    assert run("book", "--date", "2099-11-24").exit_code == 2
    for course in ("99", "Химия, 7А", "Алгебра, 9Я"):
        assert run("book", "--course", course, "--date", "2099-11-24", "--period", 1).exit_code == 1


def test_feeds_of_class_teacher_and_person(school):
    found = facts("feed", "--class", "7 «А»")
    assert found["webcal_url"] == found["url"].replace("http://", "webcal://")
    assert facts("feed", "--teacher", "Иванова Е. П.")["url"] != found["url"]
    assert facts("feed", "--person", "Ким")["url"].endswith(".ics")
    assert run("feed", "--teacher", "Никто").exit_code == 1
    assert run("feed").exit_code == 2


def test_import_previews_and_refuses_in_words(school, instance):
    broken = instance / "broken.xml"
    broken.write_text("<timetable><periods>")
    refused = run("import", broken)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "Traceback" not in refused.stderr
    assert run("import", instance / "absent.xml").exit_code == 2
    assert count(ImportRun) == 0


def test_a_file_is_looked_at_before_there_is_a_database_and_nothing_else_is_done(tmp_path):
    path = tmp_path / "a.fet"
    path.write_bytes(fet(two_grades()))
    runner = CliRunner(env={"SCHEDULER_INSTANCE": str(tmp_path)})
    looked = runner.invoke(main, ["import", str(path), "--preview", "--json"])
    assert (looked.exit_code, json.loads(looked.stdout)["classes"]) == (0, 3)
    for arguments in (["import", str(path)], ["import", "--undo"]):
        refused = runner.invoke(main, arguments)
        assert (refused.exit_code, "scheduler init" in refused.stderr, "Traceback" in refused.stderr) == (
            1,
            True,
            False,
        )


def test_deliver_tells_each_chat(school):
    told = facts("deliver", "--until-done")
    assert {one["chat"] for one in told} == {"7А ученики", "7А родители", "7Б ученики", "7Б родители", "Учителя"}


def test_backup_and_restore_bring_everything_back(school, instance, tmp_path):
    archive = tmp_path / "kept.tar.gz"
    assert run("backup", archive).exit_code == 0
    assert archive.stat().st_mode & 0o777 == 0o600
    run("school", "add", "Лишняя", "--timezone", "Asia/Omsk")
    assert len(facts("school", "list")) == 2
    db.engine.dispose()
    assert run("restore", archive).exit_code == 0
    assert [one["name"] for one in facts("school", "list")] == ["Школа № 12"]


def test_restore_refuses_the_other_kind_of_database(instance, tmp_path):
    import tarfile  # noqa: PLC0415 - only here

    other = tmp_path / "other.tar.gz"
    with tarfile.open(other, "w:gz"):
        pass
    assert run("restore", other).exit_code == 1


def test_a_bad_setting_is_one_line(instance, monkeypatch):
    monkeypatch.setenv("PORT", "eight")
    done = run("doctor")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "PORT" in done.stderr


def test_import_reads_a_folder_and_a_zip_as_one_source(school, instance):
    folder = instance / "exports"
    folder.mkdir()
    (folder / "x.fet").write_bytes(fet(two_grades(), is_solved=False))
    (folder / "x_timetable.csv").write_bytes(timetable_csv(two_grades()))
    packed_up = shutil.make_archive(str(instance / "packed"), "zip", folder)
    for source in (folder, packed_up):
        found = facts("import", source, "--preview")
        assert (found["kind"], found["lessons_read"], found["periods_per_cycle"], found["unplaced"]) == ("fet", 9, 8, 1)
    assert facts("import", folder, "--kind", "fet")["classes"] == 3
    assert count(ImportRun) == 1
