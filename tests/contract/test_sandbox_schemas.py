"""The sandbox's answers against the schemas that MAX and VK publish; the repository does not carry those files."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from scheduler.sandbox.app import close, create_sandbox

SCHEMAS = Path(__file__).resolve().parents[2].parent / "shared" / "reference" / "schemas"
MAX_FILE = SCHEMAS / "max" / "schema_2026_07_01.json"
HERE = "#/components/schemas/"

pytestmark = [
    pytest.mark.samples,
    pytest.mark.skipif(not MAX_FILE.exists(), reason=f"the published schemas are not at {SCHEMAS}"),
]


def plain(node):
    """OpenAPI 3.0 and VK's dialect (draft 3 `required`, no `null` type) said in JSON Schema 2020-12."""
    if isinstance(node, list):
        return [plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    told = {key: plain(value) for key, value in node.items() if key not in ("discriminator", "required", "default")}
    properties = node.get("properties") if isinstance(node.get("properties"), dict) else {}
    named = node["required"] if isinstance(node.get("required"), list) else []
    marked = [name for name, value in properties.items() if isinstance(value, dict) and value.get("required") is True]
    # `inner_type` and a body's `link` stand only in the dumps' lists: no documentation shows them in an answer.
    required = [name for name in {*named, *marked} if name in properties and name != "inner_type"]
    if required:
        told["required"] = sorted(required)
    if node.get("nullable"):
        told.pop("nullable", None)
        return {"anyOf": [told, {"type": "null"}]}
    return told


def max_document():
    """Objects told apart by a `discriminator` are held to the schema of their kind, not to the common one alone."""
    schemas = json.loads(MAX_FILE.read_text(encoding="utf-8"))["components"]["schemas"]
    told = {name: plain(schema) for name, schema in schemas.items()}
    for name, schema in schemas.items():
        if not (mapping := schema.get("discriminator", {}).get("mapping")):
            continue
        mapping = {kind: ref["$ref"] if isinstance(ref, dict) else ref for kind, ref in mapping.items()}
        key = schema["discriminator"]["propertyName"]
        told[f"{name}Base"] = told[name]
        for target in {ref.removeprefix(HERE) for ref in mapping.values()}:
            parts = told[target]["allOf"]
            told[target]["allOf"] = [{"$ref": f"{HERE}{name}Base"} if p == {"$ref": HERE + name} else p for p in parts]
        kinds = [
            {"if": {"properties": {key: {"const": kind}}, "required": [key]}, "then": {"$ref": ref}}
            for kind, ref in mapping.items()
        ]
        told[name] = {"allOf": [{"$ref": f"{HERE}{name}Base"}, {"properties": {key: {"enum": list(mapping)}}}, *kinds]}
    return {"components": {"schemas": told}}


def vk_document():
    """All files in one; what they point to beyond the parts kept here is taken as it comes."""
    told, missing = {}, {"definitions": {}}
    for file in sorted((SCHEMAS / "vk").glob("*.json")):
        room, _, kind = file.name.removesuffix(".json").partition(".")
        text = file.read_text(encoding="utf-8").replace('"../', '"#/files/').replace(".json#/", "/")
        told.setdefault(room, {})[kind] = plain(json.loads(text)) if kind else missing
    document = {"files": told}
    for ref in set(_refs(document)):
        _ensure(document, ref)
    return document


def _refs(node):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from _refs(item)


def _ensure(document, ref):
    place = document
    for part in ref.removeprefix("#/").split("/"):
        place = place.setdefault(part, {})


@pytest.fixture(scope="module")
def max_schema():
    document = max_document()
    return lambda name, answer: _held(document, HERE + name, answer)


@pytest.fixture(scope="module")
def vk_schema():
    document = vk_document()
    return lambda place, answer: _held(document, f"#/files/{place}", answer)


def _held(document, ref, answer):
    errors = Draft202012Validator({"$ref": ref, **document}).iter_errors(answer)
    assert [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in errors] == []


@pytest.fixture
def client(tmp_path):
    app = create_sandbox(tmp_path / "sandbox.sqlite3", limits=False, postman=False)
    yield app.test_client()
    close(app)


@pytest.fixture
def bot(client):
    def ask(method, path, body=None, status=200):
        answer = client.open(f"/max{path}", method=method, json=body, headers={"Authorization": "sandbox-max-token"})
        assert answer.status_code == status
        return answer.get_json()

    return ask


@pytest.fixture
def chat(client):
    people = [{"user_id": 9, "name": "Анна Петрова", "is_owner": True, "is_admin": True}, "Иван"]
    return client.post("/control/chats", json={"title": "7 «А»", "members": people}).get_json()["chat_id"]


BUTTONS = [
    [{"type": "link", "text": "Войти", "url": "https://school.example/j/a"}],
    [{"type": "callback", "text": "Принято", "payload": "1"}, {"type": "clipboard", "text": "Копия", "payload": "2"}],
    [{"type": "message", "text": "Да"}, {"type": "request_contact", "text": "Телефон"}],
]
KEYBOARD = [{"type": "inline_keyboard", "payload": {"buttons": BUTTONS}}]
RICH = {"text": "<b>Урок</b> <a href='https://a.example'>тут</a> <code>7А</code>", "format": "html"}


def test_the_checker_refuses_what_is_wrong(max_schema, bot, chat):
    told = bot("POST", f"/messages?chat_id={chat}", {**RICH, "attachments": KEYBOARD})
    told["message"]["body"]["attachments"][0]["payload"]["buttons"][0][0].pop("url")
    with pytest.raises(AssertionError, match="attachments"):
        max_schema("SendMessageResult", told)


def test_max_messages(max_schema, bot, chat):
    told = bot("POST", f"/messages?chat_id={chat}", {**RICH, "attachments": KEYBOARD})
    max_schema("SendMessageResult", told)
    mid = told["message"]["body"]["mid"]
    reply = {"text": "Ответ", "link": {"type": "reply", "mid": mid}}
    max_schema("SendMessageResult", bot("POST", f"/messages?chat_id={chat}", reply))
    max_schema("MessageList", bot("GET", f"/messages?chat_id={chat}"))
    max_schema("Message", bot("GET", f"/messages/{mid}"))
    max_schema("SimpleQueryResult", bot("PUT", f"/messages?message_id={mid}", {"text": "Иначе"}))
    max_schema("SimpleQueryResult", bot("PUT", f"/chats/{chat}/pin", {"message_id": mid}))
    max_schema("GetPinnedMessageResult", bot("GET", f"/chats/{chat}/pin"))
    max_schema("SimpleQueryResult", bot("DELETE", f"/messages?message_id={mid}"))


def test_max_chats(max_schema, bot, chat):
    max_schema("BotInfo", bot("GET", "/me"))
    max_schema("Chat", bot("GET", f"/chats/{chat}"))
    max_schema("ChatMembersList", bot("GET", f"/chats/{chat}/members?count=2"))
    max_schema("ChatMember", bot("GET", f"/chats/{chat}/members/me"))
    max_schema("ChatMembersList", bot("GET", f"/chats/{chat}/members/admins"))


def test_max_errors(max_schema, bot, client, chat):
    max_schema("Error", client.get("/max/me").get_json())
    max_schema("Error", bot("GET", "/chats/-1", status=404))
    max_schema("Error", bot("POST", f"/messages?chat_id={chat}", {"text": ""}, status=400))
    for status in (403, 429, 500):
        client.post("/control/faults", json={"platform": "max", "status": status, "times": 1})
        max_schema("Error", bot("GET", "/me", status=status))


def test_max_updates(max_schema, bot, client, chat):
    mid = bot("POST", f"/messages?chat_id={chat}", {"text": "Урок", "attachments": KEYBOARD})["message"]["body"]["mid"]
    client.post(f"/control/chats/{chat}/messages", json={"user_id": 9, "text": "Здравствуйте"})
    client.post(f"/control/chats/{chat}/title", json={"title": "8 «А»"})
    client.post(f"/control/chats/{chat}/members", json={"members": ["Пётр"], "remove": [9]})
    client.post(f"/control/messages/{mid}/press", json={"user_id": 9, "payload": "1"})
    client.delete(f"/control/messages/{mid}")
    client.post("/control/dialogs", json={"user_id": 9, "name": "Анна", "payload": "start"})
    client.post(f"/control/chats/{chat}/remove-bot")
    told = bot("GET", "/updates?timeout=0")
    assert len(told["updates"]) == 9
    max_schema("UpdateList", told)


def test_max_subscriptions_and_uploads(max_schema, bot):
    body = {"url": "https://school.example/max", "update_types": ["bot_added"], "secret": "secret"}
    max_schema("SimpleQueryResult", bot("POST", "/subscriptions", body))
    max_schema("GetSubscriptionsResult", bot("GET", "/subscriptions"))
    max_schema("UploadEndpoint", bot("POST", "/uploads?type=image"))


@pytest.fixture
def vk(client):
    def call(name, token="group", **params):
        data = {"access_token": f"sandbox-vk-{token}-token", "v": "5.199", **params}
        return client.post(f"/vk/method/{name}", data=data).get_json()

    return call


def test_vk_calls(vk_schema, vk):
    told = vk("calls.start", token="user")
    assert len(told["response"]["call_id"]) == 36
    vk_schema("calls/responses/definitions/calls_start_response", told)


def test_vk_messages(vk_schema, vk, client):
    people = [{"user_id": 9, "name": "Анна Петрова", "is_admin": True}]
    peer = client.post("/control/chats", json={"platform": "vk", "title": "7", "members": people}).get_json()["chat_id"]
    action = {"type": "open_link", "label": "Войти", "link": "https://school.example/j/a"}
    keyboard = json.dumps({"inline": True, "buttons": [[{"action": action}]]})
    sent = vk("messages.send", peer_ids=peer, random_id=5, message="Урок", keyboard=keyboard)
    responses = "messages/responses/definitions/messages_"
    vk_schema(f"{responses}send_user_ids_response", sent)
    cmid = sent["response"][0]["conversation_message_id"]
    asked = {
        "getHistory": ("getHistory", {"peer_id": peer}),
        "getConversationMembers": ("getConversationMembers", {"peer_id": peer}),
        "getConversationsById": ("getConversationsById", {"peer_ids": peer}),
        "getConversations": ("getConversations", {}),
        "getByConversationMessageId": (
            "getByConversationMessageId",
            {"peer_id": peer, "conversation_message_ids": cmid},
        ),
        "getInviteLink": ("getInviteLink", {"peer_id": peer}),
        "pin": ("pin", {"peer_id": peer, "cmid": cmid}),
        "delete": ("delete_full", {"peer_id": peer, "cmids": cmid}),
    }
    for method, (name, params) in asked.items():
        vk_schema(f"{responses}{name}_response", vk(f"messages.{method}", **params))


def test_vk_errors(vk_schema, vk):
    for told in (vk("calls.start"), vk("messages.send", peer_id=5, random_id=1, message="a"), vk("no.such")):
        vk_schema("base/objects/definitions/base_error", told["error"])
