"""Texts of posts: lines, place, materials, parts at lesson borders, notices; no clock and no messenger."""

from datetime import date, time

import pytest

from scheduler.chats.bulletins import DayPlan, buttons_of, wanted_parts, withdrawn_text
from scheduler.chats.lines import LessonLine, LineState, changed_lines, from_kept
from scheduler.chats.notices import notice_text
from scheduler.models.chats import ChatKind

DAY = date(2026, 11, 24)
URL = "http://school.test/t/abc"


pytestmark = pytest.mark.usefixtures("sqlite_app")  # templates are found through the application


def line(number=1, **values):
    defaults = {
        "lesson_id": number, "period": number, "start": time(7 + number, 0), "end": time(7 + number, 30),
        "title": "Алгебра", "group": "", "teachers": "Иванова Е. П.", "way": "link", "is_broadcast": False,
        "url": f"http://school.test/j/{number}", "task": "§ 12", "materials": "", "online_minutes": None,
    }  # fmt: skip
    return LessonLine(**{**defaults, **values})


def plan(*lines, kind=ChatKind.STUDENTS, **values):
    defaults = {"class_name": "7 «А»", "date": DAY, "url": URL, "has_lessons_at_school": True}
    return DayPlan(kind=kind, lines=lines, **{**defaults, **values})


def body(*lines, **values):
    (text,) = wanted_parts(plan(*lines, **values))
    return text.splitlines()


@pytest.mark.parametrize(
    ("values", "kind", "told"),
    [
        ({"way": "self"}, ChatKind.STUDENTS, "1. 8:00–8:30 Алгебра (Иванова Е. П.) — самостоятельно: § 12"),
        ({"way": "chat"}, ChatKind.STUDENTS, "1. 8:00–8:30 Алгебра (Иванова Е. П.) — видеозвонок в чате класса"),
        (
            {"way": "chat"}, ChatKind.PARENTS,
            "1. 8:00–8:30 Алгебра (Иванова Е. П.) — видеозвонок в чате учеников класса",
        ),
        (
            {"is_broadcast": True}, ChatKind.STUDENTS,
            "1. 8:00–8:30 Алгебра (Иванова Е. П.) — урок в кабинете и видеоурок: http://school.test/j/1",
        ),
        (
            {"together": "кабинет 27"}, ChatKind.STUDENTS,
            "1. 8:00–8:30 Алгебра (Иванова Е. П.) — видеоурок, вместе в школе (кабинет 27): http://school.test/j/1",
        ),
        (
            {"period": None, "teachers": ""}, ChatKind.STUDENTS,
            "8:00–8:30 Алгебра — видеоурок: http://school.test/j/1",
        ),
    ],
)  # fmt: skip
def test_line_says_how_to_take_part(values, kind, told):
    assert body(line(**values), kind=kind)[2] == told


def test_short_call_and_task_without_internet_follow_their_line():
    assert body(line(online_minutes=20))[3:5] == [
        "   Видеосвязь — 20 мин, дальше работаем самостоятельно.",
        "   Если нет интернета: § 12",
    ]


def test_groups_share_a_number():
    english = {"title": "Английский язык", "start": time(9), "end": time(9, 30), "period": 2}
    second = line(3, **english, group="группа 2", way="self", teachers="", task="упр. 5")
    lines = body(line(2, **english, group="группа 1"), second)
    assert lines[2].startswith("2. 9:00–9:30 Английский язык, группа 1 (Иванова Е. П.) — видеоурок:")
    assert lines[4] == "   группа 2 — самостоятельно: упр. 5"


def test_two_whole_class_lessons_at_once_are_told_in_full():
    same = {"start": time(9), "end": time(9, 30), "period": 2}
    lines = body(line(2, **same, way="self"), line(3, **same, way="self"))
    assert [one[:20] for one in lines[2:4]] == ["2. 9:00–9:30 Алгебра", "2. 9:00–9:30 Алгебра"]


@pytest.mark.parametrize(
    ("lines", "at_school", "place"),
    [
        ([line()], False, "Все уроки дистанционно."),
        ([line()], True, "Дистанционно только 1-й урок, остальные уроки в школе."),
        ([line(1), line(2), line(3)], True, "Дистанционно только 1-й, 2-й и 3-й уроки, остальные уроки в школе."),
        (
            [line(1), line(2, period=None, title="Физика")], True,
            "Дистанционно только Алгебра и Физика, остальные уроки в школе.",
        ),
        ([line(is_broadcast=True)], True, "Уроки в школе; для тех, кто дома, — видеоурок."),
    ],
)  # fmt: skip
def test_place_says_where_the_lessons_are(lines, at_school, place):
    assert body(*lines, has_lessons_at_school=at_school)[1] == place


