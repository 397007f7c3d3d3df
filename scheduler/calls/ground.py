"""What the choice of a way to join looks at, as frozen values; nothing here reads the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scheduler.models.calls import RoomOwner
from scheduler.models.school import CallWay


@dataclass(frozen=True, slots=True)
class Audience:
    """Who joins one lesson. `whole_class_id` is set where the group is exactly one class, all of it, openly."""

    course_id: int | None = None
    class_ids: tuple[int, ...] = ()
    whole_class_id: int | None = None
    teacher_ids: tuple[int, ...] = ()
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """A standing room as the choice sees it."""

    id: int
    url: str


@dataclass(frozen=True, slots=True)
class Ground:
    """A school's ways to join. `chats` are the connected or by-hand pupils' chats by class."""

    school_way: CallWay
    course_ways: Mapping[int, CallWay] = field(default_factory=dict)
    rooms: Mapping[tuple[RoomOwner, int], Room] = field(default_factory=dict)
    chats: Mapping[int, int] = field(default_factory=dict)
    has_token: bool = False

    def way_of(self, course_id: int | None) -> CallWay:
        """The course's own choice, else the school's."""
        return self.school_way if course_id is None else self.course_ways.get(course_id, self.school_way)


@dataclass(frozen=True, slots=True)
class Choice:
    """The way that was found. Without an address, a chat or `VK` there is none, and `problem` says so in words."""

    way: CallWay
    room_id: int | None = None
    url: str | None = None
    chat_id: int | None = None
    problem: str = ""

    @property
    def resource(self) -> str | None:
        """What two overlapping calls cannot share: «room:7», «chat:12»."""
        if self.room_id is not None:
            return f"room:{self.room_id}"
        return None if self.chat_id is None else f"chat:{self.chat_id}"
