"""The stored text of each lesson: read where it is in step with the lesson, rendered and stored where it is not."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from scheduler.calendars.event import event_text
from scheduler.calendars.inputs import LessonInputs, chunks
from scheduler.calendars.wording import Wording, worded
from scheduler.database import transaction
from scheduler.models.calendars import LessonText
from scheduler.rules.facts import LessonState

Rendered = dict[str, object]


def texts_for(
    session: Session, lessons: Sequence[LessonInputs], wording: Wording, *, school_id: int
) -> tuple[list[str], list[Rendered]]:
    """The lessons' VEVENTs in order, and the rows among them that were rendered anew, for `store_texts`."""
    public_url = current_app.config["PUBLIC_URL"]
    stored = _stored(session, [lesson.lesson_id for lesson in lessons], wording)
    texts: list[str] = []
    rendered: list[Rendered] = []
    with force_locale("ru"):
        for lesson in lessons:
            own = _own_wording(lesson, wording)
            version = lesson.version(own, public_url)
            seen, text = stored.get((lesson.lesson_id, own), (None, ""))
            if seen != version:
                text = event_text(worded(lesson, own))
                row = {"lesson_id": lesson.lesson_id, "wording": own, "version": version, "text": text}
                rendered.append({**row, "school_id": school_id, "seen": seen})
            texts.append(text)
    return texts, rendered


def store_texts(rendered: Iterable[Rendered]) -> None:
    """Keep what was rendered, each only over the version that was met: a newer text is never put back."""
    rows = list(rendered)
    if not rows:
        return
    with transaction() as session:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        new = [{key: row[key] for key in row if key != "seen"} for row in rows if row["seen"] is None]
        if new:
            session.execute(insert(LessonText).on_conflict_do_nothing(index_elements=["lesson_id", "wording"]), new)
        for row in rows:
            if row["seen"] is not None:
                session.execute(_replaced(row))


def _replaced(row: Rendered) -> sa.Update:
    return (
        sa.update(LessonText)
        .where(
            LessonText.lesson_id == row["lesson_id"],
            LessonText.wording == row["wording"],
            LessonText.version == row["seen"],
        )
        .values(version=row["version"], text=row["text"])
        .execution_options(synchronize_session=False)
    )


def _own_wording(lesson: LessonInputs, wording: Wording) -> Wording:
    """Only a cancelled lesson reads differently for those who keep it in sight."""
    if lesson.state is LessonState.CANCELLED or not wording.is_shown:
        return wording
    return Wording.NAMED if wording.is_named else Wording.PLAIN


def _stored(session: Session, lesson_ids: Sequence[int], wording: Wording) -> dict[tuple[int, str], tuple[str, str]]:
    found: dict[tuple[int, str], tuple[str, str]] = {}
    query = sa.select(LessonText.lesson_id, LessonText.wording, LessonText.version, LessonText.text)
    wordings = {wording, Wording.NAMED if wording.is_named else Wording.PLAIN}
    for chunk in chunks(lesson_ids):
        for row in session.execute(query.where(LessonText.lesson_id.in_(chunk), LessonText.wording.in_(wordings))):
            found[row.lesson_id, row.wording] = (row.version, row.text)
    return found
