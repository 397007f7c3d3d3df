"""The way `vk`: links made by calls.start of the VK API 5.199 with the token of a person of the school.

Transport and error table after the messengers reference §7.1, §7.2, §7.4. HTTP 200 carries errors too. The answer's
`request_params` can echo the token, so nothing of an answer but its number is ever kept or logged.
"""

from typing import Any

import httpx

from scheduler.calls.provider import CallError, Failure, MadeCall
from scheduler.calls.room import LinkRefusedError, checked_room_url
from scheduler.config import is_local

VERSION = "5.199"
TIMEOUT = httpx.Timeout(10.0, connect=4.0)
"""Seconds; together well below the lease of `provide`."""

FAILURES: dict[int, Failure] = {
    **dict.fromkeys((1, 10, 36), Failure.TRANSIENT),
    **dict.fromkeys((4, 5, 28, 1114, 1117), Failure.EXPIRED_TOKEN),
    **dict.fromkeys((6, 9, 29), Failure.THROTTLE),
    **dict.fromkeys((7, 14, 15, 17, 18, 20, 27, 37, 200, 203, 3300, 3610), Failure.NO_RIGHT),
}
"""Everything else (method disabled, parameters that are no longer right) is `UNAVAILABLE`: only a person can help."""

PAUSES = {6: 1.0, 9: 300.0, 29: 7200.0}
"""Seconds to leave VK alone: too many a second, the same too often, the method's quota of the day."""

TOO_MANY = 429
BROKEN_FROM = 500
GONE = frozenset({100, 104})


class VkLinks:
    """Calls of one token. A community's token cannot make any (error 27)."""

    def __init__(self, api_url: str, token: str, *, timeout: httpx.Timeout = TIMEOUT) -> None:
        self._api_url = api_url
        self._token = token
        self._timeout = timeout

    def make(self) -> MadeCall:
        """calls.start: a new room each time, there is no idempotency."""
        made = self._ask("calls.start")
        if not isinstance(made, dict) or not made.get("call_id"):
            raise CallError(Failure.UNKNOWN)
        return MadeCall(str(made["call_id"]), self._checked(str(made.get("join_link") or "")))

    def finish(self, external_id: str) -> None:
        """calls.forceFinish: ends the room for all; one that has ended already is as good."""
        try:
            self._ask("calls.forceFinish", call_id=external_id)
        except CallError as error:
            if error.code not in GONE:
                raise

    def _ask(self, method: str, **params: str) -> Any:
        fields = {**params, "v": VERSION, "lang": "ru", "access_token": self._token}
        # `from None`: the request that an error of the client would carry holds the token.
        try:
            answer = httpx.post(f"{self._api_url}/method/{method}", data=fields, timeout=self._timeout)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise CallError(Failure.TRANSIENT) from None
        except httpx.TransportError:
            raise CallError(Failure.UNKNOWN) from None
        return _told(answer)

    def _checked(self, url: str) -> str:
        if is_local(self._api_url) and is_local(url):
            return url
        try:
            return checked_room_url(url)
        except LinkRefusedError:
            raise CallError(Failure.UNAVAILABLE) from None


def _told(answer: httpx.Response) -> Any:
    if answer.status_code == TOO_MANY:
        raise CallError(Failure.THROTTLE, retry_after=_seconds(answer.headers.get("Retry-After", "")))
    if answer.status_code >= BROKEN_FROM:
        raise CallError(Failure.UNKNOWN, code=answer.status_code)
    if not answer.is_success:
        raise CallError(Failure.UNAVAILABLE, code=answer.status_code)
    try:
        body = answer.json()
    except ValueError:
        raise CallError(Failure.UNKNOWN) from None
    if isinstance(body, dict) and "response" in body:
        return body["response"]
    raise _refusal(body)


def _refusal(body: object) -> CallError:
    error = body.get("error") if isinstance(body, dict) else None
    code = _number(error, "error_code")
    if not code:
        return CallError(Failure.UNKNOWN)
    failure = FAILURES.get(code, Failure.UNAVAILABLE)
    return CallError(failure, code=code, retry_after=PAUSES.get(code))


def _number(error: object, name: str) -> int:
    value = error.get(name) if isinstance(error, dict) else None
    return value if isinstance(value, int) else 0


def _seconds(text: str) -> float | None:
    return float(text) if text.isdigit() else None
