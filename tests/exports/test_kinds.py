"""A stored school out as files and into a fresh one: the same school; what is private stays where it may be."""

import io
import re
import zipfile
from datetime import date, time

import pytest
import sqlalchemy as sa

from scheduler.database import db, transaction
from scheduler.exports.kinds import KINDS, export
from scheduler.imports.apply import import_file
from scheduler.models.classes import Division, GroupMember, SchoolClass, StudyGroup
from scheduler.models.courses import Course, Subject
from scheduler.models.people import Person
from scheduler.models.school import Holiday, HolidayKind
from scheduler.models.timetable import BellAssignment, BellKind, BellSchedule, Period, Room, TimetableSlot
from scheduler.permissions import Role
from scheduler.planning.schools import add_school
from scheduler.rules.facts import LessonKind
from tests.factories import add, make_class, make_course, make_group, make_person, make_school, make_subject
from tests.imports.samples import render, tables_2012

ROSTER = """Роль;Фамилия;Имя;Отчество;Класс;Группа (ин.яз.)
Учитель;Ким;Анна;Сергеевна;;
Классный руководитель;Ким;Анна;Сергеевна;7А;
Ученик;Жук;Ия;;7А;1
Родитель;Жук;Пётр;Ильич;;
Ученик;Жук;Ия;;7А;2
Ученик;Орлов;Лев;Львович;7Б;
Родитель;Орлова;Мария;Ивановна;;
"""


@pytest.fixture
def school_id(app):
    return add_school("Школа", "Europe/Moscow")


def written(school_id, kind):
    return export(db.session(), school_id, kind).data


def brought_again(school_id, kind, suffix):
    fresh = add_school("Новая школа", "Europe/Moscow")
    import_file(fresh, written(school_id, kind), f"file.{suffix}", actor_id=None)
    return fresh


def rows(school_id, query):
    model = query.column_descriptions[0]["entity"]
    return db.session.scalars(query.where(model.school_id == school_id)).unique().all()


def group_of(row):
    divisions = {division.id: division.name for division in db.session.scalars(sa.select(Division))}
    parts = [(part.school_class.label, divisions.get(part.division_id), part.part) for part in row.parts]
    return row.name, row.is_private, sorted(parts, key=str)


def timetable(school_id):
    """The tables of a school without their numbers."""

    def course(row):
        teachers = sorted(person.full_name for person in row.teachers)
        return row.subject.name, str(group_of(row.group)), teachers, row.weekly_hours

    classes = rows(school_id, sa.select(SchoolClass))
    return {
        "classes": sorted(
            (row.label, row.grade, row.days_per_week, [one.full_name for one in row.class_teachers]) for row in classes
        ),
        "subjects": sorted((row.name, row.short, row.kind) for row in rows(school_id, sa.select(Subject))),
        "rooms": sorted(row.name for row in rows(school_id, sa.select(Room))),
        "people": sorted(row.full_name for row in rows(school_id, sa.select(Person))),
        "divisions": sorted(row.name for row in rows(school_id, sa.select(Division))),
        "groups": sorted(map(group_of, rows(school_id, sa.select(StudyGroup))), key=str),
        "courses": sorted(map(course, rows(school_id, sa.select(Course))), key=str),
        "slots": sorted(
            (str(course(row.course)), row.weekday, row.period, row.weeks, sorted(room.name for room in row.rooms))
            for row in rows(school_id, sa.select(TimetableSlot))
        ),
        "periods": sorted(
            (row.number, row.name, row.start, row.end) for row in rows(school_id, sa.select(Period))
        ),
    }  # fmt: skip


def people(school_id):
    """Everybody with roles, groups and children."""
    found = {row.id: row for row in rows(school_id, sa.select(Person))}
    groups = {row.id: group_of(row) for row in rows(school_id, sa.select(StudyGroup))}
    members = rows(school_id, sa.select(GroupMember))
    return sorted(
        (row.full_name, sorted(grant.role for grant in row.roles),
         sorted(str(groups[one.group_id]) for one in members if one.person_id == row.id))
        for row in found.values()
    )  # fmt: skip


