"""Tables as files that Excel opens right away: UTF-8 with its mark, semicolons, and no cell that runs as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from flask import Response

STARTS_OF_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
ENDS_OF_LINES = str.maketrans({"\r": " ", "\n": " ", "\t": " ", "\0": ""})


def csv_response(name: str, rows: Iterable[Sequence[object]]) -> Response:
    """The rows as a download; `name` may be Russian."""
    held = io.StringIO(newline="")
    writer = csv.writer(held, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    response = Response(held.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    response.headers["Content-Disposition"] = f"attachment; filename=table.csv; filename*=UTF-8''{quote(name)}.csv"
    return response


def safe_cell(value: object) -> str:
    """The value as a cell of one line; what a spreadsheet would take for a formula begins with an apostrophe."""
    text = "" if value is None else str(value)
    is_formula = text.lstrip(" \u00a0").startswith(STARTS_OF_FORMULAS)
    plain = text.translate(ENDS_OF_LINES).strip()
    return f"'{plain}" if is_formula else plain
