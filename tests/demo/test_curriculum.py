from scheduler.demo.curriculum import (
    DAY_LENGTHS,
    ENGLISH,
    HOURS,
    MATHS,
    SHORT,
    STATISTICS,
    WEEK_CEILING,
    points,
    split_of,
    team_of,
)


def test_weekly_hours_stay_within_the_five_day_ceilings():
    for grade, hours in HOURS.items():
        assert sum(hours.values()) <= WEEK_CEILING[grade]


def test_days_hold_exactly_the_weekly_hours():
    bonus = {1: 1}
    for grade, hours in HOURS.items():
        assert sum(DAY_LENGTHS[grade]) + bonus.get(grade, 0) == sum(hours.values())


def test_every_subject_has_a_short_name_and_a_teacher():
    for grade, hours in HOURS.items():
        for subject in hours:
            assert SHORT[subject]
            assert grade <= 4 or team_of(subject, grade) is not None


def test_points_follow_the_scale():
    assert points(MATHS, 2) == 8
    assert points(MATHS, 6) == 13
    assert points(ENGLISH, 11) == 8
    assert points(STATISTICS, 8) == 0


def test_languages_are_divided_from_the_second_grade():
    assert split_of(ENGLISH, 2).parts == ("группа 1", "группа 2")
    assert split_of(MATHS, 7) is None
