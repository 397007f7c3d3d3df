import pytest

LINK = {"type": "link", "text": "Войти", "url": "https://school.example/j/a?m=b1-1-1"}


def keyboard(*rows):
    return [{"type": "inline_keyboard", "payload": {"buttons": list(rows)}}]


def sent(bot, chat, text="Урок", **more):
    return bot.json("POST", "/messages", {"text": text, **more}, chat_id=chat)["message"]["body"]["mid"]


def test_send_echoes_text_and_keyboard(bot, chat, shown):
    body = {"text": "Урок в 10:00", "attachments": keyboard([LINK]), "notify": False}
    message = bot.json("POST", "/messages", body, chat_id=chat)["message"]
    assert message["recipient"] == {"chat_id": chat, "chat_type": "chat", "user_id": None}
    assert message["body"]["seq"] > 2**53
    assert message["body"]["mid"] == f"mid.{chat & (2**64 - 1):016x}{message['body']['seq']:016x}"
    assert message["body"]["attachments"][0]["payload"]["buttons"] == [[LINK]]
    (told,) = shown(chat)["messages"]
    assert told["text"] == "Урок в 10:00"
    assert told["buttons"] == [{"text": "Войти", "url": LINK["url"], "type": "link"}]
    assert (told["notify"], told["deleted"], told["edited_at"]) == (False, False, None)
    assert told["sent_at"] == "2026-11-24T06:00:00.000+00:00"


def test_send_twice_stands_twice(bot, chat, control):
    assert sent(bot, chat) != sent(bot, chat)
    assert control.json("GET", "/state")["counters"]["sent"] == 2


@pytest.mark.parametrize(
    "body",
    [
        {"text": "я" * 4001},
        {"text": ""},
        {"text": 5},
        {"text": "a", "format": "bbcode"},
        {"text": "a", "attachments": "no"},
        {"text": "a", "attachments": [{"type": "hologram"}]},
        {"text": "a", "attachments": [{"type": "file", "payload": {}}, {"type": "image", "payload": {}}]},
        {"text": "a", "attachments": keyboard()},
        {"text": "a", "attachments": keyboard([LINK] * 4)},
        {"text": "a", "attachments": keyboard([{"type": "message", "text": "1"}] * 8)},
        {"text": "a", "attachments": keyboard(*[[LINK]] * 31)},
        {"text": "a", "attachments": keyboard([{"type": "chat", "text": "1"}])},
        {"text": "a", "attachments": keyboard([{**LINK, "text": ""}])},
        {"text": "a", "attachments": keyboard([{**LINK, "url": "j/abc"}])},
        {"text": "a", "attachments": keyboard([{**LINK, "url": "https://" + "a" * 2048}])},
        {"text": "a", "link": {"type": "reply", "mid": "mid.0"}},
        ["text"],
    ],
)
def test_send_refuses_what_the_real_one_refuses(bot, chat, shown, body):
    answer = bot("POST", "/messages", body, chat_id=chat)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "proto.payload")
    assert shown(chat)["messages"] == []


def test_send_takes_all_that_is_allowed(bot, chat):
    rows = [[{"type": "message", "text": str(n)} for n in range(7)] for _ in range(30)]
    assert (
        bot("POST", "/messages", {"text": "я" * 4000, "attachments": keyboard(*rows)}, chat_id=chat).status_code == 200
    )
    picture = {"type": "image", "payload": {"token": "t"}}
    place = {"type": "location", "latitude": 1.5, "longitude": 2.5}
    assert bot("POST", "/messages", {"text": None, "attachments": [picture, place]}, chat_id=chat).status_code == 200


@pytest.mark.parametrize("query", [{}, {"chat_id": 1, "user_id": 2}, {"chat_id": "x"}])
def test_send_needs_one_addressee(bot, query):
    assert bot("POST", "/messages", {"text": "a"}, **query).status_code == 400


def test_send_to_unknown_and_left_chats(bot, chat, control):
    unknown = bot("POST", "/messages", {"text": "a"}, chat_id=-5)
    assert (unknown.status_code, unknown.get_json()) == (
        404,
        {"code": "chat.not.found", "message": "Chat -5 not found"},
    )
    control("POST", f"/chats/{chat}/remove-bot")
    left = bot("POST", "/messages", {"text": "a"}, chat_id=chat)
    assert (left.status_code, left.get_json()["code"]) == (403, "chat.denied")
    control("POST", "/switches", {"after_removal": 404})
    assert bot("GET", f"/chats/{chat}").status_code == 404


def test_edit_keeps_replaces_and_clears_the_keyboard(bot, chat, shown, clock):
    mid = sent(bot, chat, attachments=keyboard([LINK]))
    clock.ms += 60_000
    assert bot.json("PUT", "/messages", {"text": "Перенесён"}, message_id=mid) == {"success": True}
    told = shown(chat)["messages"][0]
    assert (told["text"], len(told["buttons"])) == ("Перенесён", 1)
    assert told["edited_at"] == "2026-11-24T06:01:00.000+00:00"
    bot("PUT", "/messages", {"attachments": keyboard([{**LINK, "text": "Иначе"}])}, message_id=mid)
    assert shown(chat)["messages"][0]["buttons"][0]["text"] == "Иначе"
    assert shown(chat)["messages"][0]["text"] == "Перенесён"
    bot("PUT", "/messages", {"text": "Перенесён", "attachments": []}, message_id=mid)
    assert shown(chat)["messages"][0]["buttons"] == []


def test_edit_of_unknown_and_of_others(bot, chat, control):
    theirs = control.json("POST", f"/chats/{chat}/messages", {"text": "Здравствуйте", "user_id": 4_000_124})["id"]
    assert bot("PUT", "/messages", {"text": "a"}, message_id="mid.0").status_code == 404
    refused = bot("PUT", "/messages", {"text": "a"}, message_id=theirs)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "access.denied")


