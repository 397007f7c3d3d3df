from dataclasses import replace

import pytest

from scheduler.rules.facts import Finding, LessonMode, Severity
from scheduler.rules.mix.alone import softened
from tests.rules.made import call, lesson

ALONE, CALL, OTHER = lesson(1, mode=LessonMode.SELF_STUDY), call(1), call(2)


@pytest.mark.parametrize(
    ("rule", "pair", "severity"),
    [
        ("CLASH_GROUP", (ALONE, CALL), Severity.WARN),
        ("BREAK_MIN", (CALL, ALONE), Severity.WARN),
        ("CLASH_GROUP", (CALL, OTHER), Severity.LAW),
        ("CLASH_TEACHER", (ALONE, CALL), Severity.LAW),
        ("SCREEN_DAY_HOME", (ALONE, CALL), Severity.LAW),
    ],
)
def test_only_pupils_who_work_alone_are_no_breach(rule, pair, severity):
    finding = Finding(rule, Severity.LAW, lesson_ids=tuple(one.id for one in pair))
    assert softened([finding], [ALONE, CALL, OTHER]) == [replace(finding, severity=severity)]
