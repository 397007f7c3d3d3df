"""Tables as downloads."""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from flask import Response

from scheduler.exports.csv_text import csv_bytes


def csv_response(name: str, rows: Iterable[Sequence[object]]) -> Response:
    """The rows as a download; `name` may be Russian."""
    response = Response(csv_bytes(rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = f"attachment; filename=table.csv; filename*=UTF-8''{quote(name)}.csv"
    return response
