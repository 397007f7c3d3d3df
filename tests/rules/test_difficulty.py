import pytest

from scheduler.rules.difficulty import difficulty, makes_sense_by_video


def test_points_follow_the_grade():
    assert [difficulty("Математика", 3), difficulty("Физика", 9), difficulty("Чтение", 9)] == [8, 13, 3]


def test_the_first_word_that_the_scale_has_counts():
    assert [difficulty("9А Алгебра (углублённо)", 9), difficulty("Второй иностранный язык", 7)] == [11, 9]


@pytest.mark.parametrize(
    ("subject", "is_called"),
    [
        ("Физическая культура", False),
        ("Труд (технология)", False),
        ("Физическая география", True),
        ("Физика", True),
        ("", True),
    ],
)
def test_what_makes_sense_by_video(subject, is_called):
    assert makes_sense_by_video(subject) is is_called
