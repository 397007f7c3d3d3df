"""Undoing an import gives back what stood before, and nothing of what people did since is lost."""

from datetime import date

import pytest
import sqlalchemy as sa

from scheduler.calendars.feeds import feed_for_class
from scheduler.database import db, rehearsal, transaction
from scheduler.imports.apply import import_file
from scheduler.imports.picture import take_picture
from scheduler.imports.undo import undo_import, undoable_run_id
from scheduler.models.audit import AuditEvent
from scheduler.models.calendars import Calendar, Feed
from scheduler.models.classes import Enrollment, SchoolClass, StudyGroup
from scheduler.models.courses import Course, Subject
from scheduler.models.lessons import Lesson
from scheduler.models.people import Account, Person
from scheduler.models.timetable import ImportRun, Period, TimetableSlot
from scheduler.planning.errors import PlanningError
from scheduler.planning.publish import publish_timetable
from scheduler.planning.schools import add_school
from tests.factories import count, make_school
from tests.imports.rosters.test_apply import HEADINGS, ROWS
from tests.imports.rosters.test_reader import csv
from tests.imports.samples import HEX, changed, render, tables_2008, tables_2012

FIRST, LAST = date(2099, 9, 7), date(2099, 9, 19)


@pytest.fixture
def school_id(app):
    return add_school("Школа", "Europe/Moscow")


def bring(school_id, data=None, name="school.xml"):
    return import_file(school_id, data or render(tables_2012()), name, actor_id=None)


def roster(school_id, *rows):
    return bring(school_id, csv(HEADINGS, *rows), "список.csv")


def picture(school_id):
    with rehearsal() as session:
        return take_picture(session, school_id)


def next_month(tables):
    """A new teacher's name, a class up a year and another in its place, a moved hour, another room, a lesson gone."""
    tables["teachers"][0]["name"] = "Петрова Елена Петровна"
    tables["classes"][0]["name"] = "8-Б"
    tables["classes"][1]["name"] = "9-Б"
    tables["classes"].append({"id": HEX(0x1F), "name": "7-А"})
    tables["lessons"] = [row for row in tables["lessons"] if row["id"] != HEX(0x504)]
    tables["cards"] = [row for row in tables["cards"] if row["lessonid"] != HEX(0x504)]
    tables["lessons"][0]["teacherids"] = HEX(0x21)
    tables["cards"][0]["period"] = 6
    tables["cards"][3]["classroomids"] = HEX(0x41)
    tables["lessons"][1]["groupids"] = HEX(0x103)


def saturday(tables):
    tables["days"].append({"day": 5, "name": "Суббота"})
    tables["cards"].append({**tables["cards"][0], "day": 5})


FILES = {
    "next month": changed(next_month),
    "other ids, six days": changed(saturday, tables_2008()),
    "bells": "№ урока;Понедельник;Вторник–пятница\n1;8:00–8:40;8:30–9:10\n2;8:50–9:30;9:20–10:00\n".encode(),
    "calendar": "Учебный год 2026/2027\n1 четверть;01.09;24.10\nЗимние каникулы;31.12;10.01".encode(),
    "the list of next month": csv(
        HEADINGS, ("7Б", *ROWS[0][1:]), ROWS[1], ("7В", "Новик Юлия", "", "", "Кац Лев", ""),
    ),
}  # fmt: skip


def plainly(rows):
    """Pictures with the numbers of hours left out: an hour that comes again may get another."""
    slots = sorted(map(str, rows["timetable_slot"].values()))
    return rows | {"timetable_slot": slots}


@pytest.mark.parametrize("name", FILES)
def test_undone_at_once_everything_is_as_before(app, name):
    school = make_school()
    bring(school.id)
    roster(school.id, *ROWS)
    before = picture(school.id)
    bring(school.id, FILES[name], "a.csv" if b"<timetable" not in FILES[name] else "a.xml")
    assert plainly(picture(school.id)) != plainly(before)
    found = undo_import(school.id, actor_id=None)
    assert plainly(picture(school.id)) == plainly(before)
    assert (found.words.stays, found.changed > 0) == ((), True)


def test_first_import_is_undone_to_an_empty_school(school_id):
    before = picture(school_id)
    bring(school_id)
    undo_import(school_id, actor_id=None)
    assert picture(school_id) == before
    event = db.session.scalar(sa.select(AuditEvent).where(AuditEvent.action == "undo_import"))
    assert event.after["kept"] == 0
    bring(school_id)
    assert count(TimetableSlot) == 8


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_preview_says_the_same_and_changes_nothing(school_id):
    bring(school_id)
    before = picture(school_id)
    wanted = undo_import(school_id, actor_id=None, is_rehearsal=True)
    assert picture(school_id) == before
    assert wanted == undo_import(school_id, actor_id=None)
    assert ("классы", 3) in [(row.words, row.count) for row in wanted.words.goes]


