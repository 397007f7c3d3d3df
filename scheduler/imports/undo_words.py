"""What undoing an import takes back and what it leaves, in a person's words. Decides nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler.imports.findings import place_in_week
from scheduler.imports.picture import Picture, Row, RowChange
from scheduler.imports.undo_plan import CHANGED, GONE, TAKEN, Place, UndoPlan
from scheduler.models.names import shown_class

SHOWN_NAMES = 20
SIGN_IN = frozenset({"api_key", "device", "invitation"})


@dataclass(frozen=True, slots=True)
class Counted:
    """So many rows of one kind, under the words for them."""

    words: str
    count: int


@dataclass(frozen=True, slots=True)
class UndoWords:
    """`goes` came with the file, `returns` is as before, `comes_again` the file had taken away, `stays` the rest."""

    goes: tuple[Counted, ...]
    returns: tuple[Counted, ...]
    comes_again: tuple[Counted, ...]
    stays: tuple[str, ...]


def words_of(plan: UndoPlan, changes: Sequence[RowChange], now: Picture) -> UndoWords:
    """The words for a plan, before it is carried out."""
    return UndoWords(
        goes=_counted(place[0] for place in plan.removed),
        returns=_counted(place[0] for place in plan.restored),
        comes_again=_counted(change.table for change in plan.remade),
        stays=_stays(plan, changes, now),
    )


def _kinds() -> dict[str, str]:
    return {
        "school_class": _("classes of the school"),
        "person": _("people"),
        "subject": _("subjects"),
        "course": _("subjects of classes"),
        "room": _("rooms"),
        "timetable_slot": _("hours of the timetable"),
        "period": _("bells of lessons"),
        "school": _("settings of the school"),
        "academic_year": _("school years"),
        "term": _("terms"),
        "holiday": _("holidays"),
    }


def _counted(tables: Iterable[str]) -> tuple[Counted, ...]:
    counts = Counter(tables)
    return tuple(Counted(words, counts[table]) for table, words in _kinds().items() if counts[table])


def _stays(plan: UndoPlan, changes: Sequence[RowChange], now: Picture) -> tuple[str, ...]:
    """One line for each kind and reason, with names; what has no name of its own goes with what has."""
    rows = {(one.table, one.id): now[one.table].get(one.id) or one.before or one.after or {} for one in changes}
    after = {(one.table, one.id): one.after or {} for one in changes}
    names: dict[tuple[str, str], list[str]] = defaultdict(list)
    kinds = _kinds()
    for place, cause in plan.kept.items():
        if place[0] in kinds:
            reason = _reason(place, cause, rows[place], after[place])
            names[kinds[place[0]], reason].append(_name(place, rows[place], now))
    return tuple(
        str(_("%(kind)s (%(reason)s): %(names)s.", kind=kind[:1].upper() + kind[1:], reason=reason,
              names=_some(sorted(found))))
        for (kind, reason), found in names.items()
    )  # fmt: skip


def _reason(place: Place, cause: str, row: Row, after: Row) -> str:
    if place[0] == "person" and (cause in SIGN_IN or (row.get("account_id") and not after.get("account_id"))):
        return str(_("invited or signed in since"))
    words = {
        CHANGED: _("changed since by somebody"),
        GONE: _("no longer there"),
        TAKEN: _("the name is in use now"),
        "feed": _("somebody subscribed to the calendar"),
        "chat": _("a chat belongs to it"),
    }
    if cause in words:
        return str(words[cause])
    return str(_("lessons on dates rest on it") if cause.startswith("lesson") else _("in use"))


def _some(names: Sequence[str]) -> str:
    hidden = len(names) - SHOWN_NAMES
    shown = "; ".join(names[:SHOWN_NAMES])
    return shown + str(ngettext(" and %(num)s more", " and %(num)s more", hidden)) if hidden > 0 else shown


def _name(place: Place, row: Row, now: Picture) -> str:
    match place[0]:
        case "person":
            return person_name(row)
        case "course":
            return course_name(row, now)
        case "timetable_slot":
            course = now["course"].get(row["course_id"])
            where = place_in_week(row["weekday"] - 1, row["period"])
            return f"{course_name(course, now)}: {where}" if course else where
        case "period":
            return f"№ {row['number']}"
        case "school":
            return str(_("days of the week and the first week of the cycle"))
        case _:
            return shown_class(row.get("label") or row.get("name") or "")


def person_name(row: Row) -> str:
    """«Иванова Елена Петровна»."""
    return " ".join(part for part in (row["last_name"], row["first_name"], row["middle_name"]) if part)


def course_name(row: Row, picture: Picture) -> str:
    """«7 «А», Алгебра»."""
    group, subject = picture["study_group"].get(row["group_id"]), picture["subject"].get(row["subject_id"])
    return ", ".join(shown_class(one["name"]) for one in (group, subject) if one)
