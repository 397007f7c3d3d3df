import json
from decimal import Decimal
from pathlib import Path

import pytest

from scheduler.imports.draft import DraftPart, FindingLevel
from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.recognise import read_files
from scheduler.imports.report import facts
from scheduler.imports.source import SourceFile, read_path
from tests.imports.conftest import SAMPLES
from tests.imports.fet_samples import (
    TIMETABLE,
    Activity,
    School,
    activities_xml,
    fet,
    hourly_xml,
    plan_csv,
    start_xml,
    students_csv,
    subgroups_of,
    table,
    teachers_of,
    timetable_csv,
    two_grades,
)

FET_SAMPLES = SAMPLES.parent / "fet"
EXPECTED = FET_SAMPLES / "EXPECTED_dev.json"
KNOWN = json.loads(EXPECTED.read_text()) if EXPECTED.exists() else {}


def read(*datas, names=()):
    names = names or [f"file{n}" for n in range(len(datas))]
    return read_files([SourceFile(name, data) for name, data in zip(names, datas, strict=True)])


def refusal(*datas):
    with pytest.raises(ImportRefusedError) as told:
        read(*datas)
    return str(told.value)


def hours(draft):
    """(subject, audience, weekday, lesson, weeks) of every slot."""
    found = []
    for slot in draft.slots:
        course = draft.course_by_key[slot.course_key]
        subject = draft.subject_by_key[course.subject_key].name
        found.append((subject, draft.audience_of(slot).label, slot.weekday, slot.period, sorted(slot.weeks)))
    return sorted(found)


def texts(draft, level=None):
    return [row.text for row in draft.findings if level in (None, row.severity)]


def counts(draft):
    return {key: value for key, value in facts(draft).items() if key != "findings"}


@pytest.mark.samples
@pytest.mark.parametrize("name", KNOWN or [pytest.param("", marks=pytest.mark.skip("no ../shared/data"))])
def test_real_set_has_the_known_counts(russian, name):
    known = KNOWN[name]
    draft = read_files(read_path(FET_SAMPLES / name))
    found = counts(draft)
    assert {key: found[key] for key in ("kind", "teachers", "subjects", "rooms", "groups")} == {
        "kind": "fet", "teachers": known["teachers"], "subjects": known["subjects"], "rooms": known["rooms"],
        "groups": known["groups"],
    }  # fmt: skip
    assert found["lessons_read"] == known["activities"]
    assert found["periods_per_cycle"] == known["sum_duration_of_placed"] == known["csv_rows"]
    assert found["unplaced"] == known["active"] - known["placed"]
    assert (found["cycle_weeks"], found["clashes"]) == (1, 0)
    assert len(draft.days) == known["days"]
    joint = [one for one in draft.courses if len(draft.audience_by_key[one.audience_key].class_keys) > 1]
    assert bool(joint) == bool(known["activities_with_several_student_sets"])


@pytest.mark.samples
@pytest.mark.parametrize(
    ("name", "classes"),
    [("bg_high_school", 17), ("es_primaria", 10), ("vn_afternoon_shift", 23), ("br_evening_small", 3)],
)
def test_real_set_has_its_classes_whether_years_or_groups(russian, name, classes):
    if not KNOWN:
        pytest.skip("no ../shared/data")
    draft = read_files(read_path(FET_SAMPLES / name))
    assert len(draft.classes) == classes
    alone = read_files(read_path(FET_SAMPLES / name / "timetable.csv"))
    assert counts(alone)["periods_per_cycle"] == counts(draft)["periods_per_cycle"]
    assert any("нельзя узнать" in text for text in texts(alone, FindingLevel.WARNING))


@pytest.mark.samples
def test_real_solved_file_equals_its_exports(russian):
    if not KNOWN:
        pytest.skip("no ../shared/data")
    folder = FET_SAMPLES / "bg_high_school"
    solved = read_files(read_path(folder / "data_and_timetable.fet"))
    plan = (folder / "input.fet").read_bytes()
    by_table = read(plan, (folder / "timetable.csv").read_bytes(), names=("a.fet", "b.csv"))
    by_xml = read(plan, (folder / "activities.xml").read_bytes(), names=("a.fet", "b.xml"))
    without_file = read(
        *((folder / name).read_bytes() for name in ("timetable.csv", "students.csv", "activities.csv")),
        names=("t.csv", "s.csv", "a.csv"),
    )
    assert hours(solved) == hours(by_table) == hours(by_xml) == hours(without_file)


