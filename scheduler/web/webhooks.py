"""The address to which the messenger sends its events; everything behind it is `chats.polling`."""

from flask import Blueprint, abort, request

from scheduler.chats.polling import accept_update
from scheduler.web.access import public
from scheduler.web.security import csrf

blueprint = Blueprint("webhooks", __name__)
HEADER = "X-Max-Bot-Api-Secret"
LONGEST_EVENT = 256 * 1024


@blueprint.post("/max/webhook/<key>")
@public
@csrf.exempt
def max_event(key: str) -> tuple[str, int]:
    """200 once the event is acted on; the messenger repeats what got another answer within 30 seconds."""
    request.max_content_length = LONGEST_EVENT
    update = request.get_json(silent=True)
    outcome = accept_update(key, request.headers.get(HEADER, ""), update if isinstance(update, dict) else {})
    if outcome is None:
        abort(404)
    if outcome is False:
        abort(403)
    return "", 200
