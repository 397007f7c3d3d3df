"""A school's own texts of posts: kept after they were tried, taken back to the usual ones; posts follow at once."""

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.chats.own_texts import OwnTextError, load_own_texts
from scheduler.chats.rendering import usual_source
from scheduler.chats.text_kinds import KINDS, TextKind, tried
from scheduler.database import transaction
from scheduler.models.post_texts import PostText
from scheduler.planning.audit import record
from scheduler.planning.errors import NotThereError, PlanningError
from scheduler.planning.settings import locked_school, refresh_shown_days


def change_post_text(school_id: int, name: str, source: str, *, actor_id: int | None) -> None:
    """Keep the school's own words of one text; what chats show today and tomorrow is brought along silently.

    The same words as usual are no words of one's own. Raises NotThereError for a text that there is not, and
    PlanningError naming the line that cannot be used.
    """
    kind = kind_of_text(name)
    with transaction() as session:
        school = locked_school(session, school_id)
        own = load_own_texts(session, school_id)
        try:
            tried(kind, source, own.sources)
        except OwnTextError as error:
            raise PlanningError(error.text) from error
        before = own.sources.get(name)
        is_usual = source.split() == usual_source(name).split()
        _forget(session, school_id, name)
        if not is_usual:
            row = PostText(school_id=school_id, name=name, source=source, changed_by_id=actor_id)
            row.changed_at = clock.now()
            session.add(row)
        if (None if is_usual else source) == before:
            return
        session.flush()
        refresh_shown_days(session, school)
        after = {"text": None if is_usual else source}
        record(session, school_id, "post_text", actor_id=actor_id, subject=("post_text", None),
               reason=name, before={"text": before}, after=after)  # fmt: skip


def reset_post_text(school_id: int, name: str, *, actor_id: int | None) -> None:
    """Go back to the usual words of one text."""
    change_post_text(school_id, name, usual_source(kind_of_text(name).name), actor_id=actor_id)


def kind_of_text(name: str) -> TextKind:
    """What the text is for; raises NotThereError where there is none of that name."""
    if name not in KINDS:
        raise NotThereError(_("There is no such text."))
    return KINDS[name]


def _forget(session: Session, school_id: int, name: str) -> None:
    session.execute(sa.delete(PostText).where(PostText.school_id == school_id, PostText.name == name))
