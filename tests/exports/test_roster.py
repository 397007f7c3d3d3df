"""The list of people out as CSV and in again: everybody once, each pupil in the class with groups and parents."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.exports.roster import ListedPerson, ListedPupil, People, group_heading, write_roster
from scheduler.imports.recognise import read_source

FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SURNAMES = ["Иванов", "Ёжикова", "Мамин-Сибиряк", "Ким", "Абдуллаев", "Орлова", "Петров", "Жук"]
FIRST = ["Анна", "Пётр", "Ия", "Лев", "Мария-Анна"]
MIDDLE = ["", "Петровна", "Ильич", "Руслан оглы"]
PERSONS = st.builds(ListedPerson, st.sampled_from(SURNAMES), st.sampled_from(FIRST), st.sampled_from(MIDDLE))
GROUPS = {
    "Английский язык": ["1", "2"],
    "Группа 1 / Группа 2": ["Группа 1", "Группа 2"],
    "Физкультура": ["юноши", "девушки"],
}


@st.composite
def peoples(draw):
    """Teachers with names of their own; pupils may be namesakes even in one class; no two parents of one name."""
    named = st.lists(PERSONS, unique=True)
    teachers = draw(named)
    pupils = draw(st.lists(pupils_without_parents(), max_size=8))
    parents = draw(st.lists(PERSONS, unique=True, max_size=2 * len(pupils)))
    with_parents = tuple(
        ListedPupil(pupil.name, pupil.label, pupil.groups, tuple(parents[2 * place : 2 * place + 2]))
        for place, pupil in enumerate(pupils)
    )
    leading = tuple(zip(draw(st.lists(st.sampled_from(["5А", "7Б"]), unique=True)), teachers, strict=False))
    return People(tuple(teachers), leading, (), with_parents)


@st.composite
def pupils_without_parents(draw):
    groups = {name: draw(st.sampled_from(["", *parts])) for name, parts in GROUPS.items()}
    label = draw(st.sampled_from(["5А", "7Б", "11В"]))
    return ListedPupil(draw(PERSONS), label, tuple((name, part) for name, part in groups.items() if part))


def names(person):
    return person.last, person.first, person.middle


@FEW
@given(peoples())
def test_everybody_comes_back(russian, people):
    if not (people.teachers or people.pupils):
        return
    draft = read_source(write_roster(people), "people.csv", kind="roster")
    assert sorted(names(row.name) for row in draft.teachers) == sorted(map(names, people.teachers))
    labels = {row.key: row.name for row in draft.classes}
    assert sorted((names(row.name), labels[row.class_key], sorted(row.groups)) for row in draft.students) == sorted(
        (names(row.name), row.label, sorted((group_heading(name), part) for name, part in row.groups))
        for row in people.pupils
    )
    students = {row.key: row.name for row in draft.students}
    assert sorted((names(row.name), [names(students[key]) for key in row.student_keys]) for row in draft.parents) == (
        sorted((names(one), [names(row.name)]) for row in people.pupils for one in row.parents)
    )
    teachers = {row.key: row.name for row in draft.teachers}
    assert sorted((row.name, names(teachers[key])) for row in draft.classes for key in row.teacher_keys) == sorted(
        (label, names(one)) for label, one in people.class_teachers
    )


def test_the_list_is_recognised_without_being_told(russian):
    people = People(
        teachers=(ListedPerson("Ким", "Анна", "Сергеевна"),),
        parents=(ListedPerson("Одинокий", "Лев"),),
        pupils=(ListedPupil(ListedPerson("Жук", "Ия"), "5А", parents=(ListedPerson("Жук", "Пётр", "Ильич"),)),),
    )
    draft = read_source(write_roster(people), "people.csv")
    assert (draft.kind, len(draft.students), len(draft.teachers)) == ("roster", 1, 1)
    assert [(row.name.last, len(row.student_keys)) for row in draft.parents] == [("Одинокий", 0), ("Жук", 1)]


def test_a_name_like_a_formula_runs_nowhere(russian):
    data = write_roster(People(teachers=(ListedPerson("=1+1", "+Анна", "\t@Х"),)))
    assert data.decode("utf-8-sig").splitlines()[1] == '"Учитель";"\'=1+1";"\'+Анна";"\'@Х";""'
