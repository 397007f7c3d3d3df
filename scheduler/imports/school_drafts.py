"""The drafts that concern the school as a whole (bells, the calendar of its year), and writing whichever one it is."""

from sqlalchemy.orm import Session

from scheduler.imports.bells.apply import write_bells
from scheduler.imports.bells.draft import BellsDraft
from scheduler.imports.school_work import SchoolWork
from scheduler.imports.terms.apply import write_calendar
from scheduler.imports.terms.draft import CalendarDraft

SchoolDraft = BellsDraft | CalendarDraft


def write_school_draft(session: Session, school_id: int, draft: SchoolDraft) -> SchoolWork[SchoolDraft]:
    """Everything of the draft into the open transaction; the caller records the run."""
    if isinstance(draft, BellsDraft):
        bells = SchoolWork(session, school_id, draft)
        bells.findings.extend(draft.findings)
        write_bells(bells)
        return bells
    calendar = SchoolWork(session, school_id, draft)
    calendar.findings.extend(draft.findings)
    write_calendar(calendar)
    return calendar
