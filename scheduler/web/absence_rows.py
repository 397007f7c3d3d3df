"""The list of an absence as its page shows it: each lesson with what can become of it, in words; reads only."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler.database import db
from scheduler.models.absence import Absence, AbsenceLesson, AbsenceState, AnswerKind
from scheduler.models.names import shown_class
from scheduler.models.teaching import teachers_line
from scheduler.planning.absences.cases import Case
from scheduler.planning.absences.wish import Answer
from scheduler.planning.nearest import OfferedHour, Sought, nearest_hours
from scheduler.rules.facts import Finding, LessonFacts
from scheduler.rules.substitutes import Substitute
from scheduler.web.formats import day, day_title, wall
from scheduler.web.lesson_choices import group_name

FIRST = 2
FREE, BUSY = 14, 5
HOURS = 4


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One lesson with its answer; `first` are proposed by name, `free` and `busy` stand in a list of others."""

    case: Case
    answer: Answer
    first: tuple[Substitute, ...]
    free: tuple[Substitute, ...]
    busy: tuple[Substitute, ...]
    hours: tuple[OfferedHour, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def is_among_first(self) -> bool:
        """Whether the substitute chosen is one of those proposed by name."""
        return any(one.teacher_id == self.answer.person_id for one in self.first)

    @property
    def words(self) -> str:
        """The answer in words, as the closed line says it."""
        return answer_words(self.answer, self.case)


def rows_of(cases: Sequence[Case], answers: Mapping[int, Answer], last: date) -> list[CaseRow]:
    """The rows in the order of time; hours are looked for only where a lesson is to be moved."""
    taken: set[tuple[date, int]] = set()
    return [_row(case, answers[case.lesson.id], last, taken) for case in cases]


def with_findings(rows: Sequence[CaseRow], findings: Sequence[Finding]) -> list[CaseRow]:
    """Each row with what the rules say about its lesson."""

    def of_row(row: CaseRow) -> CaseRow:
        return replace(row, findings=tuple(one for one in findings if row.case.lesson.id in one.lesson_ids))

    return [of_row(row) for row in rows]


def _row(case: Case, answer: Answer, last: date, taken: set[tuple[date, int]]) -> CaseRow:
    hours: tuple[OfferedHour, ...] = ()
    if answer.kind is AnswerKind.MOVED and case.lesson.course is not None:
        hours = _hours(case, last, taken)
        if answer.day is None and hours:
            answer = replace(answer, day=hours[0].date, period=hours[0].hour.number)
        if answer.day is not None and answer.period is not None:
            taken.add((answer.day, answer.period))
    free = [one for one in case.substitutes if one.is_free]
    busy = [one for one in case.substitutes if not one.is_free]
    return CaseRow(case, answer, tuple(free[:FIRST]), tuple(free[FIRST:FREE]), tuple(busy[:BUSY]), hours)


def _hours(case: Case, last: date, taken: set[tuple[date, int]]) -> tuple[OfferedHour, ...]:
    """The nearest hours that really work, but for those that another lesson of the list takes."""
    lesson = case.lesson
    first = last + timedelta(days=1)
    sought = Sought(lesson.course_id or 0, first, case.mode_on(first)[0], moving=lesson.id)
    offers = nearest_hours(db.session(), lesson.school_id, sought, count=HOURS + len(taken))
    return tuple(one for one in offers if (one.date, one.hour.number) not in taken)[:HOURS]


def why_words(one: Substitute) -> str:
    """What speaks for a substitute, then what is in the way: «ведёт этот предмет, в этот день 3 урока»."""
    parts = [
        _("no lesson at this time") if one.is_free else "",
        _("teaches this subject") if one.knows_subject else "",
        _("teaches this class") if one.knows_class else "",
        _day_words(one.of_day),
        *(_("at this time: %(lesson)s", lesson=_lesson_words(other)) for other in one.clashing),
        _("closed hours: %(why)s", why=one.closed) if one.closed else "",
    ]
    return ", ".join(part for part in parts if part)


def _day_words(of_day: int) -> str:
    if not of_day:
        return str(_("no lessons that day"))
    return str(ngettext("%(num)d lesson that day", "%(num)d lessons that day", of_day))


def _lesson_words(lesson: LessonFacts) -> str:
    whose = _("individual lesson") if lesson.group.is_private else shown_class(lesson.group.label)
    return f"{lesson.title}, {whose}, {wall(lesson.start)}–{wall(lesson.end)}"


def answer_words(answer: Answer, case: Case) -> str:
    """«Замена: Петрова А. И.», «Самостоятельно: § 12»."""
    if answer.kind is AnswerKind.SUBSTITUTE:
        name = next((one.name for one in case.substitutes if one.teacher_id == answer.person_id), "")
        return str(_("Substitute: %(name)s", name=name) if name else _("Choose who stands in."))
    if answer.kind is AnswerKind.MOVED:
        return _moved_words(answer)
    if answer.kind is AnswerKind.SELF_STUDY and answer.task:
        return str(_("On one's own: %(task)s", task=answer.task))
    return kind_words(answer.kind)


def _moved_words(answer: Answer) -> str:
    if answer.day is None:
        return str(_("Choose the hour that the lesson is moved to."))
    return str(_("Moved: %(day)s, lesson %(number)s", day=day(answer.day), number=answer.period))


def kind_words(kind: AnswerKind) -> str:
    """An answer by its name alone."""
    words = {
        AnswerKind.SUBSTITUTE: _("Substitute"),
        AnswerKind.OTHER_TEACHER: _("The other teacher holds it"),
        AnswerKind.SELF_STUDY: _("On one's own"),
        AnswerKind.JOINED: _("Joined with the other group"),
        AnswerKind.MOVED: _("Moved"),
        AnswerKind.CANCELLED: _("Cancelled"),
        AnswerKind.KEPT: _("Stays as it is: pupils work on their own"),
    }
    return str(words[kind])


def decided_words(one: AbsenceLesson, row: Absence) -> str:
    """How a lesson of a decision stands now, for its card: the day where there are several, then what became of it."""
    lesson = one.lesson
    words = [day_title(lesson.date)] if row.date_from != row.date_to and one.answer is not AnswerKind.MOVED else []
    if lesson.id in row.kept:
        words.append(str(_("left as it is: begun, changed since, or the hour is taken")))
    elif row.state is AbsenceState.APPLIED:
        words += _became(one)
    else:
        words.append(teachers_line(lesson))
    text = ". ".join(part for part in words if part)
    return text[:1].upper() + text[1:]


def _became(one: AbsenceLesson) -> list[str]:
    lesson = one.lesson
    if one.answer is AnswerKind.CANCELLED:
        return []  # the card begins with it
    if one.answer is AnswerKind.SUBSTITUTE:
        return [teachers_line(lesson)]
    if one.answer is AnswerKind.MOVED:
        old_day, old_start = date.fromisoformat(one.before["date"]), time.fromisoformat(one.before["start"])
        return [
            str(_("It was: %(old)s. Now: %(new)s", old=_at(old_day, old_start), new=_at(lesson.date, lesson.start)))
        ]
    if one.answer is AnswerKind.SELF_STUDY:
        task = lesson.offline_task
        return [str(_("On one's own: %(task)s", task=task)) if task else kind_words(one.answer)]
    return [kind_words(one.answer), teachers_line(lesson)]


def _at(on: date, start: time) -> str:
    return f"{day(on)}, {wall(start)}"


def choices_for_all(cases: Sequence[Case]) -> list[tuple[str, str]]:
    """What «применить ко всем» offers: only what fits somewhere, then colleagues, those of the subject first."""
    kinds = (AnswerKind.SUBSTITUTE, AnswerKind.JOINED, AnswerKind.SELF_STUDY, AnswerKind.MOVED, AnswerKind.CANCELLED)
    fitting = [kind for kind in kinds if any(case.fits(Answer(kind)) for case in cases)]
    words = {AnswerKind.SUBSTITUTE: _("the best free substitute")}
    found = [(kind.value, words.get(kind) or kind_words(kind).lower()) for kind in fitting]
    able = [one for case in cases for one in case.substitutes if one.is_free]
    free, of_subject = (Counter(one.teacher_id for one in able if one.knows_subject >= least) for least in (0, 1))
    names = {one.teacher_id: one.name for one in able}
    for person_id, count in sorted(free.items(), key=lambda item: (-of_subject[item[0]], -item[1], names[item[0]]))[
        :FREE
    ]:
        lessons = ngettext("free for %(num)d lesson", "free for %(num)d lessons", count)
        found.append((f"substitute:{person_id}", f"{names[person_id]} ({lessons})"))
    return found


def title_of(case: Case) -> str:
    """«Алгебра, 7 «А»»."""
    return f"{case.lesson.shown_title}, {group_name(case.lesson.group)}"
