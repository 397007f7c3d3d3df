"""The school's own word about the norms: which column a day of calls is held to, which of its own rules block."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scheduler.database import transaction
from scheduler.models.school import School
from scheduler.planning.audit import record
from scheduler.planning.judging import school_rules
from scheduler.planning.settings import locked_school
from scheduler.rules.facts import Severity
from scheduler.rules.settings import DayColumn

OWN_RULES = ("REMOTE_LESSON_MAX", "REMOTE_DAY_END_MAX", "REMOTE_GAP", "EXTRACURRICULAR_WEEK")
"""Rules whose source nobody read: they warn as the school's own until the school makes them block."""


@dataclass(frozen=True, slots=True)
class Norms:
    """What a person can set; `blocking` are those of `OWN_RULES` that a lesson may break with a reason only."""

    day_column: DayColumn = DayColumn.SCHOOL
    blocking: frozenset[str] = frozenset()


def norms_of(school: School) -> Norms:
    """What is in force."""
    rules = school_rules(school)
    blocking = {rule for rule in OWN_RULES if rules.severities.get(rule) is Severity.LAW}
    return Norms(rules.day_column, frozenset(blocking))


def change_norms(school_id: int, wish: Norms, *, actor_id: int | None) -> bool:
    """Store the school's word; lessons that stand are not judged anew. Answers whether anything changed."""
    with transaction() as session:
        school = locked_school(session, school_id)
        before = norms_of(school)
        if wish == before:
            return False
        others = {rule: value for rule, value in _severities(school.rule_settings).items() if rule not in OWN_RULES}
        severities = others | dict.fromkeys(sorted(wish.blocking & set(OWN_RULES)), Severity.LAW.value)
        school.rule_settings = {"severities": severities, "day_column": wish.day_column.value}
        record(session, school_id, "norms", actor_id=actor_id, subject=("school", school_id),
               before=_plain(before), after=_plain(wish))  # fmt: skip
        return True


def _severities(settings: Mapping[str, Any] | None) -> dict[str, str]:
    return dict((settings or {}).get("severities", {}))


def _plain(norms: Norms) -> dict[str, Any]:
    return {"day_column": norms.day_column.value, "blocking": sorted(norms.blocking)}
