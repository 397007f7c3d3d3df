"""What follows when no link came: when to ask again, what stands in, and what a person is told. All of it is pure."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from scheduler.calls.ground import Choice
from scheduler.calls.provider import CallError, Failure
from scheduler.calls.require import OPENS_BEFORE
from scheduler.models.calls import CallState
from scheduler.models.school import CallWay

PATIENCE = 3
"""So many failures that may pass by themselves are borne before a person is told."""

_FIRST_PAUSE = {Failure.THROTTLE: 1.0, Failure.TRANSIENT: 5.0, Failure.UNKNOWN: 2.0}
_LONGEST_PAUSE = 300.0
_PAUSE_FOR_PERSON = 600.0


@dataclass(frozen=True, slots=True)
class Next:
    """The state after a failure, when to ask again, and the words for the person who must act."""

    state: CallState
    due_at: datetime
    problem: str


def after_failure(
    error: CallError, attempts: int, standing_in: Choice | None, *, now: datetime, starts_at: datetime
) -> Next:
    """Where something stands in, VK is asked again until pupils may come in, so that nobody is parted from the rest.

    Where nothing does, it is asked to the end of the lesson, and a person is told as soon as waiting alone will not
    do: at a failure that needs one, after `PATIENCE` attempts, at the start of the lesson.
    """
    due_at = now + timedelta(seconds=pause(error, attempts))
    problem = words(error.failure, standing_in)
    if standing_in is not None:
        is_late = due_at >= starts_at - OPENS_BEFORE
        return Next(CallState.READY if is_late else CallState.WANTED, due_at, problem)
    is_hopeless = error.failure.needs_person or attempts >= PATIENCE or now >= starts_at
    return Next(CallState.FAILED if is_hopeless else CallState.WANTED, due_at, problem)


def pause(error: CallError, attempts: int) -> float:
    """Seconds until the next attempt, doubling, spread so that many lessons do not ask in one moment."""
    spread = random.uniform(0.75, 1.25)
    if error.retry_after is not None:
        return max(error.retry_after, 1.0) * (spread + 0.25)
    if error.failure not in _FIRST_PAUSE:
        return _PAUSE_FOR_PERSON * spread
    doubled = _FIRST_PAUSE[error.failure] * 2.0 ** min(max(attempts - 1, 0), 10)
    return min(doubled, _LONGEST_PAUSE) * spread


def words(failure: Failure, standing_in: Choice | None) -> str:
    """What happened and what stands in, or what to do."""
    return f"{_happened(failure)} {_meanwhile(standing_in)}"


def _happened(failure: Failure) -> str:
    told = {
        Failure.NO_TOKEN: _("No link was made: no VK token has been entered."),
        Failure.EXPIRED_TOKEN: _("No link was made: VK no longer accepts the token of the school."),
        Failure.NO_RIGHT: _("No link was made: VK does not let the owner of the token start calls."),
        Failure.THROTTLE: _("No link yet: VK asks to wait."),
        Failure.TRANSIENT: _("No link yet: VK does not answer."),
        Failure.UNKNOWN: _("No link yet: the answer of VK was lost."),
        Failure.UNAVAILABLE: _("No link was made: VK has no calls for this school now."),
    }
    return str(told[failure])


def _meanwhile(standing_in: Choice | None) -> str:
    if standing_in is None:
        return str(_("Paste a link for this lesson."))
    if standing_in.way is CallWay.ROOM:
        return str(_("Pupils are led to the standing link."))
    return str(_("Pupils are led to the video call in the class chat."))
