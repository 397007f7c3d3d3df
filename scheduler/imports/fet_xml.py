"""XML of FET as a small tree, safely: bounded in depth and number, constraints that say no hour left out at once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from scheduler.imports.decoding import decode_xml
from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.names import clean_name
from scheduler.imports.safe_xml import parse_safely

PROGRAM = "FET"
LARGEST_FILE = 30 * 1024 * 1024
MOST_NODES = 1_500_000
DEEPEST = 12
START_CONSTRAINTS = frozenset({"ConstraintActivityPreferredStartingTime", "ConstraintActivityPreferredTime"})
ROOM_CONSTRAINTS = frozenset({"ConstraintActivityPreferredRoom"})
LONGEST_TEXT = 4_000


@dataclass(slots=True)
class Node:
    """An element: its tag, its line, its text, what it holds and its attributes."""

    tag: str
    line: int
    attributes: dict[str, str]
    text: str = ""
    inner: list["Node"] = field(default_factory=list)

    def all(self, *tags: str) -> Iterator["Node"]:
        return (node for node in self.inner if node.tag in tags)

    def value(self, *tags: str) -> str:
        """The text of the first inner element of these tags, trimmed; empty where there is none."""
        node = next(self.all(*tags), None)
        return clean_name(node.text) if node else ""

    def values(self, tag: str) -> tuple[str, ...]:
        """The texts of the inner elements of a tag, each once, empty ones left out."""
        return tuple(dict.fromkeys(text for node in self.all(tag) if (text := clean_name(node.text))))

    def number(self, tag: str) -> int | None:
        text = self.value(tag)
        return int(text) if text.isdecimal() and len(text) < 10 else None  # noqa: PLR2004 nine figures are enough


def read_tree(data: bytes) -> Node:
    """The root of a file. Raises ImportRefusedError for what is damaged, hostile or too large."""
    if len(data) > LARGEST_FILE:
        raise ImportRefusedError(
            _("The file is larger than %(limit)s MB. A timetable in XML is far smaller: please check which file it is.",
              limit=LARGEST_FILE // 1024 // 1024),
        )  # fmt: skip
    target = _TreeBuilder()
    parse_safely(decode_xml(data).text, target, program=PROGRAM)
    if target.root is None:
        raise ImportRefusedError(_("The file is empty. Please choose the file with the timetable."))
    return target.root


def _is_unneeded(tag: str) -> bool:
    if tag.startswith("Constraint"):
        return tag not in START_CONSTRAINTS | ROOM_CONSTRAINTS
    return tag in {"Timetable_Generation_Options_List", "Qualified_Subjects"}


class _TreeBuilder:
    """The parser's target. What is left out is not counted either: a file may hold any number of wishes."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.parser: Any = None
        self._open: list[Node] = []
        self._depth = 0
        self._left_out_at = 0
        self._nodes = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ImportRefusedError(_("The file is nested deeper than any timetable. Export it again from FET."))
        if self._left_out_at or _is_unneeded(tag):
            self._left_out_at = self._left_out_at or self._depth
            return
        self._count()
        node = Node(tag, self.parser.CurrentLineNumber, attributes)
        if self._open:
            self._open[-1].inner.append(node)
        else:
            self.root = node
        self._open.append(node)

    def _count(self) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise ImportRefusedError(
                _("The file holds more than %(limit)s rows, more than any school. Please check which file it is.",
                  limit=MOST_NODES),
            )  # fmt: skip

    def data(self, text: str) -> None:
        if not self._left_out_at and self._open and len(self._open[-1].text) < LONGEST_TEXT:
            self._open[-1].text += text

    def end(self, _tag: str) -> None:
        if not self._left_out_at:
            self._open.pop()
        elif self._left_out_at == self._depth:
            self._left_out_at = 0
        self._depth -= 1

    def close(self) -> None:
        """Nothing is built at the end; the parser asks for the method."""
