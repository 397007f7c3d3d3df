"""Rows that fill the addresses of the lessons', chats' and school's screens."""

from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa

from scheduler.database import transaction
from scheduler.models.absence import Absence, AbsenceLesson, AnswerKind
from scheduler.models.chats import Bulletin, BulletinPart, Notice, PostState, Reminder
from scheduler.models.lessons import ChangeRequest, LessonSeries, SeriesDate
from scheduler.models.remote_day import RemoteDay
from scheduler.models.school import Holiday, Term
from scheduler.models.timetable import ImportRun
from scheduler.planning.remote.amending import Amendment, prepare_amendment
from scheduler.planning.remote.declaring import declare_remote_day
from scheduler.planning.remote.preparing import prepare_remote_day
from scheduler.planning.remote.wish import OwnBells, RemoteWish
from scheduler.planning.terms import add_term
from scheduler.rules.facts import LessonMode
from scheduler.web.uploads import Upload, keep_upload
from tests.factories import TUESDAY, add, count, make_lesson

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
FIELDS = {
    "teachers": [], "rooms": [], "mode": "call", "online_minutes": None, "date": "2026-11-24", "start": "13:15:00",
    "end": "13:55:00", "period": 6, "state": "planned", "cancel_reason": "", "offline_task": "",
    "is_joined_together": False, "is_changed_by_person": False,
}  # fmt: skip
POST = {"text": "Алгебра", "buttons": [], "wanted_hash": "wanted", "due_at": NOW}


def lesson(school):
    return {"lesson_id": make_lesson(school, school.algebra_a)}


def request(school):
    lesson_id = make_lesson(school, school.algebra_a, period=3)
    with transaction() as session:
        row = ChangeRequest(school_id=school.id, lesson_id=lesson_id, wish={"period": 2}, asked_at=NOW)
        return {"request_id": add(session, row).id}


def series_date(school):
    with transaction() as session:
        series = add(session, LessonSeries(school_id=school.id, course_id=school.algebra_a, created_at=NOW))
        row = SeriesDate(school_id=school.id, series_id=series.id, date=TUESDAY, skipped_because="Каникулы")
        return {"series_date_id": add(session, row).id}


def chat(school):
    return {"chat_id": school.students_a}


def make_part(school, *, chat_id=None, day=TUESDAY, state=PostState.PARKED, **values):
    with transaction() as session:
        shown = Bulletin(school_id=school.id, chat_id=chat_id or school.students_a, date=day, shown={}, remote_words={})
        add(session, shown)
        row = BulletinPart(school_id=school.id, bulletin_id=shown.id, number=1, **{**POST, **values})
        row.state = state
        return add(session, row).id


def part(school):
    day = date(2026, 12, 1) + timedelta(days=count(Bulletin))
    return {"part_id": make_part(school, day=day)}


def notice(school):
    with transaction() as session:
        row = Notice(school_id=school.id, chat_id=school.students_a, date=TUESDAY, opened_at=NOW, **POST)
        return {"notice_id": add(session, row).id}


def reminder(school):
    with transaction() as session:
        start = time(9, session.scalar(sa.select(sa.func.count(Reminder.id))))  # a chat has one a moment
        row = Reminder(
            school_id=school.id, chat_id=school.students_a, date=TUESDAY, start=start, starts_at=NOW, **POST
        )  # fmt: skip
        return {"reminder_id": add(session, row).id}


def school_class(school):
    return {"class_id": school.class_a}


def holiday(school):
    with transaction() as session:
        row = Holiday(school_id=school.id, name="Каникулы", start=date(2026, 12, 31), end=date(2027, 1, 10))
        return {"holiday_id": add(session, row).id}


def term(school):
    first = date(2030, 9, 1) + timedelta(days=10 * count(Term))
    return {"term_id": add_term(school.id, "Четверть", first, first + timedelta(days=5), actor_id=school.director)}


def remote_day(school):
    with transaction() as session:
        row = RemoteDay(
            school_id=school.id, date_from=TUESDAY, date_to=TUESDAY, text="Мороз −34 °C.", declared_at=NOW,
            class_ids=[school.class_a, school.class_b], declared_by_id=school.director,
        )  # fmt: skip
        return {"remote_day_id": add(session, row).id}


def remote_class(school):
    return {**remote_day(school), "class_id": school.class_a}


