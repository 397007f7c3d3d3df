"""The proof of a remote day: what stood in each chat since when, each class's lessons, what failed; paper and table."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler.database import db
from scheduler.models.names import shown_class
from scheduler.models.people import Person
from scheduler.models.remote_day import RemoteDay, RemoteDayState
from scheduler.permissions import Action
from scheduler.reports.progress import Links, Progress, Stand
from scheduler.reports.proof import ChatProof, ClassProof, Event, LessonProof, Proof, proof_of
from scheduler.rules.facts import LessonMode, LessonState
from scheduler.web.access import current_school, get_in_school, requires
from scheduler.web.chat_rows import kind_words
from scheduler.web.csv_file import csv_response
from scheduler.web.formats import local, local_now, stamp, wall
from scheduler.web.remote_state import placed_classes, silence_words
from scheduler.web.remote_words import chats_name, dates_words, links_words, reason_words, stand_words

blueprint = Blueprint("remote_proof", __name__, url_prefix="/remote-days/<int:remote_day_id>")

WATCHERS = (Action.DECLARE_REMOTE_DAY, Action.VIEW_DIRECTOR_PAGES)


@dataclass(frozen=True, slots=True)
class ChatLine:
    """A chat's line: how it stands, and what was delivered there in order of time."""

    name: str
    words: str
    advice: str
    is_right: bool
    is_on_its_way: bool
    events: Sequence[str]


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class's part: what its teacher said, chats it has not, and its lessons with how each stands."""

    name: str
    teachers: str
    said: str
    told: str
    missing: str
    lessons: Sequence[tuple[LessonProof, str]]


@blueprint.get("/proof")
@requires(*WATCHERS)
def show(remote_day_id: int) -> str:
    """The whole of it on one page, made to be printed."""
    day = get_in_school(RemoteDay, remote_day_id)
    school, proof = current_school(), proof_of(db.session(), day)
    return render_template(
        "remote_proof/show.html",
        day=day,
        school=school,
        facts=facts(day, proof, school.timezone),
        chats=[_chat_line(one, school.timezone) for one in proof.chats],
        classes=_class_lines(proof, school.timezone),
        made_at=local_now(school.timezone),
        dates=dates_words(day),
    )


@blueprint.get("/proof.csv")
@requires(*WATCHERS)
def table(remote_day_id: int) -> Response:
    """The same as a table: one line a delivery, a lesson, a class."""
    day = get_in_school(RemoteDay, remote_day_id)
    name = _("Remote day %(day)s", day=day.date_from.isoformat())
    return csv_response(name, _rows(day, proof_of(db.session(), day), current_school().timezone))


def facts(day: RemoteDay, proof: Proof, zone: str) -> list[tuple[str, str]]:
    """What was decided by whom, and the counts, in words."""
    progress = proof.progress
    its_own = {one.said.class_id for one in proof.classes}
    placed = placed_classes([one.said for one in proof.classes], progress) & its_own
    told = sum(one.said.is_told for one in proof.classes)
    return [
        (_("Dates"), dates_words(day)),
        (_("Reason (of the remote day)"), reason_words(day)),
        (_("Order"), day.order_reference or _("not entered yet")),
        (_("Declared"), _by(day.declared_by_id, stamp(local(day.declared_at, zone)))),
        *_taken_back(day, zone),
        (_("Chats that show what they should"), _of(progress.shown, len(proof.chats))),
        *([] if day.state is RemoteDayState.UNDONE else _reached(progress, placed, len(proof.classes), zone)),
        (_("Classes whose families are told"), _of(told, len(proof.classes))),
    ]


def _reached(progress: Progress, placed: Collection[int], classes: int, zone: str) -> list[tuple[str, str]]:
    """What a day in force has come to; once it is taken back, neither links nor placed messages are its own."""
    return [
        (_("Video lessons with a way to join"), _links(progress.links, zone)),
        (_("Classes whose message is placed"), _of(len(placed), classes)),
    ]


def _links(links: Links, zone: str) -> str:
    """How many there are, and why the rest is not there yet."""
    count, why = _of(links.made, links.total), links_words(links, zone)
    return f"{count}. {why}" if why else count


def _of(done: int, total: int) -> str:
    return str(_("%(done)s of %(total)s", done=done, total=total))


def _by(person_id: int | None, at: str) -> str:
    person = db.session.get(Person, person_id) if person_id else None
    return f"{at}, {person.short_name}" if person else at


def _taken_back(day: RemoteDay, zone: str) -> list[tuple[str, str]]:
    if day.state is not RemoteDayState.UNDONE or day.undone_at is None:
        return []
    words = _by(day.undone_by_id, stamp(local(day.undone_at, zone)))
    kept = ngettext("%(num)d lesson stayed as it was", "%(num)d lessons stayed as they were", len(day.kept))
    return [(_("Taken back"), f"{words}; {kept}" if day.kept else words)]


