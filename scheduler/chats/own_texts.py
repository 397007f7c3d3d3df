"""A school's own texts of posts: rendered in a sandbox, checked before they are kept, and never in a post's way.

The sandbox has no loops over numbers, few filters and no arithmetic that makes long texts out of short ones. Whoever
may change these texts is trusted by the school; a text that fails all the same is passed over for the usual one.
"""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
import structlog
from flask import current_app
from flask_babel import gettext as _
from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader, StrictUndefined, TemplateSyntaxError, meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from sqlalchemy.orm import Session

from scheduler.chats.errors import ChatError
from scheduler.chats.rendering import FILTERS, folder, neat, render
from scheduler.models.post_texts import PostText

LONGEST_SOURCE = 6000
LONGEST_RENDERED = 60000
DEEPEST_LOOP = 2
LINES = "lines"
"""The text of which the lines of all lessons are made: the other texts take it in."""
_PLAIN_FILTERS = ("capitalize", "default", "first", "join", "last", "length", "list", "lower", "title", "trim", "upper")

log = structlog.get_logger(__name__)


class OwnTextError(ChatError):
    """A text cannot be used; the sentence names its line where one is to blame."""


class _Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002 - jinja's
        """Texts may be joined, not multiplied."""
        raise SecurityError(operator)


@dataclass(slots=True)
class OwnTexts:
    """The school's own texts by name, and why each of those that failed did; the usual text stood in for it."""

    sources: Mapping[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    _made: _Sandbox | None = field(default=None, repr=False)

    def render(self, name: str, **values: Any) -> str:
        """The post's text in the school's words, else in the usual ones."""
        blamed = next((one for one in (name, LINES) if one in self.sources), None)
        if blamed is None:
            return render(name, **values)
        try:
            return self.rendered(name, values)
        except OwnTextError as error:
            log.warning("own_text_failed", name=blamed)
            self.failed.setdefault(blamed, error.text)
            return render(name, **values)

    def rendered(self, name: str, values: Mapping[str, Any]) -> str:
        """The text in the school's words alone; raises OwnTextError."""
        self._made = self._made or _environment(self.sources)
        try:
            text = neat(self._made.get_template(f"{name}.txt").render(**values))
        except Exception as error:
            # whatever a person wrote into a text can raise anything; the post goes out all the same
            raise OwnTextError(_words(error, self.sources)) from error
        if len(text) > LONGEST_RENDERED:
            raise OwnTextError(_("The text becomes too long."))
        return text


def _environment(sources: Mapping[str, str]) -> _Sandbox:
    root = current_app.config["SETTINGS"].root
    own = DictLoader({f"{name}.txt": source for name, source in sources.items()})
    environment = _Sandbox(
        loader=ChoiceLoader([own, FileSystemLoader(folder(root))]),
        autoescape=False,  # plain text, shown by messengers as it is
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in _PLAIN_FILTERS} | FILTERS
    return environment


def ensure_sensible(source: str) -> None:
    """Raise OwnTextError for a text that cannot even be read, or that would run for long."""
    if not source.strip():
        raise OwnTextError(_("The text is empty. To have the usual one again, press “As usual”."))
    if len(source) > LONGEST_SOURCE or "\0" in source:
        raise OwnTextError(_("The text is too long: %(most)d characters at most.", most=LONGEST_SOURCE))
    try:
        _ensure_shallow(_environment({}).parse(source), 0)
    except TemplateSyntaxError as error:
        raise OwnTextError(_words(error, {})) from error


def words_used(source: str) -> set[str]:
    """The words that the program has to fill in; raises OwnTextError."""
    try:
        return meta.find_undeclared_variables(_environment({}).parse(source))
    except TemplateSyntaxError as error:
        raise OwnTextError(_words(error, {})) from error


def _ensure_shallow(node: nodes.Node, depth: int) -> None:
    for child in node.iter_child_nodes():
        deeper = depth + isinstance(child, nodes.For)
        if deeper > DEEPEST_LOOP:
            raise OwnTextError(_in_line(child.lineno, _("a repetition stands within two others")))
        _ensure_shallow(child, deeper)


def _words(error: Exception, sources: Mapping[str, str]) -> str:
    if isinstance(error, TemplateSyntaxError):
        return _in_line(error.lineno, _("a bracket or a word of a condition is not as it should be"))
    known = {f"{name}.txt" for name in sources}
    lines = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename in known | {"<template>"}
    ]
    return _in_line(lines[-1] if lines else None, _("a word in the curly brackets is unknown or does not fit here"))


def _in_line(number: int | None, words: str) -> str:
    return str(
        _("Line %(number)s: %(words)s.", number=number, words=words) if number else f"{words[:1].upper()}{words[1:]}."
    )


def load_own_texts(session: Session, school_id: int) -> OwnTexts:
    """The school's own texts in one query."""
    rows = session.execute(sa.select(PostText.name, PostText.source).where(PostText.school_id == school_id))
    return OwnTexts({row.name: row.source for row in rows})


def note_failed(session: Session, school_id: int, own: OwnTexts) -> None:
    """Keep for a person which of the school's own texts could not be used, and why."""
    for name, problem in own.failed.items():
        session.execute(
            sa.update(PostText).where(PostText.school_id == school_id, PostText.name == name).values(problem=problem)
        )
