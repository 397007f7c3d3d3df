"""What a form offers beside what is wrong: hours that really work, a room to join in together, fewer minutes."""

from dataclasses import dataclass

from scheduler.database import db
from scheduler.models.timetable import Room
from scheduler.planning.nearest import OfferedHour, Sought, hours_without_way, nearest_hours
from scheduler.planning.preview import Preview
from scheduler.planning.together import room_to_join_in
from scheduler.web.access import current_school_id

GAP = "REMOTE_GAP"


@dataclass(frozen=True, slots=True)
class Offers:
    """`hours` where something blocks; `without_way` and `room` where the way between home and school is too short."""

    hours: tuple[OfferedHour, ...] = ()
    without_way: tuple[OfferedHour, ...] = ()
    room: Room | None = None
    is_searched: bool = False


def offers_for(preview: Preview, sought: Sought) -> Offers:
    """The remedies for what a rehearsal found; each hour was judged before it is offered."""
    session, school_id = db.session(), current_school_id()
    if preview.refusal or preview.is_blocked:
        return Offers(tuple(nearest_hours(session, school_id, sought)), is_searched=True)
    values = preview.values
    if values is None or all(one.rule != GAP for one in preview.findings):
        return Offers()
    return Offers(
        (),
        tuple(hours_without_way(session, school_id, sought)),
        room_to_join_in(session, sought.course_id, values.date, (values.start, values.end), lesson_id=sought.moving),
    )
