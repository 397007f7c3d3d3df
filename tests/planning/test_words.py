import re
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from scheduler.planning.sentences import SENTENCES
from scheduler.planning.words import finding_text
from scheduler.rules import judge as rules_module
from scheduler.rules.clashes import clashes
from scheduler.rules.facts import ClassProfile, Finding, LessonKind, LessonMode, LessonState, Severity
from scheduler.rules.judge import judge_change
from scheduler.rules.norms import judge_class, judge_day, judge_week
from scheduler.rules.packs import load_packs, pack_for
from scheduler.translations import catalog, init_translations
from tests.rules.made import (
    HALF_1,
    MONDAY,
    PACK,
    RULES,
    SATURDAY,
    call,
    club,
    day_of,
    group,
    klass,
    lesson,
    pack_of,
    the,
    week_of,
)  # fmt: skip

RULES_FOLDER = Path(rules_module.__file__).parent
SENTENCE_OF = re.compile(r"LESSONS_DAY_.*|SCREEN_DAY_.*")


@pytest.fixture(autouse=True)
def _in_russian():
    app = Flask(__name__)
    init_translations(app)
    with app.app_context(), force_locale("ru"):
        yield


def rule_codes():
    """Every code in capitals that the rules or their packs name."""
    sources = [*RULES_FOLDER.glob("*.py"), *RULES_FOLDER.glob("packs/*.json")]
    named = {
        code for path in sources for code in re.findall(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"', path.read_text("utf-8"))
    }
    return named - {"SCREEN_DAY"}


def every_finding():
    """At least one finding of each rule, made by the rules themselves."""
    yield from every_clash()
    yield from every_norm_of_a_day()
    week = [*week_of(8, 8, 8, 8, 8), lesson(1, SATURDAY)]
    activities = [
        lesson(8, MONDAY, at=(time(8 + n), time(8 + n, 40)), kind=LessonKind.EXTRACURRICULAR) for n in range(11)
    ]
    pe = week_of(6, 6, is_physical_education=True)
    for lessons, of in ((week, klass(1)), (week, klass(8, days_per_week=6)), (activities, klass()), (pe, klass(3))):
        yield from judge_week(of, lessons, PACK, RULES)
    yield from judge_week(klass(), week_of(5, 5, 5, 5, 5), PACK, RULES)
    expired = pack_for(date(2027, 1, 12), load_packs())
    yield from judge_class(klass(None, shift=3), week, expired, RULES)
    yield from judge_class(klass(9, shift=2), week, PACK, RULES)


def every_clash():
    same = {"teacher_ids": frozenset({5}), "room_ids": frozenset({27}), "join_resource": "chat:1"}
    one = call(1, **same)
    yield from clashes(one, [call(1, **same, state=LessonState.WAITING)])
    yield from clashes(one, [lesson(1, group=club())])
    yield from clashes(one, [lesson(1, group=HALF_1)], taken_apart=frozenset({frozenset({1, HALF_1.id})}))


def every_norm_of_a_day():
    special, october, january = klass(6, profile=ClassProfile.SPECIAL_NEEDS), date(2026, 10, 5), date(2027, 1, 12)
    long = lesson(1, at=(time(7), time(7, 50)), period=0)
    for of in (klass(), special, klass(1)):
        yield from judge_day(of, [long], PACK, RULES)
    yield from judge_day(klass(1), [lesson(1, january, at=(time(9), time(10)))], PACK, RULES)
    yield from judge_day(klass(1), day_of(5, october), PACK, RULES)
    for grade in (1, 3, 6, 8):
        yield from judge_day(klass(grade), day_of(8), PACK, RULES)
    late = time(18), time(18, 50)
    yield from judge_day(klass(), [lesson(at=late, mode=LessonMode.SELF_STUDY)], PACK, RULES)
    yield from judge_day(klass(), [lesson(at=(time(18, 30), time(19, 10)))], PACK, RULES)
    hasty = [lesson(at=(time(9 + n), time(9 + n, 55))) for n in range(4)]
    yield from judge_day(
        klass(), [*hasty, lesson(at=(time(13), time(13, 40)), kind=LessonKind.EXTRACURRICULAR)], PACK, RULES
    )
    for count in (3, 5):
        yield from judge_day(
            klass(), [lesson(count + 1), *(call(hour, minutes=35) for hour in range(1, count + 1))], PACK, RULES
        )


def test_every_rule_code_is_made_and_has_a_russian_sentence():
    said = {finding.rule: finding_text(finding) for finding in every_finding()}

    assert set(said) == rule_codes()
    for rule, text in said.items():
        assert re.search(r"[А-Яа-я]", text), rule
        assert not re.search(r"%\(|None|[A-Za-z]{3,}", text.replace("MAX", "")), f"{rule}: {text}"
        assert not re.search(r"(?<!видео)\bзвон(ок|ка|ке)\b", text), rule


@pytest.mark.parametrize("key", sorted(SENTENCES))
def test_every_sentence_is_translated_with_the_same_values(key):
    with force_locale("en"):
        english = str(SENTENCES[key])
    russian = str(SENTENCES[key])

    assert russian != english
    assert set(re.findall(r"%\(\w+\)s", russian)) <= set(re.findall(r"%\(\w+\)s", english))
    assert catalog("ru").gettext(english) == russian


def test_clash_is_told_with_teacher_subject_class_and_time():
    other = lesson(2, teacher_ids=frozenset({5}), title="Физика", group=group(7, class_id=2, label="7Б"))
    found = the(clashes(call(2, teacher_ids=frozenset({5})), [other]), "CLASH_TEACHER")

    assert finding_text(found, teachers={5: "Ким А. С."}) == (
        "Это время занято. Ким А. С.: Физика, 7 «Б», вторник, 24 ноября, 9:25–10:05."
    )
    assert finding_text(found).startswith("Это время занято. Учитель: Физика")


def test_clash_with_a_waiting_lesson_says_that_it_waits():
    found = the(clashes(call(2), [lesson(2, state=LessonState.WAITING)]), "CLASH_GROUP")

    assert finding_text(found).endswith("9:25–10:05 (ждёт согласия).")


def screen_finding(minutes, *, kept=True):
    before = [call(1)] if kept else []
    wish = call(3, minutes=minutes, id=None)
    found = judge_change(before, [*before, wish], classes={1: klass(7)}, pack_of=pack_of, rules=RULES)
    return the(found, "SCREEN_DAY_SCHOOL")


def test_screen_limit_is_told_with_source_and_with_what_is_left():
    assert finding_text(screen_finding(35)) == (
        "7 «А», вторник, 24 ноября: видеоуроков уже 30 мин, с этим будет 65 мин. "
        "Предел для 5–9 классов — 60 мин в день (СанПиН 1.2.3685-21, табл. 6.8). "
        "Можно сократить видеоурок до 30 мин, провести урок самостоятельно или выбрать другой день."
    )


def test_screen_limit_with_nothing_left_offers_no_minutes():
    found = screen_finding(65, kept=False)
    full = replace(found, params=found.params | {"used": 70, "fit": 0})

    assert "видеоуроков 65 мин" in finding_text(found)
    assert finding_text(full).endswith("Можно провести урок самостоятельно или выбрать другой день.")


def test_rule_whose_source_was_not_read_is_the_schools_own():
    (found,) = judge_day(klass(), [call(1, minutes=30, at=(time(9), time(9, 41)))], PACK, RULES)

    assert finding_text(found) == (
        "7 «А», вторник, 24 ноября: Алгебра — 41 мин. Предел для дистанционного урока — 40 мин (правило вашей школы)."
    )


def test_extra_lesson_used_twice_names_the_first_day():
    week = week_of(6, 6, is_physical_education=True)

    assert "понедельник, 23 ноября" in finding_text(the(judge_week(klass(3), week, PACK, RULES), "LESSONS_DAY_G2_4"))


def test_pack_out_of_date_says_since_when():
    day = date(2027, 1, 12)
    found = the(judge_class(klass(), [call(1, day)], pack_for(day, load_packs()), RULES), "PACK_EXPIRED")

    assert "действует по 31 декабря 2026" in finding_text(found)


def test_finding_of_an_unknown_rule_is_an_error():
    with pytest.raises(KeyError):
        finding_text(Finding("NO_SUCH_RULE", Severity.INFO))
