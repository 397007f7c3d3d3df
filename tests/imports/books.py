"""Small spreadsheets of every format, made here: a table is a list of rows, merged ranges are like "A1:B2"."""

import io
import re
import zipfile
from datetime import date, datetime, time
from xml.sax.saxutils import escape, quoteattr

import openpyxl
import xlwt

AS_DATE = xlwt.easyxf(num_format_str="D/M")
MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" '
    'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)
ODS_SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
)


def xlsx(sheets, *, merged=None, hidden_sheets=(), hidden_rows=None):
    """`sheets` name → rows; `merged` and `hidden_rows` name → ranges and 1-based rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for place, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                if value not in {"", None}:
                    cell = sheet.cell(place, column, value)
                    cell.data_type = "s" if isinstance(value, str) else cell.data_type
        for span in (merged or {}).get(name, ()):
            sheet.merge_cells(span)
        for row in (hidden_rows or {}).get(name, ()):
            sheet.row_dimensions[row].hidden = True
        if name in hidden_sheets:
            sheet.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def span_of(text):
    (first_letter, first_row), (last_letter, last_row) = re.findall(r"([A-Z])(\d+)", text)
    return int(first_row) - 1, ord(first_letter) - 65, int(last_row) - 1, ord(last_letter) - 65


def xls(sheets, *, merged=None, hidden_sheets=()):
    book = xlwt.Workbook()
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        sheet.visibility = 1 if name in hidden_sheets else 0
        spans = [span_of(text) for text in (merged or {}).get(name, ())]
        starts = {span[:2] for span in spans}
        for place, row in enumerate(rows):
            for column, value in enumerate(row):
                if value not in {"", None} and (place, column) not in starts:
                    style = (
                        xlwt.easyxf(num_format_str="D/M")
                        if isinstance(value, date | time)
                        else xlwt.Style.default_style
                    )
                    sheet.write(place, column, value, style)
        for top, left, bottom, right in spans:
            sheet.write_merge(top, bottom, left, right, rows[top][left])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def ods(sheets, *, merged=None, hidden_sheets=(), hidden_rows=None):
    tables = []
    for name, rows in sheets.items():
        spans = {span_of(text)[:2]: span_of(text) for text in (merged or {}).get(name, ())}
        lines = []
        for place, row in enumerate(rows):
            hidden = ' table:visibility="collapse"' if place + 1 in (hidden_rows or {}).get(name, ()) else ""
            cells = "".join(_ods_cell(value, spans.get((place, column))) for column, value in enumerate(row))
            lines.append(f"<table:table-row{hidden}>{cells}</table:table-row>")
        style = ' table:style-name="away"' if name in hidden_sheets else ""
        tables.append(f"<table:table table:name={quoteattr(name)}{style}>{''.join(lines)}</table:table>")
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {ODS_SPACES} office:version="1.2">'
        '<office:automatic-styles><style:style style:name="away" style:family="table">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
        f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body></office:document-content>"
    )
    return ods_of(content)


def ods_of(content):
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return packed({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": MANIFEST})


def _ods_cell(value, span):
    spread = ""
    if span:
        top, left, bottom, right = span
        spread = f' table:number-rows-spanned="{bottom - top + 1}" table:number-columns-spanned="{right - left + 1}"'
    if value in {"", None}:
        return f"<table:table-cell{spread}/>"
    if isinstance(value, datetime | date):
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{value:%Y-%m-%d}"{spread}>'
            f"<text:p>{value:%d.%m}</text:p></table:table-cell>"
        )
    if isinstance(value, int | float):
        return (
            f'<table:table-cell office:value-type="float" office:value="{value}"{spread}>'
            f"<text:p>{value}</text:p></table:table-cell>"
        )
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in value.split("\n"))
    return f'<table:table-cell office:value-type="string"{spread}>{lines}</table:table-cell>'


def packed(files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text, zipfile.ZIP_STORED if name == "mimetype" else None)
    return stream.getvalue()


def csv_bytes(rows, *, separator=",", encoding="utf-8"):
    def field(value):
        text = "" if value is None else str(value)
        return '"' + text.replace('"', '""') + '"' if re.search(r'["\n,;\t]', text) else text

    return "\r\n".join(separator.join(field(value) for value in row) for row in rows).encode(encoding, errors="replace")
