"""Reads the data files of rule packs into `RulePack`; a figure that is missing or misspelt stops it with KeyError."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, time
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from scheduler.rules.facts import Device, Severity
from scheduler.rules.pack import (
    HIGHEST_GRADE,
    LessonCount,
    Norm,
    RulePack,
    ScreenRow,
    ShiftRule,
    WeekLoad,
    frozen,
)

Value = TypeVar("Value")


def read_pack(path: Path) -> RulePack:
    """One pack from its file; raises KeyError or ValueError where the file does not say what it must."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return RulePack(
        code=data["code"],
        title=data["title"],
        valid_from=date.fromisoformat(data["valid_from"]),
        valid_to=date.fromisoformat(data["valid_to"]),
        bounds=_norms(
            {rule: row | {"limit": time.fromisoformat(row["limit"])} for rule, row in data["bounds"].items()}
        ),
        limits=_norms(data["limits"]),
        bans=_norms({rule: row | {"limit": 0} for rule, row in data["bans"].items()}),
        big_break_after=frozenset(data["big_break_after"]),
        light_weekdays=tuple(data["light_weekdays"]),
        shifts=tuple(_shift_rule(row) for row in data["first_shift_only"]),
        lessons_per_day=_lesson_counts(data["lessons_per_day"]),
        g1_stepped=_by_month(data["g1_stepped"]),
        week_load=_week_loads(data["week_load"]),
        screen=MappingProxyType({Device(device): _screen_rows(row) for device, row in data["screen"].items()}),
        online_lessons=_online_counts(data["online_lessons"]),
    )


def _norm(rule: str, row: Mapping[str, Any], limit: Value) -> Norm[Value]:
    return Norm(rule, limit, row["source"], Severity(row["severity"]))


def _norms(rows: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Norm[Any]]:
    return MappingProxyType({rule: _norm(rule, row, row["limit"]) for rule, row in rows.items()})


def _shift_rule(row: Mapping[str, Any]) -> ShiftRule:
    return ShiftRule(_norm("FIRST_SHIFT_ONLY", row, 1), frozenset(row["grades"]), row["special_needs"])


def _lesson_counts(rows: Sequence[Mapping[str, Any]]) -> Mapping[int, LessonCount]:
    return frozen(
        (grade, LessonCount(_norm(row["rule"], row, row["usual"]), row["with_pe"]))
        for row in rows
        for grade in _range(*row["grades"])
    )


def _by_month(data: Mapping[str, Any]) -> Mapping[int, Norm[int]]:
    return frozen((int(month), _norm("G1_STEPPED", data, limit)) for month, limit in data["by_month"].items())


def _week_loads(data: Mapping[str, Any]) -> Mapping[int, WeekLoad]:
    return frozen(
        (
            int(grade),
            WeekLoad(
                _norm("WEEK_LOAD_5D", data, five),
                _norm("WEEK_LOAD_6D", data, six) if six is not None else None,
            ),
        )
        for grade, (five, six) in data["rows"].items()
    )


def _screen_rows(data: Mapping[str, Any]) -> Mapping[int, ScreenRow]:
    lesson_source, day_source = data["lesson_source"], data["day_source"]
    rows = [
        (first, last, ScreenRow(
            f"{first}–{last}",
            Norm("SCREEN_LESSON", lesson, lesson_source, Severity.LAW),
            Norm("SCREEN_DAY_SCHOOL", school, day_source, Severity.WARN),
            Norm("SCREEN_DAY_HOME", home, day_source, Severity.LAW),
        ))
        for first, last, lesson, school, home in data["rows"]
    ]  # fmt: skip
    return frozen((grade, row) for first, last, row in rows for grade in _range(first, last))


def _online_counts(data: Mapping[str, Any]) -> Mapping[int, Norm[int]]:
    return frozen(
        (grade, _norm("ONLINE_COUNT_DAY", data, limit))
        for first, last, limit in data["rows"]
        for grade in _range(first, last)
    )


def _range(first: int, last: int) -> range:
    if not 1 <= first <= last <= HIGHEST_GRADE:
        raise ValueError(f"no grades: {first}–{last}")
    return range(first, last + 1)
