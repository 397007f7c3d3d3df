"""A messenger in memory that behaves as the contract says, with faults on order."""

from dataclasses import dataclass, field
from datetime import datetime

from scheduler import clock
from scheduler.chats.max import _seen
from scheduler.chats.messenger import ChatInfo, DeliveryError, Kind, Rights, Sent


@dataclass
class Message:
    id: str
    chat: int
    text: str
    buttons: list
    loud: bool
    at: datetime
    edits: int = 0
    is_deleted: bool = False

    @property
    def url(self):
        return self.buttons[0][0]["url"]


@dataclass
class Twin:
    """`faults` are raised one a call, oldest first: a Kind, or `after` a Kind once the request took effect.

    `then` is what happens elsewhere between the effect and the answer.
    """

    messages: list = field(default_factory=list)
    faults: list = field(default_factory=list)
    unreadable: bool = False
    calls: list = field(default_factory=list)
    titles: dict = field(default_factory=dict)
    events: list = field(default_factory=list)
    retry_after: float | None = None
    down: bool = False
    then: list = field(default_factory=list)

    def standing(self, chat=None):
        return [m for m in self.messages if not m.is_deleted and chat in (None, m.chat)]

    def texts(self, chat):
        return [m.text for m in self.standing(chat)]

    def _fault(self, verb, *, when):
        if self.down:
            raise DeliveryError(f"{verb}: no answer", kind=Kind.TRANSIENT)
        if when == "after":
            for happen in self.then:
                happen()
        if not self.faults:
            return
        wanted, moment = self.faults[0] if isinstance(self.faults[0], tuple) else (self.faults[0], "before")
        if moment != when:
            return
        self.faults.pop(0)
        if wanted is not None:
            raise DeliveryError(f"{verb}: {wanted}", kind=wanted, retry_after=self.retry_after)

    def send(self, chat, text, buttons, *, loud):
        self.calls.append("send")
        self._fault("send", when="before")
        message = Message(f"m{len(self.messages) + 1}", chat, text, buttons, loud, clock.now())
        self.messages.append(message)
        self._fault("send", when="after")
        return Sent(message.id, message.at)

    def edit(self, message_id, text, buttons):
        self.calls.append("edit")
        self._fault("edit", when="before")
        found = [m for m in self.standing() if m.id == message_id]
        if not found:
            raise DeliveryError("no such message", kind=Kind.MISSING, status=404)
        found[0].text, found[0].buttons = text, buttons
        found[0].edits += 1
        self._fault("edit", when="after")

    def delete(self, message_id):
        self.calls.append("delete")
        for message in self.messages:
            if message.id == message_id:
                message.is_deleted = True

    def find_own(self, chat, since):
        self.calls.append("look")
        self._fault("look", when="before")
        if self.unreadable:
            raise DeliveryError("no right", kind=Kind.RIGHTS, status=403)
        return [_seen(_told(m)) for m in self.standing(chat) if m.at >= since]

    def me(self):
        return 501

    def info(self, chat):
        self._fault("info", when="before")
        return ChatInfo(self.titles.get(chat, "Чат"), 3)

    def rights(self, chat):
        return Rights(is_admin=True, can_read=not self.unreadable)

    def updates(self, marker, *, wait):
        start = marker or 0
        return self.events[start:], len(self.events)

    def subscribe(self, url, secret):
        self.calls.append(f"subscribe {url}")


def _told(message):
    return {"body": {"mid": message.id, "text": message.text, "attachments": [
        {"type": "inline_keyboard", "payload": {"buttons": message.buttons}}]}}  # fmt: skip
