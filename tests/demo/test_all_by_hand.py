"""A remote day with every chat by hand: nobody touches more than the own chats, and the proof is complete."""

import re
from collections import defaultdict
from datetime import timedelta

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.models.audit import AuditEvent
from scheduler.models.chats import Bulletin, BulletinPart, Chat, ChatState, Notice, Platform
from scheduler.models.remote_day import RemoteDay
from scheduler.planning.remote.declaring import declare_remote_day
from scheduler.planning.remote.wish import RemoteWish
from scheduler.reports.duties import duties_of
from scheduler.reports.progress import Stand
from scheduler.reports.proof import proof_of
from tests.conftest import forget_last_request
from tests.web.conftest import device_token

TAPS = 3


@pytest.fixture
def day_id(demo):
    """Tomorrow's decision, after every bot has left and what it had posted is gone."""
    with transaction() as session:
        for model in (BulletinPart, Bulletin, Notice):
            session.execute(sa.delete(model))
        session.execute(
            sa.update(Chat).values(platform=Platform.BY_HAND, connection_id=None, state=ChatState.CONNECTED)
        )
    today = clock.today("Europe/Moscow")
    days = (today + timedelta(days=n) for n in range(1, 9))
    found = (declare_remote_day(demo.school_id, RemoteWish(day, day, text="мороз −34 °C")) for day in days)
    return next(one.remote_day_id for one in found if one.changed)


def keepers(school_id):
    """Person → the own chats."""
    duties, own = duties_of(db.session(), school_id), defaultdict(set)
    for chat in db.session.scalars(sa.select(Chat).where(Chat.school_id == school_id, Chat.kind.is_not(None))):
        keeper, *others = duties.of(chat.id, chat.class_id)
        assert others == []
        own[keeper.person_id].add(chat.id)
    return own


def place(app, person_id):
    """What one administrator does on the one page; answers chat → taps."""
    client = app.test_client()
    client.set_cookie("device", device_token(person_id))
    page = client.get("/chats/by-hand").text
    taps = {}
    for article in page.split("<article")[1:]:
        chat_id = int(re.search(r"/chats/(\d+)/placed", article)[1])
        seen = re.findall(r'name="seen" value="([^"]+)"', article)
        assert article.count("data-copy=") == len(seen)
        assert client.post(f"/chats/{chat_id}/placed", data={"seen": seen}).status_code == 303
        taps[chat_id] = len(seen) + 1
    assert "Всё размещено." in client.get("/chats/by-hand").text
    return taps


@pytest.fixture
def plain(app):
    """Requests of several people in one context, without the forms' tokens."""
    app.config["WTF_CSRF_ENABLED"] = False
    app.before_request_funcs[None].insert(0, forget_last_request)
    return app


def test_each_places_the_own_chats_and_the_proof_is_complete(plain, demo, day_id):
    own = keepers(demo.school_id)
    chats = {chat_id for ids in own.values() for chat_id in ids}
    for person_id, ids in own.items():
        taps = place(plain, person_id)
        assert set(taps) == ids
        assert max(taps.values()) <= TAPS
    db.session.rollback()
    proof = proof_of(db.session(), db.session.get_one(RemoteDay, day_id))
    assert {one.chat.id for one in proof.chats} == chats
    assert {one.chat.stand for one in proof.chats} == {Stand.SHOWN}
    assert all([event.verb for event in one.events] == ["placed"] * one.chat.posts for one in proof.chats)
    assert all(event.by for one in proof.chats for event in one.events)
    touched = db.session.execute(
        sa.select(AuditEvent.person_id, AuditEvent.subject_id).where(AuditEvent.action == "post_placed")
    )
    assert {(person_id, chat_id) for person_id, chat_id in touched} == {(one, chat) for one in own for chat in own[one]}
