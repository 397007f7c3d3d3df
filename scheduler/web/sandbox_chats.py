"""The practice messenger of an installation without a real one: its pages, and the chats that a school would have."""

from urllib.parse import urlencode, urlsplit

import sqlalchemy as sa
from flask import current_app

from scheduler.config import DEMO_MAX_TOKEN, Settings
from scheduler.database import db
from scheduler.models.classes import SchoolClass
from scheduler.models.names import shown_class


def is_sandboxed() -> bool:
    """Whether the messenger is the local stand-in."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.is_sandboxed


def sandbox_token() -> str:
    """The published token that the stand-in takes; nothing where the messenger is a real one or has another."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.max_token if settings.is_sandboxed and settings.max_token == DEMO_MAX_TOKEN else ""


def sandbox_path(school_id: int | None = None) -> str:
    """The stand-in's chats; with a school its page for new ones, the titles of that school's classes filled in."""
    if not is_sandboxed():
        return ""
    parts = urlsplit(current_app.config["SETTINGS"].max_api_url)
    root = f"{parts.scheme}://{parts.netloc}"
    return f"{root}/new?{urlencode({'titles': chr(10).join(_titles(school_id))})}" if school_id else root


def _titles(school_id: int) -> list[str]:
    query = sa.select(SchoolClass).where(SchoolClass.school_id == school_id, ~SchoolClass.is_archived)
    rows = db.session.scalars(query.order_by(SchoolClass.grade, SchoolClass.label)).all()
    graded = [row for row in rows if row.grade is not None]  # a child taught at home has no chat
    labels = [shown_class(row.label) for row in graded or rows]
    return [f"{label} {whose}" for label in labels for whose in ("ученики", "родители")] + ["Учителя школы"]
