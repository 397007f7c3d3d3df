import os
import time

import pytest

from scheduler.sandbox import __main__ as main
from scheduler.sandbox.limits import Buckets
from scheduler.sandbox.markup import parsed
from scheduler.sandbox.settings import OffsetClock, from_environment


@pytest.mark.parametrize(
    ("text", "form", "plain", "marks"),
    [
        ("**а**", None, "**а**", []),
        ("**Алгебра**, 7Б", "markdown", "Алгебра, 7Б", [("strong", 0, 7)]),
        ("*а* ~~б~~ ++в++ ^^г^^ `д*е*`", "markdown", "а б в г д*е*", None),
        ("**а _б_**", "markdown", "а б", [("strong", 0, 3), ("emphasized", 2, 1)]),
        ("[тут](https://a.example)", "markdown", "тут", [("link", 0, 3)]),
        ("[Анна](max://user/5)", "markdown", "Анна", [("user_mention", 0, 4)]),
        ("<b>Алгебра</b> &lt;7Б&gt;", "html", "Алгебра <7Б>", [("strong", 0, 7)]),
        ("<div>а<br>б</div></i><u>", "html", "а\nб", []),
        ("<h1>а</h1><a href='https://a.example'>б</a>", "html", "аб", [("heading", 0, 1), ("link", 1, 1)]),
    ],
)
def test_formatting_becomes_text_and_marks(text, form, plain, marks):
    told, found = parsed(text, form)
    assert told == plain
    if marks is not None:
        assert [(mark["type"], mark["from"], mark["length"]) for mark in found] == marks


def test_bucket_refills():
    buckets = Buckets()
    taken = [buckets.take("a", 20) for _ in range(25)]
    assert taken[:20] == [True] * 20
    assert taken[-1] is False
    time.sleep(0.12)
    assert buckets.take("a", 20) is True


def test_clock_follows_the_file(tmp_path):
    path = tmp_path / "clock_offset"
    clock = OffsetClock(path)
    assert clock.offset() == 0
    path.write_text("86400.5\n")
    assert clock.offset() == 86400.5
    assert abs(clock() / 1000 - time.time() - 86400.5) < 5
    path.write_text("3600")
    os.utime(path, ns=(1, 1))
    assert clock.offset() == 3600
    path.write_text("half")
    assert clock.offset() == 3600
    path.unlink()
    assert clock.offset() == 0


def test_settings_come_from_the_environment(tmp_path):
    told = from_environment({"SCHEDULER_INSTANCE": str(tmp_path / "instance")})
    assert (told.port, told.public_url, told.max_token) == (8010, "http://127.0.0.1:8010", "sandbox-max-token")
    assert told.state_path == tmp_path / "instance" / "sandbox.sqlite3"
    env = {"SCHEDULER_INSTANCE": str(tmp_path), "SANDBOX_PORT": "9000", "SCHEDULER_CLOCK_OFFSET": "60"}
    told = from_environment({**env, "MAX_TOKEN": "mine", "SANDBOX_PUBLIC_URL": "https://demo.example/"})
    assert (told.port, told.public_url, told.max_token) == (9000, "https://demo.example", "mine")
    assert abs(told.clock() / 1000 - time.time() - 60) < 5


def test_main_serves_what_the_environment_says(tmp_path, monkeypatch):
    seen = {}
    monkeypatch.setenv("SCHEDULER_INSTANCE", str(tmp_path))
    monkeypatch.setenv("SANDBOX_PORT", "8123")
    monkeypatch.setattr(main, "serve", lambda app, **options: seen.update(options, app=app))
    monkeypatch.setattr(main.signal, "signal", lambda *_: None)
    main.main()
    assert (seen["host"], seen["port"]) == ("127.0.0.1", 8123)
