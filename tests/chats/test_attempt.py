"""Delivery under faults: what a messenger may answer, and that nothing stands twice whatever it is."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler import clock
from scheduler.chats import attempt
from scheduler.chats import deliver as delivery
from scheduler.chats.attempt import make_step
from scheduler.chats.by_hand import mark_placed, post_again
from scheduler.chats.connect import handle_update
from scheduler.chats.deliver import deliver_until_done, due_posts
from scheduler.chats.errors import ChatError
from scheduler.chats.lease import take
from scheduler.chats.messenger import DeliveryError, Kind
from scheduler.chats.overview import chat_views
from scheduler.chats.stale import refresh_day
from scheduler.database import db, transaction
from scheduler.models.chats import BulletinPart, Chat, ChatState, Connection, Delivery, PostState
from scheduler.models.school import School
from tests.chats.conftest import parts_of
from tests.factories import TUESDAY, count, make_lesson


@pytest.fixture
def running(moment, monkeypatch):
    """A clock that goes on by some milliseconds at every look, so that pauses end."""

    def now():
        moment.at += timedelta(milliseconds=5)
        return moment.at

    monkeypatch.setattr(clock, "now", now)


@pytest.fixture
def posted(school, announce, running, twin):
    """A lesson in the afternoon whose bulletins are wanted; the students' part is what tests look at."""
    lesson = make_lesson(school, school.algebra_a, period=5, offline_task="§ 12")
    announce(lesson)
    return parts_of(school.students_a)[0].id


@pytest.fixture
def chat(school):
    return db.session.get(Chat, school.students_a).external_id


def only_students(school):
    """Let the other chats out, so that faults strike where the test looks."""
    with transaction() as session:
        for chat in session.scalars(db.select(Chat).where(Chat.id != school.students_a)):
            chat.state = ChatState.UNCONNECTED


def state_of(part_id):
    db.session.expire_all()
    return db.session.get(BulletinPart, part_id)


@pytest.mark.parametrize("fault", [Kind.TRANSIENT, Kind.THROTTLE, Kind.UNKNOWN, (Kind.UNKNOWN, "after")])
def test_one_copy_stands_after_a_passing_fault(school, posted, twin, chat, fault):
    only_students(school)
    twin.faults = [fault]
    outcomes = {row.chat: row for row in deliver_until_done(school.id)}
    assert outcomes["7А ученики"].state == "posted"
    assert len(twin.standing(chat)) == 1
    assert twin.texts(chat) == [state_of(posted).text]


def test_unknown_outcome_is_looked_at_twice_before_sending_again(school, posted, twin):
    only_students(school)
    twin.faults = [Kind.UNKNOWN]
    deliver_until_done(school.id)
    assert twin.calls == ["send", "look", "look", "send"]


def test_accepted_message_is_found_at_the_first_look(school, posted, twin):
    only_students(school)
    twin.faults = [(Kind.UNKNOWN, "after")]
    deliver_until_done(school.id)
    assert twin.calls == ["send", "look"]


def test_changed_text_of_a_found_message_is_edited(school, posted, twin, chat, announce):
    only_students(school)
    twin.faults = [(Kind.UNKNOWN, "after")]
    make_step("part", posted)
    with transaction() as session:
        session.get_one(School, school.id).offline_line = "задание у учителя"
        refresh_day(session, school.id, TUESDAY)
    announce(make_lesson(school, school.physics_a, period=6))
    deliver_until_done(school.id)
    assert twin.calls.count("send") == 2  # the bulletin and, as the day had been shown, the notice
    assert twin.standing(chat)[0].text == state_of(posted).text
    assert "Физика" in twin.standing(chat)[0].text


def test_unreadable_chat_parks_and_a_person_decides(school, posted, twin, chat):
    only_students(school)
    twin.unreadable, twin.faults = True, [(Kind.UNKNOWN, "after")]
    (row,) = [row for row in deliver_until_done(school.id) if row.chat == "7А ученики"]
    assert (row.state, row.is_parked_now) == ("parked", True)
    assert row.problem.startswith("Неизвестно, дошло ли сообщение")
    mark_placed(posted, actor_id=None)
    assert state_of(posted).state is PostState.POSTED
    assert deliver_until_done(school.id)[0].is_parked_now is False
    assert len(twin.standing(chat)) == 1


def test_unknown_parked_post_is_not_sent_again_by_a_change(school, posted, twin, announce):
    only_students(school)
    twin.unreadable, twin.faults = True, [(Kind.UNKNOWN, "after")]
    deliver_until_done(school.id)
    announce(make_lesson(school, school.physics_a, period=6))
    deliver_until_done(school.id)
    assert state_of(posted).state is PostState.PARKED
    post_again(posted, actor_id=None)
    assert state_of(posted).state is PostState.WANTED