def test_published_lessons_stay_with_all_they_rest_on(school_id):
    bring(school_id)
    publish_timetable(school_id, FIRST, LAST)
    uids = set(db.session.scalars(sa.select(Lesson.uid)))
    class_id = db.session.scalar(sa.select(SchoolClass.id).where(SchoolClass.label == "7-А"))
    feed_for_class(school_id, class_id)
    token = db.session.scalar(sa.select(Feed.token))
    found = undo_import(school_id, actor_id=None)
    assert set(db.session.scalars(sa.select(Lesson.uid))) == uids
    assert [count(TimetableSlot), count(Course, ~Course.is_archived), count(Feed, Feed.token == token)] == [0, 0, 1]
    lesson = db.session.scalar(sa.select(Lesson).join(Subject).where(Subject.name == "Алгебра"))
    assert [part.class_id for part in lesson.group.parts] == [class_id]
    assert [person.last_name for person in lesson.teachers] == ["Иванова"]
    assert any("уроки по дням" in line and "7 «А»" in line for line in found.words.stays)
    assert "К инд, Физика" in " ".join(found.words.stays)  # it stands on Thursday, so it was published
    done = publish_timetable(school_id, FIRST, LAST)
    assert (done.cancelled, done.made) == (len(uids), 0)
    bring(school_id)
    assert publish_timetable(school_id, FIRST, LAST).made == 0  # the same lessons stand again
    assert set(db.session.scalars(sa.select(Lesson.uid))) == uids


def test_who_signed_in_and_what_a_person_changed_stay(school_id):
    bring(school_id)
    with transaction() as session:
        person = session.scalar(sa.select(Person).where(Person.last_name == "Ким"))
        person.account = Account(login="kim", password_hash="x")
        session.scalar(sa.select(SchoolClass).where(SchoolClass.label == "К инд")).grade = 3
    found = undo_import(school_id, actor_id=None)
    kim = db.session.scalar(sa.select(Person).where(Person.last_name == "Ким"))
    assert (kim.last_name, [grant.role for grant in kim.roles]) == ("Ким", ["teacher"])
    assert db.session.scalars(sa.select(SchoolClass.label)).all() == ["К инд"]
    assert db.session.scalars(sa.select(StudyGroup.name)).all() == ["К инд"]
    assert list(found.words.stays) == [
        "Люди (приглашены или вошли после загрузки): Ким Анна Сергеевна.",
        "Классы (после загрузки это изменили): К инд.",
        "Люди (нужны тому, что остаётся): Иванова Елена Петровна.",
    ]
    run = db.session.scalar(sa.select(ImportRun))
    assert (run.kept, run.changes) == (list(found.words.stays), None)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_values_that_a_person_set_since_stay(school_id):
    bring(school_id)
    bring(school_id, changed(next_month))
    with transaction() as session:
        session.scalar(sa.select(Person).where(Person.last_name == "Петрова")).first_name = "Елизавета"
        course = session.scalar(sa.select(Course).join(Subject).where(Subject.name == "Алгебра"))
        course.teachers = []
        session.scalar(sa.select(SchoolClass).where(SchoolClass.label == "7-А")).shift = 2
    found = undo_import(school_id, actor_id=None)
    assert {row.last_name for row in db.session.scalars(sa.select(Person))} == {"Петрова", "Ким"}
    assert db.session.scalar(sa.select(Course).join(Subject).where(Subject.name == "Алгебра")).teachers == []
    # the new 7-А has become somebody's, so the names cannot go back: 8-Б needs 9-Б's place, and that one 7-А's
    assert set(db.session.scalars(sa.select(SchoolClass.label))) == {"8-Б", "9-Б", "7-А", "К инд"}
    text = " ".join(found.words.stays)
    assert all(words in text for words in ("Петрова Елизавета Петровна", "имя уже занято", "Алгебра"))


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_pupils_go_back_to_their_class_and_archive(school_id):
    roster(school_id, *ROWS)
    roster(school_id, ("7Б", *ROWS[0][1:]), ROWS[1], *ROWS[2:3], ("7Б", "Новик Юлия", "", "", "", ""))
    assert count(Person, Person.is_archived) == 1
    undo_import(school_id, actor_id=None)
    assert (count(Person, Person.is_archived), count(Person, Person.last_name == "Новик")) == (0, 0)
    label = db.session.scalar(
        sa.select(SchoolClass.label).join(Enrollment).join(Person).where(Person.first_name == "Пётр")
    )
    assert label == "7А"


def test_only_the_latest_import_can_be_undone_and_once(school_id):
    first, second = bring(school_id).run_id, roster(school_id, *ROWS).run_id
    assert undoable_run_id(school_id) == second
    with pytest.raises(PlanningError, match="После этого файла"):
        undo_import(school_id, first, actor_id=None)
    undo_import(school_id, second, actor_id=None)
    for run_id in (None, second):
        with pytest.raises(PlanningError, match="уже отмен"):
            undo_import(school_id, run_id, actor_id=None)
    assert undoable_run_id(school_id) is None
    with pytest.raises(PlanningError):
        undo_import(add_school("Другая", "Asia/Omsk"), second, actor_id=None)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_nothing_is_left_behind(school_id):
    bring(school_id)
    class_id = db.session.scalar(sa.select(SchoolClass.id).where(SchoolClass.label == "7-А"))
    feed_for_class(school_id, class_id)
    found = undo_import(school_id, actor_id=None)
    assert any("подпис" in line for line in found.words.stays)
    groups = set(db.session.scalars(sa.select(StudyGroup.id)))
    assert set(db.session.scalars(sa.select(Calendar.owner_id))) <= groups
    assert count(Period) == 0
