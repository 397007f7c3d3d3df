import threading
import time

import httpx
import pytest

from scheduler.sandbox.server import running
from scheduler.sandbox.webhooks import Postman


def kinds(told):
    return [update["update_type"] for update in told["updates"]]


@pytest.fixture
def poll(bot):
    return lambda **query: bot.json("GET", "/updates", **{"timeout": 0, **query})


def test_new_chat_is_told_until_committed(poll, chat):
    first = poll()
    assert kinds(first) == ["bot_added"]
    assert first["updates"][0]["chat_id"] == chat
    assert poll() == first
    assert poll(marker=first["marker"]) == {"updates": [], "marker": first["marker"]}
    assert poll() == {"updates": [], "marker": first["marker"]}


def test_batches_follow_the_marker(poll, control):
    titles = [{"platform": "max", "title": f"{n} «А»"} for n in range(1, 6)]
    ids = [made["chat_id"] for made in control.json("POST", "/chats", titles)]
    first = poll(limit=2)
    again = poll(limit=2)
    second = poll(limit=3, marker=first["marker"])
    assert first == again
    assert [one["chat_id"] for one in first["updates"] + second["updates"]] == ids


def test_marker_of_another_time_loses_nothing(poll, chat):
    assert kinds(poll(marker=10_000)) == ["bot_added"]


def test_numbers_go_on_after_a_reset(poll, chat, control):
    marker = poll()["marker"]
    poll(marker=marker)
    control("POST", "/reset")
    made = control.json("POST", "/chats", {"platform": "max", "title": "1 «А»"})["chat_id"]
    assert made != chat
    assert [one["chat_id"] for one in poll(marker=marker)["updates"]] == [made]


def test_types_pass_over_the_others(poll, chat, control):
    control("POST", f"/chats/{chat}/title", {"title": "8 «А»"})
    told = poll(types="chat_title_changed")
    assert kinds(told) == ["chat_title_changed"]
    assert poll(marker=told["marker"])["updates"] == []


def test_what_happens_in_a_chat_is_told_to_an_administrator(poll, chat, control, bot):
    written = control.json("POST", f"/chats/{chat}/messages", {"text": "Здравствуйте"})["id"]
    control("DELETE", f"/messages/{written}")
    control("POST", f"/chats/{chat}/members", {"members": [{"user_id": 70, "name": "Новый"}], "remove": [4_000_124]})
    control("POST", f"/chats/{chat}/remove-bot")
    expected = ["bot_added", "message_created", "message_removed", "user_added", "user_removed", "bot_removed"]
    assert kinds(poll()) == expected
    control("POST", f"/chats/{chat}/bot", {})
    assert kinds(poll())[-1] == "bot_added"


def test_plain_member_hears_only_of_itself(poll, control):
    chat = control.json("POST", "/chats", {"platform": "max", "title": "7", "bot_admin": False})["chat_id"]
    control("POST", f"/chats/{chat}/messages", {"text": "Здравствуйте"})
    control("POST", f"/chats/{chat}/title", {"title": "8"})
    assert kinds(poll()) == ["bot_added"]


def test_waiting_poll_wakes_at_an_event(make):
    app = make()
    with running(app) as url, httpx.Client(base_url=url, headers={"Authorization": "sandbox-max-token"}) as client:
        answers = []
        waiting = threading.Thread(target=lambda: answers.append(client.get("/max/updates?timeout=20", timeout=25)))
        waiting.start()
        time.sleep(0.2)
        began = time.monotonic()
        httpx.post(f"{url}/control/chats", json={"platform": "max", "title": "7 «А»"})
        waiting.join(10)
        assert kinds(answers[0].json()) == ["bot_added"]
        assert time.monotonic() - began < 5


def test_polls_closer_than_300_ms_are_refused(make):
    client = make(limits=True).test_client()
    headers = {"Authorization": "sandbox-max-token"}
    codes = [client.get("/max/updates?timeout=0", headers=headers).status_code for _ in range(2)]
    assert codes == [200, 429]


@pytest.mark.parametrize("url", ["http://school.example/max", "https://school.example:8443/max", "no"])
def test_subscription_address_is_checked(bot, url):
    assert bot("POST", "/subscriptions", {"url": url}).status_code == 400


