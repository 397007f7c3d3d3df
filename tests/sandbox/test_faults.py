import time

import httpx
import pytest

from scheduler.sandbox.server import running


@pytest.fixture
def post(bot, chat):
    return lambda text="Урок": bot("POST", "/messages", {"text": text}, chat_id=chat)


@pytest.fixture
def order(control):
    return lambda **fault: control(
        "POST", "/faults", {"platform": "max", "method": "POST", "path": "/messages", **fault}
    )


@pytest.mark.parametrize(
    ("status", "code"),
    [(429, "too.many.requests"), (500, "internal.error"), (403, "chat.denied"), (401, "verify.token")],
)
def test_status_comes_so_often_and_takes_no_effect(post, order, control, status, code):
    order(status=status, times=2, retry_after=3)
    answers = [post() for _ in range(3)]
    assert [answer.status_code for answer in answers] == [status, status, 200]
    assert (answers[0].get_json()["code"], answers[0].headers["Retry-After"]) == (code, "3")
    assert control.json("GET", "/state")["counters"]["sent"] == 1


def test_html_and_empty_bodies(post, order):
    order(status=502, times=1)
    order(status=200, body="", times=1)
    order(status=200, body={"success": False, "message": "нет"}, times=1)
    first, second, third = post(), post(), post()
    assert first.mimetype == "text/html"
    assert second.get_data() == b""
    assert third.get_json() == {"success": False, "message": "нет"}


def test_fault_is_for_its_method_path_and_chat(bot, post, order, chat, control):
    other = control.json("POST", "/chats", {"platform": "max", "title": "8"})["chat_id"]
    order(status=500, chat_id=chat)
    assert bot("GET", "/messages", chat_id=chat).status_code == 200
    assert bot("POST", "/messages", {"text": "a"}, chat_id=other).status_code == 200
    assert [post().status_code, post().status_code] == [500, 500]
    control("DELETE", "/faults")
    mid = post().get_json()["message"]["body"]["mid"]
    control("POST", "/faults", {"platform": "max", "method": "PUT", "status": 503, "chat_id": chat})
    assert bot("PUT", "/messages", {"text": "b"}, message_id=mid).status_code == 503
    assert bot("PUT", "/messages", {"text": "b"}, message_id="mid.0").status_code == 404
    control("POST", "/faults", {"platform": "max", "path": "/chats", "status": 503, "chat_id": chat})
    assert bot("GET", f"/chats/{chat}").status_code == 503


def test_truncated_answer_is_no_json(post, order, shown, chat):
    order(truncate=True, times=1)
    answer = post()
    assert answer.status_code == 200
    assert not answer.get_data().endswith(b"}\n")
    assert len(shown(chat)["messages"]) == 1


def test_delay_is_after_the_effect(post, order, shown, chat):
    order(delay_s=0.15, times=1)
    began = time.monotonic()
    assert post().status_code == 200
    assert time.monotonic() - began >= 0.15
    assert len(shown(chat)["messages"]) == 1


def test_orders_are_listed_and_checked(control):
    made = control.json("POST", "/faults", {"platform": "max", "status": 500, "times": 3})
    assert made == {"id": 1}
    assert control.json("GET", "/faults")["faults"] == [
        {"id": 1, "left": 3, "platform": "max", "status": 500, "times": 3}
    ]
    for wrong in (
        {"platform": "max"},
        {"status": 500, "often": 1},
        {"status": "500"},
        {"status": 500, "times": -1},
        [],
    ):
        assert control("POST", "/faults", wrong).status_code == 400
    control("POST", "/faults", {"status": 500, "times": 0})
    control("DELETE", "/faults")
    assert control.json("GET", "/faults") == {"faults": []}


def test_never_striking_fault_lets_all_through(post, order):
    order(status=500, times=0)
    assert [post().status_code, post().status_code] == [200, 200]


def test_limits_of_token_and_chat(make):
    client = make(limits=True).test_client()
    headers = {"Authorization": "sandbox-max-token"}
    made = client.post("/control/chats", json=[{"title": f"{n} «А»"} for n in range(40)]).get_json()
    ids = [chat["chat_id"] for chat in made]

    def send(chat_id):
        return client.post(f"/max/messages?chat_id={chat_id}", json={"text": "a"}, headers=headers)

    three = [send(ids[0]) for _ in range(3)]
    assert [answer.status_code for answer in three] == [200, 200, 429]
    assert three[2].get_json() == {"code": "too.many.requests", "message": "Too Many Requests"}
    assert "Retry-After" not in three[2].headers
    client.post("/control/switches", json={"retry_after": 1})
    assert 429 in {send(chat_id).status_code for chat_id in ids}
    counters = client.get("/control/state").get_json()["counters"]
    assert counters["rate_limited"] >= 2
    assert counters["rejected"] == 0
    client.post("/control/switches", json={"limits": False})
    assert [send(ids[0]).status_code for _ in range(9)] == [200] * 9


def test_lost_answer_is_a_broken_connection_and_a_stored_message(make):
    app = make()
    with running(app) as url, httpx.Client(base_url=url, headers={"Authorization": "sandbox-max-token"}) as client:
        chat = client.post("/control/chats", json={"platform": "max", "title": "7 «А»"}).json()["chat_id"]
        fault = {"platform": "max", "method": "POST", "path": "/messages", "drop_after_accept": True, "times": 1}
        client.post("/control/faults", json=fault)
        with pytest.raises(httpx.TransportError):
            client.post("/max/messages", params={"chat_id": chat}, json={"text": "Урок"})
        (message,) = client.get("/max/messages", params={"chat_id": chat}).json()["messages"]
        assert message["body"]["text"] == "Урок"
        assert client.post("/max/messages", params={"chat_id": chat}, json={"text": "Ещё"}).status_code == 200
