"""The secret pages of those who do not sign in: a class's for its pupils and parents, a subscriber's own."""

from collections.abc import Callable
from functools import partial

import sqlalchemy as sa
from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from scheduler.calendars.feeds import (
    FeedOptions,
    Subscription,
    feed_for_class,
    feed_for_person,
    feed_for_teacher,
)
from scheduler.calendars.sets import groups_of_class, groups_of_person, learners_of
from scheduler.database import db
from scheduler.models.calendars import Feed, FeedKind
from scheduler.models.classes import Enrollment, SchoolClass
from scheduler.models.lessons import LessonTeacher
from scheduler.models.names import shown_class
from scheduler.models.school import School
from scheduler.web.access import public
from scheduler.web.day_view import WeekView, chosen_date, week_for_groups, week_for_lessons
from scheduler.web.formats import local_now
from scheduler.web.subscribing import dialog_for, options_from_request

blueprint = Blueprint("class_page", __name__)


@blueprint.get("/t/<token>")
@public
def class_page(token: str) -> Response:
    """A class's lessons for whoever was given the address; an unknown one answers like a replaced one."""
    row = db.session.scalar(
        sa.select(SchoolClass).where(SchoolClass.page_token == token, SchoolClass.is_archived.is_(False))
    )
    if row is None:
        abort(404)
    school = db.session.get_one(School, row.school_id)
    week = week_for_groups(
        school,
        groups_of_class(db.session(), school.id, row.id),
        chosen_date(school, request.args.get("date")),
        with_classes=False,
    )
    teachers = ", ".join(person.short_name for person in row.class_teachers)
    options = options_from_request()
    return _page(
        school,
        week,
        title=shown_class(row.label),
        subtitle=_("Class teacher — %(names)s", names=teachers) if teachers else school.name,
        subscription=feed_for_class(school.id, row.id, options),
        options=options,
        page=partial(url_for, "class_page.class_page", token=token),
    )


@blueprint.get("/my/<token>")
@public
def subscriber_page(token: str) -> Response:
    """The lessons of one subscriber: a pupil, all the children of a parent, or a teacher. The secret is the feed's."""
    feed = db.session.scalar(sa.select(Feed).where(Feed.token == token, Feed.revoked_at.is_(None)))
    if feed is None or feed.person_id is None:
        abort(404)
    school = db.session.get_one(School, feed.school_id)
    usual = FeedOptions(feed.cancelled_policy, feed.alarm_minutes)
    is_chosen = "subscribe" in request.args
    options = options_from_request() if is_chosen else usual
    make = feed_for_teacher if feed.kind is FeedKind.TEACHER else feed_for_person
    subscription = make(school.id, feed.person_id, options)
    return _page(
        school,
        _own_week(school, feed),
        title=subscription.name,
        subtitle=school.name,
        subscription=subscription,
        options=options,
        page=partial(url_for, "class_page.subscriber_page", token=token),
    )


def _own_week(school: School, feed: Feed) -> WeekView:
    chosen = chosen_date(school, request.args.get("date"))
    person_id = feed.person_id or 0
    if feed.kind is FeedKind.TEACHER:
        taught = sa.select(LessonTeacher.lesson_id).where(LessonTeacher.person_id == person_id)
        return week_for_lessons(school, taught, chosen)
    groups = groups_of_person(db.session(), school.id, person_id)
    learners = learners_of(db.session(), school.id, person_id)
    classes = sa.select(sa.func.count(Enrollment.class_id.distinct())).where(Enrollment.person_id.in_(learners))
    return week_for_groups(school, groups, chosen, with_classes=(db.session.scalar(classes) or 0) > 1)


def _page(
    school: School,
    week: WeekView,
    *,
    title: str,
    subtitle: str,
    subscription: Subscription,
    options: FeedOptions,
    page: Callable[..., str],
) -> Response:
    html = render_template(
        "public/class.html",
        title=title,
        subtitle=subtitle,
        school=school,
        week=week,
        range_words=range_words(week),
        is_week=request.args.get("view") == "week",
        dialog=dialog_for(subscription, options, page),
        page=page,
        now=local_now(school.timezone),
    )
    response = make_response(html)
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    # it tells what runs at this minute: kept only to be compared, never shown unasked
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def range_words(week: WeekView) -> str:
    """«23–29 ноября», or «30 ноября – 6 декабря» across months."""
    first, last = week.days[0].date, week.days[-1].date
    if first.month == last.month:
        return f"{first.day}–{format_date(last, 'd MMMM')}"
    return f"{format_date(first, 'd MMMM')} – {format_date(last, 'd MMMM')}"
