"""Planning from the command line: book, publish, feed."""

from datetime import date
from typing import Any

import click
import sqlalchemy as sa

from scheduler.calendars.feeds import feed_for_class, feed_for_person, feed_for_teacher
from scheduler.cli.context import (
    chosen_class,
    chosen_person,
    chosen_school,
    date_of,
    json_option,
    school_option,
    show,
    with_app,
)
from scheduler.database import db
from scheduler.models.courses import Course
from scheduler.models.lessons import Lesson
from scheduler.models.names import name_key
from scheduler.models.school import School
from scheduler.planning.booking import LessonWish, book_lesson
from scheduler.planning.changing import LessonEdit, cancel_lesson, change_lesson
from scheduler.planning.errors import NotThereError
from scheduler.planning.publish import publish_timetable
from scheduler.planning.words import finding_text
from scheduler.rules.facts import Finding, LessonMode


@click.command()
@click.option("--from", "start", required=True, callback=date_of, help="First date.")
@click.option("--to", "end", required=True, callback=date_of, help="Last date.")
@school_option
@json_option
@with_app
def publish(start: date, end: date, school: str | None, *, as_json: bool) -> None:
    """Make lessons of the base timetable for these dates."""
    done = publish_timetable(chosen_school(school).id, start, end)
    facts = {name: getattr(done, name) for name in ("made", "updated", "cancelled", "unchanged")}
    facts |= {"kept": len(done.kept), "without_bells": list(done.without_bells)}
    show(facts, as_json=as_json)


@click.command()
@click.option("--course", help="Number of the course, or «subject, class».")
@click.option("--date", "day", callback=date_of, help="Date of the lesson.")
@click.option("--period", type=int, help="Lesson number by the bells.")
@click.option("--mode", type=click.Choice([mode.value for mode in LessonMode]), default=None)
@click.option("--weeks", type=int, default=1, help="Weekly for so many weeks.")
@click.option("--task", default=None, help="Task of a child without internet.")
@click.option("--move", "move_id", type=int, help="Move this lesson instead.")
@click.option("--cancel", "cancel_id", type=int, help="Cancel this lesson instead.")
@click.option("--reason", default="", help="Why a norm may be broken, or why it is cancelled.")
@click.option("--key", default=None, help="Key of the form: the same key books once.")
@school_option
@json_option
@with_app
def book(*, school: str | None, as_json: bool, **wish: Any) -> None:
    """Book, move or cancel a lesson: what the booking form does."""
    at = chosen_school(school)
    if wish["cancel_id"]:
        done = cancel_lesson(at.id, wish["cancel_id"], reason=wish["reason"])
        lesson_ids, findings = [done.lesson_id], done.findings
    elif wish["move_id"]:
        done = change_lesson(at.id, wish["move_id"], _edit(wish), reason=wish["reason"])
        lesson_ids, findings = [done.lesson_id], done.findings
    else:
        booked = book_lesson(at.id, _wish(at, wish), reason=wish["reason"], form_key=wish["key"])
        lesson_ids, findings = list(booked.lesson_ids), booked.findings
    show(_told(lesson_ids, findings), as_json=as_json)


def _edit(wish: dict[str, Any]) -> LessonEdit:
    mode = LessonMode(wish["mode"]) if wish["mode"] else None
    return LessonEdit(day=wish["day"], period=wish["period"], mode=mode, offline_task=wish["task"])


def _wish(school: School, wish: dict[str, Any]) -> LessonWish:
    if not wish["course"] or not wish["day"] or wish["period"] is None:
        raise click.UsageError("A booking needs --course, --date and --period.")
    return LessonWish(
        course_id=_course(school, wish["course"]).id,
        date=wish["day"],
        period=wish["period"],
        mode=LessonMode(wish["mode"] or LessonMode.CALL),
        weeks=wish["weeks"],
        offline_task=wish["task"] or "",
    )


def _course(school: School, text: str) -> Course:
    if text.isdigit():
        found = db.session.get(Course, int(text))
        if found is not None and found.school_id == school.id:
            return found
        raise NotThereError(f"There is no course {text}.")
    subject, _, label = text.partition(",")
    klass = chosen_class(school, label)
    courses = db.session.scalars(sa.select(Course).where(Course.school_id == school.id)).unique()
    fitting = [
        course
        for course in courses
        if name_key(course.subject.name) == name_key(subject)
        and {part.class_id for part in course.group.parts} == {klass.id}
    ]
    if not fitting:
        raise NotThereError(f"There is no course «{text}».")
    return min(fitting, key=lambda course: course.id)


def _told(lesson_ids: list[int], findings: tuple[Finding, ...]) -> dict[str, object]:
    lessons = [db.session.get_one(Lesson, lesson_id) for lesson_id in lesson_ids]
    return {
        "lessons": [
            {"id": one.id, "uid": one.uid, "date": one.date, "start": one.start, "end": one.end, "state": one.state}
            for one in lessons
        ],
        "findings": [{"rule": one.rule, "severity": one.severity, "text": finding_text(one)} for one in findings],
    }


@click.command()
@click.option("--class", "label", help="Label of the class.")
@click.option("--teacher", help="Name of the teacher.")
@click.option("--person", help="Name of the pupil.")
@school_option
@json_option
@with_app
def feed(label: str | None, teacher: str | None, person: str | None, school: str | None, *, as_json: bool) -> None:
    """Print the subscription addresses of a class, a teacher or a person."""
    at = chosen_school(school)
    if sum(map(bool, (label, teacher, person))) != 1:
        raise click.UsageError("Say one of --class, --teacher, --person.")
    if label:
        found = feed_for_class(at.id, chosen_class(at, label).id)
    elif teacher:
        found = feed_for_teacher(at.id, chosen_person(at, teacher).id)
    else:
        found = feed_for_person(at.id, chosen_person(at, person or "").id)
    show({"url": found.url, "webcal_url": found.webcal_url}, as_json=as_json)


COMMANDS = (publish, book, feed)
