"""How hard a subject is, to choose which lessons are worth a call; only a hint, no norm is judged by it.

The figures are of the repealed СанПиН 2.4.2.2821-10, appendix 3, as still used by schools; the latest column of
grades 5–9 is taken, because only the order among the lessons of one day counts here.
"""

import re

_PRIMARY = {"математика": 8, "русский": 7, "иностранный": 7, "английский": 7, "окружающий": 6, "информатика": 6,
            "литературное": 5}  # fmt: skip
_OLDER = {
    "физика": 13, "химия": 12, "математика": 12, "алгебра": 11, "геометрия": 11, "история": 10, "иностранный": 9,
    "английский": 9, "немецкий": 9, "французский": 9, "русский": 9, "биология": 8, "литература": 7,
    "информатика": 7, "география": 6, "обществознание": 6, "вероятность": 6,
}  # fmt: skip
_NOT_BY_VIDEO = (
    "физическая культура", "физкультура", "адаптивная физ", "технология", "труд", "ритмика", "хореография",
)  # fmt: skip
LAST_PRIMARY = 4
UNKNOWN = 3


def difficulty(subject: str, grade: int) -> int:
    """Points of a subject by the first word of its name that the scale has («9А Алгебра (углублённо)» is algebra).

    A subject that the scale has not is taken as an easy one.
    """
    points = _PRIMARY if grade <= LAST_PRIMARY else _OLDER
    return next((points[word] for word in _words(subject) if word in points), UNKNOWN)


def makes_sense_by_video(subject: str) -> bool:
    """Whether a lesson of the subject is worth a call: not physical education, not work with the hands."""
    return not " ".join(_words(subject)).startswith(_NOT_BY_VIDEO)


def _words(subject: str) -> list[str]:
    return re.findall(r"\w+", subject.casefold())
