"""The same school a month later: the difference in words, and nothing told that did not change."""

import json
from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from scheduler import clock
from scheduler.calendars.feeds import feed_for_class
from scheduler.cli import main
from scheduler.database import db, transaction
from scheduler.imports.apply import import_file
from scheduler.imports.preview import preview
from scheduler.imports.remembering import remember
from scheduler.imports.undo import undo_import
from scheduler.models.calendars import Calendar, Feed
from scheduler.models.chats import BulletinPart, ChatKind, Connection, Notice, Platform
from scheduler.models.classes import SchoolClass
from scheduler.models.courses import Subject
from scheduler.models.lessons import Lesson
from scheduler.models.school import AcademicYear, School, Term
from scheduler.planning.changing import LessonEdit, change_lesson
from scheduler.planning.publish import publish_timetable
from scheduler.planning.schools import add_school
from scheduler.rules.facts import LessonMode
from tests.factories import count, make_chat
from tests.imports.books import csv_bytes, xlsx
from tests.imports.grids.test_readings import FEW
from tests.imports.grids.test_traps import grid
from tests.imports.rosters.test_apply import HEADINGS, ROWS
from tests.imports.rosters.test_reader import csv
from tests.imports.samples import HEX, changed, render, tables_2012


@pytest.fixture
def monday():
    today = clock.today("Europe/Moscow")
    return today + timedelta(days=7 - today.weekday())


@pytest.fixture
def school_id(app, monday):
    """A school whose first weeks are published, with a feed of 7-А and a remote lesson that its chat shows."""
    school_id = add_school("Школа", "Europe/Moscow")
    bring(school_id)
    last = monday + timedelta(days=12)
    with transaction() as session:
        session.get_one(School, school_id).cycle_anchor = monday
        year = AcademicYear(school_id=school_id, name="год", start=monday, end=last)
        session.add(year)
        session.flush()
        session.add(Term(school_id=school_id, academic_year_id=year.id, name="четверть", start=monday, end=last))
    publish_timetable(school_id, monday, last)
    class_id = db.session.scalar(sa.select(SchoolClass.id).where(SchoolClass.label == "7-А"))
    feed_for_class(school_id, class_id)
    with transaction() as session:
        connection = Connection(
            school_id=school_id, platform=Platform.MAX, token="", webhook_key="h", webhook_secret="s"
        )
        session.add(connection)
        session.flush()
        make_chat(session, connection, "7-А ученики", ChatKind.STUDENTS, class_id)
    remote = db.session.scalar(sa.select(Lesson.id).where(Lesson.date == monday).order_by(Lesson.start))
    change_lesson(school_id, remote, LessonEdit(mode=LessonMode.CALL), reason="опыт")
    assert count(BulletinPart) == 1
    return school_id


def bring(school_id, data=None, name="school.xml"):
    return import_file(school_id, data or render(tables_2012()), name, actor_id=None)


def moved(tables):
    """The algebra of Tuesday goes to Wednesday, in another room."""
    tables["cards"][2] |= {"days": "00100", "period": 5, "classroomids": HEX(0x40)}


def events():
    db.session.rollback()
    rows = db.session.execute(sa.select(Lesson.uid, Lesson.date, Lesson.start, Lesson.sequence, Lesson.changed_at))
    return {row.uid: tuple(row)[1:] for row in rows}


def told():
    return posted(), list(
        map(tuple, db.session.execute(sa.select(Calendar.id, Calendar.revision).order_by(Calendar.id)))
    )


def posted():
    parts = sa.select(BulletinPart.id, BulletinPart.wanted_hash, BulletinPart.generation).order_by(BulletinPart.id)
    return list(map(tuple, db.session.execute(parts))), count(Notice), list(db.session.scalars(sa.select(Feed.token)))


