import pytest

from scheduler.config import ConfigError, read_settings


def settings(tmp_path, **env):
    return read_settings({"SCHEDULER_INSTANCE": str(tmp_path), **env})


def test_defaults_are_a_local_demonstration(tmp_path):
    found = settings(tmp_path)
    assert (found.port, found.sandbox_port, found.public_url) == (8000, 8010, "http://127.0.0.1:8000")
    assert (found.is_sandboxed, found.is_secure, found.redis_url) == (True, False, None)
    assert found.database_url == f"sqlite:///{tmp_path / 'scheduler.sqlite3'}"


def test_secret_key_is_made_once_and_kept_to_its_owner(tmp_path):
    first, second = settings(tmp_path).secret_key, settings(tmp_path).secret_key
    assert first == second
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eight"),
        ("PORT", "70000"),
        ("PUBLIC_URL", "school.example"),
        ("DATABASE_URL", "mysql://x"),
        ("MAX_CA_BUNDLE", "/nowhere/ca.pem"),
        ("SCHEDULER_CLOCK_OFFSET", "soon"),
    ],
)
def test_bad_settings_are_refused_by_name(tmp_path, name, value):
    with pytest.raises(ConfigError) as refusal:
        settings(tmp_path, **{name: value})
    assert name in str(refusal.value)


def test_short_postgres_addresses_get_the_driver(tmp_path):
    assert settings(tmp_path, DATABASE_URL="postgres://a/b").database_url == "postgresql+psycopg://a/b"
    assert settings(tmp_path, DATABASE_URL="postgresql://a/b").database_url == "postgresql+psycopg://a/b"


def test_clock_is_not_shifted_outside_demonstrations(tmp_path):
    shifted = {"SCHEDULER_CLOCK_OFFSET": "3600"}
    assert settings(tmp_path, **shifted).clock_offset == 3600
    with pytest.raises(ConfigError):
        settings(tmp_path, MAX_API_URL="https://platform-api2.max.ru", **shifted)


def test_https_is_seen(tmp_path):
    assert settings(tmp_path, PUBLIC_URL="https://school.example/").public_url == "https://school.example"
    assert settings(tmp_path, PUBLIC_URL="https://school.example/").is_secure
