"""/vk/method/<name>: tokens, rates and the table of VK methods, and calls.* themselves (messengers reference §7)."""

import hashlib
import uuid
from typing import Any

from flask import Blueprint, Response, g, jsonify, request

from scheduler.sandbox import vk_events, vk_messages
from scheduler.sandbox.answers import instead
from scheduler.sandbox.sandbox import VK_GROUP_ID, VK_USER_ID, Sandbox, current
from scheduler.sandbox.vk_wire import Call, Method, VkError

bp = Blueprint("vk", __name__, url_prefix="/vk")

# code/vksdk: LimitUserToken, LimitGroupToken
RATES = {True: 20, False: 3}
THROTTLES = {6, 9, 29}
FAULT_CODES = {401: 5, 403: 917, 404: 104, 429: 6}
CALL_ID = 36


def start_call(call: Call) -> dict[str, str]:
    """A new room each time, there is no idempotency. Unlike the real one its link leads here: it is for clicking."""
    if call.community:
        raise VkError(27)
    box = call.box
    with box.store.writing():
        number = box.store.next_number("calls")
        call_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"sandbox-call-{number}"))
        token = hashlib.sha256(call_id.encode()).hexdigest()[:43]
        link = f"{box.base()}/call/join/{token}"
        started_by = f"group {call.text('group_id')}" if call.text("group_id") else f"user {VK_USER_ID}"
        box.store.run(
            "INSERT INTO calls (id, token, url, started_by, at_ms) VALUES (?,?,?,?,?)",
            *(call_id, token, link, started_by, box.now_ms()),
        )
    return {"call_id": call_id, "join_link": link, "ok_join_link": token}


def finish_call(call: Call) -> int:
    if call.community:
        raise VkError(27)
    call_id = call.text("call_id")
    if len(call_id) != CALL_ID:
        raise VkError(100, "call_id is invalid")
    with call.box.store.writing():
        if not call.box.store.row("SELECT 1 FROM calls WHERE id = ? AND NOT finished", call_id):
            raise VkError(104)
        call.box.store.run("UPDATE calls SET finished = 1 WHERE id = ?", call_id)
    return 1


def who_am_i(call: Call) -> Any:
    if call.community:
        return {"groups": [{"id": VK_GROUP_ID, "name": "Звонок"}], "profiles": []}
    return [{"id": VK_USER_ID, "first_name": "Завуч", "last_name": "Школы"}]


METHODS: dict[str, Method] = {
    "calls.start": start_call,
    "calls.forceFinish": finish_call,
    "messages.send": vk_messages.send,
    "messages.edit": vk_messages.edit,
    "messages.delete": vk_messages.delete,
    "messages.pin": vk_messages.pin,
    "messages.unpin": vk_messages.unpin,
    "messages.getHistory": vk_messages.history,
    "messages.getByConversationMessageId": vk_messages.by_conversation_id,
    "messages.getConversationMembers": vk_messages.conversation_members,
    "messages.getConversationsById": vk_messages.conversations_by_id,
    "messages.getConversations": vk_messages.conversations,
    "messages.getInviteLink": vk_messages.invite_link,
    "groups.getById": who_am_i,
    "groups.getLongPollServer": vk_events.server,
    "users.get": who_am_i,
}


@bp.route("/method/<name>", methods=["GET", "POST"])
def method(name: str) -> Response:
    """HTTP 200 whether it went well or not."""
    box, params = current(), request.values.to_dict()
    try:
        return _answer(box, name, params)
    except VkError as error:
        box.store.count("rate_limited" if error.code in THROTTLES else "rejected")
        shown = {key: value for key, value in params.items() if key != "access_token"}
        told = [{"key": key, "value": value} for key, value in {**shown, "method": name}.items()]
        return jsonify({"error": {**error.told(), "request_params": told}})


def _answer(box: Sandbox, name: str, params: dict[str, str]) -> Response:
    call = _call(box, params)
    if box.limited and not box.buckets.take(f"vk:{call.community}", RATES[call.community]):
        raise VkError(6)
    if (broken := _struck(box, name, params)) is not None:
        return broken
    if name not in METHODS:
        raise VkError(3)
    return jsonify({"response": METHODS[name](call)})


def _call(box: Sandbox, params: dict[str, str]) -> Call:
    token = params.get("access_token") or request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token not in (box.settings.vk_user_token, box.settings.vk_group_token):
        raise VkError(5)
    if "v" not in params:
        raise VkError(8, "v (version) is required")
    community = token == box.settings.vk_group_token
    expired = 0 if community else int(box.store.kept("vk_expired", 0))
    if expired:
        raise VkError(expired, subcode=1117 if expired == 5 else None)
    return Call(box, params, community)


def _struck(box: Sandbox, name: str, params: dict[str, str]) -> Response | None:
    """A fault by number is told as VK does; one by HTTP status from 500 on stays a broken answer."""
    if not box.faults.any:
        return None
    peer = params.get("peer_id") or params.get("peer_ids", "").partition(",")[0]
    chat_id = int(peer) if peer.lstrip("-").isdigit() else None
    g.fault = fault = box.faults.take("vk", request.method, f"/{name}", chat_id=chat_id)
    if fault is None:
        return None
    code = fault.order.get("code") or FAULT_CODES.get(int(fault.order.get("status") or 0))
    if code is not None:
        box.store.count("injected")
        raise VkError(int(code))
    return instead(box, "vk")


@bp.get("/longpoll")
def longpoll() -> dict[str, Any]:
    return vk_events.poll(current())
