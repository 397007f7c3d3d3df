"""The pupils of FET as sets: which year or group is a class of the school, and which pupils each set holds.

FET knows pupils by the smallest sets alone: two sets meet where they share one. A class may be a year («10A1») or a
group of a year («8 а» of the year «8»); the file does not say which, so it is told by names and by whose lessons they
are, and a person sees what was taken.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from scheduler.imports.fet_model import FetActivity, FetSet
from scheduler.imports.names import clean_name

MOST_OF_THE_WEEK = 0.6
_LETTER = r"[^\W\d_ºª]"
_CLASS_NAME = re.compile(rf"^\d{{1,2}}[ºª°]?[^\w]{{0,3}}{_LETTER}{{1,2}}\d?[^\w]{{0,2}}$")
_CLASS_START = re.compile(rf"^\d{{1,2}}[ºª°]?[\s\-–.«\"“„']{{0,3}}{_LETTER}{{1,2}}\d?[»\"”']?(?![^\W_])")
_YEAR_NAME = re.compile(r"^\d{1,2}[ºª°]?$")


def looks_like_class(name: str) -> bool:
    """«7 «А»», «10A1», «3º A»: a grade and a letter, nothing more."""
    return bool(_CLASS_NAME.match(clean_name(name)))


@dataclass(frozen=True)
class SetTree:
    """All sets by name with their smallest sets (`atoms`), in the order of the file: years, groups, subgroups."""

    atoms: dict[str, frozenset[str]]
    sizes: dict[str, int]
    years: tuple[FetSet, ...]
    level: dict[str, int]
    classes: tuple[str, ...] = ()
    is_guessed: bool = False
    year_of: dict[str, str] = field(default_factory=dict)


def read_sets(years: Sequence[FetSet], activities: Iterable[FetActivity]) -> SetTree:
    """The tree of the file, with its classes chosen. Sets that lessons name and no year holds stand for themselves."""
    lessons = [one for one in activities if one.is_active]
    known = {name for year in years for name in _names(year)}
    strangers = dict.fromkeys(name for one in lessons for name in one.students if name not in known)
    if not years:
        return _guessed(tuple(strangers))
    all_years = (*_merged(years), *(FetSet(name) for name in strangers))
    tree = _tree(all_years)
    hours = _hours(lessons)
    classes: dict[str, str] = {}
    for year in all_years:
        for name in _classes_of(year, tree, hours):
            classes.setdefault(name, year.name)
    return SetTree(tree.atoms, tree.sizes, all_years, tree.level, tuple(classes), year_of=classes)


def _names(one: FetSet) -> Iterable[str]:
    yield one.name
    for inner in one.inner:
        yield from _names(inner)


def _merged(years: Sequence[FetSet]) -> list[FetSet]:
    """A year that stands twice is one year with the groups of both."""
    found: dict[str, FetSet] = {}
    for year in years:
        before = found.get(year.name)
        found[year.name] = FetSet(year.name, year.size, (*before.inner, *year.inner)) if before else year
    return list(found.values())


def _tree(years: Sequence[FetSet]) -> SetTree:
    atoms: dict[str, frozenset[str]] = {}
    sizes: dict[str, int] = {}
    level: dict[str, int] = {}
    for year in years:
        _add(year, 0, atoms, sizes, level)
    return SetTree(atoms, sizes, tuple(years), level)


def _add(
    one: FetSet, depth: int, atoms: dict[str, frozenset[str]], sizes: dict[str, int], level: dict[str, int]
) -> frozenset[str]:
    inner = [_add(row, depth + 1, atoms, sizes, level) for row in one.inner]
    own = frozenset().union(*inner) if inner else frozenset({one.name})
    atoms[one.name] = atoms.get(one.name, frozenset()) | own if inner else atoms.get(one.name, own)
    sizes.setdefault(one.name, one.size)
    level.setdefault(one.name, depth)
    return atoms[one.name]


def _hours(lessons: Iterable[FetActivity]) -> Counter[str]:
    """The hours that lessons give to each set by name."""
    hours: Counter[str] = Counter()
    for one in lessons:
        for name in one.students:
            hours[name] += one.hours
    return hours


def _classes_of(year: FetSet, tree: SetTree, hours: Counter[str]) -> list[str]:
    """The year itself, or the groups in it that are classes."""
    groups = list(dict.fromkeys(group.name for group in year.inner))
    if not groups or looks_like_class(year.name):
        return [year.name]
    share = _own_share(year, hours)
    if share >= MOST_OF_THE_WEEK:
        return [year.name]
    named = [name for name in groups if looks_like_class(name) and _may_be_in(name, year.name)]
    if named:
        taken = frozenset().union(*(tree.atoms[name] for name in named))
        return [name for name in groups if name in named or not tree.atoms[name] & taken]
    is_crossed = sum(len(tree.atoms[name]) for name in groups) > len(tree.atoms[year.name])
    return [year.name] if is_crossed else groups


def _may_be_in(name: str, year: str) -> bool:
    """«1 м» of the year «Класс 5» is no class of the first grade."""
    numbers = re.findall(r"\d+", year)
    return len(numbers) != 1 or _is_of_year(name, numbers[0])


def _own_share(year: FetSet, hours: Counter[str]) -> float:
    """Which part of a pupil's week the lessons of the whole year are."""
    inner = [hours[group.name] + _mean(hours[one.name] for one in group.inner) for group in year.inner]
    whole = hours[year.name] + _mean(inner)
    return hours[year.name] / whole if whole else 0.0


