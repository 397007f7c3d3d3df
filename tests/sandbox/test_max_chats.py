def test_token_is_bare_and_exact(app, chat):
    client = app.test_client()
    empty = client.get("/max/me")
    assert (empty.status_code, empty.get_json()) == (401, {"code": "verify.token", "message": "Empty access_token"})
    for token in ("wrong", "Bearer sandbox-max-token"):
        answer = client.get("/max/me?access_token=sandbox-max-token", headers={"Authorization": token})
        assert (answer.status_code, answer.get_json()["message"]) == (401, "Invalid access_token")


def test_nothing_lists_chats(bot, chat):
    assert bot("GET", "/chats").status_code == 404
    assert bot("GET", "/chats").get_json()["code"] == "not.found"


def test_me_and_commands(bot):
    assert bot.json("GET", "/me")["is_bot"] is True
    assert bot.json("PATCH", "/me/commands", {"commands": [{"name": "start"}]}) == {"commands": [{"name": "start"}]}
    assert bot.json("GET", "/me")["commands"] == [{"name": "start"}]
    assert bot("PATCH", "/me/commands", {"commands": "no"}).status_code == 400


def test_chat_tells_its_title_and_size(bot, chat):
    told = bot.json("GET", f"/chats/{chat}")
    assert (told["chat_id"], told["title"], told["participants_count"]) == (chat, "7 «А» ученики", 3)
    assert chat < 0
    assert bot.json("PATCH", f"/chats/{chat}", {"title": "8 «А»"})["title"] == "8 «А»"
    assert bot("PATCH", f"/chats/{chat}", {"title": ""}).status_code == 400
    assert bot.json("POST", f"/chats/{chat}/actions", {"action": "typing_on"}) == {"success": True}
    assert bot("POST", f"/chats/{chat}/actions", {"action": "dance"}).status_code == 400


def test_members_are_paged_to_the_end(bot, control):
    people = [f"Ученик {number}" for number in range(45)]
    chat = control.json("POST", "/chats", {"platform": "max", "title": "9 «А»", "members": people})["chat_id"]
    seen, marker = [], None
    for _ in range(9):
        page = bot.json("GET", f"/chats/{chat}/members", count=20, **({"marker": marker} if marker else {}))
        seen += [member["user_id"] for member in page["members"]]
        marker = page["marker"]
        if marker is None:
            break
    assert len(seen) == len(set(seen)) == 46
    assert len(bot.json("GET", f"/chats/{chat}/members")["members"]) == 20
    chosen = bot.json("GET", f"/chats/{chat}/members", user_ids=f"{seen[3]},{seen[4]}", count=1)
    assert [member["user_id"] for member in chosen["members"]] == seen[3:5]
    assert bot("GET", f"/chats/{chat}/members", user_ids="a").status_code == 400
    assert bot("GET", f"/chats/{chat}/members", count=0).status_code == 400


def test_bot_learns_its_own_rights(bot, chat, control):
    mine = bot.json("GET", f"/chats/{chat}/members/me")
    assert (mine["is_bot"], mine["is_admin"]) == (True, True)
    assert "read_all_messages" in mine["permissions"]
    control("POST", f"/chats/{chat}/bot", {"bot_admin": False})
    assert bot.json("GET", f"/chats/{chat}/members/me")["permissions"] is None
    assert bot("GET", f"/chats/{chat}/members/admins").status_code == 403


def test_administrators(bot, chat):
    ids = [one["user_id"] for one in bot.json("GET", f"/chats/{chat}/members/admins")["members"]]
    assert ids[1:] == [4_000_124]
    assert bot("DELETE", f"/chats/{chat}/members/admins/4000124").status_code == 200
    assert len(bot.json("GET", f"/chats/{chat}/members/admins")["members"]) == 1
    bot("POST", f"/chats/{chat}/members/admins", {"admins": [{"user_id": 4_000_124, "permissions": ["write"]}]})
    assert len(bot.json("GET", f"/chats/{chat}/members/admins")["members"]) == 2
    assert bot("POST", f"/chats/{chat}/members/admins", {}).status_code == 400


def test_members_cannot_be_added_but_removed(bot, chat, control, shown):
    assert bot("POST", f"/chats/{chat}/members", {"user_ids": [5]}).status_code == 403
    control("POST", "/switches", {"add_members": True})
    told = bot.json("POST", f"/chats/{chat}/members", {"user_ids": [5]})
    assert told["failed_user_details"] == [{"error_code": "add.participant.privacy", "user_ids": [5]}]
    assert bot.json("DELETE", f"/chats/{chat}/members", user_id=4_000_124) == {"success": True}
    assert bot.json("DELETE", f"/chats/{chat}/members", user_id=4_000_124)["success"] is False
    assert bot("DELETE", f"/chats/{chat}/members").status_code == 400
    assert len(shown(chat)["members"]) == 1


def test_pin_goes_with_its_message(bot, chat):
    mid = bot.json("POST", "/messages", {"text": "Расписание"}, chat_id=chat)["message"]["body"]["mid"]
    assert bot.json("GET", f"/chats/{chat}/pin") == {"message": None}
    assert bot("PUT", f"/chats/{chat}/pin", {"message_id": "mid.0"}).status_code == 404
    bot("PUT", f"/chats/{chat}/pin", {"message_id": mid})
    assert bot.json("GET", f"/chats/{chat}/pin")["message"]["body"]["mid"] == mid
    assert bot.json("GET", f"/chats/{chat}")["pinned_message"]["body"]["text"] == "Расписание"
    bot("DELETE", f"/chats/{chat}/pin")
    assert bot.json("GET", f"/chats/{chat}/pin") == {"message": None}
    bot("PUT", f"/chats/{chat}/pin", {"message_id": mid})
    bot("DELETE", "/messages", message_id=mid)
    assert bot.json("GET", f"/chats/{chat}/pin") == {"message": None}


def test_leaving_is_for_good(bot, chat):
    assert bot.json("DELETE", f"/chats/{chat}/members/me") == {"success": True}
    assert bot("GET", f"/chats/{chat}").status_code == 403