@pytest.mark.parametrize(
    ("kind", "problem"), [(Kind.RIGHTS, "rights"), (Kind.BAD_REQUEST, "refused"), (Kind.GONE, "gone")]
)
def test_permanent_refusal_parks_with_words(school, posted, twin, kind, problem):
    only_students(school)
    twin.faults = [kind]
    deliver_until_done(school.id)
    part = state_of(posted)
    assert (part.state, part.problem) == (PostState.PARKED, problem)
    view = next(view for view in chat_views(school.id) if view.id == school.students_a)
    assert view.problem.name == problem
    assert view.problem.advice
    assert part.bulletin.chat.state is (ChatState.REMOVED if kind is Kind.GONE else ChatState.CONNECTED)


def test_refused_token_stops_the_queue_and_is_told_once(school, posted, twin):
    twin.faults = [Kind.AUTH] * 8
    outcomes = deliver_until_done(school.id)
    assert count(Connection, Connection.is_refused.is_(True)) == 1
    assert due_posts() == []
    assert {row.state for row in outcomes if row.chat == "7А ученики"} == {"parked"}
    assert len(twin.standing()) == 0


def test_retry_after_is_honoured(school, posted, twin):
    twin.faults, twin.retry_after = [Kind.THROTTLE], 40
    began = datetime.now(UTC)
    make_step("part", posted)
    assert timedelta(seconds=40) <= state_of(posted).lease_until - began < timedelta(seconds=45)
    assert ("part", posted) not in due_posts()


def test_deleted_message_is_replaced_and_says_so(school, posted, twin, chat, announce):
    only_students(school)
    deliver_until_done(school.id)
    twin.delete(twin.standing(chat)[0].id)
    announce(make_lesson(school, school.physics_a, period=6))
    deliver_until_done(school.id)
    replacement = next(m for m in twin.standing(chat) if m.url.endswith("-2"))
    assert replacement.text.endswith("Это сообщение заменяет прежнее.")
    assert state_of(posted).generation == 2


def test_late_edit_is_replaced(school, posted, twin, chat, announce):
    only_students(school)
    deliver_until_done(school.id)
    announce(make_lesson(school, school.physics_a, period=6))
    twin.faults = [Kind.LATE]
    make_step("part", posted)
    make_step("part", posted)
    assert len(twin.standing(chat)) == 2


def test_unknown_edit_is_simply_repeated(school, posted, twin, chat, announce):
    only_students(school)
    deliver_until_done(school.id)
    announce(make_lesson(school, school.physics_a, period=6))
    twin.faults = [(Kind.UNKNOWN, "after")]
    deliver_until_done(school.id)
    assert twin.standing(chat)[0].text == state_of(posted).text
    assert "look" not in twin.calls


def test_worker_that_lost_its_lease_takes_its_copy_back(school, posted, twin, chat, monkeypatch):
    only_students(school)
    true_send = twin.send

    def slow_send(*args, **kwargs):
        sent = true_send(*args, **kwargs)
        monkeypatch.setattr(twin, "send", true_send)
        with transaction() as session:  # the lease runs out while the answer is on its way; somebody else is faster
            session.get_one(BulletinPart, posted).lease_until = clock.now() - timedelta(days=400)
        twin.messages[-1].is_deleted = True
        deliver_until_done(school.id)
        twin.messages[0].is_deleted = False
        return sent

    monkeypatch.setattr(twin, "send", slow_send)
    make_step("part", posted)
    assert len(twin.standing(chat)) == 1
    assert "delete" in twin.calls


def test_second_copy_that_a_look_finds_is_taken_away(school, posted, twin, chat):
    only_students(school)
    twin.faults = [(Kind.UNKNOWN, "after")]
    make_step("part", posted)
    first = twin.messages[0]
    twin.send(chat, first.text, first.buttons, loud=True)
    deliver_until_done(school.id)
    assert len(twin.standing(chat)) == 1


def test_held_lease_keeps_others_away(school, posted, twin):
    with transaction() as session:
        assert take(session, session.get_one(BulletinPart, posted)) is not None
    assert make_step("part", posted) is False
    assert twin.calls == []


