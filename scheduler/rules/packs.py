"""Which rule pack is in force on a date, and what to say when its time is over. The data files lie in `packs/`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from scheduler.rules.facts import ClassFacts, ClassProfile, Finding, Severity
from scheduler.rules.pack import UNKNOWN_GRADES, RulePack
from scheduler.rules.pack_files import read_pack

__all__ = ["RulePack", "expired_note", "grade_note", "load_packs", "pack_for"]

FOLDER = Path(__file__).parent / "packs"


@cache
def load_packs() -> tuple[RulePack, ...]:
    """All packs that come with the product, read once; raises KeyError or ValueError for a damaged file."""
    return tuple(read_pack(path) for path in sorted(FOLDER.glob("*.json")))


def pack_for(day: date, packs: Sequence[RulePack]) -> RulePack:
    """The pack in force on a date, the newest where two overlap; else the nearest one, marked `expired`.

    Raises ValueError where there is no pack at all.
    """
    if not packs:
        raise ValueError("there is no rule pack")
    ordered = sorted(packs, key=lambda pack: pack.valid_from)
    in_force = [pack for pack in ordered if pack.valid_from <= day <= pack.valid_to]
    if in_force:
        return in_force[-1]
    begun = [pack for pack in ordered if pack.valid_from <= day]
    return replace((begun or ordered[:1])[-1], expired=True)


def expired_note(pack: RulePack, day: date) -> Finding | None:
    """The hint that a pack's time is over, or has not begun, on a date; None while it is in force."""
    if not pack.expired:
        return None
    params: dict[str, object] = {"title": pack.title, "valid_from": pack.valid_from, "valid_to": pack.valid_to}
    return Finding("PACK_EXPIRED", Severity.INFO, None, params, day=day)


def grade_note(klass: ClassFacts, day: date) -> Finding | None:
    """The hint that nobody stated a class's grade and which row it is held to."""
    if klass.grade is not None or klass.profile is ClassProfile.GRADE_ONE:
        return None
    params: dict[str, object] = {"class": klass.label, "grade": UNKNOWN_GRADES}
    return Finding("GRADE_UNKNOWN", Severity.INFO, None, params, class_id=klass.id, day=day)
