"""Every screen as the person who may open it, on a phone and on a desk, in Russian."""

import re
import shutil
from datetime import UTC, datetime, time, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from scheduler import clock, create_app
from scheduler.calendars.feeds import feed_for_person
from scheduler.database import db, transaction
from scheduler.models.chats import Chat, ChatKind, ChatState, Platform, PostState
from scheduler.models.classes import Enrollment, Guardianship, SchoolClass
from scheduler.models.lessons import Lesson
from scheduler.models.school import School
from scheduler.permissions import Role
from scheduler.planning import accounts
from scheduler.rules.facts import LessonMode, LessonState
from scheduler.web.uploads import Upload, keep_upload
from tests.browser.conftest import DESK, PHONE, Site, serving
from tests.browser.every_screen import NO_SCREEN, SCREENS
from tests.conftest import settings_for
from tests.factories import TUESDAY, add, make_lesson, make_person, make_school
from tests.imports.books import csv_bytes
from tests.imports.grids.layouts import blocks_across, week
from tests.imports.samples import render, tables_2012
from tests.web.screen_samples import absence, amendment, holiday, make_part, remote_day, remote_plan, request, run, term

BELLS = "№ урока;Понедельник;Вторник–пятница\n1;8:00–8:40;8:30–9:10\n2;8:50–9:30;9:20–10:00\n3;25:70;10:20–11:00\n"
PLAN = "Учебный план;;\nПредметы;7 классы;8 классы\nХимия;2;0,5\nАлгебра;4;3\nФизика;1;1\n"
CALENDAR = "Учебный год 2026/2027\n1 четверть;01.09;24.10\nОсенние каникулы;25.10;01.11\n"
MORNING = datetime(2026, 11, 24, 5, 35, tzinfo=UTC)
NAMES = re.compile(
    r"https?://\S+|\S+\.(ru|com|xml|csv|test)\b|In English"
    r"|scheduler first-entry|sandbox-max-token"
    r"|MAX|VK|Google|Microsoft|Outlook|Apple|Nextcloud|QR|Chrome|Linux"
    r"|aSc|Timetables|XML|FET|fet|fet-cl|XLSX|XLS|ODS|CSV|ICS|TSV|ZIP|zip|Excel|OpenAPI|Europe/Moscow|device|person-\d+|Headless\w*",
)
WORDS = """() => [document.body.innerText,
  ...[...document.querySelectorAll("[aria-label],[placeholder],[title],[alt]")].flatMap(
    e => ["aria-label", "placeholder", "title", "alt"].map(name => e.getAttribute(name) || ""))].join("\\n")"""


def set_morning():
    clock.configure(None, fixed=(MORNING - datetime.now(UTC)).total_seconds())


@pytest.fixture(scope="module")
def site(browser, tmp_path_factory, sqlite_template):
    folder = tmp_path_factory.mktemp("screens")
    shutil.copy(sqlite_template, folder / "scheduler.sqlite3")
    with serving(create_app(settings_for(folder))) as (app, address):
        opened = Site(app, address, browser)
        set_morning()
        with app.app_context():
            opened.made = make_busy_school()
        opened.tabs = {}
        yield opened
        opened.close()


@pytest.fixture(autouse=True)
def _morning():
    set_morning()


def make_busy_school():
    """The small school with something on each of its screens; ids and tokens by name."""
    school = make_school()
    made = {"class id": school.class_a, "person": school.ivanova, "chat": school.students_a}
    made.update(make_people(school))
    made.update(make_lessons(school))
    made["absence"] = absence(school)["absence_id"]
    made["chat by hand"] = make_chats(school)
    made["run"] = run(school)["run_id"]
    made["remote day"] = remote_day(school)["remote_day_id"]
    made["remote plan"] = remote_plan(school)["plan_id"]
    made["amendment"] = amendment(school)["plan_id"]
    made["remote plan of a class"] = f"{made['remote plan']}?class={school.class_a}"
    content = render(tables_2012()).encode() if isinstance(render(tables_2012()), str) else render(tables_2012())
    made["upload"] = keep_upload(Upload("a.xml", content), school_id=school.id, person_id=made["admin"])
    for name, content in (("bells", BELLS), ("calendar", CALENDAR), ("plan", PLAN)):
        kept = Upload(f"{name}.csv", content.encode())
        made[name] = keep_upload(kept, school_id=school.id, person_id=made["admin"])
    made["term"], made["holiday"] = term(school)["term_id"], holiday(school)["holiday_id"]
    table = csv_bytes(blocks_across(week())[0])
    made["table"] = keep_upload(Upload("таблица", table), school_id=school.id, person_id=made["admin"])
    made["invitation"] = accounts.create_invitation(school.kim, school_id=school.id, actor_id=None)
    made["subscriber"] = feed_for_person(school.id, made["parent"]).url.rsplit("/", 1)[1].removesuffix(".ics")
    with transaction() as session:
        session.get_one(School, school.id).is_consent_required = True
        made["class"] = session.get_one(SchoolClass, school.class_a).page_token
    return made


