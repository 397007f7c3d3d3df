"""Class labels and the names of their groups as pages and posts write them."""

import pytest

from scheduler.models.names import shown_class


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("7А", "7 «А»"),
        ("7-б", "7 «Б»"),
        ("7А (группа 1)", "7 «А» (группа 1)"),
        ("10Б (девушки)", "10 «Б» (девушки)"),
        ("Кружок 7А", "Кружок 7А"),
    ],
)
def test_a_class_and_its_group_are_written_alike(label, shown):
    assert shown_class(label) == shown
