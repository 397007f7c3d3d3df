"""Who teaches which class: a block of about thirty classes with teachers of its own, as plain numbers, before names.

A larger school is made of such blocks side by side, so that the time to make its timetable grows with their number.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.demo.blueprint import Bells
from scheduler.demo.curriculum import (
    ALGEBRA,
    HOURS,
    PRIMARY,
    SECOND_SHIFT_GRADES,
    TEAMS,
    Team,
    split_of,
    team_of,
)

BLOCK_SIZE = 30
SHOWN_GRADE = 7
_WEIGHTS = {**dict.fromkeys(range(1, 10), 3), 10: 2, 11: 1}
_FIRST_WANTED = (7, 1, 5, 9, 2, 8, 4, 6, 3, 10, 11)


@dataclass(frozen=True, slots=True)
class Unit:
    """One subject of one class: `teachers` has two numbers where the class is divided, each taking a part."""

    number: int
    class_number: int
    subject: str
    hours: int
    teachers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Grades of the classes in order, units of teaching, class teachers, and each teacher's team (None: primary)."""

    grades: tuple[int, ...]
    units: tuple[Unit, ...]
    teams: tuple[Team | None, ...]
    class_teachers: tuple[int, ...]


def bells_of(grade: int) -> Bells:
    """The column of bells of a grade."""
    if grade == 1:
        return Bells.GRADE_ONE
    return Bells.SECOND if grade in SECOND_SHIFT_GRADES else Bells.FIRST


def block_sizes(classes: int) -> list[int]:
    """A school's classes cut into blocks of about thirty, as even as they come."""
    count = max(1, round(classes / BLOCK_SIZE))
    small, larger = divmod(classes, count)
    return [small + 1] * larger + [small] * (count - larger)


def grades_of(size: int) -> tuple[int, ...]:
    """Grades of a block: thirty classes are three of grades 1–9, two tenth and one eleventh; grade 7 comes first."""
    counts = dict.fromkeys(_WEIGHTS, 0)
    for _ in range(size):
        neediest = min(_FIRST_WANTED, key=lambda grade: (counts[grade] + 0.5) / _WEIGHTS[grade])
        counts[neediest] += 1
    return tuple(grade for grade, count in counts.items() for _ in range(count))


def staffed_block(size: int) -> Block:
    """The block with every subject of every class given to teachers, loads level within a team."""
    grades = grades_of(size)
    teams: list[Team | None] = [None for grade in grades if grade in PRIMARY]
    units = _primary_units(grades)
    for team in TEAMS:
        first = len(teams)
        count = _team_size(team, grades)
        teams += [team] * count
        units += _team_units(team, grades, range(first, first + count), first_number=len(units))
    return Block(grades, tuple(units), tuple(teams), _class_teachers(grades, units))


def _primary_units(grades: Sequence[int]) -> list[Unit]:
    wanted = [
        (number, subject, hours)
        for number, grade in enumerate(grades)
        if grade in PRIMARY
        for subject, hours in HOURS[grade].items()
        if team_of(subject, grade) is None
    ]
    return [Unit(n, number, subject, hours, (number,)) for n, (number, subject, hours) in enumerate(wanted)]


def _wanted(team: Team, grades: Sequence[int]) -> list[tuple[int, list[tuple[str, int]]]]:
    """(class number, its subjects of this team with hours)."""
    return [
        (number, subjects)
        for number, grade in enumerate(grades)
        if (subjects := [(s, h) for s, h in HOURS[grade].items() if team_of(s, grade) is team])
    ]


def _is_split(subjects: list[tuple[str, int]], grade: int) -> bool:
    return any(split_of(subject, grade) for subject, _ in subjects)


def _team_size(team: Team, grades: Sequence[int]) -> int:
    wanted = _wanted(team, grades)
    total = sum(
        hours * (2 if split_of(subject, grades[number]) else 1)
        for number, subjects in wanted
        for subject, hours in subjects
    )
    needed = -(-total // team.most_hours)
    divided = [_is_split(subjects, grades[number]) for number, subjects in wanted]
    if divided and all(divided):
        return needed + needed % 2
    return max(2, needed) if any(divided) else needed


def _team_units(team: Team, grades: Sequence[int], numbers: range, *, first_number: int) -> list[Unit]:
    """Heaviest classes first, each to whoever has least; a divided class to the two who have least together."""
    load = dict.fromkeys(numbers, 0)
    units: list[Unit] = []
    for number, subjects in sorted(_wanted(team, grades), key=lambda item: -sum(hours for _, hours in item[1])):
        for teaching in _shared_out(team, subjects, grades[number]):
            chosen = _least_loaded(load, count=2 if _is_split(teaching, grades[number]) else 1)
            for subject, hours in teaching:
                units.append(Unit(first_number + len(units), number, subject, hours, chosen))
                for teacher in chosen:
                    load[teacher] += hours
    return units


def _shared_out(team: Team, subjects: list[tuple[str, int]], grade: int) -> list[list[tuple[str, int]]]:
    """One teacher keeps a class in kindred subjects; in mixed teams each subject goes its own way."""
    is_mixed = "," in team.name or " и изобразительное" in team.name or _is_split(subjects, grade)
    return [[subject] for subject in subjects] if is_mixed else [subjects]


def _least_loaded(load: dict[int, int], *, count: int) -> tuple[int, ...]:
    """Divided classes take fixed pairs (neighbours), so that two teachers' free hours stay the same."""
    if count == 1:
        return (min(load, key=lambda teacher: (load[teacher], teacher)),)
    teachers = list(load)
    pairs = [(a, b) for a, b in zip(teachers[::2], teachers[1::2], strict=False)]
    return min(pairs, key=lambda pair: (load[pair[0]] + load[pair[1]], pair))


def _class_teachers(grades: Sequence[int], units: Sequence[Unit]) -> tuple[int, ...]:
    """Primary classes: their own teacher; others: whoever teaches them most and is nobody's class teacher yet.

    The first seventh class has its teacher of algebra: that is the demo's teacher to sign in as.
    """
    first_seventh = grades.index(SHOWN_GRADE)
    found = {
        first_seventh: next(u.teachers[0] for u in units if (u.class_number, u.subject) == (first_seventh, ALGEBRA))
    }
    for number, grade in enumerate(grades):
        if number != first_seventh:
            found[number] = number if grade in PRIMARY else _closest(number, units, set(found.values()))
    return tuple(found[number] for number in range(len(grades)))


def _closest(number: int, units: Sequence[Unit], taken: set[int]) -> int:
    hours: dict[int, int] = {}
    for unit in units:
        if unit.class_number == number:
            for teacher in unit.teachers:
                hours[teacher] = hours.get(teacher, 0) + unit.hours
    free = [teacher for teacher in hours if teacher not in taken] or list(hours)
    return max(free, key=lambda teacher: (hours[teacher], -teacher))
