"""What the rules say, as sentences: the finding's rule chooses the template, its params fill it. Judges nothing."""

from collections.abc import Callable, Mapping
from datetime import date, time

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from scheduler.models.names import shown_class
from scheduler.planning.sentences import SENTENCES
from scheduler.rules.facts import Finding

_DATE_PATTERNS = {"valid_to": "d MMMM yyyy", "week": "d MMMM"}
_CLASS_NAMES = ("class", "group", "other_group")


def finding_text(finding: Finding, *, teachers: Mapping[int, str] | None = None) -> str:
    """One finding in words, naming its source or «правило вашей школы».

    `teachers` are shown names by person, for clashes; without them the sentence says «Учитель».
    """
    values = {name: _shown(name, value) for name, value in finding.params.items()}
    values["source"] = finding.source or _("your school's own rule")
    values["day"] = _shown("day", finding.day) if finding.day else ""
    values["week"] = _shown("week", finding.day) if finding.day else ""
    values["where"] = ", ".join(part for part in (values.get("class"), values["day"]) if part)
    values["other"] = _other(finding, values)
    values["teacher"] = _teacher(finding, teachers or {})
    return " ".join(str(SENTENCES[key]) % values for key in _sentences(finding))


def short_text(finding: Finding) -> str:
    """The finding as a cell of the week has room for it: «Иванова Е. П. — 9 «В»», «7 уроков — предел»."""
    params = finding.params
    if finding.rule == "CLASH_TEACHER":
        return f"{_teacher(finding, {})}: {_shown('group', params['other_group'])}"
    if finding.rule.startswith("CLASH_"):
        return str(params["other_title"])
    limit = params.get("limit")
    for prefix, make in _SHORT.items():
        if finding.rule.startswith(prefix) and limit is not None:
            return make(_shown("limit", limit))
    return str(_("a norm is broken"))


def _a_day(limit: str) -> str:
    return str(ngettext("%(num)d lesson a day is the limit", "%(num)d lessons a day are the limit", int(limit)))


def _a_week(limit: str) -> str:
    return str(ngettext("%(num)d lesson a week is the limit", "%(num)d lessons a week are the limit", int(limit)))


_SHORT: dict[str, Callable[[str], str]] = {
    "LESSONS_DAY": _a_day,
    "WEEK_LOAD": _a_week,
    "SCREEN_DAY": lambda limit: str(_("%(limit)s min of video a day are the limit", limit=limit)),
    "DAY_END": lambda limit: str(_("not later than %(limit)s", limit=limit)),
    "REMOTE_DAY_END": lambda limit: str(_("not later than %(limit)s", limit=limit)),
    "DAY_START": lambda limit: str(_("not earlier than %(limit)s", limit=limit)),
    "BREAK_MIN": lambda limit: str(_("a break of %(limit)s min at least", limit=limit)),
}


def _sentences(finding: Finding) -> tuple[str, ...]:
    rule, params = finding.rule, finding.params
    if rule.startswith("LESSONS_DAY_"):
        return ("LESSONS_DAY_TWICE" if "used_on" in params else "LESSONS_DAY",)
    if rule in ("SCREEN_DAY_SCHOOL", "SCREEN_DAY_HOME"):
        if "fit" not in params:
            return ("SCREEN_DAY",)
        advice = "SCREEN_DAY_FIT" if params["fit"] else "SCREEN_DAY_NO_FIT"
        return ("SCREEN_DAY_USED" if params["used"] else "SCREEN_DAY", advice)
    return (rule,)


def _shown(name: str, value: object) -> str:
    if isinstance(value, date):
        return str(format_date(value, _DATE_PATTERNS.get(name, "EEEE, d MMMM")))
    if isinstance(value, time):
        return f"{value.hour}:{value.minute:02d}"
    return shown_class(value) if isinstance(value, str) and name in _CLASS_NAMES else str(value)


def _other(finding: Finding, values: Mapping[str, str]) -> str:
    """The lesson that is in the way: «Алгебра, 7 «Б», вторник, 24 ноября, 9:25–10:05»."""
    if "other_start" not in finding.params:
        return ""
    hours = f"{values['other_start']}–{values['other_end']}"
    title, group = values["other_title"], values["other_group"]
    names = (group,) if group.startswith(title) else (title, group)  # a club's group is often named by the club
    said = ", ".join((*names, values["day"], hours))
    return f"{said} {_('(waits for consent)')}" if finding.params["is_waiting"] else said


def _teacher(finding: Finding, teachers: Mapping[int, str]) -> str:
    names = finding.params.get("teachers")
    if names:
        return str(names)
    ids = finding.params.get("teacher_ids")
    known = [teachers[one] for one in ids if one in teachers] if isinstance(ids, tuple) else []
    return ", ".join(known) or _("Teacher")
