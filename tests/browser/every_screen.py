"""Every screen of the product: who opens it, and where. Who adds a screen adds its line here.

`test_every_screen.py` opens them all and fails where an endpoint of the application is missing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Screen:
    """A page in one state: `path` may name rows of the made school; `role` None is a visitor without sign-in."""

    endpoint: str
    role: str | None
    path: str | Callable[[Any], str]
    status: int = 200


def at(name: str, path: str) -> Callable[[Any], str]:
    return lambda made: path.format(made[name])


CLASS_TOLD = "/remote-days/{}/classes/{}"
SHEET = f"{CLASS_TOLD}/sheet"

SCREENS = [
    Screen("home.index", None, "/"),
    Screen("sign_in.sign_in", None, "/sign-in"),
    Screen("sign_in.accept", None, at("invitation", "/invite/{}")),
    Screen("sign_in.choose_school", "teacher", "/sign-in/school"),
    Screen("account.index", "teacher", "/account"),
    Screen("api_keys.index", "teacher", "/account/keys"),
    Screen("my.today", "teacher", "/my"),
    Screen("my.today", "parent", "/my"),
    Screen("my.today", "student", "/my"),
    Screen("class_page.class_page", None, at("class", "/t/{}")),
    Screen("class_page.class_page", None, at("class", "/t/{}?view=week")),
    Screen("class_page.class_page", None, at("class", "/t/{}?subscribe=1")),
    Screen("class_page.class_page", None, at("class", "/t/{}?date=2027-07-06")),
    Screen("class_page.subscriber_page", None, at("subscriber", "/my/{}")),
    *(
        Screen("join.join", None, at(f"join {state}", "/j/{}"))
        for state in ("early", "no link", "cancelled", "over", "own", "at school", "later")
    ),
    Screen("today.index", "deputy", "/today"),
    Screen("today.index", "teacher", "/today"),
    Screen("today.index", "admin", "/today"),
    Screen("today.index", "director", "/today"),
    Screen("week.index", "deputy", at("class id", "/week?class={}")),
    Screen("week.index", "teacher", "/week"),
    Screen("lessons.new", "teacher", "/lessons/new"),
    Screen("lessons.card", "deputy", at("lesson", "/lessons/{}")),
    Screen("lessons.requests", "deputy", "/lessons/requests"),
    Screen("absences.index", "deputy", "/absences"),
    Screen("absences.new", "deputy", "/absences/new"),
    Screen("absences.new", "deputy", at("person", "/absences/new?person={}&from=2026-11-24&to=2026-11-25")),
    Screen("absences.one", "deputy", at("absence", "/absences/{}")),
    Screen("lesson_tasks.index", "teacher", "/tasks"),
    Screen("lesson_tasks.index", "deputy", "/tasks"),
    Screen("chats.index", "deputy", "/chats"),
    Screen("chats.index", "chat", "/chats"),
    Screen("chats.one", "deputy", at("chat", "/chats/{}")),
    Screen("chats.one", "chat", at("chat by hand", "/chats/{}")),
    Screen("placing.index", "deputy", "/chats/by-hand"),
    Screen("chat_waiting.index", "deputy", "/chats/connect"),
    Screen("remote_days.new", "director", "/remote-days/new"),
    Screen("remote_days.plan", "director", at("remote plan", "/remote-days/plans/{}")),
    Screen("remote_days.plan", "director", at("remote plan of a class", "/remote-days/plans/{}")),
    Screen("remote_days.look", "director", at("remote plan", "/remote-days/plans/{}/confirm")),
    Screen("remote_changes.change", "director", at("remote day", "/remote-days/{}/change")),
    Screen("remote_changes.look", "director", at("amendment", "/remote-days/changes/{}")),
    Screen("remote_days.order", "director", at("remote day", "/remote-days/{}/order")),
    Screen("remote_settings.index", "director", "/school/remote-days"),
    Screen("remote_progress.index", "deputy", "/remote-days"),
    Screen("remote_progress.show", "deputy", at("remote day", "/remote-days/{}")),
    Screen("remote_proof.show", "director", at("remote day", "/remote-days/{}/proof")),
    Screen("remote_told.one", "teacher", lambda made: CLASS_TOLD.format(made["remote day"], made["class id"])),
    Screen(
        "remote_told.sheet", "teacher", lambda made: f"{CLASS_TOLD}/sheet".format(made["remote day"], made["class id"])
    ),
    Screen("families.index", "teacher", at("class id", "/school/classes/{}/families")),
    Screen("evening.index", "director", "/director/evening"),
    Screen("evening.index", "director", "/director/evening?date=2026-12-05"),
    Screen("director.index", "director", "/director"),
    Screen("school.index", "admin", "/school"),
    Screen("school.index", "teacher", "/school"),
    Screen("classes.index", "deputy", "/school/classes"),
    Screen("classes.one", "admin", at("class id", "/school/classes/{}")),
    Screen("people.index", "admin", "/school/people"),
    Screen("people.person", "admin", at("person", "/school/people/{}")),
    Screen("people.new", "admin", "/school/people/new"),
    Screen("bells.index", "deputy", "/school/bells"),
    Screen("bells.terms", "admin", "/school/terms"),
    Screen("year.term", "admin", at("term", "/school/terms/{}")),
    Screen("year.holiday", "admin", at("holiday", "/school/holidays/{}")),
    Screen("typed_bells.index", "admin", "/school/bells/typed"),
    Screen("first_steps.index", "admin", "/school/first-steps"),
    Screen("first_entry.start", None, "/start/none", 404),
    Screen("settings.index", "admin", "/school/settings"),
    Screen("norms.index", "admin", "/school/norms"),
    Screen("texts.index", "admin", "/school/texts"),
    Screen("texts.one", "admin", "/school/texts/bulletin"),
    Screen("texts.one", "admin", "/school/texts/lines"),
    Screen("calls.index", "admin", "/school/calls"),
    Screen("calls.rooms", "admin", "/school/calls/rooms"),
    Screen("calls.rooms", "admin", "/school/calls/rooms?kind=course"),
    Screen("exports.index", "admin", "/school/exports"),
    Screen("imports.index", "admin", "/school/imports"),
    Screen("imports.look", "admin", at("upload", "/school/imports/files/{}")),
    Screen("imports.look", "admin", at("bells", "/school/imports/files/{}")),
    Screen("imports.look", "admin", at("calendar", "/school/imports/files/{}")),
    Screen("imports.look", "admin", at("plan", "/school/imports/files/{}")),
    Screen("imports.cells", "admin", at("table", "/school/imports/files/{}/cells")),
    Screen("imports.done", "admin", at("run", "/school/imports/runs/{}")),
    Screen("imports.look_back", "admin", at("run", "/school/imports/runs/{}/undo")),
    Screen("publishing.index", "deputy", "/school/publish"),
    Screen("error", "teacher", "/director", 403),
    Screen("error", None, "/no-such-page", 404),
]

NO_SCREEN = {
    "api.chats",
    "api.classes",
    "api.courses",
    "api.document",
    "api.lesson",
    "api.lessons",
    "api.remote_days",
    "api.school",
    "static",
    "exports.download",
    "feeds.feed",
    "health.healthz",
    "health.metrics",
    "health.readyz",
    "home.robots",
    "remote_progress.progress",
    "remote_proof.table",
}
"""Endpoints that answer programs, not people."""
