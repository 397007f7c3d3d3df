"""How the families of a class are told where it is not the chat: a way a child, no number and no reason."""

from collections.abc import Mapping

import sqlalchemy as sa
from flask_babel import gettext as _

from scheduler.database import transaction
from scheduler.models.classes import Enrollment
from scheduler.models.remote_told import FamilyWay, TellingWay
from scheduler.planning.audit import record
from scheduler.planning.errors import NotThereError
from scheduler.planning.remote.told import ensure_may_speak_for


def set_family_ways(school_id: int, class_id: int, ways: Mapping[int, TellingWay], *, actor_id: int) -> None:
    """Keep how each of these pupils' families is told; the chat is what holds without a row.

    Raises NotThereError for a pupil of another class, NotAllowedError.
    """
    with transaction() as session:
        ensure_may_speak_for(session, school_id, class_id, actor_id)
        pupils = set(session.scalars(sa.select(Enrollment.person_id).where(Enrollment.class_id == class_id)))
        if not set(ways) <= pupils:
            raise NotThereError(_("This pupil is not in the class."))
        rows = session.scalars(sa.select(FamilyWay).where(FamilyWay.student_id.in_(pupils)).with_for_update())
        known = {row.student_id: row for row in rows}
        for student_id, way in ways.items():
            row = known.get(student_id)
            if way is TellingWay.CHAT:
                if row is not None:
                    session.delete(row)
            elif row is None:
                session.add(FamilyWay(school_id=school_id, student_id=student_id, way=way))
            else:
                row.way = way
        # Who is told how is nobody's business but the class teacher's: the record keeps only that it was changed.
        record(session, school_id, "family_ways", actor_id=actor_id, subject=("school_class", class_id))
