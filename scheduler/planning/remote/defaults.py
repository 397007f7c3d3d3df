"""Changing what a school says and does on its remote days; decisions that stand keep their own words."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from scheduler.database import transaction
from scheduler.models.courses import Subject
from scheduler.planning.audit import record
from scheduler.planning.errors import NotThereError
from scheduler.planning.remote.school_lines import Line, RemoteSettings
from scheduler.planning.settings import locked_school
from scheduler.rules.remote_use import RemoteUse


def change_remote_settings(school_id: int, wish: RemoteSettings, *, actor_id: int | None) -> bool:
    """Store the lines, who is to be asked, the ticks of each reason and what becomes of activities.

    Answers whether anything changed. The telephone is kept among the school's own settings.
    """
    after = _plain(wish)
    with transaction() as session:
        school = locked_school(session, school_id)
        before = school.remote_settings or {}
        if before == after:
            return False
        school.remote_settings = after
        record(
            session, school_id, "remote_settings", actor_id=actor_id, subject=("school", school_id), before=before,
            after=after,
        )  # fmt: skip
        return True


def _plain(wish: RemoteSettings) -> dict[str, Any]:
    return {
        "texts": {line.value: " ".join(text.split()) for line, text in wish.texts.items() if line is not Line.PHONE},
        "contacts": {contact.value: " ".join(text.split()) for contact, text in wish.contacts.items()},
        "ticks": {reason.value: sorted(lines) for reason, lines in wish.ticks.items()},
        "activities": wish.activities.value,
    }


def change_subject_uses(school_id: int, uses: Mapping[int, RemoteUse | None], *, actor_id: int | None) -> int:
    """State what becomes of subjects and activities on remote days; None is the product's own guess.

    Answers how many changed. Raises NotThereError for a subject of another school.
    """
    with transaction() as session:
        rows = session.scalars(sa.select(Subject).where(Subject.school_id == school_id, Subject.id.in_(uses))).all()
        if len(rows) != len(uses):
            raise NotThereError(_("There is no such subject."))
        changed = [row for row in rows if row.remote_use is not uses[row.id]]
        for row in changed:
            before, row.remote_use = row.remote_use, uses[row.id]
            record(
                session, school_id, "remote_use", actor_id=actor_id, subject=("subject", row.id),
                before={"remote_use": before}, after={"remote_use": row.remote_use},
            )  # fmt: skip
        return len(changed)
