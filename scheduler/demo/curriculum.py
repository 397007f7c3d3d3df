"""What is taught: weekly hours by grade within the five-day ceilings, the difficulty scale, and who teaches what.

Ceilings: СанПиН 1.2.3685-21, table 6.6 (21; 23; 29; 30; 32; 33; 33; 34; 34 hours). Difficulty points: the scale of the
repealed СанПиН 2.4.2.2821-10, appendix 3, still used as advice. Grades 6, 10 and 11 stay an hour below their ceiling,
so that they have a lighter day.
"""

from dataclasses import dataclass

RUSSIAN, LITERATURE, READING = "Русский язык", "Литература", "Литературное чтение"
ENGLISH, MATHS, ALGEBRA, GEOMETRY = "Английский язык", "Математика", "Алгебра", "Геометрия"
CALCULUS = "Алгебра и начала математического анализа"
STATISTICS, INFORMATICS = "Вероятность и статистика", "Информатика"
WORLD, HISTORY, SOCIETY, GEOGRAPHY = "Окружающий мир", "История", "Обществознание", "География"
PHYSICS, CHEMISTRY, BIOLOGY = "Физика", "Химия", "Биология"
ART, MUSIC, LABOUR = "Изобразительное искусство", "Музыка", "Труд (технология)"
SPORT, DEFENCE = "Физическая культура", "Основы безопасности и защиты Родины"
ETHICS, PROJECT = "Основы религиозных культур и светской этики", "Индивидуальный проект"
TALK, HORIZONS = "Разговоры о важном", "Россия — мои горизонты"

SHORT = {
    RUSSIAN: "Рус. яз.", LITERATURE: "Литер.", READING: "Лит. чт.", ENGLISH: "Англ. яз.", MATHS: "Матем.",
    ALGEBRA: "Алгебра", GEOMETRY: "Геом.", CALCULUS: "Алгебра", STATISTICS: "Вер. и стат.", INFORMATICS: "Инф.",
    WORLD: "Окр. мир", HISTORY: "История", SOCIETY: "Общ.", GEOGRAPHY: "Геогр.", PHYSICS: "Физика",
    CHEMISTRY: "Химия", BIOLOGY: "Биол.", ART: "ИЗО", MUSIC: "Музыка", LABOUR: "Труд", SPORT: "Физ-ра",
    DEFENCE: "ОБЗР", ETHICS: "ОРКСЭ", PROJECT: "Инд. проект", TALK: "РоВ", HORIZONS: "РМГ",
}  # fmt: skip

