"""Reads an old workbook (XLS) in a process of its own, run by its path: bytes come in, JSON goes out.

A damaged one can make the library ask for all memory there is, go round for ever, or end the whole process. Here that
ends this process alone. It imports nothing of the product.
"""

import json
import sys
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import python_calamine as calamine

LARGEST_MEMORY = 2 * 1024 * 1024 * 1024
DAMAGED, LARGE = "damaged", "large"
KINDS: dict[str, type[datetime | date | time]] = {"datetime": datetime, "date": date, "time": time}


def plain(value: object) -> object:
    """A moment as its kind and its text; everything else JSON has already."""
    if isinstance(value, timedelta):
        return str(value)
    return {type(value).__name__: value.isoformat()} if isinstance(value, date | time) else str(value)


def restored(value: Any) -> Any:
    """What `plain` made, as it was."""
    if not isinstance(value, dict):
        return value
    (kind, text), *_rest = value.items()
    return KINDS[kind].fromisoformat(text)


def read(data: bytes, most_cells: int) -> dict[str, Any]:
    """The sheets with their rows, or one word for why not."""
    book = calamine.CalamineWorkbook.from_filelike(BytesIO(data))
    sheets = []
    for meta in book.sheets_metadata:
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        table = book.get_sheet_by_name(meta.name)
        if table.total_height * table.total_width > most_cells:
            return {"error": LARGE}
        is_hidden = meta.visible != calamine.SheetVisibleEnum.Visible
        rows = table.to_python(skip_empty_area=False)
        sheets.append({"name": meta.name, "rows": rows, "merged": table.merged_cell_ranges, "is_hidden": is_hidden})
    return {"sheets": sheets}


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (LARGEST_MEMORY, LARGEST_MEMORY))


def main() -> None:
    """Whatever goes wrong is said as damage; what cannot be said is told by the exit code."""
    _limit_memory()
    try:
        found = read(sys.stdin.buffer.read(), int(sys.argv[1]))
    except BaseException:  # noqa: BLE001 - a panic of the library derives from BaseException
        found = {"error": DAMAGED}
    sys.stdout.write(json.dumps(found, default=plain))


if __name__ == "__main__":
    main()
