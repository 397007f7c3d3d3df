"""What was read, in figures: for `scheduler import --json` and for the preview. No names but those in findings."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from scheduler.imports.draft import Draft, Finding
from scheduler.imports.plans.draft import PlanDraft
from scheduler.imports.rosters.draft import RosterDraft
from scheduler.imports.school_drafts import SchoolDraft


def facts(draft: Draft | RosterDraft | PlanDraft | SchoolDraft) -> dict[str, Any]:
    """The keys fixed for `scheduler import --json`, of whatever kind the source is."""
    match draft:
        case RosterDraft():
            return roster_facts(draft)
        case Draft():
            return timetable_facts(draft)
        case _:
            return {"kind": draft.kind, **draft.figures, "findings": findings_of(draft.findings)}


def roster_facts(draft: RosterDraft) -> dict[str, Any]:
    """A list of people in figures. `not_taken` are headings, never values."""
    groups = {(row.class_key, *group) for row in draft.students for group in row.groups}
    return {
        "kind": draft.kind,
        "students": len(draft.students),
        "parents": len(draft.parents),
        "teachers": len(draft.teachers),
        "classes": len(draft.classes),
        "groups": len(groups),
        "rows_read": draft.rows_read,
        "not_taken": list(draft.not_taken),
        "findings": findings_of(draft.findings),
    }


def findings_of(findings: Iterable[Finding]) -> list[dict[str, str]]:
    return [{"severity": row.severity.value, "where": row.where, "text": row.text} for row in findings]


def timetable_facts(draft: Draft) -> dict[str, Any]:
    """The keys fixed for `scheduler import --json`.

    `lessons_read` are the rows of lessons in the source, `periods_per_cycle` the single periods placed over all weeks
    of the cycle, `unplaced` the lessons that stand nowhere, `clashes` the findings that are clashes. A list of
    teachers is a list of people as well: it has nobody else in it.
    """
    people = {"students": 0, "parents": 0} if draft.shape == "teachers" else {}
    return {
        "kind": draft.kind,
        **people,
        "classes": len(draft.classes),
        "teachers": len(draft.teachers),
        "subjects": len(draft.subjects),
        "groups": len(draft.groups),
        "rooms": len(draft.rooms),
        "courses": len(draft.courses),
        "lessons_read": draft.lessons_read,
        "cycle_weeks": draft.cycle_weeks,
        "periods_per_cycle": sum(len(slot.weeks) for slot in draft.slots),
        "unplaced": len(draft.unplaced),
        "clashes": sum(finding.is_clash for finding in draft.findings),
        "findings": findings_of(draft.findings),
    }


def class_busy_slots(draft: Draft) -> dict[str, int]:
    """For each class key, the hours of the cycle in which at least a part of the class has a lesson."""
    busy: dict[str, set[tuple[int, int, int]]] = defaultdict(set)
    for slot in draft.slots:
        hours = {(week, slot.weekday, slot.period) for week in slot.weeks}
        for key in draft.audience_of(slot).class_keys:
            busy[key] |= hours
    return {key: len(hours) for key, hours in busy.items()}


def teacher_load(draft: Draft) -> Counter[str]:
    """For each teacher key, the single periods of the cycle, two at once counted as two."""
    load: Counter[str] = Counter()
    for slot in draft.slots:
        for key in draft.course_by_key[slot.course_key].teacher_keys:
            load[key] += len(slot.weeks)
    return load