def test_solved_file_is_read(russian):
    draft = read(fet(two_grades()))
    assert counts(draft) == {
        "kind": "fet", "classes": 3, "teachers": 4, "subjects": 8, "groups": 3, "rooms": 3, "courses": 8,
        "lessons_read": 9, "cycle_weeks": 1, "periods_per_cycle": 8, "unplaced": 1, "clashes": 0,
    }  # fmt: skip
    assert [(row.name, row.grade) for row in draft.classes] == [("7 А", 7), ("7 Б", 7), ("8 А", 8)]
    assert hours(draft) == [
        ("Алгебра", "7 А", 0, 1, [0]), ("Алгебра", "7 А", 0, 2, [0]), ("Информатика", "7 А (инф)", 1, 1, [0]),
        ("Музыка", "7 Б", 3, 2, [0]), ("Педсовет", "без класса", 4, 4, [0]), ("Труд", "7 А (труд)", 1, 1, [0]),
        ("Физика", "8 А", 4, 3, [0]), ("Физкультура", "7 А, 7 Б", 2, 4, [0]),
    ]  # fmt: skip
    assert [(row.name, row.parts) for row in draft.divisions] == [("инф / труд", ("инф", "труд"))]
    assert "1 занятие в программе FET отключено и не взято." in texts(draft)
    assert any("Группы" in text or "группы годов" in text for text in texts(draft))


def test_unsolved_file_is_a_plan_with_the_pinned_hours_alone(russian):
    school = two_grades()
    plan = read(fet(school, is_solved=False))
    assert (counts(plan)["unplaced"], counts(plan)["periods_per_cycle"]) == (8, 0)
    assert any("только учебный план" in text for text in texts(plan, FindingLevel.ERROR))
    pinned = fet(school, is_solved=False).replace(
        b"</Time_Constraints_List>",
        (start_xml(school.activities[0]) + start_xml(school.activities[3], weight=95)).encode()
        + b"</Time_Constraints_List>",
    )
    assert hours(read(pinned)) == [("Алгебра", "7 А", 0, 1, [0]), ("Алгебра", "7 А", 0, 2, [0])]


