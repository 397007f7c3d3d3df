"""What a feed is called in the list of calendars on a phone; no pupil is named, for outside services keep it."""

import sqlalchemy as sa
from flask_babel import force_locale
from sqlalchemy.orm import Session

from scheduler.calendars.sets import learners_of
from scheduler.calendars.words import say as _
from scheduler.models.calendars import Feed, FeedKind
from scheduler.models.classes import Enrollment, SchoolClass
from scheduler.models.names import shown_class
from scheduler.models.people import Person


def feed_name(session: Session, feed: Feed) -> str:
    """«7 «А» — уроки», «Иванова Е. П. — уроки»; a family's names its children's classes."""
    with force_locale("ru"):
        if feed.kind is FeedKind.TEACHER:
            return _("%(whose)s — lessons", whose=session.get_one(Person, feed.person_id).short_name)
        labels = class_labels(session, feed)
        return _("%(whose)s — lessons", whose=", ".join(labels)) if labels else _("My lessons")


def class_labels(session: Session, feed: Feed) -> list[str]:
    """The classes that a class's or a family's feed is about, as posts write them."""
    query = sa.select(SchoolClass.label).order_by(SchoolClass.grade, SchoolClass.label_key)
    if feed.kind is FeedKind.CLASS:
        query = query.where(SchoolClass.id == feed.class_id)
    else:
        learners = learners_of(session, feed.school_id, feed.person_id or 0)
        query = query.join(Enrollment, Enrollment.class_id == SchoolClass.id)
        query = (
            query.where(Enrollment.person_id.in_(learners))
            .distinct()
            .add_columns(SchoolClass.grade, SchoolClass.label_key)
        )
    return [shown_class(row[0]) for row in session.execute(query)]
