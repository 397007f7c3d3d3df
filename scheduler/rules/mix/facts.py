"""What the choice of calls looks at, and what it answers, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scheduler.rules.facts import ClassFacts, LessonFacts
from scheduler.rules.overlap import NONE_TAKEN_APART, TakenApart
from scheduler.rules.pack import RulePack, norm_grade

SHORTEST_CALL = 10
FINAL_GRADES = (9, 11)

CourseKey = tuple[int, object]


class Method(StrEnum):
    """How a mix was found: the plain choice that is always there, or the optional solver."""

    GREEDY = "greedy"
    SOLVER = "solver"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lesson that may become a call. `difficulty` in points.

    `lately` is how often its course was called in the last weeks, `earlier` how often on earlier remote days.
    `join_resource` is the standing room or chat call that it would take up.
    """

    lesson: LessonFacts
    difficulty: int = 0
    lately: int = 0
    join_resource: str | None = None
    earlier: int = 0

    @property
    def course(self) -> CourseKey:
        """What must not be called twice before the others once: a subject of one group, whatever its course."""
        return self.lesson.group.id, self.lesson.subject_id or self.lesson.title


@dataclass(frozen=True, slots=True)
class MixRules:
    """What the choice is held to; `wished` are calls a day by grade where the school set its own."""

    classes: Mapping[int, ClassFacts]
    pack: RulePack
    wished: Mapping[int, int] = field(default_factory=dict)
    taken_apart: TakenApart = NONE_TAKEN_APART

    def calls(self, klass: ClassFacts) -> int:
        """How many calls a day a class is wished: by default the pack's advice (1, 2 or 3)."""
        grade = norm_grade(klass)
        return self.wished.get(grade, self.pack.online_lessons[grade].limit)

    def budget(self, klass: ClassFacts) -> int:
        """Minutes of calls a day, by the stricter column: that of a school day."""
        return self.pack.screen_row(klass).day_school.limit

    def minutes(self, lesson: LessonFacts) -> int:
        """How long a call of this lesson lasts, so that the wished calls of its strictest class fit its day."""
        found = [lesson.minutes]
        for klass in self.classes_of(lesson):
            found += [self.pack.screen_row(klass).lesson.limit, self.budget(klass) // max(self.calls(klass), 1)]
        return min(found)

    def classes_of(self, lesson: LessonFacts) -> list[ClassFacts]:
        """The classes whose norms hold for a lesson."""
        return [self.classes[one] for one in sorted(lesson.group.class_ids) if one in self.classes]


@dataclass(frozen=True, slots=True)
class Mix:
    """The lessons that become calls, by id, as they shall be; all other candidates are work on one's own.

    `value` is what the objective gives for it, `bound` what no mix can exceed, where the solver proved one.
    """

    calls: Mapping[int | None, LessonFacts]
    value: int
    method: Method = Method.GREEDY
    bound: int | None = None