def test_look_that_fails_is_put_off(school, posted, twin, chat):
    only_students(school)
    twin.faults = [(Kind.UNKNOWN, "after"), Kind.TRANSIENT, Kind.AUTH]
    deliver_until_done(school.id)
    assert twin.calls == ["send", "look", "look"]
    assert count(Connection, Connection.is_refused.is_(True)) == 1
    assert state_of(posted).state is PostState.SENDING


def test_look_into_a_closed_chat_parks(school, posted, twin):
    only_students(school)
    twin.faults = [(Kind.UNKNOWN, "after"), Kind.GONE]
    deliver_until_done(school.id)
    part = state_of(posted)
    assert (part.state, part.problem, part.is_uncertain) == (PostState.PARKED, "gone", True)


def test_every_attempt_is_kept_with_its_answer(school, posted, twin):
    only_students(school)
    twin.faults = [Kind.TRANSIENT]
    deliver_until_done(school.id)
    rows = db.session.scalars(db.select(Delivery).order_by(Delivery.id)).all()
    assert [(row.verb, row.outcome, row.target) for row in rows] == [
        ("send", "transient", state_of(posted).mark), ("send", "sent", state_of(posted).mark),
    ]  # fmt: skip


def test_text_changed_since_the_claim_is_not_sent(school, posted, twin, monkeypatch):
    def change(job):
        with transaction() as session:
            part = session.get_one(BulletinPart, posted)
            part.text, part.wanted_hash = "другое", "other"
        return True

    monkeypatch.setattr(attempt, "_wait_for_turn", change)
    assert make_step("part", posted) is False
    assert twin.calls == []
    assert state_of(posted).lease_token is None


def test_too_short_lease_is_given_back(school, posted, twin, monkeypatch):
    monkeypatch.setattr(attempt, "reserve", lambda *_, session: 60)
    assert delivery.deliver_part(posted) is False
    assert state_of(posted).lease_token is None


def test_placing_is_refused_where_the_product_places(school, posted, twin):
    with pytest.raises(ChatError):
        mark_placed(posted, actor_id=None)
    with pytest.raises(ChatError):
        post_again(999_999, actor_id=None)


def test_message_being_sent_is_not_posted_again_by_hand(school, posted, twin):
    twin.faults = [(Kind.UNKNOWN, "after")]
    make_step("part", posted)
    with pytest.raises(ChatError, match="отправляется"):
        post_again(posted, actor_id=None)


def test_standing_message_posted_again_names_what_it_replaces(school, posted, twin, chat):
    only_students(school)
    deliver_until_done(school.id)
    post_again(posted, actor_id=None)
    deliver_until_done(school.id)
    assert [message.url.rpartition("-")[2] for message in twin.standing(chat)] == ["1", "2"]


def test_post_of_an_unconnected_chat_cannot_be_posted_again(school, posted, twin):
    only_students(school)
    with transaction() as session:
        session.get_one(Chat, school.students_a).state = ChatState.UNCONNECTED
    with pytest.raises(ChatError, match="не подключён"):
        post_again(posted, actor_id=None)


def test_known_unreadable_chat_is_not_even_looked_at(school, posted, twin):
    only_students(school)
    with transaction() as session:
        session.get_one(Chat, school.students_a).can_read = False
    twin.faults = [Kind.UNKNOWN]
    deliver_until_done(school.id)
    assert (twin.calls, state_of(posted).problem) == (["send"], "unreadable")


def test_uncertain_post_of_a_reopened_chat_is_looked_for_first(school, posted, twin, chat):
    only_students(school)
    twin.faults = [(Kind.UNKNOWN, "after"), Kind.GONE]
    deliver_until_done(school.id)
    handle_update(1, {"update_type": "bot_added", "chat_id": chat})
    deliver_until_done(school.id)
    assert len(twin.standing(chat)) == 1
    assert twin.calls.count("send") == 1


def test_answer_of_a_lost_lease_is_not_stored(school, posted, twin, monkeypatch):
    only_students(school)

    def refuse(*_args, **_kwargs):
        with transaction() as session:
            session.get_one(BulletinPart, posted).lease_token = "somebody"
        raise DeliveryError("late", kind=Kind.BAD_REQUEST)

    monkeypatch.setattr(twin, "send", refuse)
    make_step("part", posted)
    assert state_of(posted).state is PostState.SENDING


def test_notice_waits_for_a_bulletin_in_its_back_off(school, posted, twin, chat, announce):
    only_students(school)
    deliver_until_done(school.id)
    announce(make_lesson(school, school.physics_a, period=6))
    twin.faults = [Kind.TRANSIENT, Kind.TRANSIENT]
    deliver_until_done(school.id)
    assert twin.calls == ["send", "edit", "edit", "edit", "send"]
