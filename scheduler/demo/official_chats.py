"""The official chats of the demo school and who is in them, with a few members whom a check should notice."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from scheduler.demo.blueprint import ChatMemberSpec, ChatSpec, ChatWay, ClassSpec, PersonSpec

_USER_BASE = 100_000
_STRANGER, _NICKNAME, _OTHER_CLASS, _MISSING = range(4)
_BY_HAND_GRADE, _UNCONNECTED_GRADE = 4, 10


def official_chats(
    classes: Sequence[ClassSpec],
    people: Mapping[str, PersonSpec],
    guardians: Sequence[tuple[str, str]],
    staff: Sequence[str],
    chance: random.Random,
) -> tuple[ChatSpec, ...]:
    """The teachers' chat and two of each class: one class's are kept by hand, one class's are not connected yet."""
    users = {key: _USER_BASE + n for n, key in enumerate(people)}
    parents: dict[str, list[str]] = {}
    for parent, child in guardians:
        parents.setdefault(child, []).append(parent)
    ways = _ways(classes)

    def member(key: str) -> ChatMemberSpec:
        return ChatMemberSpec(users[key], _shown_name(people[key]), key)

    found = [ChatSpec("Учителя школы", "teachers", None, ChatWay.SANDBOX, tuple(member(key) for key in staff))]
    for item in classes:
        first_parents = dict.fromkeys(parents[child][0] for child in item.pupils)
        for kind, title, keys in (("students", "ученики", item.pupils), ("parents", "родители", tuple(first_parents))):
            members = tuple(member(key) for key in (item.class_teacher, *keys))
            found.append(ChatSpec(f"{item.label} {title}", kind, item.label, ways[item.label], members))
    return _with_oddities(found, chance)


def _ways(classes: Sequence[ClassSpec]) -> dict[str, ChatWay]:
    ways = dict.fromkeys((item.label for item in classes), ChatWay.SANDBOX)
    for grade, way in ((_BY_HAND_GRADE, ChatWay.BY_HAND), (_UNCONNECTED_GRADE, ChatWay.UNCONNECTED)):
        of_grade = [item.label for item in classes if item.grade == grade]
        if of_grade:
            ways[of_grade[-1]] = way
    return ways


def _shown_name(person: PersonSpec) -> str:
    return f"{person.first_name} {person.last_name}"


def _with_oddities(chats: list[ChatSpec], chance: random.Random) -> tuple[ChatSpec, ...]:
    """A stranger, a nickname, a pupil of another class, a missing pupil: one oddity in each of four pupils' chats."""
    wanted = [n for n, chat in enumerate(chats) if chat.kind == "students" and chat.way is ChatWay.SANDBOX]
    chosen = sorted(chance.sample(wanted, min(4, len(wanted))))
    for oddity, number in enumerate(chosen):
        other = next((chats[n] for n in wanted if n not in chosen), chats[number])
        chats[number] = replace(chats[number], members=_odd(oddity, chats[number].members, other.members))
    return tuple(chats)


def _odd(
    oddity: int, members: tuple[ChatMemberSpec, ...], other: tuple[ChatMemberSpec, ...]
) -> tuple[ChatMemberSpec, ...]:
    if oddity == _STRANGER:
        return (*members, ChatMemberSpec(_USER_BASE - 1, "Доставка обедов", None))
    if oddity == _NICKNAME:
        return (*members[:-1], replace(members[-1], name="Солнечный кот"))
    if oddity == _OTHER_CLASS:
        return (*members, other[-1])
    return members[:-1]
