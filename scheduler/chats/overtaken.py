"""What follows for a worker whose lease passed to somebody else while it asked the messenger: one message may stand.

The other one may have found this worker's message by looking and taken it as the post's; then it must stay.
"""

from typing import cast

import structlog
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.chats import outcome
from scheduler.chats.job import Job
from scheduler.chats.messenger import DeliveryError, Messenger, Sent
from scheduler.chats.posts import MODELS, Post, wake_due
from scheduler.database import transaction
from scheduler.models.chats import PostState

log = structlog.get_logger(__name__)


def settle_late_answer(job: Job, sent: Sent, messenger: Messenger) -> None:
    """Keep what the late answer says where it is the only copy; take the message back where another one stands."""
    with transaction() as session:
        post = cast("Post | None", session.get(MODELS[job.lease.kind], job.lease.post_id, with_for_update=True))
        if post is None or post.message_id == sent.message_id:
            if post is not None and job.message_id is not None:
                _edit_again(session, post)
            return
        is_only_copy = post.message_id is None and post.mark == job.mark and post.posted_hash is None
        if is_only_copy and job.message_id is None:
            outcome.stands(session, post, sent.message_id, job.wanted_hash, text=job.text)
            return
    if job.message_id is None:
        _take_back(job, sent.message_id, messenger)


def _edit_again(session: Session, post: Post) -> None:
    """Which of two edits came last is not known: the text is put there once more, and once more after a pause."""
    post.looks = 1
    if post.state is PostState.POSTED:
        post.posted_hash, post.state, post.due_at = outcome.UNSURE, PostState.WANTED, clock.now()
        wake_due(session, post)


def _take_back(job: Job, message_id: str, messenger: Messenger) -> None:
    log.warning("second_copy_taken_back", chat_id=job.chat_id, target=job.mark)
    try:
        messenger.delete(message_id)
    except DeliveryError as error:
        log.warning("second_copy_stays", chat_id=job.chat_id, target=job.mark, answer=error.text)
