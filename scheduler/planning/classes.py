"""What a person states about a class beside the timetable's file: grade, shift, and a new secret address."""

import secrets

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler.database import transaction
from scheduler.models.classes import SchoolClass
from scheduler.planning.audit import record
from scheduler.planning.errors import NotThereError
from scheduler.planning.settings import locked_school, refresh_shown_days


def change_class(school_id: int, class_id: int, *, grade: int | None, shift: int, actor_id: int | None) -> None:
    """State a class's grade (0–13, None for none) and shift; publishing again gives its lessons the shift's bells."""
    with transaction() as session:
        row = class_of(session, school_id, class_id)
        before = {"grade": row.grade, "shift": row.shift}
        row.grade, row.shift = grade, shift
        record(
            session,
            school_id,
            "change_class",
            actor_id=actor_id,
            subject=("class", class_id),
            before=before,
            after={"grade": grade, "shift": shift},
        )


def replace_class_page(school_id: int, class_id: int, *, actor_id: int | None) -> str:
    """A new secret address for a class's page; the old one answers 404 and what the chats show is renewed."""
    with transaction() as session:
        school = locked_school(session, school_id)
        row = class_of(session, school_id, class_id)
        row.page_token = secrets.token_urlsafe(16)
        session.flush()
        refresh_shown_days(session, school)
        record(session, school_id, "replace_page", actor_id=actor_id, subject=("class", class_id))
        return row.page_token


def class_of(session: Session, school_id: int, class_id: int) -> SchoolClass:
    """A class of this school; raises NotThereError."""
    row = session.get(SchoolClass, class_id)
    if row is None or row.school_id != school_id:
        raise NotThereError(_("There is no such class in this school."))
    return row
