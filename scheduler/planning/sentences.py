"""The sentence templates of the findings, one a rule code; what fills them is chosen in `words`."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

SENTENCES: dict[str, LazyString] = {
    "CLASH_TEACHER": _("This time is taken. %(teacher)s: %(other)s."),
    "CLASH_GROUP": _("This time is taken for the pupils: %(other)s."),
    "CLASH_GROUP_ASSUMED_APART": _(
        "At the same time: %(other)s. The timetable itself runs these groups in one hour, so they are taken "
        "to have no pupil in common; please check."
    ),
    "CLASH_CLUB": _(
        "At the same time: %(other)s. One of the groups has no list of pupils: somebody may be expected at both."
    ),
    "CLASH_ROOM": _("The room is taken at this time: %(other)s."),
    "CLASH_CALL": _("The room of calls or the call in the chat is taken at this time: %(other)s."),
    "DAY_START_MIN": _("%(where)s: %(title)s begins at %(at)s. Not earlier than %(limit)s (%(source)s)."),
    "DAY_END_MAX": _("%(where)s: %(title)s ends at %(at)s. Not later than %(limit)s (%(source)s)."),
    "REMOTE_DAY_END_MAX": _(
        "%(where)s: %(title)s ends at %(at)s. Remote lessons end not later than %(limit)s (%(source)s)."
    ),
    "ZERO_LESSON_BAN": _(
        "%(where)s: %(title)s stands before the first lesson. There must be no lesson number nought (%(source)s)."
    ),
    "THREE_SHIFT_BAN": _("%(class)s: learns in shift %(shift)s. A third shift is not allowed (%(source)s)."),
    "FIRST_SHIFT_ONLY": _(
        "%(class)s: learns in shift %(shift)s. This class may learn in the first shift only (%(source)s)."
    ),
    "G1_FIVE_DAY": _("%(where)s: lessons on Saturday. Grade 1 learns five days a week (%(source)s)."),
    "LESSON_MAX": _("%(where)s: %(title)s lasts %(minutes)s min. A lesson is %(limit)s min at most (%(source)s)."),
    "LESSON_MAX_G1_H1": _(
        "%(where)s: %(title)s lasts %(minutes)s min. From September to December a lesson of grade 1 is "
        "%(limit)s min at most (%(source)s)."
    ),
    "LESSON_MAX_G1_H2": _(
        "%(where)s: %(title)s lasts %(minutes)s min. From January a lesson of grade 1 is %(limit)s min at "
        "most (%(source)s)."
    ),
    "LESSON_MAX_OVZ": _(
        "%(where)s: %(title)s lasts %(minutes)s min. A lesson of this class is %(limit)s min at most (%(source)s)."
    ),
    "REMOTE_LESSON_MAX": _(
        "%(where)s: %(title)s lasts %(minutes)s min. A remote lesson is %(limit)s min at most (%(source)s)."
    ),
    "LESSONS_DAY": _("%(where)s: lessons on this day: %(count)s, at most %(limit)s (%(source)s)."),
    "LESSONS_DAY_TWICE": _(
        "%(where)s: lessons on this day: %(count)s. One lesson above %(limit)s, with physical education, is "
        "allowed once a week, and %(used_on)s has it already (%(source)s)."
    ),
    "G1_STEPPED": _(
        "%(where)s: lessons on this day: %(count)s. In this month grade 1 has %(limit)s at most (%(source)s)."
    ),
    "WEEK_LOAD_5D": _(
        "%(class)s, week of %(week)s: lessons: %(count)s, at most %(limit)s in a five-day week (%(source)s)."
    ),
    "WEEK_LOAD_6D": _(
        "%(class)s, week of %(week)s: lessons: %(count)s, at most %(limit)s in a six-day week (%(source)s)."
    ),
    "EXTRACURRICULAR_WEEK": _(
        "%(class)s, week of %(week)s: hours of extracurricular activities: %(count)s, at most %(limit)s (%(source)s)."
    ),
    "LIGHT_DAY": _(
        "%(class)s, week of %(week)s: no lighter day. Wednesday or Thursday should have fewer lessons (%(source)s)."
    ),
    "BREAK_MIN": _(
        "%(where)s: between %(title)s and %(other_title)s there are %(minutes)s min. A break is %(limit)s min"
        " at least (%(source)s)."
    ),
    "BIG_BREAK": _(
        "%(where)s: no big break, the longest is %(minutes)s min. After lesson 2 or 3 there should be "
        "%(limit)s min, or two such breaks on the day (%(source)s)."
    ),
    "GAP_EXTRACURRICULAR": _(
        "%(where)s: between %(other_title)s and %(title)s there are %(minutes)s min. After the last lesson, "
        "activities begin %(limit)s min later at the earliest (%(source)s)."
    ),
    "SCREEN_LESSON": _(
        "%(where)s, %(title)s: %(total)s min of video lesson. For grades %(grades)s the limit is %(limit)s "
        "min a lesson (%(source)s). The video lesson can be shortened to %(fit)s min, the rest is work on "
        "one's own."
    ),
    "SCREEN_DAY": _(
        "%(where)s: %(total)s min of video lessons. For grades %(grades)s the limit is %(limit)s min a day "
        "(%(source)s)."
    ),
    "SCREEN_DAY_USED": _(
        "%(where)s: %(used)s min of video lessons already, %(total)s min with this one. For grades %(grades)s"
        " the limit is %(limit)s min a day (%(source)s)."
    ),
    "SCREEN_DAY_FIT": _(
        "The video lesson can be shortened to %(fit)s min, held as work on one's own, or moved to another day."
    ),
    "SCREEN_DAY_NO_FIT": _("The lesson can be held as work on one's own or moved to another day."),
    "ONLINE_COUNT_DAY": _("%(where)s: video lessons on this day: %(count)s, advised at most: %(limit)s (%(source)s)."),
    "CALLS_IN_A_ROW": _("%(where)s: %(count)s video lessons in a row, at most %(limit)s is better (%(source)s)."),
    "CALL_WITHOUT_TEACHER": _(
        "%(group)s, %(day)s, %(at)s, %(title)s: a video lesson without a teacher, nobody can hold it."
    ),
    "CALL_WITHOUT_WAY": _("%(group)s, %(day)s, %(at)s, %(title)s: %(problem)s"),
    "NO_CALL_LEFT": _("%(where)s: no video lesson is left on this day."),
    "REMOTE_GAP": _(
        "%(where)s: between the remote lesson %(title)s and %(other_title)s in person there are %(minutes)s "
        "min, the way needs %(limit)s (%(source)s). The remote lesson can stand first or last, be joined "
        "together in a room, or be moved."
    ),
    "GRADE_UNKNOWN": _(
        "%(class)s: nobody stated the grade, so the class is held to the norms of grades %(grade)s. State it "
        "on the page of the class."
    ),
    "PACK_EXPIRED": _(
        "The rule pack %(title)s is valid until %(valid_to)s: check what is in force now. Meanwhile its "
        "figures go on being checked."
    ),
}
