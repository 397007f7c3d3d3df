import json
import logging
import logging.config

import structlog

from scheduler import logs


def fail(token):
    raise OSError(f"the disk is full after {len(token)} letters")


def test_tracebacks_show_no_values_and_stay_off_standard_output(capsys):
    logs.configure()
    try:
        fail("".join(reversed("loohcs-eht-fo-nekot")))
    except OSError:
        structlog.get_logger().exception("sweep_failed")
    told = capsys.readouterr()
    line = json.loads(told.err)
    assert (told.out, line["event"], line["level"]) == ("", "sweep_failed", "error")
    assert "19 letters" in line["exception"]
    assert "token-of-the-school" not in told.err


def test_a_terminal_gets_one_short_line_of_what_asks_for_attention(capsys, monkeypatch):
    monkeypatch.setattr(logs, "is_for_people", lambda: True)
    logs.configure()
    structlog.get_logger().info("call_made", call_id=1)
    structlog.get_logger().warning("post_parked", chat_id=3)
    line = capsys.readouterr().err
    assert line[8:] == " внимание: post_parked (chat_id 3)\n"


def test_the_servers_lines_have_our_shape_without_its_advice_on_threads(capsys):
    logging.config.dictConfig({"version": 1, "disable_existing_loggers": False} | logs.server_config())
    server = logging.getLogger("_granian")
    server.warning("Configuration allows spawning up to 8 Python threads, which seems quite high")
    server.warning("Unexpected exit from worker-1")
    line = json.loads(capsys.readouterr().err)
    server.handlers.clear()
    assert (line["event"], line["level"]) == ("Unexpected exit from worker-1", "warning")
