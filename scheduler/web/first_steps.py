"""The first steps of a school: what is done, what comes next, how long it takes; each leads to a screen of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.database import db
from scheduler.models.school import School
from scheduler.permissions import Action
from scheduler.planning.errors import PlanningError
from scheduler.planning.skipping import SKIPPABLE, StepName, skip_step
from scheduler.reports.first_steps import FirstPost, Standing, standing_of
from scheduler.web.access import current_person, current_school, current_school_id, requires, visitor_may
from scheduler.web.first_lesson import OfferedLesson, lesson_to_turn, offered_lesson
from scheduler.web.formats import day
from scheduler.web.lesson_choices import group_name
from scheduler.web.sandbox_chats import is_sandboxed, sandbox_path
from scheduler.web.school import open_path
from scheduler.web.step_words import MINUTES, TITLES, done_words, wish_words
from scheduler.web.walk import begin_walk

blueprint = Blueprint("first_steps", __name__, url_prefix="/school/first-steps")


@dataclass(frozen=True, slots=True)
class Act:
    """A way to a screen; `is_elsewhere` for another program, `is_deed` where something is done at once."""

    words: str
    path: str
    is_elsewhere: bool = False
    is_deed: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step as shown; `state` is done, skipped, now or later."""

    name: StepName
    number: int
    title: str
    state: str
    words: str
    minutes: int
    acts: list[Act]
    may_skip: bool


@blueprint.get("")
@requires(Action.MANAGE_SCHOOL)
def index() -> str:
    """All eight, the first open one unfolded."""
    school = current_school()
    standing = standing_of(db.session(), school)
    begin_walk()
    return render_template(
        "school/first_steps.html",
        school=school,
        standing=standing,
        steps=[_step(name, school, standing) for name in StepName],
        left=sum(MINUTES[name] for name in StepName if standing.is_open(name)),
        is_waiting=_is_waiting(standing),
    )


@blueprint.post("/<name>/skip")
@requires(Action.MANAGE_SCHOOL)
def skip(name: str) -> Response:
    """Leave a step out for now; its screen stays where it is."""
    try:
        skip_step(current_school_id(), StepName(name), actor_id=current_person().id)
    except PlanningError as error:
        flash(error.text, "bad")
    except ValueError:
        flash(_("There is no such step."), "bad")
    return redirect(url_for("first_steps.index"), 303)


def _is_waiting(standing: Standing) -> bool:
    """Whether something comes by itself: a chat that the bot is being added to, a post on its way."""
    return standing.current is StepName.CHATS or (standing.current is StepName.LESSON and standing.post is not None)


def _step(name: StepName, school: School, standing: Standing) -> Step:
    state = _state(name, standing)
    return Step(
        name=name,
        number=list(StepName).index(name) + 1,
        title=str(TITLES[name]),
        state=state,
        words=done_words(name, school, standing) if state == "done" else wish_words(name, school, standing),
        minutes=MINUTES[name],
        acts=[act for act in _ACTS[name](school, standing) if act.path] if state != "later" else [],
        may_skip=state == "now" and name in SKIPPABLE,
    )


def _state(name: StepName, standing: Standing) -> str:
    if standing.is_done(name):
        return "done"
    if name in standing.skipped:
        return "skipped"
    return "now" if name is standing.current else "later"


def _school(_school: School, _standing: Standing) -> list[Act]:
    return [Act(_("Settings"), open_path("/school/settings", Action.MANAGE_SCHOOL))]


def _file(words: str) -> Act:
    return Act(words, open_path("/school/imports", Action.IMPORT_TIMETABLE))


def _timetable(_school: School, standing: Standing) -> list[Act]:
    if standing.file is None:
        return [_file(_("Choose the timetable's file"))]
    path = f"/school/imports/runs/{standing.file.run_id}"
    remarks = Act(_("What was read"), path if open_path("/school/imports", Action.IMPORT_TIMETABLE) else "")
    return [remarks, _file(_("Another file"))]


