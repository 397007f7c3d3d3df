"""What can go wrong around delivery: each ends with one right copy, or visibly parked for a person, never silent."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from scheduler import clock
from scheduler.chats import deliver, lease, outcome
from scheduler.chats.attempt import make_step
from scheduler.chats.connect import handle_update, learn_chat
from scheduler.chats.connections import store_connection, token_mark
from scheduler.chats.deliver import deliver_until_done, due_posts
from scheduler.chats.messenger import Kind
from scheduler.chats.overview import chat_views
from scheduler.chats.pace import CONFIG_KEY, Pace
from scheduler.chats.set_back import keep_due
from scheduler.database import database_now, db, transaction
from scheduler.models.chats import BulletinPart, Chat, ChatState, Connection, Delivery, PostState
from tests.chats.conftest import parts_of
from tests.factories import count, make_lesson

HOUR = timedelta(hours=1)


@pytest.fixture
def wanted(school, announce, moment, twin):
    """Two classes whose bulletins are due: three chats of each kind and the teachers' one."""
    announce(make_lesson(school, school.algebra_a, period=5), make_lesson(school, school.algebra_b, period=5))
    return school


@pytest.fixture
def base(moment, monkeypatch):
    """The database's clock, moved by the test together with the product's."""

    def now(session):
        session.connection()
        return moment.at

    monkeypatch.setattr(lease, "database_now", now)
    monkeypatch.setattr(deliver, "database_now", now)


def states():
    db.session.expire_all()
    return [part.state for part in db.session.scalars(sa.select(BulletinPart).order_by(BulletinPart.id))]


def step_all():
    for post in due_posts():
        make_step(*post)


def copies(twin):
    """How often each mark stands."""
    marks = [message.url.rpartition("m=")[2] for message in twin.standing()]
    return {mark: marks.count(mark) for mark in marks}


def each_once(twin):
    return len(copies(twin)) == count(BulletinPart) and set(copies(twin).values()) == {1}


def chat_number(chat_id):
    return db.session.get(Chat, chat_id).external_id


def test_messenger_that_is_down_for_an_hour_is_told_and_caught_up(app, wanted, twin, moment, base):
    app.config[CONFIG_KEY] = Pace(per_bot=1000, per_chat=1000)
    twin.down = True
    for _ in range(120):
        step_all()
        moment.at += timedelta(seconds=30)
    tried = twin.calls.count("send")
    assert tried <= 120 * len(states())
    assert set(states()) == {PostState.WANTED}
    view = next(view for view in chat_views(wanted.id) if view.id == wanted.students_a)
    assert (view.problem.name, view.posts[0].is_right) == ("unreachable", False)
    twin.down = False
    moment.at += timedelta(seconds=61)
    first = due_posts()[0]
    assert make_step(*first)
    deliver_until_done(wanted.id)
    assert each_once(twin)


def test_first_success_ends_the_pauses_of_the_others(app, wanted, twin, moment, base):
    app.config[CONFIG_KEY] = Pace(per_bot=1000, per_chat=1000, backoff_first=60, backoff_most=60)
    twin.down = True
    step_all()
    assert due_posts() == []
    twin.down = False
    with transaction() as session:
        session.get_one(BulletinPart, parts_of(wanted.students_a)[0].id).lease_until = None
    assert len(due_posts()) == 1
    step_all()
    assert len(due_posts()) == len(states()) - 1


def test_token_revoked_in_the_middle_and_renewed(wanted, twin):
    twin.faults = [None, Kind.AUTH]
    for post in due_posts():
        make_step(*post)
    assert states().count(PostState.POSTED) == 1
    outcomes = {row.chat: row for row in deliver_until_done(wanted.id)}
    assert {row.state for row in outcomes.values()} == {"posted", "parked"}
    assert all(row.problem for row in outcomes.values() if row.state == "parked")
    store_connection(wanted.id, "the-new-token")
    assert {row.state for row in deliver_until_done(wanted.id)} == {"posted"}
    assert each_once(twin)


def test_refusal_of_the_old_token_does_not_stop_the_new_one(wanted, twin):
    """The token is renewed while a request with the old one is on its way."""
    twin.faults = [(Kind.AUTH, "after")]
    twin.then = [lambda: store_connection(wanted.id, "the-new-token")]
    make_step(*due_posts()[0])
    twin.then = []
    assert count(Connection, Connection.is_refused.is_(True)) == 0


def test_mark_of_a_token_tells_nothing_of_it(wanted):
    store_connection(wanted.id, "one-token")
    before = db.session.scalars(sa.select(Connection)).one()
    mark = token_mark(before)
    assert "one-token" not in mark
    assert token_mark(None) == ""


