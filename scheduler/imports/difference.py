"""What a file changes in a school that had one before, in words: hours, teachers, names, pupils. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from flask_babel import gettext as _

from scheduler.imports.findings import place_in_week
from scheduler.imports.picture import Picture, Row
from scheduler.imports.undo_words import course_name, person_name
from scheduler.models.names import shown_class

Difference = Mapping[str, tuple[str, ...]]
Hour = tuple[int, int, str]
NAMES: Mapping[str, Callable[[Row], str]] = {
    "person": person_name,
    "school_class": lambda row: shown_class(row["label"]),
    "subject": lambda row: str(row["name"]),
    "room": lambda row: str(row["name"]),
}


def difference(before: Picture, after: Picture) -> Difference:
    """The lines by fixed keys, only those that have any. A first file of its kind has nothing to differ from."""
    found: dict[str, Sequence[str]] = {"renamed": list(_renamed(before, after))}
    if before["timetable_slot"]:
        found |= _hours(before, after)
        found["other_room"] = list(_other_rooms(before, after))
        found["other_teacher"] = list(_other_teachers(before, after))
    if any(row["classes"] for row in before["person"].values()):
        found |= _pupils(before, after)
    return {key: tuple(lines) for key, lines in found.items() if lines}


def headings() -> dict[str, str]:
    """What stands above the lines of each key, in the order in which they are read."""
    return {
        "lessons_moved": _("Lessons moved"),
        "lessons_added": _("Lessons added"),
        "lessons_gone": _("Lessons gone"),
        "other_teacher": _("Other teachers of lessons"),
        "other_room": _("Other rooms"),
        "renamed": _("Other names"),
        "students_moved": _("Pupils in another class"),
        "students_came": _("Pupils who came"),
        "students_left": _("Pupils who left (kept in the archive)"),
    }


def _hours(before: Picture, after: Picture) -> dict[str, list[str]]:
    """An hour gone and an hour new of one course are one lesson moved."""
    then, now = _hours_by_course(before), _hours_by_course(after)
    found: dict[str, list[str]] = {"lessons_moved": [], "lessons_added": [], "lessons_gone": []}
    for course_id in sorted(then.keys() | now.keys()):
        gone = sorted((then[course_id] - now[course_id]).elements())
        new = sorted((now[course_id] - then[course_id]).elements())
        moved = min(len(gone), len(new))
        name = _course(course_id, before, after)
        found["lessons_moved"] += [
            str(_("%(name)s: %(before)s → %(after)s", name=name, before=hour_words(one), after=hour_words(other)))
            for one, other in zip(gone, new, strict=False)
        ]
        found["lessons_added"] += [f"{name}: {hour_words(hour)}" for hour in new[moved:]]
        found["lessons_gone"] += [f"{name}: {hour_words(hour)}" for hour in gone[moved:]]
    return found


def _hours_by_course(picture: Picture) -> dict[int, Counter[Hour]]:
    found: dict[int, Counter[Hour]] = defaultdict(Counter)
    for row in picture["timetable_slot"].values():
        found[row["course_id"]][_hour(row)] += 1
    return found


def _hour(row: Row) -> Hour:
    return row["weekday"], row["period"], row["weeks"]


def hour_words(hour: Hour) -> str:
    """«понедельник, 3-й урок (неделя 1)»."""
    weekday, period, weeks = hour
    words = place_in_week(weekday - 1, period)
    if set(weeks) == {"1"}:
        return words
    marked = ", ".join(str(number + 1) for number, mark in enumerate(weeks) if mark == "1")
    return f"{words} ({_('weeks %(weeks)s', weeks=marked)})"


def _course(course_id: int, before: Picture, after: Picture) -> str:
    picture = after if course_id in after["course"] else before
    return course_name(picture["course"][course_id], picture)


def _other_rooms(before: Picture, after: Picture) -> Iterator[str]:
    def rooms(picture: Picture) -> dict[tuple[int, Hour], set[str]]:
        found: dict[tuple[int, Hour], set[str]] = defaultdict(set)
        for row in picture["timetable_slot"].values():
            found[row["course_id"], _hour(row)] |= {picture["room"][entry[0]]["name"] for entry in row["rooms"]}
        return found

    then, now = rooms(before), rooms(after)
    for (course_id, hour), names in sorted(now.items()):
        old = then.get((course_id, hour))
        if old is not None and old != names:
            name = f"{_course(course_id, before, after)}, {hour_words(hour)}"
            yield str(_("%(name)s: %(before)s → %(after)s", name=name, before=_list(old), after=_list(names)))


def _list(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "—"


def _other_teachers(before: Picture, after: Picture) -> Iterator[str]:
    for course_id, row in after["course"].items():
        old = before["course"].get(course_id)
        if old is None or row["is_archived"] or old["teachers"] == row["teachers"]:
            continue
        then, now = ({person_name(picture["person"][entry[0]]) for entry in one["teachers"]}
                     for picture, one in ((before, old), (after, row)))  # fmt: skip
        name = _course(course_id, before, after)
        yield str(_("%(name)s: %(before)s → %(after)s", name=name, before=_list(then), after=_list(now)))


def _renamed(before: Picture, after: Picture) -> Iterator[str]:
    for table, name_of in NAMES.items():
        for row_id, old in before[table].items():
            row = after[table].get(row_id)
            if row is not None and name_of(old) != name_of(row):
                yield f"{name_of(old)} → {name_of(row)}"


def _pupils(before: Picture, after: Picture) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"students_moved": [], "students_came": [], "students_left": []}
    for person_id, row in after["person"].items():
        old = before["person"].get(person_id)
        then, now = (_classes(one, picture) for one, picture in ((old, before), (row, after)))
        if then == now:
            continue
        name = person_name(row)
        if then and now:
            moved = _("%(name)s: %(before)s → %(after)s", name=name, before=_list(then), after=_list(now))
            found["students_moved"].append(str(moved))
        elif now:
            found["students_came"].append(f"{name} ({_list(now)})")
        else:
            found["students_left"].append(f"{name} ({_list(then)})")
    return found


def _classes(row: Row | None, picture: Picture) -> set[str]:
    """Where a pupil is; nowhere once archived."""
    if row is None or row["is_archived"]:
        return set()
    return {shown_class(picture["school_class"][entry[0]]["label"]) for entry in row["classes"]}
