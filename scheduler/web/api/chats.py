"""What the chats should show and show, and the remote days declared; texts only to who may see the chat."""

from typing import Any

import sqlalchemy as sa
from flask import Response
from sqlalchemy.orm import load_only

from scheduler.database import db
from scheduler.models.remote_day import RemoteDay
from scheduler.permissions import Action
from scheduler.web.access import current_school, current_school_id, requires
from scheduler.web.api.answering import answer
from scheduler.web.chat_rows import ChatRow, chat_rows
from scheduler.web.formats import local

MOST_DAYS = 200


@requires(Action.VIEW_CHATS)
def chats() -> Response:
    """The official chats within the reader's scopes, the worst first."""
    zone = current_school().timezone
    return answer(chats=[_chat(row, zone) for row in chat_rows(current_school_id())])


def _chat(row: ChatRow, zone: str) -> dict[str, Any]:
    view = row.view
    return {
        "id": view.id,
        "name": row.name,
        "title": view.title,
        "kind": view.kind.value if view.kind else None,
        "class_id": view.class_id,
        "platform": view.platform.value,
        "is_right": row.is_right,
        "state": view.state.value if view.state else None,
        "words": row.words,
        "advice": row.advice,
        "posts": [
            {
                "date": post.date.isoformat(),
                "number": post.number,
                "state": post.state.value,
                "should_show": post.should_show,
                "shows": post.shows,
                "since": local(post.since, zone).isoformat(timespec="seconds") if post.since else None,
            }
            for post in view.posts
        ],
    }


@requires(Action.VIEW_STAFF_PAGES)
def remote_days() -> Response:
    """The remote days declared, the latest first, with their figures."""
    zone = current_school().timezone
    columns = (
        RemoteDay.date_from, RemoteDay.date_to, RemoteDay.reason, RemoteDay.text, RemoteDay.order_reference,
        RemoteDay.state, RemoteDay.class_ids, RemoteDay.facts, RemoteDay.declared_at,
    )  # fmt: skip
    query = sa.select(RemoteDay).where(RemoteDay.school_id == current_school_id()).options(load_only(*columns))
    rows = db.session.scalars(query.order_by(RemoteDay.date_from.desc(), RemoteDay.id.desc()).limit(MOST_DAYS))
    return answer(
        remote_days=[
            {
                "id": row.id,
                "from": row.date_from.isoformat(),
                "to": row.date_to.isoformat(),
                "reason": row.reason.value,
                "text": row.text,
                "order_reference": row.order_reference,
                "state": row.state.value,
                "class_ids": list(row.class_ids),
                "facts": dict(row.facts),
                "declared_at": local(row.declared_at, zone).isoformat(timespec="seconds"),
            }
            for row in rows
        ]
    )
