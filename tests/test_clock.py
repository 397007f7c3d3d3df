from datetime import UTC, date, datetime, time

from scheduler import clock


def seconds_ahead():
    return (clock.now() - datetime.now(UTC)).total_seconds()


def test_now_is_the_true_time_without_an_offset():
    clock.configure(None)
    assert abs(seconds_ahead()) < 5
    assert clock.offset() == 0


def test_fixed_offset_shifts():
    clock.configure(None, 3600)
    assert abs(seconds_ahead() - 3600) < 5


def test_offset_file_is_read_anew_when_it_changes(tmp_path):
    clock.configure(tmp_path)
    assert clock.offset() == 0
    path = tmp_path / clock.OFFSET_FILE
    path.write_text("60")
    assert clock.offset() == 60
    path.write_text("-120.5\n")
    assert clock.offset() == -120.5


def test_local_times_become_instants():
    assert clock.to_utc(date(2026, 11, 24), time(8, 30), "Asia/Kamchatka") == datetime(2026, 11, 23, 20, 30, tzinfo=UTC)
    assert clock.today("Pacific/Kiritimati") >= clock.today("Pacific/Pago_Pago")
