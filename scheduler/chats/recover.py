"""Finds out whether a message stands whose sending had no answer: looks twice among our own, then decides."""

from datetime import timedelta

from scheduler import clock
from scheduler.chats import outcome
from scheduler.chats.connections import messenger_of
from scheduler.chats.job import Job
from scheduler.chats.lease import give_back, held, pause
from scheduler.chats.messenger import DeliveryError, Kind, Messenger, Seen
from scheduler.chats.pace import pace
from scheduler.chats.posts import chat_of, wake_due
from scheduler.database import transaction
from scheduler.models.chats import PostState

LOOKS = 2
# The messenger's clock may be behind ours; marks are never used twice, so looking further back does no harm.
CLOCKS_APART = timedelta(minutes=15)


def look(job: Job) -> None:
    """One look. A second one follows after a pause; only then is the message sent again."""
    if not job.can_read:
        _park_unreadable(job)
        return
    try:
        messenger = messenger_of(job.connection_id)
        own = _own(job, messenger)
        if own:
            if outcome.found(job, own[0]):
                _take_away_copies(own[1:], messenger)
            return
    except DeliveryError as error:
        _not_seen_because(job, error)
        return
    _not_there(job)


def _own(job: Job, messenger: Messenger) -> list[Seen]:
    since = (job.attempted_at or clock.now()) - CLOCKS_APART
    return [seen for seen in messenger.find_own(job.external_id, since) if seen.mark == job.mark]


def _take_away_copies(copies: list[Seen], messenger: Messenger) -> None:
    for copy in copies:
        messenger.delete(copy.message_id)


def _not_there(job: Job) -> None:
    with transaction() as session:
        post = held(session, job.lease)
        if post is None:
            return
        post.looks += 1
        if post.looks < LOOKS:
            pause(session, post, pace().look_pause)
            return
        give_back(post)
        post.looks, post.is_uncertain, post.state = 0, False, PostState.WANTED
        wake_due(session, post)


def _not_seen_because(job: Job, error: DeliveryError) -> None:
    if error.kind is Kind.RIGHTS:
        _park_unreadable(job)
        return
    with transaction() as session:
        post = held(session, job.lease)
        if post is None:
            return
        give_back(post)
        if error.kind is Kind.GONE:
            outcome.park(post, "gone")
        elif error.kind is Kind.AUTH:
            outcome.refuse_connection(session, job)
        else:
            seconds = error.retry_after if error.retry_after is not None else outcome.backoff(post.attempts)
            pause(session, post, max(seconds, pace().look_pause))
    if error.kind is Kind.GONE:
        outcome.close_chat(job.chat_id)


def _park_unreadable(job: Job) -> None:
    """Never sent blindly: a person looks into the chat and says."""
    with transaction() as session:
        post = held(session, job.lease)
        if post is not None:
            give_back(post)
            chat_of(post).can_read = False
            outcome.park(post, "unreadable")
