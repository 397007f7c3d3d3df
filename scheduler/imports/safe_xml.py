"""XML from strangers, by events: no entities, no document types, and every failure told in the user's words.

What an element means is for the target that is given; it bounds depth and number itself, because only it knows what a
real file holds.
"""

from typing import Any, Protocol
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import errors

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from flask_babel import gettext as _

from scheduler.imports.errors import ImportRefusedError

CUT_OFF = frozenset(
    {
        errors.codes[message]
        for message in (errors.XML_ERROR_NO_ELEMENTS, errors.XML_ERROR_UNCLOSED_TOKEN, errors.XML_ERROR_PARTIAL_CHAR)
    },
)


class Target(Protocol):
    """What receives the events; `parser` is set before the first one and knows the line (`CurrentLineNumber`)."""

    parser: Any

    def start(self, tag: str, attributes: dict[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...


def parse_safely(text: str, target: Target, *, program: str) -> None:
    """Feed the text to the target. Raises ImportRefusedError; `program` is where a good file comes from."""
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    target.parser = parser.parser
    try:
        parser.feed(text)
        parser.close()
    except ParseError as error:
        raise _damaged(error) from error
    except DefusedXmlException as error:
        raise ImportRefusedError(
            _("The file holds instructions (document type or entities) that a timetable never needs and that can do "
              "harm. It was not read. Export the timetable again from %(program)s.", program=program),
        ) from error  # fmt: skip


def _damaged(error: ParseError) -> ImportRefusedError:
    line = error.position[0]
    if error.code in CUT_OFF:
        return ImportRefusedError(
            _("The file is cut off: it ends at line %(line)s in the middle of the timetable. Export or download it "
              "once more and choose the whole file.", line=line),
        )  # fmt: skip
    return ImportRefusedError(
        _("The file is damaged at line %(line)s and cannot be read further. Export the timetable again and choose "
          "the new file.", line=line),
    )  # fmt: skip
