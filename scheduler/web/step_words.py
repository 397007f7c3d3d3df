"""The first steps in words: what each is for, what is done, what comes next, and how many minutes it takes."""

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from scheduler.models.chats import PostState
from scheduler.models.school import School
from scheduler.planning.skipping import StepName
from scheduler.reports.first_steps import FirstPost, Standing
from scheduler.web.formats import day, full_date, local, local_now, stamp, wall
from scheduler.web.sandbox_chats import is_sandboxed, sandbox_token

TITLES = {
    StepName.SCHOOL: _l("School and time zone"),
    StepName.TIMETABLE: _l("The timetable's file"),
    StepName.ROSTER: _l("The list of people"),
    StepName.BELLS: _l("Bells"),
    StepName.BOT: _l("The bot's token"),
    StepName.CHATS: _l("Class chats"),
    StepName.TERM: _l("The timetable on dates"),
    StepName.LESSON: _l("The first remote lesson"),
}
MINUTES = {
    StepName.SCHOOL: 1,
    StepName.TIMETABLE: 2,
    StepName.ROSTER: 1,
    StepName.BELLS: 1,
    StepName.BOT: 1,
    StepName.CHATS: 2,
    StepName.TERM: 1,
    StepName.LESSON: 1,
}
Words = Callable[[School, Standing], str]


def done_words(name: StepName, school: School, standing: Standing) -> str:
    """What stands now."""
    return _DONE[name](school, standing)


def wish_words(name: StepName, school: School, standing: Standing) -> str:
    """What a person is asked to do."""
    return _WISHES[name](school, standing)


def _school(school: School, _standing: Standing) -> str:
    now = wall(local_now(school.timezone))
    return str(_("%(school)s. It is %(time)s there now.", school=school.name.rstrip("."), time=now))


def _timetable(_school: School, standing: Standing) -> str:
    parts = (
        ngettext("%(num)d class", "%(num)d classes", standing.classes),
        ngettext("%(num)d teacher", "%(num)d teachers", standing.teachers),
        ngettext("%(num)d hour", "%(num)d hours", standing.hours),
    )
    words = ", ".join(parts) + "."
    if standing.file and standing.file.findings:
        words += " " + ngettext("%(num)d remark.", "%(num)d remarks.", standing.file.findings)
    return words


def _timetable_wish(_school: School, _standing: Standing) -> str:
    return str(_("aSc Timetables, FET or a table. First you see what was read, and only then apply it."))


def _roster(_school: School, standing: Standing) -> str:
    parts = [ngettext("%(num)d pupil", "%(num)d pupils", standing.students)]
    if standing.parents:
        parts.append(ngettext("%(num)d parent", "%(num)d parents", standing.parents))
    return ", ".join(parts) + "."


def _roster_wish(_school: School, standing: Standing) -> str:
    if StepName.ROSTER in standing.skipped:
        return str(_("Left for later: the file can be loaded at any time."))
    return str(_("A table of pupils by class, with parents if you like. Chats and class pages work without it too."))


def _bells(_school: School, standing: Standing) -> str:
    return str(_("Every lesson of the timetable has its hours; the first begins at %(time)s.", time=_first(standing)))


def _first(standing: Standing) -> str:
    return wall(standing.first_bell) if standing.first_bell else "—"


def _bells_wish(_school: School, standing: Standing) -> str:
    if not standing.hours:
        return str(_("Often they come with the timetable's file."))
    numbers = ", ".join(map(str, standing.without_bells))
    return str(_("Lessons %(numbers)s have no hours yet: write them or load a table.", numbers=numbers))


def _bot(_school: School, _standing: Standing) -> str:
    return str(_("The bot's token is stored."))


def _bot_wish(_school: School, standing: Standing) -> str:
    if StepName.BOT in standing.skipped:
        return str(_("Without a bot: people copy the texts into the chats."))
    if standing.is_refused:
        return str(_("The messenger does not accept the token: enter a new one."))
    if sandbox_token():
        return str(_("This is the practice messenger; its token is %(token)s.", token=sandbox_token()))
    return str(_("The messenger gives it to the school's organisation on its page for partners: business.max.ru."))


def _chats(_school: School, standing: Standing) -> str:
    words = [ngettext("%(num)d chat is connected.", "%(num)d chats are connected.", standing.connected)]
    if standing.found:
        words.append(ngettext("%(num)d more waits.", "%(num)d more wait.", standing.found))
    if standing.without_chat:
        words.append(ngettext("%(num)d class has none.", "%(num)d classes have none.", standing.without_chat))
    return " ".join(words)


def _chats_wish(_school: School, standing: Standing) -> str:
    if standing.found:
        found = ngettext("%(num)d chat is found.", "%(num)d chats are found.", standing.found)
        return str(found + " " + _("Check whose each is: the titles are matched already."))
    if StepName.BOT in standing.skipped:
        return str(_("State which class chats are kept by hand."))
    if is_sandboxed():
        return str(_("Make chats in the practice messenger: the bot is in them and they appear here by themselves."))
    return str(_("Add the bot to the class chats as administrator: they appear here by themselves."))


def _term(_school: School, standing: Standing) -> str:
    till = full_date(standing.published_to).rstrip(".") if standing.published_to else "—"
    return str(_("The timetable is published till %(day)s.", day=till))


def _term_wish(_school: School, _standing: Standing) -> str:
    return str(_("Say from which date to which: the week becomes lessons, and the class pages show them."))


def _lesson(school: School, standing: Standing) -> str:
    post = standing.post
    if post is None or post.posted_at is None:
        return ""
    at = stamp(local(post.posted_at, school.timezone))
    return str(_("The class chat shows %(day)s since %(at)s.", day=day(post.day), at=at))


def _lesson_wish(school: School, standing: Standing) -> str:
    if standing.post is None and standing.hours and not standing.taught:
        return str(_("The timetable names no teachers, and no chat shows a lesson without one: load who teaches what."))
    if standing.post is None:
        return str(_("A free hour, one check, and the class chat shows the lesson."))
    return _post_wish(school, standing.post)


def _post_wish(school: School, post: FirstPost) -> str:
    if post.state is PostState.BY_HAND:
        return str(_("The lesson is booked. Place its text in the chat and press “Placed”."))
    if post.state is PostState.PARKED:
        return str(_("The lesson is booked, but the messenger refused the text: see the chat's page."))
    if post.is_later:
        at = stamp(local(post.due_at, school.timezone))
        return str(_("The lesson is booked. The chat shows it %(at)s, or at once if you wish.", at=at))
    return str(_("The lesson is booked and is being posted now."))


_DONE: dict[StepName, Words] = {
    StepName.SCHOOL: _school,
    StepName.TIMETABLE: _timetable,
    StepName.ROSTER: _roster,
    StepName.BELLS: _bells,
    StepName.BOT: _bot,
    StepName.CHATS: _chats,
    StepName.TERM: _term,
    StepName.LESSON: _lesson,
}
_WISHES: dict[StepName, Words] = {
    StepName.SCHOOL: _school,
    StepName.TIMETABLE: _timetable_wish,
    StepName.ROSTER: _roster_wish,
    StepName.BELLS: _bells_wish,
    StepName.BOT: _bot_wish,
    StepName.CHATS: _chats_wish,
    StepName.TERM: _term_wish,
    StepName.LESSON: _lesson_wish,
}
