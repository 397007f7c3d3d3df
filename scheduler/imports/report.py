"""What was read, in figures: for `scheduler import --json` and for the preview. No names but those in findings."""

from collections import Counter, defaultdict
from typing import Any

from scheduler.imports.draft import Draft


def facts(draft: Draft) -> dict[str, Any]:
    """The keys fixed for `scheduler import --json`.

    `lessons_read` are the rows of lessons in the source, `periods_per_cycle` the single periods placed over all weeks
    of the cycle, `unplaced` the lessons that stand nowhere, `clashes` the findings that are clashes.
    """
    return {
        "kind": draft.kind,
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
        "findings": [
            {"severity": finding.severity.value, "where": finding.where, "text": finding.text}
            for finding in draft.findings
        ],
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