def _mean(values: Iterable[float]) -> float:
    numbers = list(values)
    return sum(numbers) / len(numbers) if numbers else 0.0


def _guessed(names: Sequence[str]) -> SetTree:
    """Sets known by name alone: «9 б историци» is taken as a part of «9 б», «9» as all classes of the ninth grade.

    Which pupils they share cannot be known, so every part stands for itself.
    """
    classes = dict.fromkeys(name for name in names if looks_like_class(name))
    classes.update(_owners(names, {_key(name) for name in classes}))
    classes = dict.fromkeys(sorted(classes, key=_natural))
    by_key = {_key(name): name for name in classes}
    parts = {name: by_key[key] for name in names if name not in classes and (key := _key(_class_start(name))) in by_key}
    streams = {name for name in names if _YEAR_NAME.match(name) and any(_is_of_year(one, name) for one in classes)}
    rest = [name for name in names if name not in classes and name not in parts and name not in streams]
    inner: dict[str, list[FetSet]] = {name: [] for name in classes}
    for name, owner in parts.items():
        inner[owner].append(FetSet(name))
    years = [FetSet(name, inner=_with_rest(name, inner[name])) for name in classes]
    tree = _tree([*years, *(FetSet(name) for name in rest)])
    for name in streams:
        members = [tree.atoms[one] for one in classes if _is_of_year(one, name)]
        tree.atoms[name] = frozenset().union(*members)
    return SetTree(tree.atoms, tree.sizes, tree.years, tree.level, (*classes, *rest), is_guessed=True)


def _owners(names: Sequence[str], known: set[str]) -> dict[str, None]:
    """Classes of which only parts are named: «9 б» of «9 б историци». «1 em 4» alone is no part of an «1 em»."""
    starts = [start for name in names if (start := _class_start(name)) and _key(start) not in known]
    count = Counter(_key(start) for start in starts)
    chosen: dict[str, str] = {}
    for start in starts:
        if count[_key(start)] > 1 or re.search(rf"(?<!{_LETTER}){_LETTER}\W*$", start):
            chosen.setdefault(_key(start), start)
    return dict.fromkeys(chosen.values())


def _with_rest(name: str, parts: Sequence[FetSet]) -> tuple[FetSet, ...]:
    """Beside its known parts a class has pupils of no part: without them the parts together would be the class."""
    return (*parts, FetSet(f"{name}\n")) if parts else ()


def _class_start(name: str) -> str:
    found = _CLASS_START.match(name)
    return found.group().strip() if found else ""


def _key(name: str) -> str:
    return re.sub(r"\W+", "", name).casefold()


def _natural(name: str) -> tuple[int, str]:
    """9 «Б» before 10 «А»; an export alone lists no classes, so their order is that of the school."""
    number = re.match(r"\d+", name)
    return int(number.group()) if number else 0, name.casefold()


def _is_of_year(name: str, year: str) -> bool:
    number, own = re.match(r"\d+", year), re.match(r"\d+", name)
    return bool(number and own and number.group() == own.group())
