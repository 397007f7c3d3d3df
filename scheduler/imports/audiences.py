"""Makes the audiences of lessons for every format: one object for each distinct set of parts, with a label for people.

Which parts sit in a lesson is for the reader of the format.
"""

from collections.abc import Collection, Iterable, Sequence

from flask_babel import gettext as _

from scheduler.imports.draft import DraftAudience, DraftClass, DraftPart
from scheduler.imports.findings import some_names


class AudienceMaker:
    """The audiences of one draft; an audience of a private class, or of a part that is one child, is private."""

    def __init__(self, classes: Sequence[DraftClass]) -> None:
        self._classes = {row.key: row for row in classes}
        self._order = {row.key: place for place, row in enumerate(classes)}
        self._made: dict[str, DraftAudience] = {}

    def all_made(self) -> tuple[DraftAudience, ...]:
        return tuple(self._made.values())

    def make(self, parts: Collection[DraftPart], *, is_private: bool = False) -> DraftAudience:
        """The audience of these parts; without any it is «no class» (a staff meeting)."""
        key = "|".join(f"{part.class_key}:{part.division_key or ''}:{part.part or ''}" for part in _ordered(parts))
        if key not in self._made:
            labels = [self._label(part) for part in sorted(parts, key=self._place_in_file)]
            of_private = any(self._classes[part.class_key].is_private for part in parts)
            self._made[key] = DraftAudience(
                key, some_names(labels) or _("no class"), frozenset(parts), is_private or of_private
            )
        return self._made[key]

    def make_apart(self, label: str, parts: Collection[DraftPart], *, is_club: bool, is_private: bool) -> DraftAudience:
        """An audience that is known by its label: a club, or a child with a list of its own."""
        classes = sorted({part.class_key for part in parts})
        key = f"apart:{label}:{'|'.join(classes)}"
        found = DraftAudience(key, label, frozenset(parts), is_private=is_private, is_club=is_club, stands_apart=True)
        return self._made.setdefault(key, found)

    def _place_in_file(self, part: DraftPart) -> tuple[int, str]:
        return self._order[part.class_key], part.part or ""

    def _label(self, part: DraftPart) -> str:
        name = self._classes[part.class_key].name
        return name if part.part is None else f"{name} ({part.part})"


def _ordered(parts: Iterable[DraftPart]) -> list[DraftPart]:
    return sorted(parts, key=lambda part: (part.class_key, part.division_key or "", part.part or ""))
