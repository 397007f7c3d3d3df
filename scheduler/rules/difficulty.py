"""How hard a subject is, to choose which lessons are worth a call; only a hint, no norm is judged by it.

The figures are of the repealed СанПиН 2.4.2.2821-10, appendix 3, as still used by schools; the latest column of
grades 5–9 is taken, because only the order among the lessons of one day counts here.
"""

_PRIMARY = {"математика": 8, "русский": 7, "иностранный": 7, "английский": 7, "окружающий": 6, "информатика": 6,
            "литературное": 5}  # fmt: skip
_OLDER = {
    "физика": 13, "химия": 12, "математика": 12, "алгебра": 11, "геометрия": 11, "история": 10, "иностранный": 9,
    "английский": 9, "немецкий": 9, "французский": 9, "русский": 9, "биология": 8, "литература": 7,
    "информатика": 7, "география": 6, "обществознание": 6, "вероятность": 6,
}  # fmt: skip
_NOT_BY_VIDEO = ("физическая", "физкультура", "технология", "труд", "ритмика", "хореография")
LAST_PRIMARY = 4
UNKNOWN = 3


def difficulty(subject: str, grade: int) -> int:
    """Points of a subject by the first word of its name; a subject that the scale has not is taken as an easy one."""
    points = _PRIMARY if grade <= LAST_PRIMARY else _OLDER
    return points.get(_first_word(subject), UNKNOWN)


def makes_sense_by_video(subject: str) -> bool:
    """Whether a lesson of the subject is worth a call: not physical education, not work with the hands."""
    return not _first_word(subject).startswith(_NOT_BY_VIDEO)


def _first_word(subject: str) -> str:
    words = subject.casefold().replace("(", " ").split()
    return words[0] if words else ""
