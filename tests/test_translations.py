"""Every word of the interface has its Russian: all areas, placeholders and plural forms alike."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / "scheduler" / "translations" / "ru").glob("*.po"))
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
BELL = re.compile(r"\bзвон(?:ок|ка|ку|ком|ке|ки|ков|кам|ками|ках)\b", re.IGNORECASE)
ALLOWED_BELLS = ("«Звонок»", "Расписание звонков", "расписание звонков", "расписании звонков", "расписания звонков")
PLURAL_FORMS = 3


@cache
def wanted():
    """(msgid, plural, context) → the file it stands in."""
    found = {}
    for folder, method in (("scheduler", ("**.py", "python")), ("templates", ("**.*", "jinja2"))):
        rows = extract_from_dir(ROOT / folder, [method], keywords=KEYWORDS)
        for name, _line, message, _comments, context in rows:
            one, many = message[:2] if isinstance(message, tuple) else (message, None)
            found[one, many, context] = f"{folder}/{name}"
    return found


@cache
def russian():
    """(msgid, plural, context) → (strings, the file)."""
    found = {}
    for path in FILES:
        with path.open("rb") as file:
            for message in read_po(file, locale="ru"):
                if message.id:
                    one, many = message.id if isinstance(message.id, tuple) else (message.id, None)
                    strings = message.string if isinstance(message.string, tuple) else (message.string,)
                    found.setdefault((one, many, message.context), []).append((strings, path.name, message.fuzzy))
    return found


def test_words_are_found_at_all():
    assert len(wanted()) > 400


def test_every_word_has_its_russian():
    missing = {key[0]: where for key, where in wanted().items() if key not in russian()}
    assert missing == {}


def test_no_russian_is_empty_or_fuzzy():
    bad = [key[0] for key, rows in russian().items() for strings, _file, fuzzy in rows if fuzzy or not all(strings)]
    assert bad == []


def test_placeholders_are_those_of_the_source():
    bad = [
        (key[0], string)
        for key, rows in russian().items()
        for strings, _file, _fuzzy in rows
        for string in strings
        if set(PLACEHOLDER.findall(string)) - {"num"} != set(PLACEHOLDER.findall(key[0])) - {"num"}
    ]
    assert bad == []


def test_plurals_have_three_forms_and_single_words_one():
    bad = [
        key[0]
        for key, rows in russian().items()
        for strings, _file, _fuzzy in rows
        if len(strings) != (PLURAL_FORMS if key[1] else 1)
    ]
    assert bad == []


def test_areas_never_disagree():
    bad = {key[0]: rows for key, rows in russian().items() if len({strings for strings, _file, _fuzzy in rows}) > 1}
    assert bad == {}


def bare_bells(text):
    for allowed in ALLOWED_BELLS:
        text = text.replace(allowed, "")
    return BELL.findall(text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_bare_bell_is_the_name_of_the_product_alone(path):
    bad = [
        string
        for key, rows in russian().items()
        for strings, name, _fuzzy in rows
        if name == path.name
        for string in strings
        if bare_bells(string) and key[0] != "Zvonok"
    ]
    assert bad == []


def test_posts_never_use_the_bare_bell():
    posts = sorted((ROOT / "templates" / "posts").glob("*"))
    assert [path.name for path in posts if bare_bells(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("text", ["Звонок через час", "Вам звонок", "до звонка"])
def test_a_bare_bell_is_noticed(text):
    assert bare_bells(text)


@pytest.mark.parametrize("text", ["Видеозвонок в чате класса", "Расписание звонков", "«Звонок» готовит текст"])
def test_an_allowed_bell_is_left(text):
    assert not bare_bells(text)
