"""Formatting of MAX messages: html or markdown in, plain text and marked ranges out. Ranges count code points."""

import re
from html.parser import HTMLParser
from typing import Any

TAGS = {
    **dict.fromkeys(("i", "em"), "emphasized"),
    **dict.fromkeys(("b", "strong"), "strong"),
    **dict.fromkeys(("del", "s"), "strikethrough"),
    **dict.fromkeys(("ins", "u"), "underline"),
    **dict.fromkeys(("code", "pre"), "monospaced"),
    "mark": "highlighted",
    "blockquote": "quote",
    "h1": "heading",
    "a": "link",
}
MARKS = (("**", "strong"), ("__", "strong"), ("~~", "strikethrough"), ("++", "underline"), ("^^", "highlighted"))
SIGNS = {**dict(MARKS), "*": "emphasized", "_": "emphasized", "`": "monospaced"}
TOKEN = re.compile(r"(\*\*|__|~~|\+\+|\^\^|`|\*|_)(?=\S)(.+?)(?<=\S)\1|\[([^\]\n]+)\]\(([^)\s]+)\)", re.DOTALL)

Markup = list[dict[str, Any]]


class _Html(HTMLParser):
    """Tags that are not known are stripped, their text stays."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.marks: Markup = []
        self._open: list[tuple[str, int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.text += "\n"
        elif tag in TAGS:
            self._open.append((tag, len(self.text), dict(attrs).get("href") or ""))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._open) - 1, -1, -1):
            name, start, href = self._open[place]
            if name == tag:
                del self._open[place]
                self.marks.append(_mark(TAGS[tag], start, len(self.text) - start, href))
                return


def _mark(kind: str, start: int, length: int, href: str = "") -> dict[str, Any]:
    told: dict[str, Any] = {"type": kind, "from": start, "length": length}
    if kind != "link":
        return told
    if href.startswith("max://user/"):
        return {**told, "type": "user_mention", "user_id": int(href.rpartition("/")[2] or 0)}
    return {**told, "url": href}


def parsed(text: str, form: str | None) -> tuple[str, Markup]:
    """Plain text and its marks in order of their beginning."""
    if form == "html":
        reader = _Html()
        reader.feed(text)
        reader.close()
        plain, marks = reader.text, reader.marks
    elif form == "markdown":
        plain, marks = _markdown(text, 0)
    else:
        return text, []
    return plain, sorted((mark for mark in marks if mark["length"]), key=lambda mark: (mark["from"], -mark["length"]))


def _markdown(text: str, offset: int) -> tuple[str, Markup]:
    plain, marks, seen = "", [], 0
    for found in TOKEN.finditer(text):
        plain += text[seen : found.start()]
        seen = found.end()
        sign, inner, label, href = found.groups()
        start = offset + len(plain)
        within, deeper = (inner, []) if sign == "`" else _markdown(inner if sign else label, start)
        marks.append(_mark(SIGNS[sign] if sign else "link", start, len(within), href or ""))
        marks.extend(deeper)
        plain += within
    return plain + text[seen:], marks