def _chat_line(one: ChatProof, zone: str) -> ChatLine:
    words, advice = stand_words(one.chat, zone)
    events = [event_words(event, zone) for event in one.events]
    if one.refused:
        count = one.refused
        events.append(ngettext("%(num)d attempt failed before", "%(num)d attempts failed", count))
    is_right = one.chat.stand.is_settled
    if one.chat.stand is Stand.SHOWN:
        words = _("placed by hand") if one.events and one.events[-1].verb == "placed" else _("delivered to the chat")
    is_on_its_way = one.chat.stand is Stand.ON_ITS_WAY
    return ChatLine(chats_name([one.chat]), words, advice, is_right, is_on_its_way, events)


def event_words(event: Event, zone: str) -> str:
    """«24 ноября, 6:43:12 — размещено, часть 2»."""
    at = local(event.at, zone)
    verbs: dict[str, str] = {
        "sent": _("posted"),
        "edited": _("edited"),
        "found": _("found in the chat"),
        "placed": _("placed by hand (%(name)s)", name=event.by) if event.by else _("placed by hand"),
    }
    what = _("notice") if event.is_notice else _("part %(number)d", number=event.number) if event.number > 1 else ""
    words = f"{stamp(at)}:{at.second:02d} — {verbs[event.verb]}"
    return f"{words}, {what}" if what else words


def _class_lines(proof: Proof, zone: str) -> list[ClassLine]:
    placed = placed_classes([one.said for one in proof.classes], proof.progress)
    return [_class_line(one, zone, is_placed=one.said.class_id in placed) for one in proof.classes]


def _class_line(one: ClassProof, zone: str, *, is_placed: bool) -> ClassLine:
    kinds = ", ".join(kind_words(kind) for kind in one.missing_chats)
    return ClassLine(
        name=shown_class(one.said.label),
        teachers=", ".join(one.said.teachers),
        said=silence_words(one.said, is_placed=is_placed),
        told=_told_words(one, zone),
        missing=_("there is no chat: %(kinds)s", kinds=kinds) if kinds else "",
        lessons=[(lesson, lesson_words(lesson)) for lesson in one.lessons],
    )


def _told_words(one: ClassProof, zone: str) -> str:
    told = one.said.told
    if told is None or told.counted_at is None:
        return ""
    ways = {
        _("by telephone"): told.by_phone,
        _("through the diary"): told.by_diary,
        _("a note on paper"): told.by_paper,
    }
    otherwise = ", ".join(f"{words} {count}" for words, count in ways.items() if count)
    at = stamp(local(told.counted_at, zone))
    words = _("families told: noted on %(at)s", at=at)
    return f"{words} ({otherwise})" if otherwise else str(words)


def lesson_words(lesson: LessonProof) -> str:
    """How a lesson stands now, beside what the decision set."""
    if lesson.state is LessonState.CANCELLED:
        return str(_("cancelled (of a lesson)"))
    if lesson.state is LessonState.HELD:
        return str(_("held (of a lesson)"))
    if lesson.now is not lesson.mode and lesson.now is LessonMode.IN_PERSON:
        return str(_("back at school"))
    if lesson.now is LessonMode.SELF_STUDY:
        return str(_("on one's own"))
    if not lesson.has_way:
        return lesson.problem or str(_("no way to join yet"))
    return str(_("video lesson, the way to join stands"))


def _rows(day: RemoteDay, proof: Proof, zone: str) -> Iterator[Sequence[object]]:
    yield [_("Section"), _("Class"), _("What"), _("Date"), _("Time"), _("State"), _("Details")]
    for name, value in facts(day, proof, zone):
        yield [_("Decision"), "", name, "", "", value, ""]
    for one in proof.chats:
        yield from _chat_rows(one, zone)
    for line, source in zip(_class_lines(proof, zone), proof.classes, strict=True):
        yield [_("Class"), line.name, line.teachers, "", "", line.said or line.told, line.missing]
        for lesson, words in line.lessons:
            times = f"{wall(lesson.start)}–{wall(lesson.end)}"
            title = f"{lesson.title}, {shown_class(lesson.group)}"
            yield [_("Lesson"), line.name, title, lesson.date.isoformat(), times, words, lesson.join_url]
        if not source.lessons:
            yield [_("Lesson"), line.name, _("no remote lessons"), "", "", "", ""]


def _chat_rows(one: ChatProof, zone: str) -> Iterator[Sequence[object]]:
    line = _chat_line(one, zone)
    label = shown_class(one.chat.class_label) if one.chat.class_label else ""
    yield [_("Chat"), label, line.name, "", "", line.words, line.advice]
    for event in one.events:
        at = local(event.at, zone)
        words = event_words(event, zone).split(" — ", 1)[1]
        yield [_("Delivery"), label, line.name, at.date().isoformat(), f"{at:%H:%M:%S}", words, ""]
