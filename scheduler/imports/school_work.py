"""What applying a draft of the school's own tables (bells, the calendar of its year) shares: the open transaction."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from scheduler.imports.findings import FindingList

Drafted_co = TypeVar("Drafted_co", covariant=True)


@dataclass(frozen=True)
class SchoolWork(Generic[Drafted_co]):
    """One draft on its way into one school, inside one transaction."""

    session: Session
    school_id: int
    draft: Drafted_co
    findings: FindingList = field(default_factory=FindingList)
    counts: Counter[str] = field(default_factory=Counter)
