import json

import pytest


def error(told):
    return told["error"]["error_code"]


def test_common_refusals(app, vk):
    client = app.test_client()
    assert error(vk("no.such")) == 3
    assert error(client.post("/vk/method/users.get", data={"access_token": "x", "v": "5.199"}).get_json()) == 5
    assert error(client.get("/vk/method/users.get?access_token=sandbox-vk-user-token").get_json()) == 8
    bearer = {"Authorization": "Bearer sandbox-vk-user-token"}
    answer = client.post("/vk/method/users.get", data={"v": "5.199"}, headers=bearer)
    assert answer.get_json()["response"][0]["id"] == 300_000_001
    told = vk("no.such", secret_word="a")
    assert "access_token" not in {param["key"] for param in told["error"]["request_params"]}
    assert vk("groups.getById")["response"]["groups"][0]["id"] == 220_000_001


def test_call_is_a_new_room_each_time(vk, control):
    first, second = (vk("calls.start", community=False)["response"] for _ in range(2))
    assert first["call_id"] != second["call_id"]
    assert first["join_link"] != second["join_link"]
    vk("calls.start", community=False, group_id=220_000_001)
    told = control.json("GET", "/state")["calls"]
    assert [call["started_by"] for call in told] == ["user 300000001"] * 2 + ["group 220000001"]
    assert told[0]["url"] == first["join_link"]


def test_calls_are_not_for_communities(vk):
    assert error(vk("calls.start")) == 27
    assert error(vk("calls.forceFinish", call_id="x")) == 27


def test_call_is_finished_once(vk):
    call_id = vk("calls.start", community=False)["response"]["call_id"]
    assert vk("calls.forceFinish", community=False, call_id=call_id) == {"response": 1}
    assert error(vk("calls.forceFinish", community=False, call_id=call_id)) == 104
    assert error(vk("calls.forceFinish", community=False, call_id="short")) == 100


@pytest.mark.parametrize(("code", "subcode"), [(5, 1117), (1117, None)])
def test_expired_token_concerns_the_person_only(vk, vk_chat, control, code, subcode):
    control("POST", "/vk-token", {"expired": True, "code": code})
    told = vk("calls.start", community=False)["error"]
    assert (told["error_code"], told.get("error_subcode")) == (code, subcode)
    assert "response" in vk("messages.getHistory", peer_id=vk_chat)
    control("POST", "/vk-token", {"expired": False})
    assert "response" in vk("calls.start", community=False)


def test_same_random_id_sends_once_within_an_hour(vk, vk_chat, shown, clock):
    def send(random_id):
        return vk("messages.send", peer_ids=vk_chat, random_id=random_id, message="Урок")["response"]

    first = send(7)
    assert first == [{"peer_id": vk_chat, "message_id": 0, "conversation_message_id": 1}]
    assert send(7) == first
    assert send(0) != send(0)
    clock.ms += 3_600_001
    assert send(7)[0]["conversation_message_id"] == 4
    assert len(shown(vk_chat)["messages"]) == 4


def test_sending_to_one_peer_answers_a_number(vk, vk_chat):
    assert vk("messages.send", peer_id=vk_chat, random_id=1, message="a") == {"response": 0}
    assert vk("messages.send", chat_id=vk_chat - 2_000_000_000, random_id=2, message="a") == {"response": 0}
    assert vk("messages.send", community=False, peer_id=vk_chat, random_id=3, message="a") == {"response": 3}


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"message": "a" * 4097}, 914),
        ({"message": ""}, 100),
        ({"message": "a", "keyboard": "{"}, 911),
        ({"message": "a", "keyboard": json.dumps({"buttons": [[{"action": {"type": "dance"}}]]})}, 911),
        (
            {"message": "a", "keyboard": json.dumps({"buttons": [[{"action": {"type": "text", "label": "a"}}] * 6]})},
            911,
        ),
        ({"message": "a", "peer_id": 2_000_000_900}, 917),
        ({"message": "a", "peer_id": "x"}, 100),
        ({"message": "a", "random_id": "x"}, 100),
        ({"message": "a", "peer_ids": "x"}, 100),
        ({"message": "a", "peer_ids": ",".join("1" * 101)}, 100),
    ],
)
def test_send_refuses(vk, vk_chat, shown, params, code):
    assert error(vk("messages.send", **{"peer_id": vk_chat, "random_id": 1, **params})) == code
    assert shown(vk_chat)["messages"] == []


def test_send_refuses_without_addressee_or_random_id(vk, vk_chat):
    assert error(vk("messages.send", peer_id=vk_chat, message="a")) == 100
    assert error(vk("messages.send", random_id=1, message="a")) == 100


def test_refusal_of_one_peer_stands_beside_the_others(vk, vk_chat):
    told = vk("messages.send", peer_ids=f"{vk_chat},2000000900", random_id=1, message="a")["response"]
    assert told[0]["conversation_message_id"] == 1
    assert told[1]["error"]["code"] == 917


def test_edit_and_its_end(vk, vk_chat, shown, clock, control):
    action = {"type": "open_link", "label": "Войти", "link": "https://school.example/j/a"}
    keyboard = json.dumps({"inline": True, "buttons": [[{"action": action}]]})
    vk("messages.send", peer_ids=vk_chat, random_id=1, message="Урок", keyboard=keyboard)
    assert shown(vk_chat)["messages"][0]["buttons"] == [
        {"text": "Войти", "url": "https://school.example/j/a", "type": "open_link"}
    ]
    assert vk("messages.edit", peer_id=vk_chat, cmid=1, message="Перенесён") == {"response": 1}
    assert (shown(vk_chat)["messages"][0]["text"], shown(vk_chat)["messages"][0]["buttons"]) == ("Перенесён", [])
    assert error(vk("messages.edit", peer_id=vk_chat, cmid=9, message="a")) == 100
    control("POST", f"/chats/{vk_chat}/messages", {"text": "Здравствуйте", "user_id": 77})
    assert error(vk("messages.edit", peer_id=vk_chat, message_id=2, message="a")) == 920
    clock.ms += 25 * 3_600_000
    assert error(vk("messages.edit", peer_id=vk_chat, cmid=1, message="a")) == 909


