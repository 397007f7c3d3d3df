from datetime import date
from itertools import pairwise

import pytest
import sqlalchemy as sa

from scheduler.database import db
from scheduler.models.school import Holiday, HolidayKind, Term
from scheduler.planning.errors import NotThereError, PlanningError
from scheduler.planning.terms import add_term, change_term, remove_term
from scheduler.planning.year_proposals import DAYS_OFF, TERMS, accept_proposal, propose_year
from tests.factories import make_school

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


def test_a_term_is_put_right_and_removed(app):
    school = make_school()
    term = add_term(school.id, "3 четверть", date(2030, 1, 11), date(2030, 3, 20), actor_id=None)
    add_term(school.id, "4 четверть", date(2030, 3, 29), date(2030, 5, 26), actor_id=None)
    with pytest.raises(PlanningError, match="4 четверть"):
        change_term(school.id, term, "3 четверть", date(2030, 1, 11), date(2030, 3, 30), actor_id=None)
    change_term(school.id, term, "III четверть", date(2030, 1, 12), date(2030, 3, 20), actor_id=None)
    row = db.session.get(Term, term)
    assert (row.name, row.start) == ("III четверть", date(2030, 1, 12))
    remove_term(school.id, term, actor_id=None)
    with pytest.raises(NotThereError):
        remove_term(school.id, term, actor_id=None)


def test_what_is_known_of_a_year_is_taken_over_and_marked(app):
    school = make_school()
    today = date(2026, 9, 1)
    proposal = propose_year(db.session(), school.id, today)
    assert (proposal.name, proposal.terms, proposal.has_terms) == ("2026/27", (), False)
    accept_proposal(school.id, today, actor_id=None)
    rows = {row.start: row for row in db.session.scalars(sa.select(Holiday))}
    assert rows[date(2026, 11, 4)].is_confirmed
    assert rows[date(2026, 12, 31)].kind is HolidayKind.TRANSFERRED_DAY_OFF
    assert not rows[date(2027, 2, 23)].is_confirmed
    with pytest.raises(PlanningError, match="Добавлять нечего"):
        accept_proposal(school.id, today, actor_id=None)
    assert propose_year(db.session(), school.id, date(2030, 9, 1)).is_empty


def test_the_known_years_are_sound(app):
    for first, spans in (*TERMS.items(), *DAYS_OFF.items()):
        assert all(date(first, 9, 1) <= one.start <= one.end < date(first + 1, 9, 1) for one in spans)
        assert all(one.end < other.start for one, other in pairwise(spans))
