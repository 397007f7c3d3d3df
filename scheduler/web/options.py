"""The options of selects and chips, as forms want them: values with their words."""

from collections.abc import Mapping
from typing import Any

from wtforms.fields.choices import SelectChoice


def options(words: Mapping[Any, object]) -> list[SelectChoice]:
    """One option a value, in the order of the words; lazy words stay lazy."""
    return [SelectChoice(value, text) for value, text in words.items()]