def test_chat_removed_in_the_middle_is_parked_and_comes_back(wanted, twin):
    number, connection = chat_number(wanted.students_a), db.session.scalar(sa.select(Connection.id))
    handle_update(connection, {"update_type": "bot_removed", "chat_id": number})
    outcomes = {row.chat: row for row in deliver_until_done(wanted.id)}
    title = db.session.get(Chat, wanted.students_a).title
    assert outcomes[title].state == "parked"
    assert outcomes[title].problem
    assert all(row.state == "posted" for name, row in outcomes.items() if name != title)
    handle_update(connection, {"update_type": "bot_added", "chat_id": number})
    deliver_until_done(wanted.id)
    assert each_once(twin)


def test_bot_that_loses_the_right_to_read_asks_a_person_then_looks_itself(wanted, twin):
    part = parts_of(wanted.students_a)[0].id
    twin.faults, twin.unreadable = [(Kind.UNKNOWN, "after")], True
    while due_posts() and db.session.get(BulletinPart, part).state is not PostState.PARKED:
        for post in due_posts():
            if post == ("part", part):
                make_step(*post)
        db.session.expire_all()
        if db.session.get(BulletinPart, part).problem:
            break
    assert db.session.get(BulletinPart, part).problem == "unreadable"
    view = next(view for view in chat_views(wanted.id) if view.id == wanted.students_a)
    assert view.problem.name == "unreadable"
    twin.unreadable = False
    assert learn_chat(wanted.students_a)
    deliver_until_done(wanted.id)
    assert each_once(twin)


def test_right_to_post_that_comes_back_lets_the_posts_go(wanted, twin):
    twin.faults = [Kind.RIGHTS] * len(states())
    deliver_until_done(wanted.id)
    assert set(states()) == {PostState.PARKED}
    for chat in db.session.scalars(sa.select(Chat.id)).all():
        assert learn_chat(chat)
    deliver_until_done(wanted.id)
    assert each_once(twin)


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_products_clock_that_jumps_moves_no_lease(wanted, twin, moment, jump):
    post = db.session.get(BulletinPart, parts_of(wanted.students_a)[0].id)
    with transaction() as session:
        assert lease.take(session, session.get_one(BulletinPart, post.id)) is not None
    moment.at += jump
    assert make_step("part", post.id) is False
    assert twin.calls == []


def test_database_clock_set_back_frees_what_nobody_holds(wanted, twin, moment, base):
    """A worker died with its lease; then the machine's clock went back an hour. Nobody waits that hour."""
    post_id = parts_of(wanted.students_a)[0].id
    with transaction() as session:
        assert lease.take(session, session.get_one(BulletinPart, post_id)) is not None
    moment.at -= HOUR
    with transaction() as session:  # what was due stays due, as the sweep sees to
        session.execute(sa.update(BulletinPart).values(due_at=moment.at))
    deliver_until_done(wanted.id)
    assert each_once(twin)


def test_what_had_fallen_due_stays_due_when_the_clock_is_set_back(wanted, twin, moment):
    was = moment.at
    moment.at -= HOUR
    assert due_posts() == []
    assert keep_due(was, clock.now()) == len(states())
    deliver_until_done(wanted.id)
    assert each_once(twin)


def test_clock_too_fast_at_the_send_doubles_nothing(wanted, twin, moment):
    """The messenger's own time tells when a message came, ours only how far to look back."""
    moment.at += 12 * HOUR
    twin.faults = [(Kind.UNKNOWN, "after")]
    make_step("part", parts_of(wanted.students_a)[0].id)
    moment.at -= 12 * HOUR
    keep_due(moment.at + 13 * HOUR, moment.at)
    deliver_until_done(wanted.id)
    assert each_once(twin)


def fill(app):
    """Let no page be added to the database any more, on any connection, and use up those that are free."""

    def limit(dbapi, *_):
        dbapi.execute(f"pragma max_page_count={pages}")

    db.session.remove()
    db.engine.dispose()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
        pages = connection.exec_driver_sql("pragma page_count").scalar()
    db.engine.dispose()
    sa.event.listen(db.engine, "connect", limit)
    return lambda: (sa.event.remove(db.engine, "connect", limit), db.engine.dispose())


def use_up(school):
    """Write until there is no room for one more row of any size."""
    for size in (900, 90, 9):
        row = {"school_id": school.id, "chat_id": school.students_a, "target": "xxx" + "x" * size, "verb": "send"}
        for _ in range(2000):
            try:
                with transaction() as session:
                    session.add(Delivery(**row, at=clock.now(), outcome="x"))
            except sa.exc.OperationalError:
                if size == 9:
                    raise
                break


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)  # PostgreSQL's disk is its own server's
def test_full_disk_keeps_nothing_by_halves_and_posts_when_there_is_room(app, wanted, twin):
    """An attempt is written down before anything is sent: with no room for it nothing is sent."""
    make_room = fill(app)
    try:
        with pytest.raises(sa.exc.OperationalError, match="full"):
            use_up(wanted)
        for post in due_posts():
            with pytest.raises(sa.exc.OperationalError, match="full"):
                make_step(*post)
        assert twin.standing() == []
    finally:
        make_room()
    with transaction() as session:
        session.execute(sa.delete(Delivery).where(Delivery.target.like("xxx%")))
        session.execute(sa.update(BulletinPart).values(lease_until=None, lease_token=None))
    assert {row.state for row in deliver_until_done(wanted.id)} == {"posted"}
    assert each_once(twin)


