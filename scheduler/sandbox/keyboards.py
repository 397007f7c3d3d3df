"""Limits of a MAX inline keyboard and the shape in which it comes back. It knows nothing of the message around it."""

from typing import Any

# Third-party digest and green-api.com/max-bot-api: in all, rows, in a row, in a row with one of WIDE.
MOST, MOST_ROWS, MOST_IN_ROW, MOST_WIDE = 210, 30, 7, 3
WIDE = {"link", "open_app", "request_contact", "request_geo_location"}
# type → its own fields: (name, longest, required)
FIELDS: dict[str, tuple[tuple[str, int, bool], ...]] = {
    "callback": (("payload", 1024, True),),
    "link": (("url", 2048, True),),
    "open_app": (("web_app", 2048, False), ("payload", 512, False)),
    "request_contact": (),
    "request_geo_location": (),
    "message": (),
    "clipboard": (("payload", 1024, True),),
}


class KeyboardError(ValueError):
    """A keyboard that the messenger would refuse, with its reason in English, as the messenger speaks."""


def checked(payload: object) -> list[list[dict[str, Any]]]:
    """The rows as they are given back. Raises KeyboardError."""
    rows = payload.get("buttons") if isinstance(payload, dict) else None
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) and row for row in rows):
        raise KeyboardError("buttons: non-empty rows expected")
    if len(rows) > MOST_ROWS or sum(map(len, rows)) > MOST:
        raise KeyboardError("too many buttons")
    return [_row(row) for row in rows]


def _row(row: list[Any]) -> list[dict[str, Any]]:
    buttons = [_button(button) for button in row]
    most = MOST_WIDE if any(button["type"] in WIDE for button in buttons) else MOST_IN_ROW
    if len(buttons) > most:
        raise KeyboardError("too many buttons in row")
    return buttons


def _button(button: object) -> dict[str, Any]:
    kind = button.get("type") if isinstance(button, dict) else None
    if not isinstance(button, dict) or kind not in FIELDS:
        raise KeyboardError(f"unknown button type: {kind}")
    text = button.get("text")
    if not isinstance(text, str) or not 1 <= len(text) <= 128:
        raise KeyboardError("button text: 1 to 128 characters")
    told: dict[str, Any] = {"type": kind, "text": text}
    for name, longest, required in FIELDS[str(kind)]:
        value = button.get(name)
        if value is None and not required:
            continue
        if not isinstance(value, str) or not 1 <= len(value) <= longest:
            raise KeyboardError(f"button {name}: 1 to {longest} characters")
        told[name] = value
    if kind == "link" and not told["url"].startswith(("http://", "https://", "max://")):
        raise KeyboardError("button url: a link expected")
    return {**told, "intent": "default"} if kind == "callback" else told
