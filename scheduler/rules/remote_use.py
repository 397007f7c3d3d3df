"""What becomes of a lesson on a remote day by its subject: in the mix, work on one's own, a short call, or dropped."""

from enum import StrEnum

from scheduler.rules.difficulty import makes_sense_by_video
from scheduler.rules.facts import LessonFacts, LessonKind

SHORT_CALL_MINUTES = 15


class RemoteUse(StrEnum):
    """`AS_OTHERS` takes part in the mix like any lesson; `SHORT_CALL` is for activities."""

    AS_OTHERS = "as_others"
    SELF_STUDY = "self_study"
    SHORT_CALL = "short_call"
    DROPPED = "dropped"


OF_LESSONS = (RemoteUse.SELF_STUDY, RemoteUse.AS_OTHERS, RemoteUse.DROPPED)
OF_ACTIVITIES = (RemoteUse.DROPPED, RemoteUse.SELF_STUDY, RemoteUse.SHORT_CALL)


def use_of(
    lesson: LessonFacts, stated: RemoteUse | None, *, subjects: RemoteUse | None, activities: RemoteUse
) -> RemoteUse:
    """What becomes of one lesson.

    `stated` is the subject's own default; `subjects` is said once for all subjects that make no sense by video and
    goes before it; `activities` holds for extracurricular hours of which nothing is stated.
    """
    if lesson.kind is not LessonKind.LESSON:
        return stated or activities
    usual = stated or usual_use(lesson.subject_name, is_physical_education=lesson.is_physical_education)
    return usual if usual is RemoteUse.AS_OTHERS else subjects or usual


def usual_use(subject: str, *, is_physical_education: bool) -> RemoteUse:
    """Of a subject of which the school stated nothing."""
    by_video = makes_sense_by_video(subject) and not is_physical_education
    return RemoteUse.AS_OTHERS if by_video else RemoteUse.SELF_STUDY
