"""Whether two groups can have a pupil in common. Knows no times: `clashes` asks it for lessons that meet."""

from enum import StrEnum

from scheduler.rules.facts import GroupFacts, GroupPart

TakenApart = frozenset[frozenset[int]]
"""Pairs of group ids that the base timetable itself runs in one hour («так стоит в расписании»)."""

NONE_TAKEN_APART: TakenApart = frozenset()


class Overlap(StrEnum):
    """`ASSUMED_APART` rests on the base timetable alone, `UNKNOWN` on a club without a list: both only warn."""

    YES = "yes"
    NO = "no"
    ASSUMED_APART = "assumed_apart"
    UNKNOWN = "unknown"


def groups_overlap(one: GroupFacts, other: GroupFacts, *, taken_apart: TakenApart = NONE_TAKEN_APART) -> Overlap:
    """By common pupils where both lists are known; else by classes and divisions, then by the base timetable.

    An empty list says nothing. A club without a list may hold any pupil of its classes.
    """
    if one.id == other.id:
        return Overlap.YES
    if one.members and other.members:
        return Overlap.NO if one.members.isdisjoint(other.members) else Overlap.YES
    if not _may_share_a_pupil(one, other):
        return Overlap.NO
    if taken_apart and frozenset((one.id, other.id)) in taken_apart:
        return Overlap.ASSUMED_APART
    if _is_club_without_list(one) or _is_club_without_list(other):
        return Overlap.UNKNOWN
    return Overlap.YES


def _is_club_without_list(group: GroupFacts) -> bool:
    return group.is_club and not group.members


def _may_share_a_pupil(one: GroupFacts, other: GroupFacts) -> bool:
    return any(
        mine.class_id == theirs.class_id and not _are_different_parts(mine, theirs)
        for mine in one.parts
        for theirs in other.parts
    )


def _are_different_parts(one: GroupPart, other: GroupPart) -> bool:
    return one.division_id is not None and one.division_id == other.division_id and one.part != other.part
