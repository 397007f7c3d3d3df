import pytest

from scheduler.imports.names import (
    clean_name,
    is_extracurricular,
    is_physical_education,
    is_placeholder,
    looks_private,
    person_names,
    propose_grade,
    stable_id,
)
from scheduler.models.names import class_key, name_key


@pytest.mark.parametrize(
    ("name", "grade"),
    [
        (" 1-А", 1), ("7А", 7), ("7 «А»", 7), ("7-а", 7), ("7A", 7), ("10", 10), ("10A", 10), ("12Com-A", 12),
        ("13NBS", 13), ('11 "И" класс (физ-мат)', 11), ("l0д", 10), ("1Од", 10), ("lOд", 10), ("5.Б", 5), ("0-А", 0),
        ("5 (лицей)", 5), ("01_25", None), ("18_25", None), ("14А", None), ("К инд", None), ("Trial Students", None),
        ("", None), ("Общий", None), ("100", None), ("15 мая", None),
    ],
)  # fmt: skip
def test_propose_grade(name, grade):
    assert propose_grade(name) == grade


@pytest.mark.parametrize(
    ("name", "private"),
    [
        ("К інд", True), ("З інд", True), ("Б і", True), ("С и", True), ("7А надомное", True), ("Иванов П.", True),
        ("Иванов П. С.", True), ("Петрова Анна Сергеевна", True), ("индивидуально", True), ("на дому", True),
        ("7-А", False), ("11 И", False), ("Группа 1", False), ("Мальчики", False), ("Индия и мир", False),
        ("Trial Students", False), ("1 група", False), ("", False),
    ],
)  # fmt: skip
def test_looks_private(name, private):
    assert looks_private(name) is private


def test_clean_name_keeps_one_space_and_a_bounded_length():
    assert clean_name("  a \n\t b ") == "a b"
    assert clean_name(None) == ""
    assert len(clean_name("я" * 10_000)) == 200


def test_stable_id_is_sixteen_hexadecimal_digits():
    assert [stable_id(text) for text in ("2d0de9ae90157754", "*1", "", None, "XML12")] == [
        "2D0DE9AE90157754", None, None, None, None,
    ]  # fmt: skip


def test_placeholders_are_no_people():
    assert [is_placeholder(name) for name in ("X_Suspense", "New_1", "Вакансия (Иванова)", "-", "Иванова")] == [
        True, True, True, True, False,
    ]  # fmt: skip


def test_activities_and_physical_education_are_told_by_name():
    assert is_extracurricular("Разговоры о важном")
    assert not is_extracurricular("История")
    assert [is_physical_education(name) for name in ("Физическая культура", "физ-ра", "Физкультура", "Физика")] == [
        True, True, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Иванова Елена Петровна", ("Иванова", "Елена", "Петровна")),
        ("Иванова Е. П.", ("Иванова", "Е.", "П.")),
        ("Иванова Е.П.", ("Иванова", "Е.", "П.")),
        ("Ким Анна", ("Ким", "Анна", "")),
        ("P'Noon", ("P'Noon", "", "")),
        ("Go Go", ("Go", "", "")),
        ("Алиев Али Вели оглы", ("Алиев", "Али", "Вели оглы")),
    ],
)
def test_person_names(name, parts):
    assert person_names(name) == parts


def test_keys_keep_letters_of_other_alphabets():
    assert name_key("Інформатика") == "інформатика"
    assert class_key("К інд") == "кінд"
