"""The layouts that Russian schools use, each built from one invented week, so that every reading can be compared."""

from tests.imports.books import xlsx

DAYS = ["Понедельник", "Вторник", "Среда", "Четверг", "Пятница"]
NAMES = ["Русский язык", "Математика", "История", "Биология", "Физическая культура", "Музыка", "География"]
CLASSES = ["5А", "5Б", "6А"]
LESSONS = 4


def week(classes=CLASSES, days=5, first=1):
    """(class, weekday, number) → (subject, room)"""
    found = {}
    for place, name in enumerate(classes):
        for day in range(days):
            for number in range(first, first + LESSONS + (day + place) % 2):
                subject = NAMES[(place * 3 + day * 2 + number) % len(NAMES)]
                room = f"Сп.зал {place + 1}" if subject.startswith("Физ") else str(100 + place * 100 + number)
                found[name, day, number] = (subject, room)
    return found


def lesson(plan, name, day, number):
    return plan.get((name, day, number), ("", ""))


def numbers_of(plan):
    return sorted({number for _name, _day, number in plan})


def blocks_across(plan, *, own_numbers=True, titles=()):
    """№, subject, room for each class; days down in a merged first column."""
    classes = list(dict.fromkeys(name for name, _day, _number in plan))
    rows = [[title] for title in titles]
    head, merged = [""], []
    for name in classes:
        head += ["", f'{name[:-1]} "{name[-1]}" класс', ""] if own_numbers else [f'{name[:-1]} "{name[-1]}" класс', ""]
    rows.append(head if own_numbers else ["", "", *head[1:]])
    for day, title in enumerate(DAYS):
        top = len(rows) + 1
        for number in numbers_of(plan):
            row = [title.upper() if number == numbers_of(plan)[0] else ""]
            row += [] if own_numbers else [number]
            for name in classes:
                subject, room = lesson(plan, name, day, number)
                row += [number if subject else "", subject, room] if own_numbers else [subject, room]
            rows.append(row)
        merged.append(f"A{top}:A{len(rows)}")
    return rows, merged


def five_columns(plan):
    """Day, №, subject, room, gap for each class, under a director's lines; the heading is merged over its block."""
    classes = list(dict.fromkeys(name for name, _day, _number in plan))
    rows = [["", "УТВЕРЖДАЮ"], ["", "Директор школы"], [], ["Расписание уроков на 1 полугодие"], []]
    rows.append([value for name in classes for value in (f"{name[:-1]} «{name[-1]}»", "", "", "", "")])
    rows.append([value for _name in classes for value in ("День", "№", "Предмет", "Каб.", "")])
    merged = [f"{chr(65 + 5 * place)}6:{chr(68 + 5 * place)}6" for place in range(len(classes))]
    for day, title in enumerate(DAYS):
        top = len(rows) + 1
        for number in numbers_of(plan):
            row = []
            for name in classes:
                subject, room = lesson(plan, name, day, number)
                row += [title if number == 1 else "", number, subject, int(room) if room.isdigit() else room, ""]
            rows.append(row)
        merged += [f"{chr(65 + 5 * place)}{top}:{chr(65 + 5 * place)}{len(rows)}" for place in range(len(classes))]
    return rows, merged


def days_across(bands):
    """Days side by side, classes in bands; `bands` are plans, the second shift has lessons 7–12."""
    rows = []
    for plan in bands:
        classes = list(dict.fromkeys(name for name, _day, _number in plan))
        width = 1 + 2 * len(classes)
        if not rows:
            rows.append([""] * (width * len(DAYS)))
            for day, title in enumerate(["понедельник", "вторник", "среду", "четверг", "пятницу"]):
                rows[0][day * width] = f"Расписание на {title}"
        rows.append([value for _day in DAYS for value in ("№", *(part for name in classes for part in (name, "каб")))])
        for number in numbers_of(plan):
            row = []
            for day in range(len(DAYS)):
                row.append(number)
                for name in classes:
                    row += lesson(plan, name, day, number)
            rows.append(row)
    return rows


def classes_down(plan):
    """A row a class, columns day × lesson, «Предмет (каб)» in a cell."""
    classes = list(dict.fromkeys(name for name, _day, _number in plan))
    numbers = numbers_of(plan)
    rows = [["Класс"], ["", *(number for _day in DAYS for number in numbers)]]
    for title in DAYS:
        rows[0] += [title, *[""] * (len(numbers) - 1)]
    merged = (
        [f"{chr(66 + day * len(numbers))}1:{chr(65 + (day + 1) * len(numbers))}1" for day in range(len(DAYS))]
        if len(DAYS) * len(numbers) < 25
        else []
    )
    for name in classes:
        cells = [lesson(plan, name, day, number) for day in range(len(DAYS)) for number in numbers]
        rows.append([name, *(f"{subject} ({room})" if subject else "" for subject, room in cells)])
    return rows, merged


def class_bands_with_days_across(plan):
    """The class down in a merged column, numbers beside it, days across with subject and room."""
    rows = [["Класс", "№", *(value for title in DAYS for value in (title, "каб."))]]
    merged = []
    for name in dict.fromkeys(name for name, _day, _number in plan):
        top = len(rows) + 1
        for number in numbers_of(plan):
            cells = [lesson(plan, name, day, number) for day in range(len(DAYS))]
            rows.append([name if number == 1 else "", number, *(value for cell in cells for value in cell)])
        merged.append(f"A{top}:A{len(rows)}")
    return rows, merged


def sheet_per_day(plan):
    sheets = {}
    classes = list(dict.fromkeys(name for name, _day, _number in plan))
    for day, title in enumerate(DAYS):
        rows = [["Пара", *(value for name in classes for value in (name, "ауд."))]]
        rows += [
            [number, *(value for name in classes for value in lesson(plan, name, day, number))]
            for number in numbers_of(plan)
        ]
        sheets[title.upper()] = rows
    return sheets


def groups_down_per_day(plan):
    """A sheet a weekday, a row a class, a column a lesson."""
    sheets = {}
    classes = list(dict.fromkeys(name for name, _day, _number in plan))
    for day, title in enumerate(DAYS):
        rows = [["Класс", *(f"{number} урок" for number in numbers_of(plan))]]
        for name in classes:
            cells = [lesson(plan, name, day, number) for number in numbers_of(plan)]
            rows.append([name, *(f"{subject}\n{room}" if subject else "" for subject, room in cells)])
        sheets[title] = rows
    return sheets


def sheet_per_class(plan):
    """A sheet a class: days across, numbers down."""
    sheets = {}
    for name in dict.fromkeys(name for name, _day, _number in plan):
        rows = [["№", *(value for title in DAYS for value in (title, "каб"))]]
        rows += [
            [number, *(value for day in range(len(DAYS)) for value in lesson(plan, name, day, number))]
            for number in numbers_of(plan)
        ]
        sheets[name] = rows
    return sheets


def web_table(plan):
    """A table saved from the web: a row with the day alone, then labels, rooms of the classes, times with dots."""
    classes = list(dict.fromkeys(name for name, _day, _number in plan))
    rows = []
    for day, title in enumerate(DAYS):
        rows.append([title.upper(), "", *[""] * len(classes)])
        rows.append(["", "", *classes])
        rows.append(["Кабинет", "", *(str(314 + place) for place in range(len(classes)))])
        for number in numbers_of(plan):
            times = f"{8 + number:02}.00-{8 + number}.40"
            rows.append([times, number, *(lesson(plan, name, day, number)[0] for name in classes)])
    return rows


def book(rows, merged=()):
    return xlsx({"Лист1": rows}, merged={"Лист1": merged})