def test_set_of_exports_equals_the_solved_file(russian):
    school = two_grades()
    solved = read(fet(school))
    plan = fet(school, is_solved=False)
    sets = [
        (plan, timetable_csv(school)),
        (plan, activities_xml(school)),
        (timetable_csv(school), students_csv(school), plan_csv(school)),
        (plan, fet(school), timetable_csv(school), students_csv(school)),
    ]
    for files in sets:
        draft = read(*files)
        assert hours(draft) == hours(solved)
        assert counts(draft)["unplaced"] == 1
        assert [row.weekly_hours for row in sorted(draft.courses, key=lambda row: row.key)] == [
            row.weekly_hours for row in sorted(solved.courses, key=lambda row: row.key)
        ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("quote", ['"', "'", ""])
def test_timetable_is_read_with_any_separator_and_quotes(russian, separator, quote):
    school = two_grades()
    data = timetable_csv(school, separator=separator, quote=quote)
    assert hours(read(data, students_csv(school))) == hours(read(fet(school)))


def test_headings_may_stand_in_any_order_or_be_missing(russian):
    school = two_grades()
    turned = timetable_csv(school, columns=tuple(reversed(TIMETABLE)))
    bare = timetable_csv(school, has_headings=False)
    wanted = hours(read(fet(school)))
    assert hours(read(turned, students_csv(school))) == wanted
    assert hours(read(bare, students_csv(school), names=("t.csv", "s.csv"))) == wanted


def test_timetable_alone_says_what_cannot_be_known(russian):
    draft = read(timetable_csv(two_grades()))
    assert [row.name for row in draft.classes] == ["7 А", "7 Б", "8 А"]
    assert "Физкультура" in [row[0] for row in hours(draft) if row[1] == "7 А, 7 Б"]
    assert ("Информатика", "7 А (инф)", 1, 1, [0]) in hours(draft)
    assert any("По одной таблице расписания нельзя узнать" in text for text in texts(draft, FindingLevel.WARNING))
    assert {len(row.parts) for row in draft.divisions} == {1}


def test_hourly_exports_are_whole_sources(russian):
    school = two_grades()
    wanted = [row for row in hours(read(fet(school))) if row[0] != "Педсовет"]
    subgroups = hourly_xml(school, "Subgroup", subgroups_of(school))
    assert hours(read(subgroups, students_csv(school))) == wanted
    assert counts(read(subgroups))["periods_per_cycle"] == len(wanted)
    without_numbers = hourly_xml(school, "Subgroup", subgroups_of(school), has_numbers=False)
    assert hours(read(without_numbers, students_csv(school))) == wanted
    by_teacher = hourly_xml(school, "Teacher", lambda one: one.teachers)
    taught = [row for row in hours(read(fet(school))) if row[0] != "Музыка"]
    assert hours(read(by_teacher, students_csv(school))) == taught
    assert [row.teacher_keys for row in read(by_teacher).courses if row.subject_key == "Физика"] == [
        ("Ким А.С.", "Лосев П.П.")
    ]


def test_names_with_a_plus_stay_whole_where_they_are_known(russian):
    school = two_grades()
    school.activities[0].teachers = ("Иванова+Петрова", "Ким А.С.")
    draft = read(timetable_csv(school), table(("Teacher", "Comments"), [(name, "") for name in teachers_of(school)]))
    assert draft.courses[0].teacher_keys == ("Иванова+Петрова", "Ким А.С.")


def test_plan_alone_is_a_curriculum(russian):
    draft = read(plan_csv(two_grades()))
    assert (counts(draft)["unplaced"], counts(draft)["periods_per_cycle"], counts(draft)["courses"]) == (8, 0, 8)
    assert {row.weekly_hours for row in draft.courses} == {Decimal(1), Decimal(2)}


def test_lists_and_hours_alone_are_refused_in_words(russian):
    school = two_grades()
    assert "только списки" in refusal(students_csv(school))
    assert "только время, без самих уроков" in refusal(activities_xml(school))
    school.activities = []
    assert "нет занятий" in refusal(fet(school))


def test_files_that_do_not_belong_together_are_told(russian):
    school, other = two_grades(), two_grades()
    for one in other.activities:
        one.id += 100
    draft = read(fet(school, is_solved=False), timetable_csv(other))
    assert any("нет среди занятий файла" in text for text in texts(draft, FindingLevel.ERROR))
    assert any("несколько разных файлов FET" in text for text in texts(read(fet(school), fet(other))))
    moved = two_grades()
    moved.activities[0].at = ("Пятница", "08:30")
    draft = read(fet(school), timetable_csv(moved))
    assert any("оставлено время из файла" in text for text in texts(draft))
    assert hours(draft) == hours(read(fet(school)))
    assert any(
        "Здесь несколько расписаний" in text for text in texts(read(timetable_csv(school), timetable_csv(moved)))
    )


def test_damage_inside_is_told_and_the_rest_is_read(russian):
    school = two_grades()
    school.activities[0].hours = 9
    data = fet(school).replace("<Preferred_Day>Вторник".encode(), "<Preferred_Day>Вчера".encode(), 1)
    data = data.replace(b"<Id>4</Id>", b"<Id>x</Id>").replace(
        "<Subject>Музыка</Subject>".encode(), b"<Subject></Subject>"
    )
    draft = read(data)
    assert [row.text for row in draft.findings if row.severity is FindingLevel.ERROR] == [
        "Занятие без номера или без предмета не взято.",
        "Занятие без номера или без предмета не взято.",
        "День или час, которого нет в списках файла, не взят.",
    ]
    assert any("дольше последнего часа" in text for text in texts(draft))
    assert len([row for row in hours(draft) if row[0] == "Алгебра"]) == 4


def test_one_pupil_and_home_teaching_are_private(russian):
    school = two_grades()
    school.sizes["7 А инф"] = 1
    school.years["8"]["Иванов П. инд"] = []
    school.activities.append(Activity(10, "Чтение", (), ("Иванов П. инд",), 1, ("Среда", "08:30")))
    draft = read(fet(school))
    assert {row.label for row in draft.audiences if row.is_private} == {"7 А (инф)", "Иванов П. инд"}
    assert [row.name for row in draft.classes if row.is_private] == ["Иванов П. инд"]


def test_long_names_and_virtual_rooms(russian):
    school = two_grades()
    school.long_names = {"Иванова Е.П.": "Иванова Елена Петровна", "Физика": "Физика и астрономия"}
    school.virtual_rooms = ("Все спортзалы",)
    draft = read(fet(school))
    assert ("Иванова Елена Петровна", "Иванова Е.П.") in [(row.name, row.short) for row in draft.teachers]
    assert "Физика и астрономия" in [row.name for row in draft.subjects]
    assert [row.name for row in draft.rooms if row.is_placeholder] == ["Все спортзалы"]


def test_clash_inside_the_source_is_told(russian):
    school = two_grades()
    school.activities[4].at = ("Понедельник", "08:30")
    school.activities[4].teachers = ("Иванова Е.П.",)
    school.activities[1].at = ("Понедельник", "09:25")
    draft = read(fet(school))
    assert counts(draft)["clashes"] == 2


def test_old_file_without_bom_and_with_old_names(russian):
    data = fet(two_grades())[3:].replace(b"ConstraintActivityPreferredStartingTime", b"ConstraintActivityPreferredTime")
    data = data.replace(b"Preferred_Day", b"Day").replace(b"Preferred_Hour", b"Hour").replace(b"<fet ", b"<FET ")
    data = data.replace(b"</fet>", b"</FET>")
    assert hours(read(data)) == hours(read(fet(two_grades())))


def test_folder_of_a_whole_export_leaves_the_pages_aside(russian, tmp_path: Path):
    school = two_grades()
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / "x_timetable.csv").write_bytes(timetable_csv(school))
    (tmp_path / "x.fet").write_bytes(fet(school, is_solved=False))
    (tmp_path / "x_groups_days_horizontal.html").write_bytes(b"<!DOCTYPE html><html></html>")
    (tmp_path / "notes.pdf").write_bytes(b"%PDF-1.7")
    draft = read_files(read_path(tmp_path))
    assert hours(draft) == hours(read(fet(school)))
    assert draft.findings[-1].text == "Файлы, которые не понадобились: notes.pdf."


def test_parts_share_the_division_of_their_class(russian):
    draft = read(fet(two_grades()))
    parts = {part for row in draft.audiences for part in row.parts if part.part}
    assert parts == {DraftPart("7 А", "7 А/1", "инф"), DraftPart("7 А", "7 А/1", "труд")}


def test_school_type_has_defaults():
    assert School({}, []).hours[0] == "08:30"