def test_delete_once(bot, chat, control, shown):
    mid = sent(bot, chat)
    assert bot.json("DELETE", "/messages", message_id=mid) == {"success": True}
    assert bot("DELETE", "/messages", message_id=mid).status_code == 404
    assert bot("PUT", "/messages", {"text": "a"}, message_id=mid).status_code == 404
    assert shown(chat)["messages"][0]["deleted"] is True
    assert bot.json("GET", "/messages", chat_id=chat)["messages"] == []
    assert control.json("GET", "/state")["counters"]["deleted"] == 1


def test_delete_of_others_needs_a_right(bot, chat, control):
    mine = {"text": "Здравствуйте"}
    first, second = (control.json("POST", f"/chats/{chat}/messages", mine)["id"] for _ in range(2))
    assert bot("DELETE", "/messages", message_id=first).status_code == 200
    control("POST", f"/chats/{chat}/bot", {"bot_admin": False})
    assert bot("DELETE", "/messages", message_id=second).status_code == 403


def test_reading_is_newest_first_between_two_times(bot, chat, clock):
    mids = []
    for _ in range(4):
        mids.append(sent(bot, chat, "Урок"))
        clock.ms += 1000
    start = clock.ms - 4000

    def read(**query):
        return [one["body"]["mid"] for one in bot.json("GET", "/messages", chat_id=chat, **query)["messages"]]

    assert read() == mids[::-1]
    assert read(count=2) == [mids[3], mids[2]]
    assert read(after=start + 2000) == [mids[3], mids[2]]
    assert read(before=start + 1000) == [mids[1], mids[0]]
    assert read(**{"from": start + 2000, "to": start + 1000}) == [mids[2], mids[1]]
    assert bot("GET", "/messages", chat_id=chat, count=101).status_code == 400
    assert bot("GET", "/messages").status_code == 400
    told = bot.json("GET", "/messages", message_ids=f"{mids[0]},mid.0,{mids[1]}")["messages"]
    assert [one["body"]["mid"] for one in told] == mids[:2]
    assert bot.json("GET", f"/messages/{mids[0]}")["body"]["text"] == "Урок"
    assert bot("GET", "/messages/mid.0").status_code == 404


def test_reading_needs_the_right_to_read(bot, control):
    blind = {"platform": "max", "title": "8 «Б»", "members": ["Анна"], "read_all_messages": False}
    chat = control.json("POST", "/chats", blind)["chat_id"]
    assert bot("POST", "/messages", {"text": "a"}, chat_id=chat).status_code == 200
    for path in ("/messages", f"/chats/{chat}/members"):
        refused = bot("GET", path, chat_id=chat)
        assert (refused.status_code, refused.get_json()["code"]) == (403, "access.denied")


def test_plain_member_may_post_unless_switched_off(bot, control):
    chat = control.json("POST", "/chats", {"platform": "max", "title": "8 «В»", "bot_admin": False})["chat_id"]
    assert bot("POST", "/messages", {"text": "a"}, chat_id=chat).status_code == 200
    control("POST", "/switches", {"nonadmin_post": False})
    assert bot("POST", "/messages", {"text": "a"}, chat_id=chat).status_code == 403


def test_dialog_is_answered_by_user_and_ages(bot, control, clock):
    chat = control.json("POST", "/dialogs", {"user_id": 9, "name": "Ольга", "payload": "teacher-1"})["chat_id"]
    assert chat > 0
    told = bot.json("POST", "/messages", {"text": "a"}, user_id=9)["message"]
    assert told["recipient"] == {"chat_id": chat, "chat_type": "dialog", "user_id": 9}
    assert bot.json("GET", f"/chats/{chat}")["dialog_with_user"]["first_name"] == "Ольга"
    assert bot("POST", "/messages", {"text": "a"}, user_id=10).status_code == 404
    theirs = control.json("POST", f"/chats/{chat}/messages", {"text": "нет", "user_id": 9})["id"]
    assert bot("DELETE", "/messages", message_id=theirs).status_code == 403
    clock.ms += 8 * 24 * 3600 * 1000
    assert bot("PUT", "/messages", {"text": "b"}, message_id=told["body"]["mid"]).status_code == 400


def test_pressed_button_is_answered_once_per_number(bot, chat, control, shown):
    button = {"type": "callback", "text": "Принято", "payload": "ack:17"}
    mid = sent(bot, chat, attachments=keyboard([button]))
    pressed = control.json("POST", f"/messages/{mid}/press", {"user_id": 4_000_124, "payload": "ack:17"})
    (update,) = [one for one in bot.json("GET", "/updates", timeout=0)["updates"] if "callback" in one]
    assert update["callback"]["payload"] == "ack:17"
    answer = {"message": {"text": "Принято", "attachments": []}, "notification": "Спасибо"}
    assert bot.json("POST", "/answers", answer, callback_id=pressed["callback_id"]) == {"success": True}
    assert (shown(chat)["messages"][0]["text"], shown(chat)["messages"][0]["buttons"]) == ("Принято", [])
    assert bot("POST", "/answers", {}, callback_id="unknown").status_code == 404
    assert control("POST", "/messages/mid.0/press", {}).status_code == 404


def test_reply_carries_what_it_answers(bot, chat):
    mid = sent(bot, chat, "Первое")
    told = bot.json("POST", "/messages", {"text": "Второе", "link": {"type": "reply", "mid": mid}}, chat_id=chat)
    assert told["message"]["link"]["message"]["text"] == "Первое"
