"""Writes a changed remote day: lessons, what each was set to, the decision itself, and what its chats are told."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.chats.remote_bells import announce_bells, hold_back_changes
from scheduler.chats.remote_days import announce_declared, announce_longer, announce_return, mark_remote, unmark_remote
from scheduler.chats.stale import refresh_days
from scheduler.models.lessons import Lesson, RuleOverride
from scheduler.models.remote_day import RemoteDay, RemoteDayLesson
from scheduler.models.school import School
from scheduler.planning import audit, consequences
from scheduler.planning.locking import Locked
from scheduler.planning.remote.before import set_by
from scheduler.planning.remote.plan import Plan, PlanRow
from scheduler.planning.remote.telling import words_of
from scheduler.planning.remote.undoing import first_starts, restored_values
from scheduler.planning.remote.wish import RemoteWish, remote_days_on
from scheduler.planning.remote.writing import plain, write_lessons
from scheduler.rules.facts import LessonMode

ClassDays = dict[date, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Amended:
    """How many lessons changed, and which should have gone back to school but had begun or were changed since."""

    remote_day_id: int
    changed: int
    kept: tuple[int, ...]


def is_out(lesson: Lesson, wish: RemoteWish) -> bool:
    """Whether a lesson of the decision is no longer among what it keeps at home."""
    classes = {part.class_id for part in lesson.group.parts}
    return not all(wish.covers(class_id, lesson.date) for class_id in classes)


def write_amendment(
    session: Session,
    school: School,
    row: RemoteDay,
    planned: tuple[RemoteWish, Plan],
    *,
    locked: Locked,
    actor_id: int | None,
    override: str,
) -> Amended:
    """Within the transaction and under the locks of whoever confirms: one set of changes, edited posts, one notice."""
    wish, plan = planned
    kept_rows, today = set_by(session, row), clock.today(school.timezone)
    back, kept = restored_values(locked, {one: kept_rows[one] for one in kept_rows if is_out(locked.lesson(one), wish)})
    wanted = {one.lesson_id: _values(one, row) for one in plan.rows if _differs(locked.lesson(one.lesson_id), one)}
    before, has_other_bells = _class_days(row, today), (row.bells or None) != (wish.bells and wish.bells.plain())
    _note_decision(row, wish, plan, override)
    telling = _Telling(before, _class_days(row, today))
    bulletins = telling.take_back(session, row)
    shown = mark_remote(session, school.id, telling.now, words_of(session, school, wish, plan))
    moved = telling.still_at_home({locked.lesson(one) for one in wanted}) if has_other_bells else {}
    rung = hold_back_changes(session, school.id, moved)
    lessons = [locked.lesson(one) for one in {**back, **wanted}]
    were = {lesson.id: plain(lesson) for lesson in lessons}
    for day in {lesson.date for lesson in lessons}:
        locked.days[day].revision += 1
    changes = write_lessons(session, school, lessons, {**back, **wanted})
    _keep_values(session, row, kept_rows, {one: were[one] for one in wanted}, locked)
    session.execute(
        sa.delete(RemoteDayLesson).where(
            RemoteDayLesson.remote_day_id == row.id, RemoteDayLesson.lesson_id.in_(set(back) - kept)
        )
    )
    row.facts = _facts(session, row, plan)
    _note_overrides(session, row, plan, actor_id)
    audit.record_lessons(session, changes, action="amend_remote_day", actor_id=actor_id, reason=row.text)
    consequences.draw(session, school.id, changes)
    announce_bells(session, school, rung)
    announce_declared(session, school, shown)
    announce_return(session, school, bulletins, first_starts(session, school.id, {one.date for one in bulletins}))
    telling.tell_longer(session, school, today)
    refresh_days(session, school.id, telling.now)
    return Amended(row.id, len(changes), tuple(sorted(kept)))


@dataclass(frozen=True, slots=True)
class _Telling:
    """The classes at home by date, from today on, as they were told and as they are now."""

    before: ClassDays
    now: ClassDays

    def take_back(self, session: Session, row: RemoteDay) -> list[Any]:
        """Unmark what is no longer at home, before the lessons change."""
        gone = {day: ids - self.now.get(day, frozenset()) for day, ids in self.before.items()}
        gone = {day: ids for day, ids in gone.items() if ids}
        if not gone:
            return []
        others = [one for one in remote_days_on(session, row.school_id, list(gone)) if one.id != row.id]
        still = [day for day in gone if self.now.get(day) or any(one.class_ids_on(day) for one in others)]
        return unmark_remote(session, row.school_id, gone, still=still)

    def still_at_home(self, lessons: Collection[Lesson]) -> ClassDays:
        """The classes of changed lessons that were told of a remote day and have it still."""
        found: dict[date, set[int]] = defaultdict(set)
        for lesson in lessons:
            told = self.before.get(lesson.date, frozenset()) & self.now.get(lesson.date, frozenset())
            found[lesson.date] |= {part.class_id for part in lesson.group.parts} & told
        return {day: frozenset(ids) for day, ids in found.items() if ids}

    def tell_longer(self, session: Session, school: School, today: date) -> None:
        """A notice to classes that stay at home longer, unless a post of today or tomorrow tells them just now."""
        at_home = {class_id for ids in self.before.values() for class_id in ids}
        added = {
            class_id: [day for day, ids in self.now.items() if class_id in ids - self.before.get(day, frozenset())]
            for class_id in at_home
        }
        soon = today + timedelta(days=1)
        later = {class_id: max(days) for class_id, days in added.items() if days and min(days) > soon}
        if later:
            announce_longer(session, school, later)


def _class_days(row: RemoteDay, today: date) -> ClassDays:
    first = max(row.date_from, today)
    days = [first + timedelta(days=n) for n in range((row.date_to - first).days + 1)]
    return {day: ids for day in days if (ids := row.class_ids_on(day))}


def _note_decision(row: RemoteDay, wish: RemoteWish, plan: Plan, override: str) -> None:
    reached = set(row.class_ids) | {class_id for ids in plan.class_ids.values() for class_id in ids}
    row.class_ids = sorted(one for one in reached if wish.returns.get(one, date.max) > row.date_from)
    row.returns = {str(one): day.isoformat() for one, day in wish.returns.items() if one in row.class_ids}
    row.date_to = wish.last
    row.scope, row.bells, row.wish = wish.scope.plain(), wish.bells.plain() if wish.bells else {}, wish.plain()
    row.override = override or row.override


def _values(one: PlanRow, row: RemoteDay) -> dict[str, Any]:
    values = one.values() | {"is_changed_by_person": True}
    return values if one.is_live else values | {"cancel_reason": row.text}


def _differs(lesson: Lesson, one: PlanRow) -> bool:
    return any(getattr(lesson, name) != value for name, value in one.values().items())


def _keep_values(
    session: Session,
    row: RemoteDay,
    kept_rows: Mapping[int, RemoteDayLesson],
    were: Mapping[int, dict[str, Any]],
    locked: Locked,
) -> None:
    """What undoing restores: the values before the decision, never those between two of its shapes."""
    for lesson_id, before in were.items():
        lesson, known = locked.lesson(lesson_id), kept_rows.get(lesson_id)
        if known is not None:
            known.after, known.sequence = plain(lesson), lesson.sequence
            continue
        session.add(
            RemoteDayLesson(
                school_id=row.school_id, remote_day_id=row.id, lesson_id=lesson_id, before=before,
                after=plain(lesson), sequence=lesson.sequence,
            )
        )  # fmt: skip
    session.flush()


def _facts(session: Session, row: RemoteDay, plan: Plan) -> dict[str, int]:
    """The figures of the decision as it stands now."""
    kept = set_by(session, row)
    after = [one.after for one in kept.values()]
    live = [one for one in after if one["state"] != "cancelled"]
    return {
        "lessons": len(after),
        "classes": len(row.class_ids),
        "calls": sum(one["mode"] == LessonMode.CALL for one in live),
        "self_study": sum(one["mode"] == LessonMode.SELF_STUDY for one in live),
        "dropped": len(after) - len(live),
        "findings": len(plan.findings),
    }


def _note_overrides(session: Session, row: RemoteDay, plan: Plan, actor_id: int | None) -> None:
    for finding in plan.blocking if plan.rows else ():
        session.add(
            RuleOverride(
                school_id=row.school_id,
                lesson_id=(*finding.lesson_ids, plan.rows[0].lesson_id)[0],
                rule=finding.rule,
                text=finding.text,
                reason=row.override,
                person_id=actor_id,
                made_at=clock.now(),
            )
        )
