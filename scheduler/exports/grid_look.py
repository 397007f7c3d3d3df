"""How the cells of the printed grid look: a few styles made once, for a school has tens of thousands of cells."""

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, Side
from openpyxl.workbook import Workbook
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

THIN, THICK = Side(style="thin", color="999999"), Side(style="medium", color="333333")
ALIGNED = {
    "text": Alignment(vertical="center", wrap_text=True),
    "middle": Alignment(horizontal="center", vertical="center", wrap_text=True),
    "bold": Alignment(horizontal="center", vertical="center", wrap_text=True),
    "upright": Alignment(horizontal="center", vertical="center", text_rotation=90),
}


def add_styles(book: Workbook) -> None:
    """Each alignment with a thick or thin line at the left (a class begins) and above (a day begins)."""
    for name, alignment in ALIGNED.items():
        for is_left in (True, False):
            for is_top in (True, False):
                style = NamedStyle(style_name(name, is_left=is_left, is_top=is_top))
                style.border = Border(THICK if is_left else THIN, THIN, THICK if is_top else THIN, THIN)
                style.alignment = alignment
                style.font = Font(bold=name == "bold")
                book.add_named_style(style)


def style_name(name: str, *, is_left: bool, is_top: bool) -> str:
    return f"{name} {int(is_left)}{int(is_top)}"


def write_text(sheet: Worksheet, row: int, column: int, value: str | int) -> None:
    """Words are text whatever they begin with: nothing of a school's data runs as a formula."""
    cell = sheet.cell(row, column)
    if not isinstance(cell, Cell) or value == "":
        return
    cell.value = value if isinstance(value, int) else printable(value)
    cell.data_type = "n" if isinstance(value, int) else "s"


def merge(sheet: Worksheet, row: int, column: int, *, rows: int, columns: int) -> None:
    """Without the library's comparison with every merged range of before: ours never overlap."""
    sheet.merged_cells.ranges.add(
        CellRange(min_row=row, max_row=row + rows - 1, min_col=column, max_col=column + columns - 1)
    )


def printable(text: str) -> str:
    """Without the control characters that a workbook cannot hold."""
    return "".join(letter for letter in text if letter >= " " or letter == "\n")
