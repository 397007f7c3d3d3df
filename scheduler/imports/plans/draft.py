"""A plan as read, before the school says which classes a grade has: its lines, and what only a person knows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from scheduler.imports.draft import DraftQuestion, Finding
from scheduler.imports.plans.lines import PlanLine
from scheduler.imports.subject_names import meaning_of, spelling_key

CURRICULUM, EXTRACURRICULAR = "curriculum", "extracurricular"


@dataclass(frozen=True)
class PlanDraft:
    """All lines of a file; `kind` is one of the two words above."""

    kind: str
    lines: tuple[PlanLine, ...]
    questions: tuple[DraftQuestion, ...] = field(default=(), repr=False)
    findings: tuple[Finding, ...] = field(default=(), repr=False)

    @property
    def figures(self) -> Mapping[str, int]:
        """The keys of the aSc import; a grade counts as one class, for its classes are the school's to say."""
        placed = sum(line.weekday is not None and bool(line.period or line.start) for line in self.lines)
        heads = {key for line in self.lines for key in _heads(line)}
        return {
            "classes": len(heads),
            "teachers": len({name for line in self.lines for name in line.leaders}),
            "subjects": len({subject_key(line.subject) for line in self.lines}),
            "groups": sum(line.is_joint for line in self.lines),
            "rooms": len({name for line in self.lines for name in line.rooms}),
            "courses": len(self.lines),
            "lessons_read": len(self.lines),
            "cycle_weeks": 1,
            "periods_per_cycle": placed,
            "unplaced": len(self.lines) - placed,
            "clashes": 0,
        }


def _heads(line: PlanLine) -> Iterator[str]:
    """The classes and grades that a line names; «все» names none."""
    yield from (label.key for label in line.labels)
    yield from () if line.is_of_all else map(str, line.grades)


def subject_key(text: str) -> str:
    """The key under which a spelling is asked about and answered."""
    name = meaning_of(text).name
    return spelling_key(name) or name


def settle_plan(draft: PlanDraft, answers: Mapping[str, str]) -> PlanDraft:
    """The plan with every doubtful spelling as it was answered, else as it was proposed."""
    names: dict[str, str] = {}
    for question in draft.questions:
        known = {value for value, _words in question.options}
        answer = answers.get(question.key, "")
        names[question.subject_key or ""] = answer if answer in known else question.proposed
    lines = (replace(line, subject=names.get(subject_key(line.subject), line.subject)) for line in draft.lines)
    return replace(draft, lines=tuple(lines))
