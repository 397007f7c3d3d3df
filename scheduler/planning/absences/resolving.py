"""Resolving an absence: every lesson gets its answer, all in one transaction under the lock of the days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.database import rehearsal, transaction
from scheduler.models.absence import Absence, AbsenceLesson, AnswerKind
from scheduler.models.lessons import Lesson, SubmittedForm
from scheduler.models.people import Person
from scheduler.models.school import School
from scheduler.planning import audit
from scheduler.planning.absences.answers import load_ground, wished_of
from scheduler.planning.absences.cases import Case, digest_of, open_cases
from scheduler.planning.absences.fields import plain
from scheduler.planning.absences.rights import ensure_may_resolve
from scheduler.planning.absences.wish import AbsenceWish, Answer
from scheduler.planning.carry_out import Decision, carry_out, judge_wished, refuse
from scheduler.planning.errors import NotThereError, PlanningError, ReasonNeededError, StaleError
from scheduler.planning.locking import lock
from scheduler.planning.preview import REHEARSED, Preview, chat_texts, known_posts
from scheduler.planning.values import Wished
from scheduler.rules.facts import Finding

_OF_JOINING = frozenset({"CLASH_TEACHER", "CLASH_ROOM", "CLASH_CALL"})


@dataclass(frozen=True, slots=True)
class Resolved:
    """What was decided: the absence, how many lessons changed, and what the rules said about it."""

    absence_id: int
    changed: int = 0
    findings: tuple[Finding, ...] = ()
    closed: str = ""


@dataclass(frozen=True, slots=True)
class _Plan:
    """The cases with their answers and the lessons that these make; `people` are the substitutes."""

    cases: Sequence[Case]
    answers: Mapping[int, Answer]
    wished: Sequence[Wished]
    people: Mapping[int, Person]

    @property
    def changing(self) -> list[Wished]:
        return [one for one in self.wished if self.answers[one.lesson_id or 0].kind is not AnswerKind.KEPT]

    @property
    def joined(self) -> dict[int, int]:
        """The lesson that each joined group joins."""
        return {
            case.lesson.id: case.twin.id
            for case in self.cases
            if case.twin is not None and self.answers[case.lesson.id].kind is AnswerKind.JOINED
        }

    def is_of_joining(self, finding: Finding) -> bool:
        """Whether it only says what joining two groups means."""
        pairs = [{one, other} for one, other in self.joined.items()]
        return finding.rule in _OF_JOINING and set(finding.lesson_ids) in pairs


def resolve_absence(school_id: int, wish: AbsenceWish, *, actor_id: int | None = None, reason: str = "") -> Resolved:
    """Resolve all lessons of somebody away, once however often the same form is sent.

    Raises NotAllowedError, NotThereError where there is no such lesson, StaleError when the lessons are no longer
    those that were shown (`digest`), PlanningError for a lesson without an answer or an answer that does not fit,
    TakenError and ReasonNeededError for clashes, closed hours and norms without a `reason`.
    """
    with transaction() as session:
        return _resolve(session, school_id, wish, actor_id=actor_id, reason=reason)


def preview_absence(school_id: int, wish: AbsenceWish, *, actor_id: int | None) -> Preview:
    """Rehearse the decision: what it breaks, what the chats will show; nothing is saved."""
    try:
        with rehearsal() as session:
            days = {*wish.dates, *wish.moved_to}
            known = known_posts(session, school_id, days)
            done = _resolve(session, school_id, wish, actor_id=actor_id, reason=REHEARSED)
            texts = chat_texts(session, school_id, days, known)
            return Preview(None, done.findings, (), texts, closed=done.closed)
    except PlanningError as error:
        return Preview(refusal=error.text, findings=error.findings)


def _resolve(session: Session, school_id: int, wish: AbsenceWish, *, actor_id: int | None, reason: str) -> Resolved:
    days = {*wish.dates, *wish.moved_to}
    lock(session, school_id, dates=days)  # before the look for the same form: its twin may just be at work
    done = _already(session, school_id, wish.form_key)
    if done is not None:
        return Resolved(done)
    school, person = session.get_one(School, school_id), session.get(Person, wish.person_id)
    if person is None or person.school_id != school_id:
        raise NotThereError(_("This person is not on the school's list."))
    cases = open_cases(session, school_id, person.id, wish.dates)
    ensure_may_resolve(session, school, actor_id, cases)
    plan = _planned(session, school_id, wish, cases)
    locked = lock(session, school_id, lesson_ids=[case.lesson.id for case in cases], dates=days)
    closed = _closed_words(plan)
    decision = Decision("absence", actor_id, reason)
    findings = _judged(session, school, plan, locked.lessons, decision)
    if closed and not reason.strip():
        raise ReasonNeededError(closed, findings)
    refuse(findings, decision)
    before = {case.lesson.id: plain(case.lesson) for case in cases}
    override = reason.strip() or (_("The groups are joined: a teacher is away.") if plan.joined else "")
    outcome = carry_out(session, school, plan.changing, Decision("absence", actor_id, override), locked=locked)
    row = _row(wish, person, actor_id=actor_id, override=reason.strip())
    session.add(row)
    session.flush()
    session.execute(sa.insert(AbsenceLesson), [_kept(row, case, plan, before[case.lesson.id]) for case in cases])
    _note(session, row, len(outcome.changes), wish.form_key)
    return Resolved(row.id, len(outcome.changes), tuple(findings), closed)


def _already(session: Session, school_id: int, form_key: str | None) -> int | None:
    if not form_key:
        return None
    query = sa.select(SubmittedForm).where(SubmittedForm.school_id == school_id, SubmittedForm.key == form_key)
    known = session.scalar(query)
    return known.result["absence_id"] if known else None


def _planned(session: Session, school_id: int, wish: AbsenceWish, cases: Sequence[Case]) -> _Plan:
    if wish.digest is not None and wish.digest != digest_of(cases):
        raise StaleError(_("The timetable has changed meanwhile. Look at the lessons again."))
    if not cases:
        raise NotThereError(_("On these dates there is no lesson left to resolve."))
    if any(case.lesson.id not in wish.answers for case in cases):
        raise PlanningError(_("Say what becomes of every lesson."))
    answers = {case.lesson.id: wish.answers[case.lesson.id] for case in cases}
    ground = load_ground(session, school_id, wish.last, [(case, answers[case.lesson.id]) for case in cases])
    wished = [wished_of(case, answers[case.lesson.id], ground) for case in cases]
    return _Plan(cases, answers, wished, ground.people)


def _judged(
    session: Session, school: School, plan: _Plan, lessons: dict[int, Lesson], decision: Decision
) -> list[Finding]:
    """What the rules say but for what joining groups means."""
    findings = judge_wished(session, school, plan.changing, lessons, decision) if plan.changing else []
    return [finding for finding in findings if not plan.is_of_joining(finding)]


def _closed_words(plan: _Plan) -> str:
    """Whose closed hours the substitutes' lessons fall into."""
    return " ".join(
        _("%(teacher)s: this hour is closed (%(why)s).", teacher=one.name, why=one.closed)
        for case in plan.cases
        for one in case.substitutes
        if one.closed and one.teacher_id == plan.answers[case.lesson.id].person_id
    )


def _row(wish: AbsenceWish, person: Person, *, actor_id: int | None, override: str) -> Absence:
    return Absence(
        school_id=person.school_id,
        person_id=person.id,
        date_from=wish.first,
        date_to=wish.last,
        override=override,
        decided_by_id=actor_id,
        decided_at=clock.now(),
    )


def _kept(row: Absence, case: Case, plan: _Plan, before: dict[str, Any]) -> dict[str, Any]:
    lesson = case.lesson
    return {
        "school_id": row.school_id, "absence_id": row.id, "lesson_id": lesson.id,
        "joined_id": plan.joined.get(lesson.id), "answer": plan.answers[lesson.id].kind,
        "before": before, "after": plain(lesson), "sequence": lesson.sequence,
    }  # fmt: skip


def _note(session: Session, row: Absence, changed: int, form_key: str | None) -> None:
    facts = {"from": row.date_from.isoformat(), "to": row.date_to.isoformat(), "changed": changed}
    subject = ("absence", row.id)
    audit.record(session, row.school_id, "absence", actor_id=row.decided_by_id, subject=subject, after=facts)
    if form_key:
        result = {"absence_id": row.id}
        session.add(SubmittedForm(school_id=row.school_id, key=form_key, result=result, made_at=clock.now()))
