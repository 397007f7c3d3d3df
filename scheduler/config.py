"""Every setting of an installation, read once from the environment and checked; nobody else reads the environment."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

DEFAULT_PORT = 8000
DEFAULT_SANDBOX_PORT = 8010
DEMO_MAX_TOKEN = "sandbox-max-token"  # noqa: S105 - the published token of the local sandbox
DEMO_VK_TOKEN = "sandbox-vk-user-token"  # noqa: S105 - likewise


class ConfigError(ValueError):
    """A setting that cannot be used; the sentence says what to write instead."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The installation's settings; `docs/operations.md` has a heading for each."""

    instance: Path
    root: Path
    database_url: str
    redis_url: str | None
    port: int
    sandbox_port: int
    host: str
    public_url: str
    secret_key: str
    max_api_url: str
    max_token: str
    max_ca_bundle: str | None
    vk_api_url: str
    vk_token: str
    clock_offset: float | None
    web_workers: int
    long_polling: bool
    trusted_proxies: int = 0

    @property
    def is_sandboxed(self) -> bool:
        """Whether the messenger is the local stand-in: only then may the clock be shifted."""
        return is_local(self.max_api_url)

    @property
    def has_bot(self) -> bool:
        """Whether the environment names a bot that the messenger knows: the sandbox's own opens nothing elsewhere."""
        return self.is_sandboxed or self.max_token != DEMO_MAX_TOKEN

    @property
    def has_call_token(self) -> bool:
        """Whether the environment names a person's token for making calls, or the sandbox takes its own."""
        return is_local(self.vk_api_url) or self.vk_token != DEMO_VK_TOKEN

    @property
    def is_secure(self) -> bool:
        return self.public_url.startswith("https://")


def is_local(url: str) -> bool:
    """Whether an address stays on this machine."""
    return urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Settings from `environ`; raises ConfigError with a sentence that names the variable."""
    instance = Path(environ.get("SCHEDULER_INSTANCE") or "instance").absolute()
    instance.mkdir(parents=True, exist_ok=True)
    port = _whole(environ, "PORT", DEFAULT_PORT)
    sandbox_port = _whole(environ, "SANDBOX_PORT", DEFAULT_SANDBOX_PORT)
    sandbox = f"http://127.0.0.1:{sandbox_port}"
    settings = Settings(
        instance=instance,
        root=Path(__file__).resolve().parent.parent,
        database_url=_database_url(environ.get("DATABASE_URL") or f"sqlite:///{instance / 'scheduler.sqlite3'}"),
        redis_url=environ.get("REDIS_URL") or None,
        port=port,
        sandbox_port=sandbox_port,
        host=environ.get("HOST") or "127.0.0.1",
        public_url=_address(environ, "PUBLIC_URL", f"http://127.0.0.1:{port}"),
        secret_key=environ.get("SECRET_KEY") or kept_secret(instance / "secret_key"),
        max_api_url=_address(environ, "MAX_API_URL", f"{sandbox}/max"),
        max_token=environ.get("MAX_TOKEN") or DEMO_MAX_TOKEN,
        max_ca_bundle=_existing_file(environ, "MAX_CA_BUNDLE"),
        vk_api_url=_address(environ, "VK_API_URL", f"{sandbox}/vk"),
        vk_token=environ.get("VK_TOKEN") or DEMO_VK_TOKEN,
        clock_offset=_seconds(environ, "SCHEDULER_CLOCK_OFFSET"),
        web_workers=_whole(environ, "WEB_WORKERS", 1),
        long_polling=environ.get("MAX_LONG_POLLING", "") not in ("0", "no"),
        trusted_proxies=_whole(environ, "TRUSTED_PROXIES", 1) if environ.get("TRUSTED_PROXIES", "0") != "0" else 0,
    )
    if settings.clock_offset and not settings.is_sandboxed:
        msg = "SCHEDULER_CLOCK_OFFSET is for demonstrations: unset it, or point MAX_API_URL at the sandbox"
        raise ConfigError(msg)
    return settings


def kept_secret(path: Path) -> str:
    """A secret made once and kept in the instance folder, readable by its owner alone."""
    if not path.exists():
        path.touch(mode=0o600, exist_ok=True)
        if not path.read_text():
            path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()


def _whole(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isdigit() or not 0 < int(text) < 65536:  # noqa: PLR2004 - the largest port
        raise ConfigError(f"{name}={text!r}: write a whole number between 1 and 65535")
    return int(text)


def _seconds(environ: Mapping[str, str], name: str) -> float | None:
    text = environ.get(name)
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise ConfigError(f"{name}={text!r}: write a number of seconds") from None


def _address(environ: Mapping[str, str], name: str, default: str) -> str:
    text = (environ.get(name) or default).rstrip("/")
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(f"{name}={text!r}: write an address that begins with https:// or http://")
    return text


def _database_url(text: str) -> str:
    for short in ("postgres://", "postgresql://"):
        if text.startswith(short):
            return "postgresql+psycopg://" + text.removeprefix(short)
    if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigError("DATABASE_URL: write sqlite:///… or postgresql://…")
    return text


def _existing_file(environ: Mapping[str, str], name: str) -> str | None:
    text = environ.get(name)
    if text and not Path(text).is_file():
        raise ConfigError(f"{name}={text!r}: there is no such file")
    return text or None