def test_unchanged_file_is_told_to_nobody(school_id, monday):
    before = (events(), told())
    found = preview(school_id, render(tables_2012()), "a.xml")
    assert (found.is_same, dict(found.difference), found.ahead) == (True, {}, None)
    assert dict(bring(school_id).difference) == {}
    done = publish_timetable(school_id, monday, monday + timedelta(days=12))
    assert (done.made, done.updated, done.cancelled) == (0, 0, 0)
    assert (events(), told()) == before


def test_one_moved_hour_changes_exactly_its_events(school_id, monday):
    before, shown = events(), posted()
    found = preview(school_id, changed(moved), "a.xml")
    assert dict(found.difference) == {
        "lessons_moved": ("7 «А», Алгебра: вторник, 3-й урок → среда, 5-й урок",),
    }
    assert (found.ahead.new, found.ahead.changed, found.ahead.cancelled, found.ahead.subscriptions) == (0, 2, 0, 1)
    bring(school_id, changed(moved))
    publish_timetable(school_id, monday, monday + timedelta(days=12))
    after = events()
    assert posted() == shown
    assert after.keys() == before.keys()
    differing = [uid for uid in after if after[uid] != before[uid]]
    assert sorted((before[uid][0].weekday(), after[uid][0].weekday(), after[uid][2]) for uid in differing) == [
        (1, 2, 1),
        (1, 2, 1),
    ]


def test_of_two_lessons_a_day_only_the_moved_one_changes(school_id, monday):
    """The first of a double lesson goes to the end of the day: the second stays, though it is the first one now."""

    def edit(tables):
        tables["cards"][0]["period"] = 5

    before = events()
    bring(school_id, changed(edit))
    publish_timetable(school_id, monday + timedelta(days=7), monday + timedelta(days=12))
    after = events()
    differing = [(before[uid][1].hour, after[uid][1].hour) for uid in after if after[uid] != before[uid]]
    assert (differing, after.keys() == before.keys()) == ([(8, 12)], True)
    done = publish_timetable(school_id, monday + timedelta(days=7), monday + timedelta(days=12))
    assert (done.made, done.updated, done.cancelled) == (0, 0, 0)
    assert events() == after


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_planned_remote_lessons_are_named_before_anything_changes(school_id, monday):
    with transaction() as session:
        tuesday = session.scalars(
            sa.select(Lesson).join(Subject).where(Subject.name == "Алгебра").order_by(Lesson.date, Lesson.start)
        ).all()
        remote = [lesson for lesson in tuesday if lesson.date.weekday() == 1]
        for lesson in remote:
            lesson.mode = LessonMode.CALL
        remote[0].is_changed_by_person = True
    found = preview(school_id, changed(moved), "a.xml")
    assert len(found.ahead.remote) == 2
    assert "останется, как его назначил человек" in " ".join(found.ahead.remote)
    assert "→ среда" in " ".join(found.ahead.remote)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_names_teachers_and_hours_in_words(school_id):
    def edit(tables):
        tables["teachers"][0]["name"] = "Петрова Елена Петровна"
        tables["lessons"][0]["teacherids"] = HEX(0x21)
        tables["cards"][3]["classroomids"] = HEX(0x41)
        tables["cards"][7]["days"] = "00001"
        tables["cards"].append({**tables["cards"][0], "period": 6})
        del tables["cards"][5]
        tables["lessons"] = [row for row in tables["lessons"] if row["id"] != HEX(0x504)]

    assert dict(preview(school_id, changed(edit), "a.xml").difference) == {
        "renamed": ("Иванова Елена Петровна → Петрова Елена Петровна",),
        "lessons_moved": ("К инд, Физика: четверг, 4-й урок → пятница, 4-й урок",),
        "lessons_added": ("7 «А», Алгебра: понедельник, 6-й урок",),
        "lessons_gone": ("7-А, 8-Б, Разговоры о важном: среда, 1-й урок",),
        "other_room": ("7 «А» (Группа 1), Английский язык, понедельник, 3-й урок: 27 → Сп.зал",),
        "other_teacher": ("7 «А», Алгебра: Иванова Елена Петровна → Ким Анна Сергеевна",),
    }


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_new_name_is_told_where_it_is_shown_without_a_notice(school_id, monday, monkeypatch):
    def married(tables):
        tables["teachers"][0]["name"] = "Петрова Елена Петровна"

    def told():
        db.session.rollback()
        return [word for word in ("Иванова", "Петрова") if word in db.session.scalar(sa.select(BulletinPart.text))]

    early = datetime.combine(monday, time(5), UTC)
    monkeypatch.setattr(clock, "now", lambda: early - timedelta(hours=4))
    before = events()
    assert told() == ["Иванова"]
    bring(school_id, changed(married))
    assert (told(), events() == before, count(Notice)) == (["Петрова"], True, 0)
    undo_import(school_id, actor_id=None)
    assert (told(), count(Notice)) == (["Иванова"], 0)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_pupils_who_moved_came_and_left_in_words(school_id):
    bring(school_id, csv(HEADINGS, *ROWS), "a.csv")
    rows = (("7Б", *ROWS[0][1:]), *ROWS[1:3], ("7А", "Новик Юлия", "1", "", "", ""))
    assert dict(preview(school_id, csv(HEADINGS, *rows), "a.csv").difference) == {
        "students_moved": ("Иванов Пётр Олегович: 7 «А» → 7 «Б»",),
        "students_came": ("Новик Юлия (7 «А»)",),
        "students_left": ("Ли Вера Павловна (7 «Б»)",),
    }


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_last_years_class_is_not_taken_for_this_years(school_id):
    ids = dict(db.session.execute(sa.select(SchoolClass.label, SchoolClass.id)).all())

    def year(tables):
        tables["classes"][0]["name"], tables["classes"][1]["name"] = "8-Б", "9-Б"
        tables["classes"].append({"id": HEX(0x1F), "name": "7-А"})

    bring(school_id, changed(year))
    now = dict(db.session.execute(sa.select(SchoolClass.label, SchoolClass.id)).all())
    assert (now["8-Б"], now["9-Б"], now["7-А"] in ids.values()) == (ids["7-А"], ids["8-Б"], False)


