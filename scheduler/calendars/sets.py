"""Which calendars a feed joins: those of a class, of a teacher, or of the groups that a family's children are in."""

from collections import defaultdict
from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.calendars.inputs import chunks
from scheduler.models.calendars import Calendar, CalendarKind, Feed, FeedKind, feed_calendar
from scheduler.models.classes import Enrollment, GroupMember, GroupPart, Guardianship, StudyGroup

Owner = tuple[CalendarKind, int]


def ensure_calendars(session: Session, school_id: int, owners: Collection[Owner]) -> list[Owner]:
    """Make the calendars that are not there yet, and answer whose they are."""
    known = set[Owner]()
    for kind in CalendarKind:
        for chunk in chunks(owner_id for of_kind, owner_id in owners if of_kind is kind):
            present = sa.select(Calendar.owner_id).where(
                Calendar.school_id == school_id, Calendar.kind == kind, Calendar.owner_id.in_(chunk)
            )
            known |= {(kind, owner_id) for owner_id in session.scalars(present)}
    missing = sorted(set(owners) - known)
    if not missing:
        return []
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = [
        {"school_id": school_id, "kind": kind, "owner_id": owner_id, "revision": 0, "changed_at": clock.now()}
        for kind, owner_id in missing
    ]
    session.execute(insert(Calendar).on_conflict_do_nothing(index_elements=["school_id", "kind", "owner_id"]), rows)
    return missing


def sync_feed(session: Session, feed: Feed) -> None:
    """Make the feed join what it should now; its revision goes up when the set changes."""
    owners = _wanted(session, feed)
    ensure_calendars(session, feed.school_id, owners)
    _join(session, feed, owners)


def _join(session: Session, feed: Feed, owners: Collection[Owner]) -> None:
    wanted = set[int]()
    for kind in {kind for kind, _owner in owners}:
        ids = [owner for of_kind, owner in owners if of_kind is kind]
        condition = (Calendar.school_id == feed.school_id, Calendar.kind == kind, Calendar.owner_id.in_(ids))
        wanted |= set(session.scalars(sa.select(Calendar.id).where(*condition)))
    joined = feed_calendar.c
    present = set(session.scalars(sa.select(joined.calendar_id).where(joined.feed_id == feed.id)))
    if wanted == present:
        return
    session.execute(sa.delete(feed_calendar).where(joined.feed_id == feed.id, joined.calendar_id.in_(present - wanted)))
    added = [{"feed_id": feed.id, "calendar_id": calendar_id} for calendar_id in sorted(wanted - present)]
    if added:
        session.execute(sa.insert(feed_calendar), added)
    feed.revision = Feed.revision + 1  # two changes may let it join their groups at once


def sync_school(session: Session, school_id: int) -> None:
    """Look at every feed of the school again, after an import or a change of who is in which group."""
    query = sa.select(Feed).where(Feed.school_id == school_id, Feed.revoked_at.is_(None)).order_by(Feed.id)
    wanted = [(feed, _wanted(session, feed)) for feed in session.scalars(query).all()]
    # calendars before feeds, as every change takes them
    ensure_calendars(session, school_id, {owner for _feed, owners in wanted for owner in owners})
    for feed, owners in wanted:
        _join(session, feed, owners)


def link_new_groups(session: Session, school_id: int, group_ids: Collection[int]) -> None:
    """Let the feeds of those concerned join groups that have just got their first lesson.

    Only calendars that are there are joined: making others here, with some already locked, would let two changes of
    different weeks wait for each other.
    """
    if not group_ids:
        return
    class_ids = set[int]()
    for chunk in chunks(group_ids):
        class_ids |= set(session.scalars(sa.select(GroupPart.class_id).where(GroupPart.group_id.in_(chunk))))
    pupils = sa.select(Enrollment.person_id).where(Enrollment.class_id.in_(class_ids))
    parents = sa.select(Guardianship.parent_id).where(Guardianship.student_id.in_(pupils))
    concerned = sa.select(Feed).where(
        Feed.school_id == school_id,
        Feed.revoked_at.is_(None),
        sa.or_(
            Feed.class_id.in_(class_ids),
            sa.and_(Feed.kind == FeedKind.PERSON, sa.or_(Feed.person_id.in_(pupils), Feed.person_id.in_(parents))),
        ),
    )
    for feed in session.scalars(concerned.order_by(Feed.id).with_for_update(key_share=True)).all():
        _join(session, feed, _wanted(session, feed))


