import re

import pytest


@pytest.fixture
def get(app):
    return app.test_client().get


def test_empty_and_healthy(get):
    assert "Чатов пока нет" in get("/").text
    assert (get("/healthz").status_code, get("/healthz").text) == (200, "ok")


def test_chats_are_made_by_people_and_by_no_other_site(app, get):
    client = app.test_client()
    assert "7А ученики" in get("/new?titles=7А ученики").text
    foreign = client.post("/new", data={"titles": "Чужой"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    for _ in range(2):
        assert client.post("/new", data={"titles": "7А ученики\n\n7А родители\n"}).status_code == 303
    chats = get("/control/state").get_json()["chats"]
    assert sorted(chat["title"] for chat in chats) == ["7А родители", "7А ученики"]


def test_chat_page_shows_what_a_phone_would(get, bot, chat, clock):
    link = {"type": "link", "text": "Страница класса", "url": "https://school.example/t/7a?m=b1-1-1"}
    body = {
        "text": "Урок <b>: https://school.example/j/abc.",
        "notify": False,
        "attachments": [
            {"type": "inline_keyboard", "payload": {"buttons": [[link], [{"type": "message", "text": "Да"}]]}},
            {"type": "image", "payload": {"token": "t"}},
        ],
    }
    mid = bot.json("POST", "/messages", body, chat_id=chat)["message"]["body"]["mid"]
    clock.ms += 60_000
    bot("PUT", "/messages", {"text": body["text"]}, message_id=mid)
    bot("PUT", f"/chats/{chat}/pin", {"message_id": mid})
    page = get(f"/chats/{chat}")
    assert page.headers["Refresh"] == "5"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert (
        '<a href="https://school.example/j/abc" rel="noopener noreferrer">https://school.example/j/abc</a>.'
        in page.text
    )
    assert "&lt;b&gt;" in page.text
    assert 'href="https://school.example/t/7a?m=b1-1-1"' in page.text
    for words in ("без звука", "изменено", "2 участника", "Закреплено", "вложение: image"):
        assert words in page.text
    assert "Refresh" not in get(f"/chats/{chat}?live=0").headers
    assert re.search(r'aria-hidden="true">7А<', get("/").text)


def test_pages_need_no_script(get, chat):
    assert "<script" not in get(f"/chats/{chat}").text
    assert "style=" not in get("/").text


def test_call_page_follows_its_link(get, vk):
    call = vk("calls.start", community=False)["response"]
    path = call["join_link"].removeprefix("http://localhost")
    assert "Видеозвонок (демонстрация)" in get(path).text
    vk("calls.forceFinish", community=False, call_id=call["call_id"])
    assert "уже завершён" in get(path).text


@pytest.mark.parametrize("path", ["/call/join/none", "/chats/-1", "/nothing"])
def test_unknown_pages(get, path):
    answer = get(path)
    assert answer.status_code == 404
    assert "Такой страницы нет" in answer.text


def test_times_are_of_the_chosen_zone(make, clock):
    client = make(timezone="Asia/Yekaterinburg").test_client()
    chat = client.post("/control/chats", json={"title": "Учителя"}).get_json()["chat_id"]
    client.post(f"/control/chats/{chat}/messages", json={"text": "Здравствуйте"})
    page = client.get(f"/chats/{chat}").text
    assert "<time>11:00</time>" in page
    assert "24 ноября" in page
