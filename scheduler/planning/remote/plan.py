"""The plan of a remote day as it is kept and shown: plain values, one digest, and what differs between two of them."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, time
from functools import cached_property
from typing import Any

from scheduler.planning.remote.proposal import Left, Proposal
from scheduler.planning.words import finding_text
from scheduler.rules.facts import Finding, LessonFacts, LessonMode, LessonState, Severity


@dataclass(frozen=True, slots=True)
class PlanRow:
    """What one lesson shall be."""

    lesson_id: int
    date: date
    class_ids: tuple[int, ...]
    mode: LessonMode
    state: LessonState
    online_minutes: int | None
    start: time
    end: time

    @property
    def is_live(self) -> bool:
        return self.state is not LessonState.CANCELLED

    @property
    def is_call(self) -> bool:
        return self.is_live and self.mode is LessonMode.CALL

    def values(self) -> dict[str, Any]:
        """The lesson's columns."""
        return {name: getattr(self, name) for name in ("mode", "state", "online_minutes", "start", "end")}

    def plain(self) -> list[Any]:
        """As JSON, short: a large school has thousands of them."""
        return [
            self.lesson_id, self.date.isoformat(), list(self.class_ids), self.mode.value, self.state.value,
            self.online_minutes, self.start.isoformat("minutes"), self.end.isoformat("minutes"),
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlanFinding:
    """What is wrong, in the words that were shown."""

    rule: str
    severity: Severity
    text: str
    lesson_ids: tuple[int, ...] = ()
    class_ids: tuple[int, ...] = ()
    day: date | None = None

    @property
    def is_law(self) -> bool:
        return self.severity is Severity.LAW


@dataclass(frozen=True)
class Plan:
    """Everything that is shown before confirming, and all that confirming writes.

    `class_ids` by date are those turned remote; `ways` counts the calls by how they will be joined; `left` are
    lessons that a person has to decide on.
    """

    rows: tuple[PlanRow, ...]
    class_ids: Mapping[date, frozenset[int]]
    findings: tuple[PlanFinding, ...]
    left: Left
    ways: Mapping[str, int]

    @cached_property
    def digest(self) -> str:
        """The fingerprint of what was shown."""
        rows = sorted(map(str, (row.plain() for row in self.rows)))
        return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:32]

    @cached_property
    def by_id(self) -> dict[int, PlanRow]:
        """The rows by lesson."""
        return {row.lesson_id: row for row in self.rows}

    @property
    def classes(self) -> frozenset[int]:
        """All classes whose lessons change."""
        return frozenset(class_id for row in self.rows for class_id in row.class_ids)

    @property
    def blocking(self) -> tuple[PlanFinding, ...]:
        """What the law forbids: only with a reason."""
        return tuple(one for one in self.findings if one.is_law)

    @property
    def dates(self) -> list[date]:
        """The dates on which lessons change."""
        return sorted({row.date for row in self.rows})

    def count(self, mode: LessonMode) -> int:
        """Lessons that are held in this mode."""
        return sum(row.mode is mode and row.is_live for row in self.rows)

    def facts(self) -> dict[str, int]:
        """The figures, as the command line and the pages say them."""
        return {
            "lessons": len(self.rows),
            "classes": len(self.classes),
            "calls": self.count(LessonMode.CALL),
            "self_study": self.count(LessonMode.SELF_STUDY),
            "dropped": sum(not row.is_live for row in self.rows),
            "findings": len(self.findings),
        }

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "rows": [row.plain() for row in self.rows],
            "class_ids": {day.isoformat(): sorted(ids) for day, ids in self.class_ids.items()},
            "findings": [asdict(one) | {"day": one.day and one.day.isoformat()} for one in self.findings],
            "left": asdict(self.left),
            "ways": dict(self.ways),
        }


def plan_of_proposal(proposal: Proposal, ways: Mapping[str, int]) -> Plan:
    """The plan that a proposal amounts to, its findings in the reader's words."""
    classes_of = {one.lesson_id: tuple(sorted(one.before.group.class_ids)) for one in proposal.lessons}
    return Plan(
        tuple(_row(one.lesson_id, one.after) for one in proposal.lessons),
        proposal.class_ids,
        tuple(_finding(one, classes_of) for one in proposal.findings),
        proposal.left,
        ways,
    )


def _row(lesson_id: int, after: LessonFacts) -> PlanRow:
    class_ids = tuple(sorted(after.group.class_ids))
    return PlanRow(
        lesson_id, after.date, class_ids, after.mode, after.state, after.online_minutes, after.start, after.end
    )


def _finding(finding: Finding, classes_of: Mapping[int, tuple[int, ...]]) -> PlanFinding:
    ids = tuple(one for one in finding.lesson_ids if one in classes_of)
    class_ids = {class_id for one in ids for class_id in classes_of[one]}
    class_ids |= {finding.class_id} if finding.class_id is not None else set()
    return PlanFinding(
        finding.rule, finding.severity, finding_text(finding), ids, tuple(sorted(class_ids)), finding.day
    )


def read_plan(plain: Mapping[str, Any]) -> Plan:
    """The plan that `Plan.plain` wrote."""
    return Plan(
        tuple(_read_row(row) for row in plain["rows"]),
        {date.fromisoformat(day): frozenset(ids) for day, ids in plain["class_ids"].items()},
        tuple(_read_finding(one) for one in plain["findings"]),
        Left(**plain["left"]),
        plain["ways"],
    )


def _read_row(plain: list[Any]) -> PlanRow:
    lesson_id, day, class_ids, mode, state, minutes, start, end = plain
    return PlanRow(
        lesson_id, date.fromisoformat(day), tuple(class_ids), LessonMode(mode), LessonState(state), minutes,
        time.fromisoformat(start), time.fromisoformat(end),
    )  # fmt: skip


def _read_finding(plain: Mapping[str, Any]) -> PlanFinding:
    return PlanFinding(
        plain["rule"], Severity(plain["severity"]), plain["text"], tuple(plain["lesson_ids"]),
        tuple(plain["class_ids"]), date.fromisoformat(plain["day"]) if plain["day"] else None,
    )  # fmt: skip


def differing(then: Plan, now: Plan) -> list[tuple[PlanRow | None, PlanRow | None]]:
    """The lessons that the two plans treat differently, as they were and as they are, in the order of the day."""
    pairs = [(then.by_id.get(lesson_id), now.by_id.get(lesson_id)) for lesson_id in {**then.by_id, **now.by_id}]
    changed = [(old, new) for old, new in pairs if old != new]
    return sorted(changed, key=_order)


def _order(pair: tuple[PlanRow | None, PlanRow | None]) -> tuple[Any, ...]:
    row = pair[1] or pair[0]
    return (row.date, row.class_ids, row.start, row.lesson_id) if row else ()