def test_delete_for_all_within_a_day(vk, vk_chat, shown, clock):
    for number in (1, 2):
        vk("messages.send", peer_id=vk_chat, random_id=number, message="Урок")
    told = vk("messages.delete", peer_id=vk_chat, cmids="1,9", delete_for_all=1)["response"]
    assert [one["response"] for one in told] == [1, 0]
    clock.ms += 25 * 3_600_000
    (late,) = vk("messages.delete", peer_id=vk_chat, cmids="2", delete_for_all=1)["response"]
    assert late["error"]["code"] == 924
    assert [one["deleted"] for one in shown(vk_chat)["messages"]] == [True, False]


def test_history_is_newest_first(vk, vk_chat):
    for number in (1, 2, 3):
        vk("messages.send", peer_id=vk_chat, random_id=number, message=f"Урок {number}")
    vk("messages.edit", peer_id=vk_chat, cmid=3, message="Иначе")
    told = vk("messages.getHistory", peer_id=vk_chat, count=2)["response"]
    assert told["count"] == 3
    assert [(one["text"], one["out"]) for one in told["items"]] == [("Иначе", 1), ("Урок 2", 1)]
    assert vk("messages.getHistory", peer_id=vk_chat, offset=2)["response"]["items"][0]["text"] == "Урок 1"
    assert error(vk("messages.getHistory", peer_id=vk_chat, count=201)) == 100
    found = vk("messages.getByConversationMessageId", peer_id=vk_chat, conversation_message_ids="2,9")["response"]
    assert [one["text"] for one in found["items"]] == ["Урок 2"]


def test_members_pin_and_list(vk, vk_chat, control):
    told = vk("messages.getConversationMembers", peer_id=vk_chat)["response"]
    assert [one["member_id"] for one in told["items"]] == [77, -220_000_001]
    assert told["profiles"][0]["first_name"] == "Ольга"
    vk("messages.send", peer_id=vk_chat, random_id=1, message="Урок")
    assert vk("messages.pin", peer_id=vk_chat, cmid=1)["response"]["text"] == "Урок"
    assert vk("messages.unpin", peer_id=vk_chat) == {"response": 1}
    (item,) = vk("messages.getConversations")["response"]["items"]
    assert item["conversation"]["chat_settings"]["title"] == "7 «Б»"
    assert vk("messages.getConversationsById", peer_ids=vk_chat)["response"]["count"] == 1
    assert vk("messages.getInviteLink", peer_id=vk_chat)["response"]["link"].startswith("https://vk.me/join/")
    control("POST", f"/chats/{vk_chat}/bot", {"bot_admin": False})
    assert error(vk("messages.getConversationMembers", peer_id=vk_chat)) == 917
    assert error(vk("messages.pin", peer_id=vk_chat, cmid=1)) == 925
    control("POST", f"/chats/{vk_chat}/remove-bot")
    assert error(vk("messages.send", peer_id=vk_chat, random_id=9, message="a")) == 917


def test_long_poll_tells_of_coming_and_going(vk, control, app):
    server = vk("groups.getLongPollServer", group_id=220_000_001)["response"]
    chat = control.json("POST", "/chats", {"platform": "vk", "title": "7"})["chat_id"]
    control("POST", f"/chats/{chat}/remove-bot")
    client = app.test_client()

    def poll(**query):
        asked = {"act": "a_check", "key": server["key"], "ts": server["ts"], "wait": 0, **query}
        return client.get("/vk/longpoll", query_string=asked).get_json()

    told = poll()
    actions = [update["object"]["message"]["action"]["type"] for update in told["updates"]]
    assert actions == ["chat_invite_user", "chat_kick_user"]
    assert poll(ts=told["ts"]) == {"ts": told["ts"], "updates": []}
    assert poll(key="old") == {"failed": 2}
    assert poll(ts="99") == {"failed": 1, "ts": 2}


def test_rates_differ_by_token(make):
    client = make(limits=True).test_client()

    def burst(token, count):
        data = {"access_token": token, "v": "5.199"}
        told = [client.post("/vk/method/users.get", data=data).get_json() for _ in range(count)]
        return sum("error" in one for one in told)

    assert burst("sandbox-vk-user-token", 5) >= 1
    assert burst("sandbox-vk-group-token", 10) == 0


@pytest.mark.parametrize(
    ("order", "code"), [({"status": 429}, 6), ({"status": 401}, 5), ({"status": 400, "code": 14}, 14)]
)
def test_ordered_refusals_are_told_as_vk_does(vk, control, order, code):
    control("POST", "/faults", {"platform": "vk", "path": "calls.start", "times": 1, **order})
    assert error(vk("calls.start", community=False)) == code
    assert "response" in vk("calls.start", community=False)


def test_broken_server_is_no_json(app, control):
    control("POST", "/faults", {"platform": "vk", "path": "/messages", "chat_id": 2_000_000_001, "status": 502})
    data = {"access_token": "sandbox-vk-group-token", "v": "5.199", "peer_id": 2_000_000_001}
    answer = app.test_client().post("/vk/method/messages.unpin", data=data)
    assert (answer.status_code, answer.is_json) == (502, False)
    other = app.test_client().post("/vk/method/messages.unpin", data={**data, "peer_id": 2_000_000_002})
    assert other.status_code == 200
