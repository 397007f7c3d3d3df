"""The staff's home: what needs a person now, the lessons running and coming, whether the chats are right."""

from flask import Blueprint, render_template

from scheduler import clock
from scheduler.models.lessons import Lesson
from scheduler.permissions import Action
from scheduler.web.access import current_person, current_school, requires, visitor_may
from scheduler.web.chat_rows import chat_rows, shown_of
from scheduler.web.formats import local_now
from scheduler.web.needs import needs_of
from scheduler.web.school import open_path
from scheduler.web.soon import AT_ONCE, concerns, day_after, lessons_between, own_lessons_of, shown
from scheduler.web.walk import first_steps_need

blueprint = Blueprint("today", __name__)

BOOKING = (Action.BOOK_OWN_LESSON, Action.BOOK_CLASS_LESSON, Action.BOOK_ANY_LESSON)


@blueprint.get("/today")
@requires(Action.VIEW_STAFF_PAGES)
def index() -> str:
    """The page that a day begins with."""
    school, person = current_school(), current_person()
    today = clock.today(school.timezone)
    theirs = [one for one in lessons_between(school.id, today, day_after(today)) if concerns(one, person)]
    chats = chat_rows(school.id) if visitor_may(Action.VIEW_CHATS) else []
    coming = [one for one in theirs if one.date == today] or own_lessons_of(person, today)
    return render_template(
        "today/index.html",
        school=school,
        now=local_now(school.timezone),
        needs=[*first_steps_need(school), *needs_of(school, theirs, chats)],
        coming=shown(coming, chats),
        more=_more(coming),
        plans_for_all=visitor_may(Action.BOOK_ANY_LESSON) or visitor_may(Action.VIEW_DIRECTOR_PAGES),
        shown=shown_of(chats),
        new_lesson=any(visitor_may(action) for action in BOOKING),
        away=open_path("/absences/new", Action.BOOK_ANY_LESSON) or open_path("/absences/new", Action.BOOK_CLASS_LESSON),
        remote_day=open_path("/remote-days/new", Action.DECLARE_REMOTE_DAY),
    )


def _more(lessons: list[Lesson]) -> int:
    return max(len(lessons) - AT_ONCE, 0)
