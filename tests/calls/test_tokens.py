"""What the school is told about its VK token."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from scheduler.calls.links import set_course_way, set_way
from scheduler.calls.tokens import TokenTrouble, renew_token, token_warnings
from scheduler.database import transaction
from scheduler.models.audit import AuditEvent
from scheduler.models.calls import CallToken
from scheduler.models.school import CallWay
from tests.factories import count


def troubles(school):
    return [warning.trouble for warning in token_warnings(school.id)]


def use_vk(school):
    with transaction() as session:
        set_course_way(session, school.id, school.algebra_a, CallWay.VK)


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (None, []),
        (timedelta(days=4), []),
        (timedelta(days=3), [TokenTrouble.ENDS_SOON]),
        (timedelta(days=1), [TokenTrouble.ENDS_TOMORROW]),
        (timedelta(0), [TokenTrouble.EXPIRED]),
    ],
)
def test_a_token_near_its_end_is_told_in_time(school, time, left, expected):
    use_vk(school)
    renew_token(school.id, "token", None if left is None else time.now + left, school.director)

    assert troubles(school) == expected
    assert all(warning.text and warning.expires_at == time.now + left for warning in token_warnings(school.id))
    assert count(AuditEvent, AuditEvent.action == "renew_token") == 1


def test_a_missing_and_a_refused_token_stop_links(school):
    with transaction() as session:
        set_way(session, school.id, CallWay.VK)
    assert troubles(school) == [TokenTrouble.MISSING]
    renew_token(school.id, "token", None, None)
    with transaction() as session:
        session.execute(sa.update(CallToken).values(is_refused=True))
    assert troubles(school) == [TokenTrouble.REFUSED]
    assert TokenTrouble.REFUSED.stops_links
    assert not TokenTrouble.ENDS_SOON.stops_links


def test_a_school_without_vk_is_left_alone(school):
    assert troubles(school) == []


def test_an_empty_token_is_refused(school):
    with pytest.raises(ValueError, match="Вставьте"):
        renew_token(school.id, "  ", None, None)
