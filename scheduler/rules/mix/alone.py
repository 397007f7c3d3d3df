"""Work on one's own holds nobody's hour: pupils do it when they are free, so meeting a call it only warns.

Where classes of one group follow bells that overlap in time, a lesson of the group can meet lessons of its classes.
Two calls at once stay a clash that blocks.
"""

from collections.abc import Iterable
from dataclasses import replace

from scheduler.rules.facts import Finding, LessonFacts, LessonMode, Severity

SOFTENED = ("CLASH_GROUP", "BREAK_MIN", "GAP_EXTRACURRICULAR")


def softened(findings: Iterable[Finding], lessons: Iterable[LessonFacts]) -> list[Finding]:
    """The findings of a remote day; those that have work on one's own on a side warn. `lessons` as they shall be."""
    alone = {one.id for one in lessons if one.mode is LessonMode.SELF_STUDY}
    return [
        replace(finding, severity=Severity.WARN)
        if finding.severity is Severity.LAW and finding.rule in SOFTENED and not alone.isdisjoint(finding.lesson_ids)
        else finding
        for finding in findings
    ]