def _roster(_school: School, standing: Standing) -> list[Act]:
    if not standing.students:
        return [_file(_("Choose the list of people"))]
    return [Act(_("People"), open_path("/school/people", Action.MANAGE_SCHOOL)), _file(_("Another list"))]


def _bells(_school: School, standing: Standing) -> list[Act]:
    look = Act(_("Bell schedule"), open_path("/school/bells", Action.VIEW_SCHOOL))
    if standing.is_done(StepName.BELLS) or not standing.hours:
        return [look]
    typed = Act(_("Write the bells"), open_path("/school/bells/typed", Action.IMPORT_TIMETABLE))
    return [typed, _file(_("Choose the table of bells"))]


def _bot(_school: School, standing: Standing) -> list[Act]:
    words = _("Another token") if standing.has_bot and not standing.is_refused else _("Enter the token")
    return [Act(words, open_path("/chats/connect", Action.CONNECT_CHATS))]


def _chats(school: School, standing: Standing) -> list[Act]:
    words = _("Say whose they are") if standing.found else _("Connecting chats")
    here = Act(words, open_path("/chats/connect", Action.CONNECT_CHATS))
    if standing.found or standing.connected or not is_sandboxed():
        return [here]
    return [Act(_("Make chats in the practice messenger"), sandbox_path(school.id), is_elsewhere=True), here]


def _term(_school: School, standing: Standing) -> list[Act]:
    words = _("Publishing") if standing.lessons else _("Publish the timetable")
    publish = Act(words, open_path("/school/publish", Action.PUBLISH_TIMETABLE))
    return [publish, Act(_("Terms and holidays"), open_path("/school/terms", Action.MANAGE_SCHOOL))]


def _lesson(school: School, standing: Standing) -> list[Act]:
    if standing.post is not None:
        return _posted(standing.post)
    if not open_path("/lessons/new", Action.BOOK_ANY_LESSON):
        return [Act(_("Invite a deputy head or a teacher"), open_path("/school/people/new", Action.INVITE_PEOPLE))]
    if not standing.taught:
        return [_file(_("Choose the table of teachers"))]
    return [*_offered(school, standing), Act(_("Choose in the week"), url_for("week.index"))]


def _offered(school: School, standing: Standing) -> list[Act]:
    """A new lesson in a free hour; where the week is full, one that stands, to be held as a video lesson."""
    if standing.current is not StepName.LESSON:
        return []
    offer = offered_lesson(school)
    if offer is not None:
        return [Act(_offer_words(offer), offer.path)]
    lesson = lesson_to_turn(school)
    if lesson is None:
        return []
    words = _("Make it a video lesson: %(subject)s, %(who)s, %(day)s",
              subject=lesson.subject.name, who=group_name(lesson.group), day=day(lesson.date))  # fmt: skip
    return [Act(words, f"/lessons/{lesson.id}?as=call#change")]


def _posted(post: FirstPost) -> list[Act]:
    path = f"/chats/{post.chat_id}"
    chat = Act(_("Open the chat's page"), path if open_path("/chats", Action.VIEW_CHATS) else "")
    box = Act(_("See it in the practice messenger"), sandbox_path(), is_elsewhere=True)
    if not post.is_later or not visitor_may(Action.MANAGE_CHAT):
        return [chat, box]
    now = Act(_("Show it now"), url_for("chats.part_again", part_id=post.part_id), is_deed=True)
    return [now, chat]


def _offer_words(offer: OfferedLesson) -> str:
    who = group_name(offer.course.group)
    return str(
        _("Book: %(subject)s, %(who)s, %(day)s, lesson %(number)d",
          subject=offer.course.subject.name, who=who, day=day(offer.date), number=offer.period)
    )  # fmt: skip


_ACTS: dict[StepName, Callable[[School, Standing], list[Act]]] = {
    StepName.SCHOOL: _school,
    StepName.TIMETABLE: _timetable,
    StepName.ROSTER: _roster,
    StepName.BELLS: _bells,
    StepName.BOT: _bot,
    StepName.CHATS: _chats,
    StepName.TERM: _term,
    StepName.LESSON: _lesson,
}