def run(instance, *arguments):
    done = CliRunner(env={"SCHEDULER_INSTANCE": str(instance)}).invoke(main, ["import", *map(str, arguments)])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_command_line_heeds_answers_tells_the_difference_and_undoes(app, school_id, tmp_path):
    instance = app.config["SETTINGS"].instance
    path = tmp_path / "b.xml"
    path.write_bytes(changed(moved))
    found = json.loads(run(instance, path, "--preview", "--json"))
    assert found["difference"]["lessons_moved"] == ["7 «А», Алгебра: вторник, 3-й урок → среда, 5-й урок"]
    assert found["published"]["changed"] == 2
    assert "  7 «А», Алгебра: вторник, 3-й урок → среда, 5-й урок" in run(instance, path)
    assert "часы расписания" in run(instance, "--undo", "--preview")
    assert json.loads(run(instance, "--undo", "--json"))["stays"] == []
    poor = tmp_path / "d.csv"
    poor.write_bytes(csv_bytes(FEW))
    refused = CliRunner(env={"SCHEDULER_INSTANCE": str(instance)}).invoke(main, ["import", str(poor), "--preview"])
    assert (refused.exit_code, "--layout timetable-down" in refused.output) == (1, True)
    assert json.loads(run(instance, poor, "--preview", "--json", "--layout", "timetable-down"))["lessons_read"] == 2
    odd = tmp_path / "c.xlsx"
    odd.write_bytes(xlsx({"Лист": grid({(0, 0, 1): ("ЛИТРАТУРА", 1), (0, 0, 2): ("Литература", 2)})}))
    questions = preview(school_id, odd.read_bytes(), "c.xlsx").draft.questions
    before = json.loads(run(instance, odd, "--preview", "--json"))["subjects"]
    remember(school_id, questions, {row.key: "ЛИТРАТУРА" for row in questions}, actor_id=None)
    assert json.loads(run(instance, odd, "--preview", "--json"))["subjects"] == before + 1
