"""Booking, changing and cancelling by programs: the same use cases, rules and words as the forms."""

import hashlib
import json
import re
from typing import Any

import sqlalchemy as sa
from flask import Response, jsonify, request
from flask_babel import gettext as _

from scheduler.database import db
from scheduler.models.lessons import Lesson, SubmittedForm
from scheduler.permissions import Action
from scheduler.planning.booking import LessonWish, book_lesson
from scheduler.planning.changing import Changed, LessonEdit, cancel_lesson, change_lesson
from scheduler.planning.permission import NotAllowedError
from scheduler.planning.words import finding_text
from scheduler.rules.facts import Finding, LessonKind, LessonMode
from scheduler.web.access import current_person, current_school_id, get_in_school, get_visitor, requires
from scheduler.web.api.asking import Asked, AskedWronglyError, needed

KEY = re.compile(r"[\x21-\x7e]{1,80}")
TEXTS = ("title", "topic", "homework", "materials", "offline_task")
WISHED = (
    "course_id", "date", "period", "start", "end", "mode", "kind", "online_minutes", "room_ids",
    "is_joined_together", "weeks", "reason",
)  # fmt: skip
EDITED = (
    "date", "period", "start", "end", "mode", "online_minutes", "room_ids", "is_joined_together",
    "teacher_ids", "reason",
)  # fmt: skip


@requires(Action.BOOK_OWN_LESSON, Action.BOOK_CLASS_LESSON, Action.BOOK_ANY_LESSON)
def book() -> tuple[Response, int]:
    """Book a lesson or a weekly series. The same Idempotency-Key books once; with another body it is refused."""
    _ensure_may_write()
    asked = Asked.body(request, *WISHED, *TEXTS)
    wish = LessonWish(
        course_id=needed("course_id", asked.number("course_id")),
        date=needed("date", asked.day("date")),
        period=asked.number("period"),
        start=asked.wall("start"),
        end=asked.wall("end"),
        mode=asked.one_of("mode", LessonMode) or LessonMode.CALL,
        kind=asked.one_of("kind", LessonKind),
        online_minutes=asked.number("online_minutes"),
        room_ids=asked.numbers("room_ids") or frozenset(),
        is_joined_together=asked.flag("is_joined_together") or False,
        weeks=asked.number("weeks") or 1,
        **{name: asked.text(name) or "" for name in TEXTS},
    )
    done = book_lesson(
        current_school_id(),
        wish,
        actor_id=current_person().id,
        reason=asked.text("reason") or "",
        form_key=_form_key(),
    )
    return jsonify(
        lesson_ids=list(done.lesson_ids),
        series_id=done.series_id,
        is_waiting=done.is_waiting,
        left_out=[{"date": one.date.isoformat(), "why": one.why} for one in done.left_out],
        findings=findings_of(done.findings),
    ), 201


@requires(Action.BOOK_OWN_LESSON, Action.BOOK_CLASS_LESSON, Action.BOOK_ANY_LESSON)
def change(lesson_id: int) -> Response:
    """Move or edit a lesson; values that are not named stay."""
    _ensure_may_write()
    row = get_in_school(Lesson, lesson_id)
    asked = Asked.body(request, *EDITED, *TEXTS)
    edit = LessonEdit(
        day=asked.day("date"),
        period=asked.number("period"),
        start=asked.wall("start"),
        end=asked.wall("end"),
        mode=asked.one_of("mode", LessonMode),
        online_minutes=asked.number("online_minutes"),
        room_ids=asked.numbers("room_ids"),
        is_joined_together=asked.flag("is_joined_together"),
        teacher_ids=asked.numbers("teacher_ids"),
        **{name: asked.text(name) for name in TEXTS},
    )
    reason = asked.text("reason") or ""
    return _changed(change_lesson(row.school_id, row.id, edit, actor_id=current_person().id, reason=reason))


@requires(Action.BOOK_OWN_LESSON, Action.BOOK_CLASS_LESSON, Action.BOOK_ANY_LESSON)
def cancel(lesson_id: int) -> Response:
    """Cancel a lesson; it stays in sight as cancelled."""
    _ensure_may_write()
    row = get_in_school(Lesson, lesson_id)
    reason = Asked.body(request, "reason").text("reason") or ""
    return _changed(cancel_lesson(row.school_id, row.id, actor_id=current_person().id, reason=reason))


def _changed(done: Changed) -> Response:
    return jsonify(lesson_id=done.lesson_id, is_waiting=done.is_waiting, findings=findings_of(done.findings))


def findings_of(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    """What the rules said, each with its name, weight and sentence."""
    return [{"rule": one.rule, "severity": one.severity.value, "text": finding_text(one)} for one in findings]


def _ensure_may_write() -> None:
    if not get_visitor().may_write:
        raise NotAllowedError(_("This key only reads. A key that may book is made under «Sign-in and devices»."))


def _form_key() -> str | None:
    """The request's own key, joined with what it asks: twice the same books once, another wish is refused."""
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return None
    if not KEY.fullmatch(given):
        raise AskedWronglyError(_("Idempotency-Key: 1 to 80 Latin letters, digits or signs are needed."))
    prefix = f"api:{current_person().id}:{given}:"
    body = hashlib.sha256(json.dumps(request.get_json(), sort_keys=True).encode()).hexdigest()[:16]
    known = db.session.scalars(
        sa.select(SubmittedForm.key).where(
            SubmittedForm.school_id == current_school_id(), SubmittedForm.key.startswith(prefix, autoescape=True)
        )
    )
    if any(key != prefix + body for key in known):
        raise AskedWronglyError(_("Idempotency-Key: this key was used for another wish."))
    return prefix + body
