"""Between the rows and the pure rules: the school's settings, the pack in force, the findings of a change."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from scheduler.models.school import School
from scheduler.planning.scene import Scene
from scheduler.rules.facts import Finding, LessonFacts, Severity
from scheduler.rules.judge import judge_change
from scheduler.rules.packs import RulePack, load_packs, pack_for
from scheduler.rules.settings import DayColumn, SchoolRules

_PACKS = load_packs()


def pack_of(day: date) -> RulePack:
    """The rule pack in force on a date."""
    return pack_for(day, _PACKS)


def school_rules(school: School) -> SchoolRules:
    """The school's own settings of the norms; raises ValueError for a value that does not exist."""
    settings = school.rule_settings or {}
    severities = {rule: Severity(value) for rule, value in settings.get("severities", {}).items()}
    column = DayColumn(settings.get("day_column", DayColumn.SCHOOL))
    return SchoolRules(severities=severities, remote_gap_minutes=school.remote_gap_minutes, day_column=column)


def judge(school: School, scene: Scene, after: Sequence[LessonFacts]) -> list[Finding]:
    """What a change from the scene to `after` creates or makes worse, worst first; clashes name their teachers."""
    findings = judge_change(
        scene.lessons, after, classes=scene.classes, pack_of=pack_of, rules=school_rules(school),
        taken_apart=scene.taken_apart,
    )  # fmt: skip
    return [_with_names(finding, scene) for finding in findings]


def _with_names(finding: Finding, scene: Scene) -> Finding:
    ids = finding.params.get("teacher_ids")
    if not isinstance(ids, tuple):
        return finding
    names = ", ".join(scene.teachers[one] for one in ids if one in scene.teachers)
    return replace(finding, params={**finding.params, "teachers": names})
