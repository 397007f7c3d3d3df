import pytest

from scheduler.sandbox.app import close, create_sandbox


def test_state_has_the_promised_shape(control, chat, bot, vk):
    bot("POST", "/messages", {"text": "Урок"}, chat_id=chat)
    bot("POST", "/messages", {"text": ""}, chat_id=chat)
    state = control.json("GET", "/state")
    assert set(state) == {"chats", "calls", "counters"}
    (told,) = state["chats"]
    assert (told["platform"], told["chat_id"], told["title"]) == ("max", chat, "7 «А» ученики")
    assert told["members"] == [{"user_id": 4_000_101, "name": "Анна Петрова"}, {"user_id": 4_000_124, "name": "Иван"}]
    assert {"id", "text", "sent_at", "edited_at", "deleted", "buttons"} <= set(told["messages"][0])
    counters = {"sent": 1, "edited": 0, "deleted": 0, "rejected": 1, "rate_limited": 0, "injected": 0}
    assert state["counters"] == counters


@pytest.mark.parametrize("order", [None, {}, {"title": " "}, {"title": "7", "platform": "icq"}, [{"title": "7"}, {}]])
def test_wrong_chat_is_refused_whole(control, order):
    assert control("POST", "/chats", order).status_code == 400
    assert control.json("GET", "/state")["chats"] == []


def test_unknown_chat_and_empty_orders(control, chat):
    assert control("POST", "/chats/-1/remove-bot").status_code == 404
    assert control("POST", f"/chats/{chat}/title", {"title": ""}).status_code == 400
    assert control("POST", f"/chats/{chat}/members", []).status_code == 400
    assert control("DELETE", "/messages/mid.0").status_code == 404
    assert control("POST", "/switches", {"gravity": False}).status_code == 400


def test_chat_without_the_bot_is_unknown_to_it(control, bot):
    chat = control.json("POST", "/chats", {"title": "Чужой", "bot": False})["chat_id"]
    assert bot("GET", f"/chats/{chat}").status_code == 404
    assert bot.json("GET", "/updates", timeout=0)["updates"] == []


def test_members_are_added_renamed_and_removed(control, chat, shown):
    told = control.json(
        "POST", f"/chats/{chat}/members", {"members": [{"user_id": 4_000_124, "name": "Пётр Ким"}, "Ия"]}
    )
    assert told["members"] == 3
    control("POST", f"/chats/{chat}/members", {"remove": [4_000_101, 5]})
    assert [member["name"] for member in shown(chat)["members"]] == ["Ия", "Пётр Ким"]


def test_new_people_never_share_a_number(control):
    people = [{"user_id": 4_000_101, "name": "Занято"}, "Новый"]
    chat = control.json("POST", "/chats", {"title": "7", "members": people})["chat_id"]
    (told,) = control.json("GET", "/state")["chats"]
    assert told["chat_id"] == chat
    assert [member["user_id"] for member in told["members"]] == [4_000_101, 4_000_102]


def test_title_and_members_of_a_vk_chat(control, vk_chat, shown):
    control("POST", f"/chats/{vk_chat}/title", {"title": "8 «Б»"})
    control("POST", f"/chats/{vk_chat}/members", {"members": ["Новый"]})
    assert shown(vk_chat)["title"] == "8 «Б»"
    assert len(shown(vk_chat)["members"]) == 2


def test_reset_takes_all_away(control, chat, bot):
    bot("POST", "/messages", {"text": "Урок"}, chat_id=chat)
    control("POST", "/faults", {"status": 500})
    control("POST", "/reset")
    state = control.json("GET", "/state")
    assert (state["chats"], state["calls"], set(state["counters"].values())) == ([], [], {0})
    assert bot("GET", "/me").status_code == 200


def test_log_masks_tokens(control, app, bot):
    bot("GET", "/me")
    app.test_client().get("/vk/method/users.get?access_token=sandbox-vk-user-token&v=5.199")
    first, second = control.json("GET", "/log")["requests"]
    assert (first["method"], first["path"], first["status"]) == ("GET", "/max/me", 200)
    assert second["query"] == {"access_token": "***", "v": "5.199"}


def test_everything_is_in_the_file(tmp_path, clock):
    path = tmp_path / "kept.sqlite3"
    headers = {"Authorization": "sandbox-max-token"}
    first = create_sandbox(path, clock=lambda: clock.ms, postman=False)
    client = first.test_client()
    chat = client.post("/control/chats", json={"title": "7 «А»", "members": ["Анна"]}).get_json()["chat_id"]
    client.post(f"/max/messages?chat_id={chat}", json={"text": "Урок"}, headers=headers)
    before = client.get("/control/state").get_json()
    second = create_sandbox(path, clock=lambda: clock.ms, postman=False)
    assert second.test_client().get("/control/state").get_json() == before
    for app in (first, second):
        close(app)


def test_failed_order_leaves_nothing_half_done(app, control):
    store = app.extensions["sandbox"].store

    def half():
        with store.writing():
            store.keep("half", 1)
            raise LookupError

    with pytest.raises(LookupError):
        half()
    assert store.kept("half") is None