def test_the_timetable_comes_into_a_fresh_school_as_it_stood(school_id):
    import_file(school_id, render(tables_2012()), "school.xml", actor_id=None)
    before = timetable(school_id)
    assert len(before["slots"]) == 8
    assert timetable(brought_again(school_id, "asc", "xml")) == before


def test_what_a_person_changed_comes_along(school_id):
    import_file(school_id, render(tables_2012()), "school.xml", actor_id=None)
    with transaction() as session:
        division = session.scalar(sa.select(Division))
        division.name = "Английский язык"
        session.scalar(sa.select(Subject).where(Subject.name == "Физика")).kind = LessonKind.EXTRACURRICULAR
        for group in session.scalars(sa.select(StudyGroup).where(StudyGroup.is_private)):
            group.is_private = False
    before = timetable(school_id)
    assert [name for name, is_private, _parts in before["groups"] if is_private] == []
    again = timetable(brought_again(school_id, "asc", "xml"))
    assert (again["divisions"], again["subjects"]) == (["Английский язык"], before["subjects"])
    assert again["groups"] == before["groups"]


def test_its_own_file_changes_nothing_in_the_school(school_id):
    import_file(school_id, render(tables_2012()), "school.xml", actor_id=None)
    before = timetable(school_id)
    done = import_file(school_id, written(school_id, "asc"), "again.xml", actor_id=None)
    assert (dict(done.counts), timetable(school_id)) == ({}, before)


def test_the_people_come_into_a_fresh_school_as_they_were(school_id):
    import_file(school_id, ROSTER.encode(), "people.csv", actor_id=None)
    before = people(school_id)
    assert [name for name, _roles, _groups in before].count("Жук Ия") == 2
    assert people(brought_again(school_id, "roster", "csv")) == before


def test_a_private_lesson_and_a_club_are_not_the_whole_class_in_the_file(app):
    school = make_school()
    with transaction() as session:
        child = make_person(session, school.id, ("Тихий", "Иван", ""), role=Role.STUDENT)
        alone = make_group(session, school.id, "Тихий И.", [(school.class_a,)], is_private=True)
        alone.members.append(GroupMember(school_id=school.id, person_id=child.id))
        club = make_group(session, school.id, "Шахматы", [(school.class_a,), (school.class_b,)], is_club=True)
        for group, name in ((alone, "История"), (club, "Кружок")):
            course = make_course(session, make_subject(session, school.id, name), group)
            add(session, TimetableSlot(school_id=school.id, course_id=course.id, weekday=3, period=7))
    for kind in ("grid", "csv"):
        assert "Тихий" not in _text(written(school.id, kind))
        assert "История" not in _text(written(school.id, kind))
    fresh = brought_again(school.id, "asc", "xml")
    parts = {
        course.subject.name: (
            [(part.part, part.school_class.label) for part in course.group.parts],
            course.group.is_private,
        )
        for course in rows(fresh, sa.select(Course))
    }
    assert parts["История"] == ([("Тихий И.", "7А")], True)
    assert parts["Кружок"] == ([(None, "7А"), (None, "7Б")], False)
    clubs = [row.name for row in rows(fresh, sa.select(StudyGroup)) if row.is_club]
    assert clubs == ["Шахматы"]
    assert _without_ids(written(fresh, "asc")) == _without_ids(written(school.id, "asc"))
    before = timetable(school.id)
    done = import_file(school.id, written(school.id, "asc"), "again.xml", actor_id=None)
    assert (dict(done.counts), timetable(school.id)) == ({}, before)
    assert timetable(brought_again(fresh, "asc", "xml")) == timetable(fresh)
    assert parts["Алгебра"][0][0][0] is None


def _without_ids(data):
    return sorted(re.sub(r'\w*ids?="[^"]*"', "", line) for line in data.decode().splitlines())


