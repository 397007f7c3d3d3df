"""Small files of FET and its exports, made here so that no real file is needed."""

from dataclasses import dataclass, field
from xml.sax.saxutils import escape

WISH = "<ConstraintBasicCompulsoryTime><Weight_Percentage>100</Weight_Percentage></ConstraintBasicCompulsoryTime>"
BOM = b"\xef\xbb\xbf"
WEEK = ("Понедельник", "Вторник", "Среда", "Четверг", "Пятница")
TIMETABLE = ("Activity Id", "Day", "Hour", "Students Sets", "Subject", "Teachers", "Activity Tags", "Room", "Comments")
PLAN = ("Students Sets", "Subject", "Teachers", "Activity Tags", "Total Duration", "Split Duration", "Min Days",
        "Weight", "Consecutive", "Comments")  # fmt: skip
STUDENTS = ("Year", "Number of Students per Year", "Group", "Number of Students per Group", "Subgroup",
            "Number of Students per Subgroup", "Comments")  # fmt: skip


@dataclass
class Activity:
    id: int
    subject: str
    teachers: tuple = ()
    students: tuple = ()
    hours: int = 1
    at: tuple | None = None
    room: str = ""
    is_active: bool = True


@dataclass
class School:
    """A plan with its pupils; `years` are {year: {group: [subgroups]}}."""

    years: dict
    activities: list
    days: tuple = WEEK
    hours: tuple = ("08:30", "09:25", "10:20", "11:15")
    mode: str = ""
    version: str = "6.18.0"
    extra: str = ""
    sizes: dict = field(default_factory=dict)
    long_names: dict = field(default_factory=dict)
    virtual_rooms: tuple = ()


def two_grades():
    """Years «7», «8» whose groups are the classes; subgroups of 7 «А»; a lesson of a year; one stands nowhere."""
    return School(
        years={"7": {"7 А": ["7 А инф", "7 А труд"], "7 Б": ["7 Б все"]}, "8": {"8 А": []}},
        activities=[
            Activity(1, "Алгебра", ("Иванова Е.П.",), ("7 А",), 2, ("Понедельник", "08:30"), "27"),
            Activity(2, "Информатика", ("Ким А.С.",), ("7 А инф",), 1, ("Вторник", "08:30"), "30"),
            Activity(3, "Труд", ("Лосев П.П.",), ("7 А труд",), 1, ("Вторник", "08:30"), "Мастерская"),
            Activity(4, "Физкультура", ("Быков О.Л.",), ("7",), 1, ("Среда", "11:15")),
            Activity(5, "Физика", ("Ким А.С.", "Лосев П.П."), ("8 А",), 1, ("Пятница", "10:20")),
            Activity(6, "Физика", ("Ким А.С.",), ("7 Б",), 2),
            Activity(7, "Музыка", (), ("7 Б все",), 1, ("Четверг", "09:25")),
            Activity(8, "Педсовет", ("Иванова Е.П.",), (), 1, ("Пятница", "11:15")),
            Activity(9, "Шахматы", ("Быков О.Л.",), ("8 А",), 1, is_active=False),
        ],
    )


def tag(name, text):
    return f"<{name}>{escape(str(text))}</{name}>"


def listed(table, row, names, school=None):
    long_names = school.long_names if school else {}
    rows = "".join(f"<{row}>{tag('Name', name)}{tag('Long_Name', long_names.get(name, ''))}</{row}>" for name in names)
    return f"<{table}>{rows}</{table}>"


def students_xml(school):
    def node(kind, name, inner=""):
        return f"<{kind}>{tag('Name', name)}{tag('Number_of_Students', school.sizes.get(name, 0))}{inner}</{kind}>"

    years = []
    for year, groups in school.years.items():
        inner = "".join(
            node("Group", group, "".join(node("Subgroup", name) for name in subgroups))
            for group, subgroups in groups.items()
        )
        years.append(node("Year", year, inner))
    return f"<Students_List>{''.join(years)}</Students_List>"


def activity_xml(one):
    people = "".join(tag("Teacher", name) for name in one.teachers)
    sets = "".join(tag("Students", name) for name in one.students)
    return (
        f"<Activity>{people}{tag('Subject', one.subject)}{sets}{tag('Duration', one.hours)}"
        f"{tag('Total_Duration', one.hours)}{tag('Id', one.id)}{tag('Activity_Group_Id', 0)}"
        f"{tag('Active', str(one.is_active).lower())}<Comments></Comments></Activity>\n"
    )


def start_xml(one, weight=100):
    day, hour = one.at
    return (
        f"<ConstraintActivityPreferredStartingTime>{tag('Weight_Percentage', weight)}{tag('Activity_Id', one.id)}"
        f"{tag('Preferred_Day', day)}{tag('Preferred_Hour', hour)}{tag('Permanently_Locked', 'false')}"
        f"{tag('Active', 'true')}</ConstraintActivityPreferredStartingTime>\n"
    )


def room_xml(one):
    return (
        f"<ConstraintActivityPreferredRoom>{tag('Weight_Percentage', 100)}{tag('Activity_Id', one.id)}"
        f"{tag('Room', one.room)}{tag('Active', 'true')}</ConstraintActivityPreferredRoom>\n"
    )


def teachers_of(school):
    return list(dict.fromkeys(name for one in school.activities for name in one.teachers))