HOURS: dict[int, dict[str, int]] = {
    1: {RUSSIAN: 5, READING: 4, MATHS: 4, WORLD: 2, ART: 1, MUSIC: 1, LABOUR: 1, SPORT: 3},
    2: {RUSSIAN: 5, READING: 4, ENGLISH: 2, MATHS: 4, WORLD: 2, ART: 1, MUSIC: 1, LABOUR: 1, SPORT: 3},
    3: {RUSSIAN: 5, READING: 4, ENGLISH: 2, MATHS: 4, WORLD: 2, ART: 1, MUSIC: 1, LABOUR: 1, SPORT: 3},
    4: {RUSSIAN: 5, READING: 4, ENGLISH: 2, MATHS: 4, WORLD: 2, ETHICS: 1, ART: 1, MUSIC: 1, LABOUR: 1, SPORT: 2},
    5: {RUSSIAN: 5, LITERATURE: 3, ENGLISH: 3, MATHS: 5, INFORMATICS: 1, HISTORY: 3, GEOGRAPHY: 1, BIOLOGY: 1,
        ART: 1, MUSIC: 1, LABOUR: 2, SPORT: 3},
    6: {RUSSIAN: 6, LITERATURE: 3, ENGLISH: 3, MATHS: 5, HISTORY: 3, GEOGRAPHY: 1, BIOLOGY: 1,
        ART: 1, MUSIC: 1, LABOUR: 2, SPORT: 3},
    7: {RUSSIAN: 4, LITERATURE: 2, ENGLISH: 3, ALGEBRA: 3, GEOMETRY: 2, STATISTICS: 1, INFORMATICS: 1, HISTORY: 3,
        GEOGRAPHY: 2, PHYSICS: 2, BIOLOGY: 2, ART: 1, MUSIC: 1, LABOUR: 2, SPORT: 3},
    8: {RUSSIAN: 4, LITERATURE: 2, ENGLISH: 3, ALGEBRA: 3, GEOMETRY: 2, STATISTICS: 1, INFORMATICS: 1, HISTORY: 3,
        GEOGRAPHY: 2, PHYSICS: 2, CHEMISTRY: 2, BIOLOGY: 2, MUSIC: 1, LABOUR: 1, DEFENCE: 1, SPORT: 3},
    9: {RUSSIAN: 3, LITERATURE: 3, ENGLISH: 3, ALGEBRA: 3, GEOMETRY: 2, STATISTICS: 1, INFORMATICS: 1, HISTORY: 2,
        SOCIETY: 1, GEOGRAPHY: 2, PHYSICS: 3, CHEMISTRY: 2, BIOLOGY: 2, LABOUR: 1, DEFENCE: 1, SPORT: 3},
    10: {RUSSIAN: 2, LITERATURE: 3, ENGLISH: 3, CALCULUS: 4, GEOMETRY: 3, STATISTICS: 1, INFORMATICS: 3, HISTORY: 2,
         SOCIETY: 2, GEOGRAPHY: 1, PHYSICS: 2, CHEMISTRY: 1, BIOLOGY: 1, DEFENCE: 1, PROJECT: 1, SPORT: 3},
    11: {RUSSIAN: 2, LITERATURE: 3, ENGLISH: 3, CALCULUS: 4, GEOMETRY: 3, STATISTICS: 1, INFORMATICS: 4, HISTORY: 2,
         SOCIETY: 2, GEOGRAPHY: 1, PHYSICS: 2, CHEMISTRY: 1, BIOLOGY: 1, DEFENCE: 1, SPORT: 3},
}  # fmt: skip

# Lessons Monday to Friday. Monday's first hour is «Разговоры о важном» everywhere, Thursday's first hour
# «Россия — мои горизонты» in grades 6–11, so neither day has more than six lessons; Thursday is the lighter day.
DAY_LENGTHS: dict[int, tuple[int, int, int, int, int]] = {
    1: (4, 4, 4, 4, 4),
    **dict.fromkeys((2, 3, 4), (5, 5, 5, 4, 4)),
    5: (6, 6, 6, 5, 6),
    6: (6, 6, 6, 5, 6),
    7: (6, 7, 7, 6, 6),
    **dict.fromkeys((8, 9, 10, 11), (6, 7, 7, 6, 7)),
}
WEEK_CEILING = {1: 21, 2: 23, 3: 23, 4: 23, 5: 29, 6: 30, 7: 32, 8: 33, 9: 33, 10: 34, 11: 34}
HORIZON_GRADES = range(6, 12)
PRIMARY = range(1, 5)
SECOND_SHIFT_GRADES = frozenset({3, 4, 6})

