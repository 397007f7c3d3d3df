"""Every word that a person can read stands in Russian; a placeholder is never lost in translation."""

import re

from babel.messages.extract import extract_from_dir

from scheduler.translations import FOLDER, catalog

ROOT = FOLDER.parent.parent
WORDS = {
    "_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2), "lazy_pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
PLACEHOLDER = re.compile(r"%\(\w+\)s")
SAME_IN_BOTH = re.compile(r"[^A-Za-z]*")


def sources():
    for folder, method in (
        ("scheduler", [("**.py", "python")]),
        ("templates", [("**.html", "jinja2.ext:babel_extract")]),
    ):
        options = {"**.html": {"silent": "false"}}
        for found in extract_from_dir(ROOT / folder, method, options, keywords=WORDS):
            yield f"{folder}/{found[0]}:{found[1]}", found[2], found[4]


def russian(message, context):
    words = catalog("ru")
    if isinstance(message, tuple):
        return [words.npgettext(context, *message, n) if context else words.ngettext(*message, n) for n in (1, 2, 5)]
    return [words.pgettext(context, message) if context else words.gettext(message)]


def test_every_word_is_said_in_russian():
    missing = [
        (place, message)
        for place, message, context in sources()
        for said in russian(message, context)
        if said in (message if isinstance(message, tuple) else (message,))
        and not SAME_IN_BOTH.fullmatch(PLACEHOLDER.sub("", said))
    ]
    assert missing == []


def test_every_placeholder_survives():
    lost = [
        (place, said)
        for place, message, context in sources()
        for said in russian(message, context)
        if set(PLACEHOLDER.findall(said)) - set(PLACEHOLDER.findall(str(message)))
    ]
    assert lost == []
