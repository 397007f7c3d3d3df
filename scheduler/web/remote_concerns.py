"""What is wrong with a plan, in words and worst first, each with the remedy to tap; it decides nothing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler.models.chats import Chat
from scheduler.models.names import shown_class
from scheduler.planning.remote.concerns import Around
from scheduler.planning.remote.plan import Plan, PlanFinding
from scheduler.planning.remote.preparing import NO_WAY
from scheduler.rules.facts import LessonMode, Severity
from scheduler.web.chat_rows import kind_words
from scheduler.web.remote_words import dates_words

AT_ONCE = 4
"""So many sentences of one kind are told one by one, the rest are counted."""

ADVICE_AT_ONCE = 2
FEWER_AT_ONCE = {"REMOTE_GAP": 1}
"""When a school goes remote in the middle of a day, every class has the same gap: one tells it."""

BAD, SOFT = "bad", "soft"


@dataclass(frozen=True, slots=True)
class Concern:
    """One sentence; the remedy is a page (`path`) or a lesson moved (`move`), or none."""

    strength: str
    text: str
    path: str = ""
    move: str = ""
    remedy: str = ""


def concerns_of(plan: Plan, beside: Around) -> list[Concern]:
    """Everything that needs a look, the worst first."""
    found = [
        *finding_concerns(plan),
        *_without_way(plan),
        *_standing(beside),
        *_chats(beside),
        *_left(plan),
    ]
    return sorted(found, key=lambda one: one.strength != BAD)


def finding_concerns(plan: Plan) -> Iterator[Concern]:
    """What the rules say: some sentences of each kind, the rest counted, so that a whole school stays readable."""
    by_rule: dict[str, list[PlanFinding]] = {}
    for one in plan.findings:
        if one.severity is not Severity.INFO:
            by_rule.setdefault(one.rule, []).append(one)
    for rule, of_rule in by_rule.items():
        most = AT_ONCE if of_rule[0].is_law or rule.startswith("CLASH") else FEWER_AT_ONCE.get(rule, ADVICE_AT_ONCE)
        yield from (_finding(plan, one) for one in of_rule[:most])
        rest = len(of_rule) - most
        if rest > 0:
            strength = BAD if of_rule[0].is_law else SOFT
            yield Concern(strength, ngettext("And %(num)d more like this.", "And %(num)d more like these.", rest))


def _finding(plan: Plan, finding: PlanFinding) -> Concern:
    strength = BAD if finding.is_law or finding.rule.startswith("CLASH") else SOFT
    call = _call_to_spare(plan, finding)
    if call is not None:
        move = f"{call}:{LessonMode.SELF_STUDY.value}"
        return Concern(strength, finding.text, move=move, remedy=_("One of them on one's own"))
    if finding.lesson_ids:
        path = url_for("lessons.card", lesson_id=finding.lesson_ids[0])
        return Concern(strength, finding.text, path=path, remedy=_("Open"))
    return Concern(strength, finding.text)


def _call_to_spare(plan: Plan, finding: PlanFinding) -> int | None:
    """The call that a person may most easily give up: the last of those named, else of the class on that day."""
    named = [row for row in map(plan.by_id.get, finding.lesson_ids) if row is not None]
    of_class = [row for row in plan.rows if row.date == finding.day and set(finding.class_ids) & set(row.class_ids)]
    is_of_screen = finding.rule.startswith(("SCREEN", "ONLINE"))
    calls = [row for row in (named or (of_class if is_of_screen else [])) if row.is_call]
    return max(calls, key=lambda row: (row.date, row.start, row.lesson_id)).lesson_id if calls else None


def _without_way(plan: Plan) -> Iterator[Concern]:
    count = plan.ways.get(NO_WAY, 0)
    if count:
        words = ngettext(
            "%(num)d video lesson has no way to join: its teacher has no room and its class no chat.",
            "%(num)d video lessons have no way to join: their teachers have no room and their classes no chat.",
            count,
        )
        yield Concern(BAD, words, path=url_for("calls.rooms"), remedy=_("Give a room"))
    called = {class_id for row in plan.rows if row.is_call for class_id in row.class_ids}
    silent = len(plan.classes - called)
    if silent:
        words = ngettext(
            "%(num)d class has no video lesson: work on one's own alone.",
            "%(num)d classes have no video lesson: work on one's own alone.",
            silent,
        )
        yield Concern(SOFT, words, path=url_for("calls.rooms"), remedy=_("Give a room"))


def _standing(beside: Around) -> Iterator[Concern]:
    for day in beside.standing:
        words = _(
            "Some of these classes are remote already: %(dates)s. They are left as they are.", dates=dates_words(day)
        )
        yield Concern(SOFT, words, path=url_for("remote_progress.show", remote_day_id=day.id), remedy=_("Open"))


def _chats(beside: Around) -> Iterator[Concern]:
    chats = beside.chats
    yield from (
        Concern(
            SOFT,
            _("The chat %(name)s is not connected: nothing will be posted there.", name=chat_words(chat)),
            path=url_for("chats.one", chat_id=chat.id),
            remedy=_("What to do"),
        )
        for chat in chats.unconnected[:AT_ONCE]
    )
    rest = len(chats.unconnected) - AT_ONCE
    if rest > 0:
        words = ngettext("%(num)d more chat is not connected.", "%(num)d more chats are not connected.", rest)
        yield Concern(SOFT, words, path=url_for("chats.index"), remedy=_("Chats"))
    yield from _by_hand(chats.by_hand)
    if chats.without_chat:
        names = _names([shown_class(row.label) for row in chats.without_chat])
        words = _("Without a chat of pupils or parents: %(names)s.", names=names)
        yield Concern(SOFT, words, path=url_for("chats.index"), remedy=_("Chats"))


def _by_hand(chats: Sequence[Chat]) -> Iterator[Concern]:
    if not chats:
        return
    words = ngettext(
        "%(num)d chat is filled by hand: its administrator gets the ready text.",
        "%(num)d chats are filled by hand: their administrators get the ready texts.",
        len(chats),
    )
    yield Concern(SOFT, words)


def _left(plan: Plan) -> Iterator[Concern]:
    left = plan.left
    if left.without_teacher:
        words = ngettext(
            "%(num)d lesson has no teacher: it stands in no chat.",
            "%(num)d lessons have no teacher: they stand in no chat.",
            left.without_teacher,
        )
        yield Concern(SOFT, words, path=url_for("week.index"), remedy=_("Week"))
    if left.without_bells:
        words = ngettext(
            "%(num)d lesson keeps its usual hour: there are no remote bells for it.",
            "%(num)d lessons keep their usual hours: there are no remote bells for them.",
            left.without_bells,
        )
        yield Concern(SOFT, words, path=url_for("bells.index"), remedy=_("Bells"))
    if left.shared:
        words = ngettext(
            "%(num)d lesson is shared with a class that stays at school: it is left as it is.",
            "%(num)d lessons are shared with classes that stay at school: they are left as they are.",
            left.shared,
        )
        yield Concern(SOFT, words, path=url_for("week.index"), remedy=_("Week"))
    if left.private:
        words = ngettext(
            "%(num)d lesson with a single pupil is left as it is: agree on it with the family.",
            "%(num)d lessons with single pupils are left as they are: agree on them with the families.",
            left.private,
        )
        yield Concern(SOFT, words)


def chat_words(chat: Chat) -> str:
    """«7 «А», родители», else the chat's title."""
    return f"{shown_class(chat.school_class.label)}, {kind_words(chat.kind)}" if chat.school_class else chat.title


def _names(names: Iterable[str]) -> str:
    shown = list(names)
    rest = len(shown) - AT_ONCE
    words = ", ".join(shown[:AT_ONCE])
    return f"{words} {_('and %(num)d more', num=rest)}" if rest > 0 else words
