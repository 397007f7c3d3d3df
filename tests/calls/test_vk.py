"""VK's calls over a real socket: the sandbox's published answers, and answers that no server should give."""

import socket
import threading

import httpx
import pytest

from scheduler.calls.provider import CallError, Failure
from scheduler.calls.vk import VkLinks
from scheduler.config import DEMO_VK_TOKEN

SHORT = httpx.Timeout(0.3)


@pytest.fixture
def links(vk):
    return VkLinks(vk.url, DEMO_VK_TOKEN, timeout=SHORT)


def failure(act):
    with pytest.raises(CallError) as caught:
        act()
    assert DEMO_VK_TOKEN not in repr(caught.value)
    assert caught.value.__cause__ is None
    return caught.value


def test_make_starts_a_call_and_finish_ends_it(links, vk):
    made = links.make()

    assert [(call["id"], call["url"], call["finished"]) for call in vk.calls] == [(made.external_id, made.url, False)]
    links.finish(made.external_id)
    links.finish(made.external_id)
    assert [call["finished"] for call in vk.calls] == [True]


def test_every_make_is_a_room_of_its_own(links):
    assert links.make().url != links.make().url


@pytest.mark.parametrize(
    ("code", "kind", "retry_after"),
    [
        (1, Failure.TRANSIENT, None),
        (10, Failure.TRANSIENT, None),
        (5, Failure.EXPIRED_TOKEN, None),
        (1117, Failure.EXPIRED_TOKEN, None),
        (6, Failure.THROTTLE, 1),
        (9, Failure.THROTTLE, 300),
        (29, Failure.THROTTLE, 7200),
        (7, Failure.NO_RIGHT, None),
        (14, Failure.NO_RIGHT, None),
        (15, Failure.NO_RIGHT, None),
        (27, Failure.NO_RIGHT, None),
        (23, Failure.UNAVAILABLE, None),
        (100, Failure.UNAVAILABLE, None),
        (777, Failure.UNAVAILABLE, None),
    ],
)
def test_an_error_number_says_what_to_do(links, vk, code, kind, retry_after):
    vk.fault(code=code, times=1)

    error = failure(links.make)

    assert (error.failure, error.code, error.retry_after) == (kind, code, retry_after)


def test_a_wrong_token_is_an_expired_one(vk):
    assert failure(VkLinks(vk.url, "another").make).failure is Failure.EXPIRED_TOKEN


def test_a_communitys_token_has_no_right(vk):
    assert failure(VkLinks(vk.url, "sandbox-vk-group-token").make).failure is Failure.NO_RIGHT


def test_a_lost_answer_is_an_unknown_outcome(links, vk):
    vk.fault(drop_after_accept=True, times=1)

    assert failure(links.make).failure is Failure.UNKNOWN
    assert len(vk.calls) == 1


def test_a_late_answer_is_an_unknown_outcome(links, vk):
    vk.fault(delay_s=1, times=1)

    assert failure(links.make).failure is Failure.UNKNOWN


def test_finish_tells_other_failures(links, vk):
    vk.fault("calls.forceFinish", code=6, times=1)

    assert failure(lambda: links.finish("x" * 36)).failure is Failure.THROTTLE


def test_nobody_listening_is_transient_because_nothing_was_sent():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    assert failure(VkLinks(f"http://127.0.0.1:{port}/vk", DEMO_VK_TOKEN).make).failure is Failure.TRANSIENT


def answer_once(head, body):
    """The address of a server that gives one answer and goes."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _ = server.accept()
        with server, connection:
            connection.recv(65536)
            raw = body.encode()
            connection.sendall(
                f"HTTP/1.1 {head}\r\nContent-Length: {len(raw)}\r\nConnection: close\r\n\r\n".encode() + raw
            )

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{server.getsockname()[1]}/vk"


@pytest.mark.parametrize(
    ("head", "body", "kind"),
    [
        ("502 Bad Gateway", "<html>", Failure.UNKNOWN),
        ("429 Too Many Requests\r\nRetry-After: 7", "", Failure.THROTTLE),
        ("404 Not Found", "", Failure.UNAVAILABLE),
        ("200 OK", "<html>an outage</html>", Failure.UNKNOWN),
        ("200 OK", '{"response": {"call_id": "3f0b', Failure.UNKNOWN),
        ("200 OK", "[]", Failure.UNKNOWN),
        ("200 OK", '{"error": "words"}', Failure.UNKNOWN),
        ("200 OK", '{"error": {"error_code": "five"}}', Failure.UNKNOWN),
        ("200 OK", '{"response": 1}', Failure.UNKNOWN),
        ("200 OK", '{"response": {"join_link": "https://vk.com/call/join/x"}}', Failure.UNKNOWN),
        ("200 OK", '{"response": {"call_id": "1", "join_link": "https://evil.example/x"}}', Failure.UNAVAILABLE),
        ("200 OK", '{"response": {"call_id": "1"}}', Failure.UNAVAILABLE),
    ],
)
def test_a_broken_answer_gives_no_link(app_for_words, head, body, kind):
    error = failure(VkLinks(answer_once(head, body), DEMO_VK_TOKEN).make)

    assert error.failure is kind
    if error.failure is Failure.THROTTLE:
        assert error.retry_after == 7


def test_a_link_of_the_true_vk_is_taken(app_for_words):
    link = "https://vk.com/call/join/" + "a" * 43
    body = f'{{"response": {{"call_id": "1", "join_link": "{link}", "ok_join_link": "x"}}}}'

    assert VkLinks(answer_once("200 OK", body), DEMO_VK_TOKEN).make().url == link
