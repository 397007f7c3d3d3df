"""The public addresses of rows; the only place that knows their shape outside the routes themselves."""

from flask import current_app


def _address(path: str) -> str:
    return f"{current_app.config['PUBLIC_URL']}{path}"


def join_url(join_token: str) -> str:
    """The join page of a lesson, which sends on to the link in force (design: invariant 6)."""
    return _address(f"/j/{join_token}")


def class_url(page_token: str) -> str:
    """The secret page of a class."""
    return _address(f"/t/{page_token}")


def my_url() -> str:
    """The page that leads each reader to the own lessons after sign-in; it carries no token."""
    return _address("/my")


def invitation_url(token: str) -> str:
    """The address of a first entry; shown once to whoever invites."""
    return _address(f"/invite/{token}")


def first_entry_url(token: str) -> str:
    """The page where an empty installation gets its school; printed to whoever runs it."""
    return _address(f"/start/{token}")


def webhook_url(key: str) -> str:
    """Where a messenger sends the events of a connection."""
    return _address(f"/max/webhook/{key}")


def feed_url(token: str) -> str:
    """The subscription address of a feed."""
    return _address(f"/feeds/{token}.ics")


def webcal_url(token: str) -> str:
    """The same with the scheme that opens a calendar program."""
    return "webcal://" + feed_url(token).split("://", 1)[1]