def test_materials_stand_once():
    lines = body(line(1, materials="циркуль"), line(2, materials="циркуль"), line(3, materials="линейка"))
    assert lines[-2:] == ["Приготовьте: циркуль; линейка", f"Расписание: {URL}"]


def test_day_with_nothing_left_ends_in_the_usual_way():
    moved = line(2, state=LineState.MOVED, moved_to=date(2026, 11, 27))
    lines = body(line(1, state=LineState.RETURNED), moved)
    assert lines[1] == "1. 8:00–8:30 Алгебра (Иванова Е. П.) — в школе, в обычном режиме"
    assert lines[2].endswith("— перенесён на пятницу, 27 ноября")
    assert lines[-1] == "Видеоуроков не будет, остальные уроки в обычном режиме."


def test_long_day_is_cut_at_lesson_borders():
    day = plan(*(line(number, task="параграф " * 40, materials="тетрадь") for number in range(1, 16)))
    parts = wanted_parts(day)
    assert all(len(part) <= 3900 for part in parts)
    heads = [part.splitlines()[0] for part in parts]
    assert heads == [f"7 «А», вторник, 24 ноября ({n} из {len(parts)})" for n in range(1, len(parts) + 1)]
    assert "Видеоуроков: 15, первый в 8:00." in parts[0]
    assert sum(part.count("— видеоурок: http") for part in parts) == 15
    assert wanted_parts(day) == parts


def test_one_lesson_longer_than_a_part_is_shortened():
    parts = wanted_parts(plan(line(title="А" * 900), line(2)), longest=600)
    assert all(len(part) <= 600 for part in parts)


def test_self_study_alone_has_no_first_call_in_its_summary():
    parts = wanted_parts(plan(*(line(number, way="self", task="т" * 400) for number in range(1, 12))))
    assert "Задания — в следующих частях." in parts[0]


def test_part_no_longer_needed_leads_to_the_first():
    assert withdrawn_text(plan()) == "7 «А», вторник, 24 ноября: смотрите первую часть."


@pytest.mark.parametrize(
    ("ways", "counts"),
    [
        (["link"] * 2 + ["self"], "2 видеоурока, 1 самостоятельное занятие."),
        (["link"] * 11, "11 видеоуроков."),
        (["self"] * 5, "5 самостоятельных занятий."),
        (["link"] * 21, "21 видеоурок."),
    ],
)
def test_teachers_get_counts_and_their_own_page(ways, counts):
    lines = [line(1, lesson_id=number, way=way) for number, way in enumerate(ways)]
    assert body(*lines, kind=ChatKind.TEACHERS) == [
        "Уважаемые коллеги! Вторник, 24 ноября", counts, f"Ваши уроки и ссылки: {URL}",
    ]  # fmt: skip
    assert buttons_of(plan(kind=ChatKind.TEACHERS))[0][0]["text"] == "Мои уроки"


def test_remote_day_has_its_own_words():
    words = {
        "reason_line": "Актированный день: −34 °C.",
        "class_teacher": "Иванова Е. П.",
        "meals_line": "Питание — сухой паёк.",
    }
    day = {"is_remote_day": True, "remote_words": words, "has_lessons_at_school": False}
    assert body(line(), **day)[:2] == [
        "Дистанционный день. 7 «А», вторник, 24 ноября",
        "Актированный день: −34 °C. В школу не приходим, учимся дома.",
    ]
    parents = body(line(), kind=ChatKind.PARENTS, **day)
    assert parents[0] == "Уважаемые родители! 7 «А», вторник, 24 ноября"
    assert "Питание — сухой паёк." in parents
    assert parents[-1].endswith("Вопросы: Иванова Е. П.")
    teachers = body(line(), kind=ChatKind.TEACHERS, **day)
    assert teachers[0] == "Уважаемые коллеги! Вторник, 24 ноября — дистанционный день."
    assert "Первый урок в 8:00." in teachers[1]


