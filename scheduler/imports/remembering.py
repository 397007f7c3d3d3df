"""What a school has answered to the questions of its imports: each is asked once, and every later import heeds it."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from scheduler.database import db, transaction
from scheduler.imports.draft import DraftQuestion
from scheduler.models.timetable import ImportAnswer
from scheduler.planning.audit import record

LONGEST_ANSWER = 60


def remembered(school_id: int) -> dict[str, str]:
    """Answers by the keys of their questions."""
    rows = db.session.scalars(sa.select(ImportAnswer).where(ImportAnswer.school_id == school_id))
    return {row.key: row.value for row in rows}


def remember(
    school_id: int, questions: Sequence[DraftQuestion], answers: Mapping[str, str], *, actor_id: int | None
) -> int:
    """Keep a person's answers to these questions, and say how many were kept; what is no answer is passed over."""
    kept = {row.key: value for row in questions if (value := answers.get(row.key, "").strip()) and _fits(row, value)}
    with transaction() as session:
        known = session.scalars(
            sa.select(ImportAnswer).where(ImportAnswer.school_id == school_id, ImportAnswer.key.in_(kept))
        ).all()
        for row in known:
            row.value = kept[row.key]
        new = kept.keys() - {row.key for row in known}
        session.add_all(ImportAnswer(school_id=school_id, key=key, value=kept[key]) for key in sorted(new))
        if kept:
            facts = {"answers": len(kept)}
            record(session, school_id, "import_answers", actor_id=actor_id, subject=("import", None), after=facts)
    return len(kept)


def _fits(question: DraftQuestion, value: str) -> bool:
    """One of the options; the name of a class may be any."""
    is_offered = value in {option for option, _words in question.options}
    return is_offered or (question.class_key is not None and len(value) <= LONGEST_ANSWER)
