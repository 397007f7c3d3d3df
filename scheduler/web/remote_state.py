"""What changes on the page of a remote day: counts, what is open and who mends it, which classes have said nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler.database import db
from scheduler.models.names import shown_class
from scheduler.models.remote_day import RemoteDay
from scheduler.permissions import Action
from scheduler.reports.duties import Duties, Keeper, duties_of, names_of
from scheduler.reports.progress import ORDER, ChatStand, Links, Progress, Stand, progress_of
from scheduler.reports.told import ClassSaid, classes_said
from scheduler.web.access import current_person, visitor_may
from scheduler.web.chat_rows import reaches
from scheduler.web.remote_words import chats_name, dates_of, links_words, stand_words

PLACEABLE = (Stand.BY_HAND, Stand.PARKED, Stand.UNCONNECTED)


@dataclass(frozen=True, slots=True)
class ChatLine:
    """A chat, or the chats of one class that wait for the same hands; strength is bad, soft or done."""

    chats: Sequence[ChatStand]
    name: str
    words: str
    advice: str
    strength: str
    may_place: bool = False
    may_take: bool = False
    is_taken: bool = False

    @property
    def stand(self) -> Stand:
        return self.chats[0].stand

    @property
    def is_sending(self) -> bool:
        return self.stand is Stand.ON_ITS_WAY and not any(chat.problem for chat in self.chats)


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class about which something is not said yet: its teachers, and whether the visitor may say it."""

    class_id: int
    name: str
    teachers: str
    words: str
    may_say: bool


@dataclass(frozen=True, slots=True)
class StateView:
    """The whole of it; `open` has the worst first."""

    shown: int
    chats: int
    links: Links
    links_words: str
    told: int
    placed: int
    classes: int
    open: Sequence[ChatLine]
    done: Sequence[ChatLine]
    silent: Sequence[ClassLine]
    is_settled: bool

    @property
    def waiting(self) -> list[ChatLine]:
        """What waits for a person, or does not get through."""
        return [line for line in self.open if not line.is_sending]

    @property
    def sending(self) -> list[ChatLine]:
        """What is on its way and needs nobody."""
        return [line for line in self.open if line.is_sending]


def state_of(day: RemoteDay, zone: str) -> StateView:
    """A decision as it stands now, read in five queries however many chats it has."""
    session = db.session()
    progress, said = progress_of(session, day), classes_said(session, day)
    duties, dates = duties_of(session, day.school_id, remote_day_id=day.id), dates_of(day)
    placed = placed_classes(said, progress)
    opened = [chat for chat in progress.chats if not chat.stand.is_settled]
    return StateView(
        shown=progress.shown,
        chats=len(progress.chats),
        links=progress.links,
        links_words=links_words(progress.links, zone),
        told=sum(one.is_told for one in said),
        placed=sum(one.class_id in placed for one in said),
        classes=len(said),
        open=sorted(_open(opened, duties, dates, zone), key=lambda line: ORDER[line.stand]),
        done=[_line([chat], (), zone) for chat in progress.chats if chat.stand.is_settled],
        silent=[_class_line(one, is_placed=one.class_id in placed) for one in said if not _is_done(one, placed)],
        is_settled=progress.is_settled,
    )


def placed_classes(said: Sequence[ClassSaid], progress: Progress) -> frozenset[int]:
    """The classes whose message stands in their chats: known to the product of all of them, or said by the teacher."""
    return known_classes(progress) | {one.class_id for one in said if one.is_placed}


def known_classes(progress: Progress) -> frozenset[int]:
    """The classes of which every chat is known to show what it should."""
    stands: dict[int, list[bool]] = {}
    for chat in progress.chats:
        if chat.class_id is not None:
            stands.setdefault(chat.class_id, []).append(chat.stand.is_settled)
    return frozenset(class_id for class_id, settled in stands.items() if all(settled))


def _is_done(one: ClassSaid, placed: Collection[int]) -> bool:
    return one.is_told and one.class_id in placed


def silence_words(one: ClassSaid, *, is_placed: bool) -> str:
    """What a class teacher has not said yet, in words; empty where everything is."""
    words = [] if is_placed else [_("the message is not confirmed as placed")]
    if one.told is not None and one.told.not_told:
        count = one.told.not_told
        words.append(ngettext("%(num)d family is not reached", "%(num)d families are not reached", count))
    elif not one.is_told:
        words.append(_("families are not confirmed as told"))
    return ", ".join(words)


def _class_line(one: ClassSaid, *, is_placed: bool) -> ClassLine:
    return ClassLine(
        class_id=one.class_id,
        name=shown_class(one.label),
        teachers=", ".join(one.teachers),
        words=silence_words(one, is_placed=is_placed),
        may_say=may_say_for(one.class_id, one.teacher_ids),
    )


def may_say_for(class_id: int, teacher_ids: Collection[int]) -> bool:
    """Whether the visitor speaks for the class: its teacher, or whoever leads its chats."""
    return current_person().id in teacher_ids or visitor_may(Action.MANAGE_CHAT, class_ids=[class_id])


def _open(chats: Sequence[ChatStand], duties: Duties, dates: Collection[date], zone: str) -> list[ChatLine]:
    """One line a chat; those of one class that wait for the same hands share theirs."""
    groups: dict[tuple[object, ...], list[ChatStand]] = {}
    keepers: dict[int, Sequence[Keeper]] = {}
    for chat in chats:
        keepers[chat.id] = duties.of(chat.id, chat.class_id, dates)
        waits = chat.stand in (Stand.BY_HAND, Stand.UNCONNECTED) and chat.class_id is not None
        key = (chat.class_id, chat.stand, names_of(keepers[chat.id])) if waits else (chat.id,)
        groups.setdefault(key, []).append(chat)
    return [_line(some, keepers[some[0].id], zone) for some in groups.values()]


def _line(chats: Sequence[ChatStand], keepers: Sequence[Keeper], zone: str) -> ChatLine:
    first = chats[0]
    names = names_of(keepers) if first.stand is Stand.BY_HAND else ""
    words, advice = stand_words(first, zone, keepers=names)
    strength = "done" if first.stand.is_settled else "bad" if first.stand is Stand.PARKED else "soft"
    line = ChatLine(chats, chats_name(chats), words, advice, strength)
    if first.stand not in PLACEABLE or not all(reaches(Action.MANAGE_CHAT, one.class_id, one.id) for one in chats):
        return line
    is_own = any(keeper.person_id == current_person().id for keeper in keepers)
    is_taken = is_own and any(keeper.has_taken_over for keeper in keepers)
    return replace(line, may_place=True, may_take=not is_own and first.stand is Stand.BY_HAND, is_taken=is_taken)