def _text(data):
    if not data.startswith(b"PK"):
        return data.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))


def test_bells_and_the_year_come_into_a_fresh_school_as_they_stood(app):
    school = make_school()
    with transaction() as session:
        shorter = BellSchedule(school_id=school.id, name="Короткие", kind=BellKind.SHORTENED)
        shorter.periods = [Period(school_id=school.id, number=1, name="1", start=time(9), end=time(9, 30))]
        later = BellSchedule(school_id=school.id, name="2 смена", kind=BellKind.REGULAR)
        later.periods = [Period(school_id=school.id, number=7, name="7", start=time(14), end=time(14, 40))]
        add(session, shorter), add(session, later)
        where = {"bell_schedule_id": later.id, "school_id": school.id}
        session.add_all([BellAssignment(shift=2, **where), BellAssignment(weekday=6, class_id=school.class_a, **where)])
        rest = {"name": "Отгул", "start": date(2026, 12, 5), "end": date(2026, 12, 5), "school_id": school.id}
        session.add(Holiday(kind=HolidayKind.WORKING_SATURDAY, follows_weekday=2, is_confirmed=False, **rest))
    fresh = brought_again(school.id, "asc", "xml")
    for kind in ("bells", "calendar"):
        import_file(fresh, written(school.id, kind), f"{kind}.csv", actor_id=None)
    assert written(fresh, "bells") == written(school.id, "bells")
    assert written(fresh, "calendar") == written(school.id, "calendar")
    assert written(fresh, "bells").count(b"\r\n") > 8


def test_the_archive_holds_every_file_and_a_word_on_them(app):
    school = make_school()
    found = export(db.session(), school.id, "archive")
    assert found.name == "Школа целиком.zip"
    with zipfile.ZipFile(io.BytesIO(found.data)) as archive:
        assert archive.namelist() == [
            "Расписание (aSc).xml", "Расписание по классам.xlsx", "Уроки построчно.csv", "Люди.csv",
            "Расписание звонков.csv", "Четверти и каникулы.csv", "Прочтите.txt",
        ]  # fmt: skip
        assert archive.read("Расписание (aSc).xml") == written(school.id, "asc")
        words = archive.read("Прочтите.txt").decode("utf-8-sig")
    assert words.startswith("Школа № 12, ")
    assert "Люди.csv — учителя, ученики, родители." in words


def test_a_school_with_nothing_gives_every_file(school_id):
    assert all(len(written(school_id, kind)) > 50 for kind in KINDS)


def test_another_school_and_what_is_archived_stay_out(app):
    here, there = make_school(), make_school(name="Школа № 13")
    with transaction() as session:
        make_class(session, there.id, "9Ю")
        gone = make_class(session, here.id, "9Я")
        gone.is_archived = True
        session.get(Person, here.kim).is_archived = True
    text = _text(written(here.id, "asc")) + _text(written(here.id, "roster"))
    assert not any(word in text for word in ("9Ю", "9Я"))
    assert "Ким" not in _text(written(here.id, "roster"))


def test_the_files_hold_no_secret(app):
    school = make_school()
    with transaction() as session:
        tokens = list(session.scalars(sa.select(SchoolClass.page_token)))
    text = "".join(_text(written(school.id, kind)) for kind in ("asc", "csv", "roster", "grid"))
    assert not any(token in text for token in tokens)


def test_the_queries_do_not_grow_with_the_lessons(app):
    def asked(school_id):
        seen = []

        def note(*args):
            seen.append(args[2])

        db.session.rollback()
        sa.event.listen(db.engine, "before_cursor_execute", note)
        export(db.session(), school_id, "archive")
        sa.event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    small = make_school()
    import_file(small.id, render(tables_2012()), "school.xml", actor_id=None)
    fresh = make_school(name="Школа № 13")
    assert asked(small.id) <= asked(fresh.id) + 2
