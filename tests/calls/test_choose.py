"""The choice between the ways to join, and its fallbacks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.calls.choose import choose, fallback, resource_of
from scheduler.calls.ground import Audience, Ground, Room
from scheduler.calls.links import set_room
from scheduler.database import db, transaction
from scheduler.models.calls import RoomOwner
from scheduler.models.chats import Chat, ChatState, Platform
from scheduler.models.school import CallWay
from tests.factories import make_school

WHOLE = Audience(course_id=1, class_ids=(7,), whole_class_id=7, teacher_ids=(20, 30))
HALF = Audience(course_id=2, class_ids=(7,), teacher_ids=(30,))
ROOMS = {
    (RoomOwner.COURSE, 1): Room(100, "course"),
    (RoomOwner.TEACHER, 30): Room(300, "teacher"),
    (RoomOwner.CLASS, 7): Room(700, "class"),
}


@pytest.fixture(autouse=True)
def _words(app_for_words):
    """Problems are said in words, which need an application."""


def way_and_resource(choice):
    return choice.way, choice.resource


@pytest.mark.parametrize(
    ("audience", "ground", "expected"),
    [
        (WHOLE, Ground(CallWay.VK, rooms=ROOMS, chats={7: 12}), (CallWay.VK, None)),
        (WHOLE, Ground(CallWay.ROOM, rooms=ROOMS, chats={7: 12}), (CallWay.ROOM, "room:100")),
        (HALF, Ground(CallWay.ROOM, rooms=ROOMS), (CallWay.ROOM, "room:300")),
        (Audience(class_ids=(6, 7)), Ground(CallWay.ROOM, rooms=ROOMS), (CallWay.ROOM, "room:700")),
        (WHOLE, Ground(CallWay.ROOM, chats={7: 12}), (CallWay.IN_CHAT, "chat:12")),
        (WHOLE, Ground(CallWay.IN_CHAT, rooms=ROOMS, chats={7: 12}), (CallWay.IN_CHAT, "chat:12")),
        (HALF, Ground(CallWay.IN_CHAT, rooms=ROOMS, chats={7: 12}), (CallWay.ROOM, "room:300")),
        (HALF, Ground(CallWay.IN_CHAT, chats={7: 12}, has_token=True), (CallWay.VK, None)),
        (HALF, Ground(CallWay.IN_CHAT, {2: CallWay.VK}), (CallWay.VK, None)),
        (WHOLE, Ground(CallWay.VK, {1: CallWay.IN_CHAT}, chats={7: 12}), (CallWay.IN_CHAT, "chat:12")),
        (Audience(), Ground(CallWay.VK, {1: CallWay.ROOM}), (CallWay.VK, None)),
    ],
)
def test_choose_takes_the_wished_way_or_the_nearest(audience, ground, expected):
    choice = choose(audience, ground)

    assert way_and_resource(choice) == expected
    assert choice.problem == ""


@pytest.mark.parametrize(("audience", "words"), [(HALF, "не для целого класса"), (WHOLE, "не подключён")])
def test_choose_without_any_way_asks_a_person(audience, words):
    choice = choose(audience, Ground(CallWay.IN_CHAT))

    assert (choice.url, choice.chat_id, choice.resource) == (None, None, None)
    assert words in choice.problem


def test_a_private_lesson_never_takes_the_room_that_its_class_knows():
    private = Audience(course_id=5, class_ids=(7,), is_private=True)

    assert choose(private, Ground(CallWay.ROOM, rooms=ROOMS, chats={7: 12})).problem
    assert fallback(private, Ground(CallWay.VK, rooms=ROOMS, chats={7: 12})) is None


def test_fallback_prefers_the_room_to_the_chat():
    ground = Ground(CallWay.VK, rooms=ROOMS, chats={7: 12})

    assert fallback(WHOLE, ground).resource == "room:100"
    assert fallback(WHOLE, Ground(CallWay.VK, chats={7: 12})).resource == "chat:12"
    assert fallback(HALF, Ground(CallWay.VK, chats={7: 12})) is None


audiences = st.builds(
    Audience,
    st.none() | st.integers(1, 3),
    st.just((7,)),
    st.none() | st.just(7),
    st.lists(st.integers(20, 22), max_size=2, unique=True).map(tuple),
    st.booleans(),
)
grounds = st.builds(
    Ground,
    st.sampled_from(CallWay),
    st.dictionaries(st.integers(1, 3), st.sampled_from(CallWay), max_size=2),
    st.dictionaries(
        st.tuples(st.sampled_from(RoomOwner), st.sampled_from([1, 7, 20])),
        st.builds(Room, st.integers(1, 99), st.just("url")),
        max_size=3,
    ),
    st.dictionaries(st.just(7), st.integers(1, 9), max_size=1),
    has_token=st.booleans(),
)


@given(audiences, grounds)
def test_every_choice_is_a_way_or_a_problem(audience, ground):
    choice = choose(audience, ground)

    assert (choice.way is CallWay.VK or choice.resource is not None) != bool(choice.problem)
    if choice.way is CallWay.IN_CHAT:
        assert audience.whole_class_id is not None
    if ground.way_of(audience.course_id) is CallWay.VK:
        assert choice.way is CallWay.VK


def test_resource_of_reads_rooms_chats_and_groups(app, time):
    school = make_school()

    def resource(course_id, group_of, teachers):
        group_id = db.session.execute(db.text(f"SELECT group_id FROM course WHERE id = {group_of}")).scalar_one()
        return resource_of(
            db.session(), school.id, course_id=course_id, group_id=group_id, teacher_ids=frozenset(teachers)
        )

    assert resource(school.algebra_a, school.algebra_a, {school.ivanova}) == f"chat:{school.students_a}"
    assert resource(school.english_1, school.english_1, {school.kim}) is None
    with transaction() as session:
        set_room(session, school.id, (RoomOwner.TEACHER, school.kim), "https://max.ru/joincall/abcdefghij")
    assert resource(school.english_1, school.english_1, {school.kim}) == "room:1"
    assert resource(None, school.algebra_b, set()) == f"chat:{school.students_b}"


@pytest.mark.parametrize(
    ("platform", "state", "is_used"),
    [
        (Platform.MAX, ChatState.CONNECTED, True),
        (Platform.MAX, ChatState.FOUND, False),
        (Platform.MAX, ChatState.REMOVED, False),
        (Platform.BY_HAND, ChatState.UNCONNECTED, True),
    ],
)
def test_only_a_connected_or_by_hand_chat_holds_calls(app, time, platform, state, is_used):
    school = make_school()
    with transaction() as session:
        chat = session.get_one(Chat, school.students_a)
        chat.platform, chat.state = platform, state
        group_id = session.execute(db.text(f"SELECT group_id FROM course WHERE id = {school.algebra_a}")).scalar_one()

    found = resource_of(db.session(), school.id, course_id=None, group_id=group_id, teacher_ids=())

    assert found == (f"chat:{school.students_a}" if is_used else None)
