"""A timetable file with the traits of real ones, made here: twelve classes, divisions, streams, shared teachers.

Also what real files bring: a teacher in two lessons at once, grades above eleven and none, lessons without a teacher,
a child taught at home.
"""

from tests.imports.samples import HEX, card, lesson, named, render

LABELS = ("2-А", "4-А", "5-А", "6-А", "7-А", "8-А", "9-А", "10-А", "11-А", "12-А", "13-А", "К инд")
SUBJECTS = ("Математика", "Русский язык", "История", "Биология", "География", "Физическая культура", "Английский язык")
TEACHERS = [f"Учитель{n} Анна Ильинична" for n in range(14)]
CLASS, SUBJECT, TEACHER, GROUP = 0x10, 0x40, 0x60, 0x100
DAYS, PERIODS = 5, 6
HOME = len(LABELS) - 1


def twin():
    """The file's bytes."""
    lessons, cards = [], []
    for number, (klass, day, period) in enumerate(_hours(), start=1):
        for found in _lessons(number, klass, day, period):
            lessons.append(found)
            cards.append(card(len(lessons), "".join("1" if day == d else "0" for d in range(DAYS)), period))
            found["id"] = HEX(0x500 + len(lessons))
    return render({**_plain(), "groups": _groups(), "lessons": lessons, "cards": cards})


def _hours():
    for klass in range(len(LABELS)):
        for day in range(DAYS):
            yield from ((klass, day, period) for period in range(1, 3 if klass == HOME else PERIODS + 1))


def _lessons(number, klass, day, period):
    """What one hour of a class holds: mostly one lesson, in the third hour two halves, on the fourth a stream."""
    subject = SUBJECT + (klass + 2 * day + period) % (len(SUBJECTS) - 1)
    teacher = TEACHER + (3 * klass + day + period) % len(TEACHERS)
    whole = [GROUP + 10 * klass]
    if klass == HOME:
        return [_lesson([klass], whole, subject, [teacher])]
    if period == 3:
        english = SUBJECT + len(SUBJECTS) - 1
        halves = ((GROUP + 10 * klass + 1, teacher), (GROUP + 10 * klass + 2, TEACHER + (teacher + 1) % len(TEACHERS)))
        return [_lesson([klass], [group], english, [person]) for group, person in halves]
    if period == 4 and klass in (3, 4) and day % 2:
        return [_lesson([3, 4], [GROUP + 30, GROUP + 40], subject, [teacher])] if klass == 3 else []
    return [_lesson([klass], whole, subject, [] if number % 17 == 0 else [teacher])]


def _lesson(classes, groups, subject, teachers):
    return lesson(1, subject=subject, classes=[CLASS + one for one in classes], groups=groups, teachers=teachers)


def _groups():
    rows = []
    for klass in range(len(LABELS)):
        for part, name in enumerate(("Весь класс", "Группа 1", "Группа 2")):
            tag = 1 if part else 0
            rows.append({"id": HEX(GROUP + 10 * klass + part), "classid": HEX(CLASS + klass), "name": name,
                         "entireclass": int(not part), "divisiontag": tag})  # fmt: skip
    return rows


def _plain():
    week = ("Понедельник", "Вторник", "Среда", "Четверг", "Пятница")
    return {
        "periods": [{"period": n, "starttime": f"{7 + n}:30", "endtime": f"{8 + n}:10"} for n in range(1, PERIODS + 1)],
        "daysdefs": [
            {"id": HEX(0x900 + n), "name": name, "days": "".join("1" if n == d else "0" for d in range(DAYS))}
            for n, name in enumerate(week)
        ],
        "weeksdefs": [{"id": HEX(0x912), "name": "Каждая", "weeks": "1"}],
        "termsdefs": [{"id": HEX(0x920), "name": "Год", "terms": "1"}],
        "subjects": named(SUBJECT, *SUBJECTS),
        "teachers": named(TEACHER, *TEACHERS),
        "classrooms": named(0x90, "27"),
        "classes": [{**row, "teacherid": "", "grade": ""} for row in named(CLASS, *LABELS)],
    }
