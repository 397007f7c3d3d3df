import time as system_time
from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.demo.blueprint import ChatWay
from scheduler.demo.check import problems
from scheduler.demo.curriculum import ALGEBRA
from scheduler.demo.school import make_school
from scheduler.permissions import Role

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def school():
    return make_school(today=TODAY)


def test_demo_school_has_the_promised_sizes(school):
    assert len(school.classes) == 30
    assert len(school.teachers) == 48
    assert sum(len(item.pupils) for item in school.classes) == 750
    assert sorted({item.grade for item in school.classes}) == list(range(1, 12))
    assert {item.shift for item in school.classes} == {1, 2}


def test_demo_school_has_7a_in_the_first_shift_with_ivanova(school):
    shown = next(item for item in school.classes if item.label == "7А")
    names = {person.key: person.full_name for person in school.people}
    algebra = next(course for course in school.courses if course.key == f"7А/{ALGEBRA}")
    assert shown.shift == 1
    assert names[shown.class_teacher] == "Иванова Елена Петровна"
    assert algebra.teachers == (shown.class_teacher,)


def test_demo_school_has_no_problems(school):
    assert problems(school) == []


def test_same_seed_gives_the_same_school(school):
    assert make_school(today=TODAY) == school
    assert make_school(classes=4, seed=2, today=TODAY).slots != make_school(classes=4, today=TODAY).slots


def test_timetable_of_thirty_classes_is_laid_within_the_time():
    start = system_time.process_time()
    make_school(seed=987_654, today=TODAY)
    assert system_time.process_time() - start < 20


@settings(max_examples=6, deadline=None)
@given(classes=st.integers(1, 34), seed=st.integers(0, 10_000))
def test_schools_of_any_size_and_seed_have_no_problems(classes, seed):
    school = make_school(classes=classes, seed=seed, today=TODAY)
    assert len(school.classes) == classes
    assert "7А" in {item.label for item in school.classes}
    assert problems(school) == []


def test_municipality_is_made_of_blocks_side_by_side():
    school = make_school(classes=46, today=TODAY)
    assert problems(school) == []
    assert len({item.label for item in school.classes}) == 46
    assert len({person.full_name for person in school.people}) == len(school.people)
    assert len(set(school.rooms)) == len(school.teachers)


@pytest.mark.parametrize("classes", [0, 481])
def test_impossible_number_of_classes_is_refused(classes):
    with pytest.raises(ValueError, match="1 to 480"):
        make_school(classes=classes, today=TODAY)


def test_names_have_the_endings_of_their_gender(school):
    for person in school.people:
        assert person.middle_name.endswith("на" if person.is_female else "ич")
        assert person.last_name.endswith("а") == person.is_female


def test_fathers_give_their_children_patronymic_and_surname(school):
    people = {person.key: person for person in school.people}
    for parent, child in school.guardians:
        father, pupil = people[parent], people[child]
        if not father.is_female:
            assert pupil.middle_name[:2] == father.first_name[:2] or father.first_name in ("Пётр", "Павел")
            assert pupil.last_name.removesuffix("а") == father.last_name


def test_some_children_are_brothers_and_sisters_in_different_classes(school):
    children = Counter(parent for parent, _ in school.guardians)
    assert max(children.values()) > 1


def test_divided_lessons_share_an_hour_with_two_teachers(school):
    parts = [course for course in school.courses if course.key.startswith("7А/Английский язык/")]
    hours = [sorted((s.weekday, s.period) for s in school.slots if s.course == course.key) for course in parts]
    assert len(parts) == 2
    assert hours[0] == hours[1]
    assert parts[0].teachers != parts[1].teachers


def test_class_is_divided_without_losing_a_pupil(school):
    pupils = {item.label: set(item.pupils) for item in school.classes}
    for division in school.divisions:
        first, second = (set(keys) for _, keys in division.parts)
        assert first | second == pupils[division.class_label]
        assert not first & second


def test_first_grade_has_three_lessons_a_day_until_november(school):
    later = {slot.valid_from for slot in school.slots if slot.course.startswith("1А/")}
    assert later == {None, date(2026, 11, 3)}
    early = Counter(
        slot.weekday
        for slot in school.slots
        if slot.course.startswith("1А/") and slot.valid_from is None and "Разговоры" not in slot.course
        and "Орлята" not in slot.course
    )  # fmt: skip
    assert early == dict.fromkeys(range(1, 6), 3)


def test_talks_stand_in_the_first_hour_of_monday(school):
    talks = [slot for slot in school.slots if slot.course.endswith("/Разговоры о важном")]
    assert {(slot.weekday, slot.period) for slot in talks} == {(1, 1)}
    assert len(talks) == 30


def test_chats_are_the_promised_ones(school):
    assert Counter(chat.way for chat in school.chats) == {
        ChatWay.SANDBOX: 57, ChatWay.BY_HAND: 2, ChatWay.UNCONNECTED: 2,
    }  # fmt: skip
    assert len({chat.title for chat in school.chats}) == 61
    by_hand = {chat.class_label for chat in school.chats if chat.way is ChatWay.BY_HAND}
    assert len(by_hand) == 1
    assert Counter(chat.kind for chat in school.chats) == {"students": 30, "parents": 30, "teachers": 1}


def test_four_pupils_chats_have_something_to_find(school):
    classes = {item.label: item for item in school.classes}
    shown = {person.key: f"{person.first_name} {person.last_name}" for person in school.people}
    found = []
    for chat in school.chats:
        if chat.kind != "students":
            continue
        item = classes[chat.class_label]
        known = {item.class_teacher, *item.pupils}
        keys = {member.person for member in chat.members}
        if None in keys:
            found.append("stranger")
        elif keys - known:
            found.append("other class")
        elif known - keys:
            found.append("missing")
        elif any(shown[member.person] != member.name for member in chat.members):
            found.append("nickname")
    assert sorted(found) == ["missing", "nickname", "other class", "stranger"]


def test_user_numbers_of_members_are_their_own(school):
    named = {member.user_id: member.person for chat in school.chats for member in chat.members}
    people = [person for person in named.values() if person]
    assert len(people) == len(set(people))


def test_sign_ins_show_every_role(school):
    roles = {role.person: set() for role in school.roles}
    for role in school.roles:
        roles[role.person].add(role.role)
    shown = set().union(*(roles[one.person] for one in school.sign_ins))
    assert shown == set(Role)
    assert {one.login for one in school.sign_ins} == {
        "director", "zavuch", "admin", "chat", "ivanova", "roditel", "uchenik",
    }  # fmt: skip


def test_class_teacher_leads_the_chats_of_the_own_class_only(school):
    scopes = {(role.person, role.class_label) for role in school.roles if role.role == Role.CHAT_ADMINISTRATOR}
    assert ("upbringing", None) in scopes
    assert {(item.class_teacher, item.label) for item in school.classes} == scopes - {("upbringing", None)}