_PRIMARY_POINTS = {
    MATHS: 8, RUSSIAN: 7, ENGLISH: 7, WORLD: 6, READING: 5, ART: 3, MUSIC: 3, LABOUR: 2, SPORT: 1,
}  # fmt: skip
_MIDDLE_POINTS: dict[str, tuple[int, ...]] = {
    CHEMISTRY: (0, 0, 13, 10, 12), GEOMETRY: (0, 0, 12, 10, 8), PHYSICS: (0, 0, 8, 9, 13), ALGEBRA: (0, 0, 10, 9, 7),
    BIOLOGY: (10, 8, 7, 7, 7), MATHS: (10, 13, 0, 0, 0), ENGLISH: (9, 11, 10, 8, 9), RUSSIAN: (8, 12, 11, 7, 6),
    GEOGRAPHY: (7, 7, 6, 6, 5), SOCIETY: (6, 9, 9, 5, 5), HISTORY: (5, 8, 6, 8, 10), LABOUR: (4, 3, 2, 1, 4),
    LITERATURE: (4, 6, 4, 4, 7), ART: (3, 3, 1, 3, 3), SPORT: (3, 4, 2, 2, 2), MUSIC: (2, 1, 1, 1, 1),
    INFORMATICS: (4, 10, 4, 7, 7), DEFENCE: (1, 2, 3, 3, 3),
}  # fmt: skip
_SENIOR_POINTS = {
    PHYSICS: 12, GEOMETRY: 11, CHEMISTRY: 11, CALCULUS: 10, RUSSIAN: 9, LITERATURE: 8, ENGLISH: 8, BIOLOGY: 7,
    INFORMATICS: 6, HISTORY: 5, SOCIETY: 5, GEOGRAPHY: 3, DEFENCE: 2, SPORT: 1,
}  # fmt: skip


def points(subject: str, grade: int) -> int:
    """Difficulty of a subject; 0 where the scale has none."""
    if grade in PRIMARY:
        return _PRIMARY_POINTS.get(subject, 0)
    if grade <= 9:  # noqa: PLR2004 - the scale's own border
        column = _MIDDLE_POINTS.get(subject)
        return column[grade - 5] if column else 0
    return _SENIOR_POINTS.get(subject, 0)


@dataclass(frozen=True, slots=True)
class Team:
    """Teachers of one field: how they are called, what they teach, and the weekly hours one of them takes at most."""

    name: str
    subjects: tuple[str, ...]
    most_hours: int


TEAMS = (
    Team("Русский язык и литература", (RUSSIAN, LITERATURE), 22),
    Team("Математика", (MATHS, ALGEBRA, GEOMETRY, CALCULUS, STATISTICS), 23),
    Team("Английский язык", (ENGLISH,), 24),
    Team("История и обществознание", (HISTORY, SOCIETY, PROJECT), 20),
    Team("География, ОБЗР", (GEOGRAPHY, DEFENCE), 20),
    Team("Биология и химия", (BIOLOGY, CHEMISTRY), 22),
    Team("Физика", (PHYSICS,), 20),
    Team("Информатика", (INFORMATICS,), 28),
    Team("Труд (технология)", (LABOUR,), 24),
    Team("Музыка и изобразительное искусство", (MUSIC, ART), 20),
    Team("Физическая культура", (SPORT,), 24),
)
_SPECIALISTS = frozenset({ENGLISH, MUSIC, SPORT})


def team_of(subject: str, grade: int) -> Team | None:
    """The team that teaches a subject in a grade; None where the class teacher of a primary class does."""
    if grade in PRIMARY and subject not in _SPECIALISTS:
        return None
    return next(team for team in TEAMS if subject in team.subjects)


@dataclass(frozen=True, slots=True)
class Split:
    """How a class is divided for a subject."""

    division: str
    parts: tuple[str, str]


BY_GENDER = Split("Юноши и девушки", ("юноши", "девушки"))
BY_LABOUR = Split("Труд", ("мальчики", "девочки"))


def split_of(subject: str, grade: int) -> Split | None:
    """The division of a class for a subject, where it is usual."""
    if subject == ENGLISH:
        return Split("Английский язык", ("группа 1", "группа 2"))
    if subject == INFORMATICS and grade >= 7:  # noqa: PLR2004 - usual from grade 7
        return Split("Информатика", ("группа 1", "группа 2"))
    if subject == LABOUR and grade not in PRIMARY:
        return BY_LABOUR
    if subject == SPORT and grade >= 10:  # noqa: PLR2004 - usual in the senior grades
        return BY_GENDER
    return None
