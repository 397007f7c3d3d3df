import json

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
