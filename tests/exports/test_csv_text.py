"""Cells that a spreadsheet would run, and the bytes that Excel opens as Russian."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.exports.csv_text import STARTS_OF_FORMULAS, safe_cell
from scheduler.web.csv_file import csv_response


@pytest.mark.parametrize(
    "text", ["=1+1", "+7 900", "-2", "@SUM(A1)", "  =HYPERLINK()", "\t=1", "\r\n=1", "=cmd|'/c calc'!A0"]
)
def test_a_formula_becomes_text(text):
    assert safe_cell(text).startswith("'")


@pytest.mark.parametrize("text", ["7 «А»", "−34 °C", "6:43:12", "https://школа/j/a-b"])
def test_plain_words_stay(text):
    assert safe_cell(text) == text


@given(st.text())
def test_no_cell_begins_like_a_formula_or_breaks_its_line(text):
    cell = safe_cell(text)
    assert not cell.lstrip().startswith(STARTS_OF_FORMULAS)
    assert not set(cell) & {"\r", "\n", "\t", "\0"}


def test_the_file_is_utf8_with_its_mark_and_semicolons(app):
    answer = csv_response("День", [["Класс", None], ['7 «А»; "х"', "=1"]])
    assert answer.data == '\ufeff"Класс";""\r\n"7 «А»; ""х""";"\'=1"\r\n'.encode()
    assert "filename*=UTF-8''%D0%94" in answer.headers["Content-Disposition"]