def fet(school, *, is_solved=True):
    """The `.fet` file of a school."""
    placed = [one for one in school.activities if one.at] if is_solved else []
    rooms = dict.fromkeys([*(one.room for one in school.activities if one.room), *school.virtual_rooms])
    rooms_xml = "".join(
        f"<Room>{tag('Name', name)}{tag('Virtual', str(name in school.virtual_rooms).lower())}</Room>" for name in rooms
    )
    parts = [
        f'<?xml version="1.0" encoding="UTF-8"?>\n<fet version="{school.version}">\n',
        tag("Mode", school.mode) if school.mode else "",
        school.extra,
        listed("Days_List", "Day", school.days),
        listed("Hours_List", "Hour", school.hours),
        listed("Subjects_List", "Subject", dict.fromkeys(one.subject for one in school.activities), school),
        listed("Teachers_List", "Teacher", teachers_of(school), school),
        students_xml(school),
        f"<Activities_List>\n{''.join(map(activity_xml, school.activities))}</Activities_List>",
        f"<Rooms_List>{rooms_xml}</Rooms_List>",
        f"<Time_Constraints_List>{WISH}\n{''.join(map(start_xml, placed))}</Time_Constraints_List>",
        f"<Space_Constraints_List>{''.join(room_xml(one) for one in placed if one.room)}</Space_Constraints_List>",
        "</fet>\n",
    ]
    return BOM + "".join(parts).encode()


def table(headings, rows, *, separator=",", quote='"', has_headings=True):
    def cell(value):
        return str(value) if isinstance(value, int) else f"{quote}{value}{quote}"

    lines = [headings, *rows] if has_headings else rows
    return BOM + "".join(separator.join(map(cell, row)) + "\r\n" for row in lines).encode()


def timetable_csv(school, *, columns=TIMETABLE, **options):
    """One row for each hour of each placed activity."""
    rows = []
    for one in school.activities:
        if one.at is None or not one.is_active:
            continue
        day, first = one.at
        start = school.hours.index(first)
        for hour in school.hours[start : start + one.hours]:
            values = (
                str(one.id),
                day,
                hour,
                "+".join(one.students),
                one.subject,
                "+".join(one.teachers),
                "",
                one.room,
                "",
            )
            by_heading = dict(zip(TIMETABLE, values, strict=True))
            rows.append([by_heading[heading] for heading in columns])
    return table(columns, rows, **options)


def plan_csv(school):
    wanted = {}
    for one in school.activities:
        if one.is_active:
            key = ("+".join(one.students), one.subject, "+".join(one.teachers))
            wanted.setdefault(key, []).append(one.hours)
    rows = [
        (*key, "", sum(pieces), "+".join(map(str, pieces)) if len(pieces) > 1 else "", 1, 95, 0, "")
        for key, pieces in wanted.items()
    ]
    return table(PLAN, rows)


def students_csv(school):
    rows = []
    for year, groups in school.years.items():
        rows.append((year, 0, "", "", "", "", ""))
        for group, subgroups in groups.items():
            rows.append((year, 0, group, school.sizes.get(group, 0), "", "", ""))
            rows += [(year, 0, group, 0, name, school.sizes.get(name, 0), "") for name in subgroups]
    return table(STUDENTS, rows)


def activities_xml(school):
    rows = "".join(
        f"<Activity>{tag('Id', one.id)}{tag('Day', one.at[0] if one.at else '')}"
        f"{tag('Hour', one.at[1] if one.at else '')}{tag('Room', one.room)}</Activity>\n"
        for one in school.activities
    )
    return BOM + f'<?xml version="1.0" encoding="UTF-8"?>\n<Activities_Timetable>{rows}</Activities_Timetable>'.encode()


def hourly_xml(school, owner, names, *, has_numbers=True):
    """`*_subgroups.xml` (owner Subgroup) or `*_teachers.xml` (Teacher); `names` gives the owners of an activity."""
    owners = dict.fromkeys(name for one in school.activities for name in names(one))
    parts = []
    for name in owners:
        days = ""
        for day in school.days:
            hours = ""
            for place, hour in enumerate(school.hours):
                inner = ""
                for one in school.activities:
                    if one.at and one.at[0] == day and name in names(one):
                        start = school.hours.index(one.at[1])
                        inner += (
                            _hour(one, owner, has_numbers=has_numbers) if start <= place < start + one.hours else ""
                        )
                hours += f'<Hour name="{hour}">{inner}</Hour>'
            days += f'<Day name="{day}">{hours}</Day>'
        parts.append(f'<{owner} name="{escape(name)}">{days}</{owner}>')
    root = "Students_Timetable" if owner == "Subgroup" else "Teachers_Timetable"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}>{"".join(parts)}</{root}>'.encode()


def _hour(one, owner, *, has_numbers):
    number = f'<Activity id="{one.id}"></Activity>' if has_numbers else ""
    teachers = "".join(f'<Teacher name="{name}"></Teacher>' for name in one.teachers)
    students = "".join(f'<Students name="{name}"></Students>' for name in one.students)
    room = f'<Room name="{one.room}"></Room>' if one.room else ""
    people = teachers if owner == "Subgroup" else students
    return f'{number}{people}<Subject name="{one.subject}"></Subject>{room}'


def subgroups_of(school):
    """The smallest sets of an activity, as the exports name them."""

    def names(one):
        found = []
        for year, groups in school.years.items():
            for group, subgroups in groups.items():
                inner = subgroups or [group]
                found += [name for name in inner if {year, group, name} & set(one.students)]
            if not groups and year in one.students:
                found.append(year)
        return tuple(dict.fromkeys(found))

    return names
