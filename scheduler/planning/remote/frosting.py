"""The school's own frost table, and whom it keeps at home in the weather that was typed; a person confirms it."""

from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.database import transaction
from scheduler.models.remote_day import FrostPolicy
from scheduler.models.school import School
from scheduler.planning import audit
from scheduler.planning.errors import PlanningError
from scheduler.planning.remote.wish import Scope
from scheduler.rules.frost import FrostScope, FrostTable, rows_of

NOON = time(12)


@dataclass(frozen=True, slots=True)
class Weather:
    """As measured: °C and m/s."""

    temperature: int
    wind: int = 0

    @property
    def sentence(self) -> str:
        """«Актированный день: −34 °C, ветер 3 м/с», for the families."""
        wind = f", ветер {self.wind} м/с" if self.wind else ""
        return f"Актированный день: −{abs(self.temperature)} °C{wind}"


def frost_table(session: Session, school_id: int) -> FrostTable | None:
    """The table that the school keeps to, if it has one."""
    row = session.scalar(sa.select(FrostPolicy).where(FrostPolicy.school_id == school_id))
    return FrostTable(row.region, row.source, rows_of(row.rows), row.scope) if row else None


def propose_scope(school: School, table: FrostTable, weather: Weather) -> Scope | None:
    """Whom the table keeps at home; None is nobody. A table by shifts speaks of the shift that comes next."""
    grades = table.grades(weather.temperature, weather.wind)
    if not grades:
        return None
    is_morning = clock.now().astimezone(ZoneInfo(school.timezone)).time() < NOON
    return Scope(grades=grades, shift=(1 if is_morning else 2) if table.scope is FrostScope.SHIFT else None)


def keep_frost_table(school_id: int, table: FrostTable, decision_time: time, *, actor_id: int | None) -> None:
    """Store the school's table in the place of the earlier one. Raises PlanningError for lines that make no sense."""
    if not table.rows:
        raise PlanningError(_("The table needs at least one line."))
    for row in table.rows:
        if row.grade_from > row.grade_to or (row.wind_to is not None and row.wind_to <= row.wind_from):
            raise PlanningError(_("In each line the first grade comes before the last one, and so does the wind."))
    with transaction() as session:
        kept = session.scalar(sa.select(FrostPolicy).where(FrostPolicy.school_id == school_id))
        before = _plain(kept) if kept else None
        policy = kept or FrostPolicy(school_id=school_id)
        policy.region, policy.source, policy.scope = table.region, table.source, table.scope
        policy.decision_time, policy.rows = decision_time, [one.plain() for one in table.rows]
        session.add(policy)
        session.flush()
        audit.record(
            session, school_id, "frost_table", actor_id=actor_id, subject=("frost_policy", policy.id), before=before,
            after=_plain(policy),
        )  # fmt: skip


def _plain(row: FrostPolicy) -> dict[str, object]:
    return {"region": row.region, "scope": row.scope.value, "rows": row.rows}
