"""Writes posts from the text templates of `templates/posts`, in Russian; it knows neither lessons nor the database."""

import re
from collections.abc import Callable
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from flask import current_app
from jinja2 import Environment, FileSystemLoader, StrictUndefined

_BLANK_LINES = re.compile(r"\n{3,}")

_ACCUSATIVE = {"среда": "среду", "пятница": "пятницу", "суббота": "субботу"}


@cache
def _environment(root: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder(root)),
        autoescape=False,  # noqa: S701 - plain text, shown by messengers as it is
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    return environment


def folder(root: Path) -> Path:
    """Where the usual texts lie."""
    return root / "templates" / "posts"


def render(name: str, **values: Any) -> str:
    """A post's text without spaces at line ends and without more than one empty line in a row."""
    root: Path = current_app.config["SETTINGS"].root
    return neat(_environment(root).get_template(f"{name}.txt").render(**values))


def usual_source(name: str) -> str:
    """The usual text of that name as it is written."""
    root: Path = current_app.config["SETTINGS"].root
    return (folder(root) / f"{name}.txt").read_text(encoding="utf-8")


def neat(text: str) -> str:
    """Without spaces at line ends and without more than one empty line in a row."""
    text = "\n".join(line.rstrip() for line in text.splitlines())
    return _BLANK_LINES.sub("\n\n", text).strip()


def day_words(day: date) -> str:
    """«вторник, 24 ноября»."""
    return str(format_date(day, "EEEE, d MMMM", locale="ru"))


def onto_day_words(day: date) -> str:
    """The same after «на»: «среду, 25 ноября»."""
    words = day_words(day)
    return _ACCUSATIVE.get(words.split(",")[0], words.split(",")[0]) + words[words.index(",") :]


def clock_words(wall: time) -> str:
    """«9:05»."""
    return f"{wall.hour}:{wall.minute:02}"


def plural_words(number: int, one: str, few: str, many: str) -> str:
    """«1 видеоурок», «2 видеоурока», «5 видеоуроков», «11 видеоуроков»."""
    last, last_two = number % 10, number % 100
    if last == 1 and last_two != 11:  # noqa: PLR2004 - Russian plural forms: 11 goes with many
        return f"{number} {one}"
    is_few = last in (2, 3, 4) and last_two not in (12, 13, 14)
    return f"{number} {few if is_few else many}"


FILTERS: dict[str, Callable[..., str]] = {
    "day": day_words, "onto_day": onto_day_words, "clock": clock_words, "plural": plural_words,
}  # fmt: skip
