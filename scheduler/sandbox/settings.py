"""What the sandbox reads from its own environment, and its clock. It reads no setting of the product."""

import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

Clock = Callable[[], int]

# Names of the demonstration, accepted by this process alone: they open nothing anywhere else.
DEMO_MAX = "sandbox-max-token"
DEMO_VK_USER = "sandbox-vk-user-token"
DEMO_VK_GROUP = "sandbox-vk-group-token"


class OffsetClock:
    """Milliseconds of Unix time, moved by the demonstration's offset: seconds, in a file read again when it changes."""

    def __init__(self, path: Path, fixed: float | None = None) -> None:
        self._path = path
        self._fixed = fixed
        self._seen = -1
        self._offset = 0.0
        self._lock = threading.Lock()

    def __call__(self) -> int:
        return int((time.time() + self.offset()) * 1000)

    def offset(self) -> float:
        if self._fixed is not None:
            return self._fixed
        with self._lock:
            self._read_again()
            return self._offset

    def _read_again(self) -> None:
        try:
            changed = self._path.stat().st_mtime_ns
            if changed == self._seen:
                return
            self._offset = float(self._path.read_text(encoding="utf-8").strip() or 0)
        except FileNotFoundError:
            changed, self._offset = -1, 0.0
        except ValueError:
            return  # half written just now: the old offset holds until the next look
        self._seen = changed


@dataclass(frozen=True)
class Settings:
    """Everything that can be set. `public_url` empty means: the address under which a request came in;
    `timezone` (an IANA name, for the pages) empty means: the machine's.
    """

    state_path: Path
    clock: Clock
    port: int = 8010
    public_url: str = ""
    max_token: str = DEMO_MAX
    vk_user_token: str = DEMO_VK_USER
    vk_group_token: str = DEMO_VK_GROUP
    limits: bool = True
    timezone: str = ""


def from_environment(env: Mapping[str, str] | None = None) -> Settings:
    """Raises ValueError where a number is none."""
    env = os.environ if env is None else env
    instance = Path(env.get("SCHEDULER_INSTANCE") or "instance")
    instance.mkdir(parents=True, exist_ok=True)
    fixed = env.get("SCHEDULER_CLOCK_OFFSET")
    port = int(env.get("SANDBOX_PORT") or 8010)
    return Settings(
        state_path=instance / "sandbox.sqlite3",
        clock=OffsetClock(instance / "clock_offset", float(fixed) if fixed else None),
        port=port,
        public_url=(env.get("SANDBOX_PUBLIC_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
        max_token=env.get("MAX_TOKEN") or DEMO_MAX,
        vk_user_token=env.get("VK_TOKEN") or DEMO_VK_USER,
        vk_group_token=env.get("VK_GROUP_TOKEN") or DEMO_VK_GROUP,
        timezone=env.get("SANDBOX_TIMEZONE") or "",
    )