def make_people(school):
    made = {"director": school.director, "teacher": school.ivanova}
    roles = {
        "deputy": Role.DEPUTY_HEAD,
        "admin": Role.SYSTEM_ADMINISTRATOR,
        "chat": Role.CHAT_ADMINISTRATOR,
        "student": Role.STUDENT,
        "parent": Role.PARENT,
    }
    with transaction() as session:
        people = {
            name: make_person(session, school.id, (f"Фамилия {role.value[:1]}", "Анна", "Павловна"), role=role).id
            for name, role in roles.items()
        }
        add(session, Enrollment(school_id=school.id, person_id=people["student"], class_id=school.class_a))
        link = {"parent_id": people["parent"], "student_id": people["student"]}
        add(session, Guardianship(school_id=school.id, **link))
    return {**made, **{f"{name}": person_id for name, person_id in people.items()}, "role chat": people["chat"]}


def make_lessons(school):
    tomorrow = TUESDAY + timedelta(days=1)
    over = make_lesson(school, school.algebra_a, start=time(7, 30), end=time(8, 10))
    no_link = make_lesson(school, school.algebra_a, period=1, offline_task="§ 12, № 245")
    early = make_lesson(school, school.english_1, period=2)
    cancelled = make_lesson(school, school.physics_a, period=3, state=LessonState.CANCELLED, cancel_reason="болезнь")
    own = make_lesson(school, school.physics_a, period=4, mode=LessonMode.SELF_STUDY, offline_task="упр. 5, с. 40")
    at_school = make_lesson(school, school.english_2, period=5, mode=LessonMode.IN_PERSON)
    later = make_lesson(school, school.algebra_a, day=tomorrow, period=2)
    make_lesson(school, school.algebra_b, day=tomorrow, period=3, state=LessonState.WAITING)
    request(school)
    states = {
        "over": over,
        "no link": no_link,
        "early": early,
        "cancelled": cancelled,
        "own": own,
        "at school": at_school,
        "later": later,
    }
    tokens = {f"join {state}": db.session.get_one(Lesson, row_id).join_token for state, row_id in states.items()}
    db.session.rollback()
    return {**tokens, "lesson": early}


def make_chats(school):
    """A parked post, a chat by hand with a text to place, and a chat that waits for somebody to say whose it is."""
    make_part(school)
    with transaction() as session:
        values = {"school_id": school.id, "class_id": school.class_b}
        by_hand = add(
            session,
            Chat(
                platform=Platform.BY_HAND,
                title="7Б родители, второй",
                kind=ChatKind.PARENTS,
                state=ChatState.CONNECTED,
                **values,
            ),
        ).id
        parked = session.get_one(Chat, school.parents_a)
        waits = {"platform": Platform.MAX, "connection_id": parked.connection_id, "external_id": -77}
        add(session, Chat(school_id=school.id, title="7Б ученики (новый)", state=ChatState.FOUND, **waits))
    make_part(school, chat_id=by_hand, state=PostState.BY_HAND)
    return by_hand


def tab_of(site, role):
    """One tab a role, kept for all its screens; what it asked for and complained of is forgotten before each."""
    if role not in site.tabs:
        with site.app.app_context():
            site.tabs[role] = tab = site.tab(site.made[f"role {role}"] if role == "chat" else site.made.get(role))
        tab.asked = []
        tab.on("request", lambda request: tab.asked.append(request.url))
    tab = site.tabs[role]
    tab.problems.clear()
    tab.asked.clear()
    return tab


def english_in(tab):
    return re.findall(r"[A-Za-z]{2,}", NAMES.sub(" ", tab.evaluate(WORDS)))


def complaints(tab):
    found = Axe().run(tab).response["violations"]
    return [
        (rule["id"], rule["impact"], node["html"][:120], node["failureSummary"][:160])
        for rule in found
        if rule["impact"] != "minor"
        for node in rule["nodes"]
    ]


def look(tab, size):
    tab.set_viewport_size(size)
    assert tab.evaluate("document.documentElement.scrollWidth") == size["width"], "the page scrolls sideways"
    assert complaints(tab) == []


@pytest.mark.parametrize("screen", SCREENS, ids=[f"{one.endpoint}-{n}" for n, one in enumerate(SCREENS)])
def test_screen(site, screen):
    path = screen.path if isinstance(screen.path, str) else screen.path(site.made)
    tab = tab_of(site, screen.role)
    tab.set_viewport_size(PHONE)
    answer = tab.goto(site.address + path)
    assert answer.status == screen.status
    look(tab, PHONE)
    look(tab, DESK)
    assert english_in(tab) == []
    assert tab.locator("h1").count() == 1
    assert re.fullmatch(r".+ — Звонок", tab.title())
    assert [url for url in tab.asked if not url.startswith((site.address, "data:"))] == []
    assert [words for words in tab.problems if f"status of {screen.status}" not in words] == []


def test_every_page_stands_in_the_table(site):
    pages = {rule.endpoint for rule in site.app.url_map.iter_rules() if "GET" in rule.methods} - NO_SCREEN
    assert pages - {screen.endpoint for screen in SCREENS} == set()
