"""The texts that a school may change: what each is for, what it may not leave out, and a sample day to try it on."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from scheduler.chats.lines import LessonLine, LineState
from scheduler.chats.own_texts import LINES, OwnTextError, OwnTexts, ensure_sensible, words_used
from scheduler.chats.rendering import day_words

DAY = date(2026, 11, 24)
CLASS = "7 «А»"
CLASS_URL = "https://zvonok.school.example/t/7a-k3V9"
MY_URL = "https://zvonok.school.example/my"
JOIN_URL = "https://zvonok.school.example/j/k3V9p0Xa"


@dataclass(frozen=True, slots=True)
class TextKind:
    """One text of posts. `needs` are the words in brackets without which the post would not say what it is for."""

    name: str
    title: LazyString
    samples: Callable[[], Sequence[Mapping[str, Any]]]
    needs: AbstractSet[str] = frozenset()
    is_headed: bool = False
    """Whether its first line names class (where there is one) and day."""


def _line(**values: Any) -> LessonLine:
    usual: dict[str, Any] = {
        "lesson_id": 1, "period": 1, "start": time(9), "end": time(9, 30), "title": "Алгебра", "group": "",
        "teachers": "Иванова Е. П.", "way": "link", "is_broadcast": False, "url": JOIN_URL, "task": "§ 12, № 245, 247",
        "materials": "циркуль", "online_minutes": 25,
    }  # fmt: skip
    return LessonLine(**{**usual, **values})


def sample_lines() -> list[LessonLine]:
    """A lesson of every sort that a post can tell of."""
    second = {"period": 2, "start": time(9, 45), "end": time(10, 15), "title": "Английский язык"}
    return [
        _line(),
        _line(lesson_id=2, **second, group="группа 1", teachers="Ким А. С.", online_minutes=None),
        _line(lesson_id=3, **second, group="группа 2", way="self", task="упр. 5, с. 40", online_minutes=None),
        _line(lesson_id=4, period=3, start=time(10, 35), end=time(11, 5), title="Физика", way="chat"),
        _line(lesson_id=5, period=4, title="История", is_broadcast=True),
        _line(lesson_id=6, period=5, title="Биология", together="кабинет 27"),
        _line(lesson_id=7, period=6, title="Химия", state=LineState.CANCELLED),
        _line(lesson_id=8, period=None, title="Хор", state=LineState.MOVED, moved_to=date(2026, 11, 25), teachers=""),
        _line(lesson_id=9, period=7, title="География", state=LineState.RETURNED),
    ]


def _head(**values: Any) -> dict[str, Any]:
    return {"class_name": CLASS, "date": DAY, "class_url": CLASS_URL, "my_url": MY_URL, **values}


def _lessons() -> str:
    lines = sample_lines()
    return "\n".join(OwnTexts().render("slot", lines=some, is_parents=False) for some in (lines[:1], lines[1:3]))


def _frame(**values: Any) -> dict[str, Any]:
    place = "Дистанционно только 1-й и 2-й уроки, остальные уроки в школе."
    return _head(place=place, materials="циркуль", has_remote=True, part="", lessons=_lessons()) | values


def _bulletin() -> Sequence[Mapping[str, Any]]:
    return [_frame(), {**_frame(), "has_remote": False, "lessons": "", "materials": "", "place": ""}]


def _summary() -> Sequence[Mapping[str, Any]]:
    some = _frame(calls=3, first=time(9)) | {"part": "1 из 2"}
    return [some, some | {"calls": 0, "first": None, "has_remote": False}]


def _remote() -> Sequence[Mapping[str, Any]]:
    words = {
        "reason_line": "Актированный день: −34 °C, ветер 3 м/с.",
        "dates_line": "Дистанционные дни — со вторника, 24 ноября, по четверг, 26 ноября.",
        "reception_line": "Если ребёнок уже пришёл в школу, его встретят и одного домой не отпустят.",
        "transport_line": "Школьный автобус не выходит на маршрут.",
        "meals_line": "Продуктовые наборы выдадут позже.",
        "second_shift_line": "Вторая смена тоже учится дома.",
        "class_teacher": "Иванова Е. П.",
        "contact_hours": "с 8:00 до 18:00",
        "school_phone": "8 (000) 000-00-00",
        "scope": "1–11",
        "bells_name": "дистанционное",
        "tasks_deadline": "8:30",
        "tasks_missing": 4,
        "duty_person": "дежурный учитель",
        "order_line": "Приказ № 12.",
        "coordinator": "Петрова О. И.",
    }
    known = _frame(
        **words,
        is_parents=False,
        calls=3,
        self_study=2,
        first=time(9),
        first_start=time(9),
        last_end=time(12),
        part="1 из 2",
    )
    return [known, known | dict.fromkeys(words, "") | {"calls": 0, "first": None}]


def _notice() -> Sequence[Mapping[str, Any]]:
    lines = sample_lines()
    later = replace(lines[0], start=time(10), end=time(10, 30))
    pairs = [(lines[0], later), (lines[1], replace(lines[1], way="chat")), (None, lines[4]), (lines[5], lines[6])]
    pairs += [(lines[3], lines[7]), (lines[2], lines[8]), (lines[0], replace(lines[0], end=time(9, 40)))]
    values = _head(pairs=pairs, more=2, is_cancellation=False, is_parents=False)
    return [values, values | {"pairs": [(lines[0], lines[6])], "more": 0, "is_cancellation": True}]


def _slot() -> Sequence[Mapping[str, Any]]:
    lines = sample_lines()
    shown = [lines[:1], lines[1:3], *([line] for line in lines[3:])]
    return [{"lines": some, "is_parents": number == 0} for number, some in enumerate(shown)]


def _place() -> Sequence[Mapping[str, Any]]:
    known = {"remote": "1-й и 2-й уроки", "has_broadcast": True, "has_together": True, "is_everything": False}
    return [known, known | {"is_everything": True}, known | {"remote": ""}]


def _list() -> Sequence[Mapping[str, Any]]:
    return [{"numbers": [1, 2, 5], "titles": ["Алгебра"]}, {"numbers": [], "titles": ["Алгебра", "Хор"]}]


def _teachers() -> Sequence[Mapping[str, Any]]:
    return [_head(counts="2 видеоурока", has_remote=True), _head(counts="", has_remote=False)]


def _undone() -> Sequence[Mapping[str, Any]]:
    known = {"class_name": CLASS, "date": DAY, "first_start": time(8, 30), "has_calls": False}
    return [known, known | {"has_calls": True}]


def _undone_days() -> Sequence[Mapping[str, Any]]:
    days = [(DAY, time(8, 30)), (DAY + timedelta(days=1), time(9))]
    known = {"class_name": CLASS, "days": days, "has_calls": False}
    return [known, known | {"has_calls": True}]


def _bells() -> Sequence[Mapping[str, Any]]:
    days = [(DAY, time(10), time(13, 40)), (DAY + timedelta(days=1), time(10), time(12, 50))]
    return [_head(days=days[:1]), _head(days=days)]


def _reminder() -> Sequence[Mapping[str, Any]]:
    lines = [line for line in sample_lines() if line.is_call]
    known = _head(start=time(9), lines=lines, is_parents=False)
    return [known, known | {"lines": lines[:1], "is_parents": True}]


KINDS: Mapping[str, TextKind] = {
    kind.name: kind
    for kind in (
        TextKind("bulletin", _l("A day with remote lessons, for a class"), _bulletin, {"lessons"}, is_headed=True),
        TextKind("bulletin_summary", _l("A long day: the first part"), _summary, {"part"}, is_headed=True),
        TextKind("bulletin_part", _l("A long day: the further parts"), _summary, {"lessons", "part"}, is_headed=True),
        TextKind("teachers", _l("A day with remote lessons, for the teachers"), _teachers, {"my_url"}),
        TextKind("notice", _l("A change or a cancellation"), _notice, {"pairs"}, is_headed=True),
        TextKind("remote_students", _l("A remote day, for the pupils"), _remote, {"lessons"}, is_headed=True),
        TextKind("remote_parents", _l("A remote day, for the parents"), _remote, {"class_url"}, is_headed=True),
        TextKind("remote_teachers", _l("A remote day, for the teachers"), _remote, {"my_url"}),
        TextKind("remote_summary", _l("A remote day that is long: the first part"), _remote, {"part"}, is_headed=True),
        TextKind(
            "remote_declared", _l("A remote day where the day was told already"), _remote, {"class_url"}, is_headed=True
        ),
        TextKind("remote_undone", _l("A remote day is taken back"), _undone, {"first_start"}, is_headed=True),
        TextKind(
            "remote_undone_days", _l("Several remote days are taken back"), _undone_days, {"days"}, is_headed=True
        ),
        TextKind("remote_bells", _l("A remote day gets other bells"), _bells, {"days", "class_url"}, is_headed=True),
        TextKind("remote_longer", _l("Remote days go on longer"), lambda: [_head()], {"class_url"}, is_headed=True),
        TextKind("reminder", _l("A reminder before a video lesson"), _reminder, {"lines"}),
        TextKind("reminder_gone", _l("A video lesson that was reminded of and is not held"), _reminder, {"start"}),
        TextKind(LINES, _l("The lines of the lessons"), _slot),
        TextKind("slot", _l("Lessons of one hour together"), _slot, {"lines"}),
        TextKind("place", _l("What is remote and what is at school"), _place),
        TextKind("remote_list", _l("A list of lessons in words"), _list),
        TextKind("counts", _l("How many lessons, for the teachers"), lambda: [{"calls": 2, "self_study": 3}]),
        TextKind("withdrawn", _l("A part that is no longer needed"), lambda: [_head()], is_headed=True),
        TextKind("replaces", _l("The last line of a message that replaces another"), lambda: [{}]),
    )
}


def tried(kind: TextKind, source: str, others: Mapping[str, str]) -> str:
    """The first sample in these words; raises OwnTextError with the line that is to blame.

    All samples are tried, among them those where nothing is remote and where the optional lines are empty.
    """
    ensure_sensible(source)
    missing = sorted(kind.needs - words_used(source))
    if missing:
        raise OwnTextError(_("The text must hold %(word)s.", word="{{ " + missing[0] + " }}"))
    own = OwnTexts({**others, kind.name: source})
    texts = [own.rendered("slot" if kind.name == LINES else kind.name, values) for values in kind.samples()]
    if kind.is_headed and not all(_is_headed(text) for text in texts):
        raise OwnTextError(
            _("The first line must name the class and the day: %(words)s.", words=f"{CLASS}, {day_words(DAY)}")
        )
    return texts[0] if kind.name != LINES else "\n".join(texts)


def _is_headed(text: str) -> bool:
    first = text.split("\n", 1)[0]
    return CLASS in first and day_words(DAY) in first
