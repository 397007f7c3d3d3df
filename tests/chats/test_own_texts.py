"""A school's own texts of posts: what is refused with its line, what stands in, and that nothing stops a post."""

import pytest

from scheduler.chats.own_texts import LONGEST_SOURCE, OwnTextError, OwnTexts
from scheduler.chats.rendering import render, usual_source
from scheduler.chats.text_kinds import KINDS, tried
from scheduler.config import read_settings

pytestmark = pytest.mark.usefixtures("sqlite_app")

HEAD = "{{ class_name }}, {{ date | day }}"


def test_every_usual_text_can_be_changed_and_passes_its_own_trial():
    folder = read_settings({}).root / "templates" / "posts"
    assert sorted(KINDS) == sorted(path.stem for path in folder.glob("*.txt"))
    for kind in KINDS.values():
        assert tried(kind, usual_source(kind.name), {})


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "Текст пуст"),
        ("я" * (LONGEST_SOURCE + 1), "не больше 6000"),
        (f"{HEAD}\n{{{{ lessons }}}}\n{{% if place %}}", "Строка 3: скобка"),
        (f"{HEAD}\n{{{{ lessons }}}}\n{{{{ lesson }}}}", "Строка 3: слово в фигурных скобках"),
        (f"{HEAD}\n{{{{ lessons.__class__.__mro__ }}}}", "Строка 2: слово"),
        (f"{HEAD}\n{{{{ lessons * 1000 }}}}", "Строка 2: слово"),
        (f"{HEAD}\n{{{{ '%9999d' % 1 }}}}{{{{ lessons }}}}", "Строка 2: слово"),
        (f"{HEAD}\n{{% for n in range(9) %}}{{{{ lessons }}}}{{% endfor %}}", "Строка 2: слово"),
        (f"{HEAD}\n{{{{ lessons | pprint }}}}", "Строка 2: скобка"),
        (f"{HEAD}" + "{% for a in lessons %}" * 3 + "{% endfor %}" * 3, "Строка 1: повторение"),
        (HEAD, "должно быть {{ lessons }}"),
        ("Здравствуйте!\n{{ lessons }}", "В первой строке должны стоять класс и день"),
        (f"{HEAD}\n{{{{ lessons }}}}\n{{% include '../../etc/passwd' %}}", "слово в фигурных скобках"),
    ],
)
def test_a_text_that_cannot_be_used_is_refused_with_its_line(source, words):
    with pytest.raises(OwnTextError) as refusal:
        tried(KINDS["bulletin"], source, {})
    assert words in refusal.value.text


def test_a_text_that_swells_is_refused():
    source = f"{HEAD}{{{{ lessons }}}}" + "{% for a in lessons %}{{ lessons }}{% endfor %}"
    with pytest.raises(OwnTextError, match="слишком длинным"):
        tried(KINDS["bulletin"], source, {})


def test_an_own_text_is_used_and_its_failure_gives_way_to_the_usual_one():
    values = {"calls": 2, "self_study": 0}
    assert OwnTexts({"counts": "Видео: {{ calls }}"}).render("counts", **values) == "Видео: 2"
    own = OwnTexts({"counts": "Видео:\n{{ call }}"})
    assert own.render("counts", **values) == render("counts", **values) == "2 видеоурока."
    assert own.failed == {"counts": "Строка 2: слово в фигурных скобках неизвестно или здесь не подходит."}


def test_the_own_lines_are_taken_into_the_other_texts():
    lines = KINDS["slot"].samples()[0]
    source = usual_source("lines").replace("видеоурок{{", "урок по видеосвязи{{")
    assert "урок по видеосвязи: https" in OwnTexts({"lines": source}).render("slot", **lines)
    broken = OwnTexts({"lines": "{% macro slot(lines) %}{% endmacro %}"})
    assert broken.render("slot", **lines) == render("slot", **lines)
    assert list(broken.failed) == ["lines"]