def test_parents_read_how_many_lessons_one_child_has():
    groups = [line(group=f"группа {one}") for one in (1, 2)]
    (text,) = wanted_parts(plan(*groups, line(2, way="self"), kind=ChatKind.PARENTS, is_remote_day=True))
    assert "Видеоуроков: 1," in text


def test_long_remote_day_names_itself_in_its_summary_only():
    lines = [line(number, task="параграф " * 40) for number in range(1, 16)]
    parts = wanted_parts(plan(*lines, is_remote_day=True))
    assert parts[0].startswith("Дистанционный день. 7 «А», вторник, 24 ноября (1 из ")
    assert wanted_parts(plan(line(state=LineState.CANCELLED), is_remote_day=True))[0].startswith("7 «А»")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (None, {}, "1-й урок, Алгебра: начало в 8:00, видеоурок: http://school.test/j/1"),
        ({}, {"start": time(9)}, "1-й урок, Алгебра: начало в 9:00 (было в 8:00). Ссылка прежняя."),
        ({"way": "chat"}, {"way": "chat", "start": time(9)}, "1-й урок, Алгебра: начало в 9:00 (было в 8:00)."),
        ({}, {"end": time(8, 20)}, "1-й урок, Алгебра: конец в 8:20 (был в 8:30). Ссылка прежняя."),
        ({}, {"way": "self"}, "1-й урок, Алгебра: начало в 8:00, самостоятельно: § 12"),
        (
            {}, {"way": "chat", "start": time(9)},
            "1-й урок, Алгебра: начало в 9:00 (было в 8:00), видеозвонок в чате класса",
        ),
        ({}, {"state": LineState.CANCELLED}, "1-й урок, Алгебра, в 8:00 не состоится."),
        ({}, {"state": LineState.RETURNED}, "1-й урок, Алгебра, в 8:00 — в школе, видеоурока не будет."),
        (
            {}, {"state": LineState.MOVED, "moved_to": date(2026, 11, 25)},
            "1-й урок, Алгебра: перенесён на среду, 25 ноября (был в 8:00).",
        ),
        (
            {}, {"period": None, "group": "группа 1", "start": time(9)},
            "Алгебра, группа 1: начало в 9:00 (было в 8:00). Ссылка прежняя.",
        ),
    ],
)  # fmt: skip
def test_notice_says_what_changed(old, new, told):
    pair = (None if old is None else line(**old), line(**new))
    lines = notice_text(plan(pair[1]), [pair]).splitlines()
    assert lines[1] == told
    is_cancelled = new.get("state") is LineState.CANCELLED
    assert lines[0] == f"{'Отмена' if is_cancelled else 'Изменение'}. 7 «А», вторник, 24 ноября"
    assert lines[2] == f"Остальные уроки {'по расписанию' if is_cancelled else 'без изменений'}: {URL}"


def test_too_many_changes_are_counted():
    pairs = [(None, line(1, lesson_id=number, title="Литература " * 20)) for number in range(40)]
    text = notice_text(plan(), pairs)
    assert len(text) <= 3900
    assert "И ещё " in text
    assert notice_text(plan(), [(None, line(title="А" * 5000))]).splitlines()[1] == "И ещё 1 изменение — в расписании."


def test_line_survives_being_kept():
    kept = line(state=LineState.MOVED, moved_to=DAY)
    assert from_kept(kept.kept()) == kept
    assert changed_lines([kept], [kept]) == []
    assert changed_lines([], [kept]) == [(None, kept)]


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (
            [line(together="спортзал", way="self"), line(2, is_broadcast=True)],
            "Уроки в школе; для тех, кто дома, — видеоурок.",
        ),
        ([line(together="кабинет 27")], "Все уроки в школе; на видеоурок класс подключается вместе."),
        ([line(together="кабинет 27"), line(2)], "Дистанционно только 2-й урок, остальные уроки в школе."),
    ],
)
def test_a_lesson_joined_together_is_at_school(lines, place):
    assert body(*lines, has_lessons_at_school=False)[1] == place


def test_a_notice_says_that_a_lesson_is_joined_together_now():
    old, new = line(), line(together="кабинет 27")
    ((was, now),) = changed_lines([old], [new])
    text = notice_text(plan(new), [(was, now)])
    assert "начало в 8:00, видеоурок, вместе в школе (кабинет 27): http://school.test/j/1" in text
