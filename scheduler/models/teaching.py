"""Who holds a lesson, in Russian as posts, feeds and class pages say it; a substitute with whom they stand in for."""

from scheduler.models.genitive import genitive_surname
from scheduler.models.lessons import Lesson, LessonTeacher


def teacher_words(names: tuple[str, str, str], absent: tuple[str, str, str] | None = None) -> str:
    """«Петрова А. И.», «Петрова А. И. вместо Ивановой Е. П.»; names are last, first and middle."""
    if absent is None:
        return _short(*names)
    last, first, middle = absent
    return f"{_short(*names)} вместо {_short(genitive_surname(last, middle), first, middle)}"


def teachers_line(lesson: Lesson) -> str:
    """«Ким А. С., замена: Петрова А. И. вместо Ивановой Е. П.», as it stands in the brackets of a post."""
    rows = sorted(lesson.teaching, key=lambda row: (row.person.last_name, row.person.id))
    return ", ".join(("замена: " if row.stands_in_for_id else "") + _words(row) for row in rows)


def teachers_named(lesson: Lesson) -> list[str]:
    """Each teacher in words of their own."""
    rows = sorted(lesson.teaching, key=lambda row: (row.person.last_name, row.person.id))
    return [_words(row) for row in rows]


def instead_of(lesson: Lesson, person_id: int) -> str:
    """«замена: вместо Ивановой Е. П.», as the substitute's own page says it; empty for whoever stands in for nobody."""
    absent = next((row.stands_in_for for row in lesson.teaching if row.person_id == person_id), None)
    if absent is None:
        return ""
    surname = genitive_surname(absent.last_name, absent.middle_name)
    return f"замена: вместо {_short(surname, absent.first_name, absent.middle_name)}"


def _words(row: LessonTeacher) -> str:
    person, absent = row.person, row.stands_in_for
    away = (absent.last_name, absent.first_name, absent.middle_name) if absent else None
    return teacher_words((person.last_name, person.first_name, person.middle_name), away)


def _short(last: str, *others: str) -> str:
    return " ".join([last, *(f"{name[0]}." for name in others if name)])
