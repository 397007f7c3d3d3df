"""Tables as text that Excel opens right away: UTF-8 with its mark, semicolons, and no cell that runs as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

STARTS_OF_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
ENDS_OF_LINES = str.maketrans({"\r": " ", "\n": " ", "\t": " ", "\0": ""})


def csv_bytes(rows: Iterable[Sequence[object]]) -> bytes:
    """The rows as a file."""
    held = io.StringIO(newline="")
    writer = csv.writer(held, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return held.getvalue().encode("utf-8-sig")


def safe_cell(value: object) -> str:
    """The value as a cell of one line; what a spreadsheet would take for a formula begins with an apostrophe."""
    text = "" if value is None else str(value)
    is_formula = text.lstrip(" \u00a0").startswith(STARTS_OF_FORMULAS)
    plain = text.translate(ENDS_OF_LINES).strip()
    return f"'{plain}" if is_formula else plain