def run(school):
    facts = dict.fromkeys(
        ("classes", "teachers", "subjects", "groups", "rooms", "lessons_read", "periods_per_cycle", "unplaced"), 1
    )
    with transaction() as session:
        row = ImportRun(
            school_id=school.id, kind="asc", file_name="a.xml", applied_at=NOW, facts={**facts, "cycle_weeks": 1},
            changes=[],
        )  # fmt: skip
        return {"run_id": add(session, row).id}


def text(_school):
    return {"name": "bulletin"}


def absence(school):
    """Ivanova's lesson of Tuesday went to Kim."""
    lesson_id = make_lesson(school, school.algebra_a, period=6)
    with transaction() as session:
        row = Absence(
            school_id=school.id, person_id=school.ivanova, date_from=TUESDAY, date_to=TUESDAY, decided_at=NOW,
            decided_by_id=school.director,
        )  # fmt: skip
        row.lessons = [
            AbsenceLesson(
                school_id=school.id, lesson_id=lesson_id, answer=AnswerKind.SELF_STUDY, before=FIELDS, after=FIELDS,
                sequence=0,
            )
        ]  # fmt: skip
        return {"absence_id": add(session, row).id}


def upload(school):
    kept = Upload("a.xml", b"<timetable/>")
    return {"token": keep_upload(kept, school_id=school.id, person_id=school.director)}


def remote_plan(school):
    return {"plan_id": prepare_remote_day(school.id, RemoteWish(TUESDAY, TUESDAY)).id}


def amendment(school):
    """A remote day of Tuesday that is to get other bells."""
    make_lesson(school, school.physics_a, day=TUESDAY + timedelta(days=700), mode=LessonMode.IN_PERSON)
    wish = RemoteWish(TUESDAY + timedelta(days=700), TUESDAY + timedelta(days=700))
    row_id = declare_remote_day(school.id, wish).remote_day_id
    return {"plan_id": prepare_amendment(school.id, row_id, Amendment(bells=OwnBells(time(10), 30, 20))).id}


SCREENS = {
    "year.drop_term": term,
    "year.holiday": holiday,
    "year.save_holiday": holiday,
    "year.save_term": term,
    "year.term": term,
    "absences.one": absence,
    "absences.undo": absence,
    "bells.confirm": holiday,
    "bells.remove": holiday,
    "chat_waiting.connect": chat,
    "chat_waiting.disconnect": chat,
    "chats.change": chat,
    "chats.notice_again": notice,
    "chats.notice_placed": notice,
    "chats.one": chat,
    "chats.part_again": part,
    "chats.part_placed": part,
    "chats.reminder_again": reminder,
    "chats.reminder_placed": reminder,
    "classes.change": school_class,
    "classes.one": school_class,
    "classes.replace_calendar": school_class,
    "classes.replace_page": school_class,
    "families.index": school_class,
    "families.keep": school_class,
    "held.mark": lesson,
    "held.unmark": lesson,
    "imports.answer": upload,
    "imports.apply": upload,
    "imports.cells": upload,
    "imports.layout": upload,
    "imports.done": run,
    "imports.drop": upload,
    "imports.look": upload,
    "imports.look_back": run,
    "imports.undo": run,
    "lessons.cancel": lesson,
    "lessons.card": lesson,
    "lessons.decide": lesson,
    "lessons.decide_change": request,
    "lessons.edit": lesson,
    "lessons.link": lesson,
    "lessons.move": lesson,
    "lessons.restore": series_date,
    "placing.placed": chat,
    "remote_progress.give_back": remote_day,
    "remote_changes.change": remote_day,
    "remote_changes.confirm": amendment,
    "remote_changes.look": amendment,
    "remote_changes.prepare": remote_day,
    "remote_days.confirm": remote_plan,
    "remote_days.keep_order": remote_day,
    "remote_days.look": remote_plan,
    "remote_days.move": remote_plan,
    "remote_days.order": remote_day,
    "remote_days.plan": remote_plan,
    "remote_days.search": remote_plan,
    "remote_progress.progress": remote_day,
    "remote_progress.show": remote_day,
    "remote_progress.take": remote_day,
    "remote_progress.undo": remote_day,
    "remote_proof.show": remote_day,
    "remote_proof.table": remote_day,
    "remote_told.one": remote_class,
    "remote_told.say": remote_class,
    "texts.one": text,
    "texts.usual": text,
    "remote_told.sheet": remote_class,
}
