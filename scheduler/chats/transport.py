"""HTTP to a messenger: one place for time-outs, trust and the answer's form. It knows no method of any platform."""

import ssl
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx

from scheduler.chats.messenger import DeliveryError, Kind

LONGEST_ANSWER = 300
FIRST_FAILURE = 400
FIRST_SERVER_FAILURE = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON answer; `data` is empty where the body was no JSON object, `is_json` tells which."""

    status: int
    data: dict[str, Any]
    text: str
    is_json: bool
    retry_after: float | None


class Transport:
    """Requests of one bot. The token goes bare into the header; redirects are not followed, proxies not asked."""

    def __init__(
        self, base_url: str, token: str, *, ca_bundle: str | None = None, connect: float = 1, read: float = 3
    ) -> None:
        self._client = httpx.Client(
            base_url=base_url,
            headers={"Authorization": token},
            timeout=httpx.Timeout(read, connect=connect, pool=connect),
            verify=_trust(ca_bundle),
            trust_env=False,
        )

    def ask(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, Any] | None = None,
        body: dict[str, Any] | None = None,
        wait: float = 0,
    ) -> Answer:
        """The answer, whatever its status. TRANSIENT where the request surely never left, else UNKNOWN.

        `wait` seconds are added to the reading time-out, for long polling.
        """
        timeout = self._client.timeout
        if wait:
            timeout = httpx.Timeout(timeout.read, connect=timeout.connect, pool=timeout.pool)
            timeout.read = (timeout.read or 0) + wait
        try:
            response = self._client.request(method, path, params=params, json=body, timeout=timeout)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise DeliveryError(_plain(error), kind=Kind.TRANSIENT) from error
        except httpx.HTTPError as error:
            raise DeliveryError(_plain(error), kind=Kind.UNKNOWN) from error
        return _answer(response)

    def close(self) -> None:
        self._client.close()


@cache
def _trust(ca_bundle: str | None) -> ssl.SSLContext:
    context = httpx.create_ssl_context(trust_env=False)
    if ca_bundle:
        context.load_verify_locations(ca_bundle)
    return context


def _plain(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:LONGEST_ANSWER]


def _answer(response: httpx.Response) -> Answer:
    try:
        data = response.json()
    except ValueError:
        data = None
    is_json = isinstance(data, dict)
    return Answer(
        status=response.status_code,
        data=data if isinstance(data, dict) else {},
        text=response.text[:LONGEST_ANSWER],
        is_json=is_json,
        retry_after=_seconds(response.headers.get("Retry-After")),
    )


def _seconds(header: str | None) -> float | None:
    """Retry-After in seconds; the HTTP-date form counts as absent, back-off serves then."""
    try:
        return max(0.0, float(header)) if header else None
    except ValueError:
        return None
