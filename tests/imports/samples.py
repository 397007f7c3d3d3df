"""Small aSc Timetables files of both shapes, made here so that no real file is needed."""

from xml.sax.saxutils import quoteattr

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
HEX = "{:016X}".format
ROWS = {
    "days": "day",
    "daysdefs": "daysdef",
    "weeksdefs": "weeksdef",
    "termsdefs": "termsdef",
    "periods": "period",
    "dayperiods": "dayperiod",
    "subjects": "subject",
    "teachers": "teacher",
    "classrooms": "classroom",
    "grades": "grade",
    "classes": "class",
    "groups": "group",
    "students": "student",
    "lessons": "lesson",
    "cards": "card",
}


def render(tables, *, options="groupstype1,decimalseparatordot", declaration=DECLARATION, encoding="utf-8"):
    lines = [f'<timetable importtype="database" options="{options}">']
    for table, rows in tables.items():
        lines.append(f'<{table} options="canadd" columns="id,name">')
        for row in rows:
            attributes = " ".join(f"{name}={quoteattr(str(value))}" for name, value in row.items())
            lines.append(f"<{ROWS.get(table, 'row')} {attributes}/>")
        lines.append(f"</{table}>")
    return (declaration + "\n".join([*lines, "</timetable>"])).encode(encoding)


def named(start, *names):
    return [{"id": HEX(start + n), "name": name, "short": name} for n, name in enumerate(names)]


def tables_2012():
    """7-А in two language groups, 8-Б, one child at home; a double lesson, a stream, a lesson every second week."""
    classes = [{**row, "teacherid": HEX(0x20), "grade": ""} for row in named(0x10, " 7-А", "8-Б", "К инд")]
    groups = [
        {"id": HEX(0x100), "classid": HEX(0x10), "name": "Весь класс", "entireclass": 1, "divisiontag": 0},
        {"id": HEX(0x101), "classid": HEX(0x10), "name": "Группа 1", "entireclass": 0, "divisiontag": 1},
        {"id": HEX(0x102), "classid": HEX(0x10), "name": "Группа 2", "entireclass": 0, "divisiontag": 1},
        {"id": HEX(0x103), "classid": HEX(0x10), "name": "Мальчики", "entireclass": 0, "divisiontag": 2},
        {"id": HEX(0x104), "classid": HEX(0x11), "name": "Весь класс", "entireclass": 1, "divisiontag": 0},
        {"id": HEX(0x105), "classid": HEX(0x12), "name": "Весь класс", "entireclass": 1, "divisiontag": 0},
    ]
    return {
        "periods": [{"period": n, "starttime": f"{7 + n}:30", "endtime": f"{8 + n}:10"} for n in range(1, 7)],
        "daysdefs": [
            {"id": HEX(0x900 + n), "name": name, "days": "".join("1" if n == d else "0" for d in range(5))}
            for n, name in enumerate(("Понедельник", "Вторник", "Среда", "Четверг", "Пятница"))
        ],
        "weeksdefs": [
            {"id": HEX(0x910), "name": "Первая", "weeks": "10"},
            {"id": HEX(0x911), "name": "Любая", "weeks": "10,01"},
            {"id": HEX(0x912), "name": "Каждая", "weeks": "11"},
        ],
        "termsdefs": [{"id": HEX(0x920), "name": "Год", "terms": "1"}],
        "subjects": named(0x30, "Алгебра", "Английский язык", "Физика", "Разговоры о важном"),
        "teachers": named(0x20, "Иванова Елена Петровна", "Ким Анна Сергеевна", "Вакансия"),
        "classrooms": named(0x40, "27", "Сп.зал"),
        "classes": classes,
        "groups": groups,
        "lessons": [
            lesson(1, subject=0x30, classes=[0x10], groups=[0x100], teachers=[0x20], hours="3.0", length=2),
            lesson(2, subject=0x31, classes=[0x10], groups=[0x101], teachers=[0x21]),
            lesson(3, subject=0x31, classes=[0x10], groups=[0x102], teachers=[0x20]),
            lesson(4, subject=0x33, classes=[0x10, 0x11], groups=[0x100, 0x104], teachers=[0x21]),
            lesson(5, subject=0x32, classes=[0x11], groups=[0x104], teachers=[0x21], hours="0.5", weeks=0x910),
            lesson(6, subject=0x32, classes=[0x12], groups=[0x105], teachers=[0x20], hours="1.0"),
            lesson(7, subject=0x32, classes=[0x10], groups=[0x100], teachers=[], hours="2.0"),
        ],
        "cards": [
            card(1, "10000", 1), card(1, "10000", 2), card(1, "01000", 3),
            card(2, "10000", 3, rooms=[0x40]), card(3, "10000", 3, rooms=[0x41]),
            card(4, "00100", 1, rooms=[0x41]),
            card(5, "00001", 2, weeks="10"),
            card(6, "00010", 4),
        ],
    }  # fmt: skip


def lesson(number, *, subject, classes, groups, teachers, hours="1.0", length=1, weeks=0x912):
    return {
        "id": HEX(0x500 + number),
        "classids": ",".join(map(HEX, classes)),
        "subjectid": HEX(subject),
        "periodspercard": length,
        "periodsperweek": hours,
        "teacherids": ",".join(map(HEX, teachers)),
        "groupids": ",".join(map(HEX, groups)),
        "weeksdefid": HEX(weeks),
    }


def card(number, days, period, *, weeks="11", rooms=()):
    return {
        "lessonid": HEX(0x500 + number),
        "classroomids": ",".join(map(HEX, rooms)),
        "period": period,
        "weeks": weeks,
        "terms": "1",
        "days": days,
    }


def tables_2008():
    """The same school in the older shape: temporary ids, days by number, a double lesson in one card."""
    tables = {name: rows for name, rows in tables_2012().items() if not name.endswith("defs")}
    tables["days"] = [
        {"day": n, "name": name, "short": name[:3]}
        for n, name in enumerate(("Понедельник", "Вторник", "Среда", "Четверг", "Пятница"))
    ]
    for row in tables["lessons"]:
        row["weeks"] = "10" if row.pop("weeksdefid") == HEX(0x910) else "1"
    days = {"".join("1" if n == d else "0" for d in range(5)): n for n in range(5)}
    cards = [row for row in tables["cards"] if not (row["lessonid"] == HEX(0x501) and row["period"] == 2)]
    cards = [row for row in cards if not (row["lessonid"] == HEX(0x501) and row["days"] == "01000")]
    cards.append({**cards[0], "days": "01000", "period": 3})
    tables["lessons"][0]["periodsperweek"] = "4.0"
    tables["cards"] = [
        {"lessonid": row["lessonid"], "classroomids": row["classroomids"], "day": days[row["days"]],
         "period": row["period"]}
        for row in cards
    ]  # fmt: skip
    return {table: [temporary(row) for row in rows] for table, rows in tables.items()}


def temporary(row):
    """Every id as a temporary one, which restarts in each table in real files."""
    return {name: temporary_ids(str(value)) for name, value in row.items()}


def temporary_ids(text):
    parts = text.split(",")
    return ",".join(f"*{int(part, 16) % 16 + 1}" for part in parts) if all(len(p) == 16 for p in parts) else text


def changed(edit, tables=None):
    """A file after `edit(tables)`."""
    tables = tables or tables_2012()
    edit(tables)
    return render(tables)