def _wanted(session: Session, feed: Feed) -> set[Owner]:
    if feed.kind is FeedKind.TEACHER and feed.person_id is not None:
        return {(CalendarKind.TEACHER, feed.person_id)}
    if feed.kind is FeedKind.CLASS and feed.class_id is not None:
        groups = groups_of_class(session, feed.school_id, feed.class_id)
    else:
        groups = groups_of_person(session, feed.school_id, feed.person_id or 0)
    return {(CalendarKind.GROUP, group_id) for group_id in groups}


def groups_of_class(session: Session, school_id: int, class_id: int) -> set[int]:
    """Every group with a part in the class but private ones (design: study group)."""
    return set(
        session.scalars(
            sa.select(GroupPart.group_id)
            .join(StudyGroup, StudyGroup.id == GroupPart.group_id)
            .where(GroupPart.school_id == school_id, GroupPart.class_id == class_id, StudyGroup.is_private.is_(False))
        )
    )


def learners_of(session: Session, school_id: int, person_id: int) -> set[int]:
    """The person, and the children whose parent or guardian they are."""
    children = sa.select(Guardianship.student_id).where(
        Guardianship.school_id == school_id, Guardianship.parent_id == person_id
    )
    return {person_id, *session.scalars(children)}


def groups_of_person(session: Session, school_id: int, person_id: int) -> set[int]:
    """The groups of the person and of the person's children: one feed for the whole family."""
    found = set[int]()
    for learner_id in sorted(learners_of(session, school_id, person_id)):
        found |= _groups_of_pupil(session, school_id, learner_id)
    return found


def _groups_of_pupil(session: Session, school_id: int, pupil_id: int) -> set[int]:
    """Groups whose list names the pupil, and those of the class that have no list and that the pupil may be in.

    A division is settled by the list of any of its groups; where none has a list, all its parts are shown rather
    than a lesson lost. A club or a private group is joined by its list alone.
    """
    listed = set(
        session.scalars(
            sa.select(GroupMember.group_id).where(GroupMember.school_id == school_id, GroupMember.person_id == pupil_id)
        )
    )
    rows = _parts_near(session, school_id, pupil_id)
    own_parts: dict[int, set[str | None]] = defaultdict(set)
    for row in rows:
        if row.division_id is not None and row.group_id in listed:
            own_parts[row.division_id].add(row.part)
    return listed | {row.group_id for row in rows if row.is_open and _may_be_in(row, own_parts)}


def _parts_near(session: Session, school_id: int, pupil_id: int) -> Iterable[sa.Row[*tuple[object, ...]]]:
    has_list = sa.exists().where(GroupMember.group_id == StudyGroup.id)
    is_open = sa.not_(sa.or_(StudyGroup.is_private, StudyGroup.is_club, has_list))
    return session.execute(
        sa.select(GroupPart.group_id, GroupPart.division_id, GroupPart.part, is_open.label("is_open"))
        .join(StudyGroup, StudyGroup.id == GroupPart.group_id)
        .join(Enrollment, Enrollment.class_id == GroupPart.class_id)
        .where(Enrollment.person_id == pupil_id, GroupPart.school_id == school_id)
    ).all()


def _may_be_in(row: sa.Row[*tuple[object, ...]], own_parts: dict[int, set[str | None]]) -> bool:
    known = own_parts.get(row.division_id)
    return row.division_id is None or known is None or row.part in known
