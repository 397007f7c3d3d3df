"""What happens to an answer on its way out: counted and, where a fault was ordered, replaced, held back or cut."""

import json

from flask import Response, g

from scheduler.sandbox.faults import Fault, pause
from scheduler.sandbox.sandbox import Sandbox, current

CODES = {
    400: ("proto.payload", "Bad request"),
    401: ("verify.token", "Invalid access_token"),
    403: ("chat.denied", "Key: error.chat.denied"),
    404: ("chat.not.found", "Chat not found"),
    405: ("not.allowed", "Method not allowed"),
    429: ("too.many.requests", "Too Many Requests"),
    500: ("internal.error", "Internal error"),
    503: ("service.unavailable", "Service unavailable"),
}
MISSING = 4096  # octets announced and never sent


def instead(box: Sandbox, platform: str) -> Response | None:
    """The answer of a fault that keeps the request from taking effect, or None where the request goes on."""
    fault: Fault | None = g.get("fault")
    if fault is None:
        return None
    box.store.count("injected")
    pause(fault.seconds("delay_before_s"))
    if "status" not in fault.order:
        return None
    pause(fault.seconds("delay_s"))
    status = int(fault.order["status"])
    response = Response(_body(fault, status, platform), status=status, content_type=_type(fault, status))
    if fault.order.get("retry_after") is not None:
        response.headers["Retry-After"] = str(fault.order["retry_after"])
    return response


def _body(fault: Fault, status: int, platform: str) -> str:
    told = fault.order.get("body")
    if told is not None:
        return told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)
    if platform == "vk" or status not in CODES:
        return f"<html><body><h1>{status}</h1></body></html>"
    code, message = CODES[status]
    return json.dumps({"code": fault.order.get("code") or code, "message": message})


def _type(fault: Fault, status: int) -> str:
    if told := fault.order.get("content_type"):
        return str(told)
    told = fault.order.get("body")
    if isinstance(told, dict | list) or (told is None and status in CODES):
        return "application/json"
    return "text/html; charset=utf-8"


def after_fault(response: Response) -> Response:
    """Counts, then does what was ordered for after the effect."""
    box = current()
    if response.status_code == 429:
        box.store.count("rate_limited")
    elif 400 <= response.status_code < 500:
        box.store.count("rejected")
    fault: Fault | None = g.get("fault")
    if fault is None or "status" in fault.order:
        return response
    pause(fault.seconds("delay_s"))
    if fault.order.get("drop_after_accept"):
        return _cut(response)
    if fault.order.get("truncate"):
        response.set_data(response.get_data()[: max(1, len(response.get_data()) // 2)])
    return response


def _cut(response: Response) -> Response:
    """More octets are announced than come, so the server has to close the connection and the client sees it break."""
    cut = Response(b"", status=response.status_code, content_type=response.content_type)
    cut.automatically_set_content_length = False
    cut.headers["Content-Length"] = str(MISSING)
    return cut
