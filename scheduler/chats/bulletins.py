"""The wanted text of one chat about one day, cut into parts at lesson borders; it reads no database."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from scheduler.chats.lines import LessonLine
from scheduler.chats.own_texts import OwnTexts
from scheduler.models.chats import ChatKind

# A platform takes 4000 characters; what is left is for the line that a replacing message adds.
LONGEST = 3900
LONGEST_MATERIALS = 600


@dataclass(frozen=True, slots=True)
class DayPlan:
    """What one chat has to say about one day. `url` is the class's page, for teachers the page of each reader."""

    kind: ChatKind
    class_name: str
    date: date
    url: str
    lines: Sequence[LessonLine]
    has_lessons_at_school: bool
    is_remote_day: bool = False
    remote_words: dict[str, Any] = field(default_factory=dict)
    own: OwnTexts = field(default_factory=OwnTexts)

    @property
    def remote(self) -> list[LessonLine]:
        return [line for line in self.lines if line.is_planned]

    @property
    def sounds_as_remote_day(self) -> bool:
        """The message that tells the decision; the evening bulletins of its later days sound as usual."""
        return self.is_remote_day and not self.remote_words.get("is_later")

    @property
    def is_parents(self) -> bool:
        return self.kind is ChatKind.PARENTS


def digest(text: str, buttons: Sequence[Any]) -> str:
    """The fingerprint under which a wanted and a posted message are compared."""
    return hashlib.sha256(json.dumps([text, list(buttons)], ensure_ascii=False).encode()).hexdigest()


def buttons_of(plan: DayPlan) -> list[list[dict[str, str]]]:
    """One link button; delivery adds the mark to its address."""
    label = "Мои уроки" if plan.kind is ChatKind.TEACHERS else "Все уроки"
    return [[{"text": label, "url": plan.url}]]


def wanted_parts(plan: DayPlan, *, longest: int = LONGEST) -> list[str]:
    """The texts of all parts, the first always the one that names the whole day; one part where it fits.

    Every part names class and day in its first line, and its number where there are several («2 из 5»).
    """
    whole = _whole(plan)
    if len(whole) <= longest or plan.kind is ChatKind.TEACHERS:
        return [whole]
    blocks = [_fit(block, longest - 200) for block in _blocks(plan)]
    chunks = _packed(blocks, longest - 100)
    total = len(chunks) + 1
    rest = [_render(plan, "bulletin_part", lessons="\n".join(chunk), part=f"{number} из {total}")
            for number, chunk in enumerate(chunks, start=2)]  # fmt: skip
    return [_summary(plan, f"1 из {total}"), *rest]


def withdrawn_text(plan: DayPlan) -> str:
    """What a part that is no longer needed is edited to."""
    return _render(plan, "withdrawn")


def _whole(plan: DayPlan) -> str:
    if plan.is_remote_day and plan.remote:
        return _remote_day(plan)
    if plan.kind is ChatKind.TEACHERS:
        return plan.own.render(
            "teachers", date=plan.date, my_url=plan.url, counts=_counts(plan), has_remote=bool(plan.remote)
        )
    return _render(plan, "bulletin", lessons="\n".join(_blocks(plan)), part="", **_frame(plan))


def _summary(plan: DayPlan, part: str) -> str:
    calls, _self_study = _hours(plan)
    first = min((line.start for line in plan.remote if line.is_call), default=None)
    name = "remote_summary" if plan.is_remote_day else "bulletin_summary"
    words = _words(plan) if plan.is_remote_day else {}
    return _render(plan, name, part=part, calls=calls, first=first, **_frame(plan), **words)


def _remote_day(plan: DayPlan) -> str:
    starts, ends = [line.start for line in plan.remote], [line.end for line in plan.remote]
    name = f"remote_{plan.kind.value}"
    calls, self_study = _hours(plan)
    # the usual texts list the lessons for the pupils alone; a school's own text may list them for anybody
    is_listed = plan.kind is ChatKind.STUDENTS or name in plan.own.sources
    return _render(
        plan,
        name,
        lessons="\n".join(_blocks(plan)) if is_listed else "",
        calls=calls,
        self_study=self_study,
        first_start=min(starts),
        last_end=max(ends),
        **_words(plan),
    )


def _hours(plan: DayPlan) -> tuple[int, int]:
    """How many lessons are calls and how many are not, as one pupil counts: groups of one hour are one lesson."""
    calls = {line.start for line in plan.remote if line.is_call}
    return len(calls), len({line.start for line in plan.remote} - calls)


REMOTE_WORDS = (
    "reason_line", "reception_line", "transport_line", "meals_line", "second_shift_line", "class_teacher",
    "contact_hours", "school_phone", "scope", "bells_name", "tasks_deadline", "tasks_missing", "duty_person",
    "order_line", "coordinator", "dates_line",
)  # fmt: skip


def _words(plan: DayPlan) -> dict[str, Any]:
    return {name: plan.remote_words.get(name, "") for name in REMOTE_WORDS}


def _render(plan: DayPlan, name: str, **values: Any) -> str:
    return plan.own.render(
        name, class_name=plan.class_name, date=plan.date, class_url=plan.url, my_url=plan.url, **values
    )


def _frame(plan: DayPlan) -> dict[str, Any]:
    materials = "; ".join(dict.fromkeys(line.materials for line in plan.remote if line.materials))
    return {
        "place": _place(plan),
        "materials": _fit(materials, LONGEST_MATERIALS),
        "has_remote": bool(plan.remote),
    }


def _place(plan: DayPlan) -> str:
    at_home = [line for line in plan.remote if not line.is_broadcast and not line.together]
    has_broadcast = any(line.is_broadcast for line in plan.remote)
    has_together = any(line.together and line.is_call for line in plan.remote)
    numbers = sorted({line.period for line in at_home if line.period is not None})
    titles = list(dict.fromkeys(line.title for line in at_home))
    has_others = any(line.period is None for line in at_home)
    remote = plan.own.render("remote_list", numbers=[] if has_others else numbers, titles=titles) if at_home else ""
    is_everything = not plan.has_lessons_at_school and len(at_home) == len(plan.remote)
    return plan.own.render(
        "place", remote=remote, has_broadcast=has_broadcast, has_together=has_together, is_everything=is_everything
    )


def _counts(plan: DayPlan) -> str:
    calls = sum(line.is_call for line in plan.remote)
    return plan.own.render("counts", calls=calls, self_study=len(plan.remote) - calls)


def _blocks(plan: DayPlan) -> list[str]:
    ordered = sorted(plan.lines, key=lambda line: line.order)
    slots = [list(lines) for _, lines in groupby(ordered, key=lambda line: line.slot)]
    return [_slot(lines, plan) for lines in slots]


def _slot(lines: list[LessonLine], plan: DayPlan) -> str:
    # Only groups of one class share a line's number; two whole-class lessons at once are told in full.
    if all(line.group for line in lines):
        return plan.own.render("slot", lines=lines, is_parents=plan.is_parents).strip("\n")
    return "\n".join(plan.own.render("slot", lines=[line], is_parents=plan.is_parents) for line in lines)


def _packed(blocks: Sequence[str], room: int) -> list[list[str]]:
    chunks: list[list[str]] = [[]]
    size = 0
    for block in blocks:
        if chunks[-1] and size + len(block) + 1 > room:
            chunks.append([])
            size = 0
        chunks[-1].append(block)
        size += len(block) + 1
    return chunks


def _fit(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1].rstrip()}…"