def test_subscriptions_are_listed_without_secret(bot, control):
    body = {"url": "https://school.example/max", "secret": "secret-1", "update_types": ["bot_added"]}
    assert bot.json("POST", "/subscriptions", body) == {"success": True}
    (told,) = bot.json("GET", "/subscriptions")["subscriptions"]
    assert (told["url"], told["update_types"], "secret" in told) == (body["url"], ["bot_added"], False)
    assert bot("GET", "/updates").status_code == 405
    assert bot.json("DELETE", "/subscriptions", url=body["url"]) == {"success": True}
    assert bot.json("DELETE", "/subscriptions", url=body["url"])["success"] is False
    assert bot("POST", "/subscriptions", {**body, "secret": "a b"}).status_code == 400
    assert bot("POST", "/subscriptions", {**body, "update_types": "all"}).status_code == 400
    control("POST", "/switches", {"strict": True})
    assert bot("POST", "/subscriptions", {"url": "http://127.0.0.1:8000/max"}).status_code == 400


@pytest.fixture
def hooked(app, bot, control):
    """Deliver what is due through a made-up transport: (deliver, what arrived, answers to give)."""
    bot("POST", "/subscriptions", {"url": "http://127.0.0.1:8000/max/webhook/1", "secret": "secret-1"})
    arrived, statuses = [], []

    def answer(request):
        arrived.append(request)
        status = statuses.pop(0) if statuses else 200
        if status == 0:
            raise httpx.ReadTimeout("too slow")
        return httpx.Response(status)

    postman = Postman(app.extensions["sandbox"])
    client = httpx.Client(transport=httpx.MockTransport(answer))
    return lambda: postman.deliver_due(client), arrived, statuses


def test_webhook_gets_one_update_with_the_secret(hooked, chat, poll, control):
    deliver, arrived, _ = hooked
    assert (deliver(), deliver()) == (1, 0)
    assert arrived[0].headers["X-Max-Bot-Api-Secret"] == "secret-1"
    assert b'"bot_added"' in arrived[0].content


def test_webhook_is_tried_again_with_growing_pauses(hooked, chat, clock):
    deliver, arrived, statuses = hooked
    statuses += [500, 0, 200]
    tried = []
    for ms in (0, 59_000, 1_000, 149_000, 1_000, 999_999):
        clock.ms += ms
        tried.append(deliver())
    assert tried == [1, 0, 1, 0, 1, 0]
    assert len(arrived) == 3


def test_webhook_failing_for_eight_hours_is_taken_away(hooked, chat, clock, bot):
    deliver, _, statuses = hooked
    statuses += [500] * 12
    for _ in range(11):
        deliver()
        clock.ms += 3_600_000
    assert bot.json("GET", "/subscriptions") == {"subscriptions": []}
    assert bot("GET", "/updates", timeout=0).status_code == 200


def test_webhook_thread_delivers(make, tmp_path):
    app, received = make(postman=True), make(postman=False, limits=True)
    with running(app) as url, running(received) as target:
        headers = {"Authorization": "sandbox-max-token"}
        httpx.post(f"{url}/max/subscriptions", json={"url": f"{target}/control/log-not-there"}, headers=headers)
        httpx.post(f"{url}/control/chats", json={"platform": "max", "title": "7 «А»"})
        store = app.extensions["sandbox"].store
        end = time.monotonic() + 5
        while not store.number("SELECT max(attempts) FROM hooks") and time.monotonic() < end:
            time.sleep(0.02)
        assert store.number("SELECT max(attempts) FROM hooks") == 1


def test_upload_is_two_steps_and_once(bot, app):
    told = bot.json("POST", "/uploads", type="image")
    path = told["url"].removeprefix("http://localhost")
    client = app.test_client()
    assert "photos" in client.post(path, data={"data": "x"}).get_json()
    assert client.post(path).status_code == 404
    film = bot.json("POST", "/uploads", type="video")
    assert client.post(film["url"].removeprefix("http://localhost")).get_json() == {"token": film["token"]}
    assert bot("POST", "/uploads", type="photo").status_code == 400
