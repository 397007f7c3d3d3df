"""A list of people in the school: who comes to stand there, and what the list of the next month changes."""

import pytest
import sqlalchemy as sa

from scheduler.database import db
from scheduler.imports.apply import import_file
from scheduler.imports.preview import preview
from scheduler.models.classes import Division, Enrollment, GroupMember, Guardianship, SchoolClass, StudyGroup
from scheduler.models.people import Account, Person, RoleGrant
from scheduler.models.timetable import ImportRun
from scheduler.permissions import Role, ScopeKind
from scheduler.planning.schools import add_person, add_school
from tests.factories import count
from tests.imports.fet_samples import fet, two_grades
from tests.imports.rosters.test_reader import csv

HEADINGS = ("Класс", "ФИО ученика", "Группа", "Родитель (законный представитель)", "Классный руководитель", "Телефон")
LEADER = "Петрова Елена Ивановна"
ROWS = (
    ("7А", "Иванов Пётр Олегович", "1", "Иванова Мария Олеговна", LEADER, "+7900"),
    ("7А", "Ким Ян", "2", "Ким Лев", LEADER, ""),
    ("7Б", "Иванова Анна Олеговна", "", "Иванова Мария Олеговна", "", ""),
    ("7Б", "Ли Вера Павловна", "", "", "", ""),
)


@pytest.fixture
def school_id(app):
    return add_school("Школа", "Europe/Moscow")


def bring(school_id, *rows):
    return import_file(school_id, csv(HEADINGS, *rows), "список.csv", actor_id=None)


def person(last, first):
    return db.session.scalar(sa.select(Person).where(Person.last_name == last, Person.first_name == first))


def class_of(one):
    return db.session.scalar(sa.select(SchoolClass.label).join(Enrollment).where(Enrollment.person_id == one.id))


def children_of(one):
    return sorted(
        db.session.scalars(
            sa.select(Person.first_name)
            .join(Guardianship, Guardianship.student_id == Person.id)
            .where(Guardianship.parent_id == one.id)
        )
    )


def members(label):
    return sorted(
        db.session.scalars(
            sa.select(Person.first_name)
            .join(GroupMember, GroupMember.person_id == Person.id)
            .join(StudyGroup, StudyGroup.id == GroupMember.group_id)
            .where(StudyGroup.name == label)
        )
    )


def test_everybody_of_the_list_is_in_the_school_and_nobody_can_sign_in(school_id):
    result = bring(school_id, *ROWS)
    assert dict(result.counts) == {"classes_new": 2, "students_new": 4, "parents_new": 2, "teachers_new": 1}
    assert (class_of(person("Ким", "Ян")), class_of(person("Ли", "Вера"))) == ("7А", "7Б")
    assert children_of(person("Иванова", "Мария")) == ["Анна", "Пётр"]
    leaders = db.session.scalars(sa.select(SchoolClass).where(SchoolClass.label == "7А")).one().class_teachers
    assert [one.full_name for one in leaders] == [LEADER]
    assert (members("7А (1)"), members("7А (2)")) == (["Пётр"], ["Ян"])
    assert count(Account) == 0
    run = db.session.scalars(sa.select(ImportRun)).one()
    assert (run.kind, run.facts["students"], run.facts["parents"]) == ("roster", 4, 2)


def test_roles_reach_no_further_than_the_class(school_id):
    bring(school_id, *ROWS)
    grants = {
        (row.person.first_name, row.role, row.scope, db.session.get(SchoolClass, row.scope_id).label)
        for row in db.session.scalars(sa.select(RoleGrant).where(RoleGrant.scope_id.is_not(None)))
    }
    assert grants == {
        ("Пётр", Role.STUDENT, ScopeKind.CLASS, "7А"), ("Ян", Role.STUDENT, ScopeKind.CLASS, "7А"),
        ("Анна", Role.STUDENT, ScopeKind.CLASS, "7Б"), ("Вера", Role.STUDENT, ScopeKind.CLASS, "7Б"),
        ("Мария", Role.PARENT, ScopeKind.CLASS, "7А"), ("Мария", Role.PARENT, ScopeKind.CLASS, "7Б"),
        ("Лев", Role.PARENT, ScopeKind.CLASS, "7А"),
    }  # fmt: skip


def test_nothing_of_the_file_but_names_is_stored(school_id):
    bring(school_id, *ROWS)
    stored = " ".join(
        str(value)
        for table in db.metadata.sorted_tables
        for row in db.session.execute(sa.select(table))
        for value in row
    )
    assert "Ким" in stored
    assert "+7900" not in stored


def test_same_list_again_changes_nothing(school_id):
    bring(school_id, *ROWS)
    people = count(Person)
    assert dict(bring(school_id, *ROWS).counts) == {}
    assert (count(Person), count(Division), count(Enrollment)) == (people, 1, 4)