def test_answer_that_a_full_disk_lost_is_found_by_looking(wanted, twin, monkeypatch):
    """The message stands, its number could not be stored: the next worker looks before it sends."""
    store, full = outcome.stands, [True]

    def stands(*args, **kwargs):
        if full and full.pop():
            raise sa.exc.OperationalError("UPDATE", {}, Exception("database or disk is full"))
        return store(*args, **kwargs)

    monkeypatch.setattr(outcome, "stands", stands)
    part = parts_of(wanted.students_a)[0].id
    with pytest.raises(sa.exc.OperationalError):
        make_step("part", part)
    assert len(twin.standing()) == 1
    db.session.expire_all()
    assert db.session.get(BulletinPart, part).state is PostState.SENDING
    with transaction() as session:  # the lease runs out
        session.get_one(BulletinPart, part).lease_until = database_now(session) - HOUR
    deliver_until_done(wanted.id)
    assert each_once(twin)
    assert twin.calls.count("look") == 1


def test_chat_that_is_gone_for_good_stays_with_a_person(wanted, twin):
    twin.faults = [Kind.GONE]
    make_step("part", parts_of(wanted.students_a)[0].id)
    db.session.expire_all()
    assert db.session.get(Chat, wanted.students_a).state is ChatState.REMOVED
    view = next(view for view in chat_views(wanted.id) if view.id == wanted.students_a)
    assert (view.state, view.problem.name) == (PostState.PARKED, "gone")


def lose_lease(part, by=None):
    """Somebody takes the post over while its request is on its way, and does something with it."""

    def happen():
        with transaction() as session:
            row = session.get_one(BulletinPart, part)
            row.lease_token, row.lease_until = None, None
        if by:
            by()

    return happen


def test_message_that_another_worker_found_by_looking_is_not_taken_back(wanted, twin):
    """A worker was frozen within its request; meanwhile another one looked, and took the message as the post's."""
    part = parts_of(wanted.students_a)[0].id

    def look():
        twin.then = []
        make_step("part", part)

    twin.then = [lose_lease(part, by=look)]
    make_step("part", part)
    deliver_until_done(wanted.id)
    assert each_once(twin)


def test_late_answer_is_kept_where_nobody_has_found_the_message_yet(wanted, twin):
    part = parts_of(wanted.students_a)[0].id
    twin.then = [lose_lease(part)]
    make_step("part", part)
    twin.then = []
    assert states().count(PostState.POSTED) == 1
    deliver_until_done(wanted.id)
    assert each_once(twin)


def test_second_copy_of_two_workers_is_taken_back(wanted, twin):
    """Another one looked twice before the message arrived, and sent its own."""
    part = parts_of(wanted.students_a)[0].id

    def send():
        twin.then = []
        with transaction() as session:
            session.get_one(BulletinPart, part).is_uncertain = False
            session.get_one(BulletinPart, part).state = PostState.WANTED
        make_step("part", part)

    twin.then = [lose_lease(part, by=send)]
    make_step("part", part)
    deliver_until_done(wanted.id)
    assert each_once(twin)


def test_edit_of_unknown_outcome_is_made_once_more_later(wanted, announce, twin):
    """The first request may arrive after the second: what stands at the end is the wanted text."""
    deliver_until_done(wanted.id)
    part = parts_of(wanted.students_a)[0]
    lesson = int(next(iter(part.bulletin.shown)))
    announce(lesson, offline_task="§ 13")
    twin.faults, twin.calls = [Kind.UNKNOWN], []
    for _ in range(20):
        make_step("part", part.id)
        with transaction() as session:
            session.get_one(BulletinPart, part.id).lease_until = None
    assert twin.calls == ["edit", "edit", "edit"]
    assert "§ 13" in twin.texts(chat_number(wanted.students_a))[0]


def test_plan_that_goes_back_while_an_edit_is_on_its_way_is_edited_back(wanted, announce, twin):
    """The edit arrived, its answer was lost, and the plan is again what stood before."""
    deliver_until_done(wanted.id)
    part = parts_of(wanted.students_a)[0]
    lesson, before = int(next(iter(part.bulletin.shown))), part.text
    announce(lesson, offline_task="§ 13")
    twin.faults = [(Kind.UNKNOWN, "after")]
    make_step("part", part.id)
    assert "§ 13" in twin.texts(chat_number(wanted.students_a))[0]
    announce(lesson, offline_task="")
    for _ in range(5):
        make_step("part", part.id)
        with transaction() as session:
            session.get_one(BulletinPart, part.id).lease_until = None
    assert twin.texts(chat_number(wanted.students_a)) == [before]
    assert states().count(PostState.POSTED) == len(states())
