"""A lesson in the words of a calendar entry; decides what is said, not how iCalendar writes it."""

from enum import StrEnum

from scheduler.calendars.event import EventStatus, LessonEvent
from scheduler.calendars.inputs import LessonInputs
from scheduler.calendars.words import say as _
from scheduler.models.addresses import join_url
from scheduler.models.school import CallWay
from scheduler.rules.facts import LessonKind, LessonMode, LessonState

_MANY_CLASSES = 3


class Wording(StrEnum):
    """`NAMED` says the class too, for those who have several; `_SHOWN` keeps a cancelled lesson in sight."""

    PLAIN = "plain"
    PLAIN_SHOWN = "plain_shown"
    NAMED = "named"
    NAMED_SHOWN = "named_shown"

    @property
    def is_shown(self) -> bool:
        return self in (Wording.PLAIN_SHOWN, Wording.NAMED_SHOWN)

    @property
    def is_named(self) -> bool:
        return self in (Wording.NAMED, Wording.NAMED_SHOWN)


def worded(lesson: LessonInputs, wording: Wording) -> LessonEvent:
    """The lesson as its calendar entry, in the language that is in force."""
    is_cancelled = lesson.state is LessonState.CANCELLED
    summary = _summary(lesson, wording)
    if is_cancelled and wording.is_shown:
        summary = _("Cancelled: %(lesson)s", lesson=summary)
    address = join_url(lesson.join_token) if lesson.mode.is_remote else ""
    return LessonEvent(
        uid=lesson.uid,
        sequence=lesson.sequence,
        changed_at=lesson.changed_at,
        date=lesson.date,
        start=lesson.start,
        end=lesson.end,
        zone=lesson.zone,
        summary=summary,
        description=_description(lesson, address),
        status=EventStatus.CANCELLED if is_cancelled and not wording.is_shown else EventStatus.CONFIRMED,
        is_busy=not is_cancelled,
        join_url=address if lesson.mode.has_call else "",
        join_label=_("Join the video lesson"),
        location=_location(lesson),
        categories=(kind_words(lesson.kind), mode_words(lesson.mode)),
    )


def kind_words(kind: LessonKind) -> str:
    """The kind of a lesson, with a capital."""
    words = {
        LessonKind.LESSON: _("Lesson"),
        LessonKind.EXTRACURRICULAR: _("Extracurricular activity"),
        LessonKind.CONSULTATION: _("Consultation"),
        LessonKind.EVENT: _("Event"),
    }
    return words[kind]


def mode_words(mode: LessonMode) -> str:
    """How the lesson is held, as pages write it beside its sign."""
    words = {
        LessonMode.IN_PERSON: _("at school"),
        LessonMode.BROADCAST: _("broadcast from the classroom"),
        LessonMode.CALL: _("video lesson"),
        LessonMode.SELF_STUDY: _("on one's own"),
    }
    return words[mode]


def _summary(lesson: LessonInputs, wording: Wording) -> str:
    title = ", ".join(filter(None, (lesson.title, lesson.part)))
    if wording.is_named:
        title = f"{audience_words(lesson)}: {title}" if lesson.classes else title
    signs = {LessonMode.BROADCAST: "▶ ", LessonMode.CALL: "▶ ", LessonMode.SELF_STUDY: "✎ "}
    if not lesson.mode.is_remote:
        return title
    return f"{signs[lesson.mode]}{title} — {mode_words(lesson.mode)}"


def audience_words(lesson: LessonInputs) -> str:
    """The classes of a lesson; a private lesson's pupil is not named, for feeds are kept by outside calendars."""
    if lesson.is_private:
        return _("individual lesson")
    if len(lesson.classes) <= _MANY_CLASSES:
        return ", ".join(lesson.classes)
    return _("%(classes)s and others", classes=", ".join(lesson.classes[:_MANY_CLASSES]))


def _description(lesson: LessonInputs, address: str) -> str:
    is_cancelled = lesson.state is LessonState.CANCELLED
    lines = [
        _cancelled_words(lesson.cancel_reason) if is_cancelled else "",
        _("Teacher: %(names)s", names=", ".join(lesson.teachers)) if lesson.teachers else "",
        ""
        if is_cancelled or not lesson.is_joined_together
        else _("Joined together in the room: %(names)s", names=", ".join(lesson.rooms)),
        "" if is_cancelled else _how_to_join(lesson),
        address,
        _("Topic: %(text)s", text=lesson.topic) if lesson.topic else "",
        _("Bring: %(text)s", text=lesson.materials) if lesson.materials else "",
        "" if is_cancelled else _task_words(lesson),
        _("Homework: %(text)s", text=lesson.homework) if lesson.homework else "",
    ]
    return "\n".join(line for line in lines if line)


def _cancelled_words(reason: str) -> str:
    return _("The lesson is cancelled: %(reason)s", reason=reason) if reason else _("The lesson is cancelled.")


def _how_to_join(lesson: LessonInputs) -> str:
    if not lesson.mode.has_call:
        return ""
    if lesson.way is CallWay.IN_CHAT:
        return _("Video call in the pupils' chat of the class; if it does not work:")
    if lesson.mode is LessonMode.BROADCAST:
        return _("For those at home, broadcast from the classroom; join from 10 minutes before:")
    minutes = lesson.online_minutes
    if minutes:
        return _(
            "Video lesson of %(minutes)s minutes, then on one's own; join from 10 minutes before:", minutes=minutes
        )
    return _("Video lesson; join from 10 minutes before:")


def _task_words(lesson: LessonInputs) -> str:
    if not lesson.mode.is_remote or not lesson.offline_task:
        return ""
    if lesson.mode is LessonMode.SELF_STUDY:
        return _("Task: %(text)s", text=lesson.offline_task)
    return _("Without internet: %(text)s", text=lesson.offline_task)


def _location(lesson: LessonInputs) -> str:
    if not lesson.has_place or not lesson.rooms:
        return ""
    joined = ", ".join(lesson.rooms)
    # «Актовый зал» says itself what it is, a bare number does not
    return _("room %(names)s", names=joined) if lesson.rooms[0][:1].isdigit() else joined
