"""MAX Bot API (dev.max.ru, schema 0.0.33): the token bare in the header, no idempotency key, times in milliseconds."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from scheduler.chats.messenger import Buttons, ChatInfo, DeliveryError, Kind, Rights, Seen, Sent
from scheduler.chats.transport import FIRST_FAILURE, FIRST_SERVER_FAILURE, Answer, Transport

PAGE = 100
MOST_PAGES = 10
UPDATE_TYPES = ("bot_added", "bot_removed", "chat_title_changed", "bot_admin_permissions_changed")
_UNAUTHORISED, _FORBIDDEN, _NOT_FOUND, _TOO_MANY = 401, 403, 404, 429


class MaxMessenger:
    """A bot of MAX; whoever calls keeps to the rate limits."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def send(self, chat: int, text: str, buttons: Buttons, *, loud: bool) -> Sent:
        body = {**_body(text, buttons), "notify": loud}
        data = self._changing("POST", "/messages", params={"chat_id": chat}, body=body)
        try:
            message = data["message"]
            return Sent(str(message["body"]["mid"]), _instant(message["timestamp"]))
        except (KeyError, TypeError) as error:
            raise DeliveryError("the answer holds no message", kind=Kind.UNKNOWN) from error

    def edit(self, message_id: str, text: str, buttons: Buttons) -> None:
        try:
            self._changing("PUT", "/messages", params={"message_id": message_id}, body=_body(text, buttons))
        except DeliveryError as error:
            raise _edit_error(error) from error

    def delete(self, message_id: str) -> None:
        self._changing("DELETE", "/messages", params={"message_id": message_id})

    def find_own(self, chat: int, since: datetime) -> list[Seen]:
        """Newest first. The newest hundred are looked through whatever the clocks say, ours and the messenger's."""
        before = None
        seen: dict[str, Seen] = {}
        for _ in range(MOST_PAGES):
            page = self._page(chat, before)
            seen.update((found.message_id, found) for found in map(_seen, page) if found is not None)
            before = min((int(message["timestamp"]) for message in page), default=0)
            if len(page) < PAGE or before < since.timestamp() * 1000:
                return list(seen.values())
        raise DeliveryError("too many messages to look through", kind=Kind.RIGHTS)

    def _page(self, chat: int, before: int | None) -> list[dict[str, Any]]:
        params = {"chat_id": chat, "count": PAGE}
        if before is not None:
            params["before"] = before
        messages: list[dict[str, Any]] = self._reading("/messages", params=params).get("messages") or []
        return messages

    def me(self) -> int:
        return int(self._reading("/me")["user_id"])

    def info(self, chat: int) -> ChatInfo:
        data = self._reading(f"/chats/{chat}")
        return ChatInfo(title=str(data.get("title") or ""), members=int(data.get("participants_count") or 0))

    def rights(self, chat: int) -> Rights:
        data = self._reading(f"/chats/{chat}/members/me")
        permissions = data.get("permissions") or []
        return Rights(is_admin=bool(data.get("is_admin")), can_read="read_all_messages" in permissions)

    def updates(self, marker: int | None, *, wait: float) -> tuple[list[dict[str, Any]], int | None]:
        params: dict[str, Any] = {"timeout": int(wait), "types": ",".join(UPDATE_TYPES)}
        if marker is not None:
            params["marker"] = marker
        data = self._reading("/updates", params=params, wait=wait)
        return list(data.get("updates") or []), data.get("marker")

    def subscribe(self, url: str, secret: str) -> None:
        body = {"url": url, "secret": secret, "update_types": list(UPDATE_TYPES)}
        self._changing("POST", "/subscriptions", body=body)

    def _changing(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        """A request that changes something: what is no clear answer leaves the outcome unknown."""
        answer = self._transport.ask(method, path, **request)
        if answer.status < FIRST_FAILURE:
            if not answer.is_json:
                raise _error(answer, Kind.UNKNOWN)
            if answer.data.get("success") is False:
                raise _error(answer, Kind.BAD_REQUEST)
            return answer.data
        raise _refusal(answer, server_failure=Kind.UNKNOWN)

    def _reading(self, path: str, **request: Any) -> dict[str, Any]:
        try:
            answer = self._transport.ask("GET", path, **request)
        except DeliveryError as error:
            raise DeliveryError(error.text, kind=Kind.TRANSIENT) from error
        if answer.status >= FIRST_FAILURE:
            raise _refusal(answer, server_failure=Kind.TRANSIENT)
        if not answer.is_json:
            raise _error(answer, Kind.TRANSIENT)
        return answer.data


def _body(text: str, buttons: Buttons) -> dict[str, Any]:
    rows = [[{"type": "link", "text": button["text"], "url": button["url"]} for button in row] for row in buttons]
    attachments = [{"type": "inline_keyboard", "payload": {"buttons": rows}}] if rows else []
    return {"text": text, "attachments": attachments}


def _error(answer: Answer, kind: Kind) -> DeliveryError:
    told = answer.data.get("message") or answer.data.get("error") or answer.text or "an empty answer"
    text = f"{answer.status} {answer.data.get('code') or ''} {told}"
    return DeliveryError(" ".join(text.split()), kind=kind, retry_after=answer.retry_after, status=answer.status)


def _refusal(answer: Answer, *, server_failure: Kind) -> DeliveryError:
    code = str(answer.data.get("code") or "")
    if answer.status == _UNAUTHORISED or code == "verify.token":
        return _error(answer, Kind.AUTH)
    if answer.status == _TOO_MANY:
        return _error(answer, Kind.THROTTLE)
    if answer.status >= FIRST_SERVER_FAILURE:
        return _error(answer, server_failure)
    if answer.status == _FORBIDDEN:
        return _error(answer, Kind.GONE if code == "chat.denied" else Kind.RIGHTS)
    if answer.status == _NOT_FOUND:
        return _error(answer, Kind.GONE if code == "chat.not.found" else Kind.MISSING)
    return _error(answer, Kind.BAD_REQUEST)


def _edit_error(error: DeliveryError) -> DeliveryError:
    """How a late edit is refused is not documented: `success: false`, or a 400 that speaks of age."""
    is_success_false = error.kind is Kind.BAD_REQUEST and (error.status or 0) < FIRST_FAILURE
    is_about_age = error.kind is Kind.BAD_REQUEST and any(word in error.text.lower() for word in ("old", "expired"))
    if is_success_false or is_about_age:
        return DeliveryError(error.text, kind=Kind.LATE, status=error.status)
    return error


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _seen(message: dict[str, Any]) -> Seen | None:
    """A message of a bot with a mark in a link button; members cannot send keyboards."""
    body = message.get("body") or {}
    if not (message.get("sender") or {}).get("is_bot", True):
        return None
    for url in _links(body.get("attachments") or []):
        mark = parse_qs(urlsplit(url).query).get("m")
        if mark:
            return Seen(str(body["mid"]), mark[-1], str(body.get("text") or ""), url)
    return None


def _links(attachments: list[dict[str, Any]]) -> list[str]:
    rows = [
        row
        for attachment in attachments
        if attachment.get("type") == "inline_keyboard"
        for row in (attachment.get("payload") or {}).get("buttons") or []
    ]
    return [str(button["url"]) for row in rows for button in row if button.get("url")]