def test_spelling_of_a_name_makes_nobody_new(school_id):
    bring(school_id, *ROWS)
    rows = (("7 «а»", "ИВАНОВ ПЕТР ОЛЕГОВИЧ", "1", "иванова мария олеговна", LEADER, ""), *ROWS[1:])
    assert dict(bring(school_id, *rows).counts) == {}


def test_patronymic_that_was_missing_is_completed(school_id):
    bring(school_id, *ROWS)
    before = person("Ким", "Ян").id
    db.session.rollback()
    assert dict(bring(school_id, ROWS[0], ("7А", "Ким Ян Львович", *ROWS[1][2:]), *ROWS[2:]).counts) == {}
    assert (person("Ким", "Ян").id, person("Ким", "Ян").middle_name) == (before, "Львович")


def test_pupil_who_changed_class_leaves_the_groups_of_the_old_one(school_id):
    bring(school_id, *ROWS)
    moved = ("7Б", *ROWS[0][1:2], "", *ROWS[0][3:])
    result = bring(school_id, moved, *ROWS[1:])
    assert dict(result.counts) == {"students_moved": 1}
    assert "Иванов Пётр Олегович теперь в классе 7Б." in [row.text for row in result.findings]
    one = person("Иванов", "Пётр")
    assert (class_of(one), members("7А (1)")) == ("7Б", [])
    assert [(row.role, row.scope_id) for row in one.roles] == [
        (Role.STUDENT, db.session.scalar(sa.select(SchoolClass.id).where(SchoolClass.label == "7Б")))
    ]


def test_pupil_who_is_gone_is_archived_and_comes_back(school_id):
    bring(school_id, *ROWS)
    result = bring(school_id, *ROWS[1:], ("7А", "Новиков Лев", "1", "", LEADER, ""))
    assert dict(result.counts) == {"students_new": 1, "students_gone": 1}
    assert (person("Иванов", "Пётр").is_archived, person("Иванова", "Мария").is_archived) == (True, False)
    assert children_of(person("Иванова", "Мария")) == ["Анна", "Пётр"]
    db.session.rollback()
    assert bring(school_id, *ROWS).counts["students_back"] == 1
    assert person("Иванов", "Пётр").is_archived is False


def test_parent_of_nobody_here_goes_with_the_child(school_id):
    bring(school_id, *ROWS)
    bring(school_id, ROWS[0], ("7А", "Новиков Лев", "2", "", LEADER, ""), *ROWS[2:])
    assert (person("Ким", "Ян").is_archived, person("Ким", "Лев").is_archived) == (True, True)


def test_part_of_a_list_archives_nobody(school_id):
    bring(school_id, *ROWS, *(("7А", f"Учеников{letter} Олег", "", "", "", "") for letter in "абвгд"))
    result = bring(school_id, *ROWS[:2])
    assert "students_gone" not in result.counts
    assert any("меньше половины" in row.text for row in result.findings)


def test_teacher_of_the_timetable_is_the_one_of_the_list(school_id):
    add_person(school_id, LEADER, Role.TEACHER)
    bring(school_id, *ROWS)
    assert db.session.scalar(sa.select(sa.func.count()).where(Person.last_name == "Петрова")) == 1


def test_teacher_with_another_surname_is_told(school_id):
    bring(school_id, *ROWS)
    rows = [(*row[:4], "Сидорова Елена Ивановна" if row[4] else "", row[5]) for row in ROWS]
    result = bring(school_id, *rows)
    words = [row.text for row in result.findings]
    assert any("Сидорова Елена Ивановна — новое имя, а Петрова Елена Ивановна" in text for text in words)
    assert any("другой классный руководитель" in text for text in words)


def test_groups_join_the_division_of_the_timetable(school_id):
    import_file(school_id, fet(two_grades()), "school.fet", actor_id=None)
    before = count(StudyGroup)
    rows = [("7А", "Иванов Пётр", "инф"), ("7А", "Ким Ян", "труд")]
    import_file(school_id, csv(("Класс", "Ученик", "Группа"), *rows), "список.csv", actor_id=None)
    assert (members("7 А (инф)"), members("7 А (труд)"), count(StudyGroup)) == (["Пётр"], ["Ян"], before)


def test_preview_tells_the_changes_and_stores_nothing(school_id):
    bring(school_id, *ROWS)
    people = count(Person)
    found = preview(school_id, csv(HEADINGS, *ROWS[1:]), "список.csv")
    assert (dict(found.counts), found.facts["students"]) == ({"students_gone": 1}, 3)
    assert (count(Person), count(ImportRun)) == (people, 1)


def test_another_school_stays_as_it_is(school_id):
    other = add_school("Другая", "Europe/Moscow")
    bring(other, *ROWS)
    bring(school_id, *ROWS)
    assert count(Person) == 14
    rows = db.session.execute(
        sa.select(Enrollment.school_id, Person.school_id).join(Person, Person.id == Enrollment.person_id)
    )
    assert all(one == two for one, two in rows)
