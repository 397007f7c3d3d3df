"""The school's own word about the norms reaches the judge."""

from scheduler.database import db
from scheduler.models.audit import AuditEvent
from scheduler.models.school import School
from scheduler.planning.judging import school_rules
from scheduler.planning.norms import Norms, change_norms, norms_of
from scheduler.rules.facts import Severity
from scheduler.rules.settings import DayColumn
from tests.factories import count, make_school


def rules(school):
    db.session.rollback()
    return school_rules(db.session.get_one(School, school.id))


def test_the_column_and_the_blocking_rules_are_kept_and_taken_back(app):
    school = make_school()
    wish = Norms(DayColumn.HOME, frozenset({"REMOTE_GAP", "DAY_END_MAX"}))
    assert change_norms(school.id, wish, actor_id=school.director)
    assert (rules(school).day_column, rules(school).severities) == (DayColumn.HOME, {"REMOTE_GAP": Severity.LAW})
    assert norms_of(db.session.get_one(School, school.id)) == Norms(DayColumn.HOME, frozenset({"REMOTE_GAP"}))
    assert change_norms(school.id, Norms(), actor_id=None)
    assert not change_norms(school.id, Norms(), actor_id=None)
    assert (rules(school).day_column, rules(school).severities) == (DayColumn.SCHOOL, {})
    assert count(AuditEvent, AuditEvent.action == "norms") == 2
